internal import Finance
internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import Storage
internal import Values

/// What `ExplainAccess` is asked about beside a method, and whose it is: by the same views by which
/// lists and events find out.
enum AccessResource {
  /// Nil when nothing is named.
  static func find(
    for request: IdentityV1.ExplainAccessRequest, in snapshot: Snapshot
  ) throws -> ExplainAccess.Resource? {
    let named = [
      ("document_number", request.documentNumber), ("customer_code", request.customerCode),
      ("warehouse_code", request.warehouseCode),
    ].filter { !$0.1.isEmpty }
    guard let (field, name) = named.first else { return nil }
    if named.count > 1 { throw IdentityRejection.severalResources(field: named[1].0) }
    switch field {
    case "customer_code":
      guard let customer = try Customers.find(code: name, in: snapshot) else {
        throw MasterDataRejection.unknownCustomer(field: field, code: Echo.text(name))
      }
      return .init(
        name: name, belongings: [.init(owner: customer.owner, store: customer.storeCode)])
    case "warehouse_code":
      guard try Warehouses.find(code: name, in: snapshot) != nil else {
        throw MasterDataRejection.unknownWarehouse(field: field, code: Echo.text(name))
      }
      return .init(name: name, belongings: [.init(warehouse: name)])
    default:
      let belongings = try belongings(ofDocument: rootNumber(of: name, in: snapshot), in: snapshot)
      guard !belongings.isEmpty else {
        throw IdentityRejection.unknownDocument(field: field, given: Echo.text(name))
      }
      return .init(name: name, belongings: belongings)
    }
  }

  /// Shipments and invoices are where their order is.
  private static func rootNumber(of number: String, in snapshot: Snapshot) throws -> String {
    if let shipment = try Shipments.find(number: number, in: snapshot) {
      return shipment.orderNumber
    }
    return try Invoices.find(number: number, in: snapshot)?.order.number ?? number
  }

  /// A number is of one kind of document, whose series it is of.
  private static func belongings(
    ofDocument number: String, in snapshot: Snapshot
  ) throws -> [ExplainAccess.Belonging] {
    try snapshot.all(
      """
      SELECT owner, store_code, warehouse_code, author FROM view_order_owner WHERE number = ?1
      UNION ALL
      SELECT owner, store_code, NULL, author FROM view_quote_owner WHERE number = ?1
      UNION ALL
      SELECT owner, store_code, NULL, author FROM view_opportunity_owner WHERE number = ?1
      UNION ALL
      SELECT owner, store_code, NULL, author FROM view_blanket_owner WHERE number = ?1
      UNION ALL
      SELECT owner, store_code, NULL, NULL FROM view_payment_owner WHERE number = ?1
      UNION ALL
      SELECT owner, store_code, NULL, NULL FROM view_dunning_letter_owner WHERE number = ?1
      UNION ALL
      SELECT owner, store_code, NULL, NULL FROM view_consolidated_invoice_owner WHERE number = ?1
      UNION ALL
      SELECT NULL, NULL, warehouse_code, NULL FROM view_work_order_place WHERE number = ?1
      UNION ALL
      SELECT NULL, NULL, warehouse_code, NULL FROM view_purchase_order_place WHERE number = ?1
      UNION ALL
      SELECT NULL, NULL, warehouse_code, NULL FROM view_transfer_order_place WHERE number = ?1
      UNION ALL
      SELECT NULL, NULL, warehouse_code, NULL FROM (
        SELECT DISTINCT warehouse_code FROM view_stock_document_place
        WHERE kind = 'STOCK_ADJUSTMENT' AND number = ?1)
      LIMIT 100
      """, number
    ) { row in
      .init(
        owner: row.optionalText(0), store: row.optionalText(1), warehouse: row.optionalText(2),
        author: row.optionalText(3))
    }
  }
}
