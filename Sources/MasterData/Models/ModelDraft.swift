package import Values

/// A configurable model as its maker wrote it: what can be chosen, what must hold, and by which
/// formulas a choice becomes a price, a bill of materials and a cut list. Formulas are text; what
/// they mean is in the room Formulas.
package struct ModelDraft: Hashable, Sendable {
  /// The made-to-order product that its configurations are sold as.
  package var sku: String
  package var parameters: [Parameter]
  /// Formulas with a name, each for use in all that follow.
  package var definitions: [Definition]
  package var constraints: [Constraint]
  package var prices: [PricePart]
  package var panels: [Panel]
  package var materials: [Material]
  package var operations: [Operation]
  package var cartons: [Carton]
  /// Kilograms; empty where nobody weighs it.
  package var weight: String
  /// Cubic metres; empty where nobody measures it.
  package var volume: String
  /// Days from order to goods.
  package var leadDays: String

  package init(
    sku: String, parameters: [Parameter] = [], definitions: [Definition] = [],
    constraints: [Constraint] = [], prices: [PricePart] = [], panels: [Panel] = [],
    materials: [Material] = [], operations: [Operation] = [], cartons: [Carton] = [],
    weight: String = "", volume: String = "", leadDays: String = ""
  ) {
    self.sku = sku
    self.parameters = parameters
    self.definitions = definitions
    self.constraints = constraints
    self.prices = prices
    self.panels = panels
    self.materials = materials
    self.operations = operations
    self.cartons = cartons
    self.weight = weight
    self.volume = volume
    self.leadDays = leadDays
  }

  /// Something that can be chosen.
  package struct Parameter: Hashable, Sendable {
    package var name: String
    /// For people.
    package var label: String
    package var kind: Kind

    package init(name: String, label: String, kind: Kind) {
      self.name = name
      self.label = label
      self.kind = kind
    }
  }

  package enum Kind: Hashable, Sendable {
    case dimension(Dimension)
    case choice([ChoiceValue], standard: String)
    case flag(standard: Bool)
    /// The request named none; refused.
    case none
  }

  /// Lowest, then one step after the other up to highest.
  package struct Dimension: Hashable, Sendable {
    package var unit: String
    package var lowest: Quantity
    package var highest: Quantity
    package var step: Quantity
    package var standard: Quantity

    package init(
      unit: String, lowest: Quantity, highest: Quantity, step: Quantity, standard: Quantity
    ) {
      self.unit = unit
      self.lowest = lowest
      self.highest = highest
      self.step = step
      self.standard = standard
    }
  }

  package struct ChoiceValue: Hashable, Sendable {
    package var name: String
    package var label: String
    package var attributes: [Attribute]

    package init(name: String, label: String = "", attributes: [Attribute] = []) {
      self.name = name
      self.label = label
      self.attributes = attributes
    }
  }

  /// What a value of a choice says about itself; formulas read it as `choice.attribute`.
  package struct Attribute: Hashable, Sendable {
    package var name: String
    package var value: AttributeValue

    package init(name: String, value: AttributeValue) {
      self.name = name
      self.value = value
    }
  }

  package enum AttributeValue: Hashable, Sendable {
    case number(String)
    case text(String)
    /// The request gave none; refused.
    case none
  }

  package struct Definition: Hashable, Sendable {
    package var name: String
    package var formula: String

    package init(name: String, formula: String) {
      self.name = name
      self.formula = formula
    }
  }

  /// What must hold of a choice.
  package struct Constraint: Hashable, Sendable {
    package var code: String
    package var rule: String
    /// Why, for people: "the oven needs 560 mm".
    package var reason: String

    package init(code: String, rule: String, reason: String) {
      self.code = code
      self.rule = rule
      self.reason = reason
    }
  }

  /// A part of the price of one piece.
  package struct PricePart: Hashable, Sendable {
    package var code: String
    package var label: String
    package var amount: String
    package var when: String

    package init(code: String, label: String = "", amount: String, when: String = "") {
      self.code = code
      self.label = label
      self.amount = amount
      self.when = when
    }
  }

  /// A board that is cut to size, and what is glued to its edges.
  package struct Panel: Hashable, Sendable {
    package var name: String
    package var count: String
    /// Millimetres, along the grain.
    package var length: String
    /// Millimetres.
    package var width: String
    /// Sku of the board, counted in m2.
    package var board: String
    /// Share of the board that is lost; empty for none.
    package var waste: String
    /// Sku of the edge band, counted in m; empty for bare edges.
    package var edgeBand: String
    /// How many of the two long edges are banded.
    package var longEdges: String
    package var shortEdges: String
    /// Share of the edge band that is lost; empty for none.
    package var edgeWaste: String
    package var when: String

    package init(
      name: String, count: String = "", length: String, width: String, board: String,
      waste: String = "", edgeBand: String = "", longEdges: String = "", shortEdges: String = "",
      edgeWaste: String = "", when: String = ""
    ) {
      self.name = name
      self.count = count
      self.length = length
      self.width = width
      self.board = board
      self.waste = waste
      self.edgeBand = edgeBand
      self.longEdges = longEdges
      self.shortEdges = shortEdges
      self.edgeWaste = edgeWaste
      self.when = when
    }
  }

  /// Hardware, fabric, finish: whatever else goes into one piece.
  package struct Material: Hashable, Sendable {
    package var name: String
    package var sku: String
    package var quantity: String
    package var waste: String
    package var when: String

    package init(
      name: String, sku: String, quantity: String, waste: String = "", when: String = ""
    ) {
      self.name = name
      self.sku = sku
      self.quantity = quantity
      self.waste = waste
      self.when = when
    }
  }

  package struct Operation: Hashable, Sendable {
    package var sequence: Int
    package var name: String
    package var workCentre: String
    package var setupMinutes: String
    package var unitMinutes: String
    package var when: String

    package init(
      sequence: Int, name: String, workCentre: String, setupMinutes: String = "",
      unitMinutes: String = "", when: String = ""
    ) {
      self.sequence = sequence
      self.name = name
      self.workCentre = workCentre
      self.setupMinutes = setupMinutes
      self.unitMinutes = unitMinutes
      self.when = when
    }
  }

  /// What one piece is packed in.
  package struct Carton: Hashable, Sendable {
    package var name: String
    package var count: String
    /// Millimetres.
    package var length: String
    package var width: String
    package var height: String
    /// Kilograms; empty where nobody weighs it.
    package var weight: String
    package var when: String

    package init(
      name: String, count: String = "", length: String, width: String, height: String,
      weight: String = "", when: String = ""
    ) {
      self.name = name
      self.count = count
      self.length = length
      self.width = width
      self.height = height
      self.weight = weight
      self.when = when
    }
  }

  /// Parameters that one model may have.
  package static let parameterLimit = 100
  /// Values of all choices together.
  package static let valueLimit = 1_000
  /// Attributes of one value.
  package static let attributeLimit = 20
  /// Definitions, and likewise constraints, parts of the price, panels, materials, operations and
  /// cartons.
  package static let rowLimit = 200
}
