package import Inventory
package import MasterData
package import Storage
package import Values

/// An order as a marketplace tells of it.
package struct MarketplaceOrder: Sendable {
  package struct Line: Sendable {
    package let externalSKU: String
    package let quantity: GivenQuantity
    /// What it was sold for; nil to compare nothing.
    package let unitPrice: UnitPrice?

    package init(externalSKU: String, quantity: GivenQuantity, unitPrice: UnitPrice?) {
      self.externalSKU = externalSKU
      self.quantity = quantity
      self.unitPrice = unitPrice
    }
  }

  package struct Place: Sendable {
    package let recipient: String
    package let phone: String
    package let region: Region
    package let street: String
    package let postcode: String

    package init(
      recipient: String, phone: String, region: Region, street: String, postcode: String
    ) {
      self.recipient = recipient
      self.phone = phone
      self.region = region
      self.street = street
      self.postcode = postcode
    }
  }

  package let orderID: String
  package let lines: [Line]
  package let place: Place?
  package let requestedOn: Day?
  package let note: String
  /// What the buyer asks for beside the goods; nil for nothing.
  package let instructions: OrderInstructions?

  package init(
    orderID: String, lines: [Line], place: Place?, requestedOn: Day?, note: String,
    instructions: OrderInstructions? = nil
  ) {
    self.orderID = orderID
    self.lines = lines
    self.place = place
    self.requestedOn = requestedOn
    self.note = note
    self.instructions = instructions
  }

  /// What it is known by. `fingerprint` is of all that the marketplace says of it.
  package static func identity(
    of orderID: String, at marketplace: String, fingerprint: [UInt8], by actor: String
  ) -> ImportOrder {
    ImportOrder(
      channel: .marketplace, externalID: "\(marketplace)/\(orderID)", fingerprint: fingerprint,
      source: marketplace, by: actor)
  }

  /// The order as we understand it, with what is doubtful about it. Refuses one of which a product
  /// is not known. Prices are ours.
  package func prepared(
    for marketplace: String, by actor: String, roles: Set<String>,
    in snapshot: Snapshot, at now: Moment
  ) throws -> PreparedOrder {
    let marketplace = try Marketplaces.require(marketplace, in: snapshot)
    var check = FieldCheck(FieldPath("order"))
    check.text(orderID, "order_id", limit: 50, required: true)
    if let place {
      check.text(place.recipient, "address.recipient")
      check.text(place.phone, "address.phone", limit: 40)
      check.text(place.street, "address.street")
      check.text(place.postcode, "address.postcode", limit: 20)
    }
    var goods: [OrderDraft.Line] = []
    for (index, line) in lines.enumerated() {
      guard
        let sku = try MarketplaceTable.sku(of: line.externalSKU, at: marketplace.code, in: snapshot)
      else {
        check.refuse(
          MarketplaceRejection.unknownSKU(
            field: "order.lines[\(index)].external_sku", marketplace: marketplace.code,
            externalSKU: String(line.externalSKU.prefix(100))))
        continue
      }
      goods.append(OrderDraft.Line(sku: sku, quantity: line.quantity))
    }
    try check.pass()
    let (delivery, doubt) = try self.delivery(in: snapshot)
    let order = PlaceOrder(
      OrderDraft(
        channel: .marketplace, externalID: marketplace.externalID(of: orderID),
        customerCode: marketplace.customerCode, warehouseCode: marketplace.warehouseCode,
        lines: goods, requestedOn: requestedOn, shortage: .wait, note: note, delivery: delivery,
        instructions: instructions),
      by: actor, roles: roles, source: marketplace.code)
    let submission = try order.submission(at: now, in: snapshot)
    return PreparedOrder(
      order, submission,
      findings: [doubt, price(of: submission, marketplace)].compactMap(\.self))
  }

  /// The address stands in the order itself: the buyer is no customer of ours.
  private func delivery(in snapshot: Snapshot) throws -> (Delivery?, Finding?) {
    func doubtful(_ cause: String, _ text: String, _ facts: [Fact] = []) -> Finding {
      Finding(
        cause: cause, policy: nil, hold: .address, field: "order.address", text: text,
        facts: facts)
    }
    guard let place, !place.street.isEmpty else {
      return (nil, doubtful("MARKETPLACE_ADDRESS_MISSING", "Nothing says where the goods go"))
    }
    let delivery = Delivery(
      zone: "", floor: 0, hasLift: false, needsAssembly: false, addressID: ID(0),
      address: DeliveryAddress(
        label: "", region: place.region, street: place.street, postcode: place.postcode,
        contactName: place.recipient, contactPhone: place.phone))
    let region = [Fact("region", place.region)]
    guard place.region.isUnderstood else {
      return (
        delivery,
        doubtful(
          "MARKETPLACE_ADDRESS_UNKNOWN", "\(place.region) is no region that we know", region)
      )
    }
    if try DeliveryZones.zone(of: place.region, postcode: place.postcode, in: snapshot) == nil,
      try DeliveryZones.areKept(in: snapshot)
    {
      return (
        delivery,
        doubtful("MARKETPLACE_ADDRESS_NOT_SERVED", "We do not deliver to \(place.region)", region)
      )
    }
    return (delivery, nil)
  }

  /// The first line of which the price is too far from ours.
  private func price(of submission: Submission, _ marketplace: Marketplace) -> Finding? {
    for (line, priced) in zip(lines, submission.priced.lines) {
      guard let theirs = line.unitPrice else { continue }
      let ours = priced.unitPrice
      let allowed = Int128(ours.micros) * Int128(marketplace.tolerance.micros)
      let difference = (Int128(theirs.micros) - Int128(ours.micros)).magnitude
      guard
        theirs.currency != ours.currency
          || difference * UInt128(Rate.one.micros) > allowed.magnitude
      else { continue }
      return Finding(
        cause: "MARKETPLACE_PRICE", policy: nil, hold: .price,
        field: "order.lines[\(priced.number - 1)].unit_price",
        text: "\(line.externalSKU) was sold for \(theirs), our price is \(ours)",
        facts: [
          Fact("line", priced.number), Fact("sku", priced.sku), Fact("theirs", "\(theirs)"),
          Fact("ours", "\(ours)"), Fact("tolerance", marketplace.tolerance),
        ])
    }
    return nil
  }
}

/// What became of an order of a marketplace.
package struct MarketplaceOrderStatus: Hashable, Sendable {
  /// The marketplace's number.
  package let orderID: String
  package let number: String
  package let state: OrderState
  /// Of the newest shipment that has left; empty while none has.
  package let carrier: String
  package let trackingNumber: String
}

/// Questions about orders of marketplaces.
package enum MarketplaceOrders {
  /// Those in scope, by the marketplace's number, from the one after `orderID` on.
  package static func list(
    of marketplace: Marketplace, after orderID: String, limit: Int, in snapshot: Snapshot
  ) throws -> [MarketplaceOrderStatus] {
    let first = marketplace.externalID(of: "")
    // The sign after the slash.
    let end = marketplace.code + "0"
    return try snapshot.all(
      """
      SELECT i.external_id, o.number, o.state,
        COALESCE((SELECT s.carrier FROM shipment AS s WHERE s.sales_order_id = o.id
          AND s.state IN ('DISPATCHED', 'DELIVERED') ORDER BY s.id DESC LIMIT 1), ''),
        COALESCE((SELECT s.tracking_number FROM shipment AS s WHERE s.sales_order_id = o.id
          AND s.state IN ('DISPATCHED', 'DELIVERED') ORDER BY s.id DESC LIMIT 1), '')
      FROM order_intake AS i
      JOIN sales_order AS o ON o.id = i.sales_order_id
      LEFT JOIN view_customer_owner AS u ON u.code = o.customer_code
      WHERE i.external_id > ? AND i.external_id < ? AND i.channel = 'MARKETPLACE'
        AND in_scope(u.owner, u.store_code, o.warehouse_code,
          CASE o.state WHEN 'DRAFT' THEN o.created_by END)
      ORDER BY i.external_id LIMIT ?
      """, first + orderID, end, limit
    ) { row in
      MarketplaceOrderStatus(
        orderID: String(row.text(0).dropFirst(first.count)), number: row.text(1),
        state: try row.value(2), carrier: row.text(3), trackingNumber: row.text(4))
    }
  }
}
