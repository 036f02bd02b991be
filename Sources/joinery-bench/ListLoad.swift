private import Messages
private import RPC
private import Synchronization

/// Users who look through lists of orders, each a page every now and then, while tills place
/// orders.
struct ListLoad {
  static let users = 50
  static let tills = 2
  /// How long a user looks at a page.
  private static let look: Duration = .milliseconds(100)

  private let port: Int
  private let channels: [RPCClient]

  init(port: Int) {
    self.port = port
    channels = (0..<4).map { _ in RPCClient(.tcp(host: "127.0.0.1", port: port)) }
  }

  /// What one run came to.
  struct Outcome {
    /// From each question to its page.
    var seconds: [Double]
    /// Orders placed meanwhile.
    var placed: Int
  }

  func run(pagesOfEach pages: Int) async throws -> Outcome {
    let isOver = Atomic(false)
    let orders = OrderLoad(port: port, callers: Self.tills)
    async let placed = orders.place { isOver.load(ordering: .relaxed) }
    let seconds = try await withThrowingTaskGroup(of: [Double].self) { group in
      for user in 0..<Self.users {
        let channel = channels[user % channels.count]
        group.addTask(executorPreference: channel.executor) {
          try await look(through: pages, as: user, .init(channel: channel))
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    isOver.store(true, ordering: .relaxed)
    for channel in channels { await channel.close() }
    return Outcome(seconds: seconds, placed: try await placed)
  }

  private func look(
    through pages: Int, as user: Int, _ orders: OrdersV1.OrderServiceClient
  ) async throws -> [Double] {
    var seconds: [Double] = []
    var question = OrdersV1.ListOrdersRequest()
    for page in 0..<pages {
      if page % 3 == 0 { question = Self.question(user + page / 3) }
      let start = ContinuousClock.now
      let reply = try await orders.listOrders(question)
      seconds.append((ContinuousClock.now - start).inSeconds)
      guard reply.orders.count == 50 else { throw BenchFailure("a page of \(reply.orders.count)") }
      question.pageToken = reply.nextPageToken
      // Users do not look up all at the same moment.
      try await Task.sleep(for: Self.look * Double.random(in: 0.5...1.5))
    }
    return seconds
  }

  /// The first page of each of the lists in turn.
  private static func question(_ number: Int) -> OrdersV1.ListOrdersRequest {
    switch number % 5 {
    case 0: .init()
    case 1: .init(customerCode: Company.customer(number % Company.customers))
    case 2: .init(state: .confirmed)
    case 3: .init(channel: .store)
    default: .init(prefix: "SO-")
    }
  }
}
