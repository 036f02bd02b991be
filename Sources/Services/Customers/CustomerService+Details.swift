internal import Finance
internal import Identity
internal import MasterData
internal import Messages
internal import RPC
internal import Values

/// Contacts, addresses, tags and segments, temporary limits, and what customers said about being
/// contacted.
extension CustomerService {
  func setContact(
    _ request: CustomersV1.SetContactRequest, context: CallContext
  ) async throws -> CustomersV1.SetContactResponse {
    let message = request.contact ?? .init()
    var reader = RequestReader()
    let contact = Contact(message, &reader)
    try FailureStatus.refusing { try reader.check() }
    let verb = SetContact(
      customerCode: request.customerCode, contact, expectedVersion: message.version,
      hidden: Self.hidden(from: context))
    return try await commands.run(request, context) { tx, command in
      let stored = try verb.run(in: tx, at: command.moment)
      return .init(customerCode: request.customerCode, contact: .init(stored))
    }
  }

  func removeContact(
    _ request: CustomersV1.RemoveContactRequest, context: CallContext
  ) async throws -> CustomersV1.RemoveContactResponse {
    let verb = RemoveContact(
      customerCode: request.customerCode, id: ID(request.id),
      expectedVersion: request.expectedVersion)
    return try await commands.run(request, context) { tx, command in
      try verb.run(in: tx, at: command.moment)
      return .init()
    }
  }

  func setAddress(
    _ request: CustomersV1.SetAddressRequest, context: CallContext
  ) async throws -> CustomersV1.SetAddressResponse {
    let message = request.address ?? .init()
    let verb = SetAddress(
      customerCode: request.customerCode, Address(message), expectedVersion: message.version,
      hidden: Self.hidden(from: context))
    return try await commands.run(request, context) { tx, command in
      let stored = try verb.run(in: tx, at: command.moment)
      return .init(
        customerCode: request.customerCode, address: .init(stored),
        zoneCode: try DeliveryZones.zone(
          of: stored.region, postcode: stored.postcode, in: tx)?.code ?? "")
    }
  }

  func removeAddress(
    _ request: CustomersV1.RemoveAddressRequest, context: CallContext
  ) async throws -> CustomersV1.RemoveAddressResponse {
    let verb = RemoveAddress(
      customerCode: request.customerCode, id: ID(request.id),
      expectedVersion: request.expectedVersion)
    return try await commands.run(request, context) { tx, command in
      try verb.run(in: tx, at: command.moment)
      return .init()
    }
  }

  func grantCredit(
    _ request: CustomersV1.GrantCreditRequest, context: CallContext
  ) async throws -> CustomersV1.GrantCreditResponse {
    var reader = RequestReader()
    let amount = reader.requiredMoney(request.amount, "amount")
    let validFrom = reader.day(request.validFrom, "valid_from")
    let kind =
      reader.choice(
        CreditGrant.Kind(request.kind), request.kind.rawValue, "kind", required: false)
      ?? .temporary
    let validUntil =
      kind.isTemporary
      ? reader.requiredDay(request.validUntil, "valid_until")
      : reader.day(request.validUntil, "valid_until")
    let days = [("valid_from", validFrom), ("valid_until", validUntil)]
    for (field, day) in days where day != nil && !kind.isTemporary {
      reader.refuse(.notBoth(field, and: "kind \(kind.rawValue)"))
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let grant = try GrantCredit(
        customerCode: request.customerCode, kind: kind, amount: amount,
        validFrom: validFrom,
        validUntil: validUntil, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(grant: .init(grant, of: try Customers.fetch(grant.customer, in: tx)))
    }
  }

  func decideCredit(
    _ request: CustomersV1.DecideCreditRequest, context: CallContext
  ) async throws -> CustomersV1.DecideCreditResponse {
    try await commands.run(request, context) { tx, command in
      let done = try DecideCredit(
        id: ID(request.id), approve: request.approve, by: command.caller.name,
        standingInFor: command.caller.standsInFor
      ).run(in: tx, at: command.moment)
      return .init(grant: .init(done.grant, of: done.customer))
    }
  }

  func setCreditHorizon(
    _ request: CustomersV1.SetCreditHorizonRequest, context: CallContext
  ) async throws -> CustomersV1.SetCreditHorizonResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    try FailureStatus.refusing { try reader.check() }
    let rules = request.rules.map {
      CreditHorizonRule(customerClass: $0.customerClass, days: Int($0.days))
    }
    return try await commands.run(request, context) { tx, command in
      let made = try SetCreditHorizon(
        validFrom: from, rules: rules, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(horizon: .init(made))
    }
  }

  func getCreditHorizon(
    _ request: CustomersV1.GetCreditHorizonRequest, context: CallContext
  ) async throws -> CustomersV1.GetCreditHorizonResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if day != nil, request.version != 0 { reader.refuse(.notBoth("day", and: "version")) }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      .init(
        horizon: .init(
          try CreditHorizons.require(
            version: request.version, on: day ?? today, in: snapshot)))
    }
  }

  func recordConsent(
    _ request: CustomersV1.RecordConsentRequest, context: CallContext
  ) async throws -> CustomersV1.RecordConsentResponse {
    let message = request.consent ?? .init()
    var reader = RequestReader()
    let channel = reader.choice(
      Consent.Channel(message.channel), message.channel.rawValue, "consent.channel")
    let purpose = reader.choice(
      Consent.Purpose(message.purpose), message.purpose.rawValue, "consent.purpose")
    let saidAt = reader.instant(message.saidTime, "consent.said_time")
    try FailureStatus.refusing { try reader.check() }
    guard let channel, let purpose else { preconditionFailure("missing values are refused") }
    return try await commands.run(request, context) { tx, command in
      let consent = try RecordConsent(
        customerCode: request.customerCode, channel: channel, purpose: purpose,
        isGiven: message.given, saidAt: saidAt, source: message.source,
        textVersion: message.textVersion, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(customerCode: request.customerCode, consent: .init(consent))
    }
  }

  func listConsents(
    _ request: CustomersV1.ListConsentsRequest, context: CallContext
  ) async throws -> CustomersV1.ListConsentsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["consents", request.customerCode])
    return try await questions.ask(context) { snapshot in
      let customer = try Customers.require(
        code: request.customerCode, field: "customer_code", in: snapshot)
      let found = try Consents.list(
        of: customer, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(
        customerCode: customer.code, consents: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func mayContact(
    _ request: CustomersV1.MayContactRequest, context: CallContext
  ) async throws -> CustomersV1.MayContactResponse {
    var reader = RequestReader()
    let channel = reader.choice(
      Consent.Channel(request.channel), request.channel.rawValue, "channel")
    let purpose = reader.choice(
      Consent.Purpose(request.purpose), request.purpose.rawValue, "purpose")
    try FailureStatus.refusing { try reader.check() }
    guard let channel, let purpose else { preconditionFailure("missing values are refused") }
    return try await questions.ask(context) { snapshot in
      let customer = try Customers.require(
        code: request.customerCode, field: "customer_code", in: snapshot)
      let (isAllowed, explanation) = try Consents.mayContact(
        customer, by: channel, for: purpose, in: snapshot)
      return .init(allowed: isAllowed, explanation: .init(explanation))
    }
  }

  func tagCustomer(
    _ request: CustomersV1.TagCustomerRequest, context: CallContext
  ) async throws -> CustomersV1.TagCustomerResponse {
    let verb = TagCustomer(
      customerCode: request.customerCode, add: request.add, remove: request.remove)
    return try await commands.run(request, context) { tx, command in
      .init(
        customerCode: request.customerCode, tags: try verb.run(in: tx, at: command.moment))
    }
  }

  func upsertSegments(
    _ request: CustomersV1.UpsertSegmentsRequest, context: CallContext
  ) async throws -> CustomersV1.UpsertSegmentsResponse {
    let verb = UpsertSegments(request.segments.enumerated().map { SegmentDraft($1, row: $0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listSegments(
    _ request: CustomersV1.ListSegmentsRequest, context: CallContext
  ) async throws -> CustomersV1.ListSegmentsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["segments"])
    return try await questions.ask(context) { snapshot in
      let found = try Segments.list(after: page.after?[0], limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.code] }
      return .init(segments: rows.map { .init($0) }, nextPageToken: next)
    }
  }
}
