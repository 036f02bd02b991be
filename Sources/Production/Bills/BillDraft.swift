package import Inventory
import MasterData
package import Values

/// A bill of material as a caller wants it to be; it takes the place of the one before as a whole.
package struct BillDraft: BatchRow {
  package struct Component: Hashable, Sendable {
    package var sku: String
    /// What one unit of the product needs, without waste.
    package var quantity: GivenQuantity
    /// Share that is lost as waste.
    package var scrap: Rate

    package init(sku: String, quantity: GivenQuantity, scrap: Rate = .zero) {
      self.sku = sku
      self.quantity = quantity
      self.scrap = scrap
    }
  }

  package struct Operation: Hashable, Sendable {
    package var sequence: Int
    package var name: String
    package var workCentreCode: String
    package var setupMinutes: Quantity
    package var unitMinutes: Quantity

    package init(
      sequence: Int, name: String, workCentreCode: String, setupMinutes: Quantity = .zero,
      unitMinutes: Quantity = .zero
    ) {
      self.sequence = sequence
      self.name = name
      self.workCentreCode = workCentreCode
      self.setupMinutes = setupMinutes
      self.unitMinutes = unitMinutes
    }
  }

  package var sku: String
  package var components: [Component]
  package var operations: [Operation]
  /// The version that the caller read; nil or 0 asks for nothing.
  package var expectedVersion: Int64?
  package var malformed: [any Rejection]

  package init(
    sku: String, components: [Component], operations: [Operation] = [],
    expectedVersion: Int64? = nil, malformed: [any Rejection] = []
  ) {
    self.sku = sku
    self.components = components
    self.operations = operations
    self.expectedVersion = expectedVersion
    self.malformed = malformed
  }

  package var code: String { sku }
  package static var codeField: String { "sku" }

  static let componentLimit = 500
  static let operationLimit = 100
}
