internal import ArgumentParser
internal import Messages
internal import RPC
internal import Values

private typealias Methods = CatalogV1.CatalogServiceMethods

/// `joinery rate …`
struct ExchangeRateCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rate", abstract: "What other currencies are worth.",
    subcommands: [Set.self, Show.self, List.self])

  struct Set: RemoteCommand {
    typealias Response = CatalogV1.UpsertExchangeRatesResponse
    static let configuration = CommandConfiguration(
      abstract: "Set what currencies are worth from a day on.",
      discussion: """
        A rate holds until a later one. Documents keep the rate that they were written with.

          joinery rate set USD=7.1234 EUR=7.80 JPY:100=4.7325 --from 2026-11-02 --source PBoC
        """)
    static let method = Methods.upsertExchangeRates
    @Argument(
      help: ArgumentHelp(
        "What a currency is worth in the base currency, or so many of it.",
        valueName: "currency[:units]=rate"))
    var rate: [ExchangeRateArgument]
    @Option(name: .long, help: "First day on which they hold.") var from: DayArgument
    @Option(name: .long, help: "Where they are from.") var source: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertExchangeRatesRequest {
      .init(
        exchangeRates: rate.map {
          .init(rate: $0.message, validFrom: from.message, source: source)
        })
    }
  }

  struct Show: RemoteCommand {
    typealias Response = CatalogV1.GetExchangeRateResponse
    static let configuration = CommandConfiguration(abstract: "What a currency is worth on a day.")
    static let method = Methods.getExchangeRate
    @Argument(help: "Currency.") var currency: String
    @Option(name: .long, help: "On which day; today when absent.") var day: DayArgument?
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.GetExchangeRateRequest {
      .init(currencyCode: currency, day: day?.message)
    }
  }

  struct List: RemoteCommand {
    typealias Response = CatalogV1.ListExchangeRatesResponse
    static let configuration = CommandConfiguration(
      abstract: "Rates in the order of currency and day.")
    static let method = Methods.listExchangeRates
    @Option(name: .long, help: "Only of this currency.") var currency: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.ListExchangeRatesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, currencyCode: currency)
    }
  }
}

/// "USD=7.1234" or "JPY:100=4.7325".
struct ExchangeRateArgument: ExpressibleByArgument {
  let message: TypeV1.ExchangeRate

  init?(argument: String) {
    let sides = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard sides.count == 2, let micros = FixedPoint.parse(sides[1], digits: 6) else { return nil }
    let quoted = sides[0].split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(quoted.count), let units = Int32(quoted.count == 2 ? quoted[1] : "1")
    else { return nil }
    message = .init(currencyCode: String(quoted[0]), micros: micros, units: units)
  }
}
