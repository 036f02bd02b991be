import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@testable import RPC

/// Calls over TLS: who is let in, who is believed, and what becomes of those who speak otherwise.
@Suite("TLS")
struct TLSTests {
  private let believing = TLSFiles(authorities: TestAuthority.shared.certificate)

  /// A server with TLS, and a function that makes channels to it, closed at the end.
  private func with<R>(
    _ files: TLSFiles = TestAuthority.server, host: String = "127.0.0.1",
    limits: RPCLimits = RPCLimits.patient, interceptors: [Interceptor] = [],
    _ body: (RPCServer, ServerTLS) async throws -> R
  ) async throws -> R {
    let tls = try ServerTLS(files)
    let server = try await RPCServer.start(
      Echo().router, on: [.tcp(host: host, port: 0)], tls: tls, interceptors: interceptors,
      limits: limits, threads: 1)
    do {
      let result = try await body(server, tls)
      await server.shutDown(grace: .zero)
      return result
    } catch {
      await server.shutDown(grace: .zero)
      throw error
    }
  }

  /// One call over a connection of its own; what it failed with.
  private func call(
    _ server: RPCServer, host: String = "127.0.0.1", _ files: TLSFiles, serverName: String? = nil
  ) async throws -> RPCError? {
    let tls = try ClientTLS(files, serverName: serverName)
    let channel = RPCClient(.tcp(host: host, port: server.port), tls: tls, limits: .patient)
    let error = await failure { try await channel.echo("hello") }
    await channel.close()
    return error
  }

  @Test(
    "the certificate is checked for the name or the address",
    arguments: [("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "localhost"), ("::1", "::1")])
  func names(listen: String, connect: String) async throws {
    try await with(host: listen) { server, _ in
      let error = try await call(server, host: connect, believing)
      #expect(error == nil)
    }
  }

  @Test("a name of its own for what is reached by another way")
  func serverName() async throws {
    let elsewhere = TestAuthority.shared.issue("elsewhere", names: ["DNS:joinery.example"])
    try await with(elsewhere) { server, _ in
      #expect(try await call(server, believing, serverName: "joinery.example") == nil)
      let refused = try await call(server, believing)
      #expect(refused?.code == .unavailable)
      #expect(refused?.message.hasSuffix("its certificate is for another name") == true)
    }
  }

  @Test("an authority that the client does not know")
  func unknownAuthority() async throws {
    let other = TestAuthority("other")
    try await with { server, _ in
      for files in [TLSFiles(authorities: other.certificate), TLSFiles()] {
        let error = try await call(server, files)
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("CERTIFICATE_VERIFY_FAILED") == true)
      }
    }
  }

  @Test("mutual TLS: the verified identity is in the context, others stay out")
  func mutual() async throws {
    let seen = Mutex<[PeerIdentity?]>([])
    let look = Interceptor("look", before: { call in seen.withLock { $0.append(call.identity) } })
    var files = TestAuthority.server
    files.authorities = TestAuthority.shared.certificate
    try await with(files, interceptors: [look]) { server, _ in
      var till = TestAuthority.shared.issue(
        "till", subject: "/O=Joinery/CN=till-3", names: ["URI:spiffe://joinery/till/3"])
      till.authorities = TestAuthority.shared.certificate
      #expect(try await call(server, till) == nil)
      let nobody = try await call(server, believing)
      #expect(nobody?.code == .unavailable)
      #expect(nobody?.message.contains("CERTIFICATE_REQUIRED") == true, "\(nobody as Any)")
      var stranger = TestAuthority("strangers").issue("stranger", names: ["DNS:till-3"])
      stranger.authorities = TestAuthority.shared.certificate
      #expect(try await call(server, stranger)?.code == .unavailable)
      #expect(server.metrics.callsStarted == 1)
    }
    #expect(
      seen.withLock { $0 } == [
        PeerIdentity(
          subject: "CN=till-3,O=Joinery", commonName: "till-3",
          uris: ["spiffe://joinery/till/3"])
      ])
  }

  @Test("without client authorities nobody has an identity")
  func anonymous() async throws {
    let seen = Mutex<[PeerIdentity?]>([])
    let look = Interceptor("look", before: { call in seen.withLock { $0.append(call.identity) } })
    try await with(interceptors: [look]) { server, _ in
      var till = TestAuthority.shared.issue("till-unasked", names: ["DNS:till-3"])
      till.authorities = TestAuthority.shared.certificate
      let error = try await call(server, till)
      #expect(error == nil)
    }
    #expect(seen.withLock { $0 } == [nil])
  }

  // MARK: Those who speak otherwise

  /// Connects with TLS as `configuration` says; returns when the server has closed.
  private func refuses(
    _ server: RPCServer, _ change: (inout TLSConfiguration) -> Void
  ) async throws {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = .none
    change(&configuration)
    let context = try NIOSSLContext(configuration: configuration)
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            NIOSSLClientHandler(context: context, serverHostname: "localhost"))
        }
      }
      .connect(host: "127.0.0.1", port: server.port).get()
    // Ends only by the server: nothing here closes it.
    try? await channel.closeFuture.get()
  }

  /// All connections of the others are gone, and a good client is served.
  private func isUnharmed(_ server: RPCServer) async throws -> Bool {
    while server.metrics.connectionsOpen > 0 { await Task.yield() }
    return try await call(server, believing) == nil && server.metrics.callsStarted == 1
  }

  @Test("a client without ALPN, with another protocol, or with an old TLS, is cut off")
  func noAgreement() async throws {
    try await with { server, _ in
      try await refuses(server) { _ in }
      try await refuses(server) { $0.applicationProtocols = ["http/1.1"] }
      try await refuses(server) {
        $0.applicationProtocols = ["h2"]
        $0.maximumTLSVersion = .tlsv11
      }
      #expect(try await isUnharmed(server))
    }
  }

  @Test("TLS 1.2 is enough, and for it a cipher that HTTP/2 allows")
  func oldest() async throws {
    try await with { server, _ in
      try await refuses(server) {
        $0.applicationProtocols = ["h2"]
        $0.maximumTLSVersion = .tlsv12
        $0.cipherSuites = "ECDH+AES128+SHA1"
      }
      let files = believing
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.trustRoots = .file(try #require(files.authorities))
      configuration.maximumTLSVersion = .tlsv12
      configuration.applicationProtocols = ["h2"]
      let tls = ClientTLS(context: try NIOSSLContext(configuration: configuration))
      let channel = RPCClient(
        .tcp(host: "127.0.0.1", port: server.port), tls: tls, limits: .patient)
      #expect(try await channel.echo("old").message == "old")
      await channel.close()
    }
  }

  @Test(
    "cleartext and junk end at once",
    arguments: [
      Frame.preface + Frame.settings().bytes, Array("GET / HTTP/1.1\r\n\r\n".utf8),
      [UInt8](repeating: 0x16, count: 100_000),
      [0x16, 3, 1, 0xFF, 0xFF] + Array(repeating: 0, count: 70_000),
      [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0],
    ])
  func junk(bytes: [UInt8]) async throws {
    try await with { server, _ in
      for _ in 0..<20 {
        _ = try await FrameClient.run(port: server.port) { peer in
          _ = await peer.send(bytes)
          return try await peer.goAway()
        }
      }
      #expect(try await isUnharmed(server))
    }
  }

  @Test(
    "a handshake that does not come, or stops half way, is not waited for",
    arguments: [[], [0x16, 3, 1]] as [[UInt8]])
  func slow(bytes: [UInt8]) async throws {
    var limits = RPCLimits.patient
    limits.prefaceTimeout = .milliseconds(50)
    try await with(limits: limits) { server, _ in
      _ = try await FrameClient.run(port: server.port) { peer in
        _ = await peer.send(bytes)
        return try await peer.goAway()
      }
      while server.metrics.connectionsOpen > 0 { await Task.yield() }
    }
  }

  @Test("a TLS client at a cleartext server, and a cleartext client at a TLS server, hear why")
  func mismatch() async throws {
    try await withServer { server in
      let error = try await call(server, believing)
      #expect(error?.code == .unavailable)
      #expect(error?.message.hasPrefix("cannot reach 127.0.0.1:\(server.port): ") == true)
    }
    try await with { server, _ in
      let channel = RPCClient(.tcp(host: "127.0.0.1", port: server.port), limits: .patient)
      let error = await failure { try await channel.echo("x") }
      #expect(error?.code == .unavailable)
      await channel.close()
    }
  }

  @Test("files that do not fit are refused in one line")
  func badFiles() throws {
    let server = TestAuthority.server
    let other = TestAuthority.shared.issue("fits-not", names: ["DNS:x"])
    let certificate = try #require(server.certificate)
    let cases: [(TLSFiles, String)] = [
      (TLSFiles(certificate: "/nowhere.pem", key: server.key), "cannot read /nowhere.pem: "),
      (TLSFiles(certificate: server.key, key: server.key), "holds no certificate"),
      (TLSFiles(certificate: certificate, key: certificate), "holds no private key"),
      (TLSFiles(certificate: certificate, key: other.key), "do not belong together"),
      (TLSFiles(certificate: certificate), "needs a certificate and its key"),
    ]
    for (files, complaint) in cases {
      do {
        _ = try ServerTLS(files)
        Issue.record("\(files)")
      } catch { #expect("\(error)".contains(complaint), "\(error)") }
    }
  }
}
