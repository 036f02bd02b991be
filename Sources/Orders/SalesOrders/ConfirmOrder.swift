import Finance
import MasterData
package import Storage
package import Values

/// Turns a submitted order into a promise: credit is used, stock is reserved, work orders and
/// requisitions exist, in one transaction.
package struct ConfirmOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?

  package init(number: String, expectedVersion: Int64? = nil) {
    self.number = number
    self.expectedVersion = expectedVersion
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var order = try SalesOrders.require(number: number, in: tx)
    try order.expect(version: expectedVersion)
    try order.expect(.confirm, in: tx)
    let promise = Promise(
      customer: try order.customer(in: tx), warehouse: try order.warehouse(in: tx),
      products: try order.lines.map { try $0.requireProduct(in: tx) },
      received: try Payments.received(for: order.reference, order.currency, in: tx))
    order.state = .confirmed
    try SalesOrderTable.update(state: .confirmed, of: order.id, in: tx)
    order.version += 1
    try promise.make(&order, in: tx, at: now)
    order.record(.confirmed, in: tx)
    return order
  }
}

extension SalesOrder {
  /// Who buys. A submitted order names an existing one.
  func customer(in snapshot: Snapshot) throws -> Customer {
    try Customers.fetch(code: customerCode, in: snapshot)
  }

  func warehouse(in snapshot: Snapshot) throws -> Warehouse {
    try Warehouses.require(code: warehouseCode, field: "order.warehouse_code", in: snapshot)
  }
}

extension SalesOrderLine {
  /// The product of a line that was submitted once.
  func requireProduct(in snapshot: Snapshot) throws -> Product {
    guard let product else { throw MissingRow("product", 0) }
    return try Products.fetch(product, in: snapshot)
  }

  /// What one unit weighs packed, as it was chosen; nil where nobody has said.
  func weightGrams(of product: Product) -> Int64? {
    configuration?.weightGrams ?? product.weightGrams
  }

  /// The room that one unit takes packed, as it was chosen; nil where nobody has said.
  func volumeCubicCentimetres(of product: Product) -> Int64? {
    configuration?.volumeCubicCentimetres ?? product.volumeCubicCentimetres
  }
}
