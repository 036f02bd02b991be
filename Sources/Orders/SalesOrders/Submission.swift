import MasterData
import Storage
import Values

/// A complete order: everything it names was found, every line has its price and tax, and it is
/// known who must approve. What `SubmitOrder` and `PlaceOrder` decide before they write anything.
package struct Submission: Sendable {
  let priced: PricedOrder
  let warehouse: Warehouse
  /// Why it is that warehouse; nil where the order names it.
  let assignment: WarehouseAssignment?
  /// What it is checked for; nil where a company checks nothing.
  let check: OrderCheck?

  /// Whether the order that comes of it may have holds.
  package var mayHold: Bool { check != nil || priced.hasDunning }

  /// What speaks against the order that comes of it.
  func findings(
    about order: SalesOrder, in snapshot: Snapshot, at now: Moment
  ) throws -> [Finding] {
    let found = try check?.findings(about: order, in: snapshot, at: now) ?? []
    guard priced.hasDunning,
      let debt = try Finding.debt(of: priced.customer, in: snapshot, at: now)
    else { return found }
    return found + [debt]
  }

  /// Refuses with every violation at once. `roles` are those of whoever asks.
  static func of(
    _ draft: OrderDraft, by roles: Set<String>, at now: Moment, occasion: Occasion = .sale,
    in snapshot: Snapshot
  ) throws -> Submission {
    let day = now.day
    var check = FieldCheck(FieldPath("order"))
    let customer = try draft.readHead(&check, in: snapshot)
    var draft = draft
    let assignment = try draft.assignWarehouse(for: customer, on: day, &check, in: snapshot)
    // Once it is refused that no rule fits, that nothing is named is no news.
    let warehouse =
      check.violations.contains { $0 is AssignmentRejection }
      ? nil : try draft.readWarehouse(&check, in: snapshot)
    let priced = try tellingAll(about: draft, for: customer, on: day, in: snapshot) {
      try PricedOrder.read(
        draft, for: customer, by: roles, at: now, check, occasion: occasion, in: snapshot)
    }
    guard let warehouse else { preconditionFailure("a missing warehouse has been refused") }
    if draft.cashOnDelivery != nil, let rate = priced.rate {
      throw CashOnDeliveryRejection.otherCurrency(
        field: "order.cash_on_delivery", order: "", given: priced.gross.currency, base: rate.base)
    }
    return Submission(
      priced: priced, warehouse: warehouse, assignment: assignment,
      check: priced.hasValidation
        ? try OrderCheck.of(draft, priced, on: day, in: snapshot) : nil)
  }

  /// Runs `body`; what it refuses is refused together with what the rules of validation say.
  private static func tellingAll(
    about draft: OrderDraft, for customer: Customer?, on day: Day, in snapshot: Snapshot,
    _ body: () throws -> PricedOrder
  ) throws -> PricedOrder {
    let found: [any Rejection]
    do { return try body() } catch let several as Rejections {
      found = several.all
    } catch let one as any Rejection {
      found = [one]
    }
    let more =
      try customer.map {
        try OrderCheck.refusals(of: draft, for: $0, on: day, in: snapshot)
      } ?? []
    try Rejections.check(found + more)
    preconditionFailure("something was refused")
  }
}
