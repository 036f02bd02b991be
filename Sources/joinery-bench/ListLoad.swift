private import Messages
private import RPC
private import Synchronization

/// Users who look through lists of orders and search for some, each a page every now and then,
/// while tills place orders.
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
    /// From each question to its page: what an index leads to.
    var lists: [Double] = []
    /// What has to be looked for among what an index leads to.
    var searches: [Double] = []
    /// Orders placed meanwhile.
    var placed = 0
  }

  func run(pagesOfEach pages: Int) async throws -> Outcome {
    let isOver = Atomic(false)
    let orders = OrderLoad(port: port, callers: Self.tills)
    async let placed = orders.place { isOver.load(ordering: .relaxed) }
    var outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
      for user in 0..<Self.users {
        let channel = channels[user % channels.count]
        group.addTask(executorPreference: channel.executor) {
          try await look(through: pages, as: user, .init(channel: channel))
        }
      }
      return try await group.reduce(into: Outcome()) {
        $0.lists += $1.lists
        $0.searches += $1.searches
      }
    }
    isOver.store(true, ordering: .relaxed)
    for channel in channels { await channel.close() }
    outcome.placed = try await placed
    return outcome
  }

  private func look(
    through pages: Int, as user: Int, _ orders: OrdersV1.OrderServiceClient
  ) async throws -> Outcome {
    var outcome = Outcome()
    var question = OrdersV1.ListOrdersRequest()
    // Users do not come all at the same moment: fifty questions at once would be a page in twenty.
    try await Task.sleep(for: Self.look * Double.random(in: 0...1))
    let newest = try await orders.listOrders(.init(pageSize: 1)).orders.first?.number ?? ""
    for page in 0..<pages {
      let number = user + page / 3
      let isSearch = number.isMultiple(of: 2)
      if page % 3 == 0 || question.pageToken.isEmpty {
        question = isSearch ? Self.search(number / 2, newest) : Self.list(number / 2)
      }
      let start = ContinuousClock.now
      let reply = try await orders.listOrders(question)
      let seconds = (ContinuousClock.now - start).inSeconds
      if isSearch {
        outcome.searches.append(seconds)
      } else {
        outcome.lists.append(seconds)
        guard reply.orders.count == 50 else {
          throw BenchFailure("a page of \(reply.orders.count)")
        }
      }
      question.pageToken = reply.nextPageToken
      try await Task.sleep(for: Self.look * Double.random(in: 0.5...1.5))
    }
    return outcome
  }

  /// The first page of each of the lists in turn.
  private static func list(_ number: Int) -> OrdersV1.ListOrdersRequest {
    switch number % 5 {
    case 0: .init()
    case 1: .init(customerCode: Company.customer(number % Company.customers))
    case 2: .init(state: .confirmed)
    case 3: .init(channel: .store)
    default: .init(createdWithinDays: 30)
    }
  }

  /// The first page of each of the searches in turn; `newest` is an order's number.
  private static func search(_ number: Int, _ newest: String) -> OrdersV1.ListOrdersRequest {
    let sku = Company.sku(number % Company.products)
    switch number % 6 {
    case 0: return .init(prefix: newest)
    case 1: return .init(prefix: String(newest.dropLast(2)))
    case 2: return .init(customerCode: Company.customer(number % Company.customers), sku: sku)
    // One order in 33 has it.
    case 3: return .init(state: .confirmed, sku: sku)
    // None comes to so much.
    case 4: return .init(grossFrom: .init(currencyCode: "CNY", minorUnits: 1_000_000_00))
    default:
      return .init(
        channel: .store, grossFrom: .init(currencyCode: "CNY", minorUnits: 1_000_00),
        createdWithinDays: 30)
    }
  }
}
