package import Values

/// A customer as another system has it; nil for what stays as it is. Credit, terms and prices are
/// nothing that another system decides about.
package struct SyncDraft: BatchRow {
  package struct Part<Noun: Sendable>: Sendable {
    package let externalID: String
    package let value: Noun
    /// The system has it no more.
    package let isRemoved: Bool

    package init(externalID: String, _ value: Noun, isRemoved: Bool) {
      self.externalID = externalID
      self.value = value
      self.isRemoved = isRemoved
    }
  }

  package var externalID: String
  /// By the system's clock; nil where it was not given.
  package var modifiedAt: Instant?
  /// Our code, where the id may be new.
  package var customerCode: String
  package var name: String?
  package var customerClass: String?
  package var phone: String?
  package var address: String?
  package var owner: String?
  package var storeCode: String?
  package var contacts: [Part<Contact>]
  package var addresses: [Part<Address>]
  package var malformed: [any Rejection]

  package init(
    externalID: String, modifiedAt: Instant?, customerCode: String = "", name: String? = nil,
    customerClass: String? = nil, phone: String? = nil, address: String? = nil,
    owner: String? = nil, storeCode: String? = nil, contacts: [Part<Contact>] = [],
    addresses: [Part<Address>] = [], malformed: [any Rejection] = []
  ) {
    self.externalID = externalID
    self.modifiedAt = modifiedAt
    self.customerCode = customerCode
    self.name = name
    self.customerClass = customerClass
    self.phone = phone
    self.address = address
    self.owner = owner
    self.storeCode = storeCode
    self.contacts = contacts
    self.addresses = addresses
    self.malformed = malformed
  }

  package var code: String { externalID }
  package static var codeField: String { "external_id" }

  static let partLimit = 100
  /// By which another system's clock may be ahead of ours.
  static let clockSkewSeconds: Int64 = 300

  /// What can be said without looking anything up.
  func check(_ path: FieldPath, at now: Moment) throws -> (id: ExternalID, writer: Writer) {
    var check = FieldCheck(path, malformed: malformed)
    let id = ExternalID(externalID)
    if id == nil { check.refuse(SyncRejection.invalidExternalID(field: path.field("external_id"))) }
    let modifiedAt = check.required(modifiedAt, "modify_time")
    if let modifiedAt, modifiedAt > now.instant.adding(seconds: Self.clockSkewSeconds) {
      check.refuse(SyncRejection.modifiedInFuture(field: path.field("modify_time")))
    }
    check.range(contacts.count, "contacts", 0...Self.partLimit)
    check.range(addresses.count, "addresses", 0...Self.partLimit)
    checkParts(contacts.map(\.externalID), "contacts", of: id, &check)
    checkParts(addresses.map(\.externalID), "addresses", of: id, &check)
    try check.pass()
    guard let id, let modifiedAt else { preconditionFailure("missing values are refused") }
    return (id, Writer(at: modifiedAt, system: id.system))
  }

  private func checkParts(
    _ ids: [String], _ name: String, of whole: ExternalID?, _ check: inout FieldCheck
  ) {
    var seen: [String: Int] = [:]
    for (row, text) in ids.prefix(Self.partLimit).enumerated() {
      let field = check.path.field("\(name)[\(row)].external_id")
      guard let id = ExternalID(text) else {
        check.refuse(SyncRejection.invalidExternalID(field: field))
        continue
      }
      if let whole, id.system != whole.system {
        check.refuse(SyncRejection.otherSystem(field: field, system: whole.system))
      }
      if let first = seen[text] {
        check.refuse(
          MasterDataRejection.duplicateInBatch(field: field, code: text, firstRow: first))
      }
      seen[text] = row
    }
  }

  /// As an upsert of what is `stored` would say it.
  func draft(
    code: String, from stored: Customer?, hidden: Set<CustomerDraft.Restricted>
  ) -> CustomerDraft {
    let isHidden = hidden.contains(.personal)
    let hidesCredit = hidden.contains(.credit)
    var draft = CustomerDraft(
      code: code, name: name ?? stored?.name ?? "",
      customerClass: customerClass ?? stored?.customerClass ?? "",
      phone: phone ?? (isHidden ? "" : stored?.phone ?? ""),
      address: address ?? (isHidden ? "" : stored?.address ?? ""),
      creditLimit: hidesCredit ? nil : stored?.creditLimit,
      terms: stored?.terms ?? PaymentTerms(), priceList: stored?.priceList, owner: owner,
      storeCode: storeCode)
    draft.groupLimit = hidesCredit ? nil : stored?.groupLimit
    return draft
  }
}

/// What became of a row.
package struct SyncVerdict: Sendable {
  package enum Outcome: Sendable {
    case created
    case updated
    /// All was so already.
    case unchanged
    /// Somebody has changed the customer later: at that time, by that system (empty: here).
    case stale(Instant, system: String)
    case refused([any Rejection])
  }

  /// Position in the request, from 0.
  package let row: Int
  package let externalID: String
  /// Empty where the row was refused.
  package let customerCode: String
  /// Of the customer now; 0 where the row was refused.
  package let version: Int64
  package let outcome: Outcome
}
