import MasterData
package import Storage
import Values

extension SalesOrders {
  /// A part of a list.
  package struct Page: Sendable {
    package let orders: [SalesOrderSummary]
    /// What was looked at last, where there may be more.
    package let next: Key?

    /// `found` is one more than `limit` where there is another page.
    fileprivate init(_ found: [SalesOrderSummary], limit: Int) {
      orders = Array(found.prefix(limit))
      next = found.count > limit ? orders.last.map { Key(after: $0) } : nil
    }

    init(_ orders: [SalesOrderSummary], next: Key?) {
      self.orders = orders
      self.next = next
    }
  }

  /// Up to `limit` orders, the newest first, from the one after `key` on (nil: from the newest).
  /// Where more is asked than an index leads to, they may be fewer before the last page.
  package static func list(
    _ given: Filter = Filter(), after key: Key? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> Page {
    let filter = given.settled
    let after = key ?? Key(createdOn: Day(daysSinceEpoch: .max), id: ID(.max))
    // What leaves from a warehouse is found on the way only.
    let isLed = filter.customerCode != nil || filter.prefix != nil
    let seen =
      isLed || !snapshot.scope.warehouses.isEmpty
      ? nil : try Customers.few(in: snapshot).map { $0.values.sorted() }
    guard filter.isPlain, seen == nil || (filter.state == nil && filter.channel == nil) else {
      return try OrderSearch(filter: filter, after: after, seen: seen)
        .page(limit: limit, in: snapshot)
    }
    let range = SalesOrderPages.Range(filter, after: after, limit: limit + 1)
    if let customer = filter.customerCode {
      return Page(
        try SalesOrderPages.ofCustomer(customer, range, in: snapshot), limit: limit)
    }
    if let seen {
      return Page(try list(ofFew: seen, range, in: snapshot), limit: limit)
    }
    if let state = filter.state {
      return Page(try SalesOrderPages.inState(state, range, in: snapshot), limit: limit)
    }
    if let channel = filter.channel {
      return Page(try SalesOrderPages.ofChannel(channel, range, in: snapshot), limit: limit)
    }
    return Page(try SalesOrderPages.all(range, in: snapshot), limit: limit)
  }

  /// Of these customers, with the drafts in scope.
  private static func list(
    ofFew customers: [String], _ range: SalesOrderPages.Range, in snapshot: Snapshot
  ) throws -> [SalesOrderSummary] {
    var found: [ID<SalesOrder>: SalesOrderSummary] = [:]
    for customer in customers {
      for order in try SalesOrderPages.ofCustomer(customer, range, in: snapshot) {
        found[order.id] = order
      }
    }
    for draft in try SalesOrderPages.inState(.draft, range, in: snapshot) {
      found[draft.id] = draft
    }
    return found.values.sorted { Key(after: $0) > Key(after: $1) }
  }
}

extension SalesOrders.Key: Comparable {
  package static func < (one: Self, other: Self) -> Bool {
    (one.createdOn, one.id.value) < (other.createdOn, other.id.value)
  }
}

/// A search by what no index leads to: what it leads to is looked at one by one, the newest first,
/// and a page ends after so many. No order pays for it with an index more, and a page costs the
/// same however many orders there are.
struct OrderSearch {
  let filter: SalesOrders.Filter
  let after: SalesOrders.Key
  /// Codes of the customers in scope, where they are few.
  let seen: [String]?
  /// Orders that one page looks at.
  var window = 250

  /// What there is to look at.
  struct Candidates {
    /// The newest first.
    let keys: [SalesOrders.Key]
    /// Nothing comes after them.
    let isWhole: Bool

    init(_ keys: [SalesOrders.Key], isWhole: Bool) {
      self.keys = keys
      self.isWhole = isWhole
    }

    /// Of several lists, each cut after `limit`: as far as all of them reach.
    init(merging lists: [[SalesOrders.Key]], limit: Int, window: Int) {
      let reach = lists.filter { $0.count >= limit }.compactMap(\.last).max()
      let all = Set(lists.joined()).filter { key in reach.map { key >= $0 } ?? true }
      keys = Array(all.sorted(by: >).prefix(window))
      isWhole = reach == nil && all.count <= window
    }
  }

  func page(limit: Int, in snapshot: Snapshot) throws -> SalesOrders.Page {
    let candidates = try candidates(in: snapshot)
    var found: [SalesOrderSummary] = []
    var left = candidates.keys[...]
    // At first as many as fill the page where all are meant, and ever more of them where few are.
    var step = limit + 1
    while !left.isEmpty {
      found += try OrderSearchTable.find(left.prefix(step).map(\.id), filter, in: snapshot)
        .filter { filter.stage == nil || filter.stage == $0.stage }
      guard found.count <= limit else { return .init(found, limit: limit) }
      left = left.dropFirst(step)
      step *= 2
    }
    return .init(found, next: candidates.isWhole ? nil : candidates.keys.last)
  }

  /// By the filter that leaves the fewest, as far as can be said without looking.
  private func candidates(in snapshot: Snapshot) throws -> Candidates {
    let range = SalesOrderPages.Range(filter, after: after, limit: window)
    if let prefix = filter.prefix {
      let keys = try OrderSearchTable.keys(prefix: prefix, range, in: snapshot)
      return Candidates(keys, isWhole: true)
    }
    if let customer = filter.customerCode {
      return try ofCustomers([customer], in: snapshot)
    }
    if let hold = filter.hold {
      let keys = try OrderSearchTable.keys(
        heldFor: hold, before: after.id, limit: window, in: snapshot)
      return Candidates(keys, isWhole: keys.count < window)
    }
    if let customers = try Customers.few(
      owner: filter.owner ?? "", store: filter.storeCode ?? "", in: snapshot)
    {
      return try ofCustomers(customers, in: snapshot)
    }
    if let seen { return try ofCustomers(seen, withDrafts: true, in: snapshot) }
    if filter.state == nil, let stage = filter.stage {
      let lists = try stage.states.map {
        try OrderSearchTable.keys(state: $0, range, in: snapshot)
      }
      return Candidates(merging: lists, limit: window, window: window)
    }
    let keys =
      if let state = filter.state {
        try OrderSearchTable.keys(state: state, range, in: snapshot)
      } else if let channel = filter.channel {
        try OrderSearchTable.keys(channel: channel, range, in: snapshot)
      } else {
        try OrderSearchTable.keys(range, in: snapshot)
      }
    return Candidates(keys, isWhole: keys.count < window)
  }

  private func ofCustomers(
    _ customers: [String], withDrafts: Bool = false, in snapshot: Snapshot
  ) throws -> Candidates {
    // Each of many customers is asked for a part of what is looked at.
    let limit = max(window / 20, window / max(1, customers.count))
    let part = SalesOrderPages.Range(filter, after: after, limit: limit)
    var lists = try customers.map {
      try OrderSearchTable.keys(customer: $0, part, in: snapshot)
    }
    if withDrafts {
      lists.append(try OrderSearchTable.keys(state: .draft, part, in: snapshot))
    }
    return Candidates(merging: lists, limit: limit, window: window)
  }
}
