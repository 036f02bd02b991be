import Inventory
import MasterData
package import Storage
package import Values

/// Takes a piece off the shelves of a warehouse into its showroom: one that is promised to nobody.
package struct ShowPiece: Sendable {
  package let sku: String
  package let warehouseCode: String
  package let condition: String
  package let discount: Rate
  /// Who asks.
  package let actor: String

  package init(
    sku: String, warehouseCode: String, condition: String = "", discount: Rate = .zero,
    by actor: String
  ) {
    self.sku = sku
    self.warehouseCode = warehouseCode
    self.condition = condition
    self.discount = discount
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ShowroomPiece {
    var check = FieldCheck(.request)
    ShowroomPiece.check(condition, discount, &check)
    try check.pass()
    let product = try Products.require(sku: sku, field: "sku", in: tx)
    guard product.kind == .stocked, product.countsInWholeUnits else {
      throw ShowroomRejection.notAPiece(field: "sku", sku: sku)
    }
    guard let warehouse = try Warehouses.seen(code: warehouseCode, in: tx) else {
      throw MasterDataRejection.unknownWarehouse(
        field: "warehouse_code", code: String(warehouseCode.prefix(60))
      ).ifNamed(warehouseCode)
    }
    var piece = ShowroomPiece(
      id: ID(0), number: try DocumentNumbers.next(.showroomPiece, on: now.day, in: tx),
      product: product.id, sku: product.sku, warehouseCode: warehouse.code, condition: condition,
      discount: discount, shownOn: now.day)
    piece.id = try ShowroomPieceTable.insert(piece, by: actor, in: tx)
    try piece.move(
      from: Locations.stock(of: warehouse, in: tx), to: Locations.showroom(of: warehouse, in: tx),
      in: tx, at: now)
    piece.record(
      "piece.shown",
      [Fact("condition", condition), Fact("discount", discount), Fact("actor", actor)], in: tx)
    return piece
  }
}

/// Says in what condition a piece is, and for how much less it may be had.
package struct DescribePiece: Sendable {
  package let number: String
  package let condition: String
  package let discount: Rate
  /// Who asks.
  package let actor: String

  package init(number: String, condition: String, discount: Rate, by actor: String) {
    self.number = number
    self.condition = condition
    self.discount = discount
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ShowroomPiece {
    var check = FieldCheck(.request)
    ShowroomPiece.check(condition, discount, &check)
    try check.pass()
    var piece = try ShowroomPieces.require(number: number, in: tx)
    try piece.expect("describe", in: [.shown, .lent])
    piece.condition = condition
    piece.discount = discount
    try ShowroomPieceTable.update(&piece, in: tx)
    piece.record(
      "piece.described",
      [Fact("condition", condition), Fact("discount", discount), Fact("actor", actor)], in: tx)
    return piece
  }
}

/// Puts a piece back on the shelves, where it is as good as any other: it goes to whoever waits.
package struct ReshelvePiece: Sendable {
  package let number: String
  /// Who asks.
  package let actor: String

  package init(number: String, by actor: String) {
    self.number = number
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ShowroomPiece {
    var piece = try ShowroomPieces.require(number: number, in: tx)
    try piece.expect("reshelve", in: [.shown])
    let warehouse = try piece.warehouse(in: tx)
    try piece.move(
      from: Locations.showroom(of: warehouse, in: tx), to: Locations.stock(of: warehouse, in: tx),
      in: tx, at: now)
    piece.state = .reshelved
    try ShowroomPieceTable.update(&piece, in: tx)
    piece.record("piece.reshelved", [Fact("actor", actor)], in: tx)
    try RefreshPromises(at: [SupplyPlace(piece.product, piece.warehouseCode)])
      .run(in: tx, at: now)
    return piece
  }
}

extension ShowroomPiece {
  static func check(_ condition: String, _ discount: Rate, _ check: inout FieldCheck) {
    check.text(condition, "condition", limit: 200)
    check.range(discount, "discount_micros", .zero ... .one)
  }

  func warehouse(in snapshot: Snapshot) throws -> Warehouse {
    try Warehouses.require(code: warehouseCode, field: "number", in: snapshot)
  }
}
