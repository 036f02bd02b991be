import Messages
import RPC
import TestKit

// What a till says, and how its calls go.

func open(_ terminal: String, _ verdicts: Int = 0) -> TillsV1.SyncRequest {
  .init(step: .opening(.init(terminal: terminal, verdictsThrough: Int64(verdicts))))
}

func command(
  _ number: Int, _ method: String, _ request: [UInt8], key: String? = nil
) -> TillsV1.SyncRequest {
  .init(
    step: .command(
      .init(
        number: Int64(number), method: "joinery.orders.v1." + method, request: request,
        idempotencyKey: key ?? "key-of-\(number)")))
}

/// An order for lamps, refused when there are too few.
func sale(_ number: Int, _ shop: Shop, _ lamps: Int64, key: String? = nil) -> TillsV1.SyncRequest {
  let order = shop.input([("LAMP", lamps)], shortage: .refuse)
  return command(
    number, "OrderService/PlaceOrder", OrdersV1.PlaceOrderRequest(order: order).encoded(),
    key: key ?? "sale-\(number)")
}

func void(_ number: Int, _ reason: String) -> TillsV1.SyncRequest {
  .init(step: .voided(.init(number: Int64(number), reason: reason)))
}

/// A whole call: sends everything, closes its side, and returns every answer.
func sync(
  _ shop: Shop, _ sent: [TillsV1.SyncRequest], options: CallOptions? = nil
) async throws -> [TillsV1.SyncResponse] {
  let caller = options ?? CallOptions(metadata: ["joinery-actor": "li.na"])
  let responses = try await shop.tills.sync(options: caller) { writer in
    for message in sent { try await writer.write(message) }
  }
  var answers: [TillsV1.SyncResponse] = []
  for try await response in responses { answers.append(response) }
  return answers
}
