import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Values

/// Why what was begun for a line cannot become what is wanted now.
package enum ReworkObstacle: String, Hashable, Sendable, CaseIterable {
  case unchanged = "UNCHANGED"
  case notMade = "NOT_MADE"
  case notBegun = "NOT_BEGUN"
  case finished = "FINISHED"
  case otherQuantity = "OTHER_QUANTITY"

  var words: String {
    switch self {
    case .unchanged: "nothing else is chosen of it"
    case .notMade: "its goods are not made for it"
    case .notBegun: "nothing has begun, and it is planned anew for nothing"
    case .finished: "something has come out already"
    case .otherQuantity: "as many are to be made as were begun"
    }
  }
}

extension ChangePromise {
  /// What was begun for a line becomes what is chosen of it now: the same work order, for the same
  /// line, which goes on waiting for it.
  func rework(
    _ line: SalesOrderLine, of order: SalesOrder, _ terms: ReworkTerms, in tx: Transaction,
    at now: Moment
  ) throws -> [SupplyVerdict] {
    let path = fields[line.number] ?? FieldPath("change")
    func refused(_ obstacle: ReworkObstacle) -> ChangeRejection {
      .cannotRework(
        field: path.field("begun_work"), order: order.number, line: line.number, obstacle)
    }
    guard isRechosen(line) else { throw refused(.unchanged) }
    let product = try line.requireProduct(in: tx)
    let demand = try Reservations.find(order.origin(of: line), product: product, in: tx)
    if let demand, demand.held.isPositive { throw refused(.finished) }
    guard let peg = demand?.peg,
      let work = try workOrders(of: line, order, in: tx).first(where: { $0.reference == peg })
    else { throw refused(.notMade) }
    guard !work.state.canBecome(.cancelled) else { throw refused(.notBegun) }
    guard work.good == .zero, work.scrapped == .zero else { throw refused(.finished) }
    guard line.open == work.quantity, before.lines[line.number - 1].open == line.open else {
      throw refused(.otherQuantity)
    }
    return try ReworkWorkOrder(
      number: work.number, line.configuration, terms, field: path.field("rework")
    ).run(in: tx, at: now)
  }
}

extension ReworkTerms {
  var storedText: String {
    StoredRow.text(
      (repeatsSteps ? [StoredRow("repeat")] : []) + spoiled.map { StoredRow("spoiled", $0) })
  }

  init(storedText: String) throws {
    let rows = StoredRow.rows(storedText)
    self.init(
      repeatsSteps: rows.contains { $0.tag == "repeat" },
      spoiled: try rows.filter { $0.tag == "spoiled" }.map { try $0.text(0) })
  }
}
