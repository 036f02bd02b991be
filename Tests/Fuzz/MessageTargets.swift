import Messages
import RPC

/// The codec: what decodes is the same after another round.
enum CodecTarget {
  /// The first byte chooses the message type.
  static func run(_ input: UnsafeRawBufferPointer) -> CInt {
    guard let first = input.first else { return 0 }
    let bytes = UnsafeRawBufferPointer(rebasing: input.dropFirst())
    let rounds = CodecTarget.rounds
    rounds[Int(first) % rounds.count](bytes)
    return 0
  }

  private static let rounds: [@Sendable (UnsafeRawBufferPointer) -> Void] = [
    { round(OrdersV1.PlaceOrderRequest.self, $0) }, { round(OrdersV1.PlaceOrderResponse.self, $0) },
    { round(CatalogV1.UpsertProductsRequest.self, $0) },
    { round(CustomersV1.UpsertCustomersRequest.self, $0) },
    { round(ProductionV1.UpsertBillsOfMaterialRequest.self, $0) },
    { round(PurchasingV1.ReceiveGoodsRequest.self, $0) },
    { round(FinanceV1.ReceivePaymentRequest.self, $0) },
    { round(OrdersV1.ReplaceApprovalRulesRequest.self, $0) },
    { round(GRPCReflectionV1.ServerReflectionRequest.self, $0) },
    { round(EventsV1.Event.self, $0) }, { round(GoogleRPC.BadRequest.self, $0) },
  ]

  private static func round<M: WireMessage & Hashable>(_: M.Type, _ bytes: UnsafeRawBufferPointer) {
    guard let message = try? M(wire: bytes) else { return }
    let encoded = message.encoded()
    guard let again = try? M(wire: encoded) else {
      preconditionFailure("\(M.fullName) does not decode what it encoded")
    }
    precondition(again == message, "\(M.fullName) changes on its way")
    precondition(again.encoded() == encoded)
  }
}

/// JSON: text that is understood is the same after another round, and bytes of strangers are told
/// without a crash.
enum JSONTarget {
  /// The first byte chooses the message type, and whether text or bytes follow.
  static func run(_ input: UnsafeRawBufferPointer) -> CInt {
    guard let first = input.first else { return 0 }
    let mapping = JSONMapping()
    let type = types[Int(first >> 1) % types.count]
    let rest = [UInt8](input.dropFirst())
    let bytes: [UInt8]?
    if first & 1 == 0 {
      bytes = try? mapping.bytes(fromJSON: String(decoding: rest, as: UTF8.self), as: type)
    } else {
      bytes = rest
    }
    guard let bytes, let text = try? mapping.json(bytes, as: type) else { return 0 }
    guard let again = try? mapping.bytes(fromJSON: text, as: type),
      let textAgain = try? mapping.json(again, as: type)
    else { preconditionFailure("JSON of ours is not understood: \(text)") }
    precondition(textAgain == text, "JSON changes on its way")
    return 0
  }

  private static let types = [
    "joinery.orders.v1.PlaceOrderRequest", "joinery.catalog.v1.UpsertProductsRequest",
    "joinery.customers.v1.UpsertCustomersRequest", "joinery.finance.v1.ReceivePaymentRequest",
    "joinery.production.v1.UpsertBillsOfMaterialRequest", "joinery.events.v1.Event",
    "joinery.type.v1.Money", "google.protobuf.Timestamp", "google.type.Date",
    "google.protobuf.FieldMask",
  ]
}
