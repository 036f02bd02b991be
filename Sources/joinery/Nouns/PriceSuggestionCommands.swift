internal import ArgumentParser
internal import Messages
internal import RPC
internal import Values

private typealias Methods = PricingV1.PriceSuggestionServiceMethods
private let states = Choice(PricingV1.PriceSuggestionState.allCases, \.name)
private let facts = Choice(PricingV1.PriceFact.allCases, \.name)

extension PriceCommands {
  struct Suggest: RemoteCommand {
    typealias Response = PricingV1.SuggestPricesResponse
    static let configuration = CommandConfiguration(
      abstract: "Write down what rules suggest instead of the prices of a list: once a day, say.",
      discussion: "With --dry-run it shows what it would write.")
    static let method = Methods.suggestPrices
    @Argument(help: "The list; all that rules are about when absent.") var list: String = ""
    @Option(name: .long, help: "The day from which on they would hold; today when absent.")
    var day: DayArgument?
    @Option(name: .customLong("class"), help: "Only products of this class.")
    var productClass: String = ""
    @Option(name: .long, help: "Only this product.") var sku: String = ""
    @Option(name: .long, help: "Only products of which this supplier is asked first.")
    var supplier: String = ""
    @Option(name: .long, help: "Only what this rule suggests.") var rule: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PricingV1.SuggestPricesRequest {
      .init(
        priceListCode: list, day: day?.message, productClass: productClass, sku: sku,
        supplierCode: supplier, ruleCode: rule)
    }
  }

  struct Suggestions: RemoteCommand {
    typealias Response = PricingV1.ListPriceSuggestionsResponse
    static let configuration = CommandConfiguration(
      abstract: "What rules have suggested, the newest first.")
    static let method = Methods.listPriceSuggestions
    @Option(
      name: .long, help: ArgumentHelp("Only those in this state: \(states.help)."),
      transform: states.callAsFunction)
    var state: PricingV1.PriceSuggestionState?
    @Option(name: .long, help: "Only those of this list.") var list: String = ""
    @Option(name: .long, help: "Only those for this product.") var sku: String = ""
    @Option(name: .long, help: "Only those of this rule.") var rule: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> PricingV1.ListPriceSuggestionsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, state: state ?? .unspecified,
        priceListCode: list, sku: sku, ruleCode: rule)
    }
  }

  struct Suggestion: RemoteCommand {
    typealias Response = PricingV1.GetPriceSuggestionResponse
    static let configuration = CommandConfiguration(
      abstract: "One suggestion, with the facts and the arithmetic that led to it.")
    static let method = Methods.getPriceSuggestion
    @Argument(help: "Its id.") var id: Int64
    @OptionGroup var connection: ConnectionOptions
    func request() -> PricingV1.GetPriceSuggestionRequest { .init(id: id) }

    func judge(_ response: Response) {
      guard connection.output == .table, let one = response.suggestion else { return }
      let steps = (one.explanation?.steps ?? []) + (one.costExplanation?.steps ?? [])
      for step in steps { Terminal.standardOutput("  \(step.text) [\(step.rule)]") }
    }
  }

  struct Accept: RemoteCommand {
    typealias Response = PricingV1.AcceptPriceSuggestionsResponse
    static let configuration = CommandConfiguration(
      abstract: "Make suggestions prices; those beyond the band wait for somebody else.")
    static let method = Methods.acceptPriceSuggestions
    @Argument(help: "Their ids.") var ids: [Int64]
    @Option(name: .long, help: "First day of the new prices; today when absent.")
    var from: DayArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PricingV1.AcceptPriceSuggestionsRequest {
      .init(ids: ids, validFrom: from?.message)
    }
  }

  struct Approve: RemoteCommand {
    typealias Response = PricingV1.ApprovePriceSuggestionsResponse
    static let configuration = CommandConfiguration(
      abstract: "Agree to suggestions beyond the band that somebody else has accepted.")
    static let method = Methods.approvePriceSuggestions
    @Argument(help: "Their ids.") var ids: [Int64]
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PricingV1.ApprovePriceSuggestionsRequest { .init(ids: ids) }
  }

  struct Reject: RemoteCommand {
    typealias Response = PricingV1.RejectPriceSuggestionsResponse
    static let configuration = CommandConfiguration(
      abstract: "Reject suggestions that are open or wait for approval.")
    static let method = Methods.rejectPriceSuggestions
    @Argument(help: "Their ids.") var ids: [Int64]
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PricingV1.RejectPriceSuggestionsRequest { .init(ids: ids, reason: reason) }
  }

  struct Effects: RemoteCommand {
    typealias Response = PricingV1.ListPriceEffectsResponse
    static let configuration = CommandConfiguration(
      abstract: "What accepted suggestions did to sales: as many days before as after.")
    static let method = Methods.listPriceEffects
    @Option(name: .long, help: "Only of this list.") var list: String = ""
    @Option(name: .long, help: "Days to look at before and after, at most 90.")
    var days: Int32 = 28
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> PricingV1.ListPriceEffectsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, priceListCode: list, days: days)
    }
  }
}

extension PriceCommands {
  struct Rules: RemoteCommand {
    typealias Response = PricingV1.GetPriceSuggestionPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "The rules that suggest prices on a day, or a version of them.")
    static let method = Methods.getPriceSuggestionPolicy
    @Option(name: .long, help: "The day; today when absent.") var day: DayArgument?
    @Option(name: .long, help: "The version.") var version: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> PricingV1.GetPriceSuggestionPolicyRequest {
      .init(day: day?.message, version: version)
    }
  }

  struct RuleVersions: RemoteCommand {
    typealias Response = PricingV1.ListPriceSuggestionPoliciesResponse
    static let configuration = CommandConfiguration(
      commandName: "rule-versions",
      abstract: "The versions of the rules that suggest prices, the newest first.")
    static let method = Methods.listPriceSuggestionPolicies
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> PricingV1.ListPriceSuggestionPoliciesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct SetRules: RemoteCommand {
    typealias Response = PricingV1.SetPriceSuggestionPolicyResponse
    static let configuration = CommandConfiguration(
      commandName: "set-rules",
      abstract: "Replace the rules that suggest prices, from a day on.",
      discussion: """
        A rule is a list of NAME=VALUE. Which prices: list, class, sku, supplier. When: a fact and \
        a bound, as cover-days>=90 or margin<=20% (\(facts.help)), over window days of sales. \
        What: change (-10%) or margin (30%), ending (9.90/10: prices that end in 9.90). How far: \
        down and up from the price in force, list-down and list-up from the list price (as down \
        and up when absent), floor (a margin). How often: days. And expires (days), beyond (go \
        beyond the band; it takes two people) and auto (apply what lies within it). The first rule \
        that fits decides.

          joinery price set-rules --reason "as of spring" \\
            --rule "CLEAR,list=RETAIL,cover-days>=90,change=-10%,down=15%,list-down=30%,floor=20%,\
        days=14,ending=9/10" \\
            --rule "SCARCE,list=RETAIL,class=SOFA,cover-days<=7,incoming-units<=0,change=5%,up=5%,\
        days=30"

        Without any rule nothing is suggested from then on.
        """)
    static let method = Methods.setPriceSuggestionPolicy
    @Option(
      name: .long, help: ArgumentHelp("A rule, in turn.", valueName: "code,name=value,…"))
    var rule: [PriceRuleArgument] = []
    @Option(name: .long, help: "The first day; today when absent.") var validFrom: DayArgument?
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PricingV1.SetPriceSuggestionPolicyRequest {
      .init(validFrom: validFrom?.message, rules: rule.map(\.message), reason: reason)
    }
  }
}

/// "CLEAR,list=RETAIL,cover-days>=90,change=-10%,down=15%,floor=20%,days=14,ending=9/10".
struct PriceRuleArgument: ExpressibleByArgument {
  let message: PricingV1.PriceRule

  init?(argument: String) {
    let words = argument.split(separator: ",").map(String.init)
    guard let code = words.first else { return nil }
    var rule = PricingV1.PriceRule(code: code, minimumDays: 1)
    var farthest: [String: Int64] = [:]
    for word in words.dropFirst() {
      if let condition = Self.condition(word) {
        guard let condition else { return nil }
        rule.conditions.append(condition)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard let name = parts.first else { return nil }
      if parts.count == 1 {
        switch name {
        case "beyond": rule.beyondBand = true
        case "auto": rule.appliesWithinBand = true
        default: return nil
        }
      } else if name == "list-down" || name == "list-up" {
        guard let share = Self.share(parts[1]) else { return nil }
        farthest[name] = share
      } else if !Self.read(name, parts[1], into: &rule) {
        return nil
      }
    }
    rule.farthestDownMicros = farthest["list-down"] ?? rule.mostDownMicros
    rule.farthestUpMicros = farthest["list-up"] ?? rule.mostUpMicros
    message = rule
  }

  /// Nil where the word is none; with nothing found where it is one that says nothing.
  private static func condition(
    _ word: String
  ) -> PricingV1.PriceCondition?? {
    for sign in [">=", "<="] {
      let parts = word.split(separator: sign, maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      guard let fact = try? facts(parts[0]),
        let value = parts[1].hasSuffix("%")
          ? share(parts[1]) : FixedPoint.parse(parts[1], digits: 6)
      else { return .some(nil) }
      return .init(
        fact: fact, bound: sign == ">=" ? .atLeast : .atMost, valueMicros: value)
    }
    return nil
  }

  /// "-10%" or "12.5%".
  private static func share(_ text: String) -> Int64? {
    guard text.hasSuffix("%") else { return nil }
    return FixedPoint.parse(text.dropLast(), digits: 4)
  }

  private static func read(
    _ name: String, _ value: String, into rule: inout PricingV1.PriceRule
  ) -> Bool {
    switch name {
    case "list": rule.priceListCode = value
    case "class": rule.productClass = value
    case "sku": rule.sku = value
    case "supplier": rule.supplierCode = value
    case "window", "days", "expires":
      guard let days = Int32(value) else { return false }
      let field: WritableKeyPath<PricingV1.PriceRule, Int32> =
        name == "window"
        ? \.windowDays : name == "days" ? \.minimumDays : \.expiresAfterDays
      rule[keyPath: field] = days
    case "change", "margin", "floor", "down", "up":
      guard let share = share(value) else { return false }
      switch name {
      case "change": rule.action = .changeMicros(share)
      case "margin": rule.action = .targetMarginMicros(share)
      case "floor": rule.floorMarginMicros = share
      case "down": rule.mostDownMicros = share
      default: rule.mostUpMicros = share
      }
    case "ending":
      let parts = value.split(separator: "/").map(String.init)
      guard parts.count == 2, let ending = MoneyArgument(argument: parts[0]),
        let step = MoneyArgument(argument: parts[1])
      else { return false }
      (rule.ending, rule.endingStep) = (ending.message, step.message)
    default: return false
    }
    return true
  }
}
