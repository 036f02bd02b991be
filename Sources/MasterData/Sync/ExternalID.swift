package import Storage
package import Values

/// By what another system knows something: "CRM:0035g00000XyZ".
package struct ExternalID: Hashable, Sendable {
  /// 1–20 of A–Z 0–9 _ -.
  package let system: String
  /// With the system in front.
  package let text: String

  /// Nil for what has not this form.
  package init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let system = text[..<colon]
    let name = text[text.index(after: colon)...]
    let isSystem = system.utf8.allSatisfy { byte in
      (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
        || byte == 0x2D
    }
    guard isSystem, (1...20).contains(system.utf8.count),
      (1...100).contains(name.unicodeScalars.count),
      !name.unicodeScalars.contains(where: {
        $0.properties.isWhitespace || $0.value < 0x21 || (0x7F...0x9F).contains($0.value)
      })
    else { return nil }
    self.system = String(system)
    self.text = text
  }
}

/// That another system's id names a customer, or a contact or an address of it.
package struct ExternalLink: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case customer = "CUSTOMER"
    case contact = "CONTACT"
    case address = "ADDRESS"
  }

  /// The key by which pages go on.
  package let id: ID<ExternalLink>
  package let kind: Kind
  package let externalID: String
  let customer: ID<Customer>
  package let customerCode: String
  /// Number of the contact or address; nil for the customer itself.
  package let part: Int64?
  /// When the system had last changed what it sent, by its own clock.
  package let modifiedAt: Instant
}

extension ExternalLink.Kind: Bindable {}

/// Who changed a customer last, and when by whose clock.
struct Writer: Hashable, Sendable {
  let at: Instant
  /// Empty for somebody here.
  let system: String

  /// Somebody here, now.
  static func here(_ now: Moment) -> Writer { Writer(at: now.instant, system: "") }

  /// Whether what `self` wrote stays where `other` comes with it. Of one system what comes later
  /// counts; of several, at the same time, what was there.
  func stays(against other: Writer) -> Bool {
    other.at < at || other.at == at && other.system != system
  }
}

/// Questions about what other systems call customers.
package enum ExternalIDs {
  /// Of customers in scope, in the order of the id, from the one after `key` on.
  package static func list(
    of customer: Customer? = nil, prefix: String = "",
    after key: (text: String, id: ID<ExternalLink>)? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [ExternalLink] {
    if let customer {
      return try ExternalIDTable.list(
        of: customer.id, prefix, after: key, limit: limit, in: snapshot)
    }
    return try ExternalIDTable.list(prefix, after: key, limit: limit, in: snapshot)
  }

  /// All by which a customer itself is or was known elsewhere.
  package static func all(of customer: Customer, in snapshot: Snapshot) throws -> [String] {
    try ExternalIDTable.all(of: customer.id, in: snapshot)
  }

  /// Forgets all of them. Returns those of the customer itself.
  package static func erase(_ customer: Customer, in tx: Transaction) throws -> [String] {
    let known = try all(of: customer, in: tx)
    try ExternalIDTable.erase(customer.id, in: tx)
    return known
  }
}

/// Forgets that an id names a customer, and those of its contacts and addresses of the same system.
package struct RemoveExternalID: Sendable {
  package let externalID: String
  /// Who asks.
  package let actor: String

  package init(externalID: String, by actor: String) {
    self.externalID = externalID
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    let link = try ExternalIDTable.find(.customer, externalID, in: tx)
    guard let link, let id = ExternalID(externalID),
      try Customers.seen(code: link.customerCode, in: tx) != nil
    else {
      throw SyncRejection.unknownExternalID(field: "external_id").ifNamed(externalID)
    }
    try ExternalIDTable.remove(link, of: id.system, in: tx)
    tx.record(
      DomainEvent(
        "customer.external-id-removed",
        DocumentReference(.masterData, "customer/\(link.customerCode)"),
        [Fact("code", link.customerCode), Fact("system", id.system), Fact("actor", actor)]))
  }
}
