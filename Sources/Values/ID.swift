/// A row's identity inside the store, typed by the noun it belongs to. Callers never see it: they
/// name things by code (sku, customer code) or by document number.
package struct ID<Noun>: Hashable, Comparable, Sendable {
  package let value: Int64

  package init(_ value: Int64) { self.value = value }

  package static func < (left: ID, right: ID) -> Bool { left.value < right.value }
}
