internal import ArgumentParser
internal import Messages
internal import RPC
internal import Values

// What a company sets up once and seldom changes, under the nouns that it is about.

extension PriceCommands {
  struct SetTaxRate: RemoteCommand {
    typealias Response = CatalogV1.UpsertTaxRatesResponse
    static let configuration = CommandConfiguration(
      abstract: "Set the tax rate of a class of products from a day on.",
      discussion: """
        The rate until then stays for the days before: an order is taxed by the day on which it \
        is priced.

          joinery price set-tax-rate STANDARD 13% --from 2026-01-01
        """)
    static let method = CatalogV1.CatalogServiceMethods.upsertTaxRates
    @Argument(help: "Tax class, as products name it.") var taxClass: String
    @Argument(help: "The rate, such as 13%.") var rate: RateArgument
    @Option(name: .long, help: "First day.") var from: DayArgument
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertTaxRatesRequest {
      .init(taxRates: [
        .init(taxClass: taxClass, rateMicros: rate.micros, validFrom: from.message)
      ])
    }
  }
}

extension SupplierCommands {
  struct SetPrice: RemoteCommand {
    typealias Response = PurchasingV1.UpsertSupplierPricesResponse
    static let configuration = CommandConfiguration(
      abstract: "Set what a supplier asks for a product.")
    static let method = PurchasingV1.PurchasingServiceMethods.upsertSupplierPrices
    @Argument(help: "Supplier code.") var supplier: String
    @Argument(help: "Product.") var sku: String
    @Argument(help: "Price of one base unit without tax.") var price: UnitPriceArgument
    @Option(name: .long, help: "Days from order to receipt.") var leadDays: Int32 = 0
    @Flag(name: .long, help: "Ask this supplier first.") var preferred = false
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PurchasingV1.UpsertSupplierPricesRequest {
      .init(prices: [
        .init(
          supplierCode: supplier, sku: sku, unitPrice: price.message, leadDays: leadDays,
          preferred: preferred)
      ])
    }
  }
}

extension WorkOrderCommands {
  struct SetWorkCentre: RemoteCommand {
    typealias Response = ProductionV1.UpsertWorkCentresResponse
    static let configuration = CommandConfiguration(
      abstract: "Add or change a machine, bench or team whose time costs money.")
    static let method = ProductionV1.ProductionServiceMethods.upsertWorkCentres
    @Argument(help: "Code.") var code: String
    @Option(name: .shortAndLong, help: "Name.") var name: String
    @Option(name: .long, help: "What an hour of it costs.") var hourlyRate: MoneyArgument
    @Flag(name: .long, help: "Goods are inspected here.") var inspects = false
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> ProductionV1.UpsertWorkCentresRequest {
      .init(workCentres: [
        .init(code: code, name: name, hourlyRate: hourlyRate.message, inspects: inspects)
      ])
    }
  }

  struct SetBill: RemoteCommand {
    typealias Response = ProductionV1.UpsertBillsOfMaterialResponse
    static let configuration = CommandConfiguration(
      abstract: "Set what goes into a product, and how it is made.",
      discussion: """
        Minutes are set-up, once a work order, and the time of each unit.

          joinery work-order set-bill DOOR --component BOARD:2.5:8% --component HINGE:2 \\
            --operation SAW:10/3:cut --operation BENCH:0/12.5:assemble
        """)
    static let method = ProductionV1.ProductionServiceMethods.upsertBillsOfMaterial
    @Argument(help: "The product.") var sku: String
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("What goes in, in turn.", valueName: "sku:quantity[:waste%]"))
    var component: [BillComponentArgument] = []
    @Option(
      name: .long,
      help: ArgumentHelp("A step, in turn.", valueName: "centre:setup/unit:name"))
    var operation: [BillOperationArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> ProductionV1.UpsertBillsOfMaterialRequest {
      .init(bills: [
        .init(
          sku: sku, components: component.map(\.message),
          operations: operation.enumerated().map { index, step in
            var message = step.message
            message.sequence = Int32(index + 1)
            return message
          })
      ])
    }
  }
}

extension AuditCommands {
  struct Checkpoint: RemoteCommand {
    typealias Response = AuditV1.GetCheckpointResponse
    static let configuration = CommandConfiguration(
      abstract: "The newest signature of the chain, to be kept elsewhere.")
    static let method = AuditV1.AuditServiceMethods.getCheckpoint
    @OptionGroup var connection: ConnectionOptions
    func request() -> AuditV1.GetCheckpointRequest { .init() }
  }
}

/// "BOARD:2.5:8%".
struct BillComponentArgument: ExpressibleByArgument {
  let message: ProductionV1.BillComponent

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), !parts[0].isEmpty,
      let quantity = QuantityArgument(argument: parts[1])
    else { return nil }
    var component = ProductionV1.BillComponent(sku: parts[0], quantity: quantity.message)
    if parts.count == 3 {
      guard let scrap = RateArgument(argument: parts[2]) else { return nil }
      component.scrapMicros = scrap.micros
    }
    message = component
  }
}

/// "SAW:10/3:cut".
struct BillOperationArgument: ExpressibleByArgument {
  let message: ProductionV1.BillOperation

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      .map(String.init)
    guard parts.count == 3, !parts[0].isEmpty else { return nil }
    let minutes = parts[1].split(separator: "/", omittingEmptySubsequences: false)
    guard minutes.count == 2, let setup = FixedPoint.parse(minutes[0], digits: 6),
      let unit = FixedPoint.parse(minutes[1], digits: 6)
    else { return nil }
    message = .init(
      name: parts[2], workCentreCode: parts[0], setupMinutesMicros: setup, unitMinutesMicros: unit)
  }
}
