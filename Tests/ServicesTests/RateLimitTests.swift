import Identity
import Messages
import RPC
import TestKit
import Testing
import Values

@testable import Services

@Suite("Rate limits and quotas")
struct RateLimitTests {
  private static let start = Instant(microseconds: 1_795_234_500_000_000)
  private let list = CatalogV1.CatalogServiceMethods.listProducts
  private let get = OrdersV1.OrderServiceMethods.getOrder
  private let person = ID<Principal>(1)

  /// The wait in microseconds that a call is answered with; nil when it goes through.
  private func call(
    _ rates: RateLimits, _ method: MethodDescriptor, of principal: ID<Principal>? = nil,
    at microseconds: Int64 = 0
  ) throws -> Int64? {
    let now = Instant(microseconds: Self.start.microseconds + microseconds)
    let budget = try #require(rates.budget(of: principal ?? person, at: now))
    do {
      try budget.take(method, at: now)
      return nil
    } catch let error as RPCError {
      #expect(error.code == .resourceExhausted)
      guard case .after(let wait)? = error.retryPushback else { return nil }
      return wait.components.seconds * 1_000_000 + wait.components.attoseconds / 1_000_000_000_000
    }
  }

  @Test("so many at once, then one after the other, each principal for itself")
  func bucket() throws {
    let rates = RateLimits([try #require(RateLimit("CatalogService/ListProducts=4/2s"))])
    for _ in 1...4 { #expect(try call(rates, list) == nil) }
    #expect(try call(rates, list) == 500_000)
    #expect(try call(rates, list, at: 499_999) == 1)
    #expect(try call(rates, list, at: 500_000) == nil)
    #expect(try call(rates, list, at: 500_000) == 500_000)
    #expect(try call(rates, list, of: ID(2), at: 500_000) == nil)
    #expect(try call(rates, get, at: 500_000) == nil)
    for _ in 1...4 { #expect(try call(rates, list, at: 9_000_000) == nil) }
    #expect(try call(rates, list, at: 9_000_000) != nil)
  }

  @Test("what one limit refuses is not taken from the other")
  func several() throws {
    let rates = RateLimits([
      try #require(RateLimit("*=3/1h")), try #require(RateLimit("CatalogService/*=1/1s")),
    ])
    #expect(try call(rates, list) == nil)
    for _ in 1...5 { #expect(try call(rates, list) == 1_000_000) }
    #expect(try call(rates, get) == nil)
    #expect(try call(rates, get) == nil)
    #expect(try call(rates, get) == 1_200_000_000)
  }

  @Test(
    "what is no limit",
    arguments: [
      "", "*", "*=5", "*=0/1s", "*=5/0s", "*=5/1y", "*=-1/1s", "*=5/s", "OrderService/Guess=1/1s",
      "NoService/*=1/1s", "*=5/1s=2",
    ])
  func malformed(text: String) { #expect(RateLimit(text) == nil) }

  @Test("of more principals than are remembered, those who have used nothing are forgotten")
  func bounded() throws {
    let rates = RateLimits([try #require(RateLimit("*=1/1h"))])
    #expect(try call(rates, list, of: ID(0)) == nil)
    for number in 1...Int64(RateLimits.limit) {
      _ = rates.budget(of: ID(number), at: Self.start)
    }
    #expect(rates.count <= RateLimits.limit)
    #expect(try call(rates, list, of: ID(0)) != nil)
  }

  @Test("a caller beyond its limit is told when to come again, and others are served")
  func service() async throws {
    let gate = try await Gatehouse {
      $0.rates = ["CatalogService/ListProducts=2/1m"].compactMap { RateLimit($0) }
    }
    _ = try await gate.shop.identity.createMachine(
      .init(name: "feed", kind: .service, displayName: "Feed", roles: ["INTEGRATION"]),
      options: gate.command(gate.admin))
    let key = bearer(
      try await gate.shop.identity.issueKey(
        .init(principal: "feed"), options: gate.command(gate.admin)
      ).secret)
    let list = { (options: CallOptions) in
      _ = try await gate.shop.catalog.listProducts(.init(), options: options)
    }
    for _ in 1...2 { try await list(gate.admin) }
    let refused = await refusal { try await list(gate.admin) }
    #expect(refused?.code == .resourceExhausted)
    #expect(reason(refused) == "RATE_LIMITED")
    #expect(refused?.retryPushback == .after(.seconds(30)))
    #expect(refused?.detail(GoogleRPC.RetryInfo.self)?.retryDelay?.seconds == 30)
    try await list(key)
    // Another token of the same person is the same person.
    try await gate.renew()
    #expect(reason(await refusal { try await list(gate.admin) }) == "RATE_LIMITED")
    gate.shop.clock.advance(seconds: 30)
    try await list(gate.admin)
    #expect(reason(await refusal { try await list(gate.admin) }) == "RATE_LIMITED")
    gate.shop.use(rates: [])
    for _ in 1...5 { try await list(gate.admin) }
    try await gate.close()
  }
}
