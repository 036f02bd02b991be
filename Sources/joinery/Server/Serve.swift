internal import ArgumentParser
private import Foundation
internal import RPC
internal import Services
internal import Storage

/// `joinery serve`
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve a database until SIGTERM or SIGINT.",
    discussion: """
      Creates the database when there is none and migrates an older one. Prints \
      `listening HOST:PORT` when it accepts calls. On SIGTERM or SIGINT it takes no new \
      connections, finishes the calls that run, and ends.

      Callers are believed who they say they are: listen only where the network is trusted.
      """)

  @Option(
    name: .long, help: ArgumentHelp("Address; port 0 takes a free one.", valueName: "host:port"))
  var listen = "127.0.0.1:50051"

  @Option(name: .long, help: ArgumentHelp("The database.", valueName: "file"))
  var database = "joinery.db"

  @Option(
    name: .long,
    help: ArgumentHelp("How long running calls may take after SIGTERM.", valueName: "seconds"))
  var grace = 20

  func validate() throws {
    guard Address(listen) != nil else {
      throw ValidationError("--listen \(listen): expected HOST:PORT, such as 127.0.0.1:50051")
    }
    guard (0...3600).contains(grace) else { throw ValidationError("--grace is 0 to 3600 seconds") }
  }

  func run() async throws {
    guard let address = Address(listen) else { return }
    let signals = Termination()
    let store: Database
    do {
      store = try Database.open(
        Database.Configuration(path: database), migrations: Schema.migrations, now: Clock.now())
    } catch {
      throw Failure("cannot serve \(database): \(error.message)")
    }
    let application = try await Application.compose(store, now: Clock.now) { line in
      Terminal.standardError("\(Clock.now()) \(line)")
    }
    let server: RPCServer
    do {
      server = try await RPCServer.start(
        application.router, host: address.host, port: address.port,
        interceptors: application.interceptors)
    } catch {
      store.close()
      throw Failure(error.description)
    }
    Terminal.standardOutput(
      "listening \(address.host.contains(":") ? "[\(server.host)]" : server.host):\(server.port)")
    await signals.wait()
    application.announceShutdown()
    await server.shutDown(grace: .seconds(grace))
    store.close()
  }
}

/// Waits for SIGTERM or SIGINT. Made before anything is opened, so that no signal is lost.
private final class Termination {
  private let stream: AsyncStream<Void>
  private let sources: [any DispatchSourceSignal]

  init() {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    self.stream = stream
    sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield() }
      source.resume()
      return source
    }
  }

  func wait() async {
    for await _ in stream { return }
  }
}
