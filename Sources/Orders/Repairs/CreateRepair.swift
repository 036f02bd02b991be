import Inventory
import MasterData
package import Storage
package import Values

/// Orders parts and work for goods that have left. Free where a defect is covered by the warranty,
/// and then nobody needs to approve the price of nothing, up to what the customer keeps
/// (FreeGoods); otherwise sold as anything else. It goes where the first goods went, and its parts
/// are served before all other orders.
package struct CreateRepair: Sendable {
  package let orderNumber: String
  /// Of the order.
  package let line: Int
  /// Parts and work.
  package let parts: [OrderDraft.Line]
  /// Code of a reason of returns.
  package let reasonCode: String
  /// That is bad, as warranty rules name it; empty for the whole.
  package let component: String
  package let note: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(
    orderNumber: String, line: Int, parts: [OrderDraft.Line], reasonCode: String,
    component: String = "", note: String = "", by actor: String, roles: Set<String> = []
  ) {
    self.orderNumber = orderNumber
    self.line = line
    self.parts = parts
    self.reasonCode = reasonCode
    self.component = component
    self.note = note
    self.actor = actor
    self.roles = roles
  }

  package struct Outcome: Sendable {
    package let repair: Repair
    package let warranty: WarrantyVerdict
    package let order: SalesOrder
  }

  static let lineLimit = 50

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    let origin = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    let line = origin.lines[try origin.index(ofLine: line, field: "line_number")]
    try check(origin, line, in: tx)
    let reason = try ReturnReasons.require(reasonCode, field: "reason_code", in: tx)
    let warranty = try WarrantyVerdict(
      of: origin, line: line, component: component, units: nil, on: now.day, in: tx)
    let isFree = reason.isDefect && warranty.isCovered
    var words = reason.isDefect ? warranty.words : "\(reason.code) is no defect"
    let submission = try RelocatedRepair.relocating {
      try Submission.of(
        draft(for: origin, isFree: isFree), by: roles, at: now,
        occasion: .remake(isFree: isFree), in: tx)
    }
    var order = SalesOrder(
      draft: draft(for: origin, isFree: isFree),
      number: try DocumentNumbers.next(.salesOrder, on: now.day, in: tx),
      currency: origin.currency, by: actor, at: now)
    order.take(submission)
    if isFree {
      words = try order.waiveApproval(
        "REPAIR_UNDER_WARRANTY", words, FreeGoods(for: origin, line, in: tx), submission,
        on: now.day, in: tx)
    }
    try order.place(
      for: submission.priced.customer, from: submission.warehouse, submission.priced.products, [],
      priority: CreateRemake.priority, in: tx, at: now)
    try PriorityTable.insert(
      GivenPriority(
        score: CreateRemake.priority, reason: "repairs goods of \(origin.number)", setBy: actor),
      of: order.id, at: now, in: tx)
    let waived = isFree ? try order.listed() : .zero(order.currency)
    try RepairTable.insert(
      self, for: origin, order: order, reason, isFree: isFree, waived: waived, words: words,
      at: now, in: tx)
    tx.record(
      DomainEvent(
        "repair.created", order.reference, related: origin.reference,
        [
          Fact("line", line.number), Fact("sku", line.sku), Fact("reason", reason.code),
          Fact("responsible", reason.responsible.rawValue), Fact("gross", order.gross),
          Fact("waived", waived), Fact("component", component), Fact("actor", actor),
        ]))
    guard let stored = try RepairTable.list(of: origin.id, before: ID(.max), limit: 1, in: tx).first
    else { throw MissingRow("repair", order.id.value) }
    return Outcome(repair: stored, warranty: warranty, order: order)
  }

  private func check(
    _ origin: SalesOrder, _ line: SalesOrderLine, in snapshot: Snapshot
  ) throws {
    _ = try origin.requireKept(line, in: snapshot)
    var check = FieldCheck(.request)
    check.range(parts.count, "lines", 1...Self.lineLimit)
    if !component.isEmpty { check.code(component, "component") }
    check.text(note, "note", limit: 500)
    try check.pass()
  }

  /// As if the customer had written it.
  private func draft(for origin: SalesOrder, isFree: Bool) -> OrderDraft {
    OrderDraft(
      channel: origin.channel, customerCode: origin.customerCode,
      warehouseCode: origin.warehouseCode,
      lines: parts.map {
        OrderDraft.Line(
          sku: $0.sku, quantity: $0.quantity, discount: isFree ? .one : .zero)
      }, note: note, delivery: origin.delivery, currency: origin.currency)
  }
}

extension SalesOrder {
  /// What its lines come to before discounts, as prices are counted.
  fileprivate func listed() throws -> Money {
    try lines.map { try $0.unitPrice.amount(for: $0.ordered) }.sum(currency)
  }
}

/// A refusal of the order, with the field of the request that it follows from.
private struct RelocatedRepair: Rejection {
  let refused: any Rejection

  var kind: RejectionKind { refused.kind }
  var reason: String { refused.reason }
  var message: String { refused.message }
  var facts: [Fact] { refused.facts }
  var field: String? {
    refused.field.map { $0.hasPrefix("order.lines") ? String($0.dropFirst("order.".count)) : $0 }
  }

  static func relocating<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let several as Rejections {
      try Rejections.check(several.all.map { RelocatedRepair(refused: $0) })
      throw several
    } catch let one as any Rejection {
      throw RelocatedRepair(refused: one)
    }
  }
}
