package import Storage
package import Values

/// A place of a customer's.
package struct Address: Hashable, Sendable {
  /// 0 for a new one.
  package var id: ID<Address>
  /// What the customer calls it.
  package var label: String
  package var region: Region
  package var street: String
  /// May be empty.
  package var postcode: String
  /// 0 is the ground floor.
  package var floor: Int
  package var hasLift: Bool
  /// Who takes the goods; nil for nobody in particular.
  package var contact: ID<Contact>?
  package var isDeliveryDefault: Bool
  package var isInvoiceDefault: Bool
  /// No longer in use.
  package var isRetired: Bool
  /// Counts the changes, from 1.
  package var version: Int64

  package init(
    id: ID<Address> = ID(0), label: String, region: Region, street: String,
    postcode: String = "", floor: Int = 0, hasLift: Bool = false, contact: ID<Contact>? = nil,
    isDeliveryDefault: Bool = false, isInvoiceDefault: Bool = false, isRetired: Bool = false,
    version: Int64 = 1
  ) {
    self.id = id
    self.label = label
    self.region = region
    self.street = street
    self.postcode = postcode
    self.floor = floor
    self.hasLift = hasLift
    self.contact = contact
    self.isDeliveryDefault = isDeliveryDefault
    self.isInvoiceDefault = isInvoiceDefault
    self.isRetired = isRetired
    self.version = version
  }

  /// Of one customer.
  static let limit = 200

  fileprivate func check(_ check: inout FieldCheck) {
    check.text(label, "label", limit: 100, required: true)
    region.check(&check)
    check.text(street, "street", limit: 500, required: true)
    check.text(postcode, "postcode", limit: 20)
    check.range(floor, "floor", 0...200)
  }
}

/// A part of a country.
package struct Region: Hashable, Sendable, CustomStringConvertible {
  /// ISO 3166-1 alpha-2.
  package let country: String
  /// GB/T 2260 in China, else what stands behind the country in ISO 3166-2; may be empty there.
  package let code: String

  package static let china = "CN"

  /// An empty country means China.
  package init(country: String, code: String) {
    self.country = country.isEmpty ? Self.china : country
    self.code = code
  }

  package var description: String { code.isEmpty ? country : "\(country) \(code)" }

  /// Two capital letters.
  var hasCountry: Bool {
    country.utf8.count == 2 && country.utf8.allSatisfy { (0x41...0x5A).contains($0) }
  }

  /// The form of the code; what administrative divisions there are changes each year.
  var hasForm: Bool {
    guard country == Self.china else { return hasFormOfPrefix }
    guard code.utf8.count == 6, hasFormOfPrefix, Self.provinces.contains(String(code.prefix(2)))
    else { return false }
    // A district is one of a city.
    return !(code.dropFirst(2).hasPrefix("00") && !code.hasSuffix("00"))
  }

  /// Country and code have the form that they should have.
  package var isUnderstood: Bool { hasCountry && hasForm }

  /// How a code may begin.
  var hasFormOfPrefix: Bool {
    code.utf8.count <= 6
      && code.utf8.allSatisfy {
        (0x30...0x39).contains($0) || country != Self.china && (0x41...0x5A).contains($0)
      }
  }

  /// First two digits of GB/T 2260.
  private static let provinces: Set<String> = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37",
    "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65",
    "71", "81", "82",
  ]

  func check(_ check: inout FieldCheck) {
    guard hasCountry else {
      return check.refuse(
        CustomerRejection.invalidCountry(field: check.path.field("country_code")))
    }
    if !hasForm {
      check.refuse(
        CustomerRejection.invalidRegion(field: check.path.field("region_code"), country: country))
    }
  }
}

/// Questions about places.
package enum Addresses {
  /// Of a customer: the default for deliveries first, those that are no longer in use last.
  package static func list(of customer: Customer, in snapshot: Snapshot) throws -> [Address] {
    try AddressTable.list(of: customer.id, in: snapshot)
  }

  /// That goods can go to; refuses one that is not the customer's, or no longer in use.
  package static func require(
    _ id: ID<Address>, of customer: Customer, field: String, in snapshot: Snapshot
  ) throws -> Address {
    guard let found = try AddressTable.find(id, of: customer.id, in: snapshot) else {
      throw CustomerRejection.unknownAddress(field: field, id: id.value, customer: customer.code)
    }
    guard !found.isRetired else {
      throw CustomerRejection.addressRetired(field: field, id: id.value)
    }
    return found
  }

  /// Who takes the goods there; nil for nobody in particular.
  package static func contact(
    of address: Address, of customer: Customer, in snapshot: Snapshot
  ) throws -> Contact? {
    try address.contact.flatMap { try ContactTable.find($0, of: customer.id, in: snapshot) }
  }
}

/// Adds a place of a customer's, or changes what is known of it.
package struct SetAddress: Sendable {
  package let customerCode: String
  /// With id 0 it is added.
  package let address: Address
  /// Nil or 0 for any.
  package let expectedVersion: Int64?
  /// What is not shown to who asks for it.
  package let hidden: Set<CustomerDraft.Restricted>

  package init(
    customerCode: String, _ address: Address, expectedVersion: Int64? = nil,
    hidden: Set<CustomerDraft.Restricted> = []
  ) {
    self.customerCode = customerCode
    self.address = address
    self.expectedVersion = expectedVersion
    self.hidden = hidden
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Address {
    let customer = try Customers.requireKept(code: customerCode, field: "customer_code", in: tx)
    let stored = try store(for: customer, at: FieldPath("address"), in: tx)
    try customer.partChanged("addresses", in: tx, at: now)
    return stored
  }

  /// Writes it down; `path` is where the request has it.
  func store(
    for customer: Customer, at path: FieldPath, in tx: Transaction
  ) throws -> Address {
    var address = address
    var check = FieldCheck(path)
    // Street and postcode are all there is to it.
    if hidden.contains(.personal) {
      check.refuse(MasterDataRejection.hidden(field: path.field("street")))
    }
    let stored = try AddressTable.find(address.id, of: customer.id, in: tx)
    if stored == nil, address.id.value != 0 {
      check.refuse(
        CustomerRejection.unknownAddress(
          field: path.field("id"), id: address.id.value, customer: customer.code))
    }
    address.check(&check)
    if let contact = address.contact,
      try ContactTable.find(contact, of: customer.id, in: tx) == nil
    {
      check.refuse(
        CustomerRejection.unknownContact(
          field: path.field("contact_id"), id: contact.value, customer: customer.code))
    }
    check.version(expectedVersion, stored: stored?.version, code: "address \(address.id.value)")
    if stored == nil, try AddressTable.count(of: customer.id, in: tx) >= Address.limit {
      check.refuse(CustomerRejection.tooMany(field: path.description, limit: Address.limit))
    }
    try check.pass()
    if address.isRetired {
      address.isDeliveryDefault = false
      address.isInvoiceDefault = false
    }
    try AddressTable.makeRoom(for: address, of: customer.id, in: tx)
    if let stored {
      address.version = stored.version + 1
      try AddressTable.update(address, in: tx)
    } else {
      address.version = 1
      address.id = ID(try CustomerPartNumbers.next(in: tx))
      try AddressTable.insert(address, of: customer.id, in: tx)
    }
    return address
  }
}

/// Removes a place; what documents say of it stays.
package struct RemoveAddress: Sendable {
  package let customerCode: String
  package let id: ID<Address>
  /// Nil or 0 for any.
  package let expectedVersion: Int64?

  package init(customerCode: String, id: ID<Address>, expectedVersion: Int64? = nil) {
    self.customerCode = customerCode
    self.id = id
    self.expectedVersion = expectedVersion
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    let customer = try Customers.requireKept(code: customerCode, field: "customer_code", in: tx)
    guard let stored = try AddressTable.find(id, of: customer.id, in: tx) else {
      throw CustomerRejection.unknownAddress(field: "id", id: id.value, customer: customer.code)
    }
    var check = FieldCheck(.request)
    check.version(
      expectedVersion, stored: stored.version, code: "address \(id.value)", "expected_version")
    try check.pass()
    try AddressTable.remove(id, in: tx)
    try customer.partChanged("addresses", in: tx, at: now)
  }
}
