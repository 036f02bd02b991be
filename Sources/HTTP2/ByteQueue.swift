/// Bytes in order, written at the tail, read at the head, in one piece of memory that is freed with
/// its owner.
package struct ByteQueue: ~Copyable {
  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private var head = 0
  private var tail = 0

  package init() {}

  deinit { base?.deallocate() }

  package var count: Int { tail - head }
  package var isEmpty: Bool { head == tail }

  /// What is queued; valid until the next call of a mutating function.
  package var bytes: UnsafeRawBufferPointer {
    guard let base, tail > head else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: base + head, count: tail - head)
  }

  /// Adds `size` uninitialised bytes at the tail and returns where to put them.
  package mutating func extend(by size: Int) -> UnsafeMutableRawPointer {
    if capacity - tail < size { makeRoom(for: size) }
    guard let base else {
      preconditionFailure("a byte queue has memory once it was asked for some")
    }
    defer { tail += size }
    return base + tail
  }

  package mutating func append(_ source: UnsafeRawBufferPointer) {
    guard let start = source.baseAddress, source.count > 0 else { return }
    extend(by: source.count).copyMemory(from: start, byteCount: source.count)
  }

  /// Drops `size` bytes at the head.
  package mutating func consume(_ size: Int) {
    precondition(size <= count)
    head += size
    if head == tail {
      head = 0
      tail = 0
    }
  }

  /// Drops everything; keeps the memory.
  package mutating func removeAll() {
    head = 0
    tail = 0
  }

  private mutating func makeRoom(for size: Int) {
    let used = count
    // Moving what is left to the front is cheaper than growing while at least half is free.
    if let base, used + size <= capacity, used <= capacity / 2 {
      base.copyMemory(from: base + head, byteCount: used)
    } else {
      let grown = max(64, used + size, min(capacity * 2, capacity + 1024 * 1024))
      let memory = UnsafeMutableRawPointer.allocate(byteCount: grown, alignment: 16)
      if let base {
        memory.copyMemory(from: base + head, byteCount: used)
        base.deallocate()
      }
      base = memory
      capacity = grown
    }
    head = 0
    tail = used
  }
}
