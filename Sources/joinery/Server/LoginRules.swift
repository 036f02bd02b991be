internal import ArgumentParser
private import Foundation
internal import Identity
internal import Services
private import Values

/// How people prove who they are, beyond the password, and how often each principal may call.
struct LoginRules: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Who needs a second factor for sensitive methods: those who have added one, or all people "
        + "(added, required).", valueName: "rule"))
  var secondFactor = SecondFactorRule.added

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What becomes of an unusual login of somebody without a second factor: an event alone, or "
        + "an event and a refusal (tell, refuse).", valueName: "rule"))
  var unusualLogin = UnusualRule.tell

  @Option(
    name: .customLong("secrets-key"),
    help: ArgumentHelp(
      "Keys that secrets in the database are encrypted with: lines of 64 hexadecimal digits, the "
        + "newest first.", valueName: "file"))
  var secretsKey: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How often each principal may call methods: OrderService/PlaceOrder=100/1m, "
        + "ReportService/*=1000/1d, *=500/1s; times in s, m, h, d. May be repeated.",
      valueName: "methods=count/time"))
  var rate: [String] = []

  func validate() throws {
    for text in rate where RateLimit(text) == nil {
      throw ValidationError(
        "--rate \(text): expected METHODS=COUNT/TIME, such as OrderService/PlaceOrder=100/1m, "
          + "with methods of this server")
    }
  }

  var rates: [RateLimit] { rate.compactMap { RateLimit($0) } }

  enum UnusualRule: String, ExpressibleByArgument, CaseIterable {
    case tell
    case refuse
  }

  func settings(callers: IdentitySettings.Callers) throws -> IdentitySettings {
    var settings = IdentitySettings(callers: callers, chance: Chance.bytes)
    settings.secondFactor = secondFactor
    settings.distrustsUnusualLogins = unusualLogin == .refuse
    settings.rates = rates
    if let secretsKey { settings.sealKeys = try Self.keys(secretsKey) }
    return settings
  }

  /// Refuses a file that others than its owner may read.
  private static func keys(_ path: String) throws -> SealKeys {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      let mode = attributes[.posixPermissions] as? Int,
      let text = try? String(contentsOfFile: path, encoding: .utf8)
    else { throw Failure("cannot read \(path), which --secrets-key names") }
    guard mode & 0o077 == 0 else {
      throw Failure("others may read the keys in \(path): run `chmod 600 \(path)`")
    }
    let keys = text.split(whereSeparator: \.isWhitespace).map { Hex.bytes($0.lowercased()) }
    guard !keys.isEmpty, keys.allSatisfy({ $0?.count == SealKeys.byteCount }) else {
      throw Failure(
        "\(path) holds no keys: expected lines of 64 hexadecimal digits, as of "
          + "`openssl rand -hex 32`")
    }
    return SealKeys(keys.compactMap { $0 })
  }
}

extension SecondFactorRule: ExpressibleByArgument {}
