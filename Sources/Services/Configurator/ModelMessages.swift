package import MasterData
package import Messages
internal import Values

// Configurable models: messages to drafts and back.

extension ModelDraft {
  /// The model of a request that was read before, or of a file.
  package init(_ message: ConfiguratorV1.Model) {
    var malformed: [any Rejection] = []
    self.init(message, &malformed)
  }

  init(_ message: ConfiguratorV1.Model, _ malformed: inout [any Rejection]) {
    self.init(
      sku: message.sku,
      parameters: message.parameters.enumerated().map { Parameter($1, row: $0, &malformed) },
      definitions: message.definitions.map { Definition(name: $0.name, formula: $0.formula) },
      constraints: message.constraints.map {
        Constraint(code: $0.code, rule: $0.rule, reason: $0.reason)
      },
      prices: message.prices.map {
        PricePart(code: $0.code, label: $0.label, amount: $0.amount, when: $0.when)
      },
      panels: message.panels.map {
        Panel(
          name: $0.name, count: $0.count, length: $0.length, width: $0.width, board: $0.board,
          waste: $0.waste, edgeBand: $0.edgeBand, longEdges: $0.longEdges,
          shortEdges: $0.shortEdges, edgeWaste: $0.edgeWaste, when: $0.when)
      },
      materials: message.materials.map {
        Material(
          name: $0.name, sku: $0.sku, quantity: $0.quantity, waste: $0.waste, when: $0.when)
      },
      operations: message.operations.map {
        Operation(
          sequence: Int($0.sequence), name: $0.name, workCentre: $0.workCentre,
          setupMinutes: $0.setupMinutes, unitMinutes: $0.unitMinutes, when: $0.when)
      },
      cartons: message.cartons.map {
        Carton(
          name: $0.name, count: $0.count, length: $0.length, width: $0.width,
          height: $0.height, weight: $0.weight, when: $0.when)
      },
      weight: message.weight, volume: message.volume, leadDays: message.leadDays)
  }
}

extension ModelDraft.Parameter {
  fileprivate init(
    _ message: ConfiguratorV1.Parameter, row: Int, _ malformed: inout [any Rejection]
  ) {
    let kind: ModelDraft.Kind
    switch message.kind {
    case nil: kind = .none
    case .flag(let flag)?: kind = .flag(standard: flag.initial)
    case .choice(let choice)?:
      kind = .choice(choice.values.map { .init($0) }, standard: choice.initial)
    case .dimension(let range)?:
      kind = .dimension(.init(range, "model.parameters[\(row)].dimension", &malformed))
    }
    self.init(name: message.name, label: message.label, kind: kind)
  }

  fileprivate var message: ConfiguratorV1.Parameter {
    let kind: ConfiguratorV1.Parameter.Kind? =
      switch self.kind {
      case .none: nil
      case .flag(let standard): .flag(.init(initial: standard))
      case .choice(let values, let standard):
        .choice(.init(values: values.map(\.message), initial: standard))
      case .dimension(let range):
        .dimension(
          .init(
            lowest: .init(range.lowest, range.unit), highest: .init(range.highest, range.unit),
            step: .init(range.step, range.unit), initial: .init(range.standard, range.unit)))
      }
    return .init(name: name, label: label, kind: kind)
  }
}

extension ModelDraft.Dimension {
  fileprivate init(
    _ message: ConfiguratorV1.Dimension, _ field: String, _ malformed: inout [any Rejection]
  ) {
    let unit = message.lowest?.unitCode ?? ""
    func required(_ value: TypeV1.Quantity?, _ name: String) -> Quantity {
      if value == nil {
        malformed.append(MasterDataRejection.missingValue(field: "\(field).\(name)"))
      } else if let value, value.unitCode != unit {
        malformed.append(
          ModelRejection.unitsDiffer(
            field: "\(field).\(name)", given: String(value.unitCode.prefix(40)), expected: unit))
      }
      return Quantity(micros: value?.micros ?? 0)
    }
    self.init(
      unit: unit, lowest: required(message.lowest, "lowest"),
      highest: required(message.highest, "highest"), step: required(message.step, "step"),
      standard: required(message.initial, "initial"))
  }
}

extension ModelDraft.ChoiceValue {
  fileprivate init(_ message: ConfiguratorV1.ChoiceValue) {
    self.init(
      name: message.name, label: message.label,
      attributes: message.attributes.map { attribute in
        let value: ModelDraft.AttributeValue =
          switch attribute.value {
          case .number(let number)?: .number(number)
          case .text(let text)?: .text(text)
          case nil: .none
          }
        return .init(name: attribute.name, value: value)
      })
  }

  fileprivate var message: ConfiguratorV1.ChoiceValue {
    .init(
      name: name, label: label,
      attributes: attributes.map { attribute in
        let value: ConfiguratorV1.Attribute.Value? =
          switch attribute.value {
          case .number(let number): .number(number)
          case .text(let text): .text(text)
          case .none: nil
          }
        return .init(name: attribute.name, value: value)
      })
  }
}

extension ConfiguratorV1.Model {
  init(_ draft: ModelDraft) {
    self.init(
      sku: draft.sku, parameters: draft.parameters.map(\.message),
      definitions: draft.definitions.map { .init(name: $0.name, formula: $0.formula) },
      constraints: draft.constraints.map {
        .init(code: $0.code, rule: $0.rule, reason: $0.reason)
      },
      prices: draft.prices.map {
        .init(code: $0.code, label: $0.label, amount: $0.amount, when: $0.when)
      },
      panels: draft.panels.map {
        .init(
          name: $0.name, count: $0.count, length: $0.length, width: $0.width, board: $0.board,
          waste: $0.waste, edgeBand: $0.edgeBand, longEdges: $0.longEdges,
          shortEdges: $0.shortEdges, edgeWaste: $0.edgeWaste, when: $0.when)
      },
      materials: draft.materials.map {
        .init(
          name: $0.name, sku: $0.sku, quantity: $0.quantity, waste: $0.waste, when: $0.when)
      },
      operations: draft.operations.map {
        .init(
          sequence: Int32($0.sequence), name: $0.name, workCentre: $0.workCentre,
          setupMinutes: $0.setupMinutes, unitMinutes: $0.unitMinutes, when: $0.when)
      },
      cartons: draft.cartons.map {
        .init(
          name: $0.name, count: $0.count, length: $0.length, width: $0.width,
          height: $0.height, weight: $0.weight, when: $0.when)
      },
      weight: draft.weight, volume: draft.volume, leadDays: draft.leadDays)
  }
}

extension ConfiguratorV1.ModelSummary {
  init(_ version: ModelVersion) {
    self.init(
      sku: version.sku, name: version.name, version: version.version,
      publishedBy: version.publishedBy,
      publishTime: GoogleProtobuf.Timestamp(version.publishedAt))
  }
}
