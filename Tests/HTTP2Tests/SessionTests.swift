import NIOCore
import Testing

@testable import HTTP2

@Suite("Session")
struct SessionTests {
  private let ok = StaticFields([(":status", "200")])
  private let trailers = StaticFields([("status", "0")])

  private func send(_ text: String, on stream: Stream) {
    let bytes = Array(text.utf8)
    stream.allocateBody(bytes.count)?.copyMemory(from: bytes, byteCount: bytes.count)
  }

  private func send(_ size: Int, on stream: Stream) {
    stream.allocateBody(size)?.initializeMemory(as: UInt8.self, repeating: 1, count: size)
  }

  @Test("rests between streams, and carries on")
  func rests() throws {
    let pair = SessionPair()
    for round in 1...3 {
      let response = RecordingConsumer()
      let request = try #require(pair.request(consumer: response))
      request.finish()
      pair.pump()
      #expect(!pair.serverSession.rest() && !pair.clientSession.rest())
      try #require(pair.server.streams.last).sendHeaders(ok, end: true)
      pair.pump()
      #expect(response.blocks == [[":status=200"]])
      #expect(pair.server.streams.count == round)
      #expect(pair.serverSession.rest() && pair.clientSession.rest())
    }
  }

  @Test("carries a request and a response with trailers")
  func exchange() throws {
    let pair = SessionPair()
    #expect(pair.server.spoke == 1 && pair.client.spoke == 1)
    #expect(pair.server.acknowledged == 1 && pair.client.acknowledged == 1)
    let response = RecordingConsumer()
    let request = try #require(pair.request("/b", consumer: response))
    send("ping", on: request)
    request.finish()
    pair.pump()

    let seen = try #require(pair.server.accepted.first)
    #expect(seen.blocks == [[":method=POST", ":scheme=http", ":path=/b", ":authority=x"]])
    #expect(seen.body == Array("ping".utf8) && seen.ends == 1)
    let stream = try #require(pair.server.streams.first)
    stream.sendHeaders(ok, end: false)
    send("pong", on: stream)
    stream.finish(trailers: trailers)
    pair.pump()

    #expect(response.blocks == [[":status=200"], ["status=0"]])
    #expect(response.body == Array("pong".utf8) && response.ends == 1)
    #expect(response.closures == [.code(.noError)] && seen.closures == [.code(.noError)])
    #expect(pair.serverSession.openStreams == 0 && pair.clientSession.openStreams == 0)
  }

  @Test("a stream without body between headers and trailers has no DATA frame")
  func emptyBody() throws {
    let pair = SessionPair()
    try #require(pair.request(consumer: RecordingConsumer())).finish()
    pair.pump()
    let stream = try #require(pair.server.streams.first)
    stream.sendHeaders(ok, end: false)
    stream.finish(trailers: trailers)
    #expect(pair.serverFrames().map(\.type) == [1, 1])
  }

  @Test("an early answer is followed by RST_STREAM(NO_ERROR), not preceded")
  func earlyAnswer() throws {
    let pair = SessionPair()
    let request = try #require(pair.request(consumer: RecordingConsumer()))
    send("half", on: request)
    pair.pump()
    let stream = try #require(pair.server.streams.first)
    stream.sendHeaders(ok, end: true)
    let frames = pair.serverFrames().filter { $0.stream == 1 }
    #expect(frames.map(\.type) == [1, 3])
    #expect(frames.last?.payload == [0, 0, 0, 0])
  }

  @Test("a body larger than the window waits for it and continues")
  func flowControl() throws {
    let pair = SessionPair()
    let request = try #require(pair.request(consumer: RecordingConsumer()))
    let size = 1_000_000
    send(size, on: request)
    request.finish()
    pair.pump()
    let seen = try #require(pair.server.accepted.first)
    let stream = try #require(pair.server.streams.first)
    #expect(seen.body.count == 256 * 1024)
    #expect(request.queuedBytes == size - 256 * 1024)
    while seen.body.count < size {
      let before = seen.body.count
      stream.consume(before)
      pair.pump()
      try #require(seen.body.count > before)
    }
    #expect(seen.ends == 1 && request.queuedBytes == 0)
  }

  @Test("a stream that closes with unread bytes gives the connection its window back")
  func connectionWindow() throws {
    let pair = SessionPair()
    // 8 MB pass through a window of 2 MiB, none of it consumed.
    for _ in 0..<40 {
      let request = try #require(pair.request(consumer: RecordingConsumer()))
      send(200_000, on: request)
      pair.pump()
      request.reset(.cancel)
      pair.pump()
    }
    #expect(pair.server.accepted.count == 40)
    #expect(pair.server.accepted.allSatisfy { $0.body.count == 200_000 })
  }

  @Test("tells the writer when its queue has emptied")
  func drained() throws {
    let pair = SessionPair()
    try #require(pair.request(consumer: RecordingConsumer())).finish()
    pair.pump()
    let stream = try #require(pair.server.streams.first)
    stream.lowWaterBytes = 100
    stream.sendHeaders(ok, end: false)
    send(150, on: stream)
    #expect(pair.serverSession.queuedBytes == 150)
    pair.pump()
    #expect(pair.server.accepted[0].drains == 1 && pair.serverSession.queuedBytes == 0)
  }

  @Test("abandoning closes every stream once, and they refuse further use")
  func abandon() throws {
    let pair = SessionPair()
    let consumers = (0..<3).map { _ in RecordingConsumer() }
    let streams = consumers.map { pair.request(consumer: $0) }
    pair.pump()
    pair.clientSession.abandon(atMost: 2)
    #expect(pair.clientSession.openStreams == 1)
    #expect(consumers.map(\.closures.count).reduce(0, +) == 2)
    pair.clientSession.abandon()
    pair.clientSession.abandon()
    for consumer in consumers { #expect(consumer.closures == [.connectionLost]) }
    #expect(pair.clientSession.openStreams == 0)
    #expect(streams[0]?.allocateBody(1) == nil)
    streams[0]?.reset(.cancel)
    streams[0]?.finish()
  }

  @Test("too many header bytes are cut off and reported, the stream lives")
  func largeHeaders() throws {
    let pair = SessionPair()
    let value = String(repeating: "v", count: 5000)
    let whole = Frame.headers(1, end: true, extra: (0..<4).map { ("k\($0)", value) }).payload
    pair.inject(
      Frame(type: 1, flags: 1, stream: 1, payload: Array(whole.prefix(16_000))).bytes
        + Frame(type: 9, flags: 4, stream: 1, payload: Array(whole.dropFirst(16_000))).bytes)
    #expect(pair.serverIsAlive)
    let seen = try #require(pair.server.accepted.first)
    #expect(seen.isTruncated && seen.ends == 1)
  }

  @Test("a header block byte by byte is no flood")
  func byteByByte() throws {
    let pair = SessionPair()
    let whole = Frame.headers(1, end: true).payload
    let frames =
      Frame(type: 1, flags: 1, stream: 1, payload: Array(whole.prefix(5))).bytes
      + Frame(type: 9, flags: 4, stream: 1, payload: Array(whole.dropFirst(5))).bytes
    for (index, byte) in frames.enumerated() {
      pair.inject([byte])
      try #require(pair.serverIsAlive)
      #expect(
        (pair.serverSession.headerBlockStream != 0) == (index >= 8 && index < frames.count - 1))
    }
    #expect(pair.server.accepted.count == 1)
  }
}

@Suite("Session that ends")
struct SessionEndTests {
  // A PING that overtakes the notice is answered by a peer that knows of no end yet, and the
  // requests that it sends behind its answer would be refused.
  @Test("the PING that tells when the notice has arrived leaves behind it")
  func noticeThenPing() {
    let pair = SessionPair()
    pair.serverSession.submitShutdownNotice()
    #expect(pair.serverFrames().map(\.type) == [7, 6])
  }
}

@Suite("Session under attack")
struct SessionAttackTests {
  private func goAway(_ pair: SessionPair) -> UInt8? {
    pair.serverFrames().compactMap(\.goAwayCode).last
  }

  @Test("rapid reset ends the connection soon after the burst")
  func rapidReset() {
    var limits = ConnectionLimits()
    limits.resets = .init(burst: 50, perSecond: 1)
    let pair = SessionPair(limits: limits)
    var code: UInt8?
    var sent = 0
    for index in 0..<1000 where code == nil {
      let id = UInt32(2 * index + 1)
      pair.inject(Frame.headers(id).bytes + Frame.reset(id).bytes)
      sent += 1
      code = goAway(pair)
    }
    #expect(code == 11 && sent <= 60)
  }

  @Test("resets provoked by window overflow end the connection (MadeYouReset)")
  func madeYouReset() {
    let pair = SessionPair()
    var code: UInt8?
    var sent = 0
    for index in 0..<1000 where code == nil {
      let id = UInt32(2 * index + 1)
      pair.inject(
        Frame.headers(id, end: true).bytes + Frame.windowUpdate(id, by: 0x7FFF_FFFF).bytes)
      sent += 1
      code = goAway(pair)
    }
    #expect(code == 11)
    #expect(sent > 90 && sent <= 110)
  }

  @Test("a flood of control frames ends the connection, read or not", arguments: [true, false])
  func controlFlood(reads: Bool) {
    var limits = ConnectionLimits()
    limits.controlFrames = .init(burst: 500, perSecond: 0)
    let priority = Frame(type: 2, flags: 0, stream: 1, payload: [0, 0, 0, 0, 15])
    let unknown = Frame(type: 0xFA, flags: 0, stream: 1, payload: [])
    for frame in [Frame.ping(), .settings(), .windowUpdate(0, by: 1), priority, unknown] {
      let pair = SessionPair(limits: limits)
      var code: UInt8?
      for _ in 0..<600 where code == nil && pair.serverIsAlive {
        pair.inject(frame.bytes)
        if reads { code = goAway(pair) }
      }
      #expect((code ?? goAway(pair)) == 11, "frame type \(frame.type)")
    }
  }

  @Test("a flood of empty DATA frames ends the connection")
  func emptyData() {
    var limits = ConnectionLimits()
    limits.controlFrames = .init(burst: 100, perSecond: 0)
    let pair = SessionPair(limits: limits)
    pair.inject(Frame.headers(1).bytes)
    for _ in 0..<200 { pair.inject(Frame.data(1).bytes) }
    #expect(goAway(pair) == 11)
  }

  @Test("endless CONTINUATION frames end the connection")
  func continuations() {
    let pair = SessionPair()
    pair.inject(Frame(type: 1, flags: 0, stream: 1, payload: []).bytes)
    for _ in 0..<100 where pair.serverIsAlive {
      pair.inject(Frame(type: 9, flags: 0, stream: 1, payload: []).bytes)
    }
    #expect(!pair.serverIsAlive && pair.serverSession.fault.code == .enhanceYourCalm)
  }

  @Test("junk instead of the preface is fatal at once")
  func junk() {
    let server = Recorder()
    let session = Session(.server, limits: ConnectionLimits(), delegate: server)
    #expect(!Array("GET / HTTP/1.1\r\n\r\n".utf8).withUnsafeBytes(session.receive))
    #expect(server.spoke == 0)
  }

  @Test("random frames never crash the session")
  func randomFrames() {
    for _ in 0..<300 {
      let pair = SessionPair()
      pair.inject(Frame.headers(1).bytes)
      for _ in 0..<20 where pair.serverIsAlive {
        let payload = (0..<Int.random(in: 0...30)).map { _ in UInt8.random(in: 0...255) }
        let frame = Frame(
          type: .random(in: 0...12), flags: .random(in: 0...255), stream: .random(in: 0...5),
          payload: payload)
        pair.inject(frame.bytes)
        _ = pair.serverFrames()
      }
      pair.serverSession.abandon()
      #expect(pair.serverSession.openStreams == 0)
    }
  }
}
