internal import Finance
internal import MasterData
internal import Messages
internal import Orders
internal import Values

// What customers ask for beside the goods: messages to values and values to messages.

extension RequestReader {
  /// `field` is the full name of what it is asked for: "order", "order.lines[0]".
  mutating func instructions(
    _ message: OrdersV1.OrderInstructions?, _ field: String
  ) -> OrderInstructions? {
    instructionEdits(message, field).applied(to: nil)
  }

  mutating func instructions(
    _ message: OrdersV1.LineInstructions?, _ field: String
  ) -> OrderInstructions? {
    instructionEdits(message, field).applied(to: nil)
  }

  /// What is there and empty takes back what was said.
  mutating func instructionEdits(
    _ message: OrdersV1.OrderInstructions?, _ field: String
  ) -> InstructionEdits {
    guard let message else { return InstructionEdits() }
    return InstructionEdits(
      gift: edit(message.gift, .init()) { Gift($0) },
      packing: edit(message.packing, .init()) { packing($0, field) },
      invoice: edit(message.invoice, .init()) { invoice($0, field) },
      delivery: edit(message.delivery, .init()) { remarks($0, field) })
  }

  mutating func instructionEdits(
    _ message: OrdersV1.LineInstructions?, _ field: String
  ) -> InstructionEdits {
    guard let message else { return InstructionEdits() }
    return InstructionEdits(
      gift: edit(message.gift, .init()) { Gift($0) },
      packing: edit(message.packing, .init()) { packing($0, field) })
  }

  private mutating func packing(_ message: OrdersV1.Packing, _ field: String) -> Packing {
    let method = choice(
      Packing.Method(message.method), message.method.rawValue,
      field + ".instructions.packing.method", required: false)
    return Packing(method: method, isTakenBack: message.takeBack, remark: message.remark)
  }

  private mutating func invoice(
    _ message: FinanceV1.InvoiceRequirement, _ field: String
  ) -> InvoiceRequirement {
    let kind = choice(
      InvoiceRequirement.Kind(message.kind), message.kind.rawValue,
      field + ".instructions.invoice.kind")
    let form = choice(
      InvoiceRequirement.Form(message.form), message.form.rawValue,
      field + ".instructions.invoice.form", required: false)
    return InvoiceRequirement(
      kind: kind ?? .notNeeded, form: form ?? .electronic, buyerName: message.buyerName,
      taxNumber: message.taxNumber, sendTo: message.sendTo, isConsolidated: message.consolidated)
  }

  private mutating func remarks(
    _ message: OrdersV1.DeliveryRemarks, _ field: String
  ) -> DeliveryRemarks {
    let care = message.care.enumerated().compactMap { row, care in
      choice(
        DeliveryRemarks.Care(care), care.rawValue, "\(field).instructions.delivery.care[\(row)]")
    }
    return DeliveryRemarks(
      care: care, noEntryBefore: message.noEntryBeforeMinute.map { Int($0) }, text: message.text)
  }
}

/// Nil for what is absent; what is there and empty takes back what was said.
private func edit<Message: Equatable, Value>(
  _ message: Message?, _ empty: Message, _ read: (Message) -> Value
) -> OrderChange.Edit<Value>? {
  message.map { $0 == empty ? .cleared : .set(read($0)) }
}

extension Gift {
  fileprivate init(_ message: OrdersV1.Gift) {
    self.init(
      isWrapped: message.wrap, cardText: message.cardText, sender: message.sender,
      recipient: message.recipient, hidesPrices: message.hidePrices)
  }
}

extension OrdersV1.OrderInstructions {
  /// Nil where nothing is asked for. Where the invoice is sent is told elsewhere.
  init?(_ asked: OrderInstructions?) {
    guard let asked else { return nil }
    self.init(
      gift: asked.gift.map { .init($0) }, packing: asked.packing.map { .init($0) },
      invoice: asked.invoice.map { .init($0) }, delivery: asked.delivery.map { .init($0) })
  }

  /// As a change says it: what is taken back is empty.
  init?(_ edits: InstructionEdits) {
    guard edits != InstructionEdits() else { return nil }
    self.init(
      gift: edits.gift.map { $0.value.map { .init($0) } ?? .init() },
      packing: edits.packing.map { $0.value.map { .init($0) } ?? .init() },
      invoice: edits.invoice.map { $0.value.map { .init($0) } ?? .init() },
      delivery: edits.delivery.map { $0.value.map { .init($0) } ?? .init() })
  }
}

extension OrdersV1.LineInstructions {
  init?(_ asked: OrderInstructions?) {
    guard let asked else { return nil }
    self.init(gift: asked.gift.map { .init($0) }, packing: asked.packing.map { .init($0) })
  }

  init?(_ edits: InstructionEdits) {
    guard edits != InstructionEdits() else { return nil }
    self.init(
      gift: edits.gift.map { $0.value.map { .init($0) } ?? .init() },
      packing: edits.packing.map { $0.value.map { .init($0) } ?? .init() })
  }
}

extension OrderChange.Edit {
  fileprivate var value: Value? { if case .set(let value) = self { value } else { nil } }
}

extension OrdersV1.Gift {
  fileprivate init(_ gift: Gift) {
    self.init(
      wrap: gift.isWrapped, cardText: gift.cardText, sender: gift.sender,
      recipient: gift.recipient, hidePrices: gift.hidesPrices)
  }
}

extension OrdersV1.Packing {
  fileprivate init(_ packing: Packing) {
    self.init(
      method: packing.method?.message ?? .unspecified, takeBack: packing.isTakenBack,
      remark: packing.remark)
  }
}

extension OrdersV1.DeliveryRemarks {
  init(_ remarks: DeliveryRemarks) {
    self.init(
      care: remarks.care.map(\.message),
      noEntryBeforeMinute: remarks.noEntryBefore.map { Int32($0) }, text: remarks.text)
  }
}

extension FinanceV1.InvoiceRequirement {
  init(_ asked: InvoiceRequirement) {
    self.init(
      kind: asked.kind.message, form: asked.form.message, buyerName: asked.buyerName,
      taxNumber: asked.taxNumber, consolidated: asked.isConsolidated)
  }
}

extension Packing.Method {
  fileprivate init?(_ message: OrdersV1.PackingMethod) {
    switch message {
    case .standard: self = .standard
    case .reinforced: self = .reinforced
    case .eco: self = .eco
    case .woodenCrate: self = .woodenCrate
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: OrdersV1.PackingMethod {
    switch self {
    case .standard: .standard
    case .reinforced: .reinforced
    case .eco: .eco
    case .woodenCrate: .woodenCrate
    }
  }
}

extension DeliveryRemarks.Care {
  fileprivate init?(_ message: OrdersV1.DeliveryCare) {
    switch message {
    case .callBefore: self = .callBefore
    case .liftTooSmall: self = .liftTooSmall
    case .carryToFloor: self = .carryToFloor
    case .narrowAccess: self = .narrowAccess
    case .unpackTogether: self = .unpackTogether
    case .takeOldAway: self = .takeOldAway
    case .unspecified, .unrecognized: return nil
    }
  }

  fileprivate var message: OrdersV1.DeliveryCare {
    switch self {
    case .callBefore: .callBefore
    case .liftTooSmall: .liftTooSmall
    case .carryToFloor: .carryToFloor
    case .narrowAccess: .narrowAccess
    case .unpackTogether: .unpackTogether
    case .takeOldAway: .takeOldAway
    }
  }
}

extension InvoiceRequirement.Kind {
  fileprivate init?(_ message: FinanceV1.InvoiceKind) {
    switch message {
    case .none: self = .notNeeded
    case .ordinary: self = .ordinary
    case .vatSpecial: self = .vatSpecial
    case .unspecified, .unrecognized: return nil
    }
  }

  fileprivate var message: FinanceV1.InvoiceKind {
    switch self {
    case .notNeeded: .none
    case .ordinary: .ordinary
    case .vatSpecial: .vatSpecial
    }
  }
}

extension InvoiceRequirement.Form {
  fileprivate init?(_ message: FinanceV1.InvoiceForm) {
    switch message {
    case .electronic: self = .electronic
    case .paper: self = .paper
    case .unspecified, .unrecognized: return nil
    }
  }

  fileprivate var message: FinanceV1.InvoiceForm {
    switch self {
    case .electronic: .electronic
    case .paper: .paper
    }
  }
}
