package import NIOCore

/// Something that ends at a certain moment.
package protocol Expiring: AnyObject {
  /// Where it lies in its timer's heap; −1 when it is in none. The timer's business only.
  var deadlineSlot: Int { get set }
  /// The moment has come. The entry has left the timer.
  func expired()
}

/// The deadlines of one event loop's connections and of their calls: a heap, and one timer of the
/// loop for its earliest entry.
///
/// Confined to the loop. Adding and removing cost O(log n) and no allocation, because nearly every
/// call is over long before its deadline, while a timer of the loop costs O(n) to cancel. That is
/// why it is not moved when the earliest entry goes; it finds nothing due and rearms.
package final class DeadlineTimer {
  private struct Entry {
    let moment: UInt64
    // The owner removes itself before it goes.
    unowned(unsafe) let owner: any Expiring
  }

  private let loop: any EventLoop
  // Every call passes here twice; the loop is one thread, so the run-time check of exclusive access
  // finds nothing.
  @exclusivity(unchecked) private var heap: [Entry] = []
  private var armed: (moment: UInt64, timer: Scheduled<Void>)?

  package init(loop: any EventLoop) { self.loop = loop }

  /// Calls `expired` at `moment`, in nanoseconds of `NIODeadline`'s clock. The owner must be in no
  /// timer.
  package func add(_ owner: any Expiring, at moment: UInt64) {
    heap.append(Entry(moment: moment, owner: owner))
    siftUp(heap.count - 1)
    arm()
  }

  package func remove(_ owner: any Expiring) {
    let slot = owner.deadlineSlot
    guard slot >= 0 else { return }
    owner.deadlineSlot = -1
    let last = heap.removeLast()
    guard slot < heap.count else { return }
    heap[slot] = last
    last.owner.deadlineSlot = slot
    siftUp(slot)
    siftDown(last.owner.deadlineSlot)
  }

  /// Stops the loop's timer; the entries have been removed.
  package func stop() {
    armed?.timer.cancel()
    armed = nil
  }

  private func arm() {
    guard let first = heap.first else { return }
    if let armed {
      guard first.moment < armed.moment else { return }
      armed.timer.cancel()
    }
    let timer = loop.assumeIsolated().scheduleTask(deadline: .uptimeNanoseconds(first.moment)) {
      self.fire()
    }
    armed = (first.moment, timer)
  }

  private func fire() {
    armed = nil
    let now = NIODeadline.now().uptimeNanoseconds
    while let first = heap.first, first.moment <= now {
      let owner = first.owner
      remove(owner)
      owner.expired()
    }
    arm()
  }

  private func siftUp(_ start: Int) {
    var child = start
    let entry = heap[start]
    while child > 0 {
      let parent = (child - 1) / 2
      guard entry.moment < heap[parent].moment else { break }
      heap[child] = heap[parent]
      heap[child].owner.deadlineSlot = child
      child = parent
    }
    heap[child] = entry
    entry.owner.deadlineSlot = child
  }

  private func siftDown(_ start: Int) {
    var parent = start
    let entry = heap[start]
    while true {
      var child = 2 * parent + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].moment < heap[child].moment { child += 1 }
      guard heap[child].moment < entry.moment else { break }
      heap[parent] = heap[child]
      heap[parent].owner.deadlineSlot = parent
      parent = child
    }
    heap[parent] = entry
    entry.owner.deadlineSlot = parent
  }
}
