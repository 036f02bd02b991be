import Inventory
import MasterData
import Production
import Purchasing
package import Storage
package import Values

/// Sells a piece that stands in the showroom, or that the customer has: an order of just this
/// piece, less its discount, with its condition as the remark of the line. The piece is set apart
/// for the order in the same transaction, and no other piece stands in for it.
package struct SellPiece: Sendable {
  package let number: String
  /// Without lines; its warehouse is the piece's.
  package let draft: OrderDraft
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(number: String, _ draft: OrderDraft, by actor: String, roles: Set<String> = []) {
    self.number = number
    self.draft = draft
    self.actor = actor
    self.roles = roles
  }

  package struct Outcome: Sendable {
    package let piece: ShowroomPiece
    package let order: SalesOrder
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    var piece = try ShowroomPieces.require(number: number, in: tx)
    try piece.expect("sell", in: [.shown, .lent])
    let order = try place(piece, in: tx, at: now)
    if let loan = piece.loan, loan.customerCode != order.customerCode {
      throw ShowroomRejection.lentToAnother(field: "order.customer_code", piece: piece.number)
    }
    let warehouse = try piece.warehouse(in: tx)
    try piece.move(
      from: piece.state == .lent
        ? Locations.lent(of: warehouse, in: tx) : Locations.showroom(of: warehouse, in: tx),
      to: Locations.stock(of: warehouse, in: tx), in: tx, at: now)
    try ShowroomPieceTable.endLoan(of: piece.id, on: now.day, in: tx)
    piece.loan = nil
    piece.state = .sold
    piece.orderNumber = order.number
    try ShowroomPieceTable.update(&piece, in: tx)
    piece.record(
      "piece.sold", [Fact("order", order.number), Fact("actor", actor)], in: tx)
    return Outcome(piece: piece, order: try SalesOrders.require(number: order.number, in: tx))
  }

  private func place(
    _ piece: ShowroomPiece, in tx: Transaction, at now: Moment
  ) throws -> SalesOrder {
    guard draft.lines.isEmpty, draft.blanketNumber.isEmpty,
      draft.warehouseCode.isEmpty || draft.warehouseCode == piece.warehouseCode
    else { throw ShowroomRejection.orderOfMore(field: "order.lines", piece: piece.number) }
    let remark = piece.condition.isEmpty ? "" : ": \(piece.condition)"
    let whole = OrderDraft(
      channel: draft.channel, externalID: draft.externalID, customerCode: draft.customerCode,
      warehouseCode: piece.warehouseCode,
      lines: [
        OrderDraft.Line(
          sku: piece.sku, quantity: GivenQuantity(.one), discount: piece.discount,
          note: "\(piece.number)\(remark)")
      ], requestedOn: draft.requestedOn, note: draft.note, discount: draft.discount,
      couponCodes: draft.couponCodes, delivery: draft.delivery, currency: draft.currency,
      instructions: draft.instructions, cashOnDelivery: draft.cashOnDelivery)
    let submission = try Submission.of(
      whole, by: roles, at: now, occasion: .showroom, in: tx)
    let approval = submission.priced.approval
    if let role = approval.requiredRole, approval.isPending {
      throw ShowroomRejection.needsApproval(piece: piece.number, role: role)
    }
    let order = try PlaceOrder(whole, by: actor, roles: roles).run(
      submission, heldFor: [], peg: piece.reference, in: tx, at: now)
    guard order.state == .confirmed else {
      throw ShowroomRejection.notConfirmed(piece: piece.number)
    }
    return order
  }
}

extension SalesOrder {
  /// Puts the piece that the order was about back into the showroom, once nothing of its line is
  /// wanted any more; nil where the order is about no piece.
  func withdrawPiece(
    of line: SalesOrderLine, in tx: Transaction, at now: Moment
  ) throws -> SupplyVerdict? {
    guard line.number == 1, var piece = try ShowroomPieceTable.sold(by: number, in: tx) else {
      return nil
    }
    let (origin, product) = (origin(of: line), try line.requireProduct(in: tx))
    let isThere = try Reservations.find(origin, product: product, in: tx)?.held == .one
    if isThere {
      let warehouse = try piece.warehouse(in: tx)
      try ShipReserved(
        origin: origin, product: product, quantity: .one,
        to: Locations.showroom(of: warehouse, in: tx), cause: .transfer,
        document: Origin(.showroomPiece, piece.number)
      ).run(in: tx, at: now)
    } else {
      try ReleaseReservation(origin: origin).run(in: tx, at: now)
    }
    piece.state = isThere ? .shown : .reshelved
    piece.orderNumber = nil
    try ShowroomPieceTable.update(&piece, in: tx)
    piece.record("piece.not-sold", [Fact("order", number)], in: tx)
    return SupplyVerdict(
      piece.reference, .keptAsStock,
      text: isThere
        ? "\(piece.number) goes back to the showroom of \(piece.warehouseCode)"
        : "\(piece.number) was not there any more")
  }

  /// Whether the line is for one piece and no other.
  func isOfPiece(_ line: SalesOrderLine, in snapshot: Snapshot) throws -> Bool {
    guard line.number == 1 else { return false }
    return try ShowroomPieceTable.sold(by: number, in: snapshot) != nil
  }
}
