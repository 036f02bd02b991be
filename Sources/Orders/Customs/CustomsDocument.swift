package import MasterData
package import Storage
package import Values

/// What is declared of goods that cross a border, and what a declaration lacks. A question.
package struct CustomsDocument: Sendable {
  package struct Line: Sendable {
    package let number: Int
    package let product: Product
    /// The product's name when the order was submitted.
    package let description: String
    package let quantity: Quantity
    /// What the customer pays for it, without tax.
    package let value: Money
    /// Of all of it; nil where nobody has said.
    package let netGrams: Int64?
    package let grossGrams: Int64?
    package let cartons: Int64?
    package let missing: [CustomsRejection]
  }

  package let order: SalesOrder
  /// Where the goods go; nil where they are fetched.
  package let delivery: Delivery?
  /// Nil for the order as a whole.
  package let shipment: Shipment?
  /// With whom it left, or to whom it was given; empty where nobody has said.
  package let carrier: String
  /// In the order of their numbers.
  package let lines: [Line]
  package let value: Money
  /// Nil where a line does not say it.
  package let netGrams: Int64?
  package let grossGrams: Int64?
  package let cartons: Int64?
  /// Beside what the lines lack.
  package let missing: [CustomsRejection]

  package var isComplete: Bool { missing.isEmpty && lines.allSatisfy(\.missing.isEmpty) }

  /// Of a shipment that was not called off.
  package init(of shipment: Shipment, in snapshot: Snapshot) throws {
    guard shipment.state != .cancelled else {
      throw OrdersRejection.shipmentStateForbids(
        shipment: shipment.number, state: shipment.state, action: "declare")
    }
    let order = try SalesOrders.require(number: shipment.orderNumber, in: snapshot)
    let before = try ShipmentLineTable.leftBefore(shipment, in: snapshot)
    try self.init(
      of: order, shipment, to: try shipment.delivery(of: order, in: snapshot),
      try shipment.lines.map { part in
        let line = order.lines[part.orderLine - 1]
        let first = before[line.number, default: .zero]
        return try Line(
          line, part.quantity, worth: line.amount(from: first, upTo: first + part.quantity).net,
          in: snapshot)
      })
  }

  /// Of all goods of an order that we send, whatever of them has left.
  package init(of order: SalesOrder, in snapshot: Snapshot) throws {
    try order.expect(
      "declare", in: Set(OrderState.allCases).subtracting([.draft, .cancelled]))
    try self.init(
      of: order, nil, to: order.delivery,
      try order.lines.filter { $0.isServedFromStock && $0.isAlive }.map { line in
        try Line(line, line.wanted, worth: line.amount(upTo: line.wanted).net, in: snapshot)
      })
  }

  private init(
    of order: SalesOrder, _ shipment: Shipment?, to delivery: Delivery?, _ lines: [Line]
  ) throws {
    self.order = order
    self.delivery = delivery
    self.shipment = shipment
    self.lines = lines
    carrier = shipment?.carrierByNow ?? ""
    value = try lines.map(\.value).sum(order.currency)
    netGrams = try lines.map(\.netGrams).whole()
    grossGrams = try lines.map(\.grossGrams).whole()
    let counted = shipment?.cartons ?? 0
    cartons = counted > 0 ? Int64(counted) : try lines.map(\.cartons).whole()
    var missing: [CustomsRejection] = []
    if let terms = order.tradeTerms {
      if terms.place.isEmpty {
        missing.append(.placeMissing(order: order.number, term: terms.incoterm))
      }
      if terms.incoterm.isForShipsOnly, let offer = shipment?.carrierChoice?.offer,
        offer.mode != .sea
      {
        missing.append(
          .termForShipsOnly(term: terms.incoterm, carrier: offer.carrier, mode: offer.mode))
      }
    } else {
      missing.append(.termsMissing(order: order.number))
    }
    if delivery?.address == nil { missing.append(.addressMissing(order: order.number)) }
    self.missing = missing
  }
}

extension CustomsDocument.Line {
  fileprivate init(
    _ line: SalesOrderLine, _ quantity: Quantity, worth value: Money, in snapshot: Snapshot
  ) throws {
    let product = try line.requireProduct(in: snapshot)
    let customs = product.customs
    let list = try Cartons.of(product, in: snapshot)
    let gross = line.weightGrams(of: product)
    var missing: [CustomsRejection] = []
    if customs.hsCode.isEmpty { missing.append(.hsCodeMissing(sku: line.sku)) }
    if customs.origin.isEmpty { missing.append(.originMissing(sku: line.sku)) }
    if customs.netWeightGrams == nil { missing.append(.netWeightMissing(sku: line.sku)) }
    if gross == nil { missing.append(.grossWeightMissing(sku: line.sku)) }
    if let net = customs.netWeightGrams, let gross, net > gross {
      missing.append(.netAboveGross(sku: line.sku, net: net, gross: gross))
    }
    if list.isEmpty { missing.append(.cartonsUnlisted(sku: line.sku)) }
    if value.minor == 0 { missing.append(.worthNothing(sku: line.sku)) }
    number = line.number
    self.product = product
    description = line.description
    self.quantity = quantity
    self.value = value
    netGrams = try customs.netWeightGrams.map { try quantity.times($0) }
    grossGrams = try gross.map { try quantity.times($0) }
    cartons = list.isEmpty ? nil : try quantity.times(Int64(list.count))
    self.missing = missing
  }
}

extension Shipment {
  /// With whom it left, or to whom it was given; empty where nobody has said.
  var carrierByNow: String { carrier.isEmpty ? carrierChoice?.offer.carrier ?? "" : carrier }
}

extension [Int64?] {
  /// The sum; nil where one is missing.
  fileprivate func whole() throws(ArithmeticError) -> Int64? {
    var sum: Int64 = 0
    for part in self {
      guard let part else { return nil }
      let (next, overflow) = sum.addingReportingOverflow(part)
      guard !overflow else { throw .overflow }
      sum = next
    }
    return sum
  }
}
