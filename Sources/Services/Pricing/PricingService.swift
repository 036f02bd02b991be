internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Values

/// joinery.pricing.v1: messages to the pricing of Orders and its rules.
struct PricingService: PricingV1.PricingService {
  let commands: CommandLog
  let questions: Questions

  func priceOrder(
    _ request: PricingV1.PriceOrderRequest, context: CallContext
  ) async throws -> PricingV1.PriceOrderResponse {
    let draft = try OrderDraft(request.order)
    var reader = RequestReader()
    let now = commands.clock.moment()
    let day = reader.day(request.day, "day") ?? now.day
    try FailureStatus.refusing { try reader.check() }
    let roles = try CallerMetadata.caller(context).roles
    return try await questions.ask(context) { snapshot in
      .init(
        try PricedOrder.of(
          draft, by: roles, at: Moment(instant: now.instant, day: day), in: snapshot))
    }
  }

  func replaceTaxPolicyRules(
    _ request: PricingV1.ReplaceTaxPolicyRulesRequest, context: CallContext
  ) async throws -> PricingV1.ReplaceTaxPolicyRulesResponse {
    var reader = RequestReader()
    let rules = request.rules.enumerated().map { index, rule in
      TaxPolicyRule(rule, &reader, field: "rules[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let stored = try ReplaceTaxPolicyRules(rules: rules).run(in: tx, at: command.moment)
      return .init(rules: stored.map { PricingV1.TaxPolicyRule($0) })
    }
  }

  func listTaxPolicyRules(
    _ request: PricingV1.ListTaxPolicyRulesRequest, context: CallContext
  ) async throws -> PricingV1.ListTaxPolicyRulesResponse {
    try await questions.ask(context) { snapshot in
      .init(rules: try TaxPolicyRules.list(in: snapshot).map { PricingV1.TaxPolicyRule($0) })
    }
  }

  func upsertPromotions(
    _ request: PricingV1.UpsertPromotionsRequest, context: CallContext
  ) async throws -> PricingV1.UpsertPromotionsResponse {
    let verb = UpsertPromotions(
      request.promotions.enumerated().map { PromotionDraft($1, row: $0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listPromotions(
    _ request: PricingV1.ListPromotionsRequest, context: CallContext
  ) async throws -> PricingV1.ListPromotionsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["promotions"])
    return try await questions.ask(context) { snapshot in
      let found = try Promotions.list(after: page.after?[0], limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.code] }
      return .init(promotions: rows.map { PricingV1.Promotion($0) }, nextPageToken: next)
    }
  }

  func setPromotionLimit(
    _ request: PricingV1.SetPromotionLimitRequest, context: CallContext
  ) async throws -> PricingV1.SetPromotionLimitResponse {
    var reader = RequestReader()
    let given = request.limit ?? .init()
    let verb = SetPromotionLimit(
      PromotionLimit(
        share: given.shareMicros.map { Rate(micros: $0) },
        amount: reader.money(given.amount, "limit.amount")))
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      .init(limit: .init(try verb.run(in: tx, at: command.moment)))
    }
  }

  func getPromotionLimit(
    _ request: PricingV1.GetPromotionLimitRequest, context: CallContext
  ) async throws -> PricingV1.GetPromotionLimitResponse {
    try await questions.ask(context) { snapshot in
      .init(limit: .init(try PromotionLimits.current(in: snapshot)))
    }
  }

  func upsertCoupons(
    _ request: PricingV1.UpsertCouponsRequest, context: CallContext
  ) async throws -> PricingV1.UpsertCouponsResponse {
    let verb = UpsertCoupons(request.coupons.enumerated().map { CouponDraft($1, row: $0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func getCoupon(
    _ request: PricingV1.GetCouponRequest, context: CallContext
  ) async throws -> PricingV1.GetCouponResponse {
    try await questions.ask(context) { snapshot in
      let coupon = try Coupons.require(code: request.code, field: "code", in: snapshot)
      return .init(coupon: PricingV1.Coupon(coupon))
    }
  }

  func replaceChargeRules(
    _ request: PricingV1.ReplaceChargeRulesRequest, context: CallContext
  ) async throws -> PricingV1.ReplaceChargeRulesResponse {
    var reader = RequestReader()
    let rules = request.rules.enumerated().map { index, rule in
      ChargeRule(rule, &reader, field: "rules[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let stored = try ReplaceChargeRules(rules: rules).run(in: tx, at: command.moment)
      return .init(rules: stored.map { PricingV1.ChargeRule($0) })
    }
  }

  func listChargeRules(
    _ request: PricingV1.ListChargeRulesRequest, context: CallContext
  ) async throws -> PricingV1.ListChargeRulesResponse {
    try await questions.ask(context) { snapshot in
      .init(rules: try ChargeRules.list(in: snapshot).map { PricingV1.ChargeRule($0) })
    }
  }

  func replaceDeliveryZones(
    _ request: PricingV1.ReplaceDeliveryZonesRequest, context: CallContext
  ) async throws -> PricingV1.ReplaceDeliveryZonesResponse {
    let verb = ReplaceDeliveryZones(
      request.zones.map { zone in
        DeliveryZone(
          region: Region(country: zone.countryCode, code: zone.regionPrefix),
          postcode: zone.postcodePrefix, code: zone.zoneCode)
      })
    return try await commands.run(request, context) { tx, command in
      try verb.run(in: tx, at: command.moment)
      return .init(zones: Int32(verb.zones.count))
    }
  }

  func listDeliveryZones(
    _ request: PricingV1.ListDeliveryZonesRequest, context: CallContext
  ) async throws -> PricingV1.ListDeliveryZonesResponse {
    try await questions.ask(context) { snapshot in
      let zones = try DeliveryZones.list(in: snapshot)
      return .init(
        zones: zones.map { zone in
          .init(
            countryCode: zone.region.country, regionPrefix: zone.region.code, zoneCode: zone.code,
            postcodePrefix: zone.postcode)
        })
    }
  }
}

extension PricingV1.PromotionLimit {
  fileprivate init(_ limit: PromotionLimit) {
    self.init(
      shareMicros: limit.share?.micros, amount: limit.amount.map { TypeV1.Money($0) })
  }
}
