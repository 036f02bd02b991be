import ChildProcess
import Foundation

@testable import RPC

/// A certificate authority for the tests, made with the openssl command when first needed.
struct TestAuthority: Sendable {
  /// Signs what the tests believe.
  static let shared = TestAuthority("ca")

  /// A certificate for this machine by every name that the tests use.
  static let server = shared.issue(
    "server", names: ["DNS:localhost", "IP:127.0.0.1", "IP:::1"])

  /// The authority's own certificate.
  let certificate: String
  private let key: String

  init(_ name: String) {
    (certificate, key) = Self.make(
      name, subject: "/CN=Test authority \(name)", extensions: ["basicConstraints=critical,CA:TRUE"]
    )
  }

  /// A certificate and its key, in files of their own.
  func issue(_ file: String, subject: String = "/CN=test", names: [String]) -> TLSFiles {
    let (certificate, key) = Self.make(
      file, subject: subject,
      extensions: [
        "basicConstraints=critical,CA:FALSE", "subjectAltName=" + names.joined(separator: ","),
      ], authority: self)
    return TLSFiles(certificate: certificate, key: key)
  }

  /// Removed when the process ends.
  private static let folder: URL = {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "joinery-test-certificates-\(ProcessInfo.processInfo.processIdentifier)")
    // swift-testing reports what follows from a folder that is not there.
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try? Data("[req]\ndistinguished_name = name\n[name]\n".utf8).write(
      to: folder.appending(path: "openssl.cnf"))
    atexit { try? FileManager.default.removeItem(at: TestAuthority.folder) }
    return folder
  }()

  private static func make(
    _ name: String, subject: String, extensions: [String], authority: TestAuthority? = nil
  ) -> (certificate: String, key: String) {
    let certificate = folder.appending(path: name + ".pem").path
    let key = folder.appending(path: name + ".key").path
    var arguments = [
      "req", "-x509", "-config", folder.appending(path: "openssl.cnf").path, "-newkey", "ec",
      "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-utf8", "-subj", subject,
      "-keyout", key, "-out", certificate,
    ]
    for text in extensions { arguments += ["-addext", text] }
    if let authority { arguments += ["-CA", authority.certificate, "-CAkey", authority.key] }
    guard let openssl = try? ChildProcess("openssl", arguments, errors: .piped) else {
      preconditionFailure("no openssl")
    }
    let complaints = openssl.errors.readDataToEndOfFile()
    precondition(openssl.wait() == 0, String(decoding: complaints, as: UTF8.self))
    return (certificate, key)
  }
}

/// A folder that is gone after `body`.
func withFolder<R>(_ body: (URL) async throws -> R) async throws -> R {
  // Short: the path of a Unix socket has at most 107 bytes.
  let folder = URL(filePath: "/tmp/joinery-\(UUID().uuidString.prefix(8))")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}
