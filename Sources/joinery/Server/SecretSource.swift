private import Foundation

/// Where a secret is that a setting names: a file for its owner alone, `env:NAME` for what is in a
/// variable, `command:PROGRAM` for what a program says.
enum SecretSource {
  /// Its text as it is; `option` is for messages. Throws `Failure`.
  static func text(of source: String, for option: String) throws -> String {
    if source.hasPrefix("env:") {
      let name = String(source.dropFirst(4))
      guard let text = ProcessInfo.processInfo.environment[name] else {
        throw Failure("there is no variable \(name), which \(option) names")
      }
      return text
    }
    if source.hasPrefix("command:") {
      return try output(of: String(source.dropFirst(8)), option)
    }
    return try content(of: source, option)
  }

  /// Refuses a file that others than its owner may read.
  private static func content(of path: String, _ option: String) throws -> String {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      let mode = attributes[.posixPermissions] as? Int,
      let text = try? String(contentsOfFile: path, encoding: .utf8)
    else { throw Failure("cannot read \(path), which \(option) names") }
    guard mode & 0o077 == 0 else {
      throw Failure("others may read the keys in \(path): run `chmod 600 \(path)`")
    }
    return text
  }

  /// Of a shell's command, such as one that asks a safe for it.
  private static func output(of command: String, _ option: String) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardOutput = output
    do { try process.run() } catch { throw Failure("cannot run \(command): \(error)") }
    let bytes = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure("the program that \(option) names ended with \(process.terminationStatus)")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
