private import Messages
internal import RPC
private import Synchronization

/// Callers that place orders one after the other, over four connections, each on the thread of its
/// connection: of what is measured, as little as can be is the callers' own work.
struct OrderLoad {
  private struct Till {
    let orders: OrdersV1.OrderServiceClient
    let executor: (any TaskExecutor)?
  }

  private let tills: [Till]
  private let callers: Int
  private let key: String?
  private let next = Counter()

  /// With an API key callers prove who they are; without they say it.
  init(port: Int, callers: Int, connections: Int = 4, key: String? = nil) {
    tills = (0..<min(connections, callers)).map { _ in
      let channel = RPCClient(.tcp(host: "127.0.0.1", port: port))
      return Till(
        orders: OrdersV1.OrderServiceClient(channel: channel), executor: channel.executor)
    }
    self.callers = callers
    self.key = key
  }

  /// In this process.
  init(channel: any ClientChannel, callers: Int) {
    tills = [Till(orders: OrdersV1.OrderServiceClient(channel: channel), executor: nil)]
    self.callers = callers
    key = nil
  }

  /// Places `count` orders; seconds from the first request to the last reply.
  @discardableResult
  func place(_ count: Int) async throws -> Double {
    let start = ContinuousClock.now
    let left = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<min(callers, count) {
        let till = tills[caller % tills.count]
        group.addTask(executorPreference: till.executor) {
          while left.take(below: count) != nil { try await placeNext(till.orders) }
        }
      }
      try await group.waitForAll()
    }
    return (ContinuousClock.now - start).inSeconds
  }

  /// Places orders until it is over; how many.
  func place(until isOver: @escaping @Sendable () -> Bool) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for caller in 0..<callers {
        let till = tills[caller % tills.count]
        group.addTask(executorPreference: till.executor) {
          var placed = 0
          while !isOver() {
            try await placeNext(till.orders)
            placed += 1
          }
          return placed
        }
      }
      return try await group.reduce(0, +)
    }
  }

  /// Places one order; seconds from the request to the reply.
  @discardableResult
  func placeOne() async throws -> Double {
    try await withTaskExecutorPreference(tills[0].executor) {
      let start = ContinuousClock.now
      try await placeNext(tills[0].orders)
      return (ContinuousClock.now - start).inSeconds
    }
  }

  /// Calls that wait for their answer at once in a flood: twice what the server's queue takes. Tens
  /// of thousands would measure the caller's memory.
  private static let mostUnanswered = 8_192

  /// Sends `rate` orders a second for so many seconds, or as many of them as can be waited for.
  func flood(_ rate: Double, seconds: Double) async -> FloodOutcome {
    let start = ContinuousClock.now
    let answered = Counter()
    var flood = await withTaskGroup(of: RPCError.Code?.self) { group in
      var sent = 0
      while true {
        let elapsed = (ContinuousClock.now - start).inSeconds
        if elapsed >= seconds { break }
        while Double(sent) < elapsed * rate,
          sent - answered.taken < Self.mostUnanswered
        {
          let till = tills[sent % tills.count]
          sent += 1
          group.addTask(executorPreference: till.executor) {
            defer { _ = answered.take() }
            do {
              try await placeNext(till.orders)
              return nil
            } catch { return (error as? RPCError)?.code ?? .unknown }
          }
        }
        try? await Task.sleep(for: .milliseconds(2))
      }
      var flood = FloodOutcome()
      for await code in group {
        switch code {
        case nil: flood.placed += 1
        case .resourceExhausted?: flood.shed += 1
        default: flood.failed += 1
        }
      }
      return flood
    }
    flood.afterwards = (ContinuousClock.now - start).inSeconds - seconds
    return flood
  }

  /// An order that is not confirmed at once ends the run: it would be another amount of work.
  private func placeNext(_ client: OrdersV1.OrderServiceClient) async throws {
    let reply = try await client.placeOrder(
      Company.order(next.take()), options: Company.command(key: key))
    guard reply.order?.state == .confirmed else {
      throw BenchFailure("an order was not confirmed: \(reply)")
    }
  }
}

/// Numbers from 0, each to one taker.
final class Counter: Sendable {
  private let value = Atomic(0)

  var taken: Int { value.load(ordering: .relaxed) }

  func take() -> Int {
    value.wrappingAdd(1, ordering: .relaxed).oldValue
  }

  func take(below limit: Int) -> Int? {
    let number = take()
    return number < limit ? number : nil
  }
}
