internal import Finance
internal import MasterData
internal import Messages
internal import Storage
internal import Values

/// What one call tells of a customer beside its own row.
struct CustomerDetails {
  let credit: CustomersV1.CreditUse
  let contacts: [CustomersV1.Contact]
  let addresses: [CustomersV1.Address]
  let tags: [String]
  let grants: [CustomersV1.CreditGrant]

  static func of(
    _ customer: Customer, on today: Day, in snapshot: Snapshot
  ) throws -> CustomerDetails {
    CustomerDetails(
      credit: .init(try Receivables.exposure(of: customer, on: today, in: snapshot)),
      contacts: try Contacts.list(of: customer, in: snapshot).map { .init($0) },
      addresses: try Addresses.list(of: customer, in: snapshot).map { .init($0) },
      tags: try CustomerTags.list(of: customer, in: snapshot),
      grants: try CreditGrants.current(of: customer, on: today, in: snapshot).map {
        .init($0, of: customer)
      })
  }
}

// Messages to values and values to messages.

extension Contact {
  init(_ message: CustomersV1.Contact, _ reader: inout RequestReader) {
    let role = reader.choice(
      Role(message.role), message.role.rawValue, "contact.role", required: false)
    self.init(
      id: ID(message.id), role: role ?? .general, name: message.name, phone: message.phone,
      email: message.email, isPreferred: message.preferred)
  }
}

extension Contact.Role {
  /// Nil for a role that is not given or not known.
  init?(_ message: CustomersV1.ContactRole) {
    switch message {
    case .general: self = .general
    case .purchasing: self = .purchasing
    case .accounts: self = .accounts
    case .site: self = .site
    case .service: self = .service
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: CustomersV1.ContactRole {
    switch self {
    case .general: .general
    case .purchasing: .purchasing
    case .accounts: .accounts
    case .site: .site
    case .service: .service
    }
  }
}

extension CustomersV1.Contact {
  init(_ contact: Contact) {
    self.init(
      id: contact.id.value, role: contact.role.message, name: contact.name, phone: contact.phone,
      email: contact.email, preferred: contact.isPreferred, version: contact.version)
  }
}

extension Address {
  init(_ message: CustomersV1.Address) {
    self.init(
      id: ID(message.id), label: message.label,
      region: Region(country: message.countryCode, code: message.regionCode),
      street: message.street, postcode: message.postcode, floor: Int(message.floor),
      hasLift: message.hasLift, contact: message.contactId == 0 ? nil : ID(message.contactId),
      isDeliveryDefault: message.defaultForDelivery, isInvoiceDefault: message.defaultForInvoice,
      isRetired: message.retired)
  }
}

extension CustomersV1.Address {
  init(_ address: Address) {
    self.init(
      id: address.id.value, label: address.label, countryCode: address.region.country,
      regionCode: address.region.code, street: address.street, postcode: address.postcode,
      floor: Int32(address.floor), hasLift: address.hasLift,
      contactId: address.contact?.value ?? 0, defaultForDelivery: address.isDeliveryDefault,
      defaultForInvoice: address.isInvoiceDefault, retired: address.isRetired,
      version: address.version)
  }
}

extension CustomersV1.CreditGrant {
  init(_ grant: CreditGrant, of customer: Customer) {
    let isTemporary = grant.kind.isTemporary
    self.init(
      id: grant.id.value, customerCode: customer.code, amount: TypeV1.Money(grant.amount),
      validFrom: isTemporary ? GoogleType.Date(grant.validFrom) : nil,
      validUntil: isTemporary ? GoogleType.Date(grant.validUntil) : nil,
      reason: grant.reason, state: grant.state.message, grantedBy: grant.grantedBy,
      decidedBy: grant.decidedBy ?? "", kind: grant.kind.message)
  }
}

extension CustomersV1.CreditHorizon {
  init(_ horizon: CreditHorizon) {
    self.init(
      version: horizon.version,
      validFrom: horizon.version == 0 ? nil : GoogleType.Date(horizon.validFrom),
      rules: horizon.rules.map {
        .init(customerClass: $0.customerClass, days: Int32($0.days))
      }, reason: horizon.reason, madeBy: horizon.madeBy,
      madeTime: horizon.madeAt.map { GoogleProtobuf.Timestamp($0) })
  }
}

extension CreditGrant.Kind {
  /// Nil for a kind that is not given or not known.
  init?(_ message: CustomersV1.CreditKind) {
    switch message {
    case .temporary: self = .temporary
    case .limit: self = .limit
    case .groupLimit: self = .groupLimit
    case .temporaryGroup: self = .temporaryGroup
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: CustomersV1.CreditKind {
    switch self {
    case .temporary: .temporary
    case .limit: .limit
    case .groupLimit: .groupLimit
    case .temporaryGroup: .temporaryGroup
    }
  }
}

extension CreditGrant.State {
  var message: CustomersV1.CreditGrantState {
    switch self {
    case .pending: .pending
    case .approved: .approved
    case .refused: .refused
    case .withdrawn: .withdrawn
    }
  }
}

extension Consent.Channel {
  /// Nil for a channel that is not given or not known.
  init?(_ message: CustomersV1.ContactChannel) {
    switch message {
    case .phone: self = .phone
    case .sms: self = .sms
    case .email: self = .email
    case .wechat: self = .wechat
    case .post: self = .post
    case .app: self = .app
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: CustomersV1.ContactChannel {
    switch self {
    case .phone: .phone
    case .sms: .sms
    case .email: .email
    case .wechat: .wechat
    case .post: .post
    case .app: .app
    }
  }
}

extension Consent.Purpose {
  /// Nil for a purpose that is not given or not known.
  init?(_ message: CustomersV1.ContactPurpose) {
    switch message {
    case .order: self = .order
    case .marketing: self = .marketing
    case .survey: self = .survey
    case .profiling: self = .profiling
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: CustomersV1.ContactPurpose {
    switch self {
    case .order: .order
    case .marketing: .marketing
    case .survey: .survey
    case .profiling: .profiling
    }
  }
}

extension CustomersV1.Consent {
  init(_ consent: Consent) {
    self.init(
      channel: consent.channel.message, purpose: consent.purpose.message, given: consent.isGiven,
      saidTime: GoogleProtobuf.Timestamp(consent.saidAt), source: consent.source,
      textVersion: consent.textVersion, recordedBy: consent.recordedBy,
      recordedTime: GoogleProtobuf.Timestamp(consent.recordedAt))
  }
}

extension SegmentDraft {
  init(_ message: CustomersV1.Segment, row: Int) {
    var reader = RequestReader(row: "segments[\(row)]")
    self.init(code: message.code, name: message.name)
    classes = message.customerClasses
    stores = message.storeCodes
    tags = message.tags
    regionPrefixes = message.regionPrefixes
    turnoverAtLeast = reader.money(message.turnoverAtLeast, "turnover_at_least")
    turnoverBelow = reader.money(message.turnoverBelow, "turnover_below")
    turnoverDays = Int(message.turnoverDays)
    orderedWithinDays = Int(message.orderedWithinDays)
    notOrderedForDays = Int(message.notOrderedForDays)
    expectedVersion = message.version
    malformed = reader.found
  }
}

extension CustomersV1.Segment {
  init(_ segment: Segment) {
    self.init(
      code: segment.code, name: segment.name, customerClasses: segment.classes,
      storeCodes: segment.stores, tags: segment.tags, regionPrefixes: segment.regionPrefixes,
      turnoverAtLeast: segment.turnoverAtLeast.map { TypeV1.Money($0) },
      turnoverBelow: segment.turnoverBelow.map { TypeV1.Money($0) },
      turnoverDays: Int32(segment.turnoverDays),
      orderedWithinDays: Int32(segment.orderedWithinDays ?? 0),
      notOrderedForDays: Int32(segment.notOrderedForDays ?? 0), version: segment.version)
  }
}
