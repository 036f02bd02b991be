import Formulas
package import Values

extension ConfigurableModel {
  /// Compiles a draft. Refuses it with everything that is wrong with it; `malformed` is what
  /// whoever read it has already found.
  package init(
    _ draft: ModelDraft, version: Int64, currency: Currency, malformed: [any Rejection] = []
  ) throws {
    self = try ModelCompiler.model(
      of: draft, version: version, currency: currency, malformed: malformed)
  }
}

/// Makes a draft into a model, or says everything that is wrong with it.
struct ModelCompiler {
  private let draft: ModelDraft
  private let path: FieldPath
  private var check: FieldCheck
  private var compiler = FormulaCompiler()
  private var parameters: [ModelParameter] = []
  private var products: [ConfigurableModel.Mention] = []
  private var workCentres: [ConfigurableModel.Mention] = []

  private init(_ draft: ModelDraft, malformed: [any Rejection]) {
    self.draft = draft
    path = FieldPath("model")
    check = FieldCheck(path, malformed: malformed)
  }

  fileprivate static func model(
    of draft: ModelDraft, version: Int64, currency: Currency, malformed: [any Rejection]
  ) throws -> ConfigurableModel {
    var compiler = ModelCompiler(draft, malformed: malformed)
    return try compiler.compile(version: version, currency: currency)
  }

  private mutating func compile(
    version: Int64, currency: Currency
  ) throws -> ConfigurableModel {
    check.code(draft.sku, "sku")
    checkCounts()
    try check.pass()
    for (index, parameter) in draft.parameters.enumerated() {
      declare(parameter, "parameters[\(index)]")
    }
    // A formula over a name that is not there would only say so again.
    try check.pass()
    define()
    try check.pass()
    let constraints = constraints()
    let constraintsEnd = compiler.mark
    let prices = prices()
    let panels = panels()
    let materials = materials()
    let operations = operations()
    let cartons = cartons()
    let weight = draft.weight.isEmpty ? nil : measure(draft.weight, "weight")
    let volume = draft.volume.isEmpty ? nil : measure(draft.volume, "volume")
    let leadDays = measure(
      draft.leadDays.isEmpty ? "0" : draft.leadDays, "lead_days", most: 3_650, isWhole: true)
    try check.pass()
    return ConfigurableModel(
      draft: draft, version: version, currency: currency, parameters: parameters,
      program: compiler.program(), constraintsEnd: constraintsEnd, constraints: constraints,
      prices: prices, panels: panels, materials: materials,
      operations: operations, cartons: cartons, weight: weight, volume: volume,
      leadDays: leadDays, products: products, workCentres: workCentres)
  }

  // MARK: Shape

  private mutating func checkCounts() {
    if draft.parameters.isEmpty {
      check.refuse(MasterDataRejection.missingValue(field: path.field("parameters")))
    }
    if draft.prices.isEmpty {
      check.refuse(MasterDataRejection.missingValue(field: path.field("prices")))
    }
    let counts = [
      ("parameters", draft.parameters.count, ModelDraft.parameterLimit),
      ("definitions", draft.definitions.count, ModelDraft.rowLimit),
      ("constraints", draft.constraints.count, ModelDraft.rowLimit),
      ("prices", draft.prices.count, ModelDraft.rowLimit),
      ("panels", draft.panels.count, ModelDraft.rowLimit),
      ("materials", draft.materials.count, ModelDraft.rowLimit),
      ("operations", draft.operations.count, ModelDraft.rowLimit),
      ("cartons", draft.cartons.count, ModelDraft.rowLimit),
    ]
    for (name, count, limit) in counts where count > limit {
      check.refuse(
        MasterDataRejection.tooManyRows(field: path.field(name), count: count, limit: limit))
    }
    let values = draft.parameters.reduce(0) { sum, parameter in
      if case .choice(let values, _) = parameter.kind { sum + values.count } else { sum }
    }
    if values > ModelDraft.valueLimit {
      check.refuse(
        MasterDataRejection.tooManyRows(
          field: path.field("parameters"), count: values, limit: ModelDraft.valueLimit))
    }
  }

  private mutating func checkName(_ name: String, _ field: String) -> Bool {
    guard FormulaCompiler.isName(name) else {
      check.refuse(
        ModelRejection.invalidName(
          field: path.field(field), given: String(name.prefix(60))
        ).ifNamed(name))
      return false
    }
    guard !compiler.isDeclared(name) else {
      check.refuse(ModelRejection.nameTaken(field: path.field(field), name: name))
      return false
    }
    return true
  }

  // MARK: Parameters

  private mutating func declare(_ parameter: ModelDraft.Parameter, _ field: String) {
    let isNamed = checkName(parameter.name, field + ".name")
    check.text(parameter.label, field + ".label")
    switch parameter.kind {
    case .none: check.refuse(ModelRejection.noKind(field: path.field(field)))
    case .dimension(let dimension):
      guard let row = row(of: dimension, field + ".dimension"), isNamed else { return }
      parameters.append(
        ModelParameter(
          name: parameter.name,
          kind: .dimension(
            compiler.declareNumber(parameter.name), unit: dimension.unit, lowest: row.lowest,
            step: row.step), count: row.count, standard: row.standard))
    case .choice(let values, let standard):
      let attributes = attributes(of: values, field + ".choice")
      check(values, field + ".choice")
      guard let index = values.firstIndex(where: { $0.name == standard }) else {
        check.refuse(
          ModelRejection.initialNotAValue(
            field: path.field(field + ".choice.initial"), given: String(standard.prefix(60))))
        return
      }
      guard let attributes, isNamed else { return }
      let names = values.map(\.name)
      parameters.append(
        ModelParameter(
          name: parameter.name,
          kind: .choice(
            compiler.declareChoice(parameter.name, values: names, attributes: attributes), names),
          count: values.count, standard: index))
    case .flag(let standard):
      guard isNamed else { return }
      parameters.append(
        ModelParameter(
          name: parameter.name, kind: .flag(compiler.declareTruth(parameter.name)), count: 2,
          standard: standard ? 1 : 0))
    }
  }

  /// Steps of one dimension at most: a thousandth of a millimetre over a kilometre is none.
  private static let stepLimit = 1_000_000

  private mutating func row(
    of dimension: ModelDraft.Dimension, _ field: String
  ) -> (lowest: Number, step: Number, count: Int, standard: Int)? {
    check.code(dimension.unit, field + ".lowest.unit_code")
    let limit = Quantity(micros: 1_000_000_000_000)
    check.range(dimension.lowest, field + ".lowest", .zero...limit)
    check.range(
      dimension.highest, field + ".highest", min(max(.zero, dimension.lowest), limit)...limit)
    check.range(dimension.step, field + ".step", Quantity(micros: 1)...limit)
    guard dimension.step.isPositive, dimension.highest >= dimension.lowest,
      let lowest = Number(micros: dimension.lowest.micros),
      let highest = Number(micros: dimension.highest.micros),
      let step = Number(micros: dimension.step.micros),
      let standard = Number(micros: dimension.standard.micros),
      let count = highest.steps(from: lowest, step: step)?.count,
      let place = standard.steps(from: lowest, step: step)
    else { return nil }
    check.range(count, field + ".step", 0...Self.stepLimit)
    guard place.isExact, (0...count).contains(place.count) else {
      check.refuse(
        ModelRejection.initialNotAValue(
          field: path.field(field + ".initial"), given: dimension.standard.description))
      return nil
    }
    return (lowest, step, count + 1, place.count)
  }

  private mutating func check(_ values: [ModelDraft.ChoiceValue], _ field: String) {
    if values.isEmpty {
      check.refuse(ModelRejection.noValues(field: path.field(field + ".values")))
    }
    var seen: Set<String> = []
    for (index, value) in values.enumerated() {
      let name = "\(field).values[\(index)]"
      check.code(value.name, name + ".name")
      check.text(value.label, name + ".label")
      if !seen.insert(value.name).inserted {
        check.refuse(
          ModelRejection.nameTaken(field: path.field(name + ".name"), name: value.name))
      }
      if value.attributes.count > ModelDraft.attributeLimit {
        check.refuse(
          MasterDataRejection.tooManyRows(
            field: path.field(name + ".attributes"), count: value.attributes.count,
            limit: ModelDraft.attributeLimit))
      }
    }
  }

  /// The attributes of all values, one column each; nil when something is wrong with them.
  private mutating func attributes(
    of values: [ModelDraft.ChoiceValue], _ field: String
  ) -> [(name: String, column: AttributeColumn)]? {
    var order: [String] = []
    var columns: [String: AttributeColumn] = [:]
    var isSound = !values.isEmpty
    for (row, value) in values.enumerated() {
      var seen: Set<String> = []
      for (index, attribute) in value.attributes.enumerated() {
        let place = "\(field).values[\(row)].attributes[\(index)]"
        guard FormulaCompiler.isName(attribute.name), seen.insert(attribute.name).inserted else {
          check.refuse(
            seen.contains(attribute.name)
              ? ModelRejection.nameTaken(field: path.field(place + ".name"), name: attribute.name)
              : .invalidName(
                field: path.field(place + ".name"), given: String(attribute.name.prefix(60))))
          isSound = false
          continue
        }
        if columns[attribute.name] == nil { order.append(attribute.name) }
        if let fault = columns[attribute.name].add(
          attribute.value, row: row, of: values.count, name: attribute.name,
          field: path.field(place))
        {
          check.refuse(fault)
          isSound = false
        }
      }
    }
    return isSound ? order.compactMap { name in columns[name].map { (name, $0) } } : nil
  }
}

// MARK: Formulas

extension ModelCompiler {
  private mutating func define() {
    for (index, definition) in draft.definitions.enumerated() {
      let field = "definitions[\(index)]"
      guard checkName(definition.name, field + ".name") else { continue }
      do throws(FormulaError) {
        try compiler.define(
          definition.name, definition.formula, field: "definition \(definition.name)")
      } catch {
        refuse(error, field + ".formula")
      }
    }
  }

  private mutating func constraints() -> [ConfigurableModel.Constraint] {
    var seen: Set<String> = []
    return draft.constraints.enumerated().compactMap { index, constraint in
      let field = "constraints[\(index)]"
      check.code(constraint.code, field + ".code")
      check.text(constraint.reason, field + ".reason", limit: 500, required: true)
      if !seen.insert(constraint.code).inserted {
        check.refuse(
          ModelRejection.nameTaken(field: path.field(field + ".code"), name: constraint.code))
      }
      return output(constraint.rule, field + ".rule", as: .truth).map {
        ConfigurableModel.Constraint(
          code: constraint.code, reason: constraint.reason, output: $0)
      }
    }
  }

  private mutating func prices() -> [ConfigurableModel.PricePart] {
    draft.prices.enumerated().map { index, part in
      let field = "prices[\(index)]"
      check.code(part.code, field + ".code")
      check.text(part.label, field + ".label")
      let most = FieldCheck.highestUnitPriceMicros
      return ConfigurableModel.PricePart(
        code: part.code, label: part.label, when: condition(part.when, field),
        amount: measure(part.amount, field + ".amount", least: -most, most: most))
    }
  }

  private mutating func panels() -> [ConfigurableModel.Panel] {
    draft.panels.enumerated().compactMap { index, panel in
      let field = "panels[\(index)]"
      check.text(panel.name, field + ".name", required: true)
      let board = code(panel.board, field + ".board", unit: "m2")
      let band =
        panel.edgeBand.isEmpty ? nil : code(panel.edgeBand, field + ".edge_band", unit: "m")
      let when = condition(panel.when, field)
      let count = count(panel.count, field + ".count")
      let length = measure(panel.length, field + ".length", least: 1, most: Self.longest)
      let width = measure(panel.width, field + ".width", least: 1, most: Self.longest)
      let long = edges(panel.longEdges, field + ".long_edges")
      let short = edges(panel.shortEdges, field + ".short_edges")
      let boardWaste = self.waste(panel.waste, field + ".waste")
      let edgeWaste = self.waste(panel.edgeWaste, field + ".edge_waste")
      return board.map {
        ConfigurableModel.Panel(
          name: panel.name, when: when, count: count, length: length, width: width, board: $0,
          waste: boardWaste, edgeBand: band, longEdges: long, shortEdges: short,
          edgeWaste: edgeWaste)
      }
    }
  }

  private mutating func materials() -> [ConfigurableModel.Material] {
    draft.materials.enumerated().compactMap { index, material in
      let field = "materials[\(index)]"
      check.text(material.name, field + ".name", required: true)
      let sku = code(material.sku, field + ".sku", unit: nil)
      let when = condition(material.when, field)
      let quantity = measure(material.quantity, field + ".quantity")
      let waste = self.waste(material.waste, field + ".waste")
      return sku.map {
        ConfigurableModel.Material(
          when: when, sku: $0, quantity: quantity, waste: waste)
      }
    }
  }

  private mutating func operations() -> [ConfigurableModel.Operation] {
    var seen: Set<Int> = []
    let read: [ConfigurableModel.Operation] = draft.operations.enumerated().compactMap {
      index, operation in
      let field = "operations[\(index)]"
      check.text(operation.name, field + ".name", required: true)
      check.range(operation.sequence, field + ".sequence", 1...9_999)
      if !seen.insert(operation.sequence).inserted {
        check.refuse(
          ModelRejection.nameTaken(
            field: path.field(field + ".sequence"), name: "\(operation.sequence)"))
      }
      let centre = output(operation.workCentre, field + ".work_centre", as: .text)
      for code in centre?.texts.sorted() ?? [] {
        workCentres.append(
          .init(code: code, field: path.field(field + ".work_centre"), unit: nil))
      }
      let when = condition(operation.when, field)
      let setup = minutes(operation.setupMinutes, field + ".setup_minutes")
      let unit = minutes(operation.unitMinutes, field + ".unit_minutes")
      return centre.map {
        ConfigurableModel.Operation(
          sequence: operation.sequence, name: operation.name, when: when, workCentre: $0,
          setupMinutes: setup, unitMinutes: unit)
      }
    }
    return read.sorted { $0.sequence < $1.sequence }
  }

  private mutating func cartons() -> [ConfigurableModel.Carton] {
    draft.cartons.enumerated().map { index, carton in
      let field = "cartons[\(index)]"
      check.text(carton.name, field + ".name", required: true)
      return ConfigurableModel.Carton(
        name: carton.name, when: condition(carton.when, field),
        count: count(carton.count, field + ".count"),
        length: measure(carton.length, field + ".length", least: 1, most: Self.longest),
        width: measure(carton.width, field + ".width", least: 1, most: Self.longest),
        height: measure(carton.height, field + ".height", least: 1, most: Self.longest),
        weight: carton.weight.isEmpty ? nil : measure(carton.weight, field + ".weight"))
    }
  }

  // MARK: One formula

  private mutating func refuse(_ error: FormulaError, _ field: String) {
    check.refuse(
      ModelRejection.invalidFormula(
        field: path.field(field), line: error.line, column: error.column, problem: error.problem))
  }

  private mutating func output(
    _ formula: String, _ field: String, as type: FormulaType
  ) -> Output? {
    do throws(FormulaError) {
      return try compiler.compile(formula, field: field, as: type)
    } catch {
      refuse(error, field)
      return nil
    }
  }

  /// What stands for a formula that was refused: the model never comes to be.
  private mutating func refused(_ type: FormulaType) -> Output {
    let text = type == .number ? "0" : type == .truth ? "true" : "''"
    do throws(FormulaError) {
      return try compiler.compile(text, field: "", as: type)
    } catch {
      preconditionFailure("a constant is a formula")
    }
  }

  private mutating func measure(
    _ formula: String, _ field: String, least: Int64 = 0,
    most: Int64 = Self.mostMicros, isWhole: Bool = false
  ) -> ConfigurableModel.Measure {
    ConfigurableModel.Measure(
      output: output(formula, field, as: .number) ?? refused(.number), field: field,
      least: least, most: isWhole ? most * 1_000_000 : most, isWhole: isWhole)
  }

  private mutating func condition(_ formula: String, _ field: String) -> Output? {
    formula.isEmpty ? nil : output(formula, field + ".when", as: .truth) ?? refused(.truth)
  }

  private mutating func count(_ formula: String, _ field: String) -> ConfigurableModel.Measure {
    measure(formula.isEmpty ? "1" : formula, field, most: 10_000, isWhole: true)
  }

  private mutating func edges(_ formula: String, _ field: String) -> ConfigurableModel.Measure {
    measure(formula.isEmpty ? "0" : formula, field, most: 2, isWhole: true)
  }

  private mutating func minutes(_ formula: String, _ field: String) -> ConfigurableModel.Measure {
    measure(formula.isEmpty ? "0" : formula, field, most: 1_000_000_000_000)
  }

  private mutating func code(_ formula: String, _ field: String, unit: String?) -> Output? {
    let found = output(formula, field, as: .text)
    for code in found?.texts.sorted() ?? [] {
      products.append(.init(code: code, field: path.field(field), unit: unit))
    }
    return found
  }

  private mutating func waste(_ formula: String, _ field: String) -> ConfigurableModel.Measure {
    measure(formula.isEmpty ? "0" : formula, field, most: Rate.one.micros - 1)
  }

  /// A hundred metres, in millionths of a millimetre.
  private static let longest: Int64 = 100_000_000_000
  /// A thousand million of whatever it is.
  private static let mostMicros: Int64 = 1_000_000_000_000_000
}

extension AttributeColumn? {
  /// Puts the value of one row into the column; what is wrong with it.
  fileprivate mutating func add(
    _ value: ModelDraft.AttributeValue, row: Int, of count: Int, name: String, field: String
  ) -> ModelRejection? {
    switch (value, self) {
    case (.none, _): return .noKind(field: field)
    case (.number(let text), nil), (.number(let text), .number?):
      guard let number = Number(text) else {
        return .notANumber(field: field + ".number", given: String(text.prefix(60)))
      }
      var cells: [Number?] =
        if case .number(let cells)? = self { cells } else { Array(repeating: nil, count: count) }
      cells[row] = number
      self = .number(cells)
    case (.text(let text), nil), (.text(let text), .text?):
      var cells: [String?] =
        if case .text(let cells)? = self { cells } else { Array(repeating: nil, count: count) }
      cells[row] = text
      self = .text(cells)
    default: return .mixedAttribute(field: field, name: name)
    }
    return nil
  }
}
