package import Values

/// A set of permissions by name: what whoever has it may do.
package struct Role: Hashable, Sendable {
  package let id: ID<Role>
  /// In capitals, as approval rules name it, too ("GENERAL_MANAGER").
  package let name: String
  package var title: String
  /// As the methods of the API name them ("orders.create"), sorted.
  package var permissions: [String]
  /// Counts the changes, from 1.
  package var version: Int64

  package var reference: DocumentReference { DocumentReference(.masterData, "role/\(name)") }
}
