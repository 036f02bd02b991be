import Foundation
import Synchronization
import Testing

@testable import RPC

@Suite("Certificate reload")
struct CertificateReloadTests {
  private let lines = Log()

  private final class Log: Sendable {
    let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  /// Replaces by renaming, as everybody should.
  private func replace(_ path: String, by source: String?) throws {
    let data = try source.map { try Data(contentsOf: URL(filePath: $0)) } ?? Data("junk".utf8)
    let new = path + ".new"
    try data.write(to: URL(filePath: new))
    try #require(rename(new, path) == 0)
  }

  private func isServed(_ server: RPCServer, believing authority: TestAuthority) async throws
    -> Bool
  {
    let tls = try ClientTLS(TLSFiles(authorities: authority.certificate))
    let channel = RPCClient(.tcp(host: "127.0.0.1", port: server.port), tls: tls, limits: .patient)
    let error = await failure { try await channel.echo("x") }
    await channel.close()
    return error == nil
  }

  @Test("the next connection has the new certificate; open ones, and broken files, go on")
  func reload() async throws {
    let old = TestAuthority.shared
    let new = TestAuthority("new-authority")
    let next = new.issue("next", names: ["IP:127.0.0.1"])
    try await withFolder { folder in
      let files = TLSFiles(
        certificate: folder.appending(path: "c.pem").path, key: folder.appending(path: "k.pem").path
      )
      let certificate = try #require(files.certificate)
      let key = try #require(files.key)
      try replace(certificate, by: TestAuthority.server.certificate)
      try replace(key, by: TestAuthority.server.key)
      let tls = try ServerTLS(files) { [lines] in lines.add($0) }
      let server = try await RPCServer.start(
        Echo().router, on: [.tcp(host: "127.0.0.1", port: 0)], tls: tls)
      let open = RPCClient(
        .tcp(host: "127.0.0.1", port: server.port),
        tls: try ClientTLS(TLSFiles(authorities: old.certificate)), limits: .patient)
      _ = try await open.echo("before")
      #expect(lines.all.isEmpty)

      // Half way: the key is still the old one.
      try replace(certificate, by: next.certificate)
      #expect(try await isServed(server, believing: old))
      #expect(lines.all.count == 1 && lines.all[0].contains("do not belong together"))
      try replace(key, by: next.key)
      #expect(try await isServed(server, believing: new))
      #expect(lines.all.last == "certificate \(certificate) loaded")
      #expect(!(try await isServed(server, believing: old)))

      try replace(certificate, by: nil)
      #expect(try await isServed(server, believing: new))
      try FileManager.default.removeItem(atPath: certificate)
      #expect(try await isServed(server, believing: new))
      #expect(lines.all.last?.contains("cannot read") == true)

      _ = try await open.echo("after")
      tls.reload()
      #expect(lines.all.count == 5)
      await open.close()
      await server.shutDown(grace: .zero)
    }
  }
}
