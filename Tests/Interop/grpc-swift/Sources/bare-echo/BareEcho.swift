import CNghttp2
import Foundation
import NIOCore
import NIOPosix

/// The least that answers like a gRPC server: nghttp2 on NIO, the request's bytes sent back
/// undecoded with fixed headers. What the runtime's speed is measured against.
@main
enum BareEcho {
  static func main() async throws {
    let words = CommandLine.arguments
    guard words.count >= 3, words[1] == "serve-echo",
      let colon = words[2].lastIndex(of: ":"),
      let port = Int(words[2][words[2].index(after: colon)...])
    else {
      FileHandle.standardError.write(Data("usage: bare-echo serve-echo HOST:PORT\n".utf8))
      exit(64)
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
    let channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(EchoConnection())
        }
      }
      .bind(host: String(words[2][..<colon]), port: port).get()
    let address = "\(channel.localAddress?.ipAddress ?? ""):\(channel.localAddress?.port ?? 0)"
    FileHandle.standardOutput.write(Data("listening \(address)\n".utf8))
    signal(SIGTERM, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
    source.setEventHandler { exit(0) }
    source.resume()
    try await channel.closeFuture.get()
  }
}
