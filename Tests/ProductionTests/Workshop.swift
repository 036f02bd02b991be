import Finance
import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Values

/// A workshop in memory, in warehouse MAIN. An hour of CUT costs 120.00, one of FIT 80.00.
///
/// STOOL is a board and 6 minutes of CUT. TABLE is a TOP, a set of LEGS, 8 screws (5 % of them
/// lost) and 0.35 kg of OIL, assembled and oiled; TOP is 1.9 m² of BOARD with 10 % waste, LEGS are
/// 0.48 m² of BOARD with 15 %. A board costs 100.00 a square metre, a screw 0.013, oil 60.00.
/// Nothing is in stock.
struct Workshop {
  let database: Database

  /// 2026-11-21.
  static let day = Day(daysSinceEpoch: 20_778)
  static let now = Moment(
    instant: Instant(microseconds: 1_795_234_500_000_000), day: Self.day)

  static let migrations =
    MasterDataMigrations.all + FinanceMigrations.all + InventoryMigrations.all
    + PurchasingMigrations.all + ProductionMigrations.all

  init() async throws {
    database = try Database.inMemory(migrations: Self.migrations, now: Self.now.instant)
    try await database.write { tx in
      let products = try UpsertProducts([
        .of("TABLE", .madeToOrder), .of("STOOL", .stocked), .of("TOP", .rawMaterial),
        .of("LEGS", .rawMaterial), .of("SCREW", .rawMaterial), .of("BOARD", .rawMaterial, "m2"),
        .of("OIL", .rawMaterial, "kg"), .of("DELIVERY", .service, "h"), .of("VASE", .stocked),
      ]).run(in: tx, at: Self.now)
      let warehouses = try UpsertWarehouses([WarehouseDraft(code: "MAIN", name: "Main")])
        .run(in: tx, at: Self.now)
      let centres = try UpsertWorkCentres([
        WorkCentreDraft(code: "CUT", name: "Cutting", hourlyRate: cny(120)),
        WorkCentreDraft(code: "FIT", name: "Assembly", hourlyRate: cny(80)),
      ]).run(in: tx, at: Self.now)
      let bills = try UpsertBillsOfMaterial([.top, .legs, .table, .stool])
        .run(in: tx, at: Self.now)
      (products + warehouses + centres + bills).forEach {
        precondition($0.violations.isEmpty, "\($0)")
      }
      _ = tx.takeEvents()
    }
  }

  func write<R: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> R) async throws -> R {
    try await database.write(body)
  }

  func read<R: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> R) async throws -> R {
    try await database.read(body)
  }

  /// What `body` recorded, in order. The effect stays.
  func events(
    _ body: @escaping @Sendable (Transaction) throws -> Void
  ) async throws -> [DomainEvent] {
    try await write { tx in
      _ = tx.takeEvents()
      try body(tx)
      return tx.takeEvents()
    }
  }

  /// What `body` was refused with, in order; empty when it went through. Nothing of it stays.
  func refusals<R: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> R
  ) async throws -> [any Rejection] {
    do {
      _ = try await database.rehearse(body)
      return []
    } catch let several as Rejections {
      return several.all
    } catch let one as any Rejection {
      return [one]
    }
  }

  /// Everything that is wrong with production and what lies below it.
  func violations() async throws -> [InvariantViolation] {
    try await read { try Self.violations(in: $0) }
  }

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try FinanceInvariants.violations(in: snapshot)
      + InventoryInvariants.violations(in: snapshot)
      + PurchasingInvariants.violations(in: snapshot)
      + ProductionInvariants.violations(in: snapshot)
  }

  /// "1403 500.00" for each account that is not zero, in the order of the codes.
  func balances() async throws -> [String] {
    try await read { snapshot in
      try Ledger.trialBalance(in: snapshot).map { ($0.account, try $0.balance()) }
        .filter { $1.minor != 0 }.map { "\($0.rawValue) \($1.decimal)" }
    }
  }
}

extension ProductDraft {
  static func of(_ sku: String, _ kind: ProductKind, _ unit: String = "pcs") -> ProductDraft {
    ProductDraft(sku: sku, name: sku, kind: kind, unit: unit, taxClass: "STANDARD")
  }
}

extension BillDraft {
  static let top = BillDraft(
    sku: "TOP", components: [.of("BOARD", 1_900_000, scrap: 100_000)],
    operations: [.of(1, "CUT", setup: 20, unit: 45)])
  static let legs = BillDraft(
    sku: "LEGS", components: [.of("BOARD", 480_000, scrap: 150_000)],
    operations: [.of(1, "CUT", setup: 15, unit: 40)])
  static let table = BillDraft(
    sku: "TABLE",
    components: [
      .of("TOP", 1_000_000), .of("LEGS", 1_000_000), .of("SCREW", 8_000_000, scrap: 50_000),
      .of("OIL", 350_000),
    ], operations: [.of(10, "FIT", setup: 10, unit: 60), .of(20, "FIT", setup: 0, unit: 25)])
  static let stool = BillDraft(
    sku: "STOOL", components: [.of("BOARD", 1_000_000)],
    operations: [.of(1, "CUT", setup: 0, unit: 6)])
}

extension BillDraft.Component {
  static func of(_ sku: String, _ micros: Int64, scrap: Int64 = 0) -> BillDraft.Component {
    BillDraft.Component(
      sku: sku, quantity: GivenQuantity(Quantity(micros: micros)), scrap: Rate(micros: scrap))
  }
}

extension BillDraft.Operation {
  /// Minutes.
  static func of(
    _ sequence: Int, _ centre: String, setup: Int64 = 0, unit: Int64 = 0
  ) -> BillDraft.Operation {
    BillDraft.Operation(
      sequence: sequence, name: "Step \(sequence)", workCentreCode: centre,
      setupMinutes: qty(setup), unitMinutes: qty(unit))
  }
}

/// Verbs by codes, as the tests speak.
extension Transaction {
  func upsert(_ bills: BillDraft...) throws -> [RowVerdict] {
    try UpsertBillsOfMaterial(bills).run(in: self, at: Workshop.now)
  }

  /// Opening stock at a price per unit.
  func stock(_ micros: Int64, _ sku: String, at unitCost: Int64 = 100_000_000) throws {
    try ReceiveStock(
      sku: sku, warehouseCode: "MAIN", quantity: GivenQuantity(Quantity(micros: micros)),
      unitCost: UnitPrice(micros: unitCost, currency: .cny)
    ).run(in: self, at: Workshop.now)
  }

  /// A count finds less.
  func lose(_ units: Int64, _ sku: String) throws {
    try CorrectStock(
      AdjustStock(
        sku: sku, warehouseCode: "MAIN", correction: .difference(GivenQuantity(qty(-units))),
        reason: "count")
    ).run(in: self, at: Workshop.now)
  }

  /// Enough of every material for some tables and stools.
  func stockMaterial() throws {
    try stock(100_000_000, "BOARD")
    try stock(1_000_000_000, "SCREW", at: 13_000)
    try stock(20_000_000, "OIL", at: 60_000_000)
  }

  /// `order` nil: for stock.
  @discardableResult
  func plan(
    _ units: Int64, _ sku: String, for order: Int? = nil, hold: WorkOrderHold? = nil
  ) throws -> WorkOrder {
    try PlanWorkOrder(
      product: .named(sku, in: self), quantity: qty(units), warehouse: .main(in: self),
      origin: order.map { orderLine($0, 1) }, hold: hold
    ).run(in: self, at: Workshop.now)
  }

  /// What Orders does for a made-to-order line: the work order, and a promise of its output.
  @discardableResult
  func planLine(
    _ units: Int64, _ sku: String, for order: Int, hold: WorkOrderHold? = nil
  ) throws -> WorkOrder {
    let planned = try plan(units, sku, for: order, hold: hold)
    try Reserve(
      product: .named(sku, in: self), warehouse: .main(in: self), quantity: qty(units),
      origin: orderLine(order, 1), peg: planned.reference, shortage: .wait
    ).run(in: self, at: Workshop.now)
    return planned
  }

  @discardableResult
  func release(_ number: Int, override reason: String = "") throws -> WorkOrder {
    try ReleaseWorkOrder(number: work(number), overrideReason: reason)
      .run(in: self, at: Workshop.now)
  }

  @discardableResult
  func issue(_ number: Int, _ lines: (String, Int64)...) throws -> WorkOrder {
    try IssueMaterials(
      number: work(number),
      components: lines.map {
        IssueMaterials.Line(sku: $0, quantity: GivenQuantity(Quantity(micros: $1)))
      }
    ).run(in: self, at: Workshop.now)
  }

  @discardableResult
  func report(
    _ number: Int, _ sequence: Int, minutes: Int64, done: Bool = true
  ) throws -> WorkOrder {
    try ReportOperation(
      number: work(number), sequence: sequence, minutes: qty(minutes), isDone: done
    ).run(in: self, at: Workshop.now)
  }

  /// Both nil: all that is open.
  @discardableResult
  func complete(_ number: Int, good: Int64? = nil, scrapped: Int64? = nil) throws -> WorkOrder {
    try CompleteWorkOrder(
      number: work(number), good: good.map { GivenQuantity(qty($0)) },
      scrapped: scrapped.map { GivenQuantity(qty($0)) }
    ).run(in: self, at: Workshop.now)
  }

  @discardableResult
  func close(_ number: Int) throws -> EndedWorkOrder {
    try CloseWorkOrder(number: work(number)).run(in: self, at: Workshop.now)
  }

  @discardableResult
  func cancel(_ number: Int) throws -> EndedWorkOrder {
    try CancelWorkOrder(number: work(number)).run(in: self, at: Workshop.now)
  }

  /// As the bill of today says.
  @discardableResult
  func rework(
    _ number: Int, repeatsSteps: Bool = false, spoiled: [String] = []
  ) throws -> [SupplyVerdict] {
    try ReworkWorkOrder(
      number: work(number), nil, ReworkTerms(repeatsSteps: repeatsSteps, spoiled: spoiled)
    ).run(in: self, at: Workshop.now)
  }

  /// STOOLs through all steps up to, and without, their completion; the first work order of the
  /// books.
  func startStools(_ units: Int64) throws {
    try stockMaterial()
    try plan(units, "STOOL")
    try release(1)
    try issue(1)
  }
}

extension Snapshot {
  func order(_ number: Int) throws -> WorkOrder {
    try WorkOrders.require(number: work(number), in: self)
  }

  func level(_ sku: String) throws -> StockLevel? {
    try Availability.levels(of: .named(sku, in: self), in: self).first
  }

  /// "BOARD 2.111112 held 2" for each component.
  func components(_ number: Int) throws -> [String] {
    try order(number).components.map { "\($0.sku) \($0.required) held \($0.held)" }
  }

  func requisitions() throws -> [Requisition] { try Requisitions.list(limit: 500, in: self) }
}

extension Product {
  static func named(_ sku: String, in snapshot: Snapshot) throws -> Product {
    try Products.require(sku: sku, field: "sku", in: snapshot)
  }
}

extension Warehouse {
  static func main(in snapshot: Snapshot) throws -> Warehouse {
    try Warehouses.require(code: "MAIN", field: "warehouse_code", in: snapshot)
  }
}

func work(_ number: Int) -> String {
  "WO-2026-" + String(repeating: "0", count: 6 - String(number).count) + String(number)
}

func qty(_ units: Int64) -> Quantity { Quantity(micros: units * 1_000_000) }

func cny(_ yuan: Int64) -> Money { Money(minor: yuan * 100, currency: .cny) }

func fen(_ minor: Int64) -> Money { Money(minor: minor, currency: .cny) }

/// Line of a sales order; line 0 is the whole order.
func orderLine(_ order: Int, _ line: Int) -> Origin {
  Origin(.salesOrder, "SO-\(order)", line: line)
}

func salesOrder(_ order: Int) -> DocumentReference { DocumentReference(.salesOrder, "SO-\(order)") }
