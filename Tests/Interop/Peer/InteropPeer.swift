internal import ArgumentParser
private import Foundation

/// Our runtime as one side of the gRPC project's interoperability tests; the other side is anybody
/// else's.
@main
struct InteropPeer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interop-peer",
    abstract: "Server and client of the interoperability tests, on Joinery's RPC runtime.",
    subcommands: [Serve.self, Check.self])
}

/// A line on standard output at once, for whoever reads it through a pipe.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
