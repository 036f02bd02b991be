private import Messages
internal import RPC
private import Synchronization

/// Callers that place orders one after the other, over four connections.
struct OrderLoad {
  private let channels: [any ClientChannel]
  private let callers: Int

  init(port: Int, callers: Int) {
    let channels = (0..<min(4, callers)).map { _ in RPCClient(.tcp(host: "127.0.0.1", port: port)) }
    self.init(channels: channels, callers: callers)
  }

  init(channels: [any ClientChannel], callers: Int) {
    self.channels = channels
    self.callers = callers
  }

  /// Places `count` orders; seconds from the first request to the last reply. An order that is not
  /// confirmed at once ends the run: it would be another amount of work.
  @discardableResult
  func place(_ count: Int) async throws -> Double {
    let clients = channels.map { OrdersV1.OrderServiceClient(channel: $0) }
    let next = Counter()
    let start = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<min(callers, count) {
        let client = clients[caller % clients.count]
        group.addTask {
          while let number = next.take(below: count) {
            let reply = try await client.placeOrder(
              Company.order(number), options: Company.command())
            guard reply.order?.state == .confirmed else {
              throw BenchFailure("an order was not confirmed: \(reply)")
            }
          }
        }
      }
      try await group.waitForAll()
    }
    return (ContinuousClock.now - start).inSeconds
  }
}

/// Numbers from 0, each to one taker.
final class Counter: Sendable {
  private let value = Atomic(0)

  func take(below limit: Int) -> Int? {
    let number = value.wrappingAdd(1, ordering: .relaxed).oldValue
    return number < limit ? number : nil
  }
}
