/// Where in a request a value stands, in the spelling of the request message: "products[3].sku".
/// Refusals carry it, so that a form can mark the field.
package struct FieldPath: Hashable, Sendable, CustomStringConvertible {
  package let description: String

  /// A field of the request itself: "company".
  package init(_ field: String) { description = field }

  /// The request as a whole; its fields have no prefix.
  package static let request = FieldPath("")

  /// A row of a repeated field, counted from 0: "products[3]".
  package init(_ field: String, row: Int) { description = "\(field)[\(row)]" }

  /// A field below: "products[3].sku".
  package func field(_ name: String) -> String {
    description.isEmpty ? name : "\(description).\(name)"
  }
}
