internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = CatalogV1.AssortmentServiceMethods

// What `joinery product` says about variants, cartons, the days of a product and what goes with it.
extension ProductCommands {
  struct SetFamily: RemoteCommand {
    typealias Response = CatalogV1.UpsertProductFamiliesResponse
    static let configuration = CommandConfiguration(
      abstract: "Add or change a family of products and what its variants differ in.",
      discussion: """
        joinery product set-family SOFA -n 沙发 --name-english Sofa \
        --attribute colour:颜色=grey:灰,oak:橡木 --attribute seats=2,3
        """)
    static let method = Methods.upsertProductFamilies
    @Argument(help: "Code.") var code: String
    @Option(name: .shortAndLong, help: "Name.") var name: String
    @Option(name: .long, help: "English name.") var nameEnglish: String = ""
    @Option(
      name: .long,
      help: ArgumentHelp(
        "An attribute with its values, each with a name where that is not its code.",
        valueName: "code[:name]=code[:name],…"))
    var attribute: [AttributeArgument]
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertProductFamiliesRequest {
      .init(families: [
        .init(
          code: code, name: name, nameEnglish: nameEnglish, attributes: attribute.map(\.message))
      ])
    }
  }

  struct Families: RemoteCommand {
    typealias Response = CatalogV1.ListProductFamiliesResponse
    static let configuration = CommandConfiguration(
      abstract: "Families of products by code; with --output json all of them.")
    static let method = Methods.listProductFamilies
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.ListProductFamiliesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct SetVariant: RemoteCommand {
    typealias Response = CatalogV1.UpsertVariantsResponse
    static let configuration = CommandConfiguration(
      abstract: "Put a product into a family, or out of its own when no family is named.")
    static let method = Methods.upsertVariants
    @Argument(help: "Sku.") var sku: String
    @Argument(help: "Code of the family.") var family: String = ""
    @Option(name: .long, help: ArgumentHelp("What it is.", valueName: "attribute=value"))
    var choose: [ChoiceArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertVariantsRequest {
      .init(variants: [.init(sku: sku, familyCode: family, choices: choose.map(\.message))])
    }
  }

  struct Variants: RemoteCommand {
    typealias Response = CatalogV1.ListVariantsResponse
    static let configuration = CommandConfiguration(
      abstract: "The variants of a family that are as chosen, and what can still be chosen.")
    static let method = Methods.listVariants
    @Argument(help: "Code of the family.") var family: String
    @Option(name: .long, help: ArgumentHelp("What is wanted.", valueName: "attribute=value"))
    var choose: [ChoiceArgument] = []
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.ListVariantsRequest {
      .init(familyCode: family, choices: choose.map(\.message))
    }
  }

  struct SetCartons: RemoteCommand {
    typealias Response = CatalogV1.UpsertCartonsResponse
    static let configuration = CommandConfiguration(
      abstract: "Say what a product comes in; none takes its cartons away.",
      discussion: "joinery product set-cartons WARDROBE --carton 28500:2000x600x120:sides")
    static let method = Methods.upsertCartons
    @Argument(help: "Sku.") var sku: String
    @Option(
      name: .long,
      help: ArgumentHelp(
        "A carton: grams, millimetres, what is in it; ! for what breaks easily.",
        valueName: "g:LxWxH[!][:contents]"))
    var carton: [CartonArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertCartonsRequest {
      .init(products: [.init(sku: sku, cartons: carton.map(\.message))])
    }
  }

  struct SetLifecycle: RemoteCommand {
    typealias Response = CatalogV1.UpsertLifecyclesResponse
    static let configuration = CommandConfiguration(
      abstract: "Set the days of a product's life; days that are left out never come.")
    static let method = Methods.upsertLifecycles
    @Argument(help: "Sku.") var sku: String
    @Option(name: .long, help: "First day on which customers are shown it.")
    var announced: DayArgument?
    @Option(name: .long, help: "First day on which it can be ordered.") var from: DayArgument?
    @Option(name: .long, help: "Last day on which it can be ordered.") var until: DayArgument?
    @Option(name: .long, help: "First day from which on it is sold while stock lasts.")
    var discontinued: DayArgument?
    @Option(name: .long, help: "Last day on which anything is done for it.")
    var servedUntil: DayArgument?
    @Option(name: .long, help: "What takes its place.") var successor: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertLifecyclesRequest {
      .init(lifecycles: [
        .init(
          sku: sku, announcedOn: announced?.message, orderableFrom: from?.message,
          orderableUntil: until?.message, discontinuedOn: discontinued?.message,
          servedUntil: servedUntil?.message, successorSku: successor)
      ])
    }
  }

  struct SetAccessory: RemoteCommand {
    typealias Response = CatalogV1.UpsertAccessoriesResponse
    static let configuration = CommandConfiguration(
      abstract: "Say what goes with a product.")
    static let method = Methods.upsertAccessories
    @Argument(help: "Sku.") var sku: String
    @Argument(help: "What goes with it.") var accessory: String
    @Option(name: .long, help: "1–1000; the smaller is suggested first.") var rank: Int32
    @Option(name: .long, help: "How it goes with it.") var note: String = ""
    @Flag(name: .long, help: "It does not go with it any more.") var retired = false
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertAccessoriesRequest {
      .init(accessories: [
        .init(sku: sku, accessorySku: accessory, rank: rank, note: note, retired: retired)
      ])
    }
  }

  struct Suggest: RemoteCommand {
    typealias Response = CatalogV1.SuggestAccessoriesResponse
    static let configuration = CommandConfiguration(
      abstract: "What goes with products and is not among them.")
    static let method = Methods.suggestAccessories
    @Argument(help: "Skus.") var skus: [String]
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.SuggestAccessoriesRequest { .init(skus: skus) }
  }
}

/// "colour:颜色=oak:橡木,grey:灰"
struct AttributeArgument: ExpressibleByArgument {
  let message: CatalogV1.ProductAttribute

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "=") else { return nil }
    let (code, name) = Self.named(argument[..<equals])
    message = .init(
      code: code, name: name,
      values: argument[argument.index(after: equals)...].split(separator: ",").map { text in
        let (code, name) = Self.named(text)
        return .init(code: code, name: name)
      })
  }

  private static func named(_ text: Substring) -> (code: String, name: String) {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    return (parts.first ?? "", parts.last ?? "")
  }
}

/// "colour=oak"
struct ChoiceArgument: ExpressibleByArgument {
  let message: CatalogV1.AttributeChoice

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    message = .init(attributeCode: parts[0], valueCode: parts[1])
  }
}

/// "28500:2000x600x120:sides", and "12000:900x700x80!:glass" for what breaks easily.
struct CartonArgument: ExpressibleByArgument {
  let message: CatalogV1.Carton

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 2).map(String.init)
    guard parts.count >= 2, let weight = Int64(parts[0]) else { return nil }
    let isFragile = parts[1].hasSuffix("!")
    let sizes = (isFragile ? parts[1].dropLast() : parts[1][...]).split(separator: "x")
      .compactMap { Int64($0) }
    guard sizes.count == 3 else { return nil }
    message = .init(
      weightGrams: weight, lengthMm: sizes[0], widthMm: sizes[1], heightMm: sizes[2],
      contents: parts.count == 3 ? parts[2] : "", fragile: isFragile)
  }
}
