import Values

/// A configuration as text in a database column: what an order line and its work order keep, so
/// that neither ever asks the model again.
extension Configuration {
  package var storedText: String {
    var rows = [
      StoredRow(
        "configuration", sku, "\(version)", "\(price.micros)", price.currency.code, "\(leadDays)",
        "\(weight.micros)", "\(volume.micros)")
    ]
    rows += settings.map { StoredRow("setting", $0.name, $0.value) }
    rows += priceParts.map { StoredRow("price", $0.code, $0.label, "\($0.amount.micros)") }
    rows += cartons.map {
      StoredRow(
        "carton", $0.name, "\($0.count)", "\($0.length.micros)", "\($0.width.micros)",
        "\($0.height.micros)", "\($0.weight.micros)")
    }
    rows += panels.map {
      StoredRow(
        "panel", $0.name, "\($0.count)", "\($0.length.micros)", "\($0.width.micros)", $0.board,
        $0.edgeBand, "\($0.longEdges)", "\($0.shortEdges)")
    }
    rows += components.map {
      StoredRow("component", $0.sku, "\($0.quantity.micros)", "\($0.waste.micros)")
    }
    rows += operations.map {
      StoredRow(
        "operation", "\($0.sequence)", $0.name, $0.workCentre, "\($0.setupMinutes.micros)",
        "\($0.unitMinutes.micros)")
    }
    return StoredRow.text(rows)
  }

  /// Throws when the text is none that a configuration was stored as.
  package init(storedText: String) throws {
    let rows = StoredRow.rows(storedText)
    guard let head = rows.first, head.tag == "configuration",
      let currency = Currency(try head.text(3))
    else { throw DamagedRow(row: rows.first ?? StoredRow("")) }
    func all<Part>(_ tag: String, _ part: (StoredRow) throws -> Part) throws -> [Part] {
      try rows.filter { $0.tag == tag }.map(part)
    }
    self.init(
      sku: try head.text(0), version: try head.int64(1),
      settings: try all("setting") { Setting(name: try $0.text(0), value: try $0.text(1)) },
      price: UnitPrice(micros: try head.int64(2), currency: currency),
      priceParts: try all("price") {
        PricePart(
          code: try $0.text(0), label: try $0.text(1),
          amount: UnitPrice(micros: try $0.int64(2), currency: currency))
      },
      leadDays: try head.int(4), weight: try head.quantity(5), volume: try head.quantity(6),
      cartons: try all("carton") {
        Carton(
          name: try $0.text(0), count: try $0.int(1), length: try $0.quantity(2),
          width: try $0.quantity(3), height: try $0.quantity(4), weight: try $0.quantity(5))
      },
      panels: try all("panel") {
        Panel(
          name: try $0.text(0), count: try $0.int(1), length: try $0.quantity(2),
          width: try $0.quantity(3), board: try $0.text(4), edgeBand: try $0.text(5),
          longEdges: try $0.int(6), shortEdges: try $0.int(7))
      },
      components: try all("component") {
        Component(sku: try $0.text(0), quantity: try $0.quantity(1), waste: try $0.rate(2))
      },
      operations: try all("operation") {
        Operation(
          sequence: try $0.int(0), name: try $0.text(1), workCentre: try $0.text(2),
          setupMinutes: try $0.quantity(3), unitMinutes: try $0.quantity(4))
      })
  }
}
