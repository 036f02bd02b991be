import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import RPC

@Suite("Client")
struct ClientTests {
  @Test("nobody there: UNAVAILABLE with address and reason")
  func refused() async throws {
    let port = try UnusedPort()
    let channel = RPCClient(.tcp(host: "127.0.0.1", port: port.number), limits: .patient)
    let error = await failure { try await channel.echo("x") }
    #expect(error?.code == .unavailable)
    #expect(error?.message == "cannot reach 127.0.0.1:\(port.number): Connection refused")
    await channel.close()
  }

  @Test("a connection that cannot be made leaves nothing behind")
  func failedDial() async throws {
    struct Refused: Error {}
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    weak var left: ClientConnection?
    do {
      let connection = ClientConnection(
        loop: loop, limits: .patient, target: "nobody", authority: "nobody"
      ) { _, _ in }
      left = connection
      connection.dial { loop.makeFailedFuture(Refused()) }
      try await connection.gone.futureResult.get()
    }
    // What the loop was doing when it told us is over.
    try await loop.submit {}.get()
    #expect(left == nil)
  }

  @Test("an unknown host")
  func unknownHost() async throws {
    let channel = RPCClient(.tcp(host: "host.invalid", port: 1), limits: .patient)
    let error = await failure { try await channel.echo("x") }
    #expect(error?.code == .unavailable)
    #expect(error?.message.hasPrefix("cannot reach host.invalid:1: ") == true)
    await channel.close()
  }

  @Test("a call after a loss connects again")
  func reconnects() async throws {
    let port = try UnusedPort()
    let endpoint = Endpoint.tcp(host: "127.0.0.1", port: port.number)
    let first = try await RPCServer.start(Echo().router, on: [endpoint])
    let pacemaker = ManualPacemaker()
    let channel = RPCClient(
      first.endpoints, limits: .patient, resolver: Resolver(), pacemaker: pacemaker)
    _ = try await channel.echo("x")
    await first.shutDown(grace: .seconds(5))
    let error = await failure { try await channel.echo("x") }
    #expect(error?.code == .unavailable)
    let second = try await RPCServer.start(Echo().router, on: [endpoint])
    pacemaker.advance(by: .seconds(2))
    for _ in 0..<3 { #expect(try await channel.echo("y").message == "y") }
    #expect(second.metrics.connectionsAccepted == 1)
    await channel.close()
    await second.shutDown(grace: .zero)
  }

  @Test("a task on the channel's thread is there before, between and after calls")
  func staysOnThread() async throws {
    try await withChannel { channel, _ in
      try await withTaskExecutorPreference(channel.executor) {
        let thread = currentThread()
        for _ in 0..<20 {
          _ = try await channel.echo("x")
          #expect(currentThread() == thread)
        }
      }
    }
  }

  private func currentThread() -> pthread_t { pthread_self() }

  @Test("a closed channel refuses calls and can be closed again")
  func closed() async throws {
    try await withChannel { channel, _ in
      _ = try await channel.echo("x")
      await channel.close()
      await channel.close()
      #expect(await failure { try await channel.echo("x") }?.code == .unavailable)
    }
  }

  @Test("metadata that cannot be sent is refused, not altered")
  func badMetadata() async throws {
    try await withChannel { channel, _ in
      let error = await failure {
        try await channel.echo("x", of: Echo.unary, ["x-note": "två"])
      }
      #expect(error?.code == .internal)
    }
  }

  @Test("a port in use: one line that says so")
  func portInUse() async throws {
    try await withServer { server in
      do {
        _ = try await RPCServer.start(Router(), on: [.tcp(host: "127.0.0.1", port: server.port)])
        Issue.record("two servers on one port")
      } catch {
        #expect(
          "\(error)" == "cannot listen on 127.0.0.1:\(server.port): Address already in use")
      }
    }
  }

  @Test("a call that was already cancelled is not sent")
  func cancelledBefore() async throws {
    try await withChannel { channel, server in
      _ = try await channel.echo("x")
      let call = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return await failure { try await channel.echo("x") }
      }
      #expect(await call.value?.code == .cancelled)
      #expect(server.metrics.callsStarted == 1)
    }
  }
}
