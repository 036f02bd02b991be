package import Finance
import MasterData
import Storage
import Values

/// That goods are given to somebody.
package struct Gift: Hashable, Sendable {
  package let isWrapped: Bool
  /// Empty for no card.
  package let cardText: String
  /// Who gives it, and who gets it; may be empty.
  package let sender: String
  package let recipient: String
  /// No paper that goes with the goods tells a price.
  package let hidesPrices: Bool

  package init(
    isWrapped: Bool = false, cardText: String = "", sender: String = "", recipient: String = "",
    hidesPrices: Bool = false
  ) {
    self.isWrapped = isWrapped
    self.cardText = cardText
    self.sender = sender
    self.recipient = recipient
    self.hidesPrices = hidesPrices
  }
}

/// What a customer asks for about the packing.
package struct Packing: Hashable, Sendable {
  package enum Method: String, Hashable, Sendable, CaseIterable {
    case standard = "STANDARD"
    case reinforced = "REINFORCED"
    case eco = "ECO"
    case woodenCrate = "WOODEN_CRATE"
  }

  /// Nil for as always.
  package let method: Method?
  /// The crew takes the empty packing back.
  package let isTakenBack: Bool
  package let remark: String

  package init(method: Method? = nil, isTakenBack: Bool = false, remark: String = "") {
    self.method = method
    self.isTakenBack = isTakenBack
    self.remark = remark
  }
}

/// Remarks for whoever brings the goods.
package struct DeliveryRemarks: Hashable, Sendable {
  package enum Care: String, Hashable, Sendable, CaseIterable {
    case callBefore = "CALL_BEFORE"
    case liftTooSmall = "LIFT_TOO_SMALL"
    case carryToFloor = "CARRY_TO_FLOOR"
    case narrowAccess = "NARROW_ACCESS"
    case unpackTogether = "UNPACK_TOGETHER"
    case takeOldAway = "TAKE_OLD_AWAY"
  }

  package let care: [Care]
  /// In minutes after midnight; nil for any time.
  package let noEntryBefore: Int?
  package let text: String

  package init(care: [Care] = [], noEntryBefore: Int? = nil, text: String = "") {
    self.care = care
    self.noEntryBefore = noEntryBefore
    self.text = text
  }
}

/// What a customer asks for beside the goods, of an order or of a line: a line has neither invoice
/// nor delivery of its own, and what it has takes the place of what the order says.
package struct OrderInstructions: Hashable, Sendable {
  private struct Content: Hashable {
    let gift: Gift?
    let packing: Packing?
    let invoice: InvoiceRequirement?
    let delivery: DeliveryRemarks?
  }

  private let content: Shared<Content>

  package var gift: Gift? { content.value.gift }
  package var packing: Packing? { content.value.packing }
  package var invoice: InvoiceRequirement? { content.value.invoice }
  package var delivery: DeliveryRemarks? { content.value.delivery }

  /// Nil where nothing is asked for.
  package init?(
    gift: Gift? = nil, packing: Packing? = nil, invoice: InvoiceRequirement? = nil,
    delivery: DeliveryRemarks? = nil
  ) {
    guard gift != nil || packing != nil || invoice != nil || delivery != nil else { return nil }
    content = Shared(
      Content(gift: gift, packing: packing, invoice: invoice, delivery: delivery))
  }

  /// What packers and whoever brings the goods need of it.
  var ofGoods: OrderInstructions? {
    OrderInstructions(gift: gift, packing: packing, delivery: delivery)
  }

  /// What can be said without looking anything up; fields are those of `check`'s path.
  func checkShape(_ check: inout FieldCheck) {
    if let gift {
      check.text(gift.cardText, "instructions.gift.card_text", limit: 500)
      check.text(gift.sender, "instructions.gift.sender", limit: 100)
      check.text(gift.recipient, "instructions.gift.recipient", limit: 100)
    }
    if let packing { check.text(packing.remark, "instructions.packing.remark", limit: 500) }
    invoice?.checkShape(&check, "instructions.invoice")
    if let delivery {
      check.text(delivery.text, "instructions.delivery.text", limit: 500)
      if let minute = delivery.noEntryBefore {
        check.range(minute, "instructions.delivery.no_entry_before_minute", 1...1_439)
      }
      var seen: Set<DeliveryRemarks.Care> = []
      for (row, care) in delivery.care.enumerated() where !seen.insert(care).inserted {
        check.refuse(
          MasterDataRejection.duplicateInBatch(
            field: check.path.field("instructions.delivery.care[\(row)]"), code: care.rawValue,
            firstRow: delivery.care.firstIndex(of: care) ?? 0))
      }
    }
  }
}

extension SalesOrder {
  /// Something is asked for, of the whole or of a line.
  var hasInstructions: Bool {
    instructions != nil || lines.contains { $0.instructions != nil }
  }

  /// It is not invoiced by itself.
  var isInvoicedTogether: Bool { instructions?.invoice?.isConsolidated == true }

  /// What is asked for about the goods of a line: what it says itself in place of what the order
  /// says.
  func instructions(forLine index: Int) -> OrderInstructions? {
    let own = lines[index].instructions
    return OrderInstructions(
      gift: own?.gift ?? instructions?.gift, packing: own?.packing ?? instructions?.packing,
      delivery: instructions?.delivery)
  }

  /// Refuses to ask for another invoice once all of it is invoiced.
  func expectInvoiceUnwritten(in snapshot: Snapshot) throws {
    guard state.isPromised || state == .closed, lines.contains(where: \.invoiced.isPositive),
      isWhollyInvoiced
    else { return }
    let invoices = try Invoices.ofOrder(reference, in: snapshot)
    throw ChangeRejection.invoiceWritten(
      field: "change.instructions.invoice", order: number,
      invoice: invoices.last { $0.lines.contains { $0.orderLine > 0 } }?.number ?? "")
  }
}

// MARK: - As people read it

extension OrderInstructions {
  /// In what two of them differ, of a line or, for 0, of the whole.
  static func differences(
    line: Int = 0, _ old: OrderInstructions?, _ new: OrderInstructions?
  ) -> [OrderDifference] {
    guard old != new else { return [] }
    return [
      OrderDifference(.gift, line: line, old?.gift?.words ?? "", new?.gift?.words ?? ""),
      OrderDifference(
        .packing, line: line, old?.packing?.words ?? "", new?.packing?.words ?? ""),
      OrderDifference(
        .invoice, line: line, old?.invoice?.words ?? "", new?.invoice?.words ?? ""),
      OrderDifference(
        .deliveryRemarks, line: line, old?.delivery?.words ?? "", new?.delivery?.words ?? ""),
    ].compactMap(\.self)
  }
}

/// What a person wrote is told by a mark alone: differences are kept and shown where a person's
/// words must not stay.
private func marked(_ name: String, _ text: String) -> String? {
  guard !text.isEmpty else { return nil }
  let hash = text.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  let digits = String((hash >> 16) ^ (hash & 0xFFFF), radix: 16)
  return "\(name) #" + String(repeating: "0", count: 4 - digits.count) + digits
}

extension Gift {
  fileprivate var words: String {
    let parts = [
      isWrapped ? "wrapped" : nil, marked("card", cardText), marked("from", sender),
      marked("to", recipient), hidesPrices ? "no prices" : nil,
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }
}

extension Packing {
  fileprivate var words: String {
    let parts = [
      method.map { $0.rawValue.lowercased().replacing("_", with: " ") },
      isTakenBack ? "taken back" : nil, marked("remark", remark),
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }
}

extension InvoiceRequirement {
  fileprivate var words: String {
    let parts = [
      kind.rawValue.lowercased().replacing("_", with: " "), form.rawValue.lowercased(),
      marked("buyer", buyerName), marked("tax number", taxNumber), marked("sent to", sendTo),
      isConsolidated ? "consolidated" : nil,
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }
}

extension DeliveryRemarks {
  fileprivate var words: String {
    let parts =
      care.map { $0.rawValue.lowercased().replacing("_", with: " ") }
      + [
        noEntryBefore.map { "not before \(ClockTime.text($0))" }, marked("text", text),
      ].compactMap(\.self)
    return parts.joined(separator: ", ")
  }
}

// MARK: - As it is stored

extension OrderInstructions {
  var storedText: String { StoredRow.text(storedRows) }

  private var storedRows: [StoredRow] {
    [gift?.storedRow, packing?.storedRow, invoice?.storedRow, delivery?.storedRow]
      .compactMap(\.self)
  }

  init?(storedText: String) throws {
    var (gift, packing): (Gift?, Packing?) = (nil, nil)
    var (invoice, delivery): (InvoiceRequirement?, DeliveryRemarks?) = (nil, nil)
    for row in StoredRow.rows(storedText) {
      switch row.tag {
      case "GIFT": gift = try Gift(row)
      case "PACKING": packing = try Packing(row)
      case "INVOICE": invoice = try InvoiceRequirement(row)
      case "DELIVERY": delivery = try DeliveryRemarks(row)
      default: throw DamagedRow(row: row)
      }
    }
    self.init(gift: gift, packing: packing, invoice: invoice, delivery: delivery)
  }
}

extension Gift {
  var storedRow: StoredRow {
    StoredRow(
      "GIFT", isWrapped ? "1" : "0", cardText, sender, recipient, hidesPrices ? "1" : "0")
  }

  init(_ stored: StoredRow) throws(DamagedRow) {
    self.init(
      isWrapped: try stored.int(0) == 1, cardText: try stored.text(1),
      sender: try stored.text(2), recipient: try stored.text(3),
      hidesPrices: try stored.int(4) == 1)
  }
}

extension Packing {
  var storedRow: StoredRow {
    StoredRow("PACKING", method?.rawValue ?? "", isTakenBack ? "1" : "0", remark)
  }

  init(_ stored: StoredRow) throws(DamagedRow) {
    let name = try stored.text(0)
    let method = Method(rawValue: name)
    guard method != nil || name.isEmpty else { throw DamagedRow(row: stored) }
    self.init(
      method: method, isTakenBack: try stored.int(1) == 1, remark: try stored.text(2))
  }
}

extension DeliveryRemarks {
  var storedRow: StoredRow {
    StoredRow(
      "DELIVERY", care.map(\.rawValue).joined(separator: " "),
      noEntryBefore.map { "\($0)" } ?? "", text)
  }

  init(_ stored: StoredRow) throws(DamagedRow) {
    let names = try stored.text(0).split(separator: " ")
    let care = names.compactMap { Care(rawValue: String($0)) }
    guard care.count == names.count else { throw DamagedRow(row: stored) }
    let minute = try stored.text(1).isEmpty ? nil : stored.int(1)
    self.init(care: care, noEntryBefore: minute, text: try stored.text(2))
  }
}
