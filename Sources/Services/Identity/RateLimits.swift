internal import Identity
internal import Messages
internal import RPC
private import Synchronization
internal import Values

/// How many calls of some methods each principal may make in a time: "*=500/1s",
/// "OrderService/PlaceOrder=100/1m", "ReportService/*=1000/1d". A quota is nothing else than a
/// limit over a long time.
package struct RateLimit: Hashable, Sendable, CustomStringConvertible {
  package let description: String
  let methods: String
  let count: Int64
  /// The time in which so many calls may come at once, and after which all may come again.
  let microseconds: Int64

  /// Nil for what is none, or names no method of the API.
  package init?(_ text: String) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let slash = parts[1].firstIndex(of: "/"),
      let count = Int64(parts[1][..<slash]), (1...1_000_000).contains(count),
      let period = Self.period(parts[1][parts[1].index(after: slash)...])
    else { return nil }
    description = text
    methods = String(parts[0])
    self.count = count
    microseconds = period
    guard Self.all.contains(where: covers) else { return nil }
  }

  func covers(_ method: MethodDescriptor) -> Bool {
    if methods == "*" { return true }
    let full = method.fullName
    let short = full.split(separator: ".").last.map(String.init) ?? full
    guard methods.hasSuffix("/*") else { return methods == full || methods == short }
    let service = methods.dropLast(2)
    return service == method.service || short == "\(service)/\(method.name)"
  }

  private static var all: [MethodDescriptor] {
    DescriptorPool.joinery.services.flatMap(\.methods).map(\.descriptor)
  }

  private static func period(_ text: Substring) -> Int64? {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
      (1...1_000).contains(count)
    else { return nil }
    return count * unit * 1_000_000
  }
}

/// What each principal has left of its limits. A call looks at its own principal's only, under a
/// lock that calls of others never take.
final class RateLimits: Sendable {
  /// Of one principal.
  final class Budget: Sendable {
    private let table: Table
    /// When each of the limits would be as if never used.
    private let restored: Mutex<[Int64]>

    fileprivate init(_ table: Table) {
      self.table = table
      restored = Mutex([Int64](repeating: .min, count: table.limits.count))
    }

    fileprivate func isUsed(at now: Instant) -> Bool {
      restored.withLock { $0.contains { $0 > now.microseconds } }
    }

    /// Takes one call of each limit that holds for the method, or refuses it and takes none.
    func take(_ method: MethodDescriptor, at now: Instant) throws {
      guard let concerned = table.byMethod[method.path] else { return }
      let exceeded = restored.withLock { table.take(concerned, of: &$0, at: now.microseconds) }
      guard let exceeded else { return }
      throw Pushback.status(
        "RATE_LIMITED", "The limit \(exceeded.limit) is used up", ["limit": "\(exceeded.limit)"],
        after: .microseconds(exceeded.wait))
    }
  }

  private let table: Table
  private let budgets = Mutex<[ID<Principal>: Budget]>([:])
  /// Principals that are remembered; when there are more, those with nothing used are forgotten, or
  /// else all.
  static let limit = 10_000

  init(_ limits: [RateLimit]) {
    table = Table(limits)
  }

  /// Principals that are remembered at present.
  var count: Int { budgets.withLock { $0.count } }

  /// Nil where there are no limits.
  func budget(of principal: ID<Principal>, at now: Instant) -> Budget? {
    guard !table.limits.isEmpty else { return nil }
    return budgets.withLock { budgets in
      if let found = budgets[principal] { return found }
      if budgets.count >= Self.limit {
        budgets = budgets.filter { _, budget in budget.isUsed(at: now) }
        if budgets.count >= Self.limit { budgets = [:] }
      }
      let fresh = Budget(table)
      budgets[principal] = fresh
      return fresh
    }
  }
}

/// The limits, and which of them hold for each method.
private struct Table: Sendable {
  let limits: [RateLimit]
  let byMethod: [String: [Int]]

  init(_ limits: [RateLimit]) {
    self.limits = limits
    let methods = DescriptorPool.joinery.services.flatMap(\.methods).map(\.descriptor)
    byMethod = Dictionary(
      methods.map { method in
        (method.path, limits.indices.filter { limits[$0].covers(method) })
      }, uniquingKeysWith: { first, _ in first }
    ).filter { !$0.value.isEmpty }
  }

  /// Nil when a call of each of these limits was taken, else the first that is used up, and for how
  /// many microseconds. Each call puts off the moment at which its limit would be as if never used;
  /// that may be as far away as the limit's time (the generic cell rate algorithm).
  func take(
    _ concerned: [Int], of restored: inout [Int64], at now: Int64
  ) -> (limit: RateLimit, wait: Int64)? {
    for index in concerned {
      let limit = limits[index]
      let after = max(restored[index], now) + limit.microseconds / limit.count
      let excess = after - now - limit.microseconds
      if excess > 0 { return (limit, excess) }
    }
    for index in concerned {
      restored[index] = max(restored[index], now) + limits[index].microseconds / limits[index].count
    }
    return nil
  }
}
