/// The way by which a customer buys: where an order comes from.
package enum Channel: String, Hashable, Sendable, CaseIterable {
  case store = "STORE"
  case web = "WEB"
  case marketplace = "MARKETPLACE"
  case phone = "PHONE"
  case email = "EMAIL"
  case salesRep = "SALES_REP"
  case kiosk = "KIOSK"
  /// The company's app for telephones.
  case mobile = "MOBILE"
}
