extension ShopModel {
  /// A piece that left the shelves to be shown.
  struct Piece: Equatable {
    enum Place { case shown, lent, sold, gone }

    let sku: String
    var place: Place = .shown
  }

  mutating func display(_ number: String, _ sku: String) {
    pieces[number] = Piece(sku: sku)
    lose(sku, 1)
  }

  mutating func lend(_ number: String) { pieces[number]?.place = .lent }

  mutating func takeBack(_ number: String) { pieces[number]?.place = .shown }

  mutating func reshelve(_ number: String) {
    pieces[number]?.place = .gone
    receive(pieces[number]?.sku ?? "", 1)
  }

  /// A fifth less than a new one.
  func pieceOrder(_ customer: String, _ sku: String) -> Order {
    let net = (Self.prices[sku] ?? 0) * 80 / 100
    var line = Line(sku: sku, ordered: 1, net: net, tax: (net * 13 + 50) / 100)
    line.isPiece = true
    return Order(customer: customer, lines: [line], isConfirmed: true)
  }

  /// It goes to nobody else, whoever waits.
  mutating func sell(_ number: String, by order: String, _ sold: Order) {
    var sold = sold
    sold.lines[0].held = 1
    pieces[number]?.place = .sold
    lose(sold.lines[0].sku, -1)
    add(order, sold, confirmed: false)
    owners[order] = number
  }

  /// Its order was cancelled before it left.
  mutating func unsell(_ order: String) {
    guard let number = owners.removeValue(forKey: order), let piece = pieces[number] else { return }
    pieces[number]?.place = .shown
    lose(piece.sku, 1)
  }
}
