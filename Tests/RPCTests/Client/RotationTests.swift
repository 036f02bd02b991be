import Testing

@testable import RPC

@Suite("Rotation")
struct RotationTests {
  private final class Link: Sendable {}

  /// The rotation, for use inside `#expect`, which cannot call what mutates.
  private final class Machine {
    typealias Decision = Rotation<String, Link>.Decision
    private var rotation: Rotation<String, Link>

    init(_ rotation: Rotation<String, Link>) { self.rotation = rotation }

    func pick(now: UInt64) -> Decision { rotation.pick(now: now) }
    func connected(_ attempt: Int, _ link: Link) -> Bool { rotation.connected(attempt, link) }
    func ended(_ attempt: Int, _ error: RPCError) { rotation.ended(attempt, error, chance: 0.5) }
    func resolved(_ addresses: [String], at now: UInt64) -> [Link] {
      rotation.resolved(addresses, at: now)
    }
    func notResolved(_ error: RPCError, at now: UInt64) {
      rotation.notResolved(error, at: now, chance: 0.5)
    }
  }

  private static let second: UInt64 = 1_000_000_000
  private let refused = RPCError(.unavailable, "refused")

  private func machine(_ addresses: [String]?) -> Machine {
    Machine(
      Rotation(
        addresses: addresses, backoff: Backoff(initial: .seconds(1), maximum: .seconds(120)),
        lookUpInterval: 30 * Self.second))
  }

  /// What the answer takes, or nil.
  private func taken(_ decision: Machine.Decision) -> Link? {
    if case .take(let link) = decision.answer { link } else { nil }
  }

  private func waits(_ decision: Machine.Decision) -> Bool {
    if case .wait = decision.answer { true } else { false }
  }

  private func failure(_ decision: Machine.Decision) -> (RPCError, UInt64)? {
    if case .fail(let error, let until) = decision.answer { (error, until) } else { nil }
  }

  @Test("the first call connects to every address and waits; then calls take turns")
  func roundRobin() {
    let machine = machine(["a", "b", "c"])
    let first = machine.pick(now: 0)
    #expect(waits(first) && first.attempts.map(\.address) == ["a", "b", "c"])
    #expect(waits(machine.pick(now: 0)) && machine.pick(now: 0).attempts.isEmpty)
    let links = (0..<3).map { _ in Link() }
    for (attempt, link) in zip(first.attempts, links) {
      #expect(machine.connected(attempt.number, link))
    }
    let turns = (0..<6).compactMap { _ in taken(machine.pick(now: 0)) }.map { link in
      links.firstIndex { $0 === link }
    }
    #expect(turns.prefix(3) == turns.suffix(3) && Set(turns).count == 3)
  }

  @Test("calls use what is there while other addresses are still connecting or rest")
  func partly() {
    let machine = machine(["a", "b"])
    let attempts = machine.pick(now: 0).attempts
    let link = Link()
    _ = machine.connected(attempts[1].number, link)
    #expect(taken(machine.pick(now: 0)) === link)
    machine.ended(attempts[0].number, refused)
    for _ in 0..<3 { #expect(taken(machine.pick(now: 0)) === link) }
  }

  @Test("pauses grow by 1.6 from one second to 120, counted from the begin of the attempt")
  func backsOff() {
    let machine = machine(["a"])
    var now: UInt64 = 0
    var pauses: [Double] = []
    for _ in 0..<14 {
      let attempt = machine.pick(now: now).attempts
      #expect(attempt.count == 1)
      machine.ended(attempt[0].number, refused)
      let (error, until) = failure(machine.pick(now: now)) ?? (RPCError(.ok, ""), 0)
      #expect(error.message == "refused")
      pauses.append(Double(until - now) / 1e9)
      // A moment before the end of the pause nothing is tried.
      #expect(machine.pick(now: until - 1).attempts.isEmpty)
      now = until
    }
    for (index, pause) in pauses.enumerated() {
      var expected = 1.0
      for _ in 0..<index { expected = min(expected * 1.6, 120) }
      #expect(abs(pause - expected) < 0.001)
    }
  }

  @Test("a connection that worked starts the pauses anew, and its address is tried at once")
  func recovers() {
    let machine = machine(["a"])
    let first = machine.pick(now: 0).attempts[0]
    machine.ended(first.number, refused)
    let second = machine.pick(now: Self.second).attempts[0]
    _ = machine.connected(second.number, Link())
    machine.ended(second.number, refused)
    let third = machine.pick(now: Self.second).attempts
    #expect(third.count == 1)
    machine.ended(third[0].number, refused)
    #expect(failure(machine.pick(now: Self.second))?.1 == 2 * Self.second)
  }

  @Test("jitter is a fifth either way")
  func jitter() {
    for (chance, pause) in [(0.0, 0.8), (0.5, 1.0), (0.999999, 1.2)] {
      var backoff = Backoff(initial: .seconds(1), maximum: .seconds(2))
      #expect(abs(backoff.pause(chance: chance) / .seconds(1) - pause) < 0.001)
    }
  }

  @Test("all addresses down: the first reason, and how many more")
  func allDown() {
    let machine = machine(["a", "b", "c"])
    for attempt in machine.pick(now: 0).attempts {
      machine.ended(attempt.number, refused)
    }
    #expect(
      failure(machine.pick(now: 0))?.0.message == "refused (nor any of the other 2 addresses)")
  }

  @Test("names are looked up for the first call, and again when an address fails, not too often")
  func lookUps() {
    let machine = machine(nil)
    let first = machine.pick(now: 0)
    #expect(first.resolves && waits(first) && first.attempts.isEmpty)
    #expect(machine.pick(now: 0).resolves == false)
    #expect(machine.resolved(["a", "b"], at: 0).isEmpty)
    let attempts = machine.pick(now: 0).attempts
    let (a, b) = (Link(), Link())
    _ = machine.connected(attempts[0].number, a)
    _ = machine.connected(attempts[1].number, b)
    #expect(machine.pick(now: 100 * Self.second).resolves == false)
    machine.ended(attempts[0].number, refused)
    #expect(machine.pick(now: 29 * Self.second).resolves == false)
    #expect(machine.pick(now: 30 * Self.second).resolves)
    // b stays connected, a is gone, c is new.
    #expect(machine.resolved(["b", "c"], at: 30 * Self.second).isEmpty)
    let next = machine.pick(now: 31 * Self.second)
    #expect(taken(next) === b && next.attempts.map(\.address) == ["c"])
    #expect(machine.resolved(["c"], at: 31 * Self.second).map { $0 === b } == [true])
  }

  @Test("a connection to an address that is not meant any more is not wanted")
  func lateConnection() {
    let machine = machine(nil)
    _ = machine.pick(now: 0)
    _ = machine.resolved(["a"], at: 0)
    let attempt = machine.pick(now: 0).attempts[0]
    _ = machine.resolved(["b"], at: 0)
    #expect(machine.connected(attempt.number, Link()) == false)
    machine.ended(attempt.number, refused)
    #expect(machine.pick(now: 0).attempts.map(\.address) == ["b"])
  }

  @Test("a name that cannot be looked up fails calls, is tried again later, and costs no address")
  func lookUpFails() {
    let machine = machine(nil)
    _ = machine.pick(now: 0)
    machine.notResolved(RPCError(.unavailable, "unknown host"), at: 0)
    #expect(failure(machine.pick(now: 0))?.0.message == "unknown host")
    #expect(machine.pick(now: Self.second).resolves)
    _ = machine.resolved(["a"], at: Self.second)
    let attempt = machine.pick(now: Self.second).attempts[0]
    let link = Link()
    _ = machine.connected(attempt.number, link)
    machine.ended(attempt.number, refused)
    #expect(machine.pick(now: 40 * Self.second).resolves)
    machine.notResolved(RPCError(.unavailable, "no answer"), at: 40 * Self.second)
    let again = machine.pick(now: 40 * Self.second)
    #expect(waits(again))
  }
}
