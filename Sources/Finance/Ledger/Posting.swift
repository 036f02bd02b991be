package import Values

/// One movement of value: into the debited account, out of the credited one. Balanced by
/// construction, like a stock move from a place to another.
package struct Posting: Hashable, Sendable {
  package let debit: Account
  package let credit: Account
  /// Greater than 0.
  package let amount: Money
  /// Code of the customer or supplier it concerns.
  package let party: String?

  package init(debit: Account, credit: Account, amount: Money, party: String? = nil) {
    self.debit = debit
    self.credit = credit
    self.amount = amount
    self.party = party
  }
}

/// An entry that no template makes: without movements, of nothing, from an account to itself, or in
/// several currencies. A mistake of this program, never of its input, so no refusal; the command
/// fails and leaves no trace.
package struct InvalidPosting: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
}
