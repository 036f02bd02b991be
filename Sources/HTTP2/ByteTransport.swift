package import NIOCore

/// Carries bytes for a connection: a socket, or a pipe in memory. Used on the loop only.
package protocol ByteTransport: AnyObject {
  /// Whether the other side keeps up; if not, `Connection.writabilityChanged` follows later.
  var isWritable: Bool { get }
  /// Bytes written that the other side has not taken.
  var pendingBytes: Int { get }
  /// Sends everything given, in order.
  func write(_ bytes: ByteBuffer)
  /// Closes after what was written; the peer gets the chance to read it.
  func finish()
  /// Closes now.
  func abort()
}
