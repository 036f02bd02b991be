import Testing

@testable import HTTP2

@Suite("Frame meter")
struct FrameMeterTests {
  private func tally(_ frames: [Frame], isServer: Bool = true, pieces: Int? = nil)
    -> FrameMeter.Tally
  {
    var meter = FrameMeter(isServer: isServer)
    var sum = FrameMeter.Tally()
    let bytes = (isServer ? Frame.preface : []) + frames.flatMap(\.bytes)
    let size = pieces ?? bytes.count
    for start in stride(from: 0, to: bytes.count, by: size) {
      let part = Array(bytes[start..<min(start + size, bytes.count)])
      let counted = part.withUnsafeBytes { meter.pass($0) }
      sum.idle += counted.idle
      sum.resets += counted.resets
      sum.isBroken = sum.isBroken || counted.isBroken
    }
    return sum
  }

  private let mixture = [
    Frame.settings(), Frame.headers(1), Frame.data(1, [1, 2, 3, 4, 5]), Frame.data(1, [1]),
    Frame.data(1), Frame.data(1, end: true), Frame.headers(3, end: true), Frame.reset(3),
    Frame(type: 250, flags: 255, stream: 9, payload: [UInt8](repeating: 7, count: 300)),
    Frame.headers(1), Frame.windowUpdate(0, by: 1), Frame.ping(),
  ]

  @Test("counts what moves nothing, wherever the bytes are cut", arguments: [1, 2, 7, 9, 10, 1000])
  func cuts(size: Int) {
    // SETTINGS, two crumbs of DATA, RST_STREAM, the unknown one, HEADERS of an old stream,
    // WINDOW_UPDATE, PING.
    #expect(tally(mixture, pieces: size) == FrameMeter.Tally(idle: 8, resets: 1))
  }

  @Test("PRIORITY of the connection is broken, of a stream it is not")
  func priority() {
    let payload: [UInt8] = [0, 0, 0, 0, 15]
    let verdicts = [UInt32(0), 1].map {
      tally([Frame(type: 2, flags: 0, stream: $0, payload: payload)]).isBroken
    }
    #expect(verdicts == [true, false])
  }

  @Test("padding does not make a crumb a loaf")
  func padding() {
    let padded = Frame(
      type: 0, flags: 8, stream: 1, payload: [200] + [UInt8](repeating: 0, count: 204))
    let body = Frame(
      type: 0, flags: 8, stream: 1, payload: [0] + [UInt8](repeating: 0, count: 1000))
    #expect(tally([Frame.headers(1), padded, body]).idle == 1)
  }

  @Test("at a client every HEADERS frame counts, and no reset")
  func client() {
    let frames = [Frame.headers(1), Frame.headers(1, end: true), Frame.reset(3)]
    #expect(tally(frames, isServer: false) == FrameMeter.Tally(idle: 3, resets: 0))
  }
}

@Suite("Progress")
struct ProgressTests {
  @Test("nothing, or next to nothing, for the whole time is stuck")
  func stuck() {
    var progress = Progress()
    let verdicts = [(0, 0), (10, 40), (1000, 99), (1023, 100), (1023, 250)].map { sent, now in
      progress.isStuck(queued: 5000, sent: sent, isBlocked: true, now: now, limit: 100)
    }
    #expect(verdicts == [false, false, false, true, true])
  }

  @Test("a kilobyte, or all there was, is movement")
  func moves() {
    var progress = Progress()
    let many = (0..<12).map { step in
      progress.isStuck(
        queued: 9000, sent: 1024 * step, isBlocked: true, now: UInt64(90 * step), limit: 100)
    }
    #expect(!many.contains(true))
    var small = Progress()
    let all = [(0, 0), (7, 200)].map { sent, now in
      small.isStuck(queued: 7, sent: sent, isBlocked: true, now: now, limit: 100)
    }
    #expect(all == [false, false])
  }

  @Test("who waits for something else is not stuck, and the time begins anew")
  func others() {
    var progress = Progress()
    let verdicts = [(7, true, 0), (7, false, 150), (0, true, 160), (7, true, 170), (7, true, 269)]
      .map { progress.isStuck(queued: $0, sent: 0, isBlocked: $1, now: $2, limit: 100) }
    #expect(!verdicts.contains(true))
    let last = progress.isStuck(queued: 7, sent: 0, isBlocked: true, now: 270, limit: 100)
    #expect(last)
  }
}

@Suite("Windows that stay shut")
struct ShutWindowTests {
  private let ok = StaticFields([(":status", "200")])

  /// A server session whose one response waits for window: of the stream, or of the connection.
  private func waiting(windows: [UInt8]) -> SessionPair {
    let pair = SessionPair()
    pair.inject(
      Frame(type: 4, flags: 0, stream: 0, payload: [0, 4] + windows).bytes
        + Frame.headers(1, end: true).bytes)
    let stream = pair.server.streams.last
    stream?.sendHeaders(ok, end: false)
    // More than the 2 MiB that the connection admits.
    let size = 3_000_000
    stream?.allocateBody(size)?.initializeMemory(as: UInt8.self, repeating: 1, count: size)
    stream?.finish()
    _ = pair.serverFrames()
    return pair
  }

  @Test("of a stream: it is reset with ENHANCE_YOUR_CALM")
  func stream() {
    let pair = waiting(windows: [0, 0, 0, 0])
    #expect(pair.serverSession.resetStuckStreams(now: 0, limit: 100))
    #expect(pair.serverSession.resetStuckStreams(now: 99, limit: 100))
    #expect(pair.serverFrames().isEmpty)
    #expect(pair.serverSession.resetStuckStreams(now: 100, limit: 100))
    let frames = pair.serverFrames()
    #expect(frames.map(\.type) == [3] && frames.first?.payload == [0, 0, 0, 11])
    #expect(pair.server.accepted.last?.closures == [.code(.enhanceYourCalm)])
    #expect(pair.serverSession.queuedBytes == 0)
  }

  @Test("of the connection: it is of no use after twice the time")
  func connection() {
    let pair = waiting(windows: [0x7F, 0xFF, 0xFF, 0xFF])
    let alive = [0, 100, 199, 200].map {
      pair.serverSession.resetStuckStreams(now: $0, limit: 100)
    }
    #expect(alive == [true, true, true, false])
    #expect(pair.serverFrames().isEmpty)
  }

  @Test("a stream with window is not to blame")
  func open() {
    let pair = waiting(windows: [0x7F, 0xFF, 0xFF, 0xFF])
    _ = pair.serverSession.resetStuckStreams(now: 0, limit: 100)
    pair.inject(Frame.windowUpdate(0, by: 500_000).bytes)
    _ = pair.serverFrames()
    #expect(pair.serverSession.resetStuckStreams(now: 250, limit: 100))
    pair.inject(Frame.windowUpdate(0, by: 500_000).bytes)
    #expect(pair.serverFrames().contains { $0.type == 0 && $0.flags & 1 != 0 })
  }
}
