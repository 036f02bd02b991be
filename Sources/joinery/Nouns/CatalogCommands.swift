internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = CatalogV1.CatalogServiceMethods
private let kinds = Choice(CatalogV1.ProductKind.allCases, \.name)
private let channels = Choice(OrdersV1.Channel.allCases, \.name)

/// `joinery product …`
struct ProductCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "product", abstract: "What is traded, and at what price.",
    subcommands: [
      Set.self, Show.self, List.self, SetPrice.self, SetModelPrice.self, Price.self,
      SetSubstitute.self,
      Substitutes.self, Details.self, SetUnit.self, SetBarcode.self, Scan.self,
      SetFamily.self, Families.self, SetVariant.self, Variants.self, SetCartons.self,
      SetLifecycle.self, SetAccessory.self, Suggest.self,
      ProductImportCommand.self,
    ])

  struct Set: RemoteCommand {
    typealias Response = CatalogV1.UpsertProductsResponse
    static let configuration = CommandConfiguration(
      abstract: "Add or change a product.",
      discussion: """
        joinery product set CHAIR --name 橡木椅 --name-english "Oak chair" --weight-grams 6500
        joinery product set CHAIR --weight-grams 6400

        Of a product that is there already, only what is given changes; a new one is stocked, \
        counted in pcs and taxed as STANDARD where nothing else is said.
        """)
    static let method = Methods.upsertProducts
    @Argument(help: "Sku.") var sku: String
    @Option(name: .shortAndLong, help: "Name.") var name: String?
    @Option(name: .long, help: "English name.") var nameEnglish: String?
    @Option(
      name: .long, help: ArgumentHelp("How it comes to be: \(kinds.help)."),
      transform: kinds.callAsFunction)
    var kind: CatalogV1.ProductKind?
    @Option(name: .long, help: "Base unit: pcs, m2, m, kg, h.") var unit: String?
    @Option(name: .long, help: "Tax class.") var taxClass: String?
    @Option(name: .customLong("class"), help: "Class for rules of approval and cancellation.")
    var productClass: String?
    @Option(name: .long, help: "Weight of one unit, packed, in grams.") var weightGrams: Int64?
    @Option(name: .customLong("volume-cm3"), help: "Room that one unit takes, packed, in cm³.")
    var volume: Int64?
    @Option(name: .long, help: "Description.") var description: String?
    @Option(name: .long, help: "English description.") var descriptionEnglish: String?
    @Option(name: .customLong("length-mm"), help: "Length of one unit, in mm.") var length: Int64?
    @Option(name: .customLong("width-mm"), help: "Width of one unit, in mm.") var width: Int64?
    @Option(name: .customLong("height-mm"), help: "Height of one unit, in mm.") var height: Int64?
    @Option(name: .customLong("hs-code"), help: "HS code for customs, 6–10 digits.")
    var hsCode: String?
    @Option(name: .long, help: "Where it was made: CN.") var origin: String?
    @Option(name: .long, help: "Weight of one unit without its packing, in grams.")
    var netWeightGrams: Int64?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertProductsRequest {
      let given = [
        ("name", name != nil), ("name_english", nameEnglish != nil), ("kind", kind != nil),
        ("unit_code", unit != nil), ("tax_class", taxClass != nil),
        ("product_class", productClass != nil), ("weight_grams", weightGrams != nil),
        ("volume_cubic_centimetres", volume != nil), ("description", description != nil),
        ("description_english", descriptionEnglish != nil), ("length_mm", length != nil),
        ("width_mm", width != nil), ("height_mm", height != nil), ("hs_code", hsCode != nil),
        ("origin_country_code", origin != nil), ("net_weight_grams", netWeightGrams != nil),
      ]
      return .init(
        products: [
          .init(
            sku: sku, name: name ?? "", nameEnglish: nameEnglish ?? "", kind: kind ?? .stocked,
            unitCode: unit ?? "pcs", taxClass: taxClass ?? "STANDARD", weightGrams: weightGrams,
            volumeCubicCentimetres: volume, description: description,
            descriptionEnglish: descriptionEnglish, lengthMm: length, widthMm: width,
            heightMm: height, productClass: productClass, hsCode: hsCode,
            originCountryCode: origin, netWeightGrams: netWeightGrams)
        ], updateMask: given.filter(\.1).map(\.0))
    }
  }

  struct SetSubstitute: RemoteCommand {
    typealias Response = CatalogV1.UpsertSubstitutesResponse
    static let configuration = CommandConfiguration(
      abstract: "Say what can stand in for a product that cannot be had.")
    static let method = Methods.upsertSubstitutes
    @Argument(help: "What cannot be had.") var sku: String
    @Argument(help: "What stands in for it.") var substitute: String
    @Option(name: .long, help: "1–1000; the smaller is offered first.") var rank: Int32
    @Option(name: .long, help: "How much of it for one unit of the other; 1 when absent.")
    var quantity: QuantityArgument?
    @Option(name: .long, help: "First day; today when absent.") var validFrom: DayArgument?
    @Option(name: .long, help: "Last day; for ever when absent.") var validUntil: DayArgument?
    @Option(name: .long, help: "How it fits.") var note: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertSubstitutesRequest {
      .init(substitutes: [
        .init(
          sku: sku, substituteSku: substitute, rank: rank, quantity: quantity?.message,
          validFrom: validFrom?.message, validUntil: validUntil?.message, note: note)
      ])
    }
  }

  struct Substitutes: RemoteCommand {
    typealias Response = CatalogV1.ListSubstitutesResponse
    static let configuration = CommandConfiguration(
      abstract: "What can stand in for a product, those offered first in front.")
    static let method = Methods.listSubstitutes
    @Argument(help: "What cannot be had.") var sku: String
    @Option(name: .long, help: "Only what holds on this day.") var day: DayArgument?
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.ListSubstitutesRequest { .init(sku: sku, day: day?.message) }
  }

  struct Show: RemoteCommand {
    typealias Response = CatalogV1.GetProductResponse
    static let configuration = CommandConfiguration(abstract: "One product.")
    static let method = Methods.getProduct
    @Argument(help: "Sku.") var sku: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.GetProductRequest { .init(sku: sku) }
  }

  struct List: RemoteCommand {
    typealias Response = CatalogV1.ListProductsResponse
    static let configuration = CommandConfiguration(abstract: "Products by sku.")
    static let method = Methods.listProducts
    @Option(name: .long, help: "Only where sku or name begins so.") var prefix: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.ListProductsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, prefix: prefix)
    }
  }

  struct SetPrice: RemoteCommand {
    typealias Response = CatalogV1.UpsertPricesResponse
    static let configuration = CommandConfiguration(abstract: "Put a price on a price list.")
    static let method = Methods.upsertPrices
    @Argument(help: "Sku.") var sku: String
    @Argument(help: "Price of one unit, without tax unless the list says otherwise.") var price:
      UnitPriceArgument
    @Option(name: .long, help: "Price list.") var list: String
    @Option(name: .long, help: "First day on which it holds.") var from: DayArgument
    @Option(name: .long, help: "Last day on which it holds.") var until: DayArgument?
    @Option(name: .long, help: "Only for quantities from this one on, such as 10 or '2 box'.")
    var minimum: QuantityArgument?
    @Option(name: .long, help: "Unit that the price is for one of; the base unit when absent.")
    var unit: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertPricesRequest {
      .init(prices: [
        .init(
          priceListCode: list, sku: sku, unitPrice: price.message,
          minimumQuantity: minimum?.message, validFrom: from.message, validUntil: until?.message,
          unitCode: unit)
      ])
    }
  }

  struct Price: RemoteCommand {
    typealias Response = CatalogV1.GetPriceResponse
    static let configuration = CommandConfiguration(
      abstract: "What a customer pays for one unit, and why.")
    static let method = Methods.getPrice
    @Argument(help: "Sku.") var sku: String
    @Option(name: .shortAndLong, help: "Customer.") var customer: String
    @Option(name: .shortAndLong, help: "How many.") var quantity: QuantityArgument?
    @Option(name: .long, help: "On which day; today when absent.") var day: DayArgument?
    @Option(
      name: .long, help: ArgumentHelp("By which channel: \(channels.help)."),
      transform: channels.callAsFunction)
    var channel: OrdersV1.Channel?
    @Option(name: .long, help: "In which currency; the customer's when absent.")
    var currency: String = ""
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.GetPriceRequest {
      .init(
        customerCode: customer, sku: sku, quantity: quantity?.message, day: day?.message,
        channel: channel ?? .unspecified, currencyCode: currency)
    }
  }
}

/// `joinery customer …`
struct CustomerCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "customer", abstract: "Who buys.",
    subcommands: [
      Set.self, Show.self, Overview.self, List.self, SetContact.self, RemoveContact.self,
      SetAddress.self, RemoveAddress.self, Tag.self, SetSegment.self, Segments.self,
      GrantCredit.self, DecideCredit.self, Horizon.self, SetHorizon.self, Consent.self,
      Consents.self, MayContact.self, Merge.self, Sync.self, ExternalIds.self,
      RemoveExternalId.self, Export.self, Erase.self,
    ])

  struct Set: RemoteCommand {
    typealias Response = CustomersV1.UpsertCustomersResponse
    static let configuration = CommandConfiguration(
      abstract: "Add or change a customer.",
      discussion: """
        joinery customer set C-1 --name 张伟 --phone 13900001111 --credit-limit 20000
        joinery customer set C-1 --credit-limit 50000

        Of a customer that is there already, only what is given changes; "" takes a text away.
        """)
    static let method = CustomersV1.CustomerServiceMethods.upsertCustomers
    @Argument(help: "Code.") var code: String
    @Option(name: .shortAndLong, help: "Name.") var name: String?
    @Option(name: .customLong("class"), help: "Class for prices and approvals.")
    var customerClass: String?
    @Option(name: .long, help: "Phone number.") var phone: String?
    @Option(name: .long, help: "Delivery address.") var address: String?
    @Option(name: .long, help: "How much may be owed and on order.") var creditLimit: MoneyArgument?
    @Option(name: .long, help: "Days from invoice to due date; 0 pays before goods leave.")
    var netDays: Int32?
    @Option(name: .long, help: "Share due before the workshop starts, such as 30%.")
    var deposit: RateArgument?
    @Option(name: .long, help: "The customer's own price list.") var priceList: String?
    @Option(name: .long, help: "Salesperson whose customer it is.") var owner: String?
    @Option(name: .long, help: "Store where it is at home.") var store: String?
    @Option(name: .long, help: "Customer to whose group it belongs.") var parent: String?
    @Option(name: .long, help: "How much it and all below it may owe and have on order together.")
    var groupLimit: MoneyArgument?
    @Flag(name: .long, help: "It and all below it have no limit together any more.")
    var noGroupLimit = false
    @Option(name: .long, help: "Currency in which it buys.") var currency: String?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }

    func validate() throws {
      if noGroupLimit, groupLimit != nil {
        throw ValidationError("Either --group-limit or --no-group-limit")
      }
    }

    func request() -> CustomersV1.UpsertCustomersRequest {
      let given = [
        ("name", name != nil), ("customer_class", customerClass != nil), ("phone", phone != nil),
        ("address", address != nil), ("credit_limit", creditLimit != nil),
        ("terms.net_days", netDays != nil), ("terms.deposit_micros", deposit != nil),
        ("price_list_code", priceList != nil), ("owner", owner != nil),
        ("store_code", store != nil), ("parent_code", parent != nil),
        ("group_limit", groupLimit != nil || noGroupLimit), ("currency_code", currency != nil),
      ]
      return .init(
        customers: [
          .init(
            code: code, name: name ?? "", customerClass: customerClass ?? "", phone: phone ?? "",
            address: address ?? "", creditLimit: creditLimit?.message,
            terms: .init(netDays: netDays ?? 0, depositMicros: deposit?.micros ?? 0),
            priceListCode: priceList ?? "", owner: owner, storeCode: store, parentCode: parent,
            groupLimit: groupLimit?.message, currencyCode: currency)
        ], updateMask: given.filter(\.1).map(\.0))
    }
  }

  struct Show: RemoteCommand {
    typealias Response = CustomersV1.GetCustomerResponse
    static let configuration = CommandConfiguration(
      abstract: "One customer with the credit in use.")
    static let method = CustomersV1.CustomerServiceMethods.getCustomer
    @Argument(help: "Code.") var code: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> CustomersV1.GetCustomerRequest { .init(code: code) }
  }

  struct Merge: RemoteCommand {
    typealias Response = CustomersV1.MergeCustomersResponse
    static let configuration = CommandConfiguration(
      abstract: "Make two customers that are the same one. Try it with --dry-run first.")
    static let method = CustomersV1.CustomerServiceMethods.mergeCustomers
    @Argument(help: "Code of the duplicate, which is another name of the other afterwards.")
    var duplicate: String
    @Option(name: .long, help: "Code of the one that stays.") var into: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CustomersV1.MergeCustomersRequest {
      .init(duplicateCode: duplicate, intoCode: into)
    }
  }

  struct Overview: RemoteCommand {
    typealias Response = CustomersV1.GetCustomerOverviewResponse
    static let configuration = CommandConfiguration(
      abstract: "One customer with all that is on order, owed and paid.")
    static let method = CustomersV1.CustomerServiceMethods.getCustomerOverview
    @Argument(help: "Code.") var code: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> CustomersV1.GetCustomerOverviewRequest { .init(code: code) }
  }

  struct List: RemoteCommand {
    typealias Response = CustomersV1.ListCustomersResponse
    static let configuration = CommandConfiguration(abstract: "Customers by code.")
    static let method = CustomersV1.CustomerServiceMethods.listCustomers
    @Option(name: .long, help: "Only where code, name or phone begins so.") var prefix: String = ""
    @Option(name: .long, help: "Only customers of this salesperson.") var owner: String = ""
    @Option(name: .long, help: "Only customers who are at home in this store.")
    var store: String = ""
    @Option(name: .long, help: "Only customers who have this tag.") var tag: String = ""
    @Option(name: .long, help: "Only customers who belong to this segment now.")
    var segment: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> CustomersV1.ListCustomersRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, prefix: prefix, owner: owner,
        storeCode: store, tag: tag, segmentCode: segment)
    }
  }
}

/// `joinery company …`
struct CompanyCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "company", abstract: "The company, its warehouses and price lists.",
    subcommands: [Show.self, Configure.self, Warehouses.self, SetWarehouse.self, SetPriceList.self])

  struct Show: RemoteCommand {
    typealias Response = CatalogV1.GetCompanyResponse
    static let configuration = CommandConfiguration(abstract: "Name, currency and time zone.")
    static let method = Methods.getCompany
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.GetCompanyRequest { .init() }
  }

  struct Configure: RemoteCommand {
    typealias Response = CatalogV1.ConfigureCompanyResponse
    static let configuration = CommandConfiguration(
      abstract: "Set name, currency, time zone, GS1 prefix, credit limits, conversion of prices.")
    static let method = Methods.configureCompany
    @Option(name: .shortAndLong, help: "Name.") var name: String = ""
    @Option(name: .long, help: "Base currency; fixed once anything is priced.")
    var currency: String = ""
    @Option(name: .long, help: "IANA time zone, such as Asia/Shanghai.") var timeZone: String = ""
    @Option(name: .long, help: "Higher credit limits take two people; 0: every one.")
    var creditLimitAlone: MoneyArgument?
    @Option(
      name: .long,
      help: "Count prices of the base currency where an order's own has none: true or false.")
    var convertPrices: Bool?
    @Option(name: .long, help: "GS1 company prefix, under which cartons are numbered (SSCC).")
    var gs1Prefix: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.ConfigureCompanyRequest {
      .init(
        company: .init(
          name: name, baseCurrencyCode: currency, timeZone: timeZone,
          creditLimitAlone: creditLimitAlone?.message, convertsPrices: convertPrices,
          gs1Prefix: gs1Prefix))
    }
  }

  struct Warehouses: RemoteCommand {
    typealias Response = CatalogV1.ListWarehousesResponse
    static let configuration = CommandConfiguration(abstract: "All warehouses.")
    static let method = Methods.listWarehouses
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.ListWarehousesRequest { .init() }
  }

  struct SetWarehouse: RemoteCommand {
    typealias Response = CatalogV1.UpsertWarehousesResponse
    static let configuration = CommandConfiguration(abstract: "Add or rename a warehouse.")
    static let method = Methods.upsertWarehouses
    @Argument(help: "Code.") var code: String
    @Option(name: .shortAndLong, help: "Name.") var name: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertWarehousesRequest {
      .init(warehouses: [.init(code: code, name: name)])
    }
  }

  struct SetPriceList: RemoteCommand {
    typealias Response = CatalogV1.UpsertPriceListsResponse
    static let configuration = CommandConfiguration(abstract: "Add or change a price list.")
    static let method = Methods.upsertPriceLists
    @Argument(help: "Code.") var code: String
    @Option(name: .shortAndLong, help: "Name.") var name: String
    @Option(name: .customLong("class"), help: "Class of customers; everybody when absent.")
    var customerClass: String = ""
    @Option(name: .customLong("customer"), help: "The only customer it is for: a contract.")
    var customerCode: String = ""
    @Option(
      name: .long, help: ArgumentHelp("The only channel it is for: \(channels.help)."),
      transform: channels.callAsFunction)
    var channel: OrdersV1.Channel?
    @Option(name: .long, help: "The larger wins among lists that fit equally.")
    var priority: Int32 = 0
    @Flag(name: .long, help: "Its prices hold for what goes beyond their minimum quantity.")
    var graduated = false
    @Flag(name: .long, help: "Minimum quantities count all lines of an order together.")
    var acrossLines = false
    @Flag(name: .long, help: "Its prices hold the tax.")
    var taxIncluded = false
    @Option(name: .long, help: "Of its prices; the base currency when absent.")
    var currency: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertPriceListsRequest {
      .init(priceLists: [
        .init(
          code: code, name: name, customerClass: customerClass, priority: priority,
          customerCode: customerCode, channel: channel ?? .unspecified,
          breaks: graduated ? .graduated : .slab, countsAcrossLines: acrossLines,
          taxIncluded: taxIncluded, currencyCode: currency)
      ])
    }
  }
}
