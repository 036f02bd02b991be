import Finance
import Inventory
import MasterData
import Purchasing
import Storage
import Values

/// A yard in memory: warehouses MAIN and EAST; the supplier OAK sells boards (R-1, 33.333333 a
/// square metre, 7 days) and chairs (C-1, 100 a piece, 14 days), the supplier PINE sells nothing in
/// particular within 3 days. T-1 has no price, S-1 is a service.
struct Yard {
  let database: Database

  /// 2026-11-21.
  static let day = Day(daysSinceEpoch: 20_778)
  static let now = Moment(
    instant: Instant(microseconds: 1_795_234_500_000_000), day: Self.day)

  init() async throws {
    database = try Database.inMemory(
      migrations: MasterDataMigrations.all + FinanceMigrations.all + InventoryMigrations.all
        + PurchasingMigrations.all, now: Self.now.instant)
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
      let suppliers = try UpsertSuppliers([
        SupplierDraft(code: "OAK", name: "Oak", leadDays: 10),
        SupplierDraft(code: "PINE", name: "Pine", leadDays: 3),
      ]).run(in: tx, at: Self.now)
      let prices = try UpsertSupplierPrices([
        SupplierPriceDraft(
          supplierCode: "OAK", sku: "R-1", unitPrice: micros(33_333_333), leadDays: 7,
          isPreferred: true),
        SupplierPriceDraft(
          supplierCode: "OAK", sku: "C-1", unitPrice: price(100), leadDays: 14),
      ]).run(in: tx, at: Self.now)
      (products + warehouses + suppliers + prices).forEach {
        precondition($0.violations.isEmpty, "\($0)")
      }
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

  /// Everything that is wrong with purchasing, stock and books.
  func violations() async throws -> [InvariantViolation] {
    try await read { try Self.violations(in: $0) }
  }

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try FinanceInvariants.violations(in: snapshot)
      + InventoryInvariants.violations(in: snapshot)
      + PurchasingInvariants.violations(in: snapshot)
  }

  /// "1403 500.00" for each account that is not zero, in the order of the codes.
  func balances() async throws -> [String] {
    try await read { snapshot in
      try Ledger.trialBalance(in: snapshot).map { ($0.account, try $0.balance()) }
        .filter { $1.minor != 0 }.map { "\($0.rawValue) \($1.decimal)" }
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
  @discardableResult
  func request(
    _ units: Int64, _ sku: String = "R-1", for order: Int, line: Int = 1,
    root: DocumentReference? = nil
  ) throws -> Requisition {
    try RequestPurchase(
      product: .named(sku, in: self), quantity: qty(units), warehouse: .named("MAIN", in: self),
      origin: orderLine(order, line), root: root
    ).run(in: self, at: Yard.now)
  }

  @discardableResult
  func order(
    _ lines: PurchaseLineDraft..., from supplier: String = "OAK", to warehouse: String = "MAIN",
    expectedOn: Day? = nil
  ) throws -> PurchaseOrder {
    try CreatePurchaseOrder(
      supplierCode: supplier, warehouseCode: warehouse, lines: lines, expectedOn: expectedOn
    ).run(in: self, at: Yard.now)
  }

  /// `lines` are (line, units); none: all that is open.
  @discardableResult
  func receive(
    _ number: String = "PO-2026-000001", _ lines: (Int, Int64)..., note: String = ""
  ) throws -> GoodsReceipt {
    try ReceiveGoods(
      purchaseOrderNumber: number,
      lines: lines.map {
        PurchaseLineQuantity(lineNumber: $0, quantity: GivenQuantity(qty($1)))
      }, deliveryNote: note
    ).run(in: self, at: Yard.now)
  }

  @discardableResult
  func bill(
    _ billNumber: String, _ number: String = "PO-2026-000001", _ lines: BillLineDraft...,
    tax: Money? = nil, billedOn: Day? = nil, dueOn: Day? = nil
  ) throws -> SupplierBill {
    try EnterSupplierBill(
      purchaseOrderNumber: number, billNumber: billNumber, billedOn: billedOn, dueOn: dueOn,
      lines: lines, tax: tax
    ).run(in: self, at: Yard.now)
  }
}

extension PurchaseLineDraft {
  static func of(
    _ units: Int64, _ sku: String = "R-1", at unitPrice: UnitPrice? = nil
  ) -> PurchaseLineDraft {
    PurchaseLineDraft(sku: sku, quantity: GivenQuantity(qty(units)), unitPrice: unitPrice)
  }

  static func requisition(_ number: Int, units: Int64? = nil) -> PurchaseLineDraft {
    PurchaseLineDraft(
      requisitionNumber: "RQ-2026-00000\(number)", quantity: units.map { GivenQuantity(qty($0)) })
  }
}

extension BillLineDraft {
  static func of(_ line: Int, _ units: Int64, at unitPrice: UnitPrice? = nil) -> BillLineDraft {
    BillLineDraft(lineNumber: line, quantity: GivenQuantity(qty(units)), unitPrice: unitPrice)
  }
}

func qty(_ units: Int64) -> Quantity { Quantity(micros: units * 1_000_000) }

func cny(_ yuan: Int64) -> Money { Money(minor: yuan * 100, currency: .cny) }

func fen(_ minor: Int64) -> Money { Money(minor: minor, currency: .cny) }

func price(_ yuan: Int64) -> UnitPrice { micros(yuan * 1_000_000) }

func micros(_ micros: Int64) -> UnitPrice { UnitPrice(micros: micros, currency: .cny) }

/// Line of a sales order; line 0 is the whole order.
func orderLine(_ order: Int, _ line: Int) -> Origin {
  Origin(.salesOrder, "SO-\(order)", line: line)
}

func salesOrder(_ order: Int) -> DocumentReference { DocumentReference(.salesOrder, "SO-\(order)") }
