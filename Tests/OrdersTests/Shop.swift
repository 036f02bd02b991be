import Finance
import Inventory
import MasterData
import Orders
import Production
import Purchasing
import Storage
import Values

/// A furniture shop in memory. Stocked CHAIR 199.99, LAMP 35.50 and FABRIC (sold by the metre)
/// 12.345; TABLE 2,000.00 made to order from BOARD; INSTALL 120.00 at 6 %. Customers: ANNA pays
/// first, HOTEL has 20,000 on 30 days, VIPCO 1,000,000 and the class VIP, CAFE 100,000 and pays 30
/// % deposit, BIGCO 1,000,000 as standard class.
struct Shop {
  let database: Database

  /// 2026-11-21.
  static let day = Day(daysSinceEpoch: 20_778)

  static func at(day: Int) -> Moment {
    Moment(
      instant: Instant(microseconds: 1_795_234_500_000_000).adding(seconds: Int64(day) * 86_400),
      day: Self.day.adding(days: day))
  }

  static let now = at(day: 0)

  init(faults: FaultPlan? = nil) throws {
    database = try Database.inMemory(
      migrations: MasterDataMigrations.all + FinanceMigrations.all + InventoryMigrations.all
        + PurchasingMigrations.all + ProductionMigrations.all + OrdersMigrations.all
        + AfterSalesMigrations.all,
      now: Self.now.instant, faults: faults)
    try write { tx in
      try Self.products(in: tx)
      try Self.customers(in: tx)
      try Self.accepted(
        UpsertWarehouses([
          WarehouseDraft(code: "MAIN", name: "Main"), WarehouseDraft(code: "WEST", name: "West"),
        ]).run(in: tx, at: Self.now))
      try Self.workshop(in: tx)
    }
  }

  private static func products(in tx: Transaction) throws {
    let products: [(String, ProductKind, String, String, Int64)] = [
      ("CHAIR", .stocked, "pcs", "STANDARD", 199_990_000),
      ("LAMP", .stocked, "pcs", "STANDARD", 35_500_000),
      ("FABRIC", .stocked, "m", "STANDARD", 12_345_000),
      ("TABLE", .madeToOrder, "pcs", "STANDARD", 2_000_000_000),
      ("INSTALL", .service, "pcs", "SERVICE", 120_000_000),
      ("BOARD", .rawMaterial, "m2", "STANDARD", 0),
      ("SECRET", .stocked, "pcs", "STANDARD", 0),
    ]
    try accepted(
      UpsertProducts(
        products.map {
          ProductDraft(
            sku: $0.0, name: $0.0, kind: $0.1, unit: $0.2, taxClass: $0.3)
        }
      ).run(in: tx, at: now))
    try accepted(
      UpsertPriceLists([PriceListDraft(code: "RETAIL", name: "Retail")]).run(in: tx, at: now))
    try accepted(
      UpsertPrices(
        products.filter { $0.4 > 0 }.map {
          PriceDraft(
            list: "RETAIL", sku: $0.0, unitPrice: UnitPrice(micros: $0.4, currency: .cny),
            validFrom: day.adding(days: -100))
        }
      ).run(in: tx, at: now))
  }

  private static func customers(in tx: Transaction) throws {
    try accepted(
      UpsertCustomers([
        CustomerDraft(code: "ANNA", name: "Anna"),
        CustomerDraft(
          code: "HOTEL", name: "Hotel", creditLimit: cny(20_000), terms: PaymentTerms(netDays: 30)),
        CustomerDraft(
          code: "VIPCO", name: "Vip", customerClass: "VIP", creditLimit: cny(1_000_000),
          terms: PaymentTerms(netDays: 30)),
        CustomerDraft(
          code: "CAFE", name: "Cafe", creditLimit: cny(100_000),
          terms: PaymentTerms(netDays: 30, deposit: Rate(micros: 300_000))),
        CustomerDraft(
          code: "BIGCO", name: "Big", creditLimit: cny(1_000_000),
          terms: PaymentTerms(netDays: 30)),
      ]).run(in: tx, at: now))
  }

  private static func accepted(_ verdicts: [RowVerdict]) {
    for verdict in verdicts { precondition(verdict.violations.isEmpty, "\(verdict)") }
  }

  /// 4 m² of board make a table.
  private static func workshop(in tx: Transaction) throws {
    accepted(
      try UpsertBillsOfMaterial([
        BillDraft(
          sku: "TABLE", components: [.init(sku: "BOARD", quantity: GivenQuantity(units(4)))])
      ]).run(in: tx, at: now))
  }

  @discardableResult
  func write<R: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> R) throws -> R {
    try database.writeBlocking(body)
  }

  func read<R: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> R) throws -> R {
    try database.readBlocking(body)
  }

  /// What `body` was refused with, in order; empty when it went through. Nothing of it stays.
  func refusals<R: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> R
  ) throws -> [any Rejection] {
    do {
      _ = try database.rehearseBlocking(body)
      return []
    } catch let several as Rejections {
      return several.all
    } catch let one as any Rejection {
      return [one]
    }
  }

  /// The reasons of the refusals.
  func reasons<R: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> R
  ) throws -> [String] {
    try refusals(body).map(\.reason)
  }

  /// Types of the events that `body` records, in order.
  func events<R: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> R
  ) throws -> [String] {
    try database.writeBlocking { tx in
      _ = tx.takeEvents()
      _ = try body(tx)
      return tx.takeEvents().map(\.type)
    }
  }

  /// Everything that is wrong, in any area.
  /// What waits is looked at first, as the server does after each command that changes supply.
  func violations(at now: Moment = Shop.now) throws -> [InvariantViolation] {
    try write { tx in
      for code in ["MAIN", "WEST"] {
        let products = try Products.list(limit: 100, in: tx)
        try RefreshPromises(at: products.map { SupplyPlace($0.id, code) }).run(in: tx, at: now)
      }
    }
    return try read {
      try MasterDataInvariants.violations(in: $0) + FinanceInvariants.violations(in: $0)
        + InventoryInvariants.violations(in: $0) + PurchasingInvariants.violations(in: $0)
        + ProductionInvariants.violations(in: $0) + OrdersInvariants.violations(in: $0)
    }
  }
}

// What people in the shop do, in a word each.
extension Shop {
  /// At 50.00 apiece, in MAIN.
  func stock(_ sku: String, _ quantity: Int64) throws {
    try write { try Self.stock(sku, quantity, in: $0) }
  }

  static func stock(_ sku: String, _ quantity: Int64, in tx: Transaction) throws {
    try ReceiveStock(
      sku: sku, warehouseCode: "MAIN", quantity: GivenQuantity(units(quantity)),
      unitCost: UnitPrice(micros: 50_000_000, currency: .cny)
    ).run(in: tx, at: now)
  }

  func place(_ draft: OrderDraft, by actor: String = "till") throws -> SalesOrder {
    try write { try PlaceOrder(draft, by: actor).run(in: $0, at: Self.now) }
  }

  func order(_ number: String) throws -> SalesOrder {
    try read { try SalesOrders.require(number: number, in: $0) }
  }

  func submit(_ number: String) throws -> SalesOrder {
    try write { try SubmitOrder(number: number, by: "till").run(in: $0, at: Self.now) }
  }

  func approve(_ number: String, by actor: String = "boss") throws -> SalesOrder {
    try write {
      try ApproveOrder(number: number, by: actor, roles: ["GENERAL_MANAGER"])
        .run(in: $0, at: Self.now)
    }
  }

  func confirm(_ number: String) throws -> SalesOrder {
    try write { try ConfirmOrder(number: number).run(in: $0, at: Self.now) }
  }

  func cancel(_ number: String, lines: [Int] = []) throws -> Cancellation {
    try write {
      try CancelOrder(number: number, reason: "CUSTOMER_WISH", lines: lines, by: "till")
        .run(in: $0, at: Self.now)
    }
  }

  func prepare(_ order: String, _ lines: [LineQuantity] = []) throws -> Shipment {
    try write { try PrepareShipment(orderNumber: order, lines: lines).run(in: $0, at: Self.now) }
  }

  func pack(_ shipment: String) throws {
    try write { tx in
      _ = try PickShipment(number: shipment).run(in: tx, at: Self.now)
      _ = try PackShipment(number: shipment, cartons: 2).run(in: tx, at: Self.now)
    }
  }

  func dispatch(_ shipment: String) throws -> Shipment {
    try write {
      try DispatchShipment(number: shipment, carrier: "SF", trackingNumber: "T1")
        .run(in: $0, at: Self.now)
    }
  }

  func deliver(_ shipment: String) throws -> Shipment {
    try write {
      try DeliverShipment(number: shipment, receivedBy: "Door").run(in: $0, at: Self.now)
    }
  }

  /// Prepares, packs, sends and delivers at once.
  func ship(_ order: String, _ lines: [LineQuantity] = []) throws {
    let shipment = try prepare(order, lines).number
    try pack(shipment)
    _ = try dispatch(shipment)
    _ = try deliver(shipment)
  }

  func invoice(_ order: String) throws -> Invoice {
    try write { try InvoiceOrder(number: order).run(in: $0, at: Self.now) }
  }

  @discardableResult
  func pay(
    _ customer: String, _ amount: Money, for order: String = "", kind: DepositKind = .prepayment
  ) throws -> Payment {
    try write {
      try ReceiveOrderPayment(
        customerCode: customer, amount: amount, method: .bankTransfer, orderNumber: order,
        kind: kind
      ).run(in: $0, at: Self.now)
    }
  }

  /// What is free of a product in MAIN.
  func free(_ sku: String) throws -> Quantity {
    try read { snapshot in
      try Availability.free(
        Products.require(sku: sku, field: "sku", in: snapshot),
        in: Warehouses.require(code: "MAIN", field: "warehouse_code", in: snapshot), in: snapshot)
    }
  }

  func creditUse(of customer: String) throws -> CreditUse {
    try read { snapshot in
      try Receivables.exposure(
        of: Customers.require(code: customer, field: "customer_code", in: snapshot), in: snapshot)
    }
  }
}

extension OrderDraft {
  /// From the web, out of MAIN.
  static func of(
    _ customer: String, _ lines: [(String, Int64)], channel: Channel = .web,
    externalID: String = "", shortage: ShortageRule = .wait, discount: OrderDiscount? = nil,
    couponCodes: [String] = [], cashOnDelivery: CashOnDelivery.Collector? = nil
  ) -> OrderDraft {
    OrderDraft(
      channel: channel, externalID: externalID, customerCode: customer, warehouseCode: "MAIN",
      lines: lines.map { Line(sku: $0.0, quantity: units($0.1)) }, shortage: shortage,
      discount: discount, couponCodes: couponCodes, cashOnDelivery: cashOnDelivery)
  }
}

func cny(_ yuan: Int64) -> Money { Money(minor: yuan * 100, currency: .cny) }

func fen(_ minor: Int64) -> Money { Money(minor: minor, currency: .cny) }

func units(_ count: Int64) -> Quantity { Quantity(micros: count * 1_000_000) }

enum PriceFixture {
  /// A price that holds from today and from one unit on, so that it beats the first one.
  static func set(
    _ sku: String, micros: Int64, from day: Day = Shop.day, in tx: Transaction
  ) throws {
    let verdicts = try UpsertPrices([
      PriceDraft(
        list: "RETAIL", sku: sku, unitPrice: UnitPrice(micros: micros, currency: .cny),
        minimumQuantity: units(1), validFrom: day)
    ]).run(in: tx, at: Shop.now)
    for verdict in verdicts { precondition(verdict.violations.isEmpty, "\(verdict)") }
  }
}

extension OrderDraft.Line {
  init(
    sku: String, quantity: Quantity, unit: String = "", discount: Rate = .zero, note: String = ""
  ) {
    self.init(
      sku: sku, quantity: GivenQuantity(quantity, unit: unit), discount: discount, note: note)
  }
}

extension LineQuantity {
  init(line: Int, quantity: Quantity) {
    self.init(line: line, quantity: GivenQuantity(quantity))
  }
}
