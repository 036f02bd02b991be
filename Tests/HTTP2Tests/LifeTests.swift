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
