import JoineryClient

let channel = RPCClient(.tcp(host: "127.0.0.1", port: 50051))
let orders = OrdersV1.OrderServiceClient(channel: channel)
let chairs = OrdersV1.LineInput(
  sku: "CHAIR", quantity: .init(micros: 2_000_000, unitCode: "pcs"))
let order = OrdersV1.OrderInput(
  channel: .store, customerCode: "C-1", warehouseCode: "MAIN", lines: [chairs])
do {
  let reply = try await orders.placeOrder(
    .init(order: order),
    options: CallOptions(
      metadata: ["joinery-actor": "till-3", "idempotency-key": IdempotencyKey.fresh()],
      timeout: .seconds(10), waitsForReady: true))
  print(reply.order?.number ?? "", reply.order?.gross?.minorUnits ?? 0)
} catch {
  print("\(error.code.name): \(error.message)")
  for violation in error.detail(GoogleRPC.BadRequest.self)?.fieldViolations ?? [] {
    print(violation.field, violation.description)
  }
}
await channel.close()
