internal import MasterData
internal import Messages
internal import Orders
internal import Values

extension SalesOrders.Filter {
  /// Of a request itself, or of one that stands in the field `path` of another ("filters.").
  init(_ request: OrdersV1.ListOrdersRequest, path: String = "") throws {
    var reader = path.isEmpty ? RequestReader() : RequestReader(row: String(path.dropLast()))
    self.init(
      customerCode: reader.optional(request.customerCode),
      state: reader.choice(
        OrderState(request.state), request.state.rawValue, "state", required: false),
      channel: reader.choice(
        Channel(request.channel), request.channel.rawValue, "channel", required: false),
      prefix: reader.optional(request.prefix),
      createdFrom: reader.day(request.createdFrom, "created_from"),
      createdUntil: reader.day(request.createdUntil, "created_until"))
    if request.createdWithinDays != 0 {
      createdWithinDays = reader.count(
        Int(request.createdWithinDays), "created_within_days", 1...3_660)
      if createdFrom != nil {
        reader.refuse(.notBoth(path + "created_from", and: path + "created_within_days"))
      }
    }
    grossFrom = reader.money(request.grossFrom, "gross_from")
    grossUntil = reader.money(request.grossUntil, "gross_until")
    if let grossFrom, let grossUntil, grossFrom.currency != grossUntil.currency {
      reader.refuse(
        .outOfRange(path + "gross_until.currency_code", allowed: grossFrom.currency.code))
    }
    sku = reader.optional(request.sku)
    owner = reader.optional(request.owner)
    storeCode = reader.optional(request.storeCode)
    hold = reader.choice(
      OrderHoldKind(request.holdKind), request.holdKind.rawValue, "hold_kind", required: false)
    requestedFrom = reader.day(request.requestedFrom, "requested_from")
    requestedUntil = reader.day(request.requestedUntil, "requested_until")
    expectedFrom = reader.day(request.expectedFrom, "expected_from")
    expectedUntil = reader.day(request.expectedUntil, "expected_until")
    stage = reader.choice(
      OrderStage(request.stage), request.stage.rawValue, "stage", required: false)
    try FailureStatus.refusing { try reader.check() }
  }

  /// As a request that asks for the same.
  var message: OrdersV1.ListOrdersRequest {
    .init(
      customerCode: customerCode ?? "", state: state?.message ?? .unspecified,
      channel: channel?.message ?? .unspecified, prefix: prefix ?? "",
      createdFrom: createdFrom.map { GoogleType.Date($0) },
      createdUntil: createdUntil.map { GoogleType.Date($0) },
      grossFrom: grossFrom.map { TypeV1.Money($0) },
      grossUntil: grossUntil.map { TypeV1.Money($0) }, sku: sku ?? "", owner: owner ?? "",
      storeCode: storeCode ?? "", holdKind: hold?.message ?? .unspecified,
      requestedFrom: requestedFrom.map { GoogleType.Date($0) },
      requestedUntil: requestedUntil.map { GoogleType.Date($0) },
      expectedFrom: expectedFrom.map { GoogleType.Date($0) },
      expectedUntil: expectedUntil.map { GoogleType.Date($0) },
      createdWithinDays: Int32(createdWithinDays ?? 0), stage: stage?.message ?? .unspecified)
  }
}
