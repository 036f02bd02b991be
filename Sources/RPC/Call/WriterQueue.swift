internal import NIOCore
internal import Synchronization

/// The tasks that wait until what they wrote has gone out.
///
/// Confined to `loop`, but for `wait`, which may be entered on any thread.
final class WriterQueue: @unchecked Sendable {
  // @unchecked: `waiting` and `isOver` are touched on the loop only.
  private let loop: any EventLoop
  private var waiting: [ObjectIdentifier: (ticket: Ticket, writer: Writer)] = [:]
  private var isOver = false

  private typealias Writer = CheckedContinuation<Void, any Error>

  /// Identifies one wait, and remembers a cancellation that came before the wait began.
  private final class Ticket: Sendable {
    let isCancelled = Atomic<Bool>(false)
  }

  init(loop: any EventLoop) { self.loop = loop }

  /// Suspends until `resumeAll`, unless `isFull` (asked on the loop) denies the need. Throws
  /// CANCELLED after
  /// `failAll` and when the waiting task is cancelled.
  func wait(while isFull: @escaping @Sendable () -> Bool) async throws {
    if loop.inEventLoop, !isOver, !isFull() { return }
    let ticket = Ticket()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (writer: Writer) in
        if loop.inEventLoop {
          park(ticket, writer, isFull)
        } else {
          loop.execute { self.park(ticket, writer, isFull) }
        }
      }
    } onCancel: {
      ticket.isCancelled.store(true, ordering: .relaxed)
      loop.execute { self.cancel(ticket) }
    }
  }

  /// There is room again.
  func resumeAll() {
    guard !waiting.isEmpty else { return }
    let resumed = waiting
    waiting = [:]
    for (_, writer) in resumed.values { writer.resume() }
  }

  /// Nobody reads any more, now and later.
  func failAll() {
    isOver = true
    guard !waiting.isEmpty else { return }
    let failed = waiting
    waiting = [:]
    for (_, writer) in failed.values { writer.resume(throwing: WriterQueue.over) }
  }

  private static let over = RPCError(.cancelled, "the call was cancelled")

  private func park(_ ticket: Ticket, _ writer: Writer, _ isFull: () -> Bool) {
    if isOver || ticket.isCancelled.load(ordering: .relaxed) {
      writer.resume(throwing: WriterQueue.over)
    } else if isFull() {
      waiting[ObjectIdentifier(ticket)] = (ticket, writer)
    } else {
      writer.resume()
    }
  }

  private func cancel(_ ticket: Ticket) {
    waiting.removeValue(forKey: ObjectIdentifier(ticket))?.writer.resume(throwing: WriterQueue.over)
  }
}
