internal import ArgumentParser
private import Foundation
internal import Services
private import Values

/// Where the key is that signs the audit: 32 bytes as 64 hexadecimal digits, in a file for its
/// owner alone.
struct AuditKeyOption: ParsableArguments {
  @Option(
    name: .customLong("audit-key"),
    help: ArgumentHelp(
      "The key that signs the audit; made at the first start. (default: the database's name with "
        + ".audit-key)", valueName: "file"))
  var file: String?

  func path(for database: String) -> String { file ?? database + ".audit-key" }

  /// The key that is there; fails when there is none.
  func load(for database: String) throws -> AuditKey {
    let path = path(for: database)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure("read", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure("the audit key \(path) is not a file")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw Failure("others may read the audit key \(path): run `chmod 600 \(path)`")
    }
    let bytes = [UInt8](unsafeUninitializedCapacity: 100) { buffer, filled in
      filled = max(0, read(descriptor, buffer.baseAddress, 100))
    }
    let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    guard let seed = AuditKey.bytes(of: text), let key = AuditKey(seed: seed) else {
      throw Failure("\(path) holds no audit key: expected 64 hexadecimal digits")
    }
    return key
  }

  /// Fails when there is one that cannot be used.
  func check(for database: String) throws {
    if access(path(for: database), F_OK) == 0 { _ = try load(for: database) }
  }

  /// The same, but made where there is none: on disk before anything is signed with it.
  func loadOrMake(for database: String) throws -> AuditKey {
    let path = path(for: database)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0, errno == EEXIST { return try load(for: database) }
    guard descriptor >= 0 else { throw Self.failure("make", path) }
    defer { close(descriptor) }
    let text = Hex.text(Chance.bytes(AuditKey.seedBytes)) + "\n"
    guard write(descriptor, text, text.utf8.count) == text.utf8.count, fsync(descriptor) == 0 else {
      defer { unlink(path) }
      throw Self.failure("write", path)
    }
    return try load(for: database)
  }

  private static func failure(_ verb: String, _ path: String) -> Failure {
    Failure("cannot \(verb) the audit key \(path): \(String(cString: strerror(errno)))")
  }
}
