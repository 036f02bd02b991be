internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about what carriers ask for.
struct CarrierRateService: OrdersV1.CarrierRateService {
  let commands: CommandLog
  let questions: Questions

  func setCarrierTariff(
    _ request: OrdersV1.SetCarrierTariffRequest, context: CallContext
  ) async throws -> OrdersV1.SetCarrierTariffResponse {
    let message = request.tariff ?? .init()
    var reader = RequestReader()
    let terms = TariffTerms.read(message, &reader)
    let zones = message.zones.enumerated().map { row, zone in
      TariffZone.read(zone, row: row, in: terms.currency, &reader)
    }
    let from = reader.day(message.validFrom, "tariff.valid_from")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let made = try SetCarrierTariff(
        terms, zones: zones, validFrom: from, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(tariff: .init(made))
    }
  }

  func getCarrierTariff(
    _ request: OrdersV1.GetCarrierTariffRequest, context: CallContext
  ) async throws -> OrdersV1.GetCarrierTariffResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if day != nil, request.version != 0 { reader.refuse(.notBoth("day", and: "version")) }
    let mode = reader.choice(CarrierMode(request.mode), request.mode.rawValue, "mode")
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let found = try CarrierTariffs.require(
        request.carrier, mode ?? .road, version: request.version, on: day ?? today, in: snapshot)
      return .init(tariff: .init(found))
    }
  }

  func listCarrierTariffs(
    _ request: OrdersV1.ListCarrierTariffsRequest, context: CallContext
  ) async throws -> OrdersV1.ListCarrierTariffsResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day") ?? commands.clock.moment().day
    try FailureStatus.refusing { try reader.check() }
    return try await questions.ask(context) { snapshot in
      .init(tariffs: try CarrierTariffs.list(on: day, in: snapshot).map { .init($0) })
    }
  }

  func rateShop(
    _ request: OrdersV1.RateShopRequest, context: CallContext
  ) async throws -> OrdersV1.RateShopResponse {
    var reader = RequestReader()
    let arriveBy = reader.day(request.arriveBy, "arrive_by")
    let ranking = reader.ranking(request.ranking)
    if !request.shipmentNumber.isEmpty {
      if !request.orderNumber.isEmpty {
        reader.refuse(.notBoth("shipment_number", and: "order_number"))
      } else if request.cashOnDelivery {
        reader.refuse(.notBoth("shipment_number", and: "cash_on_delivery"))
      }
    }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let consignment: Consignment
      if request.orderNumber.isEmpty {
        let shipment = try Shipments.require(
          number: request.shipmentNumber, field: "shipment_number", in: snapshot)
        consignment = try Consignment(of: shipment, on: today, in: snapshot)
      } else {
        let order = try SalesOrders.require(
          number: request.orderNumber, field: "order_number", in: snapshot)
        consignment = try Consignment(
          of: order, isPaidToCarrier: request.cashOnDelivery, on: today, in: snapshot)
      }
      return .init(
        try RateShop(
          consignment, by: ranking, arriveBy: arriveBy, on: today, in: snapshot))
    }
  }

  func chooseCarrier(
    _ request: OrdersV1.ChooseCarrierRequest, context: CallContext
  ) async throws -> OrdersV1.ChooseCarrierResponse {
    var reader = RequestReader()
    let mode = reader.choice(CarrierMode(request.mode), request.mode.rawValue, "mode")
    let ranking = reader.ranking(request.ranking)
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let verb = ChooseCarrier(
        shipmentNumber: request.shipmentNumber, carrier: request.carrier, mode: mode ?? .road,
        by: ranking, reason: request.reason, actor: command.caller.name)
      return .init(shipment: OrdersV1.Shipment(try verb.run(in: tx, at: command.moment)))
    }
  }
}

extension RequestReader {
  fileprivate mutating func ranking(_ message: OrdersV1.OfferRanking) -> OfferRanking {
    let found: OfferRanking? =
      switch message {
      case .unspecified, .cost: .cost
      case .arrival: .arrival
      default: nil
      }
    return choice(found, message.rawValue, "ranking") ?? .cost
  }
}

extension Int64 {
  /// What is negative is refused as what it is: only 0 is left out.
  fileprivate var limit: Int64? { self == 0 ? nil : self }
}

extension TariffTerms {
  fileprivate static func read(
    _ message: OrdersV1.CarrierTariff, _ reader: inout RequestReader
  ) -> TariffTerms {
    let currency = reader.currency(message.currencyCode, "tariff.currency_code")
    return TariffTerms(
      carrier: message.carrier,
      mode: reader.choice(CarrierMode(message.mode), message.mode.rawValue, "tariff.mode")
        ?? .road, currency: currency,
      basis: reader.choice(TariffBasis(message.basis), message.basis.rawValue, "tariff.basis")
        ?? .weight, roundedUpTo: message.roundedUpTo.limit ?? 1,
      volumePerKilogram: message.ccmPerKilogram.limit,
      minimum: reader.money(message.minimum, "tariff.minimum") ?? .zero(currency),
      fuelSurcharge: Rate(micros: message.fuelSurchargeMicros),
      limits: CartonLimits(
        grams: message.maxCartonGrams.limit, length: message.maxCartonLengthMm.limit,
        volume: message.maxCartonCcm.limit),
      takesFragile: message.takesFragile, collectsCash: message.cashOnDelivery)
  }
}

extension TariffZone {
  fileprivate static func read(
    _ message: OrdersV1.TariffZone, row: Int, in currency: Currency,
    _ reader: inout RequestReader
  ) -> TariffZone {
    TariffZone(
      zone: message.zoneCode, transitDays: Int(message.transitWorkingDays),
      steps: message.steps.enumerated().map { index, step in
        let path = "tariff.zones[\(row)].steps[\(index)]"
        return TariffStep(
          upTo: step.upTo == 0 ? nil : step.upTo,
          base: reader.money(step.base, path + ".base") ?? .zero(currency),
          each: reader.unitPrice(step.each, path + ".each")
            ?? UnitPrice(micros: 0, currency: currency))
      })
  }
}

extension OrdersV1.CarrierTariff {
  fileprivate init(_ tariff: CarrierTariff) {
    let terms = tariff.terms
    self.init(
      carrier: terms.carrier, mode: terms.mode.message, version: tariff.version,
      validFrom: GoogleType.Date(tariff.validFrom), currencyCode: terms.currency.code,
      basis: terms.basis.message, roundedUpTo: terms.roundedUpTo,
      ccmPerKilogram: terms.volumePerKilogram ?? 0, minimum: TypeV1.Money(terms.minimum),
      fuelSurchargeMicros: terms.fuelSurcharge.micros, maxCartonGrams: terms.limits.grams ?? 0,
      maxCartonLengthMm: terms.limits.length ?? 0, maxCartonCcm: terms.limits.volume ?? 0,
      takesFragile: terms.takesFragile, cashOnDelivery: terms.collectsCash,
      zones: tariff.zones.map { zone in
        .init(
          zoneCode: zone.zone, transitWorkingDays: Int32(zone.transitDays),
          steps: zone.steps.map { step in
            .init(
              upTo: step.upTo ?? 0, base: TypeV1.Money(step.base),
              each: TypeV1.UnitPrice(step.each))
          })
      }, reason: tariff.reason, madeBy: tariff.madeBy,
      madeAt: GoogleProtobuf.Timestamp(tariff.madeAt))
  }
}

extension OrdersV1.RateShopResponse {
  fileprivate init(_ shop: RateShop) {
    self.init(
      consignment: .init(shop.consignment), offers: shop.offers.map { .init($0) },
      refusing: shop.refusals.map { refusal in
        .init(
          carrier: refusal.carrier, mode: refusal.mode.message,
          reasons: refusal.reasons.map { TypeV1.Violation($0) })
      })
  }
}

extension OrdersV1.Consignment {
  fileprivate init(_ goods: Consignment) {
    func numbers(_ lines: [Int]) -> [Int32] { lines.map { Int32($0) } }
    self.init(
      zoneCode: goods.zone, weightGrams: goods.weightGrams, volumeCcm: goods.volume,
      cartons: goods.cartons, heaviestCartonGrams: goods.heaviest,
      longestCartonMm: goods.longest, largestCartonCcm: goods.largest,
      fragileLineNumbers: numbers(goods.fragile), unweighedLineNumbers: numbers(goods.unweighed),
      unmeasuredLineNumbers: numbers(goods.unmeasured),
      unlistedLineNumbers: numbers(goods.unlisted),
      leavesOn: goods.leavesOn.map { GoogleType.Date($0) })
  }
}

extension OrdersV1.CarrierOffer {
  fileprivate init(_ offer: CarrierOffer) {
    self.init(
      carrier: offer.carrier, mode: offer.mode.message, tariffVersion: offer.tariffVersion,
      cost: TypeV1.Money(offer.cost), arrivesOn: offer.arrivesOn.map { GoogleType.Date($0) },
      afterRequestedDay: offer.isLate, explanation: .init(offer.explanation))
  }
}

extension OrdersV1.CarrierChoice {
  init(_ choice: CarrierChoice) {
    self.init(
      offer: .init(choice.offer), betterOffers: Int32(choice.betterOffers),
      reason: choice.reason, chosenBy: choice.chosenBy,
      chosenAt: GoogleProtobuf.Timestamp(choice.chosenAt))
  }
}

extension CarrierMode {
  fileprivate init?(_ message: OrdersV1.CarrierMode) {
    guard let found = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = found
  }

  fileprivate var message: OrdersV1.CarrierMode {
    switch self {
    case .ownTruck: .ownTruck
    case .road: .road
    case .parcel: .parcel
    case .express: .express
    case .rail: .rail
    case .air: .air
    case .sea: .sea
    }
  }
}

extension TariffBasis {
  fileprivate init?(_ message: OrdersV1.TariffBasis) {
    guard let found = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = found
  }

  fileprivate var message: OrdersV1.TariffBasis {
    switch self {
    case .weight: .weight
    case .volume: .volume
    }
  }
}
