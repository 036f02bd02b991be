/// How the amounts of a document are taxed and rounded. It is frozen on the document, so that
/// order, invoices and credit notes of one chain agree to the last unit (DOMAIN 5.8). Amounts of
/// lines are rounded to the currency first, whatever the policy; taxes follow from them.
package struct TaxPolicy: Hashable, Sendable {
  /// Where taxes are rounded.
  package enum Scope: String, Hashable, Sendable, CaseIterable {
    /// Line by line.
    case line = "LINE"
    /// Once for each rate of the document; the lines get their shares by largest remainder, ties to
    /// the earlier line.
    case document = "DOCUMENT"
  }

  /// True: prices hold the tax, and what the customer pays is never touched by rounding it. False:
  /// the tax comes on top.
  package let isIncluded: Bool
  package let scope: Scope
  package let rounding: Rounding.Mode

  package init(
    isIncluded: Bool = false, scope: Scope = .line, rounding: Rounding.Mode = .halfAway
  ) {
    self.isIncluded = isIncluded
    self.scope = scope
    self.rounding = rounding
  }

  /// Tax on top, line by line, halves away from zero.
  package static let standard = TaxPolicy()

  /// Net and tax of amounts of one currency in which prices are counted: with their tax where it is
  /// included, without it otherwise. Amounts must not be negative.
  package func tax(_ amounts: [TaxableAmount]) throws(ArithmeticError) -> [TaxedAmount] {
    switch scope {
    case .line:
      var taxed: [TaxedAmount] = []
      taxed.reserveCapacity(amounts.count)
      for amount in amounts { taxed.append(try tax(amount.amount, amount.rate)) }
      return taxed
    case .document: return try taxPerRate(amounts)
    }
  }

  /// One amount by itself.
  private func tax(_ amount: Money, _ rate: Rate) throws(ArithmeticError) -> TaxedAmount {
    guard isIncluded else { return TaxedAmount(net: amount, tax: try amount.share(rate, rounding)) }
    let net = try amount.without(rate, rounding)
    return TaxedAmount(net: net, tax: try amount - net)
  }

  private func taxPerRate(
    _ amounts: [TaxableAmount]
  ) throws(ArithmeticError) -> [TaxedAmount] {
    var taxed = amounts.map { TaxedAmount(net: $0.amount, tax: .zero($0.amount.currency)) }
    var rates: [Rate] = []
    for amount in amounts where !rates.contains(amount.rate) { rates.append(amount.rate) }
    for rate in rates {
      let members = amounts.indices.filter { amounts[$0].rate == rate }
      let weights = members.map { amounts[$0].amount.minor }
      guard let first = members.first, weights.contains(where: { $0 > 0 }) else { continue }
      let sum = try members.map { amounts[$0].amount }.sum(amounts[first].amount.currency)
      let tax = try tax(sum, rate).tax
      let shares = try Allocation.largestRemainder(tax.minor, weights: weights)
      for (index, share) in zip(members, shares) {
        taxed[index].tax.minor = share
        if isIncluded { taxed[index].net.minor -= share }
      }
    }
    return taxed
  }
}

/// An amount as prices count it, and the rate at which it is taxed.
package struct TaxableAmount: Hashable, Sendable {
  package let amount: Money
  package let rate: Rate

  package init(_ amount: Money, at rate: Rate) {
    self.amount = amount
    self.rate = rate
  }
}

/// An amount and its tax.
package struct TaxedAmount: Hashable, Sendable {
  package var net: Money
  package var tax: Money

  package init(net: Money, tax: Money) {
    self.net = net
    self.tax = tax
  }

  package func gross() throws(ArithmeticError) -> Money { try net + tax }
}
