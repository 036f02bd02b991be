internal import ArgumentParser
internal import Identity
internal import Storage
private import Values

/// What a database is encrypted with.
struct SecretsKeyOption: ParsableArguments {
  @Option(
    name: .customLong("secrets-key"),
    help: ArgumentHelp(
      "Keys that the database's pages and the secrets in it are encrypted with: a file of lines of "
        + "64 hexadecimal digits, the newest first; env:NAME for what is in a variable, "
        + "command:PROGRAM for what a program says. A server reads them again on SIGHUP.",
      valueName: "file"))
  var source: String?

  /// None where nothing is given. Throws `Failure`.
  func load() throws -> SealKeys {
    guard let source else { return SealKeys([]) }
    let text = try SecretSource.text(of: source, for: "--secrets-key")
    let keys = text.split(whereSeparator: \.isWhitespace).map { Hex.bytes($0.lowercased()) }
    guard !keys.isEmpty, keys.allSatisfy({ $0?.count == SealKeys.byteCount }) else {
      throw Failure(
        "\(source) holds no keys: expected lines of 64 hexadecimal digits, as of "
          + "`openssl rand -hex 32`")
    }
    return SealKeys(keys.compactMap { $0 })
  }

  /// For a database that is opened with them.
  func pages() throws -> PageProtection { PageProtection(try load().pageKeys) }
}
