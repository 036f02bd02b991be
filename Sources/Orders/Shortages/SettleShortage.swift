package import Inventory
import MasterData
import Purchasing
package import Storage
package import Values

/// Who settles a shortage of which line.
package struct ShortageCase: Sendable {
  package let number: String
  package let line: Int
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// A remark for the record.
  package let comment: String
  /// Who asks, the roles they have, and for whom they stand in.
  package let actor: String
  package let roles: Set<String>
  package let standingInFor: Set<String>
  /// It is to be rolled back, and may say what it would need.
  package let isPreview: Bool

  package init(
    number: String, line: Int, expectedVersion: Int64? = nil, comment: String = "",
    by actor: String, roles: Set<String> = [], standingInFor: Set<String> = [],
    isPreview: Bool = false
  ) {
    self.number = number
    self.line = line
    self.expectedVersion = expectedVersion
    self.comment = comment
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
    self.isPreview = isPreview
  }

  fileprivate func read(in tx: Transaction) throws -> ShortLine {
    var check = FieldCheck(.request)
    check.text(comment, "comment", limit: 500)
    try check.pass()
    return try ShortLine(number, line: line, expectedVersion: expectedVersion, in: tx)
  }
}

/// The customer waits for the day that is known now: it is what is promised from then on. What
/// nothing that is to come will bring is asked to be bought.
package struct AgreeToWait: Sendable {
  package let subject: ShortageCase

  package init(_ subject: ShortageCase) { self.subject = subject }

  package func run(in tx: Transaction, at now: Moment) throws -> LinePromise {
    let short = try subject.read(in: tx)
    let promise = try short.agree(in: tx, at: now)
    try short.order.record(
      .wait, ofLine: short.line.number, short.waiting, agreedOn: promise.readyOn,
      comment: subject.comment, by: subject.actor, in: tx, at: now)
    try short.order.noteOvertaken(in: tx, on: now.day)
    return promise
  }
}

/// The customer takes what is there now and waits for the rest: the goods are set apart for a
/// shipment.
package struct PartShipLine: Sendable {
  package let subject: ShortageCase

  package init(_ subject: ShortageCase) { self.subject = subject }

  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (shipment: Shipment, promise: LinePromise) {
    let short = try subject.read(in: tx)
    try short.order.expect(.ship, in: tx)
    guard let there = try short.order.shippable(in: tx)[short.line.number] else {
      throw ShortageRejection.nothingHeld(order: short.order.number, line: short.line.number)
    }
    let shipment = try PrepareShipment(
      orderNumber: short.order.number,
      lines: [
        LineQuantity(
          line: short.line.number, quantity: GivenQuantity(there, unit: short.line.unit))
      ]
    ).run(in: tx, at: now)
    let promise = try short.agree(in: tx, at: now)
    try short.order.record(
      .partShip, ofLine: short.line.number, there, agreedOn: promise.readyOn,
      comment: subject.comment, by: subject.actor, in: tx, at: now)
    // No van waits for the rest any more.
    try short.order.noteOvertaken(in: tx, on: now.day)
    return (shipment, promise)
  }
}

/// The customer takes something else for what is not there, or for all that is open: a change of
/// the order, priced, taxed, approved and promised as any other.
package struct SubstituteLine: Sendable {
  package let subject: ShortageCase
  /// What stands in.
  package let sku: String
  /// Of the line; nil for all that waits.
  package let quantity: GivenQuantity?

  package init(_ subject: ShortageCase, by sku: String, quantity: GivenQuantity? = nil) {
    self.subject = subject
    self.sku = sku
    self.quantity = quantity
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ChangedOrder {
    let short = try subject.read(in: tx)
    let line = short.line
    let product = try line.requireProduct(in: tx)
    var check = FieldCheck(.request)
    quantity?.check(&check, "quantity", of: product)
    try check.pass()
    let gone = quantity?.quantity ?? short.waiting
    guard gone <= line.open else {
      throw ShortageRejection.moreThanOpen(field: "quantity", open: line.open, given: gone)
    }
    guard
      let substitute = try Substitutes.of(product, on: now.day, in: tx)
        .first(where: { $0.substituteSKU == sku })
    else { throw ShortageRejection.notASubstitute(field: "sku", sku: line.sku, given: sku) }
    let other = try Products.fetch(substitute.substitute, in: tx)
    let isWhole = gone == line.open && line.shipped == .zero
    let added = GivenQuantity(try substitute.quantity(for: gone, of: other), unit: other.unit)
    var verb = ChangeOrder(
      number: short.order.number,
      OrderChange(
        lines: [
          OrderChange.Line(
            number: line.number,
            quantity: isWhole
              ? nil : GivenQuantity(try line.ordered - gone, unit: line.unit),
            isRemoved: isWhole)
        ],
        added: [
          OrderDraft.Line(
            sku: other.sku, quantity: added, discount: line.discount, note: line.note)
        ]),
      reason: "\(other.sku) for \(gone) \(line.unit) \(line.sku) of line \(line.number)",
      by: subject.actor, roles: subject.roles, standingInFor: subject.standingInFor,
      isPreview: subject.isPreview)
    // It is not the customer's doing that the goods are not there.
    verb.reduction = .substitute
    let changed = try verb.run(in: tx, at: now)
    try short.order.record(
      .substitute, ofLine: short.line.number, gone, substitute: short.order.lines.count + 1,
      comment: subject.comment, by: subject.actor, in: tx, at: now)
    return changed
  }
}

/// The customer does not want what is not there any more: it is cancelled, by the policy of the
/// order, and its money goes back.
package struct CancelShortLine: Sendable {
  package let subject: ShortageCase
  /// Code of a reason.
  package let reason: String

  package init(_ subject: ShortageCase, reason: String) {
    self.subject = subject
    self.reason = reason
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Cancellation {
    let short = try subject.read(in: tx)
    var verb = CancelOrder(
      number: short.order.number, reason: reason, comment: subject.comment,
      quantities: [
        LineQuantity(
          line: short.line.number, quantity: GivenQuantity(short.waiting, unit: short.line.unit))
      ], by: subject.actor, roles: subject.roles, standingInFor: subject.standingInFor,
      isPreview: subject.isPreview)
    verb.shortLine = short.line.number
    let done = try verb.run(in: tx, at: now)
    // What somebody must agree to is not done yet: it is settled with the last who agrees.
    guard done.missingApproval == nil || subject.isPreview else { return done }
    try short.order.record(
      .cancel, ofLine: short.line.number, short.waiting, comment: subject.comment,
      by: subject.actor, in: tx, at: now)
    return done
  }
}

extension ShortLine {
  /// Promises the line anew for the day that is known now, once all that waits is asked for.
  fileprivate func agree(in tx: Transaction, at now: Moment) throws -> LinePromise {
    let product = try line.requireProduct(in: tx)
    var outlook = SupplyOutlook(on: now.day)
    let missing =
      try outlook.promises(of: order, in: tx)
      .first { $0.line == line.number }?.steps.filter { $0.supply == .nothing }
      .map(\.quantity).sum() ?? .zero
    if missing.isPositive, line.sourcing == .stock {
      try RequestPurchase(
        product: product, quantity: missing, warehouse: order.warehouse(in: tx),
        neededOn: order.requestedOn(of: line), origin: order.origin(of: line)
      ).run(in: tx, at: now)
      try RefreshPromises(at: order.place(of: line).map { [$0] } ?? []).run(in: tx, at: now)
    }
    outlook = SupplyOutlook(on: now.day)
    guard
      var promise = try outlook.promises(of: order, in: tx).first(where: {
        $0.line == line.number
      })
    else { preconditionFailure("a line that waits is open") }
    promise.agree(to: order)
    try order.record(agreed: promise, in: tx, at: now)
    return promise
  }
}

extension Substitute {
  /// So much of `product`, which it is, stands in for `gone` of the other; whole pieces of what is
  /// counted in pieces.
  fileprivate func quantity(for gone: Quantity, of product: Product) throws -> Quantity {
    let exact = try gone.demand(perUnit: quantity)
    let rest = exact.micros % Quantity.one.micros
    guard product.countsInWholeUnits, rest > 0 else { return exact }
    return try exact + Quantity(micros: Quantity.one.micros - rest)
  }
}

/// A product that could stand in for a line that waits.
package struct SubstituteOffer: Hashable, Sendable {
  package let line: Int
  package let sku: String
  package let unit: String
  /// For all that waits of the line.
  package let quantity: Quantity
  /// What can be promised at once.
  package let free: Quantity
  package let note: String
}

/// Questions about shortages.
package enum Shortages {
  /// What could stand in for the lines of an order that wait, those offered first in front.
  package static func offers(
    for order: SalesOrder, on today: Day, in snapshot: Snapshot
  ) throws -> [SubstituteOffer] {
    guard order.state == .confirmed || order.state == .partlyShipped else { return [] }
    let warehouse = try order.warehouse(in: snapshot)
    return try order.waitingLines.flatMap { line in
      let product = try line.requireProduct(in: snapshot)
      let waiting = try line.open - line.reserved
      return try Substitutes.of(product, on: today, in: snapshot).map { substitute in
        let other = try Products.fetch(substitute.substitute, in: snapshot)
        return SubstituteOffer(
          line: line.number, sku: other.sku, unit: other.unit,
          quantity: try substitute.quantity(for: waiting, of: other),
          free: try Availability.free(other, in: warehouse, in: snapshot), note: substitute.note)
      }
    }
  }
}
