package import MasterData
package import Values

/// Something that an order may say.
package enum OrderElement: String, Hashable, Sendable, CaseIterable {
  case externalID = "EXTERNAL_ID"
  case requestedOn = "REQUESTED_ON"
  case note = "NOTE"
  /// A zone or an address.
  case delivery = "DELIVERY"
  case address = "ADDRESS"
  case postcode = "POSTCODE"
  /// Who takes the goods.
  case contact = "CONTACT"
  case phone = "PHONE"
  /// What is asked for beside the goods.
  case instructions = "INSTRUCTIONS"
  /// What invoice is wanted.
  case invoice = "INVOICE"

  /// Whose text has a form that can be looked at.
  package static let formatted: [OrderElement] = [.externalID, .postcode, .contact, .phone]

  /// Stands in the address that an order names.
  package var isOfAddress: Bool { [.postcode, .contact, .phone].contains(self) }

  var words: String { rawValue.lowercased().replacing("_", with: " ") }

  /// Of a request to place it.
  var field: String {
    switch self {
    case .externalID: "order.external_id"
    case .requestedOn: "order.requested_on"
    case .note: "order.note"
    case .delivery: "order.delivery"
    case .address, .postcode, .contact, .phone: "order.delivery.address_id"
    case .instructions: "order.instructions"
    case .invoice: "order.instructions.invoice"
    }
  }
}

/// What a customer's terms of payment may be.
package struct TermsLimit: Hashable, Sendable {
  /// Nil for any.
  package let mostNetDays: Int?
  /// Share of an order that is paid ahead; nil for none.
  package let leastDeposit: Rate?
  /// Only customers of whom fewer orders are closed; nil for all.
  package let fewerClosedOrders: Int?

  package init(mostNetDays: Int?, leastDeposit: Rate?, fewerClosedOrders: Int?) {
    self.mostNetDays = mostNetDays
    self.leastDeposit = leastDeposit
    self.fewerClosedOrders = fewerClosedOrders
  }

  func allows(_ terms: PaymentTerms) -> Bool {
    terms.netDays <= mostNetDays ?? .max && terms.deposit >= leastDeposit ?? .zero
  }
}

/// How large the orders of a customer may be of whom little is known.
package struct NewcomerLimit: Hashable, Sendable {
  /// Only customers who have fewer orders that were promised.
  package let fewerOrders: Int
  /// Of one product on all lines, in its base unit; nil for any.
  package let mostQuantity: Quantity?
  /// With tax, in the base currency; nil for any.
  package let mostAmount: Money?

  package init(fewerOrders: Int = 3, mostQuantity: Quantity?, mostAmount: Money?) {
    self.fewerOrders = fewerOrders
    self.mostQuantity = mostQuantity
    self.mostAmount = mostAmount
  }
}

/// The days that can be asked for, counted from the day on which an order is submitted.
package struct DayRange: Hashable, Sendable {
  package let earliest: Int
  /// Nil for any.
  package let latest: Int?

  package init(earliest: Int, latest: Int?) {
    self.earliest = earliest
    self.latest = latest
  }
}

/// What orders are checked for in some cases, and what becomes of those that break it.
package struct ValidationRule: Hashable, Sendable {
  /// What is looked for.
  package enum Condition: Hashable, Sendable {
    case required(OrderElement)
    /// One of the patterns must fit; only in a country where one is named.
    case format(OrderElement, patterns: [String], country: String?)
    /// Postal codes that begin so belong to regions that begin so.
    case region(country: String, postcodePrefix: String, regionPrefix: String)
    case quantity(Outlier)
    case amount(Outlier)
    /// The same goods to the same place, so many hours before at most.
    case duplicate(hours: Int)
    /// An open invoice of the customer that was due more than so many days before.
    case overdue(days: Int)
    case terms(TermsLimit)
    case newcomer(NewcomerLimit)
    case requestedDay(DayRange)
    /// More than this share of the customer's limit, or of a group's that it belongs to, is in use.
    case credit(Rate)

    /// Whether it can be looked at again when goods leave.
    var isAboutDebt: Bool {
      switch self {
      case .overdue, .credit: true
      case .required, .format, .region, .quantity, .amount, .duplicate, .terms, .newcomer,
        .requestedDay:
        false
      }
    }
  }

  package let code: String
  /// Nil for any.
  package let channel: Channel?
  /// Nil for all.
  package let customerClass: String?
  /// Only orders with a line whose goods come to be so; nil for all.
  package let sourcing: Sourcing?
  package let condition: Condition
  /// Nil to refuse the order.
  package let hold: OrderHoldKind?
  /// Goods of an order that breaks it do not leave either.
  package let isForDispatch: Bool

  package init(
    code: String, channel: Channel? = nil, customerClass: String? = nil,
    sourcing: Sourcing? = nil, _ condition: Condition, hold: OrderHoldKind?,
    isForDispatch: Bool = false
  ) {
    self.code = code
    self.channel = channel
    self.customerClass = customerClass
    self.sourcing = sourcing
    self.condition = condition
    self.hold = hold
    self.isForDispatch = isForDispatch
  }

  func fits(_ channel: Channel, _ customerClass: String, _ lines: [SalesOrderLine]) -> Bool {
    (self.channel == nil || self.channel == channel)
      && (self.customerClass == nil || self.customerClass == customerClass)
      && (sourcing == nil || lines.contains { $0.sourcing == sourcing })
  }
}

/// The rules for orders that are submitted from a day on. A version never changes.
package struct ValidationPolicy: Hashable, Sendable {
  package let version: Int64
  package let validFrom: Day
  package let rules: [ValidationRule]
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant
}
