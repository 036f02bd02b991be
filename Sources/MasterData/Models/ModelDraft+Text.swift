import Values

/// A model as text in a database column: a line for everything it has, in its order. Two drafts
/// that say the same have the same text.
extension ModelDraft {
  var storedText: String {
    var rows = [StoredRow("model", sku, weight, volume, leadDays)]
    for parameter in parameters { rows += parameter.rows }
    rows += definitions.map { StoredRow("definition", $0.name, $0.formula) }
    rows += constraints.map { StoredRow("constraint", $0.code, $0.rule, $0.reason) }
    rows += prices.map { StoredRow("price", $0.code, $0.label, $0.amount, $0.when) }
    rows += panels.map {
      StoredRow(
        "panel", $0.name, $0.count, $0.length, $0.width, $0.board, $0.waste,
        $0.edgeBand, $0.longEdges, $0.shortEdges, $0.edgeWaste, $0.when)
    }
    rows += materials.map {
      StoredRow("material", $0.name, $0.sku, $0.quantity, $0.waste, $0.when)
    }
    rows += operations.map {
      StoredRow(
        "operation", "\($0.sequence)", $0.name, $0.workCentre, $0.setupMinutes, $0.unitMinutes,
        $0.when)
    }
    rows += cartons.map {
      StoredRow(
        "carton", $0.name, $0.count, $0.length, $0.width, $0.height, $0.weight, $0.when)
    }
    return StoredRow.text(rows)
  }

  /// Throws when the text is none that a draft was stored as.
  init(storedText: String) throws {
    self.init(sku: "")
    for row in StoredRow.rows(storedText) { try take(row) }
  }

  private mutating func take(_ row: StoredRow) throws {
    switch row.tag {
    case "model":
      sku = try row.text(0)
      weight = try row.text(1)
      volume = try row.text(2)
      leadDays = try row.text(3)
    case "dimension", "choice", "flag": parameters.append(try Parameter(row))
    case "value", "number", "text": try parameters.addToLast(row)
    case "definition":
      definitions.append(.init(name: try row.text(0), formula: try row.text(1)))
    case "constraint":
      constraints.append(
        .init(code: try row.text(0), rule: try row.text(1), reason: try row.text(2)))
    case "price":
      prices.append(
        .init(
          code: try row.text(0), label: try row.text(1), amount: try row.text(2),
          when: try row.text(3)))
    case "panel": panels.append(try Panel(row))
    case "material":
      materials.append(
        .init(
          name: try row.text(0), sku: try row.text(1), quantity: try row.text(2),
          waste: try row.text(3), when: try row.text(4)))
    case "operation":
      operations.append(
        .init(
          sequence: try row.int(0), name: try row.text(1), workCentre: try row.text(2),
          setupMinutes: try row.text(3), unitMinutes: try row.text(4), when: try row.text(5)))
    case "carton":
      cartons.append(
        .init(
          name: try row.text(0), count: try row.text(1), length: try row.text(2),
          width: try row.text(3), height: try row.text(4), weight: try row.text(5),
          when: try row.text(6)))
    default: throw DamagedRow(row: row)
    }
  }
}

extension ModelDraft.Parameter {
  fileprivate var rows: [StoredRow] {
    switch kind {
    case .none: []
    case .flag(let standard): [StoredRow("flag", name, label, standard ? "yes" : "no")]
    case .dimension(let row):
      [
        StoredRow(
          "dimension", name, label, row.unit, "\(row.lowest.micros)", "\(row.highest.micros)",
          "\(row.step.micros)", "\(row.standard.micros)")
      ]
    case .choice(let values, let standard):
      [StoredRow("choice", name, label, standard)]
        + values.flatMap { value in
          [StoredRow("value", value.name, value.label)] + value.attributes.compactMap(\.row)
        }
    }
  }

  fileprivate init(_ row: StoredRow) throws {
    let kind: ModelDraft.Kind =
      switch row.tag {
      case "flag": .flag(standard: try row.text(2) == "yes")
      case "choice": .choice([], standard: try row.text(2))
      default:
        .dimension(
          .init(
            unit: try row.text(2), lowest: try row.quantity(3), highest: try row.quantity(4),
            step: try row.quantity(5), standard: try row.quantity(6)))
      }
    self.init(name: try row.text(0), label: try row.text(1), kind: kind)
  }
}

extension ModelDraft.Attribute {
  fileprivate var row: StoredRow? {
    switch value {
    case .number(let number): StoredRow("number", name, number)
    case .text(let text): StoredRow("text", name, text)
    case .none: nil
    }
  }
}

extension [ModelDraft.Parameter] {
  /// A value of the last choice, or an attribute of its last value.
  fileprivate mutating func addToLast(_ row: StoredRow) throws {
    guard let last = indices.last, case .choice(var values, let standard) = self[last].kind else {
      throw DamagedRow(row: row)
    }
    if row.tag == "value" {
      values.append(.init(name: try row.text(0), label: try row.text(1)))
    } else if let value = values.indices.last {
      let text = try row.text(1)
      values[value].attributes.append(
        .init(name: try row.text(0), value: row.tag == "number" ? .number(text) : .text(text)))
    }
    self[last].kind = .choice(values, standard: standard)
  }
}

extension ModelDraft.Panel {
  fileprivate init(_ row: StoredRow) throws {
    self.init(
      name: try row.text(0), count: try row.text(1), length: try row.text(2),
      width: try row.text(3), board: try row.text(4), waste: try row.text(5),
      edgeBand: try row.text(6), longEdges: try row.text(7), shortEdges: try row.text(8),
      edgeWaste: try row.text(9), when: try row.text(10))
  }
}
