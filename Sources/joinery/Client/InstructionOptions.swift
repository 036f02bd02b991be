internal import ArgumentParser
internal import Messages

private let packings = Choice(OrdersV1.PackingMethod.allCases, \.name)
private let cares = Choice(OrdersV1.DeliveryCare.allCases, \.name)
private let invoices = Choice(FinanceV1.InvoiceKind.allCases, \.name)
private let forms = Choice(FinanceV1.InvoiceForm.allCases, \.name)

/// What a customer asks for beside the goods.
struct InstructionOptions: ParsableArguments {
  @Flag(name: .long, help: "The goods are wrapped as a gift.") var giftWrap = false
  @Option(name: .long, help: "What the card with the gift says.") var giftCard: String = ""
  @Option(name: .long, help: "Who gives it.") var giftFrom: String = ""
  @Option(name: .long, help: "Who gets it.") var giftTo: String = ""
  @Flag(name: .long, help: "No paper with the goods tells a price.") var hidePrices = false

  @Option(
    name: .long, help: ArgumentHelp("How the goods are packed: \(packings.help)."),
    transform: packings.callAsFunction)
  var packing: OrdersV1.PackingMethod = .unspecified
  @Flag(name: .long, help: "The crew takes the empty packing back.") var takeBack = false
  @Option(name: .long, help: "A remark for the packers.") var packingRemark: String = ""

  @Option(
    name: .long, help: ArgumentHelp("What invoice the buyer wants: \(invoices.help)."),
    transform: invoices.callAsFunction)
  var invoice: FinanceV1.InvoiceKind = .unspecified
  @Option(
    name: .long, help: ArgumentHelp("Its form: \(forms.help)."), transform: forms.callAsFunction)
  var invoiceForm: FinanceV1.InvoiceForm = .unspecified
  @Option(name: .long, help: "What the invoice calls the buyer.") var invoiceName: String = ""
  @Option(name: .long, help: "The buyer's tax number.") var taxNumber: String = ""
  @Option(name: .long, help: "Where the invoice is sent.") var invoiceTo: String = ""
  @Flag(name: .long, help: "One invoice for several orders.") var consolidated = false

  @Option(
    name: .long,
    help: ArgumentHelp("What whoever brings it must mind: \(cares.help). Give it again for more."),
    transform: cares.callAsFunction)
  var care: [OrdersV1.DeliveryCare] = []
  @Option(name: .long, help: ArgumentHelp("Nobody gets in before.", valueName: "hh:mm"))
  var noEntryBefore: ClockArgument?
  @Option(name: .long, help: "Another remark for whoever brings it.") var deliveryText: String = ""

  @Option(
    name: .long, help: ArgumentHelp("How a line is packed.", valueName: "line:method"))
  var linePacking: [LinePackingArgument] = []
  @Option(name: .long, help: ArgumentHelp("A line that is wrapped as a gift.", valueName: "line"))
  var wrapLine: [Int32] = []

  /// Nil for nothing.
  var message: OrdersV1.OrderInstructions? {
    let gift = OrdersV1.Gift(
      wrap: giftWrap, cardText: giftCard, sender: giftFrom, recipient: giftTo,
      hidePrices: hidePrices)
    let packing = OrdersV1.Packing(
      method: packing, takeBack: takeBack, remark: packingRemark)
    let invoice = FinanceV1.InvoiceRequirement(
      kind: invoice, form: invoiceForm, buyerName: invoiceName, taxNumber: taxNumber,
      sendTo: invoiceTo, consolidated: consolidated)
    let remarks = OrdersV1.DeliveryRemarks(
      care: care, noEntryBeforeMinute: noEntryBefore?.minute, text: deliveryText)
    let all = OrdersV1.OrderInstructions(
      gift: gift == .init() ? nil : gift, packing: packing == .init() ? nil : packing,
      invoice: invoice == .init() ? nil : invoice, delivery: remarks == .init() ? nil : remarks)
    return all == .init() ? nil : all
  }

  /// By line.
  var lines: [Int32: OrdersV1.LineInstructions] {
    var lines: [Int32: OrdersV1.LineInstructions] = [:]
    for line in linePacking {
      lines[line.line, default: .init()].packing = .init(method: line.method)
    }
    for line in wrapLine { lines[line, default: .init()].gift = .init(wrap: true) }
    return lines
  }

  /// The lines of a new order with what is asked for each of them.
  func asked(of inputs: [OrdersV1.LineInput]) -> [OrdersV1.LineInput] {
    let lines = lines
    return inputs.enumerated().map { index, input in
      var input = input
      input.instructions = lines[Int32(index + 1)]
      return input
    }
  }
}

/// A part of what was asked for that is taken back.
struct InstructionClearing: ParsableArguments {
  @Flag(name: .long, help: "It is no gift any more.") var noGift = false
  @Flag(name: .long, help: "It is packed as always.") var noPacking = false
  @Flag(name: .long, help: "No invoice in particular is asked for any more.") var noInvoice = false
  @Flag(name: .long, help: "There is nothing to mind any more.") var noRemarks = false

  /// With what is asked for instead.
  func message(_ asked: OrdersV1.OrderInstructions?) -> OrdersV1.OrderInstructions? {
    guard noGift || noPacking || noInvoice || noRemarks else { return asked }
    var all = asked ?? .init()
    if noGift { all.gift = .init() }
    if noPacking { all.packing = .init() }
    if noInvoice { all.invoice = .init() }
    if noRemarks { all.delivery = .init() }
    return all
  }
}

/// "2:wooden-crate".
struct LinePackingArgument: ExpressibleByArgument {
  let line: Int32
  let method: OrdersV1.PackingMethod

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, let line = Int32(parts[0]), let method = try? packings(parts[1])
    else { return nil }
    self.line = line
    self.method = method
  }
}

/// The same in the columns of a table.
enum InstructionColumns {
  static let ofOrder = [
    "gift_wrap", "gift_card", "gift_from", "gift_to", "hide_prices", "packing", "take_back",
    "packing_remark", "invoice", "invoice_form", "invoice_name", "tax_number", "invoice_to",
    "consolidated", "care", "no_entry_before", "delivery_text",
  ]
  static let ofLine = ["line_packing", "line_gift_wrap"]

  /// Nil for nothing.
  static func order(
    _ values: [String: String], _ line: Int
  ) throws -> OrdersV1.OrderInstructions? {
    guard ofOrder.contains(where: { !(values[$0] ?? "").isEmpty }) else { return nil }
    let text = { (name: String) in values[name] ?? "" }
    func choice<Value: Sendable>(_ name: String, _ all: Choice<Value>) throws -> Value? {
      try text(name).isEmpty ? nil : read(name, line) { try all(text(name)) }
    }
    func flag(_ name: String) throws -> Bool { try self.flag(text(name), name, line) }
    var minute: Int32?
    if !text("no_entry_before").isEmpty {
      guard let clock = ClockArgument(argument: text("no_entry_before")) else {
        throw Failure(
          "line \(line): no_entry_before \(text("no_entry_before")) is no time such as 08:30")
      }
      minute = clock.minute
    }
    let care = try text("care").split(separator: " ").map { name in
      try read("care", line) { try cares(String(name)) }
    }
    let gift = OrdersV1.Gift(
      wrap: try flag("gift_wrap"), cardText: text("gift_card"), sender: text("gift_from"),
      recipient: text("gift_to"), hidePrices: try flag("hide_prices"))
    let packing = OrdersV1.Packing(
      method: try choice("packing", packings) ?? .unspecified, takeBack: try flag("take_back"),
      remark: text("packing_remark"))
    let invoice = FinanceV1.InvoiceRequirement(
      kind: try choice("invoice", invoices) ?? .unspecified,
      form: try choice("invoice_form", forms) ?? .unspecified, buyerName: text("invoice_name"),
      taxNumber: text("tax_number"), sendTo: text("invoice_to"),
      consolidated: try flag("consolidated"))
    let remarks = OrdersV1.DeliveryRemarks(
      care: care, noEntryBeforeMinute: minute, text: text("delivery_text"))
    return .init(
      gift: gift == .init() ? nil : gift, packing: packing == .init() ? nil : packing,
      invoice: invoice == .init() ? nil : invoice, delivery: remarks == .init() ? nil : remarks)
  }

  /// Nil for nothing.
  static func line(
    _ values: [String: String], _ line: Int
  ) throws -> OrdersV1.LineInstructions? {
    let (method, wrap) = (values["line_packing"] ?? "", values["line_gift_wrap"] ?? "")
    guard !method.isEmpty || !wrap.isEmpty else { return nil }
    let isWrapped = try flag(wrap, "line_gift_wrap", line)
    return .init(
      gift: isWrapped ? .init(wrap: true) : nil,
      packing: method.isEmpty
        ? nil : .init(method: try read("line_packing", line) { try packings(method) }))
  }

  private static func flag(_ text: String, _ name: String, _ line: Int) throws -> Bool {
    switch text.lowercased() {
    case "yes": true
    case "", "no": false
    default: throw Failure("line \(line): \(name) \(text) is neither yes nor no")
    }
  }

  private static func read<Value>(
    _ name: String, _ line: Int, _ body: () throws -> Value
  ) throws -> Value {
    do { return try body() } catch { throw Failure("line \(line): \(name): \(error)") }
  }
}
