package import MasterData
package import Storage
package import Values

/// Where in a warehouse a picker looks for a product.
package struct PickPlaceDraft: BatchRow {
  package let sku: String
  /// "A-01-2"; empty takes back what was said.
  package let place: String

  package init(sku: String, place: String) {
    self.sku = sku
    self.place = place
  }

  package var code: String { sku }
  package static var codeField: String { "sku" }
  package var malformed: [any Rejection] { [] }
}

/// Says where in a warehouse pickers look for products. Pick lists go by it; stock does not.
package struct SetPickPlaces: Sendable {
  package let warehouseCode: String
  package let places: [PickPlaceDraft]

  package init(warehouseCode: String, places: [PickPlaceDraft]) {
    self.warehouseCode = warehouseCode
    self.places = places
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    let warehouse = try Warehouses.requireSeen(
      code: warehouseCode, field: "warehouse_code", in: tx)
    return try Batch.run(places, field: "places", in: tx) { row, path in
      var check = FieldCheck(path)
      if !row.place.isEmpty { check.code(row.place, "place") }
      try check.pass()
      let product = try Products.require(sku: row.sku, field: path.field("sku"), in: tx)
      let before = try PickListTable.place(of: product.id, in: warehouse.code, snapshot: tx)
      let place = row.place.isEmpty ? nil : row.place
      guard place != before else { return .unchanged }
      try PickListTable.set(place, of: product.id, in: warehouse.code, tx: tx)
      if place == nil { return .removed }
      return before == nil ? .created : .updated
    }
  }
}
