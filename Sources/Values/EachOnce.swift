extension Sequence where Element: Hashable {
  /// In their order, without those that came before.
  package var eachOnce: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
