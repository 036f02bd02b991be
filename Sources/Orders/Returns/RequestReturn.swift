package import Inventory
import MasterData
package import Storage
package import Values

/// A line that is to come back, as a request names it.
package struct ReturnRequestLine: Hashable, Sendable {
  package let line: Int
  package let quantity: GivenQuantity
  package let reasonCode: String

  package init(line: Int, quantity: GivenQuantity, reasonCode: String) {
    self.line = line
    self.quantity = quantity
    self.reasonCode = reasonCode
  }
}

/// Asks to give goods of an order back: never more than was delivered and is not coming back
/// already, and only what the policy of the order allows. Where nobody needs to agree it is
/// approved at once. What was refused at the door comes back whatever the policy says: it is on the
/// van, and what the policy does not take back costs the fee of a late cancellation.
package struct RequestReturn: Sendable {
  package let orderNumber: String
  package let lines: [ReturnRequestLine]
  /// What the customer says.
  package let note: String
  /// Who asks.
  package let actor: String
  let isRefusedAtDoor: Bool

  package init(
    orderNumber: String, lines: [ReturnRequestLine], note: String = "", by actor: String
  ) {
    self.init(
      orderNumber: orderNumber, lines: lines, note: note, isRefusedAtDoor: false, by: actor)
  }

  init(
    orderNumber: String, lines: [ReturnRequestLine], note: String, isRefusedAtDoor: Bool,
    by actor: String
  ) {
    self.orderNumber = orderNumber
    self.lines = lines
    self.note = note
    self.isRefusedAtDoor = isRefusedAtDoor
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> CustomerReturn {
    var check = FieldCheck(.request)
    check.range(lines.count, "lines", 1...500)
    check.text(note, "note", limit: 2_000)
    try check.pass()
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    try order.expect(
      "take goods of it back", in: [.confirmed, .partlyShipped, .shipped, .delivered, .closed])
    let terms = try ReturnTerms(of: order, on: now.day, in: tx)
    try order.check(
      lines.map { LineQuantity(line: $0.line, quantity: $0.quantity) }, available: terms.left,
      refusal: { line, field in
        line.sourcing == .service
          ? .lineIsService(field: field, order: order.number, line: line.number) : nil
      }, in: tx)
    var judged = try judge(order, terms, in: tx)
    try judged.weigh(lines, of: order, on: now.day, in: tx)
    let number = try DocumentNumbers.next(.customerReturn, on: now.day, in: tx)
    let role = judged.verdicts.compactMap(\.approverRole).first ?? judged.approverRole
    var found = CustomerReturn(
      id: ID(0), number: number, version: 1, state: role == nil ? .approved : .requested,
      order: order.id, orderNumber: order.number, customerCode: order.customerCode, note: note,
      policyVersion: terms.policy.version, explanation: judged.explanation, approverRole: role,
      requestedBy: actor, requestedAt: now.instant, decidedBy: nil, decision: "",
      warehouseCode: nil, receivedOn: nil, creditedBy: nil, credited: .zero(order.currency),
      fee: .zero(order.currency), feeInvoice: nil, lines: judged.lines)
    let id = try ReturnTable.insert(found, on: now.day, in: tx)
    // What the customer says stands in the return, which can forget it; an event cannot.
    found.record(
      "return.requested",
      [
        Fact("lines", judged.lines.map { "\($0.requested) \($0.sku)" }.joined(separator: ", ")),
        Fact("reasons", Set(lines.map(\.reasonCode)).sorted().joined(separator: ", ")),
        Fact("actor", actor), Fact("approver_role", role ?? ""),
      ], in: tx)
    if role == nil { found.record("return.approved", in: tx) }
    guard let stored = try ReturnTable.find(number, in: tx) else {
      throw MissingRow("customer_return", id.value)
    }
    found = stored
    return found
  }

  private struct Judged {
    var lines: [ReturnLine] = []
    var verdicts: [ReturnRule] = []
    var explanation = Explanation()
    /// Beside those of the rules.
    var approverRole: String?

    mutating func add(
      _ line: SalesOrderLine, _ reason: ReturnReason, _ asked: ReturnRequestLine, rule: Int,
      fee: Rate, of order: SalesOrder, _ terms: ReturnTerms, _ words: String
    ) {
      explanation.add(
        "RETURN_RULE", words,
        [
          Fact("policy", terms.policy.version), Fact("rule", rule), Fact("line", line.number),
          Fact("reason", reason.code), Fact("fee", fee),
        ])
      let none = Money.zero(order.baseCurrency)
      lines.append(
        ReturnLine(
          number: line.number, sku: line.sku, description: line.description, unit: line.unit,
          reasonCode: reason.code, responsible: reason.responsible, rule: rule, fee: fee,
          requested: asked.quantity.quantity, cost: none, scrapped: none, writtenDown: none,
          writtenDownHere: none, goneCost: none))
    }

    /// What goods were given for, for nothing, comes back only when a second person agrees: or the
    /// customer would have them and the money.
    mutating func weigh(
      _ lines: [ReturnRequestLine], of order: SalesOrder, on day: Day, in snapshot: Snapshot
    ) throws {
      for asked in lines {
        let free = try FreeGoods(for: order, order.lines[asked.line - 1], in: snapshot)
        guard let words = try free.words(giving: asked.quantity.quantity, backOf: order)
        else { continue }
        let role = try WarrantyPolicies.inForce(on: day, in: snapshot).approverRole
        approverRole = role
        explanation.add(
          "FREE_GOODS_GIVEN", "\(words): \(role) must agree", [Fact("line", asked.line)])
      }
    }
  }

  /// By the policy; refuses all lines that may not come back at once.
  private func judge(
    _ order: SalesOrder, _ terms: ReturnTerms, in snapshot: Snapshot
  ) throws -> Judged {
    var judged = Judged()
    var refused: [any Rejection] = []
    for (row, asked) in lines.enumerated().sorted(by: { $0.element.line < $1.element.line }) {
      let path = FieldPath("lines", row: row)
      let line = order.lines[asked.line - 1]
      let reason: ReturnReason
      do {
        reason = try ReturnReasons.require(
          asked.reasonCode, field: path.field("reason_code"), in: snapshot)
      } catch let unknown as any Rejection {
        refused.append(unknown)
        continue
      }
      let day = terms.day(ofNewest: asked.quantity.quantity, of: line)
      let verdict = terms.verdict(reason, of: line, deliveredOn: day)
      let words = terms.words(verdict, deliveredOn: day)
      if let verdict, verdict.rule.allowed {
        judged.verdicts.append(verdict.rule)
        judged.add(
          line, reason, asked, rule: verdict.position, fee: verdict.rule.fee, of: order, terms,
          words)
      } else if isRefusedAtDoor {
        let late = try order.feeAtDoor(for: line, asked.quantity.quantity, in: snapshot)
        judged.add(
          line, reason, asked, rule: verdict?.position ?? terms.policy.rules.count + 1,
          fee: late.fee, of: order, terms, "\(words); refused at the door: \(late.words)")
      } else {
        refused.append(
          ReturnRejection.notReturnable(
            field: path.field("line_number"), order: order.number, line: line.number, why: words))
      }
    }
    try Rejections.check(refused)
    return judged
  }
}

extension SalesOrder {
  /// What of the price of units is kept that were refused at the door and that the policy for
  /// returns does not take back: what the order's policy takes for cancelling goods that are set
  /// apart, or all of it where that says nothing or forbids it.
  fileprivate func feeAtDoor(
    for line: SalesOrderLine, _ quantity: Quantity, in snapshot: Snapshot
  ) throws -> (fee: Rate, words: String) {
    let policy = try CancellationPolicies.inForce(on: createdOn, in: snapshot).converted(by: rate)
    let customerClass = try customer(in: snapshot).customerClass
    let productClass = try line.requireProduct(in: snapshot).productClass
    let rule = policy.rules.first {
      $0.fits(
        stage: .setApart, sourcing: line.sourcing, customerClass: customerClass,
        productClass: productClass)
    }
    guard let rule, !rule.isForbidden else { return (.one, "all of its money is kept") }
    let amount = try line.amount(from: line.delivered - quantity, upTo: line.delivered).gross()
    guard amount.minor > 0 else { return (.one, rule.words) }
    let share = try Rounding.quotient(
      Int128(try rule.fee(for: amount).minor) * Int128(Rate.one.micros), Int128(amount.minor))
    return (Rate(micros: share), "as if it were cancelled (\(rule.words))")
  }
}

extension CustomerReturn {
  /// Says what happened to it, on the order's timeline, too.
  func record(_ event: String, _ facts: [Fact] = [], in tx: Transaction) {
    tx.record(
      DomainEvent(
        event, reference, related: DocumentReference(.salesOrder, orderNumber), facts))
  }

  /// Writes the header and counts the version up.
  mutating func save(in tx: Transaction) throws {
    try ReturnTable.update(self, in: tx)
    version += 1
  }
}
