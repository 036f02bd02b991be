internal import Messages

/// Which events a watcher wants: each list that is not empty must have something that fits.
struct WatchFilter: Sendable {
  private var types: Set<String> = []
  /// "order." for all of a noun.
  private var prefixes: [String] = []
  private var kinds: Set<TypeV1.DocumentKind> = []
  private var numbers: Set<String> = []

  /// Complaints about the request go to the reader.
  init(_ request: EventsV1.WatchRequest, limits: StreamLimits, _ reader: inout RequestReader) {
    let most = 0...limits.maxFilterValues
    _ = reader.count(request.types.count, "types", most)
    _ = reader.count(request.kinds.count, "kinds", most)
    _ = reader.count(request.documentNumbers.count, "document_numbers", most)
    for (index, type) in request.types.enumerated() {
      let field = "types[\(index)]"
      let noun = type.hasSuffix(".*") ? type.dropLast() : nil
      _ = reader.text(type, field, 1...100)
      if (noun ?? type[...]).contains("*") || noun == "." {
        reader.refuse(.outOfRange(field, allowed: "a type (order.confirmed) or a noun (order.*)"))
      }
      if let noun { prefixes.append(String(noun)) } else { types.insert(type) }
    }
    for (index, kind) in request.kinds.enumerated() {
      let known = TypeV1.DocumentKind.allCases.contains(kind) && kind != .unspecified
      _ = reader.choice(known ? kind : nil, kind.rawValue, "kinds[\(index)]")
    }
    for (index, number) in request.documentNumbers.enumerated() {
      _ = reader.text(number, "document_numbers[\(index)]", 1...100)
    }
    kinds = Set(request.kinds)
    numbers = Set(request.documentNumbers)
  }

  func wants(_ event: EventsV1.Event) -> Bool {
    if !types.isEmpty || !prefixes.isEmpty {
      guard types.contains(event.type) || prefixes.contains(where: event.type.hasPrefix) else {
        return false
      }
    }
    if !kinds.isEmpty, !concerns(event, { kinds.contains($0.kind) }) { return false }
    return numbers.isEmpty || concerns(event) { numbers.contains($0.number) }
  }

  private func concerns(
    _ event: EventsV1.Event, _ isWanted: (TypeV1.DocumentReference) -> Bool
  ) -> Bool {
    event.subject.map(isWanted) == true || event.related.map(isWanted) == true
  }
}
