import NIOCore
import Testing

@testable import HTTP2

@Suite("Ping strikes")
struct PingStrikesTests {
  private func verdicts(_ times: [UInt64]) -> [Bool] {
    var strikes = PingStrikes(interval: 10)
    return times.map { strikes.pingReceived(now: $0) }
  }

  @Test("the third that comes too early is one too many")
  func tooMany() {
    #expect(verdicts([0, 9, 18, 27]) == [false, false, false, true])
    #expect(verdicts([0, 0, 0, 0]) == [false, false, false, true])
  }

  @Test("whoever waits long enough may ask for ever; patience does not undo a strike")
  func patience() {
    #expect(!verdicts((0..<100).map { $0 * 10 }).contains(true))
    #expect(verdicts([0, 1, 2, 50, 100, 101]) == [false, false, false, false, false, true])
  }

  @Test("what we send wipes the slate")
  func work() {
    var strikes = PingStrikes(interval: 10)
    var verdicts: [Bool] = []
    for time in 0..<100 {
      if time % 3 == 0 { strikes.workSent() }
      verdicts.append(strikes.pingReceived(now: UInt64(time)))
    }
    #expect(!verdicts.contains(true))
  }

  @Test("the session ends such a connection and says why")
  func session() {
    let pair = SessionPair()
    for _ in 0..<3 { pair.inject(Frame.ping().bytes) }
    #expect(!pair.serverFrames().contains { $0.type == 7 })
    pair.inject(Frame.ping().bytes)
    let goAways = pair.serverFrames().filter { $0.type == 7 }
    #expect(goAways.first?.goAwayCode == 11)
    #expect(goAways.first?.payload.dropFirst(8) == Array("too_many_pings".utf8)[...])
    #expect(pair.serverSession.isOver)
  }
}

@Suite("Keepalive")
struct KeepaliveTests {
  @Test("asks after the time, gives up after the timeout")
  func silence() {
    var keepalive = Keepalive(time: 100, timeout: 20, now: 1000)
    #expect(keepalive.check(now: 1000, isNeeded: true) == .wait(100))
    #expect(keepalive.check(now: 1099, isNeeded: true) == .wait(1))
    #expect(keepalive.check(now: 1100, isNeeded: true) == .ping(thenWait: 20))
    #expect(keepalive.check(now: 1119, isNeeded: true) == .wait(1))
    #expect(keepalive.check(now: 1120, isNeeded: true) == .giveUp)
  }

  @Test("any byte is a sign of life")
  func life() {
    var keepalive = Keepalive(time: 100, timeout: 20, now: 0)
    keepalive.heard(now: 90)
    #expect(keepalive.check(now: 100, isNeeded: true) == .wait(90))
    #expect(keepalive.check(now: 190, isNeeded: true) == .ping(thenWait: 20))
    keepalive.heard(now: 195)
    #expect(keepalive.check(now: 210, isNeeded: true) == .wait(85))
  }

  @Test("asks nobody who would not be missed, but awaits the answer to what was asked")
  func unneeded() {
    var keepalive = Keepalive(time: 100, timeout: 20, now: 0)
    #expect(keepalive.check(now: 100, isNeeded: false) == .wait(100))
    #expect(keepalive.check(now: 200, isNeeded: true) == .ping(thenWait: 20))
    #expect(keepalive.check(now: 220, isNeeded: false) == .giveUp)
  }
}

@Suite("Alarms")
struct AlarmsTests {
  @Test("the earliest rings first, each once, and what was cancelled does not")
  func order() {
    var alarms = Alarms()
    #expect(alarms.earliest == nil)
    alarms.set(.idle, to: 30)
    alarms.set(.preface, to: 20)
    alarms.set(.settings, to: 10)
    #expect(alarms.earliest == 10)
    alarms.cancel(.settings)
    #expect(alarms.earliest == 20 && !alarms.isSet(.settings) && alarms.isSet(.idle))
    var rung: [Alarms.Kind] = []
    while let kind = alarms.takeDue(now: 30) { rung.append(kind) }
    #expect(Set(rung) == [.preface, .idle] && rung.count == 2)
    #expect(alarms.earliest == nil)
  }

  @Test("there is a place for each kind")
  func kinds() {
    var alarms = Alarms()
    for kind in Alarms.Kind.allCases { alarms.set(kind, to: UInt64(kind.rawValue)) }
    #expect(alarms.earliest == 0)
    #expect(Alarms.Kind.allCases.allSatisfy { alarms.isSet($0) })
  }
}

@Suite("Memory that sessions share")
struct SessionMemoryTests {
  private let ok = StaticFields([(":status", "200")])

  /// Two servers in one memory, whose frames are made and taken in turn.
  @Test("two sessions that send by turns do not disturb each other")
  func turns() {
    let memory = SessionMemory()
    let recorders = [Recorder(), Recorder()]
    let sessions = recorders.map {
      Session(.server, limits: ConnectionLimits(), delegate: $0, memory: memory)
    }
    let hello = Frame.preface + Frame.settings().bytes
    for session in sessions { #expect(hello.withUnsafeBytes(session.receive)) }
    // Header blocks of many frames, bodies of many frames, taken a piece at a time.
    var fields = HeaderFields()
    for index in 0..<10 {
      fields.add("x-\(index)", String(repeating: "\(index)", count: 6000).utf8)
    }
    for (session, recorder) in zip(sessions, recorders) {
      let request = Frame.headers(1, end: true).bytes + Frame.windowUpdate(0, by: 100_000).bytes
      #expect(request.withUnsafeBytes(session.receive))
      recorder.streams[0].sendHeaders(ok, fields, end: false)
      let fill = UInt8(ObjectIdentifier(session).hashValue & 0x7F)
      recorder.streams[0].allocateBody(60_000)?
        .initializeMemory(as: UInt8.self, repeating: fill, count: 60_000)
      recorder.streams[0].finish()
    }
    var outputs: [[UInt8]] = [[], []]
    for _ in 0..<200 {
      for (index, session) in sessions.enumerated() {
        outputs[index] += session.drain(limit: 1).readableBytesView
      }
    }
    let blocks = outputs.map { output in
      Frame.parse(output).filter { $0.type == 1 || $0.type == 9 }.flatMap(\.payload)
    }
    #expect(blocks[0].count > 40_000 && blocks[0] == blocks[1])
    for (output, session) in zip(outputs, sessions) {
      let fill = UInt8(ObjectIdentifier(session).hashValue & 0x7F)
      let body = Frame.parse(output).filter { $0.type == 0 }.flatMap(\.payload)
      #expect(body == [UInt8](repeating: fill, count: 60_000))
      session.abandon()
    }
  }
}
