import MasterData
package import Storage
package import Values

/// How far a shipment is loaded.
package struct Loading: Sendable {
  package let shipmentNumber: String
  package let loaded: Int64
  package let cartons: Int64
  /// The first ones.
  package let missing: [CartonLabel]
  /// As the shipment tells it.
  package let instructions: OrderInstructions?

  package var isComplete: Bool { loaded == cartons }

  /// Labels of missing cartons that one answer shows.
  package static let limit = 100

  package init(
    of shipment: Shipment, limit: Int = Self.limit, in snapshot: Snapshot
  ) throws {
    let all = try ShipmentCartons(of: shipment, in: snapshot)
    let there = try CartonLoadTable.list(of: shipment, in: snapshot)
    shipmentNumber = shipment.number
    instructions = shipment.instructions
    loaded = Int64(there.count)
    cartons = all.count
    missing = Array(
      all.labels.lazy.map { $0.label(of: shipment) }.filter { !there.contains($0) }
        .prefix(limit))
  }

  /// Whether a carton is on the van.
  package static func has(
    _ carton: CartonLabel, of shipment: Shipment, in snapshot: Snapshot
  ) throws -> Bool {
    try CartonLoadTable.has(carton, of: shipment, in: snapshot)
  }
}

extension ShipmentCartons.Label {
  package func label(of shipment: Shipment) -> CartonLabel {
    CartonLabel(
      shipment: shipment.number, line: orderLine, unit: unit, carton: carton.number)
  }
}

/// Records that a carton is on the van, or came off it again.
package struct LoadCarton: Sendable {
  package let shipmentNumber: String
  /// As it was scanned.
  package let label: String
  /// It came off.
  package let isOff: Bool
  /// Who asks.
  package let actor: String

  package init(shipmentNumber: String, label: String, isOff: Bool = false, by actor: String) {
    self.shipmentNumber = shipmentNumber
    self.label = label
    self.isOff = isOff
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Loading {
    let shipment = try Shipments.require(
      number: shipmentNumber, field: "shipment_number", in: tx)
    guard shipment.state == .packed else {
      throw OrdersRejection.shipmentStateForbids(
        shipment: shipment.number, state: shipment.state, action: isOff ? "unload" : "load")
    }
    let carton = try read(shipment, in: tx)
    let isThere = try CartonLoadTable.has(carton, of: shipment, in: tx)
    if isOff {
      guard isThere else { throw LoadingRejection.notLoaded(field: "label", label: label) }
      try CartonLoadTable.remove(carton, of: shipment, in: tx)
    } else {
      guard !isThere else { throw LoadingRejection.alreadyLoaded(field: "label", label: label) }
      try CartonLoadTable.insert(carton, of: shipment, by: actor, at: now.instant, in: tx)
    }
    let loading = try Loading(of: shipment, in: tx)
    if loading.isComplete {
      shipment.recordLoaded(loading.cartons, in: tx)
    }
    return loading
  }

  private func read(_ shipment: Shipment, in snapshot: Snapshot) throws -> CartonLabel {
    guard let carton = try CartonLabel(label) ?? numbered(in: snapshot) else {
      throw LoadingRejection.notALabel(field: "label", given: String(label.prefix(60)))
    }
    guard carton.shipment == shipment.number else {
      throw LoadingRejection.wrongShipment(
        field: "label", label: label, shipment: shipment.number)
    }
    guard let line = shipment.lines.first(where: { $0.orderLine == carton.line }),
      carton.unit <= line.quantity.micros / Quantity.one.micros,
      try Cartons.of(Products.fetch(line.product, in: snapshot), in: snapshot)
        .contains(where: { $0.number == carton.carton })
    else {
      throw LoadingRejection.unknownCarton(field: "label", label: label)
    }
    return carton
  }

  /// What the number of a carton stands for; nil where the label is none.
  private func numbered(in snapshot: Snapshot) throws -> CartonLabel? {
    guard let sscc = SSCC(scanned: label) else { return nil }
    guard let found = try ShipmentCartonTable.find(sscc, in: snapshot) else {
      throw LoadingRejection.unknownCarton(field: "label", label: label)
    }
    guard found.shipment == shipmentNumber else {
      throw LoadingRejection.wrongShipment(
        field: "label", label: label, shipment: shipmentNumber)
    }
    guard let carton = found.carton else {
      throw LoadingRejection.uncountedCarton(field: "label", label: label)
    }
    return carton
  }
}

extension Shipment {
  fileprivate func recordLoaded(_ cartons: Int64, in tx: Transaction) {
    tx.record(
      DomainEvent(
        "shipment.loaded", reference, related: DocumentReference(.salesOrder, orderNumber),
        [Fact("cartons", cartons)]))
  }

  /// Refuses to leave without a carton: once one was scanned all must be, and those of a set in any
  /// case.
  func checkLoaded(in snapshot: Snapshot) throws {
    let loading = try Loading(of: self, limit: .max, in: snapshot)
    guard !loading.isComplete else { return }
    let inSets = Set(try ShippingSetTable.list(of: order, in: snapshot).flatMap(\.lines))
    let missing =
      loading.loaded > 0 ? loading.missing : loading.missing.filter { inSets.contains($0.line) }
    guard let first = missing.first else { return }
    throw LoadingRejection.cartonsMissing(
      shipment: number, count: loading.cartons - loading.loaded, first: first.description)
  }
}

/// All SQL of `carton_load`.
enum CartonLoadTable {
  static func insert(
    _ label: CartonLabel, of shipment: Shipment, by actor: String, at now: Instant,
    in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO carton_load (shipment_id, line_number, unit, carton, loaded_by, loaded_at)
      VALUES (?, ?, ?, ?, ?, ?)
      """, shipment.id, label.line, label.unit, label.carton, actor, now)
  }

  static func remove(_ label: CartonLabel, of shipment: Shipment, in tx: Transaction) throws {
    try tx.execute(
      """
      DELETE FROM carton_load
      WHERE shipment_id = ? AND line_number = ? AND unit = ? AND carton = ?
      """, shipment.id, label.line, label.unit, label.carton)
  }

  static func has(
    _ label: CartonLabel, of shipment: Shipment, in snapshot: Snapshot
  ) throws -> Bool {
    try snapshot.first(
      """
      SELECT 1 FROM carton_load
      WHERE shipment_id = ? AND line_number = ? AND unit = ? AND carton = ?
      """, shipment.id, label.line, label.unit, label.carton
    ) { _ in true } ?? false
  }

  static func list(of shipment: Shipment, in snapshot: Snapshot) throws -> Set<CartonLabel> {
    Set(
      try snapshot.all(
        "SELECT line_number, unit, carton FROM carton_load WHERE shipment_id = ?", shipment.id
      ) { row in
        CartonLabel(
          shipment: shipment.number, line: row.int(0), unit: row.int64(1), carton: row.int(2))
      })
  }
}
