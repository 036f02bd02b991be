internal import ArgumentParser
internal import Foundation
internal import RPC

/// Serves until SIGTERM, then drains and says how many calls came; ends with failure when a handler
/// is left over.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve grpc.testing.TestService and bench.v1.EchoService until SIGTERM.")

  @Option(help: "HOST:PORT or unix:PATH; may be repeated.")
  var listen = ["127.0.0.1:0"]

  @Option(help: "What the server calls itself in `server_id`.")
  var name = ""

  @Option(help: "Certificate (PEM): speak TLS.")
  var tlsCertificate: String?

  @Option(help: "Its key (PEM).")
  var tlsKey: String?

  @Option(help: "Event loops; 0 for one per core.")
  var threads = 0

  func validate() throws {
    if let wrong = listen.first(where: { Endpoint($0) == nil }) {
      throw ValidationError("--listen \(wrong): expected HOST:PORT or unix:PATH")
    }
  }

  /// What the product has around every call: a benchmark without it would be of something else.
  private static let interceptors = [
    Interceptor(
      "fault log",
      after: { context, outcome in
        guard [.internal, .dataLoss, .unavailable].contains(outcome.code) else { return }
        say("\(outcome.code.name) \(context.method.path)")
      })
  ]

  func run() async throws {
    signal(SIGTERM, SIG_IGN)
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
    source.setEventHandler { end.finish() }
    source.resume()

    var router = Router()
    TestService(name: name).register(in: &router)
    EchoService().register(in: &router)
    let tls = try tlsCertificate.map {
      try ServerTLS(TLSFiles(certificate: $0, key: tlsKey)) { say($0) }
    }
    let server = try await RPCServer.start(
      router, on: listen.compactMap { Endpoint($0) }, tls: tls, interceptors: Self.interceptors,
      threads: threads)
    for endpoint in server.endpoints { say("listening \(endpoint)") }

    for await _ in ends {}
    await server.shutDown(grace: .seconds(5))
    let metrics = server.metrics
    say("\(metrics.callsStarted) calls")
    guard metrics.handlersInFlight == 0 else {
      say("\(metrics.handlersInFlight) handlers are left over")
      throw ExitCode(1)
    }
  }
}
