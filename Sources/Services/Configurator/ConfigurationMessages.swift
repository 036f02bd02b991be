internal import Crypto
internal import MasterData
internal import Messages
internal import Storage
internal import Values

// Configurations as messages.

extension Configuration.Setting {
  init(_ message: ConfiguratorV1.Setting) {
    self.init(name: message.name, value: message.value)
  }
}

extension ConfiguratorV1.Setting {
  init(_ setting: Configuration.Setting) { self.init(name: setting.name, value: setting.value) }
}

extension Configuration {
  /// SHA-256 of product, version and settings, one a line.
  var digest: String {
    let lines = ["\(sku) \(version)"] + settings.map { "\($0.name)=\($0.value)" }
    return Hex.text(Array(SHA256.hash(data: Array(lines.joined(separator: "\n").utf8))))
  }
}

extension ConfiguratorV1.Configuration {
  /// With the units of the products that go in.
  init(_ configuration: Configuration, in snapshot: Snapshot) throws {
    self.init(configuration)
    for index in components.indices {
      let product = try Products.find(sku: components[index].sku, in: snapshot)
      components[index].quantity?.unitCode = product?.unit ?? ""
    }
  }

  /// Without them: an order is told from what it holds alone.
  init(_ configuration: Configuration) {
    self.init(
      sku: configuration.sku, modelVersion: configuration.version, digest: configuration.digest,
      price: TypeV1.UnitPrice(configuration.price), leadDays: Int32(configuration.leadDays),
      weight: TypeV1.Quantity(configuration.weight, "kg"),
      volume: TypeV1.Quantity(configuration.volume, "m3"),
      settings: configuration.settings.map { .init($0) },
      priceParts: configuration.priceParts.map {
        .init(code: $0.code, label: $0.label, amount: TypeV1.UnitPrice($0.amount))
      },
      panels: configuration.panels.map {
        .init(
          name: $0.name, count: Int32($0.count), length: TypeV1.Quantity($0.length, "mm"),
          width: TypeV1.Quantity($0.width, "mm"), board: $0.board, edgeBand: $0.edgeBand,
          longEdges: Int32($0.longEdges), shortEdges: Int32($0.shortEdges))
      },
      components: configuration.components.map {
        .init(
          sku: $0.sku, quantity: TypeV1.Quantity($0.quantity, ""), wasteMicros: $0.waste.micros)
      },
      operations: configuration.operations.map {
        .init(
          sequence: Int32($0.sequence), name: $0.name, workCentreCode: $0.workCentre,
          setupMinutesMicros: $0.setupMinutes.micros, unitMinutesMicros: $0.unitMinutes.micros)
      },
      cartons: configuration.cartons.map {
        .init(
          name: $0.name, count: Int32($0.count), length: TypeV1.Quantity($0.length, "mm"),
          width: TypeV1.Quantity($0.width, "mm"), height: TypeV1.Quantity($0.height, "mm"),
          weight: TypeV1.Quantity($0.weight, "kg"))
      })
  }
}

extension ConfiguratorV1.ConstraintViolation {
  init(_ violation: ConfigurationVerdict.Violation) {
    self.init(
      rule: violation.rule, reason: violation.reason, parameters: violation.parameters,
      enough: violation.suggestions.filter(\.isEnough).map { .init($0.setting) },
      partial: violation.suggestions.filter { !$0.isEnough }.map { .init($0.setting) })
  }
}
