import Formulas
import Values

/// Asks one model what a choice comes to. Holds the frame in which the program runs, so that one
/// evaluator answers many questions, one after the other, without making it anew.
package struct ModelEvaluator: Sendable {
  package let model: ConfigurableModel
  private var frame: Frame

  package init(_ model: ConfigurableModel) {
    self.model = model
    frame = model.program.frame()
  }

  /// What became of the choice. Parameters that are not given have their default. Refuses names
  /// that the model does not have, and values that are nothing of their kind; a value that is only
  /// out of range is a violation, like a broken constraint, and the nearest one stands in for it
  /// while the constraints are looked at.
  package mutating func verdict(
    on settings: [Configuration.Setting], field: String
  ) throws -> ConfigurationVerdict {
    var reading = try SettingsReader(model, field: field)
    try reading.read(settings)
    let broken = violated(at: reading.point)
    guard reading.outside.isEmpty, broken.isEmpty else {
      return NearestValues(self, reading).verdict(reading.given, broken)
    }
    let settings = model.settings(at: reading.point)
    do {
      return ConfigurationVerdict(
        settings: settings, violations: [], nearest: [],
        configuration: try configuration(at: reading.point))
    } catch let problem as NoAnswer {
      let violation = ConfigurationVerdict.Violation(
        rule: "FORMULA", reason: problem.text, parameters: [], suggestions: [])
      return ConfigurationVerdict(
        settings: settings, violations: [violation], nearest: [], configuration: nil)
    }
  }

  /// The indices of the constraints that do not hold. One whose formula has no answer does not.
  mutating func violated(at point: [Int]) -> [Int] {
    set(point)
    model.program.run(&frame, upTo: model.constraintsEnd)
    return model.constraints.indices.filter { !holds(model.constraints[$0]) }
  }

  private func holds(_ constraint: ConfigurableModel.Constraint) -> Bool {
    (try? model.program.truth(constraint.output, in: frame)) ?? false
  }

  private mutating func set(_ point: [Int]) {
    for (index, parameter) in model.parameters.enumerated() {
      parameter.set(point[index], in: &frame)
    }
  }

  /// Everything that follows from a choice that breaks nothing.
  mutating func configuration(at point: [Int]) throws -> Configuration {
    set(point)
    model.program.run(&frame, upTo: model.program.end)
    let prices = try priceParts()
    let panels = try panels()
    let components = try components(panels)
    return Configuration(
      sku: model.sku, version: model.version, settings: model.settings(at: point),
      price: try total(prices), priceParts: prices, leadDays: try whole(model.leadDays),
      weight: try model.weight.map { try quantity($0) } ?? .zero,
      volume: try model.volume.map { try quantity($0) } ?? .zero, cartons: try cartons(),
      panels: panels.map(\.row), components: components, operations: try operations())
  }
}

/// A formula has no answer for a choice, or one that means nothing.
struct NoAnswer: Error {
  let text: String
}

extension ConfigurableModel {
  func settings(at point: [Int]) -> [Configuration.Setting] {
    parameters.enumerated().map { $1.setting(point[$0]) }
  }
}

// MARK: What the registers say

extension ModelEvaluator {
  private func applies(_ when: Output?) throws -> Bool {
    guard let when else { return true }
    return try answer { try model.program.truth(when, in: frame) }
  }

  private func text(_ output: Output) throws -> String {
    try answer { try model.program.text(output, in: frame) }
  }

  private func answer<Value>(_ read: () throws -> Value) throws -> Value {
    do { return try read() } catch let fault as Fault {
      throw NoAnswer(text: "\(fault.field) \(fault.problem) at \(fault.place)")
    }
  }

  private func micros(_ measure: ConfigurableModel.Measure) throws -> Int64 {
    let number = try answer { try model.program.number(measure.output, in: frame) }
    guard let micros = number.micros, (measure.least...measure.most).contains(micros),
      !measure.isWhole || number.whole != nil
    else {
      let (least, most) = (Quantity(micros: measure.least), Quantity(micros: measure.most))
      let kind = measure.isWhole ? "a whole number from " : "from "
      throw NoAnswer(text: "\(measure.field) is \(number), which is not \(kind)\(least) to \(most)")
    }
    return micros
  }

  private func quantity(_ measure: ConfigurableModel.Measure) throws -> Quantity {
    Quantity(micros: try micros(measure))
  }

  private func rate(_ measure: ConfigurableModel.Measure) throws -> Rate {
    Rate(micros: try micros(measure))
  }

  private func whole(_ measure: ConfigurableModel.Measure) throws -> Int {
    Int(try micros(measure) / 1_000_000)
  }

  private func priceParts() throws -> [Configuration.PricePart] {
    var parts: [Configuration.PricePart] = []
    parts.reserveCapacity(model.prices.count)
    for part in model.prices where try applies(part.when) {
      parts.append(
        Configuration.PricePart(
          code: part.code, label: part.label,
          amount: UnitPrice(micros: try micros(part.amount), currency: model.currency)))
    }
    return parts
  }

  /// Each part is bounded, and so is their number: the sum fits.
  private func total(_ parts: [Configuration.PricePart]) throws -> UnitPrice {
    let micros = parts.reduce(0) { $0 + $1.amount.micros }
    guard (0...FieldCheck.highestUnitPriceMicros).contains(micros) else {
      let price = UnitPrice(micros: micros, currency: model.currency)
      throw NoAnswer(text: "the price comes to \(price)")
    }
    return UnitPrice(micros: micros, currency: model.currency)
  }

  private struct CutPanel {
    let row: Configuration.Panel
    let waste: Rate
    let edgeWaste: Rate
  }

  private func panels() throws -> [CutPanel] {
    var panels: [CutPanel] = []
    panels.reserveCapacity(model.panels.count)
    for panel in model.panels where try applies(panel.when) {
      let count = try whole(panel.count)
      guard count > 0 else { continue }
      panels.append(
        CutPanel(
          row: Configuration.Panel(
            name: panel.name, count: count, length: try quantity(panel.length),
            width: try quantity(panel.width), board: try text(panel.board),
            edgeBand: try panel.edgeBand.map { try text($0) } ?? "",
            longEdges: try whole(panel.longEdges), shortEdges: try whole(panel.shortEdges)),
          waste: try rate(panel.waste), edgeWaste: try rate(panel.edgeWaste)))
    }
    return panels
  }

  /// Boards by area and edge bands by length, as the cut list says, then the other materials; what
  /// comes several times is added up, and rounded up once.
  private func components(_ panels: [CutPanel]) throws -> [Configuration.Component] {
    var sums = ComponentSums()
    for panel in panels {
      let row = panel.row
      let (length, width) = (Int128(row.length.micros), Int128(row.width.micros))
      let count = Int128(row.count)
      // mm² × 10¹² are m² × 10¹⁸; mm × 10⁶ are m × 10⁹.
      sums.add(row.board, panel.waste, count * length * width)
      guard !row.edgeBand.isEmpty else { continue }
      let edges = Int128(row.longEdges) * length + Int128(row.shortEdges) * width
      sums.add(row.edgeBand, panel.edgeWaste, count * edges * 1_000_000_000)
    }
    for material in model.materials where try applies(material.when) {
      let micros = try micros(material.quantity)
      sums.add(
        try text(material.sku), try rate(material.waste), Int128(micros) * 1_000_000_000_000)
    }
    return try sums.components()
  }

  private func operations() throws -> [Configuration.Operation] {
    var operations: [Configuration.Operation] = []
    operations.reserveCapacity(model.operations.count)
    for operation in model.operations where try applies(operation.when) {
      operations.append(
        Configuration.Operation(
          sequence: operation.sequence, name: operation.name,
          workCentre: try text(operation.workCentre),
          setupMinutes: try quantity(operation.setupMinutes),
          unitMinutes: try quantity(operation.unitMinutes)))
    }
    return operations
  }

  private func cartons() throws -> [Configuration.Carton] {
    var cartons: [Configuration.Carton] = []
    cartons.reserveCapacity(model.cartons.count)
    for carton in model.cartons where try applies(carton.when) {
      let count = try whole(carton.count)
      guard count > 0 else { continue }
      cartons.append(
        Configuration.Carton(
          name: carton.name, count: count, length: try quantity(carton.length),
          width: try quantity(carton.width), height: try quantity(carton.height),
          weight: try carton.weight.map { try quantity($0) } ?? .zero))
    }
    return cartons
  }
}

/// Quantities of products in 10⁻¹⁸ of their units, added up.
private struct ComponentSums {
  private var rows: [(sku: String, waste: Rate, sum: Int128)] = []

  mutating func add(_ sku: String, _ waste: Rate, _ amount: Int128) {
    guard amount > 0 else { return }
    if let index = rows.firstIndex(where: { $0.waste == waste && $0.sku == sku }) {
      rows[index].sum += amount
    } else {
      rows.append((sku, waste, amount))
    }
  }

  /// Rounded up to millionths, so that demand is never short.
  func components() throws -> [Configuration.Component] {
    try rows.map { row in
      let (whole, rest) = row.sum.quotientAndRemainder(dividingBy: 1_000_000_000_000)
      let micros = whole + (rest > 0 ? 1 : 0)
      guard micros <= Self.most else {
        throw NoAnswer(text: "\(row.sku) would be needed in a quantity that nobody has")
      }
      return Configuration.Component(
        sku: row.sku, quantity: Quantity(micros: Int64(micros)), waste: row.waste)
    }
  }

  /// A thousand million units.
  private static let most: Int128 = 1_000_000_000_000_000
}
