import MasterData
import Storage
import Values

// Parts of lines may go elsewhere than the order: to another address of the customer's. Such a
// place is fixed as the order's own is, when the order is submitted or a change names it first, and
// is kept by the order from then on. Goods leave by place: no shipment goes to two.

extension [LineSchedule] {
  /// Some go elsewhere than the order.
  var hasPlaces: Bool { contains { $0.addressID != nil } }

  /// The same where `home` is where the order goes: what is named so goes there like the rest.
  func placed(home: ID<Address>?) -> [LineSchedule] {
    guard hasPlaces else { return self }
    return map { part in
      var part = part
      if part.addressID == home { part.addressID = nil }
      return part
    }
  }
}

extension SalesOrder {
  var hasPlaces: Bool { lines.contains { $0.schedules.hasPlaces } }
}

extension OrderDraft {
  /// The field that names a place first.
  func field(ofPlace id: ID<Address>) -> String {
    for (index, line) in lines.enumerated() {
      if let row = line.schedules.firstIndex(where: { $0.addressID == id }) {
        return Self.path(line: index).field("schedules[\(row)].address_id")
      }
    }
    return "order.delivery.address_id"
  }

  /// Fixes the places that parts of its lines name, but for those that it knows already; what
  /// speaks against one is added to `check`. Where an order goes already, it may still go.
  mutating func fixPlaces(
    for customer: Customer, on day: Day, _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws {
    guard lines.contains(where: { $0.schedules.hasPlaces }) else {
      places = []
      return
    }
    let known = places
    places = []
    for index in lines.indices {
      lines[index].schedules = lines[index].schedules.placed(home: delivery?.addressID)
    }
    for id in lines.flatMap(\.schedules).compactMap(\.addressID).eachOnce {
      let field = field(ofPlace: id)
      guard let delivery else {
        return check.refuse(ScheduleRejection.placeOfFetched(field: field))
      }
      if let place = known.first(where: { $0.addressID == id }) {
        places.append(place)
        continue
      }
      do {
        let open = Delivery(needsAssembly: delivery.needsAssembly, addressID: id)
        let place = try fixed(open, id, field: field, for: customer, on: day, in: snapshot)
        places.append(place.delivery)
        try checkCoverage(of: place.delivery, field: field, on: day, &check, in: snapshot)
      } catch let refused as CustomerRejection {
        check.refuse(refused)
      }
    }
  }
}

extension SalesOrder {
  /// Fixes the places of what was offered, as the customer's addresses are now.
  mutating func fixPlaces(of customer: Customer, on day: Day, in snapshot: Snapshot) throws {
    guard hasPlaces else { return }
    var draft = self.draft
    var check = FieldCheck(FieldPath("order"))
    try draft.fixPlaces(for: customer, on: day, &check, in: snapshot)
    try check.pass()
    places = draft.places
  }
}

extension Shipment {
  /// Where its goods go; nil where they are fetched.
  func delivery(of order: SalesOrder, in snapshot: Snapshot) throws -> Delivery? {
    guard let addressID else { return order.delivery }
    // No part may go there any more, and this shipment still does.
    return try order.places.first { $0.addressID == addressID }
      ?? DeliveryPlaceTable.list(of: order.id, in: snapshot).first { $0.addressID == addressID }
  }
}

/// All SQL of `sales_order_place`: a row for each place beside its own to which something of an
/// order was to go. None is taken out: shipments may be on their way there.
enum DeliveryPlaceTable {
  static func insert(
    _ places: [Delivery], of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    for place in places {
      guard let id = place.addressID, let address = place.address else { continue }
      try tx.execute(
        """
        INSERT INTO sales_order_place (sales_order_id, address_id, zone, floor, has_lift,
          assembly, label, country_code, region_code, street, postcode, contact_name,
          contact_phone)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (sales_order_id, address_id) DO NOTHING
        """, order, id, place.zone, place.floor, place.hasLift, place.needsAssembly,
        address.label, address.region.country, address.region.code, address.street,
        address.postcode, address.contactName, address.contactPhone)
    }
  }

  static func list(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> [Delivery] {
    try snapshot.all(
      """
      SELECT zone, floor, has_lift, assembly, address_id, label, country_code, region_code,
        street, postcode, contact_name, contact_phone
      FROM sales_order_place WHERE sales_order_id = ? ORDER BY address_id
      """, order
    ) { row in
      Delivery(
        zone: row.text(0), floor: row.int(1), hasLift: row.bool(2), needsAssembly: row.bool(3),
        addressID: row.id(4),
        address: row.text(8).isEmpty
          ? nil
          : DeliveryAddress(
            label: row.text(5), region: Region(country: row.text(6), code: row.text(7)),
            street: row.text(8), postcode: row.text(9), contactName: row.text(10),
            contactPhone: row.text(11)))
    }
  }

  /// Fills what the lines of an order do not say of their places.
  static func load(into order: inout SalesOrder, in snapshot: Snapshot) throws {
    let named = Set(order.lines.flatMap(\.schedules).compactMap(\.addressID))
    order.places = try list(of: order.id, in: snapshot).filter { place in
      place.addressID.map { named.contains($0) } ?? false
    }
  }

  /// Takes out of a customer's orders where parts of them went, but for the region.
  static func erasePeople(of customer: String, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE sales_order_place
      SET label = '', street = '', postcode = '', contact_name = '', contact_phone = ''
      WHERE sales_order_id IN (SELECT id FROM sales_order WHERE customer_code = ?)
      """, customer)
  }
}
