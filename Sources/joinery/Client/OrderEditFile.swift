private import Foundation
internal import Messages
private import RPC
internal import Values

/// Changes of orders in a file: JSON lines of OrderEdit, or a table with a row for each line that
/// is changed or added.
struct OrderEditFile {
  private(set) var edits: [OrdersV1.OrderEdit] = []

  /// As they stand in the first row of a table, in any order.
  static let columnNames =
    [
      "number", "expected_version", "reason", "line", "quantity", "discount", "remove", "add_sku",
      "requested_on", "zone", "address_id", "fetched",
    ] + InstructionColumns.ofOrder + InstructionColumns.ofLine

  /// `path` names a file that ends in .csv, or one of JSON lines.
  init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure("cannot read \(path)")
    }
    if path.lowercased().hasSuffix(".csv") {
      var records = CSVRecords()
      var all = try records.append(data)
      if let last = try records.finish() { all.append(last) }
      guard let head = all.first else { return }
      let columns = try Self.columns(head)
      for record in all.dropFirst() { try add(record, columns) }
    } else {
      for (index, line) in String(decoding: data, as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      where line.contains(where: { !$0.isWhitespace }) {
        do {
          let bytes = try JSONMapping().bytes(
            fromJSON: String(line), as: OrdersV1.OrderEdit.fullName)
          var edit = try OrdersV1.OrderEdit(wire: bytes)
          edit.row = Int64(index + 1)
          edits.append(edit)
        } catch { throw Failure("line \(index + 1): \(error)") }
      }
    }
  }

  private static func columns(_ head: CSVRecords.Record) throws -> [String] {
    let columns = head.fields.map { $0.lowercased().trimmingCharacters(in: .whitespaces) }
    for column in columns where !columnNames.contains(column) {
      throw Failure("column \(column) is none of \(columnNames.joined(separator: ", "))")
    }
    for name in ["number", "expected_version", "reason"] where !columns.contains(name) {
      throw Failure("there is no column \(name)")
    }
    return columns
  }

  private mutating func add(_ record: CSVRecords.Record, _ columns: [String]) throws {
    guard record.fields.count == columns.count else {
      throw Failure(
        "line \(record.line): \(record.fields.count) fields, but \(columns.count) columns")
    }
    let values = Dictionary(zip(columns, record.fields)) { first, _ in first }
    // Lines of an order stand together, and the first says what the whole of it says.
    if let last = edits.indices.last, edits[last].number == values["number"] ?? "",
      values["expected_version"] == "\(edits[last].expectedVersion)"
    {
      return try Self.addLine(to: &edits[last], values, record.line)
    }
    guard let version = Int64(values["expected_version"] ?? "") else {
      throw Failure("line \(record.line): expected_version is no number")
    }
    var edit = OrdersV1.OrderEdit(
      row: Int64(record.line), number: values["number"] ?? "", expectedVersion: version,
      change: try Self.head(values, record.line), reason: values["reason"] ?? "")
    try Self.addLine(to: &edit, values, record.line)
    edits.append(edit)
  }

  private static func head(
    _ values: [String: String], _ line: Int
  ) throws -> OrdersV1.OrderChange {
    var change = OrdersV1.OrderChange(instructions: try InstructionColumns.order(values, line))
    if let text = given("requested_on", values) {
      guard let day = DayArgument(argument: text) else {
        throw Failure("line \(line): requested_on \(text) is no day such as 2026-11-21")
      }
      change.requestedOn = day.message
    }
    if let text = given("address_id", values) {
      guard let id = Int64(text) else {
        throw Failure("line \(line): address_id \(text) is no number")
      }
      change.delivery = .init(addressId: id)
    } else if let zone = given("zone", values) {
      change.delivery = .init(zoneCode: zone)
    }
    change.fetched = try flag("fetched", values, line)
    return change
  }

  private static func addLine(
    to edit: inout OrdersV1.OrderEdit, _ values: [String: String], _ line: Int
  ) throws {
    var quantity: TypeV1.Quantity?
    if let text = given("quantity", values) {
      guard let read = QuantityArgument(argument: text) else {
        throw Failure("line \(line): quantity \(text) is no number")
      }
      quantity = read.message
    }
    var discount: Int64?
    if let text = given("discount", values) {
      guard let rate = RateArgument(argument: text) else {
        throw Failure("line \(line): discount \(text) is no share such as 5%")
      }
      discount = rate.micros
    }
    let asked = try InstructionColumns.line(values, line)
    if let sku = given("add_sku", values) {
      edit.change?.addedLines.append(
        .init(
          sku: sku, quantity: quantity, discountMicros: discount ?? 0, instructions: asked))
      return
    }
    guard let text = given("line", values) else {
      guard quantity == nil, discount == nil, asked == nil else {
        throw Failure("line \(line): neither line nor add_sku says what it is about")
      }
      return
    }
    guard let number = Int32(text) else { throw Failure("line \(line): line \(text) is no number") }
    edit.change?.lines.append(
      .init(
        lineNumber: number, quantity: quantity, discountMicros: discount,
        remove: try flag("remove", values, line), instructions: asked))
  }

  private static func flag(
    _ name: String, _ values: [String: String], _ line: Int
  ) throws -> Bool {
    switch (values[name] ?? "").lowercased() {
    case "yes": true
    case "", "no": false
    default: throw Failure("line \(line): \(name) is neither yes nor no")
    }
  }

  private static func given(_ name: String, _ values: [String: String]) -> String? {
    values[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
