package import Values

/// What a customer chose of a model, and everything that follows from it: the price of one piece,
/// what goes into it and how it is made. A value: the same version and settings give the same one
/// for ever, and an order line keeps it as it is.
package struct Configuration: Hashable, Sendable {
  package struct Setting: Hashable, Sendable {
    package let name: String
    /// "600", "oak", "yes".
    package let value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package struct PricePart: Hashable, Sendable {
    package let code: String
    package let label: String
    package let amount: UnitPrice
  }

  /// A row of the cut list: so many boards of this size.
  package struct Panel: Hashable, Sendable {
    package let name: String
    package let count: Int
    /// Millimetres, along the grain.
    package let length: Quantity
    package let width: Quantity
    package let board: String
    /// Empty for bare edges.
    package let edgeBand: String
    package let longEdges: Int
    package let shortEdges: Int
  }

  /// What one piece needs of a product, without waste.
  package struct Component: Hashable, Sendable {
    package let sku: String
    package internal(set) var quantity: Quantity
    /// Share that is lost, below 100 %.
    package let waste: Rate
  }

  package struct Operation: Hashable, Sendable {
    package let sequence: Int
    package let name: String
    package let workCentre: String
    package let setupMinutes: Quantity
    package let unitMinutes: Quantity
  }

  package struct Carton: Hashable, Sendable {
    package let name: String
    package let count: Int
    /// Millimetres.
    package let length: Quantity
    package let width: Quantity
    package let height: Quantity
    /// Kilograms of one; zero where nobody weighs it.
    package let weight: Quantity
  }

  package let sku: String
  /// Of the model.
  package let version: Int64
  /// Of every parameter, in the order of the model.
  package let settings: [Setting]
  /// Of one piece, without tax: the sum of the parts.
  package let price: UnitPrice
  package let priceParts: [PricePart]
  package let leadDays: Int
  /// Kilograms; zero where nobody weighs it.
  package let weight: Quantity
  /// Cubic metres; zero where nobody measures it.
  package let volume: Quantity
  package let cartons: [Carton]
  package let panels: [Panel]
  /// In the order in which the model names them, each once for each waste.
  package let components: [Component]
  package let operations: [Operation]
}

extension Configuration {
  /// Of one piece; nil where nobody weighs it.
  package var weightGrams: Int64? { weight.isPositive ? weight.micros / 1_000 : nil }
  /// Of one piece; nil where nobody measures it.
  package var volumeCubicCentimetres: Int64? { volume.isPositive ? volume.micros : nil }
}

/// What became of a choice.
package struct ConfigurationVerdict: Hashable, Sendable {
  /// Of every parameter, as given or by default, in the order of the model.
  package let settings: [Configuration.Setting]
  /// Empty when the choice is valid.
  package let violations: [Violation]
  /// The fewest changes found by which all of it would be valid; empty when it is, or when none
  /// were found within the bounds of the search.
  package let nearest: [Configuration.Setting]
  /// Nil unless the choice is valid.
  package let configuration: Configuration?

  package struct Violation: Hashable, Sendable {
    /// Code of the constraint; "RANGE", "STEP" or "CHOICE" of a value that the parameter does not
    /// take; "FORMULA" of a formula that has no answer for it.
    package let rule: String
    package let reason: String
    /// What it depends on.
    package let parameters: [String]
    /// Single changes that lift it, the nearest first.
    package let suggestions: [Suggestion]
  }

  package struct Suggestion: Hashable, Sendable {
    package let setting: Configuration.Setting
    /// All of it would be valid then.
    package let isEnough: Bool
  }
}

extension ConfigurationVerdict {
  /// The configuration. Refuses a choice that is not valid with everything that speaks against it.
  package func require(field: String) throws -> Configuration {
    try Rejections.check(
      violations.map {
        ModelRejection.invalidChoice(
          field: field, rule: $0.rule, problem: $0.reason,
          instead: $0.suggestions.map(\.setting), nearest: nearest)
      })
    guard let configuration else { preconditionFailure("nothing speaks against no configuration") }
    return configuration
  }
}
