private import Messages
private import RPC

/// A file of orders that is imported row by row, as a web shop's night would be.
struct ImportLoad {
  static let orders = 10_000
  private static let together = 50

  private let channel: RPCClient
  private let intake: OrdersV1.IntakeServiceClient

  init(port: Int) {
    channel = RPCClient(.tcp(host: "127.0.0.1", port: port))
    intake = OrdersV1.IntakeServiceClient(channel: channel)
  }

  /// Seconds from the first row to the last verdict.
  func run() async throws -> Double {
    let start = ContinuousClock.now
    let replies = try await intake.importOrders(options: Company.command()) { writer in
      try await writer.write(.init(opening: .init(mode: .bestEffort, source: "bench")))
      for first in stride(from: 0, to: Self.orders, by: Self.together) {
        let rows = (first..<first + Self.together).map { number in
          var order = Company.order(number).order ?? .init()
          order.channel = .web
          order.externalId = "W-\(number)"
          return OrdersV1.ImportRow(row: Int64(number + 1), order: order)
        }
        try await writer.write(.init(rows: rows))
      }
    }
    var done = 0
    for try await reply in replies {
      let counts = reply.counts ?? .init()
      guard counts.waiting + counts.refused == 0 else { throw BenchFailure("refused: \(reply)") }
      done += Int(counts.placed + counts.unchanged)
    }
    guard done == Self.orders else { throw BenchFailure("\(done) orders were answered") }
    return (ContinuousClock.now - start).inSeconds
  }

  /// That, and how long each order of a till took meanwhile.
  func run(beside till: OrderLoad) async throws -> (seconds: Double, till: [Double]) {
    let finished = Counter()
    async let waits = place(till, until: finished)
    let seconds = try await run()
    _ = finished.take()
    return (seconds, try await waits)
  }

  private func place(_ till: OrderLoad, until finished: Counter) async throws -> [Double] {
    var seconds: [Double] = []
    while finished.taken == 0 { seconds.append(try await till.placeOne()) }
    return seconds
  }

  func close() async { await channel.close() }
}
