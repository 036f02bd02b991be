private import Foundation
private import Messages
private import RPC

/// GetOrder on 4 connections with 50 calls each under way. The load comes from h2load where it is
/// installed, which needs a fraction of the processor that our own client does; beside it our own
/// client asks all the time and checks that the answers are right.
struct ReadLoad {
  static let connections = 4
  static let streams = 50

  let port: Int
  let directory: String
  let tool = ["/usr/bin/h2load", "/usr/local/bin/h2load"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  var loader: String { tool == nil ? "joinery's client" : "h2load" }

  /// Calls answered per second.
  func run(calls: Int) async throws -> Double {
    let channel = RPCClient(.tcp(host: "127.0.0.1", port: port))
    let orders = OrdersV1.OrderServiceClient(channel: channel)
    let some = try await orders.listOrders(.init(pageSize: 1))
    guard let number = some.orders.first?.number else { throw BenchFailure("no order to get") }
    guard let tool else { return try await ownLoad(number, calls) }
    async let sampled: Void = sample(orders, number)
    let rate = try await Self.onThread { try h2load(tool, number, calls) }
    try await sampled
    await channel.close()
    return rate
  }

  private func sample(_ orders: OrdersV1.OrderServiceClient, _ number: String) async throws {
    for _ in 1...100 {
      let reply = try await orders.getOrder(.init(number: number))
      guard reply.order?.lines.count == 3 else { throw BenchFailure("a wrong order: \(reply)") }
    }
  }

  private func h2load(_ tool: String, _ number: String, _ calls: Int) throws -> Double {
    let message = OrdersV1.GetOrderRequest(number: number).encoded()
    let frame = [0, 0, 0, 0, UInt8(message.count)] + message
    let body = "\(directory)/request.bin"
    try Data(frame).write(to: URL(fileURLWithPath: body))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = [
      "-n", "\(calls)", "-c", "\(Self.connections)", "-m", "\(Self.streams)", "-t", "1",
      "-H", "content-type: application/grpc", "-H", "te: trailers", "-d", body,
      "http://127.0.0.1:\(port)\(OrdersV1.OrderServiceMethods.getOrder.path)",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard text.contains("\(calls) succeeded, 0 failed"),
      let rate = text.firstMatch(of: /([0-9.]+) req\/s/).flatMap({ Double($0.1) })
    else { throw BenchFailure("h2load said \(text)") }
    return rate
  }

  private func ownLoad(_ number: String, _ calls: Int) async throws -> Double {
    let next = Counter()
    let start = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 1...Self.connections {
        let channel = RPCClient(.tcp(host: "127.0.0.1", port: port))
        let orders = OrdersV1.OrderServiceClient(channel: channel)
        for _ in 1...Self.streams {
          group.addTask {
            while next.take(below: calls) != nil {
              _ = try await orders.getOrder(.init(number: number))
            }
          }
        }
      }
      try await group.waitForAll()
    }
    return Double(calls) / (ContinuousClock.now - start).inSeconds
  }

  /// Runs what blocks outside the pool of tasks.
  private static func onThread<R: Sendable>(
    _ body: @escaping @Sendable () throws -> R
  ) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result(catching: body)) }
    }
  }
}
