package import Values

extension Rejection {
  /// This refusal of a name that nothing bears; of an empty name, that it is missing.
  package func ifNamed(_ name: String) -> any Rejection {
    guard name.isEmpty, let field else { return self }
    return MasterDataRejection.missingValue(field: field)
  }
}
