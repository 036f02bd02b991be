internal import Inventory
internal import MasterData
internal import Messages
internal import Orders
internal import Values

// Orders and shipments: messages to drafts and nouns to messages.

extension OrderDraft {
  /// Reads the shape of an order; what it names is looked up by the verbs. `row` names what of the
  /// request it is a part of ("variants[0]"), if it is.
  init(_ input: OrdersV1.OrderInput?, in row: String? = nil) throws {
    self = try FailureStatus.refusing { try OrderDraft(reading: input, in: row) }
  }

  /// As above, with refusals as they are.
  init(reading input: OrdersV1.OrderInput?, in row: String? = nil) throws {
    let input = input ?? OrdersV1.OrderInput()
    var reader = row.map { RequestReader(row: $0) } ?? RequestReader()
    let channel = reader.choice(
      Channel(input.channel), input.channel.rawValue, "order.channel")
    let shortage = reader.choice(
      ShortageRule(input.shortageRule), input.shortageRule.rawValue, "order.shortage_rule")
    let requestedOn = reader.day(input.requestedOn, "order.requested_on")
    let amount = reader.money(input.discount, "order.discount")
    let currency =
      input.currencyCode.isEmpty
      ? nil : reader.currency(input.currencyCode, "order.currency_code")
    let prefix = row.map { $0 + "." } ?? ""
    let delivery = reader.delivery(input.delivery, prefix + "order.delivery")
    let instructions = reader.instructions(input.instructions, "order")
    let collector = reader.choice(
      CashOnDelivery.Collector(input.cashOnDelivery), input.cashOnDelivery.rawValue,
      "order.cash_on_delivery", required: false)
    let lines = input.lines.enumerated().map { index, line in
      Line(line, &reader, "order.lines[\(index)]")
    }
    if amount != nil, input.discountMicros != 0 {
      reader.refuse(
        .notBoth(prefix + "order.discount", and: prefix + "order.discount_micros"))
    }
    try reader.check()
    self.init(
      channel: channel ?? .store, externalID: input.externalId, customerCode: input.customerCode,
      warehouseCode: input.warehouseCode,
      lines: lines,
      requestedOn: requestedOn, shortage: shortage ?? .wait, note: input.note,
      discount: amount.map { .amount($0) }
        ?? (input.discountMicros == 0 ? nil : .share(Rate(micros: input.discountMicros))),
      couponCodes: input.couponCodes,
      delivery: delivery, blanketNumber: input.blanketNumber, currency: currency,
      instructions: instructions, cashOnDelivery: collector)
  }
}

extension OrderDraft.Line {
  /// `field` is its full name.
  init(_ line: OrdersV1.LineInput, _ reader: inout RequestReader, _ field: String) {
    self.init(
      sku: line.sku, quantity: GivenQuantity(line.quantity),
      discount: Rate(micros: line.discountMicros), note: line.note)
    choice = reader.choice(line.configuration, field)
    // Nearly no line has any: no name is made for those.
    if line.instructions != nil { instructions = reader.instructions(line.instructions, field) }
    if !line.schedules.isEmpty { schedules = reader.schedules(line.schedules, field) }
  }
}

extension RequestReader {
  /// What was chosen of a product; `field` is the full name of its line.
  mutating func choice(
    _ given: OrdersV1.ConfigurationInput?, _ field: String
  ) -> ChosenConfiguration? {
    guard let given else { return nil }
    if !given.number.isEmpty {
      let path = "\(field).configuration"
      for (name, isGiven) in [
        ("model_version", given.modelVersion != 0), ("settings", !given.settings.isEmpty),
      ] where isGiven {
        refuse(.notBoth("\(path).\(name)", and: "\(path).number"))
      }
    }
    return ChosenConfiguration(
      modelVersion: given.modelVersion, settings: given.settings.map { .init($0) },
      number: given.number)
  }

  /// `field` is the full name of their line.
  mutating func schedules(_ messages: [OrdersV1.ScheduleInput], _ field: String) -> [LineSchedule] {
    messages.enumerated().map { index, message in
      LineSchedule(
        number: index + 1,
        requestedOn: requiredDay(
          message.requestedOn, "\(field).schedules[\(index)].requested_on"),
        quantity: GivenQuantity(message.quantity),
        addressID: message.addressId == 0 ? nil : ID(message.addressId))
    }
  }

  /// `field` is its full name. What follows from an address is not given beside it.
  mutating func delivery(_ message: OrdersV1.Delivery?, _ field: String) -> Delivery? {
    guard let message else { return nil }
    if message.addressId != 0 {
      let given = [
        ("zone_code", !message.zoneCode.isEmpty), ("floor", message.floor != 0),
        ("has_lift", message.hasLift),
      ]
      for (name, isGiven) in given where isGiven {
        refuse(.notBoth("\(field).\(name)", and: "\(field).address_id"))
      }
    }
    return Delivery(
      zone: message.zoneCode, floor: Int(message.floor), hasLift: message.hasLift,
      needsAssembly: message.assembly,
      addressID: message.addressId == 0 ? nil : ID(message.addressId))
  }
}

extension OrdersV1.Delivery {
  init(_ delivery: Delivery) {
    self.init(
      zoneCode: delivery.zone, floor: Int32(delivery.floor), hasLift: delivery.hasLift,
      assembly: delivery.needsAssembly, addressId: delivery.addressID?.value ?? 0)
  }
}

extension OrdersV1.DeliveryAddress {
  init(_ address: DeliveryAddress) {
    self.init(
      label: address.label, countryCode: address.region.country, regionCode: address.region.code,
      street: address.street, postcode: address.postcode, contactName: address.contactName,
      contactPhone: address.contactPhone)
  }
}

extension Channel {
  /// Nil for a channel that is not given or not known.
  init?(_ message: OrdersV1.Channel) {
    switch message {
    case .store: self = .store
    case .web: self = .web
    case .marketplace: self = .marketplace
    case .phone: self = .phone
    case .email: self = .email
    case .salesRep: self = .salesRep
    case .kiosk: self = .kiosk
    case .mobile: self = .mobile
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: OrdersV1.Channel {
    switch self {
    case .store: .store
    case .web: .web
    case .marketplace: .marketplace
    case .phone: .phone
    case .email: .email
    case .salesRep: .salesRep
    case .kiosk: .kiosk
    case .mobile: .mobile
    }
  }
}

extension ShortageRule {
  init?(_ message: OrdersV1.ShortageRule) {
    switch message {
    case .wait, .unspecified: self = .wait
    case .refuse: self = .refuse
    case .unrecognized: return nil
    }
  }

  var message: OrdersV1.ShortageRule {
    switch self {
    case .wait: .wait
    case .refuse: .refuse
    }
  }
}

extension OrderState {
  init?(_ message: OrdersV1.OrderState) {
    switch message {
    case .draft: self = .draft
    case .submitted: self = .submitted
    case .confirmed: self = .confirmed
    case .partlyShipped: self = .partlyShipped
    case .shipped: self = .shipped
    case .delivered: self = .delivered
    case .closed: self = .closed
    case .cancelled: self = .cancelled
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: OrdersV1.OrderState {
    switch self {
    case .draft: .draft
    case .submitted: .submitted
    case .confirmed: .confirmed
    case .partlyShipped: .partlyShipped
    case .shipped: .shipped
    case .delivered: .delivered
    case .closed: .closed
    case .cancelled: .cancelled
    }
  }
}

extension OrdersV1.CancelReason {
  /// The code of the row that it stands for; nil for a reason that is not given or not known.
  var code: String? {
    switch self {
    case .customerWish: "CUSTOMER_WISH"
    case .tooLate: "TOO_LATE"
    case .price: "PRICE"
    case .notAvailable: "NOT_AVAILABLE"
    case .entryError: "ENTRY_ERROR"
    case .notPaid: "NOT_PAID"
    case .unspecified, .unrecognized: nil
    }
  }
}

extension OrdersV1.Order {
  init(_ order: SalesOrder) {
    self.init(
      number: order.number, state: order.state.message, version: order.version,
      channel: order.channel.message, externalId: order.externalID ?? "",
      customerCode: order.customerCode, customerName: order.customerName,
      warehouseCode: order.warehouseCode, lines: order.lines.map { OrdersV1.OrderLine($0) },
      net: TypeV1.Money(order.net), tax: TypeV1.Money(order.tax), gross: TypeV1.Money(order.gross),
      depositRequired: TypeV1.Money(order.depositRequired),
      approval: OrdersV1.Approval(order.approval),
      requestedOn: order.requestedOn.map { GoogleType.Date($0) },
      shortageRule: order.shortage.message, note: order.note, createdBy: order.createdBy,
      createTime: GoogleProtobuf.Timestamp(order.createdAt),
      taxPolicy: OrdersV1.TaxPolicy(order.policy),
      reduction: TypeV1.Money(reduction: order.reduction), couponCodes: order.couponCodes,
      delivery: order.delivery.map { OrdersV1.Delivery($0) },
      blanketNumber: order.blanketNumber ?? "",
      exchangeRate: order.rate.map { TypeV1.ExchangeRate($0) },
      baseGross: (try? order.baseGross()).flatMap { TypeV1.Money(base: $0, by: order.rate) },
      instructions: .init(order.instructions),
      cashOnDelivery: order.cashOnDelivery?.message ?? .unspecified,
      tradeTerms: order.tradeTerms.map { .init($0) })
    switch order.discount {
    case .share(let rate): discountMicros = rate.micros
    case .amount(let amount): discount = TypeV1.Money(amount)
    case nil: break
    }
  }
}

extension OrdersV1.OrderLine {
  init(_ line: SalesOrderLine) {
    self.init(
      lineNumber: Int32(line.number), sku: line.sku, description: line.description,
      sourcing: line.sourcing?.message ?? .unspecified,
      ordered: TypeV1.Quantity(line.ordered, line.unit),
      cancelled: TypeV1.Quantity(line.cancelled, line.unit),
      reserved: TypeV1.Quantity(line.reserved, line.unit),
      shipped: TypeV1.Quantity(line.shipped, line.unit),
      delivered: TypeV1.Quantity(line.delivered, line.unit),
      invoiced: TypeV1.Quantity(line.invoiced, line.unit),
      unitPrice: TypeV1.UnitPrice(line.unitPrice), discountMicros: line.discount.micros,
      net: TypeV1.Money(line.net), taxRateMicros: line.taxRate.micros,
      tax: TypeV1.Money(line.tax), note: line.note,
      priceExplanation: .init(line.priceExplanation),
      adjustments: line.adjustments.map { OrdersV1.Adjustment($0) }, charge: line.charge,
      configuration: line.configurationMessage,
      asked: line.asked.map { TypeV1.Quantity($0.quantity, $0.unit) },
      dropShipped: line.isDropShipped, instructions: .init(line.instructions),
      promisedOn: line.promisedOn.map { GoogleType.Date($0) },
      expectedOn: line.expectedOn.map { GoogleType.Date($0) },
      attachments: (line.choice?.attachments ?? []).map {
        .init(digest: $0.digest, name: $0.name)
      }, schedules: line.scheduleMessages)
  }
}

extension SalesOrderLine {
  fileprivate var scheduleMessages: [OrdersV1.LineSchedule] {
    guard !schedules.isEmpty else { return [] }
    let shares = schedules.shares(of: reserved)
    return schedules.map { schedule in
      .init(
        scheduleNumber: Int32(schedule.number),
        requestedOn: GoogleType.Date(schedule.requestedOn),
        quantity: TypeV1.Quantity(schedule.ordered, schedule.unit),
        cancelled: TypeV1.Quantity(schedule.cancelled, schedule.unit),
        reserved: TypeV1.Quantity(shares[schedule.number] ?? .zero, schedule.unit),
        shipped: TypeV1.Quantity(schedule.shipped, schedule.unit),
        addressId: schedule.addressID?.value ?? 0)
    }
  }
}

extension OrdersV1.ScheduleInput {
  init(_ schedule: LineSchedule) {
    self.init(
      requestedOn: GoogleType.Date(schedule.requestedOn),
      quantity: TypeV1.Quantity(schedule.ordered, schedule.unit),
      addressId: schedule.addressID?.value ?? 0)
  }
}

extension Sourcing {
  var message: OrdersV1.Sourcing {
    switch self {
    case .stock: .stock
    case .make: .make
    case .service: .service
    }
  }
}

extension OrdersV1.OrderSummary {
  init(_ order: SalesOrderSummary) {
    self.init(
      number: order.number, state: order.state.message, channel: order.channel.message,
      externalId: order.externalID ?? "", customerCode: order.customerCode,
      customerName: order.customerName, gross: TypeV1.Money(order.gross),
      approvalPending: order.isApprovalPending,
      createTime: GoogleProtobuf.Timestamp(order.createdAt),
      promisedOn: order.promisedOn.map { GoogleType.Date($0) }, stage: order.stage.message)
  }
}

extension OrdersV1.Shipment {
  init(_ shipment: Shipment) {
    self.init(
      number: shipment.number, orderNumber: shipment.orderNumber, state: shipment.state.message,
      lines: shipment.lines.map { line in
        .init(
          orderLineNumber: Int32(line.orderLine), sku: line.sku,
          quantity: TypeV1.Quantity(line.quantity, line.unit),
          instructions: .init(line.instructions), scheduleNumber: Int32(line.schedule ?? 0))
      },
      cartons: Int32(shipment.cartons), carrier: shipment.carrier,
      trackingNumber: shipment.trackingNumber,
      dispatchedOn: shipment.dispatchedOn.map { GoogleType.Date($0) },
      deliveredOn: shipment.deliveredOn.map { GoogleType.Date($0) },
      receivedBy: shipment.receivedBy,
      carrierStatus: shipment.carrierStatus?.message ?? .unspecified,
      instructions: .init(shipment.instructions),
      cashOnDelivery: shipment.cashOnDelivery.map {
        .init($0, of: shipment.number, carrier: shipment.carrier, in: shipment.state)
      }, dueOn: shipment.dueOn.map { GoogleType.Date($0) },
      carrierChoice: shipment.carrierChoice.map { .init($0) },
      addressId: shipment.addressID?.value ?? 0)
  }
}

extension ShipmentState {
  var message: OrdersV1.ShipmentState {
    switch self {
    case .prepared: .prepared
    case .picked: .picked
    case .packed: .packed
    case .dispatched: .dispatched
    case .lost: .lost
    case .delivered: .delivered
    case .cancelled: .cancelled
    }
  }
}

extension LineQuantity {
  init(_ message: OrdersV1.LineQuantity) {
    self.init(
      line: Int(message.lineNumber), quantity: GivenQuantity(message.quantity))
  }
}

extension SalesOrderLine {
  /// What was chosen, and once the order is submitted what follows from it.
  fileprivate var configurationMessage: ConfiguratorV1.Configuration? {
    if let configuration { return .init(configuration) }
    return choice.map {
      .init(
        sku: sku, modelVersion: $0.modelVersion, settings: $0.settings.map { .init($0) })
    }
  }
}
