private import Messages
private import RPC

/// One caller who changes orders of ten lines that hold stock, each time after a preview, as a
/// salesperson does who has the customer on the telephone.
struct ChangeLoad {
  static let lines = 10
  /// Each version of an order is kept: so many changes, then another order.
  private static let changesOfAnOrder = 20

  private let channel: RPCClient
  private let orders: OrdersV1.OrderServiceClient

  init(port: Int) {
    channel = RPCClient(.tcp(host: "127.0.0.1", port: port))
    orders = OrdersV1.OrderServiceClient(channel: channel)
  }

  /// Seconds from each request to its answer, of previews and of the changes that follow them.
  func change(_ count: Int) async throws -> (previews: [Double], changes: [Double]) {
    var previews: [Double] = []
    var changes: [Double] = []
    var number = ""
    for turn in 0..<count {
      if turn % Self.changesOfAnOrder == 0 { number = try await place(turn) }
      var request = OrdersV1.ChangeOrderRequest(
        number: number, change: .init(lines: Self.quantities(turn)), reason: "the customer called")
      let (shown, preview) = try await timed(request, dryRun: true)
      request.preview = shown.preview
      let (done, change) = try await timed(request, dryRun: false)
      guard done.impact == shown.impact else { throw BenchFailure("not as shown: \(done)") }
      previews.append(preview)
      changes.append(change)
    }
    return (previews, changes)
  }

  func close() async { await channel.close() }

  /// Three lines have one more, or one less.
  private static func quantities(_ turn: Int) -> [OrdersV1.LineChange] {
    [1, 4, 9].map {
      .init(lineNumber: Int32($0), quantity: .init(micros: turn % 2 == 0 ? 2_000_000 : 1_000_000))
    }
  }

  private func place(_ turn: Int) async throws -> String {
    var request = Company.order(turn)
    request.order?.lines = (0..<Self.lines).map {
      .init(sku: Company.sku((turn + $0) % Company.products), quantity: .init(micros: 1_000_000))
    }
    return try await orders.placeOrder(request, options: Company.command()).order?.number ?? ""
  }

  private func timed(
    _ request: OrdersV1.ChangeOrderRequest, dryRun: Bool
  ) async throws -> (reply: OrdersV1.ChangeOrderResponse, seconds: Double) {
    var options = Company.command()
    if dryRun { options.metadata.add("dry-run", "true") }
    return try await withTaskExecutorPreference(channel.executor) {
      let start = ContinuousClock.now
      let reply = try await orders.changeOrder(request, options: options)
      return (reply, (ContinuousClock.now - start).inSeconds)
    }
  }
}
