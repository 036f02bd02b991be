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
}
