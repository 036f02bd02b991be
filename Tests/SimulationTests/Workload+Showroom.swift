import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// A piece is taken into the showroom, lent, taken back, sold or put back on the shelves; or what
  /// is not possible is refused.
  mutating func showroom() async throws {
    let places = model.pieces.keys.sorted().filter { model.pieces[$0]?.place != .gone }
    guard random.chance(70), let number = places.randomElement(using: &random),
      let piece = model.pieces[number]
    else { return try await display() }
    switch random.number(0...3) {
    case 0:
      let error = await refusal {
        try await shop.showroom.lendPiece(
          .init(
            number: number, customerCode: "VIP",
            dueBackOn: .init(year: 2026, month: 3, day: 9)), options: shop.command())
      }
      #expect((error == nil) == (piece.place == .shown), "lend \(number) \(piece)")
      if error == nil { model.lend(number) }
    case 1:
      let error = await refusal {
        try await shop.showroom.takePieceBack(.init(number: number), options: shop.command())
      }
      #expect((error == nil) == (piece.place == .lent), "take back \(number) \(piece)")
      if error == nil { model.takeBack(number) }
    case 2:
      let error = await refusal {
        try await shop.showroom.reshelvePiece(.init(number: number), options: shop.command())
      }
      #expect((error == nil) == (piece.place == .shown), "reshelve \(number) \(piece)")
      if error == nil { model.reshelve(number) }
    default: try await sell(number, piece)
    }
  }

  private mutating func display() async throws {
    let sku = pickSku()
    let accepted = model.free(sku) > 0
    let request = OrdersV1.ShowPieceRequest(
      sku: sku, warehouseCode: "MAIN", condition: "shown", discountMicros: 200_000)
    let options = shop.command()
    do {
      let done = try await shop.showroom.showPiece(request, options: options)
      #expect(accepted, "a \(sku) was shown")
      model.display(done.piece?.number ?? "", sku)
      repeatLast = { [shop] in
        let again = try await shop.showroom.showPiece(request, options: options)
        #expect(again == done)
      }
    } catch {
      #expect(!accepted, "\(sku): \(error)")
    }
  }

  private mutating func sell(_ number: String, _ piece: ShopModel.Piece) async throws {
    let customer = random.chance(60) ? "VIP" : "TIGHT"
    let order = model.pieceOrder(customer, piece.sku)
    let accepted =
      (piece.place == .shown || (piece.place == .lent && customer == "VIP"))
      && model.mayConfirm(order, refuseShortage: false)
    let request = OrdersV1.SellPieceRequest(
      number: number, order: .init(channel: .store, customerCode: customer, shortageRule: .wait))
    let options = shop.command()
    do {
      let done = try await shop.showroom.sellPiece(request, options: options)
      #expect(accepted, "\(number) \(piece) was sold to \(customer)")
      #expect(done.order?.gross?.minorUnits == order.gross)
      model.sell(number, by: done.order?.number ?? "", order)
      repeatLast = { [shop] in
        let again = try await shop.showroom.sellPiece(request, options: options)
        #expect(again == done)
      }
    } catch {
      #expect(!accepted, "\(number) \(piece) to \(customer): \(error)")
    }
  }

  /// Every piece is where the model says.
  func auditPieces() async throws {
    let listed = try await shop.showroom.listPieces(.init(pageSize: 500)).pieces
    #expect(listed.count == model.pieces.count)
    for piece in listed {
      let state: ShopModel.Piece.Place =
        switch piece.state {
        case .shown: .shown
        case .lent: .lent
        case .sold: .sold
        default: .gone
        }
      #expect(state == model.pieces[piece.number]?.place, "\(piece.number)")
    }
  }
}
