internal import Identity
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.aftersales.v1: messages to the verb and questions about warranties.
struct WarrantyService: AftersalesV1.WarrantyService {
  let commands: CommandLog
  let questions: Questions

  func setWarrantyPolicy(
    _ request: AftersalesV1.SetWarrantyPolicyRequest, context: CallContext
  ) async throws -> AftersalesV1.SetWarrantyPolicyResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    let limit = reader.money(request.freeLimit, "free_limit")
    let rules = request.rules.enumerated().map { index, rule in
      let sourcing = reader.choice(
        Sourcing(rule.sourcing), rule.sourcing.rawValue, "rules[\(index)].sourcing",
        required: false)
      return WarrantyRule(
        sku: reader.optional(rule.sku), sourcing: sourcing,
        component: reader.optional(rule.component), months: Int(rule.months))
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let policy = try SetWarrantyPolicy(
        validFrom: from, rules: rules, freeLimit: limit, approverRole: request.approverRole,
        reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(policy: .init(policy))
    }
  }

  func getWarrantyPolicy(
    _ request: AftersalesV1.GetWarrantyPolicyRequest, context: CallContext
  ) async throws -> AftersalesV1.GetWarrantyPolicyResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if day != nil, request.version != 0 { reader.refuse(.notBoth("day", and: "version")) }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let policy =
        request.version == 0
        ? try WarrantyPolicies.inForce(on: day ?? today, in: snapshot)
        : try WarrantyPolicies.require(version: request.version, field: "version", in: snapshot)
      return .init(policy: .init(policy))
    }
  }

  func checkWarranty(
    _ request: AftersalesV1.CheckWarrantyRequest, context: CallContext
  ) async throws -> AftersalesV1.CheckWarrantyResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if !request.serial.isEmpty, !request.orderNumber.isEmpty || request.lineNumber != 0 {
      reader.refuse(.notBoth("serial", and: "order_number"))
    }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      guard request.serial.isEmpty else {
        let (verdict, order, line) = try WarrantyVerdict.of(
          serial: request.serial, component: request.component, on: day ?? today, in: snapshot)
        return .init(verdict: .init(verdict), orderNumber: order, lineNumber: Int32(line))
      }
      let verdict = try WarrantyVerdict.of(
        orderNumber: request.orderNumber, line: Int(request.lineNumber),
        component: request.component, on: day ?? today, in: snapshot)
      return .init(
        verdict: .init(verdict), orderNumber: request.orderNumber, lineNumber: request.lineNumber)
    }
  }
}

extension AftersalesV1.WarrantyPolicy {
  fileprivate init(_ policy: WarrantyPolicy) {
    self.init(
      version: policy.version, validFrom: GoogleType.Date(policy.validFrom),
      rules: policy.rules.map { rule in
        .init(
          sku: rule.sku ?? "", sourcing: rule.sourcing?.message ?? .unspecified,
          component: rule.component ?? "", months: Int32(rule.months))
      }, reason: policy.reason, madeBy: policy.madeBy,
      makeTime: GoogleProtobuf.Timestamp(policy.madeAt),
      freeLimit: policy.freeLimit.map { TypeV1.Money($0) }, approverRole: policy.approverRole)
  }
}

extension AftersalesV1.WarrantyVerdict {
  init(_ verdict: WarrantyVerdict) {
    self.init(
      covered: verdict.isCovered, acceptedOn: verdict.acceptedOn.map { GoogleType.Date($0) },
      coveredUntil: verdict.until.map { GoogleType.Date($0) },
      policyVersion: verdict.policyVersion, rule: Int32(verdict.rule), explanation: verdict.words)
  }
}
