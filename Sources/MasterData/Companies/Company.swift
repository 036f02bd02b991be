package import Values

/// The company that keeps its books here; there is exactly one.
package struct Company: Hashable, Sendable {
  package var name: String
  /// Of the books, and of documents whose customer trades in no other one.
  package var baseCurrency: Currency
  /// IANA name of the zone in which business days are counted ("Asia/Shanghai").
  package var timeZone: String
  /// The highest credit limit, of a customer or of a group, that one person alone may give; nil for
  /// any.
  package internal(set) var creditLimitAlone: Money?
  /// Prices in the base currency count at the exchange rate where there is none in the currency of
  /// an order.
  package internal(set) var convertsPrices = false
  /// The prefix that GS1 has given the company, under which it numbers cartons; empty for none.
  package internal(set) var gs1Prefix = ""
  /// Who raised that limit, until somebody else has set it too; nil when nobody has.
  var creditRaise: CreditRaise?

  /// What `person` alone may give: who raised it alone may give no more than before.
  func creditLimitAlone(for person: String) -> Money? {
    guard let creditRaise, creditRaise.person == person else { return creditLimitAlone }
    return creditRaise.before
  }

  /// Any bound at all is less than none.
  mutating func setCreditLimitAlone(_ limit: Money, by person: String) {
    let own = creditRaise?.person == person ? creditRaise?.before : nil
    let before = own ?? creditLimitAlone
    creditRaise = before.flatMap {
      $0.minor < limit.minor ? CreditRaise(person: person, before: $0) : nil
    }
    creditLimitAlone = limit
  }
}

/// That one person has raised what one person alone may give. Four eyes: it does not hold for that
/// person before somebody else has set it as well.
struct CreditRaise: Hashable, Sendable {
  let person: String
  /// What the person may give alone until then.
  let before: Money
}
