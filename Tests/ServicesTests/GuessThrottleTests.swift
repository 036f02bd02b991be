import Messages
import RPC
import TestKit
import Testing
import Values

@testable import Services

@Suite("Addresses from which guesses fail")
struct GuessThrottleTests {
  private let peer = "203.0.113.9:50000"

  private static func at(_ second: Int64) -> Instant {
    Instant(microseconds: 1_795_234_500_000_000).adding(seconds: second)
  }

  /// For how long the address has to wait, in seconds.
  private func wait(_ throttle: GuessThrottle, _ peer: String, at second: Int64) -> Double? {
    do {
      try throttle.check(peer, at: Self.at(second))
      return nil
    } catch let error as RPCError {
      #expect(error.code == .resourceExhausted)
      guard case .after(let wait)? = error.retryPushback else { return nil }
      let told = error.details.compactMap { ($0 as? GoogleRPC.RetryInfo)?.retryDelay?.seconds }
      #expect(told == [wait.components.seconds])
      return Double(wait.components.seconds)
    } catch {
      Issue.record(error)
      return nil
    }
  }

  @Test("ten failures are free, then each doubles the wait up to a quarter of an hour")
  func backOff() {
    let throttle = GuessThrottle.ofLogins()
    for _ in 1...9 { throttle.fail(peer, at: Self.at(0)) }
    #expect(wait(throttle, peer, at: 0) == nil)
    for extra in 0...12 {
      throttle.fail(peer, at: Self.at(0))
      #expect(wait(throttle, "203.0.113.9:1", at: 0) == min(Double(1 << extra), 900))
    }
    // Its neighbour does not wait, and neither does whoever has no address.
    #expect(wait(throttle, "203.0.113.10:1", at: 0) == nil)
    for _ in 1...20 { throttle.fail("unix", at: Self.at(0)) }
    #expect(wait(throttle, "unix", at: 0) == nil)
    #expect(wait(throttle, peer, at: 899) == 1)
    #expect(wait(throttle, peer, at: 900) == nil)
  }

  @Test("failures are forgotten, one in ten minutes")
  func forgets() {
    let throttle = GuessThrottle.ofLogins()
    for _ in 1...10 { throttle.fail(peer, at: Self.at(0)) }
    #expect(wait(throttle, peer, at: 0) == 1)
    throttle.fail(peer, at: Self.at(1_800))
    #expect(wait(throttle, peer, at: 1_800) == nil)
  }

  @Test("a customer's network of IPv6 is one address")
  func networks() {
    let throttle = GuessThrottle.ofLogins()
    for host in 1...10 { throttle.fail("[2001:db8:1:2::\(host)]:7", at: Self.at(0)) }
    #expect(wait(throttle, "[2001:db8:1:2:ffff::1]:7", at: 0) == 1)
    #expect(wait(throttle, "[2001:db8:1:3::1]:7", at: 0) == nil)
  }

  @Test("of more addresses than are remembered those stay that failed most")
  func bounded() {
    let throttle = GuessThrottle.ofLogins()
    for _ in 1...15 { throttle.fail(peer, at: Self.at(0)) }
    for number in 0..<(GuessThrottle.limit + 10) {
      throttle.fail("10.\(number / 65_536).\(number / 256 % 256).\(number % 256):1", at: Self.at(0))
    }
    #expect(throttle.count <= GuessThrottle.limit)
    #expect(wait(throttle, peer, at: 0) == 32)
  }
}
