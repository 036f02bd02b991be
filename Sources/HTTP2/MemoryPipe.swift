package import NIOCore

/// Joins two connections on one event loop without a socket: what one writes the other receives,
/// one turn later.
///
/// All of HTTP/2 runs as it does over TCP; only the kernel is missing. For tests and tools.
package enum MemoryPipe {
  /// Connects the two; both live on `loop`, and this is called on it.
  package static func connect(_ first: Connection, _ second: Connection, on loop: any EventLoop) {
    let one = End(loop: loop, connection: first)
    let other = End(loop: loop, connection: second)
    one.peer = other
    other.peer = one
    first.start(on: one)
    second.start(on: other)
  }

  private final class End: ByteTransport {
    let loop: any EventLoop
    let connection: Connection
    var peer: End?

    init(loop: any EventLoop, connection: Connection) {
      self.loop = loop
      self.connection = connection
    }

    var isWritable: Bool { peer != nil }
    var pendingBytes: Int { 0 }

    func write(_ bytes: ByteBuffer) {
      guard let peer else { return }
      loop.assumeIsolated().execute {
        bytes.withUnsafeReadableBytes { peer.connection.receive($0) }
        peer.connection.endTurn()
      }
    }

    func finish() {
      // Behind the writes that are on their way.
      loop.assumeIsolated().execute { self.abort() }
    }

    func abort() {
      guard let peer else { return }
      self.peer = nil
      peer.peer = nil
      connection.transportClosed()
      peer.connection.transportClosed()
    }
  }
}
