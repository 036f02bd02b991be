package import MasterData
package import Storage
package import Values

/// A packed carton of a shipment by its number: carton k of n.
package struct NumberedCarton: Hashable, Sendable {
  package let sscc: SSCC
  /// Number of the shipment.
  package let shipment: String
  /// Of all of them, from 1.
  package let position: Int
  /// Which of its goods; nil where nobody has said in what cartons they come.
  package let carton: CartonLabel?
}

/// Questions about cartons by their numbers.
package enum NumberedCartons {
  /// The one that was scanned; refuses what is no such number, one that was never given, and one of
  /// an order out of scope.
  package static func require(
    scanned text: String, field: String, in snapshot: Snapshot
  ) throws -> (carton: NumberedCarton, shipment: Shipment) {
    guard let sscc = SSCC(scanned: text) else {
      throw LoadingRejection.notALabel(field: field, given: String(text.prefix(60)))
    }
    guard let found = try ShipmentCartonTable.find(sscc, in: snapshot),
      let shipment = try Shipments.find(number: found.shipment, in: snapshot),
      try SalesOrderTable.isSeen(shipment.order, in: snapshot)
    else { throw LoadingRejection.unknownCarton(field: field, label: sscc.forPeople) }
    return (found, shipment)
  }

  /// In their order; none where they were not numbered.
  package static func of(
    _ shipment: Shipment, in snapshot: Snapshot
  ) throws -> [NumberedCarton] {
    try ShipmentCartonTable.list(of: shipment, in: snapshot)
  }
}

/// Numbers the cartons of a shipment that was packed before the company had a prefix.
package struct NumberCartons: Sendable {
  package let shipmentNumber: String

  package init(shipmentNumber: String) { self.shipmentNumber = shipmentNumber }

  package func run(in tx: Transaction, at now: Moment) throws -> [NumberedCarton] {
    let shipment = try Shipments.require(
      number: shipmentNumber, field: "shipment_number", in: tx)
    guard shipment.state == .packed || shipment.state == .dispatched else {
      throw OrdersRejection.shipmentStateForbids(
        shipment: shipment.number, state: shipment.state, action: "number the cartons of")
    }
    guard try !Companies.current(in: tx).gs1Prefix.isEmpty else {
      throw LoadingRejection.noPrefix(field: "shipment_number")
    }
    try shipment.numberCartons(in: tx)
    return try NumberedCartons.of(shipment, in: tx)
  }
}

extension Shipment {
  /// Gives each carton a number, where the company has a prefix and they have none: those that are
  /// listed in their order, then what the packer counts beyond them.
  func numberCartons(in tx: Transaction) throws {
    let prefix = try Companies.current(in: tx).gs1Prefix
    guard !prefix.isEmpty, try !ShipmentCartonTable.areNumbered(self, in: tx) else { return }
    let listed = try ShipmentCartons(of: self, in: tx).labels
    let count = max(listed.count, cartons)
    var next = try ShipmentCartonTable.next(of: prefix, in: tx)
    var numbers: [SSCC] = []
    for index in 0..<count {
      let sscc = try ShipmentCartonTable.take(&next, of: prefix, in: tx)
      numbers.append(sscc)
      try ShipmentCartonTable.insert(
        sscc, position: index + 1,
        index < listed.count ? listed[index].label(of: self) : nil, of: self, in: tx)
    }
    try ShipmentCartonTable.set(next: next, of: prefix, in: tx)
    tx.record(
      DomainEvent(
        "shipment.numbered", reference, related: DocumentReference(.salesOrder, orderNumber),
        [
          Fact("cartons", count), Fact("first", numbers.first?.description ?? ""),
          Fact("last", numbers.last?.description ?? ""),
        ]))
  }
}

/// All SQL of `shipment_carton` and `sscc_serial`. There is no update and no delete of the first.
enum ShipmentCartonTable {
  /// The serial number from which on none was given under a prefix.
  static func next(of prefix: String, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first("SELECT next FROM sscc_serial WHERE gs1_prefix = ?", prefix) {
      $0.int64(0)
    } ?? 0
  }

  static func set(next: Int64, of prefix: String, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO sscc_serial (gs1_prefix, next) VALUES (?, ?)
      ON CONFLICT (gs1_prefix) DO UPDATE SET next = excluded.next
      """, prefix, next)
  }

  /// The number of a serial number, or of the first after it that nobody has: what was given under
  /// a shorter prefix, which was set by mistake, may begin with this one.
  static func take(
    _ serial: inout Int64, of prefix: String, in snapshot: Snapshot
  ) throws -> SSCC {
    while let sscc = SSCC(prefix: prefix, serial: serial) {
      serial += 1
      if try find(sscc, in: snapshot) == nil { return sscc }
    }
    throw LoadingRejection.prefixUsedUp(prefix: prefix)
  }

  static func insert(
    _ sscc: SSCC, position: Int, _ carton: CartonLabel?, of shipment: Shipment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO shipment_carton (sscc, shipment_id, position, line_number, unit, carton)
      VALUES (?, ?, ?, ?, ?, ?)
      """, sscc.description, shipment.id, position, carton?.line, carton?.unit, carton?.carton)
  }

  static func areNumbered(_ shipment: Shipment, in snapshot: Snapshot) throws -> Bool {
    try snapshot.first(
      "SELECT 1 FROM shipment_carton WHERE shipment_id = ? LIMIT 1", shipment.id
    ) { _ in true } ?? false
  }

  static func find(_ sscc: SSCC, in snapshot: Snapshot) throws -> NumberedCarton? {
    try snapshot.first(
      """
      SELECT c.sscc, s.number, c.position, c.line_number, c.unit, c.carton
      FROM shipment_carton AS c JOIN shipment AS s ON s.id = c.shipment_id WHERE c.sscc = ?
      """, sscc.description, map: carton)
  }

  static func list(of shipment: Shipment, in snapshot: Snapshot) throws -> [NumberedCarton] {
    try snapshot.all(
      """
      SELECT c.sscc, s.number, c.position, c.line_number, c.unit, c.carton
      FROM shipment_carton AS c JOIN shipment AS s ON s.id = c.shipment_id
      WHERE c.shipment_id = ? ORDER BY c.position LIMIT 20000
      """, shipment.id, map: carton)
  }

  private static func carton(_ row: Row) throws -> NumberedCarton {
    guard let sscc = SSCC(row.text(0)) else { throw MissingRow("shipment_carton", 0) }
    let shipment = row.text(1)
    return NumberedCarton(
      sscc: sscc, shipment: shipment, position: row.int(2),
      carton: row.optionalInt(3).map {
        CartonLabel(shipment: shipment, line: $0, unit: row.int64(4), carton: row.int(5))
      })
  }
}
