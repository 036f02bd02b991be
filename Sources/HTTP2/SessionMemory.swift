internal import CNghttp2
internal import NIOCore

/// The memory that a session needs only while it sends. Sessions that are used by one thread share
/// it: what one of them has put there is no longer needed when another one's turn comes.
package final class SessionMemory {
  /// Where the bytes of one turn are collected. NIO lets go of them when they are written; then the
  /// next turn uses the same memory.
  @exclusivity(unchecked) var output = ByteBuffer()
  /// The frame that is being sent: nghttp2 would allocate 16 KiB for it in each session.
  let frame: UnsafeMutablePointer<joinery_frame_memory>

  package init() {
    frame = .allocate(capacity: 1)
  }

  deinit { frame.deallocate() }
}
