import Finance
package import MasterData
import Orders
package import Storage
package import Values

/// Who belongs to a segment now. Criteria are looked at customer by customer, in the order of the
/// code: so much of it at a time that nobody waits, however few belong.
package struct SegmentMembers: Hashable, Sendable {
  package let customers: [Customer]
  /// Code of the last customer that was looked at, belonging or not; nil when that was the last.
  package let lastLookedAt: String?

  /// Customers that one page looks at.
  package static let window = 1_000

  /// Those among the customers of a list, from the one after `code` on (nil: from the first).
  package static func page(
    of segment: Segment, _ filter: Customers.Filter = Customers.Filter(),
    hidden: Set<CustomerDraft.Restricted> = [], after code: String? = nil, size: Int,
    on today: Day, in snapshot: Snapshot
  ) throws -> SegmentMembers {
    let looked = try Customers.list(
      filter, hidden: hidden, after: code, limit: window, in: snapshot)
    var found: [Customer] = []
    for customer in looked {
      guard try belongs(customer, to: segment, on: today, in: snapshot) else { continue }
      found.append(customer)
      if found.count == size, customer.code != looked.last?.code {
        return SegmentMembers(customers: found, lastLookedAt: customer.code)
      }
    }
    return SegmentMembers(
      customers: found, lastLookedAt: looked.count == window ? looked.last?.code : nil)
  }

  private static func belongs(
    _ customer: Customer, to segment: Segment, on today: Day, in snapshot: Snapshot
  ) throws -> Bool {
    guard try segment.holds(customer, in: snapshot) else { return false }
    if segment.asksForTurnover {
      let turnover = try Invoices.turnover(
        of: customer, from: today.adding(days: -segment.turnoverDays), in: snapshot)
      if !segment.fits(turnover: turnover) { return false }
    }
    guard segment.asksForOrders else { return true }
    return segment.fits(
      lastOrdered: try SalesOrders.lastPlaced(by: customer.code, in: snapshot), on: today)
  }
}
