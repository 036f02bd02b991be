package import Finance
package import MasterData
package import Storage
package import Values

/// What a customer is told of overdue invoices. Never changed; what it claims beside them is booked
/// when it is written, where its policy says so.
package struct DunningLetter: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    package let invoiceNumber: String
    package let orderNumber: String
    package let level: Int
    package let dueOn: Day
    package let daysOverdue: Int
    /// In the currency of the invoice, as is the interest.
    package let open: Money
    package let interest: Money
  }

  /// Grows with time; the key by which pages go on.
  package let id: ID<DunningLetter>
  /// "DL-2026-000012".
  package let number: String
  package let customerCode: String
  /// The highest of its lines.
  package let level: Int
  package let kind: DunningLevel.Letter
  package let policyVersion: Int64
  /// In the base currency.
  package let fee: Money
  package let writtenOn: Day
  package let writtenBy: String
  /// The longest overdue first.
  package internal(set) var lines: [Line]
  /// What of it is booked, as it stands now: one for each currency.
  package internal(set) var claims: [Invoice] = []

  package var reference: DocumentReference { DocumentReference(.dunningLetter, number) }

  /// What the lines come to with interest, one for each currency, in the order in which they come.
  package func totals() throws(ArithmeticError) -> [Money] {
    var totals: [Money] = []
    for line in lines {
      let amount = try line.open + line.interest
      if let index = totals.firstIndex(where: { $0.currency == amount.currency }) {
        totals[index] = try totals[index] + amount
      } else {
        totals.append(amount)
      }
    }
    return totals
  }
}

/// Questions about letters.
package enum DunningLetters {
  /// The letter that a field of a request names; refuses an unknown one, and one out of scope.
  package static func require(
    number: String, field: @autoclosure () -> String = "number", in snapshot: Snapshot
  ) throws -> DunningLetter {
    guard let found = try DunningLetterTable.seen(number, in: snapshot) else {
      throw DunningRejection.unknownLetter(field: field(), number: number).ifNamed(number)
    }
    return found
  }

  /// To customers in scope, or one of them; the newest first, from the one before `id` on, without
  /// lines.
  package static func list(
    to customer: Customer? = nil, before id: ID<DunningLetter>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [DunningLetter] {
    let id = id ?? ID(.max)
    guard let customer else {
      return try DunningLetterTable.all(before: id, limit: limit, in: snapshot)
    }
    return try DunningLetterTable.of(customer.id, before: id, limit: limit, in: snapshot)
  }
}

/// Raises every overdue invoice to the level that it has reached, and writes a letter to each
/// customer of which some were raised. What it does follows from the moment and what is stored
/// alone: run twice, it does nothing the second time.
package struct RunDunning: Sendable {
  /// Who asks.
  package let actor: String

  package init(by actor: String) { self.actor = actor }

  package struct Outcome: Hashable, Sendable {
    package var letters: [DunningLetter] = []
    /// More customers are to be reminded than one call does.
    package var hasMore = false
  }

  /// Customers of one call, and invoices of one letter.
  static let customers = 200
  static let invoices = 500

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    var outcome = Outcome()
    guard let policy = try DunningPolicies.inForce(on: now.day, in: tx), !policy.levels.isEmpty
    else { return outcome }
    let due = try DunningTable.customersDue(
      by: policy, on: now.day, limit: Self.customers + 1, in: tx)
    outcome.hasMore = due.count > Self.customers
    for customer in due.prefix(Self.customers) {
      let found = try DunningTable.due(
        of: customer, by: policy, on: now.day, limit: Self.invoices + 1, in: tx)
      outcome.hasMore = outcome.hasMore || found.count > Self.invoices
      let invoices = Array(found.prefix(Self.invoices))
      outcome.letters.append(try write(to: customer, about: invoices, policy, in: tx, at: now))
    }
    return outcome
  }

  private func write(
    to customer: ID<Customer>, about invoices: [OpenInvoice], _ policy: DunningPolicy,
    in tx: Transaction, at now: Moment
  ) throws -> DunningLetter {
    let lines = try invoices.map { invoice in
      let days = invoice.daysOverdue(on: now.day)
      let level = policy.level(daysOverdue: days)
      return DunningLetter.Line(
        invoiceNumber: invoice.number, orderNumber: invoice.orderNumber, level: level,
        dueOn: invoice.dueOn, daysOverdue: days, open: invoice.open,
        interest: try policy.levels[level - 1].interest(on: invoice.open, days: days)
          .beyond(policy.claims.interest ? DunningTable.booked(of: invoice.id, in: tx) : 0))
    }
    let highest = lines.map(\.level).max() ?? 1
    let level = policy.levels[highest - 1]
    var letter = DunningLetter(
      id: ID(0), number: try DocumentNumbers.next(.dunningLetter, on: now.day, in: tx),
      customerCode: invoices.first?.customerCode ?? "", level: highest, kind: level.letter,
      policyVersion: policy.version, fee: level.fee, writtenOn: now.day, writtenBy: actor,
      lines: lines)
    let id = try DunningLetterTable.insert(
      letter, to: customer, about: invoices.map(\.id), isBooked: policy.claims.interest,
      at: now, in: tx)
    letter = try DunningLetterTable.fetch(id, in: tx)
    letter.claims = try letter.claim(by: policy.claims, from: customer, in: tx, at: now)
    try record(letter, in: tx)
    return letter
  }

  /// The letter for whoever tells the customer, and each invoice on the timeline of its order.
  private func record(_ letter: DunningLetter, in tx: Transaction) throws {
    let totals = try letter.totals().map(\.description).joined(separator: ", ")
    tx.record(
      DomainEvent(
        letter.kind.event, letter.reference,
        [
          Fact("customer", letter.customerCode), Fact("level", letter.level),
          Fact("invoices", letter.lines.count), Fact("total", totals),
          Fact("fee", letter.fee.minor > 0 ? letter.fee.description : ""),
          Fact("claims", letter.claims.map(\.gross.description).joined(separator: ", ")),
          Fact("actor", actor),
        ]))
    for line in letter.lines {
      tx.record(
        DomainEvent(
          "invoice.dunned", DocumentReference(.invoice, line.invoiceNumber),
          related: DocumentReference(.salesOrder, line.orderNumber),
          [
            Fact("level", line.level), Fact("letter", letter.number),
            Fact("days_overdue", line.daysOverdue), Fact("open", line.open),
          ]))
    }
  }
}
