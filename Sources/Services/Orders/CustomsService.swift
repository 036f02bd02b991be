internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verb and the question about goods that cross a border.
struct CustomsService: OrdersV1.CustomsService {
  let commands: CommandLog
  let questions: Questions

  func setTradeTerms(
    _ request: OrdersV1.SetTradeTermsRequest, context: CallContext
  ) async throws -> OrdersV1.SetTradeTermsResponse {
    var reader = RequestReader()
    let terms = request.terms.map { message in
      TradeTerms(
        incoterm: reader.choice(
          Incoterm(message.incoterm), message.incoterm.rawValue, "terms.incoterm") ?? .exw,
        place: message.namedPlace)
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let verb = SetTradeTerms(
        orderNumber: request.orderNumber, terms: terms, by: command.caller.name)
      let order = try verb.run(in: tx, at: command.moment)
      return .init(orderNumber: order.number, terms: order.tradeTerms.map { .init($0) })
    }
  }

  func getCustomsDocument(
    _ request: OrdersV1.GetCustomsDocumentRequest, context: CallContext
  ) async throws -> OrdersV1.GetCustomsDocumentResponse {
    var reader = RequestReader()
    if !request.shipmentNumber.isEmpty, !request.orderNumber.isEmpty {
      reader.refuse(.notBoth("shipment_number", and: "order_number"))
    }
    try FailureStatus.refusing { try reader.check() }
    return try await questions.ask(context) { snapshot in
      guard request.orderNumber.isEmpty else {
        let order = try SalesOrders.require(
          number: request.orderNumber, field: "order_number", in: snapshot)
        return .init(try CustomsDocument(of: order, in: snapshot))
      }
      let shipment = try Shipments.require(
        number: request.shipmentNumber, field: "shipment_number", in: snapshot)
      return .init(try CustomsDocument(of: shipment, in: snapshot))
    }
  }
}

extension OrdersV1.TradeTerms {
  init(_ terms: TradeTerms) {
    self.init(incoterm: terms.incoterm.message, namedPlace: terms.place)
  }
}

extension OrdersV1.GetCustomsDocumentResponse {
  fileprivate init(_ document: CustomsDocument) {
    let order = document.order
    self.init(
      orderNumber: order.number, shipmentNumber: document.shipment?.number ?? "",
      customerCode: order.customerCode, customerName: order.customerName,
      address: document.delivery?.address.map { OrdersV1.DeliveryAddress($0) },
      terms: order.tradeTerms.map { .init($0) }, carrier: document.carrier,
      waybill: document.shipment?.trackingNumber ?? "",
      lines: document.lines.map { .init($0) }, value: TypeV1.Money(document.value),
      netWeightGrams: document.netGrams, grossWeightGrams: document.grossGrams,
      cartons: document.cartons, missing: document.missing.map { TypeV1.Violation($0) },
      complete: document.isComplete)
  }
}

extension OrdersV1.CustomsLine {
  fileprivate init(_ line: CustomsDocument.Line) {
    let (product, customs) = (line.product, line.product.customs)
    self.init(
      orderLineNumber: Int32(line.number), sku: product.sku, description: line.description,
      descriptionEnglish: product.nameEnglish, hsCode: customs.hsCode,
      originCountryCode: customs.origin, quantity: TypeV1.Quantity(line.quantity, product.unit),
      netWeightGrams: line.netGrams, grossWeightGrams: line.grossGrams,
      value: TypeV1.Money(line.value), cartons: line.cartons,
      missing: line.missing.map { TypeV1.Violation($0) })
  }
}

extension Incoterm {
  fileprivate init?(_ message: OrdersV1.Incoterm) {
    guard let found = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = found
  }

  fileprivate var message: OrdersV1.Incoterm {
    switch self {
    case .exw: .exw
    case .fca: .fca
    case .cpt: .cpt
    case .cip: .cip
    case .dap: .dap
    case .dpu: .dpu
    case .ddp: .ddp
    case .fas: .fas
    case .fob: .fob
    case .cfr: .cfr
    case .cif: .cif
    }
  }
}
