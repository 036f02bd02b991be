import Foundation
import Testing

@testable import RPC

@Suite("Listeners")
struct ListenerTests {
  private func call(_ endpoint: Endpoint, tls: ClientTLS? = nil) async -> RPCError? {
    let channel = RPCClient(endpoint, tls: tls, limits: .patient)
    let error = await failure { try await channel.echo("x") }
    await channel.close()
    return error
  }

  @Test("several at once: IPv4, IPv6 and a Unix socket, whose file goes with the server")
  func several() async throws {
    try await withFolder { folder in
      let path = folder.appending(path: "s").path
      let server = try await RPCServer.start(
        Echo().router,
        on: [.tcp(host: "127.0.0.1", port: 0), .tcp(host: "::1", port: 0), .unix(path: path)])
      #expect(server.endpoints.count == 3)
      #expect(server.endpoints[1].description.hasPrefix("[::1]:"))
      #expect(server.endpoints[2] == .unix(path: path))
      for endpoint in server.endpoints { #expect(await call(endpoint) == nil) }
      await server.shutDown(grace: .zero)
      #expect(!FileManager.default.fileExists(atPath: path))
      let error = await call(.unix(path: path))
      #expect(error?.message == "cannot reach unix:\(path): No such file or directory")
    }
  }

  @Test("a Unix socket stays cleartext beside TLS")
  func beside() async throws {
    try await withFolder { folder in
      let path = folder.appending(path: "s").path
      let server = try await RPCServer.start(
        Echo().router, on: [.unix(path: path), .tcp(host: "localhost", port: 0)],
        tls: try ServerTLS(TestAuthority.server))
      #expect(await call(.unix(path: path)) == nil)
      let tls = try ClientTLS(TLSFiles(authorities: TestAuthority.shared.certificate))
      #expect(await call(server.endpoints[1], tls: tls) == nil)
      await server.shutDown(grace: .zero)
    }
  }

  @Test("a socket file that nobody listens at is replaced; one in use, or another file, is not")
  func stale() async throws {
    try await withFolder { folder in
      let path = folder.appending(path: "s").path
      let first = try await RPCServer.start(Echo().router, on: [.unix(path: path)])
      await expectRefusal(path, "Address already in use")
      // What a server leaves behind that was killed: the file without a listener.
      try FileManager.default.moveItem(atPath: path, toPath: path + ".kept")
      await first.shutDown(grace: .zero)
      try FileManager.default.moveItem(atPath: path + ".kept", toPath: path)
      let second = try await RPCServer.start(Echo().router, on: [.unix(path: path)])
      #expect(await call(.unix(path: path)) == nil)
      await second.shutDown(grace: .zero)
      try Data("letter".utf8).write(to: URL(filePath: path))
      await expectRefusal(path, "the file exists")
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("letter".utf8))
    }
  }

  @Test("a path that is too long")
  func tooLong() async throws {
    await expectRefusal("/tmp/" + String(repeating: "x", count: 200), "at most 107 bytes")
  }

  @Test("one address that cannot be had gives all back")
  func allOrNothing() async throws {
    try await withServer { taken in
      try await withFolder { folder in
        let path = folder.appending(path: "s").path
        do {
          _ = try await RPCServer.start(
            Echo().router, on: [.unix(path: path), .tcp(host: "127.0.0.1", port: taken.port)])
          Issue.record("two servers on one port")
        } catch { #expect("\(error)".hasSuffix("Address already in use")) }
        #expect(!FileManager.default.fileExists(atPath: path))
      }
    }
  }

  private func expectRefusal(_ path: String, _ reason: String) async {
    do {
      _ = try await RPCServer.start(Echo().router, on: [.unix(path: path)])
      Issue.record("listening at \(path)")
    } catch {
      #expect("\(error)".hasPrefix("cannot listen on unix:\(path): "))
      #expect("\(error)".hasSuffix(reason))
    }
  }
}
