import Inventory
import MasterData
package import Storage
package import Values

/// Lends a piece to a customer until a day. It stays ours, and is nobody's stock.
package struct LendPiece: Sendable {
  package let number: String
  package let customerCode: String
  package let dueBackOn: Day
  /// Who asks.
  package let actor: String

  package init(number: String, customerCode: String, dueBackOn: Day, by actor: String) {
    self.number = number
    self.customerCode = customerCode
    self.dueBackOn = dueBackOn
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ShowroomPiece {
    var check = FieldCheck(.request)
    check.range(dueBackOn, "due_back_on", now.day...now.day.adding(days: 366))
    try check.pass()
    var piece = try ShowroomPieces.require(number: number, in: tx)
    let customer = try Customers.require(code: customerCode, field: "customer_code", in: tx)
    guard !customer.isErased else {
      throw MasterDataRejection.customerErased(field: "customer_code", code: customer.code)
    }
    try piece.expect("lend", in: [.shown])
    let warehouse = try piece.warehouse(in: tx)
    try piece.move(
      from: Locations.showroom(of: warehouse, in: tx), to: Locations.lent(of: warehouse, in: tx),
      in: tx, at: now)
    let loan = PieceLoan(
      customerCode: customer.code, lentOn: now.day, dueBackOn: dueBackOn, returnedOn: nil)
    try ShowroomPieceTable.begin(loan, of: piece.id, in: tx)
    piece.loan = loan
    piece.state = .lent
    try ShowroomPieceTable.update(&piece, in: tx)
    piece.record(
      "piece.lent",
      [
        Fact("customer", customer.code), Fact("due_back_on", dueBackOn), Fact("actor", actor),
      ], in: tx)
    return piece
  }
}

/// Takes a piece back that was lent.
package struct TakePieceBack: Sendable {
  package let number: String
  /// In which it comes; nil for as before.
  package let condition: String?
  /// Who asks.
  package let actor: String

  package init(number: String, condition: String? = nil, by actor: String) {
    self.number = number
    self.condition = condition
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ShowroomPiece {
    var check = FieldCheck(.request)
    check.text(condition ?? "", "condition", limit: 200)
    try check.pass()
    var piece = try ShowroomPieces.require(number: number, in: tx)
    try piece.expect("take back", in: [.lent])
    let warehouse = try piece.warehouse(in: tx)
    try piece.move(
      from: Locations.lent(of: warehouse, in: tx), to: Locations.showroom(of: warehouse, in: tx),
      in: tx, at: now)
    let customer = piece.loan?.customerCode ?? ""
    try ShowroomPieceTable.endLoan(of: piece.id, on: now.day, in: tx)
    piece.loan = nil
    piece.state = .shown
    piece.condition = condition ?? piece.condition
    try ShowroomPieceTable.update(&piece, in: tx)
    piece.record(
      "piece.taken-back",
      [
        Fact("customer", customer), Fact("condition", piece.condition), Fact("actor", actor),
      ], in: tx)
    return piece
  }
}
