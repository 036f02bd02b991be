/// One page of a list as a request asks for it: how many rows, after which sort keys.
struct PageRequest: Sendable {
  /// One more than the page holds, to know whether there is another.
  let limit: Int
  /// Sort keys of the last row of the page before; nil for the first page.
  let after: [String]?

  /// Rows wanted.
  let size: Int
  private let question: [String]

  /// `keys` is the number of sort keys of the list, `question` its name and filters.
  init(
    _ size: Int32, _ token: String, keys: Int, question: [String], ifAbsent: Int = 50
  ) throws {
    var reader = RequestReader()
    let rows = reader.pageSize(size, ifAbsent: ifAbsent)
    after = try FailureStatus.refusing {
      try reader.check()
      return try PageToken.read(token, keys: keys, question: question)
    }
    self.size = rows
    self.question = question
    limit = rows + 1
  }

  /// The sort key at `index` as a row number, where the list is sorted by one.
  func row(_ index: Int) -> Int64? { after.flatMap { Int64($0[index]) } }

  /// The token of the page that begins after these sort keys; "" for nil.
  func token(after keys: [String]?) -> String {
    keys.map { PageToken.make($0, question: question) } ?? ""
  }

  /// The rows of this page and the token of the next ("" at the end).
  func cut<Row>(_ found: [Row], _ keys: (Row) -> [String]) -> (rows: [Row], next: String) {
    guard found.count > size else { return (found, "") }
    let rows = Array(found.prefix(size))
    return (rows, token(after: rows.last.map(keys)))
  }
}
