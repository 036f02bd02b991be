private import Foundation
internal import Messages
internal import RPC
private import Values

/// The folder where a marketplace puts its orders and finds our answers.
struct MarketplaceFolder {
  private let folder: URL

  init(path: String) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else { throw Failure("\(path) is no folder") }
    folder = URL(filePath: path)
  }

  /// The files that are not taken yet as a whole, by name.
  func waiting() throws -> [MarketplaceFile] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        .filter { !$0.hasPrefix(".") && ($0.hasSuffix(".csv") || $0.hasSuffix(".jsonl")) }
        .filter { !isTaken($0) }
        .map { try MarketplaceFile(name: $0, path: folder.appending(path: $0).path) }
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure("cannot read \(folder.path)")
    }
  }

  /// It has an answer that is not older, in which nothing is refused.
  private func isTaken(_ name: String) -> Bool {
    let answer = folder.appending(path: name + ".ack")
    guard let answered = modified(answer), let written = modified(folder.appending(path: name)),
      answered >= written, let text = try? String(contentsOf: answer, encoding: .utf8)
    else { return false }
    return !text.contains(#""outcome":"refused""#)
  }

  private func modified(_ file: URL) -> Date? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return attributes?[.modificationDate] as? Date
  }

  func acknowledge(_ file: MarketplaceFile, _ verdicts: [OrdersV1.ImportVerdict]) throws {
    try write(
      verdicts.map { verdict in
        .object([
          .init("orderId", .text(verdict.externalId)),
          .init("outcome", .text(Self.word(verdict.outcome.name, "IMPORT_OUTCOME_"))),
          .init("orderNumber", .text(verdict.orderNumber)),
          .init("state", .text(Self.word(verdict.state.name, "ORDER_STATE_"))),
          .init(
            "holds",
            .array(
              verdict.holds.map { hold in
                .object([
                  .init("kind", .text(Self.word(hold.kind.name, "ORDER_HOLD_KIND_"))),
                  .init("reason", .text(hold.reason)),
                ])
              })),
          .init(
            "violations",
            .array(
              verdict.violations.map { violation in
                .object([
                  .init("field", .text(violation.field)),
                  .init("reason", .text(violation.reason)),
                  .init("message", .text(violation.message)),
                ])
              })),
        ])
      }, to: file.name + ".ack")
  }

  func report(_ orders: [OrdersV1.MarketplaceOrderStatus], of marketplace: String) throws {
    try write(
      orders.map { order in
        .object([
          .init("orderId", .text(order.orderId)), .init("orderNumber", .text(order.orderNumber)),
          .init("status", .text(order.word)), .init("carrier", .text(order.carrier)),
          .init("trackingNumber", .text(order.trackingNumber)),
        ])
      }, to: marketplace + ".status")
  }

  func offer(_ stock: [OrdersV1.MarketplaceStock], of marketplace: String) throws {
    try write(
      stock.map { row in
        .object([
          .init("sku", .text(row.externalSku)),
          .init("quantity", .number(FixedPoint.text(row.quantity?.micros ?? 0, digits: 6))),
        ])
      }, to: marketplace + ".stock")
  }

  private static func word(_ name: String, _ prefix: String) -> String {
    name.hasPrefix(prefix + "UNSPECIFIED") ? "" : name.dropFirst(prefix.count).lowercased()
  }

  /// Whole or not at all: under another name first.
  private func write(_ lines: [JSONValue], to name: String) throws {
    let text = lines.map { $0.text(pretty: false) + "\n" }.joined()
    do {
      try Data(text.utf8).write(to: folder.appending(path: name), options: .atomic)
    } catch {
      throw Failure("cannot write \(name): \(error.localizedDescription)")
    }
  }
}

/// The orders of one file of a marketplace.
struct MarketplaceFile {
  let name: String
  private(set) var orders: [OrdersV1.MarketplaceOrder] = []

  static let columnNames =
    [
      "order_id", "sku", "quantity", "unit_price", "recipient", "phone", "country", "region",
      "street", "postcode", "requested_on", "note",
    ] + InstructionColumns.ofOrder

  /// Orders and lines of them that the server takes at once.
  private static let together = (orders: 25, lines: 500)

  init(name: String, path: String) throws {
    self.name = name
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure("cannot read \(path)")
    }
    do {
      if name.hasSuffix(".csv") {
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
              fromJSON: String(line), as: OrdersV1.MarketplaceOrder.fullName)
            orders.append(try OrdersV1.MarketplaceOrder(wire: bytes))
          } catch { throw Failure("line \(index + 1): \(error)") }
        }
      }
    } catch let failure as Failure {
      throw Failure("\(name): \(failure)")
    }
  }

  /// As many at a time as the server takes.
  var batches: [[OrdersV1.MarketplaceOrder]] {
    var batches: [[OrdersV1.MarketplaceOrder]] = []
    var lines = 0
    for order in orders {
      lines += order.lines.count
      if let last = batches.indices.last, batches[last].count < Self.together.orders,
        lines <= Self.together.lines
      {
        batches[last].append(order)
      } else {
        batches.append([order])
        lines = order.lines.count
      }
    }
    return batches
  }

  private static func columns(_ head: CSVRecords.Record) throws -> [String] {
    let columns = head.fields.map { $0.lowercased().trimmingCharacters(in: .whitespaces) }
    for column in columns where !columnNames.contains(column) {
      throw Failure("column \(column) is none of \(columnNames.joined(separator: ", "))")
    }
    for name in ["order_id", "sku", "quantity"] where !columns.contains(name) {
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
    let value = { (name: String) in values[name] ?? "" }
    guard let quantity = QuantityArgument(argument: value("quantity")) else {
      throw Failure("line \(record.line): quantity \(value("quantity")) is no number")
    }
    var line = OrdersV1.MarketplaceLine(externalSku: value("sku"), quantity: quantity.message)
    if !value("unit_price").isEmpty {
      guard let price = UnitPriceArgument(argument: value("unit_price")) else {
        throw Failure("line \(record.line): unit_price \(value("unit_price")) is no price")
      }
      line.unitPrice = price.message
    }
    if let last = orders.indices.last, orders[last].orderId == value("order_id") {
      orders[last].lines.append(line)
      return
    }
    var order = OrdersV1.MarketplaceOrder(
      orderId: value("order_id"), lines: [line], note: value("note"),
      instructions: try InstructionColumns.order(values, record.line))
    if !value("requested_on").isEmpty {
      guard let day = DayArgument(argument: value("requested_on")) else {
        throw Failure("line \(record.line): requested_on \(value("requested_on")) is no day")
      }
      order.requestedOn = day.message
    }
    let place = OrdersV1.MarketplaceAddress(
      recipient: value("recipient"), phone: value("phone"), countryCode: value("country"),
      regionCode: value("region"), street: value("street"), postcode: value("postcode"))
    if place != .init() { order.address = place }
    orders.append(order)
  }
}
