package import Values

/// What a receipt, an adjustment or a transfer did to stock.
package struct StockCorrection: Hashable, Sendable {
  /// "SA-2026-000004"; empty when a count agreed with the books and nothing moved.
  package let number: String
  /// Stock afterwards: of the warehouse, or of the two in the order of the request.
  package let levels: [StockLevel]
  /// Demands of the product that lost goods which were promised to them.
  package internal(set) var withdrawn: [Origin] = []
}
