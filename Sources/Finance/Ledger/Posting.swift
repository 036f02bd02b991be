package import Values

/// One movement of value: into the debited account, out of the credited one. Balanced by
/// construction, like a stock move from a place to another.
package struct Posting: Hashable, Sendable {
  package let debit: Account
  package let credit: Account
  /// In the currency of the document. Greater than 0, unless it is about what something is worth in
  /// the base currency alone.
  package let amount: Money
  /// In the base currency.
  package let base: Money
  /// Code of the customer or supplier it concerns.
  package let party: String?

  /// Without `base` the amount is in the base currency.
  package init(
    debit: Account, credit: Account, amount: Money, base: Money? = nil, party: String? = nil
  ) {
    self.debit = debit
    self.credit = credit
    self.amount = amount
    self.base = base ?? amount
    self.party = party
  }
}

extension Posting {
  /// Moves an amount that is worth one thing in the base currency where it is debited and another
  /// where it is credited: the difference is gained or lost.
  static func exchanging(
    debit: Account, worth debited: Money, credit: Account, worth credited: Money, amount: Money,
    party: String?
  ) -> [Posting] {
    let same = Money(minor: min(debited.minor, credited.minor), currency: debited.currency)
    let main = Posting(debit: debit, credit: credit, amount: amount, base: same, party: party)
    let gain = debited.minor - credited.minor
    guard gain != 0 else { return [main] }
    return [main]
      + [
        gain > 0
          ? .revaluing(debit: debit, credit: .exchangeGain, by: gain, of: same, amount, party)
          : .revaluing(debit: .exchangeLoss, credit: credit, by: -gain, of: same, amount, party)
      ]
  }

  /// Changes what something is worth in the base currency, and nothing else. `gained` is above zero
  /// where the account's side is the debit.
  static func revaluing(
    _ account: Account, by gained: Money, in currency: Currency, party: String?
  ) -> Posting? {
    guard gained.minor != 0 else { return nil }
    let none = Money.zero(currency)
    return gained.minor > 0
      ? .revaluing(
        debit: account, credit: .exchangeGain, by: gained.minor, of: gained, none, party)
      : .revaluing(
        debit: .exchangeLoss, credit: account, by: -gained.minor, of: gained, none, party)
  }

  private static func revaluing(
    debit: Account, credit: Account, by minor: Int64, of base: Money, _ amount: Money,
    _ party: String?
  ) -> Posting {
    Posting(
      debit: debit, credit: credit, amount: .zero(amount.currency),
      base: Money(minor: minor, currency: base.currency), party: party)
  }
}

/// An entry that no template makes: without movements, of nothing, from an account to itself, or in
/// several currencies. A mistake of this program, never of its input, so no refusal; the command
/// fails and leaves no trace.
package struct InvalidPosting: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
}
