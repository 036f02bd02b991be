import Testing

@testable import RPC

@Suite("Handing over to a successor")
struct HandOverTests {
  @Test("who calls between two servers waits, and is served by the second at the same address")
  func successor() async throws {
    let echo = Echo()
    let first = try await RPCServer.start(
      echo.router, on: [.tcp(host: "127.0.0.1", port: 0)], limits: .patient)
    let channel = RPCClient(first.endpoints[0], limits: .patient)
    let running = Task { try await channel.echo("running", of: Echo.park).message }
    await echo.parked.arrivals(1)
    let handing = Task { try await first.handOver(grace: .seconds(60)) }
    // The call that runs is finished by the first server before that lets go.
    echo.parked.open()
    #expect(try await running.value == Bytes("running"))
    let sockets = try await handing.value
    #expect(sockets.map(\.endpoint) == [.tcp(host: "127.0.0.1", port: 0)])
    // Nobody accepts now, and nobody is refused.
    let waiting = RPCClient(first.endpoints[0], limits: .patient)
    let between = Task { try await waiting.echo("between").message }
    let second = try await RPCServer.start(
      Echo().router, on: [], sockets: sockets, limits: .patient)
    #expect(second.endpoints == first.endpoints)
    #expect(try await between.value == Bytes("between"))
    #expect(try await channel.echo("after").message == Bytes("after"))
    await channel.close()
    await waiting.close()
    await second.shutDown(grace: .seconds(5))
  }
}
