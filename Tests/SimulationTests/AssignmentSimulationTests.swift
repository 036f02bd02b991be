import Messages
import TestKit
import TestRandom
import Testing

@Suite("Simulation: which warehouses orders get that name none, against a model")
struct AssignmentSimulationTests {
  private static let warehouses = ["MAIN", "EAST", "NORTH"]
  private static let goods = ["CHAIR", "LAMP"]

  /// A rule as an independent reader takes it.
  private struct Rule {
    let isVIP: Bool
    let isMade: Bool
    let takesFirst: Bool
    let warehouses: [String]
  }

  /// What is on the shelves less what was ordered: what is below nothing waits.
  private struct Shelves {
    var left: [String: Int64] = [:]

    func free(_ sku: String, _ warehouse: String) -> Int64 { max(0, left[sku + warehouse] ?? 0) }

    mutating func add(_ count: Int64, of sku: String, in warehouse: String) {
      left[sku + warehouse, default: 0] += count
    }

    /// Of those that serve most lines the first.
    func best(of warehouses: [String], for lines: [(sku: String, count: Int64)]) -> String {
      let most = warehouses.map { served(lines, in: $0) }.max()
      return warehouses.first { served(lines, in: $0) == most } ?? ""
    }

    /// Lines that could be served, one after the other.
    func served(_ lines: [(sku: String, count: Int64)], in warehouse: String) -> Int {
      var copy = self
      return lines.filter { line in
        guard copy.free(line.sku, warehouse) >= line.count else { return false }
        copy.add(-line.count, of: line.sku, in: warehouse)
        return true
      }.count
    }
  }

  @Test("by rule, by what is free, by turn", arguments: SimulationTests.seeds)
  func assignmentFollowsModel(seed: UInt64) async throws {
    let shop = try await Shop.open()
    try await furnish(shop)
    var random = Seeded(seed)
    var rules: [Rule] = []
    var shelves = Shelves()
    for step in 1...80 {
      let kind = random.number(1...100)
      if kind <= 10 || rules.isEmpty {
        rules = try await setRules(shop, &random)
      } else if kind <= 35 {
        let (sku, warehouse) = (Self.goods.one(&random), Self.warehouses.one(&random))
        let count = random.number(1...12)
        try await shop.stock(sku, count, cost: "80", in: warehouse)
        shelves.add(count, of: sku, in: warehouse)
      } else {
        var lines = (1...random.number(1...3)).map { _ in
          (sku: Self.goods.one(&random), count: random.number(1...6))
        }
        let isVIP = random.chance(30)
        let isMade = random.chance(20)
        let goods = lines
        if isMade { lines.append((sku: "TABLE", count: 1)) }
        let expected = rules.first { (!$0.isVIP || isVIP) && (!$0.isMade || isMade) }.map { rule in
          rule.takesFirst ? rule.warehouses[0] : shelves.best(of: rule.warehouses, for: goods)
        }
        var input = shop.input(lines, customer: isVIP ? "RICH-VIP" : "RICH")
        input.warehouseCode = ""
        let order = try? await shop.orders.placeOrder(
          .init(order: input), options: shop.command()
        ).order
        let told = try? await shop.assignment.getAssignment(
          .init(orderNumber: order?.number ?? ""))
        let reasons = told?.assignment?.explanation?.steps.map(\.text) ?? []
        #expect(
          order?.warehouseCode == expected, "step \(step): \(lines), \(shelves.left), \(reasons)")
        guard let expected else { continue }
        for line in goods { shelves.add(-line.count, of: line.sku, in: expected) }
      }
    }
    for sku in Self.goods {
      for warehouse in Self.warehouses {
        let level = try await shop.inventory.getAvailability(
          .init(sku: sku, warehouseCode: warehouse)
        ).levels.first
        #expect((level?.available?.micros ?? 0) == shelves.free(sku, warehouse) * 1_000_000)
      }
    }
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func furnish(_ shop: Shop) async throws {
    try await shop.furnish()
    // What waits for an approval takes nothing.
    _ = try await shop.orders.replaceApprovalRules(
      .init(rules: [.init(minimumGross: yuan("9000000"), approverRole: "OWNER")]),
      options: shop.command())
    _ = try await shop.catalog.upsertWarehouses(
      .init(warehouses: [.init(code: "NORTH", name: "北仓")]), options: shop.command())
    _ = try await shop.customers.upsertCustomers(
      .init(
        customers: ["", "VIP"].map { named in
          .init(
            code: named.isEmpty ? "RICH" : "RICH-VIP", name: "客户", customerClass: named,
            creditLimit: yuan("90000000"), terms: .init(netDays: 30))
        }), options: shop.command())
  }

  private func setRules(_ shop: Shop, _ random: inout Seeded) async throws -> [Rule] {
    let rules = (1...random.number(1...4)).map { _ in
      Rule(
        isVIP: random.chance(40), isMade: random.chance(30), takesFirst: random.chance(25),
        warehouses: Array(
          Self.warehouses.shuffled(using: &random).prefix(Int(random.number(1...3)))))
    }
    _ = try await shop.assignment.setAssignmentPolicy(
      .init(
        rules: rules.map { rule in
          .init(
            customerClass: rule.isVIP ? "VIP" : "", made: rule.isMade,
            warehouseCodes: rule.warehouses, choice: rule.takesFirst ? .first : .complete)
        }, reason: "simulation"), options: shop.command())
    return rules
  }
}

extension [String] {
  fileprivate func one(_ random: inout Seeded) -> String {
    randomElement(using: &random) ?? ""
  }
}
