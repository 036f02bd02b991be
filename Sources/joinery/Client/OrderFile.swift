private import Foundation
internal import Messages
internal import RPC
internal import Values

/// Orders of a file, one after the other, whatever its length: JSON lines of OrderInput, or a table
/// with a row for each line of an order.
struct OrderFile {
  /// What rows say that leave it out.
  struct Defaults {
    var channel: OrdersV1.Channel
    var customer: String
    var warehouse: String
  }

  private let handle: FileHandle
  private let isTable: Bool
  private let defaults: Defaults
  private var records = CSVRecords()
  private var columns: [String] = []
  private var waiting: [OrdersV1.ImportRow] = []
  private var text: [UInt8] = []
  private var line = 0
  private var isAtEnd = false
  /// Of a table: lines of it may still come.
  private var unfinished: OrdersV1.ImportRow?

  /// As they stand in the first row of a table, in any order.
  static let columnNames =
    [
      "external_id", "channel", "customer", "warehouse", "sku", "quantity", "discount", "line_note",
      "requested_on", "shortage", "note", "zone", "address_id", "currency",
    ] + InstructionColumns.ofOrder + InstructionColumns.ofLine

  /// `path` names a file that ends in .csv, or one of JSON lines.
  init(path: String, defaults: Defaults) throws {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw Failure("cannot read \(path)")
    }
    self.handle = handle
    isTable = path.lowercased().hasSuffix(".csv")
    self.defaults = defaults
  }

  /// The next order; nil at the end.
  mutating func next() throws -> OrdersV1.ImportRow? {
    while waiting.isEmpty, !isAtEnd { try read() }
    return waiting.isEmpty ? nil : waiting.removeFirst()
  }

  private mutating func read() throws {
    let bytes = try handle.read(upToCount: 1 << 16) ?? Data()
    if bytes.isEmpty {
      isAtEnd = true
      if isTable {
        if let last = try records.finish() { try take(last) }
        if let unfinished { waiting.append(unfinished) }
        unfinished = nil
      } else if !text.isEmpty {
        try takeText()
      }
    } else if isTable {
      for record in try records.append(bytes) { try take(record) }
    } else {
      for byte in bytes {
        if byte == UInt8(ascii: "\n") { try takeText() } else { text.append(byte) }
      }
    }
  }

  // MARK: JSON lines

  private mutating func takeText() throws {
    line += 1
    defer { text.removeAll(keepingCapacity: true) }
    let words = String(decoding: text, as: UTF8.self)
    guard words.contains(where: { !$0.isWhitespace }) else { return }
    do {
      let bytes = try JSONMapping().bytes(fromJSON: words, as: OrdersV1.OrderInput.fullName)
      var order = try OrdersV1.OrderInput(wire: bytes)
      complete(&order)
      waiting.append(.init(row: Int64(line), order: order))
    } catch {
      throw Failure("line \(line): \(error)")
    }
  }

  private func complete(_ order: inout OrdersV1.OrderInput) {
    if order.channel == .unspecified { order.channel = defaults.channel }
    if order.customerCode.isEmpty { order.customerCode = defaults.customer }
    if order.warehouseCode.isEmpty { order.warehouseCode = defaults.warehouse }
  }

  // MARK: Tables

  private mutating func take(_ record: CSVRecords.Record) throws {
    guard !columns.isEmpty else {
      columns = record.fields.map { $0.lowercased().trimmingCharacters(in: .whitespaces) }
      for column in columns where !Self.columnNames.contains(column) {
        throw Failure(
          "column \(column) is none of \(Self.columnNames.joined(separator: ", "))")
      }
      for name in ["external_id", "sku", "quantity"] where !columns.contains(name) {
        throw Failure("there is no column \(name)")
      }
      return
    }
    guard record.fields.count == columns.count else {
      throw Failure(
        "line \(record.line): \(record.fields.count) fields, but \(columns.count) columns")
    }
    let values = Dictionary(zip(columns, record.fields)) { first, _ in first }
    let goods = try goods(values, record.line)
    // Lines of an order stand together.
    if let id = values["external_id"], !id.isEmpty, id == unfinished?.order?.externalId {
      unfinished?.order?.lines.append(goods)
      return
    }
    if let unfinished { waiting.append(unfinished) }
    var order = try head(values, record.line)
    order.lines = [goods]
    unfinished = .init(row: Int64(record.line), order: order)
  }

  private func goods(_ values: [String: String], _ line: Int) throws -> OrdersV1.LineInput {
    guard let quantity = QuantityArgument(argument: values["quantity"] ?? "") else {
      throw Failure("line \(line): quantity \(values["quantity"] ?? "") is no number")
    }
    var goods = OrdersV1.LineInput(sku: values["sku"] ?? "", quantity: quantity.message)
    goods.note = values["line_note"] ?? ""
    goods.instructions = try InstructionColumns.line(values, line)
    if let text = given("discount", values) {
      guard let rate = RateArgument(argument: text) else {
        throw Failure("line \(line): discount \(text) is no share such as 5%")
      }
      goods.discountMicros = rate.micros
    }
    return goods
  }

  private func head(_ values: [String: String], _ line: Int) throws -> OrdersV1.OrderInput {
    var order = OrdersV1.OrderInput(
      externalId: values["external_id"] ?? "", customerCode: values["customer"] ?? "",
      warehouseCode: values["warehouse"] ?? "", note: values["note"] ?? "",
      currencyCode: values["currency"] ?? "",
      instructions: try InstructionColumns.order(values, line))
    do {
      if let text = given("channel", values) {
        order.channel = try Choice(OrdersV1.Channel.allCases, \.name)(text)
      }
      if let text = given("shortage", values) {
        order.shortageRule = try Choice(OrdersV1.ShortageRule.allCases, \.name)(text)
      }
    } catch {
      throw Failure("line \(line): \(error)")
    }
    if let text = given("requested_on", values) {
      guard let day = DayArgument(argument: text) else {
        throw Failure("line \(line): requested_on \(text) is no day such as 2026-11-21")
      }
      order.requestedOn = day.message
    }
    if let text = given("address_id", values) {
      guard let id = Int64(text) else {
        throw Failure("line \(line): address_id \(text) is no number")
      }
      order.delivery = .init(addressId: id)
    } else if let zone = given("zone", values) {
      order.delivery = .init(zoneCode: zone)
    }
    complete(&order)
    return order
  }

  private func given(_ name: String, _ values: [String: String]) -> String? {
    values[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
