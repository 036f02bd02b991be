/// A named value in an event, an explanation or a refusal; always text, already formatted with its
/// unit.
package struct Fact: Hashable, Sendable {
  package let name: String
  package let value: String

  package init(_ name: String, _ value: some CustomStringConvertible) {
    self.name = name
    self.value = value.description
  }
}

/// Something that happened to a document, in the past tense ("order.confirmed"). Verbs record
/// events in the transaction of their effect; the command log stores them with the commit sequence.
package struct DomainEvent: Hashable, Sendable {
  /// "area.noun-in-past": lower case, dots and dashes; stable, since consumers filter by it.
  package let type: String
  /// The document it happened to.
  package let subject: DocumentReference
  /// The sales order (or other root document) on whose timeline it belongs too, when that is
  /// another one.
  package let related: DocumentReference?
  /// Each has a value: what nobody said is left out.
  package let facts: [Fact]

  package init(
    _ type: String, _ subject: DocumentReference, related: DocumentReference? = nil,
    _ facts: [Fact] = []
  ) {
    self.type = type
    self.subject = subject
    self.related = related
    self.facts = facts.filter { !$0.value.isEmpty }
  }
}
