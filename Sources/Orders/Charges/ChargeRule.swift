package import MasterData
package import Values

/// What is charged beside the goods: freight, carrying up stairs, assembly, surcharges. Rules are
/// tried in their order; of those of one charge the first that fits decides. What it comes to
/// stands on the order as a line of its service product, with the tax of that.
package struct ChargeRule: Hashable, Sendable {
  /// What of an order it is for.
  package enum Occasion: String, Hashable, Sendable, CaseIterable {
    /// Any order.
    case always = "ALWAYS"
    /// Goods that are brought to the customer.
    case delivery = "DELIVERY"
    /// Goods that are carried up where there is no lift.
    case stairs = "STAIRS"
    /// Goods that are put together at the customer's.
    case assembly = "ASSEMBLY"
  }

  /// Names the charge ("FREIGHT").
  package let charge: String
  /// The service product.
  package let sku: String
  package let occasion: Occasion
  /// Only for this delivery zone; nil for any.
  package let zone: String?
  /// Only orders that come this way; nil for any.
  package let channel: Channel?
  /// Class of customers it is for; nil for all.
  package let customerClass: String?
  /// Only while the goods come to less than this, after all discounts, counted as prices are; nil
  /// for any: free from there on.
  package let below: Money?
  /// Without tax, as all amounts here.
  package let base: Money?
  /// What goods of the order weigh, take of room, and count, where they are goods.
  package let perKilogram: UnitPrice?
  package let perCubicMetre: UnitPrice?
  package let perPiece: UnitPrice?
  /// For each floor above the ground that has no lift.
  package let perFloor: UnitPrice?
  /// Of what the goods come to, after all discounts, without tax.
  package let share: Rate
  /// The most that it comes to; nil for no limit.
  package let cap: Money?

  package init(
    charge: String, sku: String, occasion: Occasion, zone: String? = nil, channel: Channel? = nil,
    customerClass: String? = nil, below: Money? = nil, base: Money? = nil,
    perKilogram: UnitPrice? = nil, perCubicMetre: UnitPrice? = nil, perPiece: UnitPrice? = nil,
    perFloor: UnitPrice? = nil, share: Rate = .zero, cap: Money? = nil
  ) {
    self.charge = charge
    self.sku = sku
    self.occasion = occasion
    self.zone = zone
    self.channel = channel
    self.customerClass = customerClass
    self.below = below
    self.base = base
    self.perKilogram = perKilogram
    self.perCubicMetre = perCubicMetre
    self.perPiece = perPiece
    self.perFloor = perFloor
    self.share = share
    self.cap = cap
  }

  /// The same with its amounts in the currency of a document.
  func converted(by rate: ExchangeRate) throws(ArithmeticError) -> ChargeRule {
    func converted(_ price: UnitPrice?) throws(ArithmeticError) -> UnitPrice? {
      guard let price else { return nil }
      return try rate.converted(price)
    }
    return ChargeRule(
      charge: charge, sku: sku, occasion: occasion, zone: zone, channel: channel,
      customerClass: customerClass, below: try below.converted(by: rate),
      base: try base.converted(by: rate), perKilogram: try converted(perKilogram),
      perCubicMetre: try converted(perCubicMetre), perPiece: try converted(perPiece),
      perFloor: try converted(perFloor), share: share, cap: try cap.converted(by: rate))
  }

  /// Whether an order may have it, as far as that can be said before its goods are priced, wherever
  /// they go.
  func isOffered(to customerClass: String, by channel: Channel, _ delivery: Delivery?) -> Bool {
    hasOccasion(delivery) && (delivery != nil || zone == nil)
      && (self.channel == nil || self.channel == channel)
      && (self.customerClass == nil || self.customerClass == customerClass)
  }

  func hasOccasion(_ delivery: Delivery?) -> Bool {
    switch occasion {
    case .always: true
    case .delivery: delivery != nil
    case .stairs: (delivery?.stairs ?? 0) > 0
    case .assembly: delivery?.needsAssembly ?? false
    }
  }

  /// Whether it is for goods that go there, and not for the order wherever they go.
  func isFor(_ place: Delivery) -> Bool {
    hasOccasion(place) && (zone == nil || zone == place.zone)
  }

  /// It is for bringing goods.
  var isOfPlace: Bool { zone != nil || occasion != .always }
}

/// How the goods get to the customer, when we bring them.
package struct Delivery: Hashable, Sendable {
  /// Code of the zone; empty when nobody cares.
  package let zone: String
  /// 0 is the ground floor.
  package let floor: Int
  package let hasLift: Bool
  package let needsAssembly: Bool
  /// The customer's address from which the rest follows; nil for none.
  package internal(set) var addressID: ID<Address>?
  /// What it said; nil until the order is submitted.
  package internal(set) var address: DeliveryAddress?

  package init(
    zone: String = "", floor: Int = 0, hasLift: Bool = false, needsAssembly: Bool = false,
    addressID: ID<Address>? = nil, address: DeliveryAddress? = nil
  ) {
    self.zone = zone
    self.floor = floor
    self.hasLift = hasLift
    self.needsAssembly = needsAssembly
    self.addressID = addressID
    self.address = address
  }

  /// Where an order goes whose parts go to places of their own as well; those that no address
  /// names are not known.
  static func regions(of delivery: Delivery?, _ places: [Delivery]) -> Set<Region> {
    Set(([delivery] + places).compactMap { $0?.address?.region })
  }

  /// Floors that the goods are carried up.
  var stairs: Int { hasLift ? 0 : floor }
}
