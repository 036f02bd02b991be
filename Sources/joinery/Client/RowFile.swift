private import Foundation
internal import Messages

/// Rows of a batch in a file: a table (.csv) whose first row names the fields as the API does, or
/// one JSON object on each line. Values are taken as they are written and become what their field
/// holds: "6 pcs", "12.50 CNY", 2026-11-21. An amount without a currency is in the one of
/// JOINERY_CURRENCY, or CNY. An empty cell leaves its field out.
struct RowFile {
  struct Row {
    /// Of the file, from 1.
    let line: Int
    let value: JSONValue
  }

  /// In the order of the file.
  let rows: [Row]

  /// The largest catalogue that fits into memory many times over.
  private static let longestFile = 256 << 20

  /// `message` is the full name of what a row is.
  init(path: String, message: String) throws {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw Failure("cannot read \(path)")
    }
    let data = try handle.read(upToCount: Self.longestFile + 1) ?? Data()
    guard data.count <= Self.longestFile else { throw Failure("\(path) is larger than 256 MiB") }
    rows =
      path.lowercased().hasSuffix(".csv")
      ? try Self.table(data, DescriptorPool.joinery.message(message)) : try Self.lines(data)
  }

  private static func table(_ data: Data, _ message: MessageDescription?) throws -> [Row] {
    var reader = CSVRecords()
    var records = try reader.append(data)
    if let last = try reader.finish() { records.append(last) }
    guard let head = records.first else { return [] }
    let fields = try head.fields.map { name in
      guard let field = message?.fields.first(where: { $0.name == name || $0.jsonName == name })
      else {
        let known = message?.fields.map(\.name).joined(separator: ", ") ?? ""
        throw Failure("line 1: there is no column '\(name)'; there are \(known)")
      }
      return field
    }
    return try records.dropFirst().map { record in
      guard record.fields.count == fields.count else {
        throw Failure(
          "line \(record.line): \(record.fields.count) cells, where there are \(fields.count) "
            + "columns")
      }
      return Row(
        line: record.line,
        value: .object(
          zip(fields, record.fields).filter { !$1.isEmpty }.map { field, cell in
            .init(field.name, Self.value(cell, of: field))
          }))
    }
  }

  private static let amounts: Set = [TypeV1.Money.fullName, TypeV1.UnitPrice.fullName]

  private static func value(_ cell: String, of field: FieldDescription) -> JSONValue {
    switch (field.kind, cell) {
    case (.bool, "true"): .bool(true)
    case (.bool, "false"): .bool(false)
    case (.message, _) where amounts.contains(field.typeName) && !cell.contains(" "):
      .text("\(cell) \(AmountArgument.currency)")
    default: .text(cell)
    }
  }

  private static func lines(_ data: Data) throws -> [Row] {
    try data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
      .compactMap { index, bytes in
        let text = String(decoding: bytes, as: UTF8.self)
          .trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { return nil }
        do { return Row(line: index + 1, value: try JSONValue(parsing: text)) } catch {
          throw Failure("line \(index + 1): \(error)")
        }
      }
  }
}
