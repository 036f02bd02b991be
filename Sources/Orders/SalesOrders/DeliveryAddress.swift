package import MasterData
import Storage
import Values

/// Where the goods of an order go, as it was when the order was submitted.
package struct DeliveryAddress: Hashable, Sendable {
  /// What the customer calls it.
  package let label: String
  package let region: Region
  package let street: String
  /// May be empty.
  package let postcode: String
  /// Who takes the goods; empty for nobody in particular.
  package let contactName: String
  /// May be empty.
  package let contactPhone: String
}

extension DeliveryAddress {
  fileprivate init(_ address: Address, of customer: Customer, in snapshot: Snapshot) throws {
    let contact = try Addresses.contact(of: address, of: customer, in: snapshot)
    self.init(
      label: address.label, region: address.region, street: address.street,
      postcode: address.postcode, contactName: contact?.name ?? "",
      contactPhone: contact?.phone ?? "")
  }
}

extension Delivery {
  /// It names an address of which nothing is fixed yet.
  var isOpen: Bool { addressID != nil && address == nil }
}

extension OrderDraft {
  /// Fixes what follows from the address that the draft names: text, floor and lift, and the zone
  /// that its region is in. Returns why it is that zone; what speaks against it is added to
  /// `check`.
  mutating func fixDelivery(
    for customer: Customer, on day: Day, _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> Explanation.Step? {
    guard let open = delivery, let id = open.addressID else { return nil }
    do {
      let found = try fixed(
        open, id, field: "order.delivery.address_id", for: customer, on: day, in: snapshot)
      delivery = found.delivery
      return found.zoning
    } catch let refused as CustomerRejection {
      check.refuse(refused)
      return nil
    }
  }

  /// With what follows from an address, and why it is in that zone.
  func fixed(
    _ open: Delivery, _ id: ID<Address>, field: String, for customer: Customer, on day: Day,
    in snapshot: Snapshot
  ) throws -> (delivery: Delivery, zoning: Explanation.Step?) {
    let address = try Addresses.require(id, of: customer, field: field, in: snapshot)
    let zone = try DeliveryZones.zone(
      of: address.region, postcode: address.postcode, in: snapshot)
    if zone == nil, try DeliveryZones.areKept(in: snapshot) {
      throw CustomerRejection.addressNotServed(
        field: field, id: id.value, country: address.region.country,
        region: address.region.code,
        pickUps: try Coverages.pickUps(first: warehouseCode, in: snapshot),
        near: try Coverages.near(address.region, on: day, in: snapshot))
    }
    let delivery = Delivery(
      zone: zone?.code ?? "", floor: address.floor, hasLift: address.hasLift,
      needsAssembly: open.needsAssembly, addressID: id,
      address: try DeliveryAddress(address, of: customer, in: snapshot))
    let zoning = zone.map { zone in
      Explanation.Step(
        "DELIVERY_ZONE",
        zone.postcode.isEmpty
          ? "Zone \(zone.code): \(address.region) begins with \(zone)"
          : "Zone \(zone.code): the postcode begins with \(zone.postcode)",
        [
          Fact("zone", zone.code), Fact("region", address.region), Fact("prefix", "\(zone)"),
        ])
    }
    return (delivery, zoning)
  }
}

extension SalesOrder {
  /// Fixes the text alone of the address that what was offered names; zone, floor and lift are as
  /// they were offered.
  mutating func fixAddress(
    of customer: Customer, field: String, in snapshot: Snapshot
  ) throws {
    guard let delivery, let id = delivery.addressID else { return }
    let address = try Addresses.require(id, of: customer, field: field, in: snapshot)
    self.delivery?.address = try DeliveryAddress(address, of: customer, in: snapshot)
  }
}

/// All SQL of `sales_order_address`: a row for each order that names an address. In a draft nothing
/// but that is known.
enum DeliveryAddressTable {
  static func insert(
    _ delivery: Delivery?, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    guard let delivery, let id = delivery.addressID else { return }
    let address = delivery.address
    try tx.execute(
      """
      INSERT INTO sales_order_address (sales_order_id, address_id, label, country_code,
        region_code, street, postcode, contact_name, contact_phone)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, order, id, address?.label ?? "", address?.region.country ?? "",
      address?.region.code ?? "", address?.street ?? "", address?.postcode ?? "",
      address?.contactName ?? "", address?.contactPhone ?? "")
  }

  static func replace(
    by delivery: Delivery?, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute("DELETE FROM sales_order_address WHERE sales_order_id = ?", order)
    try insert(delivery, of: order, in: tx)
  }

  /// Fills what the order's row does not say of its delivery.
  static func load(into order: inout SalesOrder, in snapshot: Snapshot) throws {
    let found = try snapshot.first(
      """
      SELECT address_id, label, country_code, region_code, street, postcode, contact_name,
        contact_phone
      FROM sales_order_address WHERE sales_order_id = ?
      """, order.id
    ) { row -> (id: ID<Address>, address: DeliveryAddress) in
      (
        row.id(0),
        DeliveryAddress(
          label: row.text(1), region: Region(country: row.text(2), code: row.text(3)),
          street: row.text(4), postcode: row.text(5), contactName: row.text(6),
          contactPhone: row.text(7))
      )
    }
    guard let found else { return }
    order.delivery?.addressID = found.id
    order.delivery?.address = found.address.street.isEmpty ? nil : found.address
  }

  /// Takes out of a customer's orders where they went, but for the region.
  static func erasePeople(of customer: String, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE sales_order_address
      SET label = '', street = '', postcode = '', contact_name = '', contact_phone = ''
      WHERE sales_order_id IN (SELECT id FROM sales_order WHERE customer_code = ?)
      """, customer)
  }
}
