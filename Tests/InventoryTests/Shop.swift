import Finance
import Inventory
import MasterData
import Storage
import Synchronization
import Values

/// A shop in memory: warehouses MAIN and EAST, the chair C-1 and the table T-1 (made to order) by
/// the piece, the board R-1 by the square metre, and the service S-1. No stock.
struct Shop {
  let database: Database
  private let faults = FaultPlan()

  /// 2026-11-21.
  static let day = Day(daysSinceEpoch: 20_778)
  static let now = Moment(
    instant: Instant(microseconds: 1_795_234_500_000_000), day: Self.day)

  init() async throws {
    database = try Database.open(
      Database.Configuration(path: nil, faults: faults),
      migrations: MasterDataMigrations.all + FinanceMigrations.all + InventoryMigrations.all,
      now: Self.now.instant)
    try await database.write { tx in
      let products = try UpsertProducts([
        ProductDraft(
          sku: "C-1", name: "Chair", kind: .stocked, unit: "pcs", taxClass: "STANDARD"),
        ProductDraft(
          sku: "T-1", name: "Table", kind: .madeToOrder, unit: "pcs", taxClass: "STANDARD"),
        ProductDraft(
          sku: "R-1", name: "Board", kind: .rawMaterial, unit: "m2", taxClass: "STANDARD"),
        ProductDraft(
          sku: "S-1", name: "Delivery", kind: .service, unit: "h", taxClass: "SERVICE"),
      ]).run(in: tx, at: Self.now)
      let warehouses = try UpsertWarehouses([
        WarehouseDraft(code: "MAIN", name: "Main"), WarehouseDraft(code: "EAST", name: "East"),
      ]).run(in: tx, at: Self.now)
      (products + warehouses).forEach { precondition($0.violations.isEmpty, "\($0)") }
    }
  }

  func write<R: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> R) async throws -> R {
    try await database.write(body)
  }

  func read<R: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> R) async throws -> R {
    try await database.read(body)
  }

  /// What `body` recorded: "reservation.short SO-1 sku=C-1 …", in order. The effect stays.
  func events(
    _ body: @escaping @Sendable (Transaction) throws -> Void
  ) async throws -> [DomainEvent] {
    try await write { tx in
      _ = tx.takeEvents()
      try body(tx)
      return tx.takeEvents()
    }
  }

  /// How many statements `body` needs.
  func statements<R: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> R
  ) async throws -> Int {
    let counter = StatementCounter(faults)
    return try await write { tx in
      counter.start()
      _ = try body(tx)
      return counter.stop()
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

  /// Everything that is wrong with stock and books.
  func violations() async throws -> [InvariantViolation] {
    try await read {
      try FinanceInvariants.violations(in: $0) + InventoryInvariants.violations(in: $0)
    }
  }

  /// "1405 500.00" for each account that is not zero, in the order of the codes.
  func balances() async throws -> [String] {
    try await read { snapshot in
      try Ledger.trialBalance(in: snapshot).map { ($0.account, try $0.balance()) }
        .filter { $1.minor != 0 }.map { "\($0.rawValue) \($1.decimal)" }
    }
  }

  /// "MAIN 10/4/0 1000.00": on hand, reserved, waiting and value of a product per warehouse.
  func stock(_ sku: String = "C-1") async throws -> [String] {
    try await read { try Self.stock(sku, in: $0) }
  }

  static func stock(_ sku: String = "C-1", in snapshot: Snapshot) throws -> [String] {
    try Availability.levels(of: .named(sku, in: snapshot), in: snapshot).map {
      "\($0.warehouseCode) \($0.onHand)/\($0.reserved)/\($0.waiting) \($0.value.decimal)"
    }
  }
}

extension Product {
  static func named(_ sku: String, in snapshot: Snapshot) throws -> Product {
    try Products.require(sku: sku, field: "sku", in: snapshot)
  }
}

extension Warehouse {
  static func named(_ code: String, in snapshot: Snapshot) throws -> Warehouse {
    try Warehouses.require(code: code, field: "warehouse_code", in: snapshot)
  }
}

/// Verbs by codes and whole units, as the tests speak.
extension Transaction {
  func receive(
    _ units: Int64, _ sku: String = "C-1", at yuan: Int64 = 100, warehouse: String = "MAIN"
  ) throws {
    try ReceiveStock(
      sku: sku, warehouseCode: warehouse, quantity: GivenQuantity(qty(units)),
      unitCost: UnitPrice(micros: yuan * 1_000_000, currency: .cny)
    ).run(in: self, at: Shop.now)
  }

  @discardableResult
  func reserve(
    _ units: Int64, _ sku: String = "C-1", for order: Int, line: Int = 1, priority: Int = 0,
    peg: DocumentReference? = nil, shortage: ShortageRule = .wait, warehouse: String = "MAIN",
    root: DocumentReference? = nil
  ) throws -> ReservedQuantity {
    try Reserve(
      product: .named(sku, in: self), warehouse: .named(warehouse, in: self),
      quantity: qty(units), origin: orderLine(order, line), priority: priority, peg: peg,
      shortage: shortage, root: root, field: "lines[0].quantity"
    ).run(in: self, at: Shop.now)
  }

  @discardableResult
  func ship(_ units: Int64, _ sku: String = "C-1", for order: Int, line: Int = 1) throws
    -> StockMove
  {
    try ShipReserved(
      origin: orderLine(order, line), product: .named(sku, in: self), quantity: qty(units),
      to: Locations.transit, document: Origin(.shipment, "SH-\(order)", line: line)
    ).run(in: self, at: Shop.now)
  }

  @discardableResult
  func release(_ order: Int, line: Int = 1, _ units: Int64? = nil) throws -> Quantity {
    try ReleaseReservation(origin: orderLine(order, line), quantity: units.map { qty($0) })
      .run(in: self, at: Shop.now)
  }

  @discardableResult
  func adjust(
    _ correction: AdjustStock.Correction, _ sku: String = "C-1", cost: UnitPrice? = nil
  ) throws -> StockCorrection {
    try AdjustStock(
      sku: sku, warehouseCode: "MAIN", correction: correction, reason: "count", unitCost: cost
    ).run(in: self, at: Shop.now)
  }

  @discardableResult
  func move(
    _ units: Int64, _ sku: String = "C-1", from: Location, to: Location,
    _ valuation: Valuation = .average, cause: MoveCause, origin: Origin,
    supply: DocumentReference? = nil
  ) throws -> StockMove {
    try MoveStock(
      product: .named(sku, in: self), quantity: qty(units), from: from, to: to,
      valuation: valuation, cause: cause, origin: origin, supply: supply
    ).run(in: self, at: Shop.now)
  }

  /// "SO-1/1 3 of 5" for every demand of an order that is left.
  func demands(_ order: Int) throws -> [String] {
    try Reservations.of(orderLine(order, 0), in: self).map {
      "\($0.origin) \($0.held) of \($0.wanted)"
    }
  }
}

func qty(_ units: Int64) -> Quantity { Quantity(micros: units * 1_000_000) }

func cny(_ yuan: Int64) -> Money { Money(minor: yuan * 100, currency: .cny) }

func fen(_ minor: Int64) -> Money { Money(minor: minor, currency: .cny) }

func price(_ yuan: Int64) -> UnitPrice { UnitPrice(micros: yuan * 1_000_000, currency: .cny) }

/// Line of a sales order; line 0 is the whole order.
func orderLine(_ order: Int, _ line: Int) -> Origin {
  Origin(.salesOrder, "SO-\(order)", line: line)
}

func workOrder(_ number: Int) -> DocumentReference { DocumentReference(.workOrder, "WO-\(number)") }

/// Counts the statements of a transaction by a fault that does no harm and arms itself again.
final class StatementCounter: Sendable {
  private let faults: FaultPlan
  private let count = Mutex(0)

  init(_ faults: FaultPlan) { self.faults = faults }

  func start() { faults.arm(.statement, .run { [self] in step() }) }

  func stop() -> Int {
    faults.disarm()
    return count.withLock { $0 }
  }

  private func step() {
    count.withLock { $0 += 1 }
    start()
  }
}
