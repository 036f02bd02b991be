import MasterData
package import Storage
package import Values

/// Questions about credit notes.
package enum CreditNotes {
  /// The credit note that a field of a request names; refuses an unknown one, and one out of scope.
  package static func require(
    number: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> CreditNote {
    guard let note = try CreditNoteTable.seen(number, in: snapshot) else {
      throw FinanceRejection.unknownCreditNote(field: field(), number: number).ifNamed(number)
    }
    return note
  }

  /// All that were made for a document, the oldest first: one for each invoice.
  package static func of(
    cause: DocumentReference, in snapshot: Snapshot
  ) throws -> [CreditNote] {
    try CreditNoteTable.of(cause: cause, in: snapshot)
  }

  /// Which quantities of which invoice lines make the next `quantity` of an order's line, the
  /// oldest invoice first; nil when not so much of it was invoiced and is not credited yet.
  package static func next(
    _ quantity: Quantity, ofLine line: Int, of invoices: [Invoice], in snapshot: Snapshot
  ) throws -> [(invoice: Invoice, part: CreditedQuantity)]? {
    var rest = quantity.micros
    var found: [(invoice: Invoice, part: CreditedQuantity)] = []
    for invoice in invoices {
      let credited = try CreditNoteTable.credited(of: invoice.id, in: snapshot)
      for (index, row) in invoice.lines.enumerated() where row.orderLine == line && rest > 0 {
        let left = row.quantity.micros - credited[index + 1, default: .zero].micros
        let part = min(rest, left)
        guard part > 0 else { continue }
        rest -= part
        found.append(
          (invoice, CreditedQuantity(invoiceLine: index + 1, quantity: Quantity(micros: part))))
      }
    }
    return rest == 0 ? found : nil
  }

  /// What is not credited of an invoice; a line of which nothing is left is not in it.
  package static func rest(
    of invoice: Invoice, in snapshot: Snapshot
  ) throws -> [CreditedQuantity] {
    let credited = try CreditNoteTable.credited(of: invoice.id, in: snapshot)
    return try invoice.lines.enumerated().compactMap { index, line in
      let rest = try line.quantity - credited[index + 1, default: .zero]
      return rest.isPositive ? CreditedQuantity(invoiceLine: index + 1, quantity: rest) : nil
    }
  }

  /// What crediting parts of an invoice comes to now, what of the money for its order would be free
  /// again, and how much less would be open.
  package static func preview(
    _ parts: [CreditedQuantity], of invoice: Invoice, in snapshot: Snapshot
  ) throws -> (lines: [CreditNoteLine], released: Money, forgiven: Money) {
    let lines = try lines(of: parts, invoice, in: snapshot)
    let totals = try Totals(of: lines, invoice)
    let earmarked = try ReleaseTable.applied(to: invoice.id, in: snapshot)
      .filter(\.isEarmarked).map(\.amount).sum(invoice.gross.currency)
    return (
      lines,
      Money(minor: min(totals.released.minor, earmarked.minor), currency: earmarked.currency),
      try totals.gross - totals.released
    )
  }

  /// Each takes A(r + k) − A(r) of its line, r being what is credited already, so that any sequence
  /// of credits sums to the invoice to the cent.
  static func lines(
    of parts: [CreditedQuantity], _ invoice: Invoice, in snapshot: Snapshot
  ) throws -> [CreditNoteLine] {
    let before = try CreditNoteTable.credited(of: invoice.id, in: snapshot)
    return try parts.map { part in
      let line = invoice.lines[part.invoiceLine - 1]
      let done = before[part.invoiceLine, default: .zero]
      let end = try done + part.quantity
      guard part.quantity.isPositive, end <= line.quantity else {
        throw FinanceRejection.moreThanInvoiced(
          invoice: invoice.number, line: part.invoiceLine, requested: part.quantity,
          left: try line.quantity - done)
      }
      func share(_ amount: Money) throws -> Money {
        try amount.allocated(end, of: line.quantity) - amount.allocated(done, of: line.quantity)
      }
      return CreditNoteLine(
        invoiceLine: part.invoiceLine, orderLine: line.orderLine, description: line.description,
        quantity: part.quantity, unit: line.unit, net: try share(line.net), taxRate: line.taxRate,
        tax: try share(line.tax), baseNet: try share(line.baseNet),
        baseTax: try share(line.baseTax))
    }
  }

  struct Totals {
    let net: Money
    let tax: Money
    let gross: Money
    /// What of it had been paid.
    let released: Money
    /// In the base currency, as the lines were invoiced.
    let baseNet: Money
    let baseTax: Money

    init(of lines: [CreditNoteLine], _ invoice: Invoice) throws {
      let (open, base) = (invoice.open, invoice.baseGross.currency)
      baseNet = try lines.map(\.baseNet).sum(base)
      baseTax = try lines.map(\.baseTax).sum(base)
      net = try lines.map(\.net).sum(open.currency)
      tax = try lines.map(\.tax).sum(open.currency)
      gross = try net + tax
      released = Money(minor: max(0, gross.minor - open.minor), currency: open.currency)
    }

    func baseGross() throws(ArithmeticError) -> Money { try baseNet + baseTax }
  }
}
