internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = CatalogV1.ProductServiceMethods

// What `joinery product` says about units, barcodes and all of a product.
extension ProductCommands {
  struct Details: RemoteCommand {
    typealias Response = CatalogV1.GetProductDetailsResponse
    static let configuration = CommandConfiguration(
      abstract: "One product with everything that is said about it.")
    static let method = Methods.getProductDetails
    @Argument(help: "Sku.") var sku: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.GetProductDetailsRequest { .init(sku: sku) }
  }

  struct SetUnit: RemoteCommand {
    typealias Response = CatalogV1.UpsertProductUnitsResponse
    static let configuration = CommandConfiguration(
      abstract: "Say what else a product is counted in: `set-unit CHAIR box 6`.")
    static let method = Methods.upsertProductUnits
    @Argument(help: "Sku.") var sku: String
    @Argument(help: "Code of the unit.") var unit: String
    @Argument(help: "How much one of it is in the base unit; what it is never changes.")
    var base: QuantityArgument
    @Option(name: .long, help: "How much of it that is, where not one.")
    var of: QuantityArgument?
    @Flag(name: .long, help: "Nothing can be asked for in it any more.") var retired = false
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertProductUnitsRequest {
      .init(units: [
        .init(
          sku: sku, unitCode: unit, baseQuantity: base.message, quantity: of?.message,
          retired: retired)
      ])
    }
  }

  struct SetBarcode: RemoteCommand {
    typealias Response = CatalogV1.UpsertBarcodesResponse
    static let configuration = CommandConfiguration(
      abstract: "Say what a barcode stands for: EAN-8, UPC-A, EAN-13 or GTIN-14.")
    static let method = Methods.upsertBarcodes
    @Argument(help: "The digits, check digit and all.") var barcode: String
    @Argument(help: "Sku.") var sku: String
    @Option(name: .long, help: "Unit that it stands for one of; the base unit when absent.")
    var unit: String = ""
    @Flag(name: .long, help: "It stands for nothing any more.") var retired = false
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.UpsertBarcodesRequest {
      .init(barcodes: [.init(barcode: barcode, sku: sku, unitCode: unit, retired: retired)])
    }
  }

  struct Scan: RemoteCommand {
    typealias Response = CatalogV1.ResolveBarcodeResponse
    static let configuration = CommandConfiguration(
      abstract: "What a barcode stands for, as a scanner sends it or as people read it.",
      discussion: "For example: joinery product scan '(01)06901234567892(10)L7(17)271231'")
    static let method = Methods.resolveBarcode
    @Argument(help: "What was scanned.") var text: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.ResolveBarcodeRequest { .init(text: text) }
  }
}
