import MasterData
import Storage
import Values

/// What is given for nothing for a line that was sold, at list prices: remakes and repairs of it,
/// and of what was given for it. Up to what the customer keeps of the line nobody needs to agree;
/// a second person agrees to more, so that nobody gives goods away alone.
struct FreeGoods {
  /// The line that was sold, and its order.
  let order: SalesOrder
  let line: SalesOrderLine
  /// Given before, and what the units list for that the customer keeps.
  let given: Money
  let kept: Money

  init(for origin: SalesOrder, _ line: SalesOrderLine, in snapshot: Snapshot) throws {
    var (order, number) = (origin, line.number)
    while let before = try AfterSalesOrderTable.origin(of: order.id, in: snapshot) {
      order = try Self.fetch(before.number, in: snapshot)
      number = before.line
    }
    let sold = order.lines[try order.index(ofLine: number, field: "line_number")]
    self.order = order
    self.line = sold
    kept = try sold.unitPrice.amount(for: order.kept(sold, in: snapshot))
    var given = Money.zero(order.currency)
    var (next, seen) = (
      try AfterSalesOrderTable.given(for: order.id, line: number, in: snapshot), Set([order.id])
    )
    while let one = next.popLast() {
      guard seen.insert(one.id).inserted else { continue }
      next += try AfterSalesOrderTable.given(for: one.id, line: nil, in: snapshot)
      guard one.isFree else { continue }
      let lines = try Self.fetch(one.number, in: snapshot).lines
      given = try given + Self.worth(of: lines, as: sold)
    }
    self.given = given
  }

  /// Whoever asks: it is only counted.
  private static func fetch(_ number: String, in snapshot: Snapshot) throws -> SalesOrder {
    guard let order = try SalesOrders.find(number: number, in: snapshot) else {
      throw MissingRow("sales_order", 0)
    }
    return order
  }

  /// At list prices; the product that was sold at what it was sold for.
  private static func worth(
    of lines: [SalesOrderLine], as sold: SalesOrderLine
  ) throws -> Money {
    try lines.filter(\.charge.isEmpty).map { line in
      let price = line.sku == sold.sku ? sold.unitPrice : line.unitPrice
      return try price.amount(for: line.wanted)
    }.sum(sold.unitPrice.currency)
  }

  /// Why somebody must agree that so much more of the line comes back, and is paid back; nil where
  /// what was given is not more than what the customer keeps then.
  func words(giving back: Quantity, backOf origin: SalesOrder) throws -> String? {
    guard origin.id == order.id, given.minor > 0 else { return nil }
    let rest = try kept - line.unitPrice.amount(for: back)
    guard given.minor > rest.minor else { return nil }
    return "\(given) was given for line \(line.number), more than the "
      + "\(Money(minor: max(0, rest.minor), currency: rest.currency)) that the customer keeps of it"
  }

  /// Who must agree that an order is given, too; nil for nobody beside what rules ask for.
  func demand(
    for new: SalesOrder, _ policy: WarrantyPolicy
  ) throws -> (role: String, words: String)? {
    let all = try given + Self.worth(of: new.lines, as: line)
    let most: String
    if all.minor > kept.minor {
      most = "the \(kept) that the customer keeps of it"
    } else if let limit = policy.freeLimit, try order.base(of: all).minor > limit.minor {
      most = "the limit of \(limit)"
    } else {
      return nil
    }
    return (
      policy.approverRole,
      "\(given) is given for line \(line.number) of \(order.number) already, with this \(all), "
        + "more than \(most): \(policy.approverRole) must agree"
    )
  }
}

extension SalesOrder {
  /// Of a line: what has left and has not come back, nor is to.
  func kept(_ line: SalesOrderLine, in snapshot: Snapshot) throws -> Quantity {
    let back = try ReturnTable.claimed(of: id, in: snapshot)[line.number]?.claimed ?? .zero
    return Quantity(micros: line.shipped.micros - back.micros)
  }

  /// Refuses goods that have not left, and those of which nothing is with the customer any more.
  /// Returns what is.
  func requireKept(_ line: SalesOrderLine, in snapshot: Snapshot) throws -> Quantity {
    guard line.sourcing != .service else {
      throw OrdersRejection.lineIsService(
        field: "line_number", order: number, line: line.number)
    }
    guard line.shipped.isPositive else {
      throw ReturnRejection.notLeft(field: "line_number", order: number, line: line.number)
    }
    let kept = try kept(line, in: snapshot)
    guard kept.isPositive else {
      throw ReturnRejection.cameBack(field: "line_number", order: number, line: line.number)
    }
    return kept
  }

  /// Nobody approves the price of nothing; a second person agrees to what is more than `free`
  /// allows, unless the rules ask somebody anyway. Returns why it is free, with that.
  mutating func waiveApproval(
    _ rule: String, _ words: String, _ free: FreeGoods, _ submission: Submission, on day: Day,
    in snapshot: Snapshot
  ) throws -> String {
    let policy = try WarrantyPolicies.inForce(on: day, in: snapshot)
    let fact = Fact("order", free.order.number)
    guard let asked = try free.demand(for: self, policy) else {
      approval = Approval(
        requiredRole: nil, decidedBy: nil, explanation: Explanation([.init(rule, words, [fact])]))
      return words
    }
    if !approval.isPending {
      let input = submission.priced.approvalInput
      approval = Approval(
        requiredRole: asked.role, decidedBy: nil,
        explanation: Explanation([.init("FREE_BEYOND_BOUND", asked.words, [fact])]),
        demand: ApprovalDemand(
          policy: input.policy.version,
          facts: ApprovalFacts(
            gross: input.gross, discount: input.discount, margin: nil,
            regions: Set(input.regions.map(\.description))),
          steps: [
            ApprovalDemand.Step(
              kind: "FREE_GOODS", rule: 0, position: 1, follows: false,
              asked: ApprovalStepRule(role: asked.role))
          ]))
    }
    return "\(words); \(asked.words)"
  }
}

/// What orders make again or repair, and what was given for an order.
enum AfterSalesOrderTable {
  struct Origin {
    let id: ID<SalesOrder>
    let number: String
    let line: Int
    let responsible: Responsible
  }

  struct Given {
    let id: ID<SalesOrder>
    let number: String
    let isFree: Bool
  }

  /// Whose goods an order makes again or repairs; nil for any other order.
  static func origin(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> Origin? {
    try snapshot.first(
      """
      SELECT o.id, o.number, m.origin_line, m.responsible
      FROM remake AS m JOIN sales_order AS o ON o.id = m.origin_order_id
      WHERE m.sales_order_id = ?
      UNION ALL
      SELECT o.id, o.number, m.origin_line, m.responsible
      FROM repair AS m JOIN sales_order AS o ON o.id = m.origin_order_id
      WHERE m.sales_order_id = ?
      """, order, order
    ) { Origin(id: $0.id(0), number: $0.text(1), line: $0.int(2), responsible: try $0.value(3)) }
  }

  /// For a line of an order; nil for any line.
  static func given(
    for order: ID<SalesOrder>, line: Int?, in snapshot: Snapshot
  ) throws -> [Given] {
    try snapshot.all(
      """
      SELECT o.id, o.number, m.is_free
      FROM remake AS m JOIN sales_order AS o ON o.id = m.sales_order_id
      WHERE m.origin_order_id = ? AND (? IS NULL OR m.origin_line = ?)
      UNION ALL
      SELECT o.id, o.number, m.is_free
      FROM repair AS m JOIN sales_order AS o ON o.id = m.sales_order_id
      WHERE m.origin_order_id = ? AND (? IS NULL OR m.origin_line = ?)
      """, order, line, line, order, line, line
    ) { Given(id: $0.id(0), number: $0.text(1), isFree: $0.bool(2)) }
  }
}
