package import Finance
import Values

/// What a customer asks for otherwise from now on. What is nil stays as it is.
package struct InstructionEdits: Hashable, Sendable {
  package var gift: OrderChange.Edit<Gift>?
  package var packing: OrderChange.Edit<Packing>?
  package var invoice: OrderChange.Edit<InvoiceRequirement>?
  package var delivery: OrderChange.Edit<DeliveryRemarks>?

  package init(
    gift: OrderChange.Edit<Gift>? = nil, packing: OrderChange.Edit<Packing>? = nil,
    invoice: OrderChange.Edit<InvoiceRequirement>? = nil,
    delivery: OrderChange.Edit<DeliveryRemarks>? = nil
  ) {
    self.gift = gift
    self.packing = packing
    self.invoice = invoice
    self.delivery = delivery
  }

  var isEmpty: Bool { gift == nil && packing == nil && invoice == nil && delivery == nil }

  /// What it does, each with the field that asks for it, below `path`.
  func kinds(_ path: String) -> [(kind: ChangeKind, field: String)] {
    var found: [(ChangeKind, String)] = []
    if gift != nil { found.append((.gift, "\(path).instructions.gift")) }
    if packing != nil { found.append((.packing, "\(path).instructions.packing")) }
    if invoice != nil { found.append((.invoice, "\(path).instructions.invoice")) }
    if delivery != nil { found.append((.deliveryRemarks, "\(path).instructions.delivery")) }
    return found
  }

  /// All that it wants of some kinds.
  func part(of kinds: Set<ChangeKind>) -> String {
    var told: [String] = []
    if kinds.contains(.gift), let gift { told.append("\(gift)") }
    if kinds.contains(.packing), let packing { told.append("\(packing)") }
    if kinds.contains(.invoice), let invoice { told.append("\(invoice)") }
    if kinds.contains(.deliveryRemarks), let delivery { told.append("\(delivery)") }
    return told.joined(separator: " ")
  }

  /// What is asked for then; nil where nothing is.
  package func applied(to old: OrderInstructions?) -> OrderInstructions? {
    guard !isEmpty else { return old }
    var wanted = invoice.map { $0.applied() } ?? old?.invoice
    // Who may not know where it is sent changes the rest.
    if let sendTo = old?.invoice?.sendTo, wanted?.sendTo.isEmpty == true { wanted?.sendTo = sendTo }
    return OrderInstructions(
      gift: gift.map { $0.applied() } ?? old?.gift,
      packing: packing.map { $0.applied() } ?? old?.packing, invoice: wanted,
      delivery: delivery.map { $0.applied() } ?? old?.delivery)
  }

  /// Empty where nothing is said. What is taken back has a minus and nothing else.
  var storedText: String {
    func row<Value>(
      _ edit: OrderChange.Edit<Value>?, _ tag: String, _ stored: (Value) -> StoredRow
    ) -> StoredRow? {
      switch edit {
      case .set(let value): stored(value)
      case .cleared: StoredRow("-" + tag)
      case nil: nil
      }
    }
    return StoredRow.text(
      [
        row(gift, "GIFT", \.storedRow), row(packing, "PACKING", \.storedRow),
        row(invoice, "INVOICE", \.storedRow), row(delivery, "DELIVERY", \.storedRow),
      ].compactMap(\.self))
  }

  init(storedText: String) throws {
    self.init()
    for row in StoredRow.rows(storedText) {
      switch row.tag {
      case "GIFT": gift = .set(try Gift(row))
      case "-GIFT": gift = .cleared
      case "PACKING": packing = .set(try Packing(row))
      case "-PACKING": packing = .cleared
      case "INVOICE": invoice = .set(try InvoiceRequirement(row))
      case "-INVOICE": invoice = .cleared
      case "DELIVERY": delivery = .set(try DeliveryRemarks(row))
      case "-DELIVERY": delivery = .cleared
      default: throw DamagedRow(row: row)
      }
    }
  }
}
