internal import ArgumentParser
private import Foundation
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
    let text = try text(of: source)
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

  private func text(of source: String) throws -> String {
    if source.hasPrefix("env:") {
      let name = String(source.dropFirst(4))
      guard let text = ProcessInfo.processInfo.environment[name] else {
        throw Failure("there is no variable \(name), which --secrets-key names")
      }
      return text
    }
    if source.hasPrefix("command:") { return try Self.output(of: String(source.dropFirst(8))) }
    return try Self.content(of: source)
  }

  /// Refuses a file that others than its owner may read.
  private static func content(of path: String) throws -> String {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      let mode = attributes[.posixPermissions] as? Int,
      let text = try? String(contentsOfFile: path, encoding: .utf8)
    else { throw Failure("cannot read \(path), which --secrets-key names") }
    guard mode & 0o077 == 0 else {
      throw Failure("others may read the keys in \(path): run `chmod 600 \(path)`")
    }
    return text
  }

  /// Of a shell's command, such as one that asks a safe for them.
  private static func output(of command: String) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardOutput = output
    do { try process.run() } catch { throw Failure("cannot run \(command): \(error)") }
    let bytes = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure("the program that --secrets-key names ended with \(process.terminationStatus)")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
