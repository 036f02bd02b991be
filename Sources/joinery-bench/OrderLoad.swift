private import Messages
internal import RPC
private import Synchronization

/// Callers that place orders one after the other, over four connections.
struct OrderLoad {
  private let clients: [OrdersV1.OrderServiceClient]
  private let callers: Int
  private let next = Counter()

  init(port: Int, callers: Int) {
    let channels = (0..<min(4, callers)).map { _ in RPCClient(.tcp(host: "127.0.0.1", port: port)) }
    self.init(channels: channels, callers: callers)
  }

  init(channels: [any ClientChannel], callers: Int) {
    clients = channels.map { OrdersV1.OrderServiceClient(channel: $0) }
    self.callers = callers
  }

  /// Places `count` orders; seconds from the first request to the last reply.
  @discardableResult
  func place(_ count: Int) async throws -> Double {
    let start = ContinuousClock.now
    let left = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<min(callers, count) {
        group.addTask {
          let client = clients[caller % clients.count]
          while left.take(below: count) != nil { try await placeNext(client) }
        }
      }
      try await group.waitForAll()
    }
    return (ContinuousClock.now - start).inSeconds
  }

  /// Places one order from the task that asks; seconds from the request to the reply.
  @discardableResult
  func placeOne() async throws -> Double {
    let start = ContinuousClock.now
    try await placeNext(clients[0])
    return (ContinuousClock.now - start).inSeconds
  }

  /// An order that is not confirmed at once ends the run: it would be another amount of work.
  private func placeNext(_ client: OrdersV1.OrderServiceClient) async throws {
    let reply = try await client.placeOrder(
      Company.order(next.take()), options: Company.command())
    guard reply.order?.state == .confirmed else {
      throw BenchFailure("an order was not confirmed: \(reply)")
    }
  }
}

/// Numbers from 0, each to one taker.
final class Counter: Sendable {
  private let value = Atomic(0)

  func take() -> Int {
    value.wrappingAdd(1, ordering: .relaxed).oldValue
  }

  func take(below limit: Int) -> Int? {
    let number = take()
    return number < limit ? number : nil
  }
}
