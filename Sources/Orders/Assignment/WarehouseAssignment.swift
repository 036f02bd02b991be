import Inventory
import MasterData
package import Storage
package import Values

/// The warehouse of an order that names none, and why.
package struct WarehouseAssignment: Hashable, Sendable {
  package let warehouseCode: String
  package let policyVersion: Int64
  /// From 1.
  package let rule: Int
  package let explanation: Explanation
}

/// Questions about the warehouses of orders that name none.
package enum WarehouseAssignments {
  /// What an order would be given if it were submitted on a day, whatever it names. Refuses a
  /// customer and products that there are not.
  package static func of(
    _ draft: OrderDraft, on day: Day, in snapshot: Snapshot
  ) throws -> WarehouseAssignment {
    var check = FieldCheck(FieldPath("order"))
    let customer = try draft.readHead(&check, in: snapshot)
    let products = try Products.find(skus: draft.lines.map(\.sku), in: snapshot)
    for (index, product) in products.enumerated() where product == nil {
      let sku = draft.lines[index].sku
      check.refuse(
        MasterDataRejection.unknownProduct(
          field: OrderDraft.path(line: index).field("sku"), sku: sku
        ).ifNamed(sku))
    }
    try check.pass()
    guard let customer else { preconditionFailure("a missing customer has been refused") }
    let policy = try AssignmentPolicies.require(version: 0, on: day, in: snapshot)
    return try draft.assignment(by: policy, for: customer, on: day, in: snapshot)
  }

  /// What an order was given. Refuses an order that named its warehouse.
  package static func require(
    of order: SalesOrder, field: String, in snapshot: Snapshot
  ) throws -> WarehouseAssignment {
    guard let found = try AssignmentTable.find(order.id, in: snapshot),
      found.warehouseCode == order.warehouseCode
    else { throw AssignmentRejection.notAssigned(field: field, order: order.number) }
    return found
  }
}

extension OrderDraft {
  /// Gives a draft that names no warehouse the one of the rules; nil, and nothing looked up, where
  /// it names one, and where there are no rules.
  mutating func assignWarehouse(
    for customer: Customer?, on day: Day, _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> WarehouseAssignment? {
    guard warehouseCode.isEmpty, let customer,
      let policy = try AssignmentPolicies.inForce(on: day, in: snapshot), !policy.rules.isEmpty
    else { return nil }
    do {
      let assignment = try assignment(by: policy, for: customer, on: day, in: snapshot)
      warehouseCode = assignment.warehouseCode
      return assignment
    } catch let refused as AssignmentRejection {
      check.refuse(refused)
      return nil
    }
  }

  fileprivate func assignment(
    by policy: AssignmentPolicy, for customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> WarehouseAssignment {
    let needs = try AssignmentNeeds(self, for: customer, on: day, in: snapshot)
    guard let index = policy.rules.firstIndex(where: { $0.fits(self, needs, customer) }) else {
      throw AssignmentRejection.noRule(field: "order.warehouse_code", version: policy.version)
    }
    let rule = policy.rules[index]
    var explanation = Explanation()
    explanation.add(
      "ASSIGNMENT_RULE",
      "Rule \(index + 1) (\(rule.condition)): \(rule.warehouses.joined(separator: ", "))",
      [Fact("policy", policy.version), Fact("rule", index + 1)])
    let chosen: String
    switch rule.choice {
    case .first: chosen = rule.warehouses[0]
    case .complete: chosen = try needs.most(of: rule.warehouses, &explanation, in: snapshot)
    }
    explanation.add(
      "ASSIGNED",
      rule.choice == .first
        ? "\(chosen) is the first choice, whatever it has" : "\(chosen) has most of the order",
      [Fact("warehouse", chosen)])
    return WarehouseAssignment(
      warehouseCode: chosen, policyVersion: policy.version, rule: index + 1,
      explanation: explanation)
  }
}

extension AssignmentRule {
  fileprivate func fits(
    _ draft: OrderDraft, _ needs: AssignmentNeeds, _ customer: Customer
  ) -> Bool {
    (channel.map { $0 == draft.channel } ?? true)
      && (customerClass.map { $0 == customer.customerClass } ?? true)
      && (storeCode.map { $0 == customer.storeCode } ?? true)
      && (zone.map { $0 == needs.zone } ?? true)
      && (productClass.map(needs.productClasses.contains) ?? true)
      && (!isMade || needs.isMade)
  }
}

/// What the rules look at of an order that is not priced yet. What cannot be sold is no need: who
/// prices the order refuses it.
private struct AssignmentNeeds {
  /// Empty where it is fetched, and where nobody brings it: who prices the order refuses that.
  let zone: String
  private(set) var productClasses: Set<String> = []
  private(set) var isMade = false
  /// The lines of goods from stock, by number.
  private var lines: [(number: Int, product: Product, quantity: Quantity)] = []

  init(
    _ draft: OrderDraft, for customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws {
    var open = draft
    var ignored = FieldCheck(FieldPath("order"))
    if open.delivery?.isOpen == true {
      _ = try open.fixDelivery(for: customer, on: day, &ignored, in: snapshot)
    }
    zone = open.delivery?.zone ?? ""
    let products = try Products.find(skus: draft.lines.map(\.sku), in: snapshot)
    for (index, product) in products.enumerated() {
      guard let product, let quantity = draft.lines[index].quantity(of: product) else { continue }
      productClasses.insert(product.productClass)
      switch Sourcing(product.kind) {
      case .stock: lines.append((index + 1, product, quantity))
      case .make: isMade = true
      case .service, nil: break
      }
    }
  }

  /// The first in which all lines can be served, or else the first of those where most can: lines
  /// of the same product one after the other.
  func most(
    of warehouses: [String], _ explanation: inout Explanation, in snapshot: Snapshot
  ) throws -> String {
    var best = (code: warehouses[0], complete: -1)
    for code in warehouses {
      let warehouse = try Warehouses.require(
        code: code, field: "order.warehouse_code", in: snapshot)
      var left: [ID<Product>: Quantity] = [:]
      var short: [Int] = []
      for line in lines {
        let free =
          try left[line.product.id] ?? Availability.free(line.product, in: warehouse, in: snapshot)
        left[line.product.id] = line.quantity <= free ? try free - line.quantity : free
        if line.quantity > free { short.append(line.number) }
      }
      let complete = lines.count - short.count
      let numbers = short.map { "\($0)" }.joined(separator: ", ")
      explanation.add(
        "CANDIDATE",
        lines.isEmpty
          ? "\(code): nothing of the order comes from stock"
          : short.isEmpty
            ? "\(code) has all lines from stock"
            : "\(code) has \(complete) of \(lines.count) lines from stock, not \(numbers)",
        [
          Fact("warehouse", code), Fact("complete_lines", complete), Fact("lines", lines.count),
          Fact("short_lines", numbers),
        ])
      if complete > best.complete { best = (code, complete) }
      if short.isEmpty { break }
    }
    return best.code
  }
}

extension SalesOrder {
  /// Keeps why it has its warehouse; nothing for an order that named it.
  func keep(_ assignment: WarehouseAssignment?, in tx: Transaction) throws {
    guard let assignment else { return }
    try AssignmentTable.replace(by: assignment, of: id, in: tx)
    tx.record(
      DomainEvent(
        "order.warehouse-assigned", reference,
        [
          Fact("warehouse", assignment.warehouseCode), Fact("policy", assignment.policyVersion),
          Fact("rule", assignment.rule),
        ]))
  }
}

/// All SQL of `order_assignment`.
private enum AssignmentTable {
  static func replace(
    by assignment: WarehouseAssignment, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT OR REPLACE INTO order_assignment (sales_order_id, warehouse_code, policy_version,
        rule, explanation)
      VALUES (?, ?, ?, ?, ?)
      """, order, assignment.warehouseCode, assignment.policyVersion, assignment.rule,
      assignment.explanation.storedText)
  }

  static func find(
    _ order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> WarehouseAssignment? {
    try snapshot.first(
      """
      SELECT warehouse_code, policy_version, rule, explanation
      FROM order_assignment WHERE sales_order_id = ?
      """, order
    ) { row in
      WarehouseAssignment(
        warehouseCode: row.text(0), policyVersion: row.int64(1), rule: row.int(2),
        explanation: Explanation(storedText: row.text(3)))
    }
  }
}
