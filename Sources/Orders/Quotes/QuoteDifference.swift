/// What is otherwise in a variant of a later revision of a quote.
package struct QuoteVariantDifference: Hashable, Sendable {
  package let number: Int
  /// Nil where there is no such variant.
  package let titleBefore: String?
  package let titleAfter: String?
  /// Of a variant that is in both: itself first, then line by line.
  package let differences: [OrderDifference]
}

extension QuoteRevision {
  /// Variant by variant, by number; those that are the same are left out.
  package func differences(to later: QuoteRevision) -> [QuoteVariantDifference] {
    let before = Dictionary(variants.map { ($0.number, $0) }) { first, _ in first }
    let after = Dictionary(later.variants.map { ($0.number, $0) }) { first, _ in first }
    return Set(before.keys).union(after.keys).sorted().compactMap { number in
      let (old, new) = (before[number], after[number])
      var differences: [OrderDifference] = []
      if let old, let new {
        differences = OrderVersion(first: old.order)
          .differences(to: OrderVersion(first: new.order))
        guard !differences.isEmpty || old.title != new.title else { return nil }
      }
      return QuoteVariantDifference(
        number: number, titleBefore: old?.title, titleAfter: new?.title, differences: differences)
    }
  }
}
