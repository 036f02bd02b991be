internal import ArgumentParser
internal import Foundation
internal import RPC

/// Runs cases against a server and prints a line for each: `ok CASE` or `FAILED CASE: why`.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run cases against a server; without a name, all of them.")

  @Argument(help: "HOST:PORT or unix:PATH.")
  var server: String

  @Argument(help: "Names of cases, as in the specification.")
  var names: [String] = []

  @Option(help: "Speak TLS and believe this authority (PEM).")
  var tlsCa: String?

  func validate() throws {
    if Endpoint(server) == nil {
      throw ValidationError("\(server): expected HOST:PORT or unix:PATH")
    }
    if let unknown = names.first(where: { InteropCase.named($0) == nil }) {
      throw ValidationError("there is no case \(unknown)")
    }
  }

  func run() async throws {
    guard let endpoint = Endpoint(server) else { return }
    let tls = try tlsCa.map { try ClientTLS(TLSFiles(authorities: $0)) }
    let channel = RPCClient(endpoint, tls: tls)
    let cases = names.isEmpty ? InteropCase.all : names.compactMap { InteropCase.named($0) }
    var failed = 0
    for one in cases {
      do {
        try await one.run(channel)
        say("ok \(one.name)")
      } catch {
        failed += 1
        say("FAILED \(one.name): \(error)")
      }
    }
    await channel.close()
    say("\(cases.count - failed) passed, \(failed) failed")
    if failed > 0 { throw ExitCode(1) }
  }
}
