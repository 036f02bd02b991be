/// The one of some codes that was most likely meant.
enum NearestCode {
  /// By the fewest letters that are added, left out or changed, capitals or not; the first of
  /// several. Nil when there are none.
  static func to(_ given: String, among codes: some Sequence<String>) -> String? {
    let given = Array(given.lowercased().prefix(60))
    var nearest: (code: String, distance: Int)?
    for code in codes {
      let distance = distance(given, Array(code.lowercased()))
      if distance < nearest?.distance ?? .max { nearest = (code, distance) }
    }
    return nearest?.code
  }

  /// Of Levenshtein.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (place, other) in right.enumerated() {
        let changed = diagonal + (letter == other ? 0 : 1)
        diagonal = row[place + 1]
        row[place + 1] = min(changed, row[place] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
