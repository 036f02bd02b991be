import Values

/// Reads what was chosen: where each parameter stands, and which values are none that it takes.
struct SettingsReader {
  /// A value that its parameter does not take.
  struct Outside {
    let parameter: Int
    let rule: String
    let reason: String
    /// Where valid values stand, the nearest first; the first one is taken instead.
    let nearest: [Int]
  }

  private let model: ConfigurableModel
  private var check: FieldCheck
  private(set) var point: [Int]
  private(set) var outside: [Outside] = []
  /// The parameters that somebody cared to set.
  private(set) var chosen: Set<Int> = []
  /// As given, where it was given, whether it fits or not.
  private(set) var given: [Configuration.Setting]

  init(_ model: ConfigurableModel, field: String) throws {
    self.model = model
    check = FieldCheck(FieldPath(field))
    point = model.parameters.map(\.standard)
    given = model.settings(at: point)
  }

  mutating func read(_ settings: [Configuration.Setting]) throws {
    if settings.count > ModelDraft.parameterLimit {
      throw MasterDataRejection.tooManyRows(
        field: check.path.description, count: settings.count, limit: ModelDraft.parameterLimit)
    }
    var seen: Set<String> = []
    for (row, setting) in settings.enumerated() {
      let path = FieldPath(check.path.description, row: row)
      guard let index = model.parameters.firstIndex(where: { $0.name == setting.name }) else {
        check.refuse(
          ModelRejection.unknownParameter(
            field: path.field("name"), sku: model.sku, name: String(setting.name.prefix(60)),
            known: model.parameters.map(\.name).joined(separator: ", ")))
        continue
      }
      guard seen.insert(setting.name).inserted else {
        check.refuse(
          ModelRejection.parameterGivenTwice(field: path.field("name"), name: setting.name))
        continue
      }
      take(setting.value, at: index, path)
    }
    try check.pass()
  }

  private mutating func take(_ value: String, at index: Int, _ path: FieldPath) {
    let parameter = model.parameters[index]
    chosen.insert(index)
    switch parameter.read(value) {
    case .at(let position):
      point[index] = position
      given[index] = parameter.setting(position)
    case .beside(let nearest, let rule, let reason):
      point[index] = nearest.first ?? parameter.standard
      given[index] = Configuration.Setting(
        name: parameter.name, value: String(value.prefix(60)))
      outside.append(Outside(parameter: index, rule: rule, reason: reason, nearest: nearest))
    case .unreadable(let expected):
      check.refuse(
        ModelRejection.unreadableValue(
          field: path.field("value"), name: parameter.name, given: String(value.prefix(60)),
          expected: expected))
    }
  }
}
