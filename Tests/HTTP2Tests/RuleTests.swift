import Testing

@testable import HTTP2

@Suite("Token bucket")
struct TokenBucketTests {
  /// How many of `count` attempts at `now` succeed.
  private func taken(_ count: Int, from bucket: inout TokenBucket, now: UInt64) -> Int {
    (0..<count).count { _ in bucket.take(now: now) }
  }

  @Test("allows the burst and then what time earns")
  func refills() {
    var bucket = TokenBucket(.init(burst: 3, perSecond: 10))
    let times: [UInt64] = [0, 5_000_000_000, 5_050_000_000, 5_100_000_000, 900_000_000_000]
    let granted = times.map { taken(5, from: &bucket, now: $0) }
    // The clock starts when the burst is spent; after a long pause there is the burst again, not
    // more.
    #expect(granted == [3, 3, 0, 1, 3])
  }

  @Test("asks for the time only when it is empty")
  func lazyClock() {
    var bucket = TokenBucket(.init(burst: 2, perSecond: 1))
    var reads = 0
    func clock() -> UInt64 {
      reads += 1
      return 0
    }
    _ = bucket.take(now: clock())
    _ = bucket.take(now: clock())
    #expect(reads == 0)
    _ = bucket.take(now: clock())
    #expect(reads == 1)
  }

  @Test("a token given back can be taken again, up to the burst")
  func givesBack() {
    var bucket = TokenBucket(.init(burst: 1, perSecond: 0))
    bucket.giveBack()
    let first = taken(2, from: &bucket, now: 0)
    bucket.giveBack()
    let second = taken(2, from: &bucket, now: 0)
    #expect(first == 1 && second == 1)
  }
}

@Suite("Drain of a connection")
struct DrainTests {
  @Test("notice, round trip, final GOAWAY, last stream, close")
  func inOrder() {
    var drain = Drain()
    #expect(drain.begin() == .sendNotice)
    #expect(drain.begin() == .nothing)
    #expect(drain.streamsChanged(openStreams: 0) == .nothing)
    #expect(drain.roundTripEnded() == .sendGoAway)
    #expect(drain.roundTripEnded() == .nothing)
    #expect(drain.streamsChanged(openStreams: 1) == .nothing)
    #expect(drain.streamsChanged(openStreams: 0) == .close)
    #expect(drain.streamsChanged(openStreams: 0) == .nothing)
    #expect(drain.graceEnded() == .nothing)
  }

  @Test("the end of the grace cuts it short in every state", arguments: [false, true])
  func grace(afterRoundTrip: Bool) {
    var drain = Drain()
    #expect(drain.graceEnded() == .nothing)
    _ = drain.begin()
    if afterRoundTrip { _ = drain.roundTripEnded() }
    #expect(drain.graceEnded() == .abandon)
    #expect(drain.state == .closed)
  }

  @Test("a connection that closes by itself needs no drain")
  func closed() {
    var drain = Drain()
    drain.connectionClosed()
    #expect(drain.begin() == .nothing)
    #expect(drain.graceEnded() == .nothing)
  }
}

@Suite("Byte queue")
struct ByteQueueTests {
  @Test("gives back in order what was put in, whatever the sizes")
  func order() {
    var queue = ByteQueue()
    var written: [UInt8] = []
    var read: [UInt8] = []
    for step in 1...400 {
      let piece = (0..<(step * 7 % 97)).map { UInt8(truncatingIfNeeded: $0 &+ step) }
      piece.withUnsafeBytes { queue.append($0) }
      written += piece
      let taken = min(queue.count, step * 5 % 89)
      read += queue.bytes.prefix(taken)
      queue.consume(taken)
    }
    read += queue.bytes
    #expect(read == written)
  }

  @Test("is empty after everything was consumed, and can be used again")
  func empties() {
    var queue = ByteQueue()
    var sizes = [queue.count]
    queue.extend(by: 3).initializeMemory(as: UInt8.self, repeating: 7, count: 3)
    queue.consume(3)
    sizes.append(queue.count)
    queue.extend(by: 2).initializeMemory(as: UInt8.self, repeating: 8, count: 2)
    let held = [UInt8](queue.bytes)
    #expect(held == [8, 8])
    queue.removeAll()
    sizes.append(queue.bytes.count)
    #expect(sizes == [0, 0, 0])
  }
}

@Suite("Header block")
struct HeaderBlockTests {
  private func add(
    _ name: String, _ value: String, to builder: inout HeaderBlockBuilder, maxBytes: Int = 100,
    maxFields: Int = 3
  ) -> Bool {
    let name = Array(name.utf8)
    let value = Array(value.utf8)
    return name.withUnsafeBytes { name in
      value.withUnsafeBytes { value in
        builder.add(name, value, maxBytes: maxBytes, maxFields: maxFields)
      }
    }
  }

  @Test("keeps fields in order and forgets them at the next block")
  func fields() {
    var builder = HeaderBlockBuilder()
    _ = add("a", "1", to: &builder)
    _ = add("bb", "", to: &builder)
    let block = builder.block
    #expect(block.count == 2 && !block.isTruncated)
    #expect([UInt8](block.name(1)) == Array("bb".utf8))
    #expect(block.value(1).isEmpty)
    #expect([UInt8](block.value(0)) == Array("1".utf8))
    builder.begin()
    let next = builder.block
    #expect(next.count == 0)
  }

  @Test("leaves out what passes a bound, and gives up far beyond it")
  func bounds() {
    var builder = HeaderBlockBuilder()
    // 33 + 60 bytes: the next field would make it more than 100.
    var goesOn = [add("a", String(repeating: "x", count: 60), to: &builder)]
    goesOn.append(add("b", "y", to: &builder))
    let block = builder.block
    #expect(block.isTruncated && block.count == 1)
    goesOn.append(add("c", String(repeating: "z", count: 700), to: &builder))
    #expect(goesOn == [true, true, false])
    builder.begin()
    for _ in 0..<4 { _ = add("d", "", to: &builder, maxBytes: 1000) }
    let many = builder.block
    #expect(many.count == 3 && many.isTruncated)
  }
}
