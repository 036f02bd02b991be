package import Storage
package import Values

/// Adds or changes customers by what another system calls them. The last writer wins: what the
/// system changed before the customer was last changed, here or by another system, does nothing.
package struct SyncCustomers: Sendable {
  package let rows: [SyncDraft]
  /// What is not shown to who asks for it.
  package let hidden: Set<CustomerDraft.Restricted>
  /// Who asks.
  package let actor: String

  package init(
    _ rows: [SyncDraft], hidden: Set<CustomerDraft.Restricted> = [], by actor: String
  ) {
    self.rows = rows
    self.hidden = hidden
    self.actor = actor
  }

  /// What is told of a row that was not refused.
  private struct Told {
    let customer: Customer
    var stale: Writer?
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [SyncVerdict] {
    let company = try Companies.current(in: tx)
    var told: [String: Told] = [:]
    let verdicts = try Batch.run(rows, field: "customers", in: tx) { row, path in
      let (outcome, about) = try apply(row, company, at: path, now, in: tx)
      told[row.externalID] = about
      return outcome
    }
    return verdicts.map { verdict in
      let about = told[verdict.code]
      let outcome: SyncVerdict.Outcome =
        switch verdict.outcome {
        case .refused(let violations): .refused(violations)
        case .created: .created
        case .updated, .removed: .updated
        case .unchanged:
          if let kept = about?.stale { .stale(kept.at, system: kept.system) } else { .unchanged }
        }
      let isRefused = !verdict.violations.isEmpty
      return SyncVerdict(
        row: verdict.row, externalID: verdict.code,
        customerCode: isRefused ? "" : about?.customer.code ?? "",
        version: isRefused ? 0 : about?.customer.version ?? 0, outcome: outcome)
    }
  }

  private func apply(
    _ row: SyncDraft, _ company: Company, at path: FieldPath, _ now: Moment, in tx: Transaction
  ) throws -> (RowVerdict.Outcome, Told) {
    let (id, writer) = try row.check(path, at: now)
    let stored = try customer(of: row, at: path, in: tx)
    if let stored {
      let last = try CustomerWriterTable.last(of: stored.id, in: tx)
      if last.stays(against: writer) {
        try link(id, to: stored, writer, in: tx)
        return (.unchanged, Told(customer: stored, stale: last))
      }
    }
    let code = try code(of: row, from: stored, at: path, in: tx)
    let upsert = UpsertCustomers([], hidden: hidden, by: actor)
    let outcome = try upsert.apply(
      row.draft(code: code, from: stored, hidden: hidden), to: stored, company, by: writer,
      at: path, in: tx)
    guard let customer = try CustomerTable.find(code, in: tx) else {
      throw MissingRow("customer", 0)
    }
    let hasNewParts = try SyncParts(
      customer: customer, writer: writer, hidden: hidden, path: path
    ).apply(row, in: tx, at: now)
    try link(id, to: customer, writer, in: tx)
    try CustomerWriterTable.set(writer, of: customer.id, in: tx)
    guard hasNewParts, case .unchanged = outcome else {
      return (outcome, Told(customer: customer))
    }
    customer.recordChange(by: writer, part: "contacts", in: tx)
    return (.updated, Told(customer: customer))
  }

  /// Whom the row is about; nil for somebody new.
  private func customer(
    of row: SyncDraft, at path: FieldPath, in tx: Transaction
  ) throws -> Customer? {
    let link = try ExternalIDTable.find(.customer, row.externalID, in: tx)
    let found = try link.map { try Customers.fetch($0.customer, in: tx) }
    if let found {
      guard tx.scope.contains(owner: found.owner, store: found.storeCode) else {
        throw SyncRejection.mappedElsewhere(field: path.field("external_id"))
      }
      let isSame =
        try row.customerCode.isEmpty
        || CustomerTable.find(row.customerCode, in: tx)?.id == found.id
      guard isSame else { throw SyncRejection.mappedElsewhere(field: path.field("code")) }
      return found
    }
    guard !row.customerCode.isEmpty,
      let named = try CustomerTable.find(row.customerCode, in: tx)
    else { return nil }
    guard tx.scope.contains(owner: named.owner, store: named.storeCode) else {
      throw MasterDataRejection.codeTaken(field: path.field("code"), code: row.customerCode)
    }
    guard !named.isErased else {
      throw MasterDataRejection.customerErased(
        field: path.field("code"), code: row.customerCode)
    }
    return named
  }

  private func code(
    of row: SyncDraft, from stored: Customer?, at path: FieldPath, in tx: Transaction
  ) throws -> String {
    if let stored { return stored.code }
    if !row.customerCode.isEmpty { return row.customerCode }
    let classCode = row.customerClass ?? ""
    let next = try CodePatterns.next(
      .customer, classCode.isEmpty ? Customer.standardClass : classCode, in: tx)
    guard let next else {
      throw MasterDataRejection.missingValue(field: path.field("code"))
    }
    return next
  }

  private func link(
    _ id: ExternalID, to customer: Customer, _ writer: Writer, in tx: Transaction
  ) throws {
    try ExternalIDTable.set(
      .customer, id.text, of: customer.id, part: nil, at: writer.at, in: tx)
  }
}

/// The contacts and addresses of a row.
private struct SyncParts {
  let customer: Customer
  let writer: Writer
  let hidden: Set<CustomerDraft.Restricted>
  let path: FieldPath

  /// Whether anything is otherwise than before.
  func apply(_ row: SyncDraft, in tx: Transaction, at now: Moment) throws -> Bool {
    var isChanged = false
    for (index, part) in row.contacts.enumerated() {
      let path = FieldPath(path.field("contacts[\(index)]"))
      if try apply(contact: part, at: path, in: tx, now) { isChanged = true }
    }
    for (index, part) in row.addresses.enumerated() {
      let path = FieldPath(path.field("addresses[\(index)]"))
      if try apply(address: part, at: path, in: tx, now) { isChanged = true }
    }
    return isChanged
  }

  /// What the id names of this customer.
  private func link(
    _ kind: ExternalLink.Kind, _ text: String, at path: FieldPath, in tx: Transaction
  ) throws -> ExternalLink? {
    let link = try ExternalIDTable.find(kind, text, in: tx)
    guard link == nil || link?.customer == customer.id else {
      throw SyncRejection.mappedElsewhere(field: path.field("external_id"))
    }
    return link
  }

  private func apply(
    contact part: SyncDraft.Part<Contact>, at path: FieldPath, in tx: Transaction, _ now: Moment
  ) throws -> Bool {
    let link = try link(.contact, part.externalID, at: path, in: tx)
    let stored = try link?.part.flatMap {
      try ContactTable.find(ID($0), of: customer.id, in: tx)
    }
    if part.isRemoved {
      if let link { try ExternalIDTable.remove(link, in: tx) }
      guard let stored else { return false }
      try AddressTable.forget(stored.id, in: tx)
      try ContactTable.remove(stored.id, in: tx)
      return true
    }
    var contact = part.value
    contact.id = stored?.id ?? ID(0)
    contact.version = stored?.version ?? 1
    let isSame = contact == stored
    if !isSame {
      contact = try SetContact(customerCode: customer.code, contact, hidden: hidden)
        .store(for: customer, at: FieldPath(path.field("contact")), in: tx)
    }
    try ExternalIDTable.set(
      .contact, part.externalID, of: customer.id, part: contact.id.value, at: writer.at, in: tx)
    return !isSame
  }

  private func apply(
    address part: SyncDraft.Part<Address>, at path: FieldPath, in tx: Transaction, _ now: Moment
  ) throws -> Bool {
    let link = try link(.address, part.externalID, at: path, in: tx)
    let stored = try link?.part.flatMap {
      try AddressTable.find(ID($0), of: customer.id, in: tx)
    }
    if part.isRemoved {
      if let link { try ExternalIDTable.remove(link, in: tx) }
      guard let stored else { return false }
      try AddressTable.remove(stored.id, in: tx)
      return true
    }
    var address = part.value
    address.id = stored?.id ?? ID(0)
    address.version = stored?.version ?? 1
    address.contact = stored?.contact
    let isSame = address == stored
    if !isSame {
      address = try SetAddress(customerCode: customer.code, address, hidden: hidden)
        .store(for: customer, at: FieldPath(path.field("address")), in: tx)
    }
    try ExternalIDTable.set(
      .address, part.externalID, of: customer.id, part: address.id.value, at: writer.at, in: tx)
    return !isSame
  }
}

extension Customer {
  /// Says that it is otherwise than before, to whoever keeps a copy of it. A system knows by its
  /// name what it wrote itself.
  func recordChange(
    _ type: String = "customer.changed", by writer: Writer, part: String = "", in tx: Transaction
  ) {
    tx.record(
      DomainEvent(
        type, DocumentReference(.masterData, "customer/\(code)"),
        [
          Fact("code", code), Fact("version", version), Fact("system", writer.system),
          Fact("part", part),
        ]))
  }

  /// Somebody here has changed what stands beside its row.
  func partChanged(_ part: String, in tx: Transaction, at now: Moment) throws {
    try CustomerWriterTable.set(.here(now), of: id, in: tx)
    recordChange(by: .here(now), part: part, in: tx)
  }
}
