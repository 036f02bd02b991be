package import Finance
import MasterData
package import Storage
package import Values

// What reminding costs, as something that is owed: an invoice for the letter, without goods or an
// order. It is paid as what else is due, the oldest first; nobody is reminded of it, and it bears
// no interest.
extension DunningLetter {
  /// One invoice for each currency; none where nothing is to be booked.
  func claim(
    by rule: DunningClaimRule, from customer: ID<Customer>, in tx: Transaction, at now: Moment
  ) throws -> [Invoice] {
    guard rule.fee || rule.interest else { return [] }
    var claims: [(currency: Currency, lines: [InvoiceLine])] = []
    if rule.fee, fee.minor > 0 {
      claims.append((fee.currency, [try Self.line(.reminderFee, fee, rule.feeTax)]))
    }
    if rule.interest {
      for interest in try interests() where interest.minor > 0 {
        let line = try Self.line(.defaultInterest, interest, rule.interestTax)
        if let index = claims.firstIndex(where: { $0.currency == interest.currency }) {
          claims[index].lines.append(line)
        } else {
          claims.append((interest.currency, [line]))
        }
      }
    }
    guard !claims.isEmpty else { return [] }
    let debtor = try Customers.fetch(customer, in: tx)
    return try claims.map { currency, lines in
      try IssueInvoice(
        customer: debtor, order: reference, lines: lines, text: "Reminder \(number)",
        dueOn: now.day.adding(days: rule.netDays),
        number: currency == debtor.baseCurrency ? number : "\(number)/\(currency)"
      ).run(in: tx, at: now)
    }
  }

  /// One sum for each currency, in the order in which they come.
  private func interests() throws(ArithmeticError) -> [Money] {
    var sums: [Money] = []
    for line in lines {
      if let index = sums.firstIndex(where: { $0.currency == line.interest.currency }) {
        sums[index] = try sums[index] + line.interest
      } else {
        sums.append(line.interest)
      }
    }
    return sums
  }

  private static func line(
    _ claim: ClaimKind, _ amount: Money, _ tax: Rate
  ) throws -> InvoiceLine {
    InvoiceLine(
      orderLine: 0, description: claim == .reminderFee ? "Reminder fee" : "Default interest",
      quantity: .one, unit: "", net: amount, taxRate: tax, tax: try amount.share(tax),
      isService: false, claim: claim)
  }
}

extension Money {
  /// What it is more than what was booked before; never less than nothing.
  func beyond(_ booked: Int64) -> Money {
    Money(minor: max(0, minor - booked), currency: currency)
  }
}

/// Takes back what a letter claims and is booked. What was paid of it is the customer's money
/// again, which pays what else is due.
package struct WaiveDunningClaim: Sendable {
  package let letterNumber: String
  /// Nil for all of it.
  package let kind: ClaimKind?
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(letterNumber: String, kind: ClaimKind?, reason: String, by actor: String) {
    self.letterNumber = letterNumber
    self.kind = kind
    self.reason = reason
    self.actor = actor
  }

  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (letter: DunningLetter, notes: [CreditNote]) {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let letter = try DunningLetters.require(
      number: letterNumber, field: "letter_number", in: tx)
    let customer = try Customers.require(
      code: letter.customerCode, field: "letter_number", in: tx)
    var notes: [CreditNote] = []
    for claim in letter.claims {
      let parts = try CreditNotes.rest(of: claim, in: tx).filter { part in
        kind == nil || claim.lines[part.invoiceLine - 1].claim == kind
      }
      guard !parts.isEmpty else { continue }
      notes.append(
        try IssueCreditNote(
          customer: customer, invoice: claim, parts: parts, cause: letter.reference,
          text: "Waiver of \(claim.number)"
        ).run(in: tx, at: now))
    }
    guard !notes.isEmpty else {
      throw DunningRejection.nothingToWaive(field: "letter_number", number: letter.number)
    }
    tx.record(
      DomainEvent(
        "dunning.claim-waived", letter.reference,
        [
          Fact("customer", letter.customerCode),
          Fact("waived", notes.map(\.gross.description).joined(separator: ", ")),
          Fact("credit_notes", notes.map(\.number).joined(separator: ", ")),
          Fact("reason", reason), Fact("actor", actor),
        ]))
    for order in try PayWithFreeMoney(customer: customer).run(in: tx, at: now) {
      var paid = try SalesOrders.find(number: order.number, in: tx)
      try paid?.settle(in: tx)
    }
    return (
      try DunningLetters.require(number: letter.number, field: "letter_number", in: tx), notes
    )
  }
}
