import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// grpc-swift-2 as one side of the interoperability tests, and of the benchmark.
@main
enum GRPCSwiftPeer {
  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count >= 2, let (host, port) = address(words[1]) else { return usage() }
    switch words[0] {
    case "check":
      let transport = try HTTP2ClientTransport.Posix(
        target: .ipv4(address: host, port: port), transportSecurity: .plaintext,
        config: .defaults { config in
          config.compression.algorithm = .gzip
          config.compression.enabledAlgorithms = .all
        })
      let failed = try await withGRPCClient(transport: transport) { client in
        await Cases(client: client).run(Array(words.dropFirst(2)))
      }
      exit(failed == 0 ? 0 : 1)
    case "serve-echo": try await serveEcho(host: host, port: port)
    default: usage()
    }
  }

  private static func address(_ text: String) -> (String, Int)? {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...])
    else { return nil }
    return (String(text[..<colon]), port)
  }

  private static func usage() {
    say("usage: grpc-swift-peer check HOST:PORT [CASE...] | serve-echo HOST:PORT")
    exit(64)
  }

  private static func serveEcho(host: String, port: Int) async throws {
    let transport = HTTP2ServerTransport.Posix(
      address: .ipv4(host: host, port: port), transportSecurity: .plaintext)
    let server = GRPCServer(transport: transport, services: [EchoService()])
    signal(SIGTERM, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
    source.setEventHandler { server.beginGracefulShutdown() }
    source.resume()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.serve() }
      if let address = try await transport.listeningAddress.ipv4 {
        say("listening \(address.host):\(address.port)")
      }
      try await group.next()
    }
  }
}

/// A line on standard output at once, for whoever reads it through a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
