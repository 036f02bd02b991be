internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.ApprovalServiceMethods

/// `joinery approval …`
struct ApprovalCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approval", abstract: "What waits for whom, what was decided, and until when.",
    subcommands: [
      List.self, Show.self, Return.self, Sweep.self, Hours.self, SetHours.self,
    ])

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListApprovalsResponse
    static let configuration = CommandConfiguration(
      abstract: "Steps that somebody must decide now, the oldest first.")
    static let method = Methods.listApprovals
    @Flag(name: .long, help: "Only those that a role of yours may decide.") var mine = false
    @Flag(name: .long, help: "Only those that are past their due time.") var overdue = false
    @Option(name: .long, help: "Only those that this role may decide.") var role: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListApprovalsRequest {
      .init(
        role: role, overdue: overdue, mine: mine, pageSize: page.pageSize,
        pageToken: page.pageToken)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetApprovalsResponse
    static let configuration = CommandConfiguration(
      abstract: "Who agreed to an order, who did not, and why, round by round.")
    static let method = Methods.getApprovals
    @Argument(help: "Order number.") var order: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetApprovalsRequest { .init(orderNumber: order) }
  }

  struct Return: RemoteCommand {
    typealias Response = OrdersV1.ReturnOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Send an order back to be written otherwise; what was approved stays so.",
      discussion: """
        joinery approval return SO-2026-000123 --reason "12 % is too much for 4 chairs"
        joinery order change SO-2026-000123 --discount 8% --reason "as the boss says"
        joinery order submit SO-2026-000123
        """)
    static let method = Methods.returnOrder
    @Argument(help: "Order number.") var number: String
    @Option(name: .long, help: "What should be otherwise.") var reason: String
    @Option(name: .long, help: "Only at this version of the order.") var expectedVersion: Int64?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ReturnOrderRequest {
      .init(number: number, expectedVersion: expectedVersion, reason: reason)
    }
  }

  struct Sweep: RemoteCommand {
    typealias Response = OrdersV1.SweepApprovalsResponse
    static let configuration = CommandConfiguration(
      abstract: "Remind of what it is time for, and pass on what is overdue: every few minutes.")
    static let method = Methods.sweepApprovals
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SweepApprovalsRequest { .init() }
  }

  struct Hours: RemoteCommand {
    typealias Response = OrdersV1.GetBusinessHoursResponse
    static let configuration = CommandConfiguration(
      abstract: "When the company works: due times count these hours.")
    static let method = Methods.getBusinessHours
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetBusinessHoursRequest { .init() }
  }

  struct SetHours: RemoteCommand {
    typealias Response = OrdersV1.SetBusinessHoursResponse
    static let configuration = CommandConfiguration(
      abstract: "Say when the company works; replaces all of it.",
      discussion: """
        joinery approval set-hours --day mon-fri=09:00-18:00 --day sat=10:00-16:00 \\
          --special "2027-02-06=closed Spring Festival" --special 2027-02-14=09:00-18:00
        """)
    static let method = Methods.setBusinessHours
    @Option(
      name: .long, help: ArgumentHelp("Days that are worked.", valueName: "mon-fri=09:00-18:00"))
    var day: [WeekdayHoursArgument] = []
    @Option(
      name: .long, help: ArgumentHelp("A day that is otherwise.", valueName: "day=closed|hours"))
    var special: [SpecialDayArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetBusinessHoursRequest {
      .init(week: day.flatMap(\.messages), specialDays: special.map(\.message))
    }
  }
}

/// "09:00-18:00", as minutes of a day; a day ends at 24:00.
struct MinutesArgument: ExpressibleByArgument {
  let from: Int32
  let until: Int32

  init?(argument: String) {
    let minutes = argument.split(separator: "-").map { time -> Int32? in
      let parts = time.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].count == 2, let hour = Int32(parts[0]),
        let minute = Int32(parts[1]), (0...24).contains(hour), (0...59).contains(minute)
      else { return nil }
      return hour * 60 + minute
    }
    guard minutes.count == 2, let from = minutes[0], let until = minutes[1] else { return nil }
    self.from = from
    self.until = until
  }
}

extension OrdersV1.OpeningHours {
  fileprivate init?(argument: some StringProtocol) {
    guard let minutes = MinutesArgument(argument: String(argument)) else { return nil }
    self.init(opensMinute: minutes.from, closesMinute: minutes.until)
  }
}

/// "mon-fri=09:00-18:00".
struct WeekdayHoursArgument: ExpressibleByArgument {
  let messages: [OrdersV1.WeekdayHours]

  private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let hours = OrdersV1.OpeningHours(argument: parts[1]) else {
      return nil
    }
    let days = parts[0].lowercased().split(separator: "-").map {
      Self.names.firstIndex(of: String($0))
    }
    guard (1...2).contains(days.count), let first = days[0], let last = days[days.count - 1],
      first <= last
    else { return nil }
    messages = (first...last).map { .init(weekday: Int32($0 + 1), hours: hours) }
  }
}

/// "2027-02-06=closed Spring Festival", "2027-02-14=09:00-18:00".
struct SpecialDayArgument: ExpressibleByArgument {
  let message: OrdersV1.SpecialDay

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let day = DayArgument(argument: String(parts[0])) else { return nil }
    let words = parts[1].split(separator: " ", maxSplits: 1)
    guard let first = words.first else { return nil }
    let hours = OrdersV1.OpeningHours(argument: first)
    guard hours != nil || first == "closed" else { return nil }
    message = .init(
      day: day.message, hours: hours, name: words.count == 2 ? String(words[1]) : "")
  }
}
