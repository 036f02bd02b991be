import Inventory
import MasterData
package import Storage
package import Values

/// Lines of an order that leave only together: all that is open of them at once.
package struct ShippingSet: Hashable, Sendable {
  /// Names it within the order.
  package let code: String
  /// In their order.
  package let lines: [Int]

  package init(code: String, lines: [Int]) {
    self.code = code
    self.lines = lines
  }

  /// Lines of which something that is open is not in `leaving`, by line.
  func waiting(of order: SalesOrder, for leaving: [Int: Quantity]) -> [Int] {
    lines.filter { number in
      order.lines[number - 1].open > leaving[number, default: .zero]
    }
  }
}

/// A set, and what of it is not there.
package struct ShippingSetStatus: Sendable {
  package let set: ShippingSet
  package let waiting: [Int]

  /// Of an order, by code.
  package static func of(
    _ order: SalesOrder, in snapshot: Snapshot
  ) throws -> [ShippingSetStatus] {
    let shippable = try order.shippable(in: snapshot)
    return try ShippingSetTable.list(of: order.id, in: snapshot).map {
      ShippingSetStatus(set: $0, waiting: $0.waiting(of: order, for: shippable))
    }
  }
}

/// Says which lines of an order leave only together.
package struct SetShippingSets: Sendable {
  package let orderNumber: String
  package let sets: [ShippingSet]
  /// Who asks.
  package let actor: String

  package init(orderNumber: String, sets: [ShippingSet], by actor: String) {
    self.orderNumber = orderNumber
    self.sets = sets
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [ShippingSetStatus] {
    var check = FieldCheck(.request)
    check.range(sets.count, "sets", 0...100)
    try check.pass()
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    try order.expect("say what of it leaves together", in: [.confirmed, .partlyShipped])
    let before = try ShippingSetTable.list(of: order.id, in: tx)
    let setApart = try ShipmentLineTable.setApart(of: order.id, in: tx)
    for old in before where !sets.contains(old) {
      try old.checkUntouched(order, setApart, field: "sets")
    }
    try self.check(order, before, setApart)
    try ShippingSetTable.replace(with: sets, of: order.id, in: tx)
    tx.record(
      DomainEvent(
        "order.shipping-sets", order.reference,
        sets.map { Fact("set_\($0.code)", $0.lines.map(\.description).joined(separator: ", ")) }
          + [Fact("actor", actor)]))
    return try ShippingSetStatus.of(order, in: tx)
  }

  private func check(
    _ order: SalesOrder, _ before: [ShippingSet], _ setApart: [Int: Quantity]
  ) throws {
    var found: [any Rejection] = []
    var (codes, taken): (Set<String>, Set<Int>) = ([], [])
    for (row, set) in sets.enumerated() {
      var check = FieldCheck(FieldPath("sets", row: row))
      check.code(set.code, "code")
      if !codes.insert(set.code).inserted {
        check.refuse(LoadingRejection.duplicateSet(field: check.path.field("code"), code: set.code))
      }
      check.range(set.lines.count, "line_numbers", 1...500)
      for (index, number) in set.lines.enumerated() {
        let field = check.path.field("line_numbers[\(index)]")
        if !order.lines.indices.contains(number - 1) {
          check.refuse(
            OrdersRejection.unknownLine(field: field, order: order.number, line: number))
        } else if !taken.insert(number).inserted {
          check.refuse(OrdersRejection.duplicateLine(field: field, line: number))
        } else if order.lines[number - 1].sourcing == .service {
          check.refuse(
            OrdersRejection.lineIsService(field: field, order: order.number, line: number))
        }
      }
      if check.violations.isEmpty, !before.contains(set) {
        do {
          try set.checkUntouched(order, setApart, field: check.path.field("line_numbers"))
        } catch { check.refuse(error) }
      }
      found += check.violations
    }
    try Rejections.check(found)
  }
}

extension ShippingSet {
  /// Refuses to change what has begun to leave.
  fileprivate func checkUntouched(
    _ order: SalesOrder, _ setApart: [Int: Quantity], field: String
  ) throws(LoadingRejection) {
    guard
      let line = lines.first(where: {
        order.lines[$0 - 1].shipped.isPositive || setApart[$0, default: .zero].isPositive
      })
    else { return }
    throw .setStarted(field: field, code: code, line: line)
  }
}

extension SalesOrder {
  /// Of what could leave, what may: of a set all that is open, or nothing.
  func withoutBrokenSets(
    _ leaving: [Int: Quantity], in snapshot: Snapshot
  ) throws -> [Int: Quantity] {
    var whole = leaving
    for set in try ShippingSetTable.list(of: id, in: snapshot)
    where !set.waiting(of: self, for: leaving).isEmpty {
      for line in set.lines { whole[line] = nil }
    }
    return whole
  }

  /// Refuses to tear a set apart.
  func checkSets(_ leaving: [Int: Quantity], field: String, in snapshot: Snapshot) throws {
    for set in try ShippingSetTable.list(of: id, in: snapshot) {
      guard set.lines.contains(where: { leaving[$0, default: .zero].isPositive }),
        let line = set.waiting(of: self, for: leaving).first
      else { continue }
      throw LoadingRejection.setIncomplete(
        field: field, order: number, code: set.code, line: line)
    }
  }

  /// Why nothing can be set apart, where sets are the reason; nil where they are not.
  func setThatWaits(in snapshot: Snapshot) throws -> LoadingRejection? {
    let shippable = try shippable(in: snapshot)
    guard !shippable.isEmpty, try withoutBrokenSets(shippable, in: snapshot).isEmpty else {
      return nil
    }
    for set in try ShippingSetTable.list(of: id, in: snapshot) {
      guard let line = set.waiting(of: self, for: shippable).first else { continue }
      return .setIncomplete(field: "order_number", order: number, code: set.code, line: line)
    }
    return nil
  }
}

/// All SQL of `shipping_set`.
enum ShippingSetTable {
  static func replace(
    with sets: [ShippingSet], of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute("DELETE FROM shipping_set WHERE sales_order_id = ?", order)
    for set in sets {
      for line in set.lines {
        try tx.execute(
          "INSERT INTO shipping_set (sales_order_id, line_number, code) VALUES (?, ?, ?)", order,
          line, set.code)
      }
    }
  }

  /// By code.
  static func list(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> [ShippingSet] {
    let rows = try snapshot.all(
      """
      SELECT code, line_number FROM shipping_set WHERE sales_order_id = ?
      ORDER BY code, line_number
      """, order
    ) { (code: $0.text(0), line: $0.int(1)) }
    return Dictionary(grouping: rows, by: \.code).sorted { $0.key < $1.key }.map { code, rows in
      ShippingSet(code: code, lines: rows.map(\.line))
    }
  }
}
