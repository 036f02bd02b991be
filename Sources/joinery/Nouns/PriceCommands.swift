internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = PricingV1.PricingServiceMethods
private let channels = Choice(OrdersV1.Channel.allCases, \.name)

/// `joinery price …`
struct PriceCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "price", abstract: "What orders cost, and why; and what prices could be instead.",
    subcommands: [
      Order.self, TaxPolicies.self, SetTaxPolicies.self, SetTaxRate.self, Promotions.self,
      SetPromotion.self,
      PromotionLimit.self, SetPromotionLimit.self,
      Coupon.self, SetCoupon.self, Charges.self, SetCharges.self, Zones.self,
      SetZones.self, Suggest.self, Suggestions.self, Suggestion.self, Accept.self, Approve.self,
      Reject.self, Effects.self, Rules.self, RuleVersions.self, SetRules.self,
    ])

  struct Order: RemoteCommand {
    typealias Response = PricingV1.PriceOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "What an order would cost, with every reason; nothing is written.")
    static let method = Methods.priceOrder
    @Option(name: .shortAndLong, help: "Customer code.") var customer: String
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("A line; give it again for more.", valueName: "sku:quantity[:discount%]"))
    var line: [OrderLineArgument] = []
    @Option(
      name: .long, help: ArgumentHelp("By which channel: \(channels.help)."),
      transform: channels.callAsFunction)
    var channel: OrdersV1.Channel = .store
    @Option(
      name: .long, help: ArgumentHelp("Discount on the whole order.", valueName: "5%|amount"))
    var discount: OrderDiscountArgument?
    @Option(name: .long, help: "A coupon; give it again for more.") var coupon: [String] = []
    @OptionGroup var delivery: DeliveryOptions
    @Option(name: .long, help: "Currency of the order; the customer's when absent.")
    var currency: String = ""
    @Option(name: .long, help: "On which day; today when absent.") var day: DayArgument?
    @OptionGroup var connection: ConnectionOptions

    func request() -> PricingV1.PriceOrderRequest {
      .init(
        order: .init(
          channel: channel, customerCode: customer, lines: line.map(\.message),
          discountMicros: discount?.micros ?? 0, discount: discount?.amount, couponCodes: coupon,
          delivery: delivery.message, currencyCode: currency),
        day: day?.message)
    }

    /// The reasons of the lines, which the table has no room for.
    func judge(_ response: Response) {
      guard connection.output == .table else { return }
      for line in response.lines {
        Terminal.standardOutput("\nline \(line.lineNumber), \(line.sku)")
        for step in line.explanation?.steps ?? [] {
          Terminal.standardOutput("  \(step.text) [\(step.rule)]")
        }
      }
    }
  }

  struct TaxPolicies: RemoteCommand {
    typealias Response = PricingV1.ListTaxPolicyRulesResponse
    static let configuration = CommandConfiguration(
      abstract: "Which orders are taxed and rounded how.")
    static let method = Methods.listTaxPolicyRules
    @OptionGroup var connection: ConnectionOptions
    func request() -> PricingV1.ListTaxPolicyRulesRequest { .init() }
  }

  struct SetTaxPolicies: RemoteCommand {
    typealias Response = PricingV1.ReplaceTaxPolicyRulesResponse
    static let configuration = CommandConfiguration(
      abstract: "Replace the rules that say which orders are taxed and rounded how.",
      discussion: """
        WHERE is a channel or `any`, and `/CLASS` for a class of customers; WHAT are words out of \
        included, excluded, line, document, half-away and half-even. The first rule that fits \
        decides; without any, taxes are excluded and rounded line by line.

          joinery price set-tax-policies --rule store=included --rule any/B2B=document
        """)
    static let method = Methods.replaceTaxPolicyRules
    @Option(name: .long, help: ArgumentHelp("A rule, in turn.", valueName: "where=what"))
    var rule: [TaxPolicyRuleArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PricingV1.ReplaceTaxPolicyRulesRequest { .init(rules: rule.map(\.message)) }
  }
}

extension PriceCommands {
  struct Promotions: RemoteCommand {
    typealias Response = PricingV1.ListPromotionsResponse
    static let configuration = CommandConfiguration(abstract: "Promotions by code.")
    static let method = Methods.listPromotions
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> PricingV1.ListPromotionsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct PromotionLimit: RemoteCommand {
    typealias Response = PricingV1.GetPromotionLimitResponse
    static let configuration = CommandConfiguration(
      commandName: "promotion-limit",
      abstract: "What all promotions of one order may take off together.")
    static let method = Methods.getPromotionLimit
    @OptionGroup var connection: ConnectionOptions
    func request() -> PricingV1.GetPromotionLimitRequest { .init() }
  }

  struct SetPromotionLimit: RemoteCommand {
    typealias Response = PricingV1.SetPromotionLimitResponse
    static let configuration = CommandConfiguration(
      commandName: "set-promotion-limit",
      abstract: "Set what all promotions of one order may take off together; nothing: no limit.")
    static let method = Methods.setPromotionLimit
    @Option(name: .long, help: "Of what the goods come to before promotions.")
    var share: RateArgument?
    @Option(name: .long, help: "An amount.") var amount: MoneyArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PricingV1.SetPromotionLimitRequest {
      .init(limit: .init(shareMicros: share?.micros, amount: amount?.message))
    }
  }

  struct SetPromotion: RemoteCommand {
    typealias Response = PricingV1.UpsertPromotionsResponse
    static let configuration = CommandConfiguration(
      abstract: "Add or change a promotion.",
      discussion: """
          joinery price set-promotion SPRING --name "Spring sale" --from 2026-03-01 --off 10%
          joinery price set-promotion DINING --name "Table and chairs" --from 2026-01-01 \\
            --set --item TABLE:1 --item CHAIR:4 --set-price 4999
        """)
    static let method = Methods.upsertPromotions
    @Argument(help: "Code.") var code: String
    @Option(name: .shortAndLong, help: "Name.") var name: String
    @Option(name: .long, help: "First day.") var from: DayArgument
    @Option(name: .long, help: "Last day.") var until: DayArgument?
    @Option(
      name: .long,
      help: ArgumentHelp(
        "Takes off this share, or this much of all its goods or of each set.",
        valueName: "10%|amount"))
    var off: OrderDiscountArgument?
    @Option(name: .long, help: "Each set costs this.") var setPrice: MoneyArgument?
    @Option(
      name: .long,
      help: ArgumentHelp("A product it is about; all when absent.", valueName: "sku[:quantity]"))
    var item: [PromotionItemArgument] = []
    @Flag(name: .long, help: "Its items make a set.") var set = false
    @Option(
      name: .long, help: ArgumentHelp("Only by this channel: \(channels.help)."),
      transform: channels.callAsFunction)
    var channel: OrdersV1.Channel?
    @Option(name: .customLong("class"), help: "Only for this class of customers.")
    var customerClass: String = ""
    @Option(name: .long, help: "Of those of one group the best counts.") var group: String = ""
    @Flag(name: .long, help: "It goes with no other.") var exclusive = false
    @Option(name: .long, help: "The larger comes first.") var priority: Int32 = 0
    @Flag(name: .long, help: "Not for lines with a discount or a negotiated price.")
    var fullPriceOnly = false
    @Flag(name: .long, help: "Only with one of its coupons.") var needsCoupon = false
    @Option(name: .long, help: "Only from so many on.") var minimumQuantity: QuantityArgument?
    @Option(name: .long, help: "Only from this amount on.") var minimumAmount: MoneyArgument?
    @Option(name: .long, help: "Takes off this much at most.") var cap: MoneyArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }

    func validate() throws {
      guard (off == nil) != (setPrice == nil) else {
        throw ValidationError("one of --off and --set-price says what it takes off")
      }
    }

    func request() -> PricingV1.UpsertPromotionsRequest {
      let effect: PricingV1.Promotion.Effect? =
        if let price = setPrice {
          .setPrice(price.message)
        } else {
          off.map { off in off.amount.map { .amount($0) } ?? .shareMicros(off.micros) }
        }
      return .init(promotions: [
        .init(
          code: code, name: name, validFrom: from.message, validUntil: until?.message,
          channel: channel ?? .unspecified, customerClass: customerClass, stackingGroup: group,
          exclusive: exclusive, priority: priority, fullPriceOnly: fullPriceOnly,
          needsCoupon: needsCoupon, items: item.map(\.message), set: set,
          minimumQuantity: minimumQuantity?.message, minimumAmount: minimumAmount?.message,
          effect: effect, cap: cap?.message)
      ])
    }
  }

  struct Coupon: RemoteCommand {
    typealias Response = PricingV1.GetCouponResponse
    static let configuration = CommandConfiguration(abstract: "One coupon with its uses.")
    static let method = Methods.getCoupon
    @Argument(help: "Code.") var code: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> PricingV1.GetCouponRequest { .init(code: code) }
  }

  struct SetCoupon: RemoteCommand {
    typealias Response = PricingV1.UpsertCouponsResponse
    static let configuration = CommandConfiguration(abstract: "Add or change a coupon.")
    static let method = Methods.upsertCoupons
    @Argument(help: "Code.") var code: String
    @Option(name: .long, help: "The promotion that it is for.") var promotion: String
    @Option(name: .shortAndLong, help: "The only customer who may use it.")
    var customer: String = ""
    @Option(name: .long, help: "Last day.") var until: DayArgument?
    @Option(name: .long, help: "How many orders may use it.") var limit: Int32 = 1
    @Option(name: .long, help: "How many orders of one customer may.") var customerLimit: Int32 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PricingV1.UpsertCouponsRequest {
      .init(coupons: [
        .init(
          code: code, promotionCode: promotion, customerCode: customer,
          validUntil: until?.message, limit: limit, customerLimit: customerLimit)
      ])
    }
  }
}

extension PriceCommands {
  struct Charges: RemoteCommand {
    typealias Response = PricingV1.ListChargeRulesResponse
    static let configuration = CommandConfiguration(
      abstract: "What is charged beside the goods, in the order in which it is tried.")
    static let method = Methods.listChargeRules
    @OptionGroup var connection: ConnectionOptions
    func request() -> PricingV1.ListChargeRulesRequest { .init() }
  }

  struct SetCharges: RemoteCommand {
    typealias Response = PricingV1.ReplaceChargeRulesResponse
    static let configuration = CommandConfiguration(
      abstract: "Replace the rules that say what is charged beside the goods.",
      discussion: """
        A rule is a list of NAME=VALUE: charge, sku (of a service), on (\(occasions.help)), zone, \
        channel, class, below (an amount from which on it is free), base, kg, m3, piece, floor \
        (prices), share and cap. Of the rules of one charge the first that fits decides.

          joinery price set-charges \\
            --rule charge=FREIGHT,sku=FREIGHT,on=delivery,zone=HZ,below=2000,base=30,kg=1.2 \\
            --rule charge=FREIGHT,sku=FREIGHT,on=delivery,zone=SH,base=80,m3=150 \\
            --rule charge=STAIRS,sku=CARRYING,on=stairs,floor=20
        """)
    static let method = Methods.replaceChargeRules
    @Option(name: .long, help: ArgumentHelp("A rule, in turn.", valueName: "name=value,…"))
    var rule: [ChargeRuleArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PricingV1.ReplaceChargeRulesRequest { .init(rules: rule.map(\.message)) }
  }
}

extension PriceCommands {
  struct Zones: RemoteCommand {
    typealias Response = PricingV1.ListDeliveryZonesResponse
    static let configuration = CommandConfiguration(
      abstract: "Which regions are which delivery zone.")
    static let method = Methods.listDeliveryZones
    @OptionGroup var connection: ConnectionOptions
    func request() -> PricingV1.ListDeliveryZonesRequest {
      .init()
    }
  }

  struct SetZones: RemoteCommand {
    typealias Response = PricingV1.ReplaceDeliveryZonesResponse
    static let configuration = CommandConfiguration(
      abstract: "Replace the rows that say which regions and postcodes are which delivery zone.",
      discussion: """
        Of the rows that the region of an address begins with, the longest decides: digits of \
        GB/T 2260, or a country with what follows it in ISO 3166-2. A row of postcodes has a \
        colon behind the country, and comes first.

          joinery price set-zones --zone 3301=HZ --zone 33=ZJ --zone CN=FAR --zone DE-BY=SOUTH \\
            --zone DE:80=MUNICH --zone CN:310012=HZ
        """)
    static let method = Methods.replaceDeliveryZones
    @Option(name: .long, help: ArgumentHelp("A row.", valueName: "region=zone"))
    var zone: [DeliveryZoneArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PricingV1.ReplaceDeliveryZonesRequest { .init(zones: zone.map(\.message)) }
  }
}

/// "3301=HZ" of China, "DE-BY=SOUTH", "DE:80=MUNICH" of postcodes, or "DE=NORTH" for the rest of a
/// country.
struct DeliveryZoneArgument: ExpressibleByArgument {
  let message: PricingV1.DeliveryZone

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let first = parts[0].first else { return nil }
    if first.isNumber {
      message = .init(countryCode: "CN", regionPrefix: parts[0], zoneCode: parts[1])
    } else if parts[0].contains(":") {
      let postcode = parts[0].split(separator: ":", maxSplits: 1).map(String.init)
      guard postcode.count == 2 else { return nil }
      message = .init(
        countryCode: postcode[0], zoneCode: parts[1], postcodePrefix: postcode[1])
    } else {
      let region = parts[0].split(separator: "-", maxSplits: 1).map(String.init)
      message = .init(
        countryCode: region[0], regionPrefix: region.count == 2 ? region[1] : "",
        zoneCode: parts[1])
    }
  }
}

private let occasions = Choice(PricingV1.ChargeOccasion.allCases, \.name)

/// "charge=FREIGHT,sku=FREIGHT,on=delivery,zone=HZ,base=30,kg=1.2".
struct ChargeRuleArgument: ExpressibleByArgument {
  let message: PricingV1.ChargeRule

  init?(argument: String) {
    var rule = PricingV1.ChargeRule(occasion: .always)
    for word in argument.split(separator: ",") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, Self.read(parts[0], parts[1], into: &rule) else { return nil }
    }
    message = rule
  }

  private static func read(
    _ name: String, _ value: String, into rule: inout PricingV1.ChargeRule
  ) -> Bool {
    switch name {
    case "charge": rule.charge = value
    case "sku": rule.sku = value
    case "zone": rule.zoneCode = value
    case "class": rule.customerClass = value
    case "on":
      guard let occasion = try? occasions(value) else { return false }
      rule.occasion = occasion
    case "channel":
      guard let channel = try? channels(value) else { return false }
      rule.channel = channel
    case "share":
      guard let rate = RateArgument(argument: value) else { return false }
      rule.shareMicros = rate.micros
    case "below", "base", "cap":
      guard let money = MoneyArgument(argument: value)?.message else { return false }
      let field: WritableKeyPath<PricingV1.ChargeRule, TypeV1.Money?> =
        name == "below" ? \.below : name == "base" ? \.base : \.cap
      rule[keyPath: field] = money
    case "kg", "m3", "piece", "floor":
      guard let price = UnitPriceArgument(argument: value)?.message else { return false }
      let field: WritableKeyPath<PricingV1.ChargeRule, TypeV1.UnitPrice?> =
        name == "kg"
        ? \.perKilogram
        : name == "m3" ? \.perCubicMetre : name == "piece" ? \.perPiece : \.perFloor
      rule[keyPath: field] = price
    default: return false
    }
    return true
  }
}

/// "CHAIR" or "CHAIR:4".
struct PromotionItemArgument: ExpressibleByArgument {
  let message: PricingV1.PromotionItem

  init?(argument: String) {
    if argument.contains(":") {
      guard let item = NamedQuantityArgument(argument: argument) else { return nil }
      message = .init(sku: item.sku, quantity: item.quantity)
    } else {
      guard !argument.isEmpty else { return nil }
      message = .init(sku: argument)
    }
  }
}

/// "store/VIP=included,document": a channel or `any`, a class, and what holds there.
struct TaxPolicyRuleArgument: ExpressibleByArgument {
  let message: PricingV1.TaxPolicyRule

  init?(argument: String) {
    let sides = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard sides.count == 2 else { return nil }
    let place = sides[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    var rule = PricingV1.TaxPolicyRule()
    if place[0] != "any" {
      guard let channel = try? channels(String(place[0])) else { return nil }
      rule.channel = channel
    }
    if place.count == 2 { rule.customerClass = String(place[1]) }
    var policy = OrdersV1.TaxPolicy(taxScope: .line, roundingMode: .halfAway)
    for word in sides[1].split(separator: ",") {
      switch word {
      case "included": policy.taxIncluded = true
      case "excluded": policy.taxIncluded = false
      case "line": policy.taxScope = .line
      case "document": policy.taxScope = .document
      case "half-away": policy.roundingMode = .halfAway
      case "half-even": policy.roundingMode = .halfEven
      default: return nil
      }
    }
    rule.policy = policy
    message = rule
  }
}
