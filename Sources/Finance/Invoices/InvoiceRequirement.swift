package import MasterData
package import Values

/// What invoice a buyer asks for. An invoice keeps what was asked for when it was issued.
package struct InvoiceRequirement: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The books have the invoice, and nobody prints it.
    case notNeeded = "NONE"
    case ordinary = "ORDINARY"
    /// The buyer deducts the tax by it.
    case vatSpecial = "VAT_SPECIAL"
  }

  package enum Form: String, Hashable, Sendable, CaseIterable {
    case electronic = "ELECTRONIC"
    case paper = "PAPER"
  }

  package let kind: Kind
  package let form: Form
  /// What the invoice calls the buyer; may be empty.
  package let buyerName: String
  /// With the tax office; may be empty.
  package let taxNumber: String
  /// Empty for where the goods go.
  package var sendTo: String
  /// One invoice for several orders is wanted.
  package let isConsolidated: Bool

  package init(
    kind: Kind, form: Form = .electronic, buyerName: String = "", taxNumber: String = "",
    sendTo: String = "", isConsolidated: Bool = false
  ) {
    self.kind = kind
    self.form = form
    self.buyerName = buyerName
    self.taxNumber = taxNumber
    self.sendTo = sendTo
    self.isConsolidated = isConsolidated
  }

  /// Of unified social credit codes (GB 32100) and of those before them.
  static let taxNumberLength = 15...20

  /// What is wrong with it whatever it is for. `name` is that of its field.
  package func checkShape(_ check: inout FieldCheck, _ name: String) {
    check.text(buyerName, "\(name).buyer_name")
    check.text(sendTo, "\(name).send_to")
    guard !taxNumber.isEmpty else { return }
    let fits = taxNumber.utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
    }
    guard !fits || !Self.taxNumberLength.contains(taxNumber.utf8.count) else { return }
    // The number itself is a person's, perhaps, and refusals are kept.
    check.refuse(
      MasterDataRejection.outOfRange(
        field: check.path.field("\(name).tax_number"),
        given: "\(taxNumber.unicodeScalars.count) characters", lowest: "15 of A–Z 0–9",
        highest: "20"))
  }

  /// What it lacks to be issued.
  package func checkComplete(_ check: inout FieldCheck, _ name: String) {
    guard kind == .vatSpecial else { return }
    let needed =
      [("buyer_name", buyerName), ("tax_number", taxNumber)]
      + (form == .electronic ? [("send_to", sendTo)] : [])
    for (part, text) in needed where text.allSatisfy(\.isWhitespace) {
      check.refuse(MasterDataRejection.missingValue(field: check.path.field("\(name).\(part)")))
    }
  }

  /// As an invoice keeps it: where it was sent is no part of it.
  package var issued: InvoiceRequirement {
    var kept = self
    kept.sendTo = ""
    return kept
  }

  package var storedRow: StoredRow {
    StoredRow(
      "INVOICE", kind.rawValue, form.rawValue, buyerName, taxNumber, sendTo,
      isConsolidated ? "1" : "0")
  }

  package init(_ stored: StoredRow) throws(DamagedRow) {
    guard let kind = Kind(rawValue: try stored.text(0)),
      let form = Form(rawValue: try stored.text(1))
    else { throw DamagedRow(row: stored) }
    self.init(
      kind: kind, form: form, buyerName: try stored.text(2), taxNumber: try stored.text(3),
      sendTo: try stored.text(4), isConsolidated: try stored.int(5) == 1)
  }
}
