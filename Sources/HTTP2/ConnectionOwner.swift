/// Who uses a connection: the RPC server or client side.
package protocol ConnectionOwner: AnyObject {
  /// The peer opened a stream (server only).
  func accept(_ stream: Stream) -> any StreamConsumer
  /// The peer has shown that it speaks HTTP/2.
  func connectionReady()
  /// The peer wants no new streams; those above `lastStream` were not looked at.
  func goAwayReceived(lastStream: Int32, code: ErrorCode, reason: String)
  /// A stream closed.
  func streamClosed()
  /// The grace of `Connection.shutDown` is over and `stream` is still open: end it with a status.
  func graceEnded(for stream: Stream)
  /// The connection is gone, all its streams have been closed. The last event.
  func connectionClosed()
}
