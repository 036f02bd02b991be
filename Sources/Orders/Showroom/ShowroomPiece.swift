import Inventory
package import MasterData
package import Storage
package import Values

/// Where a showroom piece is.
package enum PieceState: String, Hashable, Sendable, CaseIterable {
  /// In the showroom. Can transition to any other state.
  case shown = "SHOWN"
  /// With a customer. Can transition to SHOWN or SOLD.
  case lent = "LENT"
  /// Set apart for an order, or with who bought it. SHOWN again when the order is cancelled.
  case sold = "SOLD"
  /// On the shelves like any other. Final.
  case reshelved = "RESHELVED"
}

/// A loan of a piece.
package struct PieceLoan: Hashable, Sendable {
  package let customerCode: String
  package let lentOn: Day
  package let dueBackOn: Day
  /// Nil while it has not come back.
  package let returnedOn: Day?
}

/// A single piece of a product that left the shelves to be shown, and lent as a sample. It is ours,
/// worth what it was, and never free stock.
package struct ShowroomPiece: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package internal(set) var id: ID<ShowroomPiece>
  /// "SP-2026-000004".
  package let number: String
  /// Counts the changes, from 1.
  package internal(set) var version: Int64 = 1
  package let product: ID<Product>
  package let sku: String
  package let warehouseCode: String
  package internal(set) var state: PieceState = .shown
  package internal(set) var condition: String
  /// Of the price of a new one.
  package internal(set) var discount: Rate
  package let shownOn: Day
  /// By which it was sold; nil while it is not.
  package internal(set) var orderNumber: String?
  /// Nil while nobody has it.
  package internal(set) var loan: PieceLoan?

  package var reference: DocumentReference { DocumentReference(.showroomPiece, number) }

  func expect(_ action: String, in states: Set<PieceState>) throws {
    guard !states.contains(state) else { return }
    throw ShowroomRejection.stateForbids(piece: number, state: state, action: action)
  }

  func record(_ event: String, _ facts: [Fact], in tx: Transaction) {
    tx.record(
      DomainEvent(
        event, reference,
        related: orderNumber.map { DocumentReference(.salesOrder, $0) },
        [Fact("sku", sku), Fact("warehouse", warehouseCode)] + facts))
  }

  /// Moves the piece between two of our places.
  func move(
    from: Location, to: Location, in tx: Transaction, at now: Moment
  ) throws {
    try MoveStock(
      product: Products.fetch(product, in: tx), quantity: .one, from: from, to: to,
      cause: .transfer, origin: Origin(.showroomPiece, number), supply: reference, field: "sku"
    ).run(in: tx, at: now)
  }
}

/// Questions about showroom pieces.
package enum ShowroomPieces {
  /// The piece that a field of a request names; refuses an unknown one, and one out of scope.
  package static func require(
    number: String, field: @autoclosure () -> String = "number", in snapshot: Snapshot
  ) throws -> ShowroomPiece {
    guard let piece = try ShowroomPieceTable.find(number, in: snapshot) else {
      throw ShowroomRejection.unknownPiece(field: field(), number: String(number.prefix(60)))
        .ifNamed(number)
    }
    return piece
  }

  /// Of warehouses in scope, the newest first, from the one before `id` on.
  package static func list(
    _ state: PieceState? = nil, overdueOn day: Day? = nil, before id: ID<ShowroomPiece>? = nil,
    limit: Int, in snapshot: Snapshot
  ) throws -> [ShowroomPiece] {
    try ShowroomPieceTable.list(
      state, overdueOn: day, before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  /// With the loans of a customer, the newest piece first, from the one before `id` on.
  package static func lent(
    to customer: String, before id: ID<ShowroomPiece>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [(piece: ShowroomPiece, loans: [PieceLoan])] {
    try ShowroomPieceTable.lent(to: customer, before: id ?? ID(.max), limit: limit, in: snapshot)
      .map { piece in
        (
          piece,
          try ShowroomPieceTable.loans(of: piece.id, in: snapshot).filter {
            $0.customerCode == customer
          }
        )
      }
  }

  /// That have ended, the oldest first.
  package static func earlierLoans(
    of piece: ShowroomPiece, in snapshot: Snapshot
  ) throws -> [PieceLoan] {
    try ShowroomPieceTable.loans(of: piece.id, in: snapshot).filter { $0.returnedOn != nil }
  }
}
