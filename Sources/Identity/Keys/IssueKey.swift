internal import MasterData
package import Storage
package import Values

/// Makes a key for a service or a till.
package struct IssueKey: Sendable {
  package let principal: String
  package let label: String
  /// 0 for the usual.
  package let lifetimeDays: Int
  package let networks: [String]
  package let certificateSubject: String?
  /// Nil: bound to no store.
  package let storeCode: String?
  /// Public name of the key, and the key itself.
  package let name: String
  package let secret: Secret
  /// Who asks.
  package let requester: String

  package init(
    principal: String, label: String, lifetimeDays: Int, networks: [String],
    certificateSubject: String?, storeCode: String? = nil, name: String, secret: Secret,
    by requester: String
  ) {
    self.principal = principal
    self.label = label
    self.lifetimeDays = lifetimeDays
    self.networks = networks
    self.certificateSubject = certificateSubject
    self.storeCode = storeCode
    self.name = name
    self.secret = secret
    self.requester = requester
  }

  package func run(in tx: Transaction, at now: Moment) throws -> APIKey {
    var check = FieldCheck(.request)
    check.text(label, "label", limit: 100)
    let days = lifetimeDays == 0 ? APIKey.standardLifetimeDays : lifetimeDays
    check.range(days, "lifetime_days", APIKey.lifetimeDays)
    check.text(certificateSubject ?? "", "certificate_subject", limit: 200)
    if let storeCode { check.code(storeCode, "store_code") }
    if networks.count > APIKey.networkLimit {
      check.refuse(
        IdentityRejection.tooMany(
          field: "networks", count: networks.count, limit: APIKey.networkLimit))
    }
    let blocks = networks.prefix(APIKey.networkLimit).enumerated().compactMap { index, text in
      let block = Network(text)
      if block == nil {
        check.refuse(
          IdentityRejection.networkInvalid(
            field: "networks[\(index)]", given: String(text.prefix(60))))
      }
      return block
    }
    try check.pass()
    let holder = try Principals.require(name: principal, field: "principal", in: tx)
    guard holder.kind != .person else {
      throw IdentityRejection.notAMachine(field: "principal", name: principal)
    }
    return try Self.insert(
      APIKey(
        id: ID(0), name: name, principal: holder.id, label: label, createdAt: now.instant,
        expiresAt: now.instant.adding(seconds: Int64(days) * 86_400), revokedAt: nil,
        networks: blocks, certificateSubject: certificateSubject, storeCode: storeCode,
        digest: secret.digest),
      of: holder, by: requester, in: tx)
  }

  /// Stores a new key, if its holder may have another. One with power waits for somebody else's
  /// agreement.
  static func insert(
    _ key: APIKey, of holder: Principal, by requester: String, in tx: Transaction
  ) throws -> APIKey {
    var key = key
    let live = try APIKeyTable.countLive(of: holder.id, at: key.createdAt, in: tx)
    guard live < APIKey.limit else {
      throw IdentityRejection.tooManyKeys(name: holder.name, limit: APIKey.limit)
    }
    key.isWithheld =
      try Roles.havePower(holder.roles, in: tx) && FourEyes.apply(to: requester, in: tx)
    let id = try APIKeyTable.insert(key, in: tx)
    tx.record(
      DomainEvent(
        "key.issued", holder.reference,
        [
          Fact("key", key.name), Fact("label", key.label), Fact("expires", key.expiresAt),
          Fact("networks", key.networks.map(\.description).joined(separator: " ")),
          Fact("certificate", key.certificateSubject ?? ""), Fact("store", key.storeCode ?? ""),
        ]))
    if key.isWithheld {
      try FourEyes.withhold(
        WithheldGrant(
          id: ID(0), name: key.name, kind: .key, principal: holder.id, role: nil, key: id,
          requestedBy: requester, requestedAt: key.createdAt),
        of: holder.reference, [Fact("key", key.name)], in: tx)
    }
    return key
  }
}
