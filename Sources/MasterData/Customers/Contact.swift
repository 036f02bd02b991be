package import Storage
package import Values

/// Somebody at a customer's.
package struct Contact: Hashable, Sendable {
  /// What somebody is asked about.
  package enum Role: String, Hashable, Sendable, CaseIterable {
    case general = "GENERAL"
    case purchasing = "PURCHASING"
    case accounts = "ACCOUNTS"
    case site = "SITE"
    case service = "SERVICE"
  }

  /// 0 for a new one.
  package var id: ID<Contact>
  package var role: Role
  package var name: String
  /// As dialled; may be empty.
  package var phone: String
  /// May be empty.
  package var email: String
  /// The one to ask first among those of the role.
  package var isPreferred: Bool
  /// Counts the changes, from 1.
  package var version: Int64

  package init(
    id: ID<Contact> = ID(0), role: Role = .general, name: String, phone: String = "",
    email: String = "", isPreferred: Bool = false, version: Int64 = 1
  ) {
    self.id = id
    self.role = role
    self.name = name
    self.phone = phone
    self.email = email
    self.isPreferred = isPreferred
    self.version = version
  }

  /// Of one customer; what a document holds of somebody is its own.
  static let limit = 100

  fileprivate func check(_ check: inout FieldCheck) {
    check.text(name, "name", required: true)
    check.text(phone, "phone", limit: 40)
    check.text(email, "email")
    guard !email.isEmpty else { return }
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    let isWhole =
      parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && parts[1].contains(".")
      && !email.contains(where: \.isWhitespace)
    if !isWhole { check.refuse(CustomerRejection.invalidEmail(field: check.path.field("email"))) }
  }
}

extension Contact.Role: Bindable {}

/// Questions about whom to talk to.
package enum Contacts {
  /// Of a customer: those to ask first before the others.
  package static func list(of customer: Customer, in snapshot: Snapshot) throws -> [Contact] {
    try ContactTable.list(of: customer.id, in: snapshot)
  }
}

/// Adds somebody to talk to, or changes what is known of them.
package struct SetContact: Sendable {
  package let customerCode: String
  /// With id 0 it is added.
  package let contact: Contact
  /// Nil or 0 for any.
  package let expectedVersion: Int64?
  /// What is not shown to who asks for it.
  package let hidden: Set<CustomerDraft.Restricted>

  package init(
    customerCode: String, _ contact: Contact, expectedVersion: Int64? = nil,
    hidden: Set<CustomerDraft.Restricted> = []
  ) {
    self.customerCode = customerCode
    self.contact = contact
    self.expectedVersion = expectedVersion
    self.hidden = hidden
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Contact {
    let customer = try Customers.requireKept(code: customerCode, field: "customer_code", in: tx)
    let stored = try store(for: customer, at: FieldPath("contact"), in: tx)
    try customer.partChanged("contacts", in: tx, at: now)
    return stored
  }

  /// Writes it down; `path` is where the request has it.
  func store(
    for customer: Customer, at path: FieldPath, in tx: Transaction
  ) throws -> Contact {
    var contact = contact
    var check = FieldCheck(path)
    let stored = try ContactTable.find(contact.id, of: customer.id, in: tx)
    if stored == nil, contact.id.value != 0 {
      check.refuse(
        CustomerRejection.unknownContact(
          field: path.field("id"), id: contact.id.value, customer: customer.code))
    }
    if hidden.contains(.personal) {
      for (field, text) in [("phone", contact.phone), ("email", contact.email)]
      where !text.isEmpty {
        check.refuse(MasterDataRejection.hidden(field: check.path.field(field)))
      }
      contact.phone = stored?.phone ?? ""
      contact.email = stored?.email ?? ""
    }
    contact.check(&check)
    check.version(expectedVersion, stored: stored?.version, code: "contact \(contact.id.value)")
    if stored == nil, try ContactTable.count(of: customer.id, in: tx) >= Contact.limit {
      check.refuse(CustomerRejection.tooMany(field: path.description, limit: Contact.limit))
    }
    try check.pass()
    if contact.isPreferred {
      try ContactTable.preferNobody(as: contact.role, of: customer.id, in: tx)
    }
    if let stored {
      contact.version = stored.version + 1
      try ContactTable.update(contact, in: tx)
    } else {
      contact.version = 1
      contact.id = ID(try CustomerPartNumbers.next(in: tx))
      try ContactTable.insert(contact, of: customer.id, in: tx)
    }
    return contact
  }
}

/// Removes somebody to talk to; addresses that named them name nobody.
package struct RemoveContact: Sendable {
  package let customerCode: String
  package let id: ID<Contact>
  /// Nil or 0 for any.
  package let expectedVersion: Int64?

  package init(customerCode: String, id: ID<Contact>, expectedVersion: Int64? = nil) {
    self.customerCode = customerCode
    self.id = id
    self.expectedVersion = expectedVersion
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    let customer = try Customers.requireKept(code: customerCode, field: "customer_code", in: tx)
    guard let stored = try ContactTable.find(id, of: customer.id, in: tx) else {
      throw CustomerRejection.unknownContact(
        field: "id", id: id.value, customer: customer.code)
    }
    var check = FieldCheck(.request)
    check.version(
      expectedVersion, stored: stored.version, code: "contact \(id.value)", "expected_version")
    try check.pass()
    try AddressTable.forget(id, in: tx)
    try ContactTable.remove(id, in: tx)
    try customer.partChanged("contacts", in: tx, at: now)
  }
}
