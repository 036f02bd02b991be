internal import ArgumentParser
internal import Messages
internal import RPC
internal import Values

extension ProductCommands {
  struct SetModelPrice: RemoteCommand {
    typealias Response = CatalogV1.UpsertPricesResponse
    static let configuration = CommandConfiguration(
      abstract: "Say on a price list what configured pieces of a product cost.",
      discussion: """
        A piece costs the parts of its model's price, each at a share of what the model says or \
        at an amount of its own, in the base currency and without tax. Where no list says \
        anything, it costs what the model says.

          joinery product set-model-price TABLE --list VIP --from 2026-01-01 --share 90% \
        --part OIL=80 --part TOP=95%
        """)
    static let method = CatalogV1.CatalogServiceMethods.upsertPrices
    @Argument(help: "Sku.") var sku: String
    @Option(name: .long, help: "Price list.") var list: String
    @Option(name: .long, help: "First day on which it holds.") var from: DayArgument
    @Option(name: .long, help: "Last day on which it holds.") var until: DayArgument?
    @Option(name: .long, help: "Only for quantities from this one on, such as 10.")
    var minimum: QuantityArgument?
    @Option(name: .long, help: "Share of what the model says, such as 90%; all of it when absent.")
    var share: ModelShareArgument?
    @Option(
      name: .long,
      help: ArgumentHelp(
        "What a part of the price costs; give it again for more.", valueName: "code=share%|amount"))
    var part: [ModelPartArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertPricesRequest {
      .init(prices: [
        .init(
          priceListCode: list, sku: sku, minimumQuantity: minimum?.message, validFrom: from.message,
          validUntil: until?.message,
          model: .init(shareMicros: share?.micros, parts: part.map(\.message)))
      ])
    }
  }
}

/// "90%" of what a model says, or "150%".
struct ModelShareArgument: ExpressibleByArgument {
  let micros: Int64

  init?(argument: String) {
    guard argument.hasSuffix("%"), let micros = FixedPoint.parse(argument.dropLast(), digits: 4)
    else { return nil }
    self.micros = micros
  }
}

/// "TOP=95%" or "OIL=80".
struct ModelPartArgument: ExpressibleByArgument {
  let message: CatalogV1.ModelPartTerms

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    if let share = ModelShareArgument(argument: parts[1]) {
      message = .init(partCode: parts[0], price: .shareMicros(share.micros))
    } else if let amount = UnitPriceArgument(argument: parts[1]) {
      message = .init(partCode: parts[0], price: .amount(amount.message))
    } else {
      return nil
    }
  }
}
