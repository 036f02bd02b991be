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
    let full = "\(method.service)/\(method.name)"
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
  /// Of one principal: when each of its limits would be as if never used.
  final class Budget: Sendable {
    fileprivate let restored: Mutex<[Int64]>

    fileprivate init(_ count: Int) { restored = Mutex([Int64](repeating: .min, count: count)) }
  }

  private let limits: [RateLimit]
  /// The limits that hold for each method.
  private let byMethod: [String: [Int]]
  private let budgets = Mutex<[ID<Principal>: Budget]>([:])
  /// Principals that are remembered; when there are more, those with nothing used are forgotten, or
  /// else all.
  static let limit = 10_000

  init(_ limits: [RateLimit]) {
    self.limits = limits
    let methods = DescriptorPool.joinery.services.flatMap(\.methods).map(\.descriptor)
    byMethod = Dictionary(
      methods.map { method in
        (method.path, limits.indices.filter { limits[$0].covers(method) })
      }, uniquingKeysWith: { first, _ in first }
    ).filter { !$0.value.isEmpty }
  }

  /// Principals that are remembered at present.
  var count: Int { budgets.withLock { $0.count } }

  /// Nil where there are no limits.
  func budget(of principal: ID<Principal>, at now: Instant) -> Budget? {
    guard !limits.isEmpty else { return nil }
    return budgets.withLock { budgets in
      if let found = budgets[principal] { return found }
      if budgets.count >= Self.limit {
        budgets = budgets.filter { _, budget in
          budget.restored.withLock { $0.contains { $0 > now.microseconds } }
        }
        if budgets.count >= Self.limit { budgets = [:] }
      }
      let fresh = Budget(limits.count)
      budgets[principal] = fresh
      return fresh
    }
  }

  /// Takes one call of each limit that holds for the method, or refuses it and takes none.
  func take(_ method: MethodDescriptor, from budget: Budget, at now: Instant) throws {
    guard let concerned = byMethod[method.path] else { return }
    let present = now.microseconds
    let exceeded: (limit: RateLimit, wait: Int64)? = budget.restored.withLock { restored in
      for index in concerned {
        let limit = limits[index]
        let after = max(restored[index], present) + limit.microseconds / limit.count
        let excess = after - present - limit.microseconds
        if excess > 0 { return (limit, excess) }
      }
      for index in concerned {
        restored[index] =
          max(restored[index], present) + limits[index].microseconds / limits[index].count
      }
      return nil
    }
    guard let exceeded else { return }
    throw Pushback.status(
      "RATE_LIMITED", "The limit \(exceeded.limit) is used up", ["limit": "\(exceeded.limit)"],
      after: .microseconds(exceeded.wait))
  }
}
