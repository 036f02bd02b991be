import MasterData
import Storage
import Values

/// Finds the lines that a dispatch or a receipt names, each at most once, and notes everything that
/// is wrong with them.
struct TransferLineReading {
  private let order: TransferOrder
  private(set) var found: [(index: Int, quantity: Quantity, lost: Quantity)] = []
  private var named: Set<Int> = []

  init(_ order: TransferOrder) { self.order = order }

  /// `limit` says whether what leaves or comes, and what is lost, is too much.
  mutating func read(
    _ given: TransferLineQuantity, _ row: Int, _ check: inout FieldCheck, in snapshot: Snapshot,
    limit: (TransferOrder.Line, Quantity, Quantity, String) -> TransferRejection?
  ) throws {
    var own = FieldCheck(FieldPath("lines", row: row))
    defer { for violation in own.violations { check.refuse(violation) } }
    let field = own.path.field("line_number")
    guard let index = order.lines.firstIndex(where: { $0.number == given.lineNumber }) else {
      own.refuse(
        TransferRejection.unknownLine(
          field: field, order: order.number, line: given.lineNumber))
      return
    }
    if !named.insert(given.lineNumber).inserted {
      own.refuse(TransferRejection.duplicateLine(field: field, line: given.lineNumber))
    }
    let line = order.lines[index]
    let product = try Products.fetch(line.product, in: snapshot)
    if given.quantity == nil, given.lost == nil {
      own.refuse(MasterDataRejection.missingValue(field: own.path.field("quantity")))
    }
    let quantity = given.quantity?.read(&own, "quantity", of: product) ?? .zero
    let lost = given.lost?.read(&own, "lost", of: product) ?? .zero
    if own.violations.isEmpty,
      let tooMuch = limit(line, quantity, lost, own.path.field("quantity"))
    {
      own.refuse(tooMuch)
    }
    if own.violations.isEmpty { found.append((index, quantity, lost)) }
  }
}
