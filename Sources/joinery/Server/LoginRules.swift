internal import ArgumentParser
internal import Identity
internal import Services

/// How people prove who they are, beyond the password, and how often each principal may call.
struct LoginRules: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Who needs a second factor for sensitive methods: those who have added one, or all people "
        + "(added, required).", valueName: "rule"))
  var secondFactor = SecondFactorRule.added

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What becomes of an unusual login of somebody without a second factor: an event alone, or "
        + "an event and a refusal (tell, refuse).", valueName: "rule"))
  var unusualLogin = UnusualRule.tell

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How often each principal may call methods: OrderService/PlaceOrder=100/1m, "
        + "ReportService/*=1000/1d, *=500/1s; times in s, m, h, d. May be repeated.",
      valueName: "methods=count/time"))
  var rate: [String] = []

  func validate() throws {
    for text in rate where RateLimit(text) == nil {
      throw ValidationError(
        "--rate \(text): expected METHODS=COUNT/TIME, such as OrderService/PlaceOrder=100/1m, "
          + "with methods of this server")
    }
  }

  var rates: [RateLimit] { rate.compactMap { RateLimit($0) } }

  enum UnusualRule: String, ExpressibleByArgument, CaseIterable {
    case tell
    case refuse
  }

  /// - Parameter keys: what secrets are encrypted with.
  func settings(callers: IdentitySettings.Callers, keys: SealKeys) -> IdentitySettings {
    var settings = IdentitySettings(callers: callers, chance: Chance.bytes)
    settings.secondFactor = secondFactor
    settings.distrustsUnusualLogins = unusualLogin == .refuse
    settings.rates = rates
    settings.sealKeys = keys
    return settings
  }
}

extension SecondFactorRule: ExpressibleByArgument {}
