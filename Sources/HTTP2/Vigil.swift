private import Glibc
package import NIOCore

/// Keeps an event loop awake for a moment after its last answer: nobody has to wake it for what
/// comes then. To wake a sleeping thread takes longer than to answer a call, most of all in a
/// virtual machine, and whoever sends pays a part of it; kernels poll before they halt for the same
/// reason.
///
/// It looks on only while nobody else wants the processor, and after an answer never for longer
/// than `length`. Confined to the loop.
package final class Vigil: @unchecked Sendable {
  // @unchecked: what the loop runs next must be sendable, even from the loop itself.

  /// Longer than a caller on the same machine takes to ask again (measured: 20 µs).
  package static let length: UInt64 = 30_000

  private let loop: any EventLoop
  private let now: @Sendable () -> UInt64
  private var end: UInt64 = 0
  private var isAwake = false
  /// Made once: a closure for each look would be an allocation for each.
  private lazy var next: @Sendable () -> Void = { [weak self] in self?.look() }

  /// `now` is in nanoseconds of `NIODeadline`'s clock.
  package init(
    loop: any EventLoop,
    now: @escaping @Sendable () -> UInt64 = { NIODeadline.now().uptimeNanoseconds }
  ) {
    self.loop = loop
    self.now = now
  }

  /// The loop has answered what it was asked, so more may follow.
  package func prolong() {
    end = now() + Vigil.length
    guard !isAwake else { return }
    isAwake = true
    loop.execute(next)
  }

  private func look() {
    guard now() < end else { return isAwake = false }
    sched_yield()
    loop.execute(next)
  }
}
