internal import ArgumentParser
internal import Messages
internal import RPC
internal import Values

private typealias Methods = OrdersV1.IntakeServiceMethods
private let channels = Choice(OrdersV1.Channel.allCases, \.name)
private let sourcings = Choice(OrdersV1.Sourcing.allCases, \.name)
private let elements = Choice(OrdersV1.OrderElement.allCases, \.name)
private let holds = Choice(OrdersV1.OrderHoldKind.allCases, \.name)
private let dimensions = Choice(OrdersV1.FindingDimension.allCases, \.name)

/// `joinery validation …`
struct ValidationCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validation",
    abstract: "What orders are checked for, and what was wrong with them.",
    subcommands: [Policy.self, SetPolicy.self, Report.self, Findings.self])

  struct Policy: RemoteCommand {
    typealias Response = OrdersV1.GetValidationPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "What orders of today are checked for, of another day, or one version of it.")
    static let method = Methods.getValidationPolicy
    @Option(name: .long, help: "Of orders that are submitted on this day.") var day: DayArgument?
    @Option(name: .long, help: "This version.") var policyVersion: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetValidationPolicyRequest {
      .init(day: day?.message, version: policyVersion)
    }
  }

  struct SetPolicy: RemoteCommand {
    typealias Response = OrdersV1.SetValidationPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "Make a new version of what orders are checked for, from a day on.",
      discussion: """
        A rule is its code, then a list of NAME=VALUE. Which orders: channel (\(channels.help)), \
        class of the customer, sourcing of a line (\(sourcings.help)). What is looked for, one of: \
        required (\(elements.help)); format (an element) with pattern, where # is a digit, @ a \
        letter, ? anything and * the rest, | between patterns, and country; postcode (how it \
        begins) with region (how its code begins) and country; quantity or amount (so many times \
        the usual spread above the usual), with history (so many orders at least); duplicate (so \
        many hours); newcomer (only customers with fewer orders so far) with most (of one \
        product) and most-amount; day (earliest/latest, in days from today); credit (such a \
        share of the limit, as 90%); overdue (an invoice unpaid so many days after it was due); \
        terms (of payment, \
        "30d" for so many days to pay at most, "50%" for such a share paid ahead at least, with / \
        between), with closed (only customers with fewer orders paid and done). \
        dispatch=yes looks at overdue and credit again when goods leave. What then: \
        hold (\(holds.help)); without it the order is refused.

          joinery validation set-policy --reason "promotion week" \\
            --rule TWICE:duplicate=24,hold=duplicate \\
            --rule TYPO:quantity=5,history=5,hold=outlier \\
            --rule MOBILE:format=phone,pattern=1##########,country=CN,hold=address \\
            --rule SHANGHAI:country=CN,postcode=20,region=31,hold=address \\
            --rule WEB:channel=web,required=external-id \
            --rule LATE:overdue=30,hold=credit,dispatch=yes \
            --rule FULL:credit=90%,hold=credit \
            --rule FIRST:newcomer=3,most=20,most-amount=20000,hold=outlier \
            --rule PAST:day=0/180 \
            --rule NEW:terms=0d/50%,closed=3,hold=credit
        """)
    static let method = Methods.setValidationPolicy
    @Option(name: .long, help: "First day of the orders that it is for; today when absent.")
    var validFrom: DayArgument?
    @Option(name: .long, help: ArgumentHelp("A rule.", valueName: "code:name=value,…"))
    var rule: [ValidationRuleArgument] = []
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetValidationPolicyRequest {
      .init(validFrom: validFrom?.message, rules: rule.map(\.message), reason: reason)
    }
  }

  struct Report: RemoteCommand {
    typealias Response = OrdersV1.GetFindingReportResponse
    static let configuration = CommandConfiguration(
      abstract: "How often what was wrong with orders.")
    static let method = Methods.getFindingReport
    @Option(name: .long, help: "First day; 90 days before the last when absent.")
    var from: DayArgument?
    @Option(name: .long, help: "Last day; today when absent.") var until: DayArgument?
    @Option(
      name: .long, help: ArgumentHelp("Count by: \(dimensions.help); by all when absent."),
      transform: dimensions.callAsFunction)
    var by: [OrdersV1.FindingDimension] = []
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetFindingReportRequest {
      .init(foundFrom: from?.message, foundUntil: until?.message, dimensions: by)
    }
  }

  struct Findings: RemoteCommand {
    typealias Response = OrdersV1.ListFindingsResponse
    static let configuration = CommandConfiguration(
      abstract: "What was found, and about which orders, the newest first.")
    static let method = Methods.listFindings
    @Option(name: .long, help: "Only of this rule, or refused for this reason.")
    var cause: String = ""
    @Option(
      name: .long, help: ArgumentHelp("Only of orders that came by: \(channels.help)."),
      transform: channels.callAsFunction)
    var channel: OrdersV1.Channel?
    @Option(name: .long, help: "Only of this file or marketplace.") var source: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListFindingsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, cause: cause,
        channel: channel ?? .unspecified, source: source)
    }
  }
}

/// "TYPO:quantity=5,history=5,hold=outlier".
struct ValidationRuleArgument: ExpressibleByArgument {
  let message: OrdersV1.ValidationRule

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    var values: [String: String] = [:]
    for word in parts[1].split(separator: ",") {
      let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2, values.updateValue(pair[1], forKey: pair[0]) == nil else { return nil }
    }
    var rule = OrdersV1.ValidationRule(code: parts[0])
    rule.customerClass = values.removeValue(forKey: "class") ?? ""
    do {
      if let word = values.removeValue(forKey: "channel") { rule.channel = try channels(word) }
      if let word = values.removeValue(forKey: "sourcing") { rule.sourcing = try sourcings(word) }
      if let word = values.removeValue(forKey: "hold") { rule.hold = try holds(word) }
      if let word = values.removeValue(forKey: "dispatch") {
        guard word == "yes" else { return nil }
        rule.atDispatch = true
      }
      guard let condition = try Self.condition(&values) else { return nil }
      rule.condition = condition
    } catch {
      return nil
    }
    guard values.isEmpty else { return nil }
    message = rule
  }

  private static func condition(
    _ values: inout [String: String]
  ) throws -> OrdersV1.ValidationRule.Condition? {
    if let word = values.removeValue(forKey: "required") { return .required(try elements(word)) }
    if let word = values.removeValue(forKey: "format") {
      let patterns = values.removeValue(forKey: "pattern") ?? ""
      return .format(
        .init(
          element: try elements(word), patterns: patterns.split(separator: "|").map(String.init),
          countryCode: values.removeValue(forKey: "country") ?? ""))
    }
    if let prefix = values.removeValue(forKey: "postcode") {
      return .region(
        .init(
          countryCode: values.removeValue(forKey: "country") ?? "", postcodePrefix: prefix,
          regionPrefix: values.removeValue(forKey: "region") ?? ""))
    }
    if let word = values.removeValue(forKey: "quantity") {
      return outlier(word, &values).map { .quantityOutlier($0) }
    }
    if let word = values.removeValue(forKey: "amount") {
      return outlier(word, &values).map { .amountOutlier($0) }
    }
    if let days = values.removeValue(forKey: "overdue") {
      return Int32(days).map { .overdueDays($0) }
    }
    if let words = values.removeValue(forKey: "terms") {
      return terms(words, &values).map { .terms($0) }
    }
    if let fewer = values.removeValue(forKey: "newcomer") {
      return newcomer(fewer, &values).map { .newcomer($0) }
    }
    if let words = values.removeValue(forKey: "day") { return days(words) }
    if let word = values.removeValue(forKey: "credit") {
      return RateArgument(argument: word).map { .credit(.init(shareMicros: $0.micros)) }
    }
    return values.removeValue(forKey: "duplicate").flatMap { Int32($0) }.map { .duplicateHours($0) }
  }

  private static func newcomer(
    _ fewer: String, _ values: inout [String: String]
  ) -> OrdersV1.NewcomerLimit? {
    guard let orders = Int32(fewer) else { return nil }
    var limit = OrdersV1.NewcomerLimit(fewerOrders: orders)
    if let word = values.removeValue(forKey: "most") {
      guard let most = FixedPoint.parse(word, digits: 6) else { return nil }
      limit.mostQuantityMicros = most
    }
    if let word = values.removeValue(forKey: "most-amount") {
      guard let most = MoneyArgument(argument: word) else { return nil }
      limit.mostAmount = most.message
    }
    return limit
  }

  /// "0/180", or "0" alone.
  private static func days(_ words: String) -> OrdersV1.ValidationRule.Condition? {
    let parts = words.split(separator: "/", omittingEmptySubsequences: false).map { Int32($0) }
    guard (1...2).contains(parts.count), let earliest = parts[0] else { return nil }
    guard parts.count == 2 else { return .requestedDay(.init(earliestDays: earliest)) }
    guard let latest = parts[1] else { return nil }
    return .requestedDay(.init(earliestDays: earliest, latestDays: latest))
  }

  /// "30d/50%".
  private static func terms(
    _ words: String, _ values: inout [String: String]
  ) -> OrdersV1.TermsLimit? {
    var limit = OrdersV1.TermsLimit()
    for word in words.split(separator: "/") {
      if word.hasSuffix("d"), limit.mostNetDays == nil, let days = Int32(word.dropLast()) {
        limit.mostNetDays = days
      } else if limit.leastDepositMicros == nil, let share = RateArgument(argument: String(word)) {
        limit.leastDepositMicros = share.micros
      } else {
        return nil
      }
    }
    guard let closed = Int32(values.removeValue(forKey: "closed") ?? "0") else { return nil }
    limit.fewerClosedOrders = closed
    return limit
  }

  private static func outlier(
    _ factor: String, _ values: inout [String: String]
  ) -> OrdersV1.Outlier? {
    guard let micros = FixedPoint.parse(factor, digits: 6),
      let history = Int32(values.removeValue(forKey: "history") ?? "0")
    else { return nil }
    return .init(factorMicros: micros, minimumHistory: history)
  }
}
