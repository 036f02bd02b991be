internal import MasterData
internal import Messages
internal import RPC
internal import Values

/// joinery.catalog.v1: messages to the verbs and questions about units, barcodes and all that is
/// said about a product.
struct ProductService: CatalogV1.ProductService {
  let commands: CommandLog
  let questions: Questions

  func upsertProductUnits(
    _ request: CatalogV1.UpsertProductUnitsRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertProductUnitsResponse {
    let verb = UpsertProductUnits(request.units.map { ProductUnitDraft($0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func upsertBarcodes(
    _ request: CatalogV1.UpsertBarcodesRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertBarcodesResponse {
    let verb = UpsertBarcodes(request.barcodes.map { BarcodeDraft($0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func resolveBarcode(
    _ request: CatalogV1.ResolveBarcodeRequest, context: CallContext
  ) async throws -> CatalogV1.ResolveBarcodeResponse {
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      .init(try Scan.resolve(request.text, field: "text", on: today, in: snapshot))
    }
  }

  func getProductDetails(
    _ request: CatalogV1.GetProductDetailsRequest, context: CallContext
  ) async throws -> CatalogV1.GetProductDetailsResponse {
    try await questions.ask(context) { snapshot in
      let product = try Products.require(sku: request.sku, field: "sku", in: snapshot)
      return .init(
        product: CatalogV1.Product(product),
        units: product.units.map { CatalogV1.ProductUnit($0, of: product) },
        barcodes: try Barcodes.of(product, in: snapshot).map { CatalogV1.Barcode($0) },
        variant: try ProductFamilies.variant(of: product, in: snapshot).map {
          CatalogV1.ProductVariant($0)
        },
        cartons: try Cartons.of(product, in: snapshot).map { CatalogV1.Carton($0) },
        lifecycle: product.lifecycle.map { CatalogV1.ProductLifecycle($0, of: product.sku) },
        substitutes: try Substitutes.of(product, in: snapshot).map { .init($0) },
        accessories: try Accessories.of(product, in: snapshot).map { .init($0) })
    }
  }
}

extension ProductUnitDraft {
  init(_ message: CatalogV1.ProductUnit) {
    self.init(
      sku: message.sku, unit: message.unitCode,
      base: message.baseQuantity.map { Quantity(micros: $0.micros) },
      quantity: message.quantity.map { Quantity(micros: $0.micros) }, isRetired: message.retired)
  }
}

extension CatalogV1.ProductUnit {
  init(_ unit: ProductUnit, of product: Product) {
    self.init(
      sku: product.sku, unitCode: unit.code,
      baseQuantity: TypeV1.Quantity(unit.base, product.unit),
      quantity: TypeV1.Quantity(unit.quantity, unit.code), retired: unit.isRetired)
  }
}

extension BarcodeDraft {
  init(_ message: CatalogV1.Barcode) {
    self.init(
      barcode: message.barcode, sku: message.sku, unit: message.unitCode,
      isRetired: message.retired)
  }
}

extension CatalogV1.Barcode {
  init(_ barcode: Barcode) {
    self.init(
      barcode: barcode.gtin.printed, sku: barcode.sku, unitCode: barcode.unit,
      retired: barcode.isRetired, kind: barcode.gtin.kind.message)
  }
}

extension GTIN.Kind {
  var message: CatalogV1.BarcodeKind {
    switch self {
    case .ean8: .ean8
    case .upcA: .upcA
    case .ean13: .ean13
    case .gtin14: .gtin14
    }
  }
}

extension CatalogV1.ResolveBarcodeResponse {
  init(_ scan: Scan) {
    let day = { (identifier: String) in scan.day(identifier).map { GoogleType.Date($0) } }
    self.init(
      product: CatalogV1.Product(scan.product), gtin: scan.gtin.description, unitCode: scan.unit,
      quantity: TypeV1.Quantity(scan.quantity, scan.product.unit), lot: scan.lot,
      serial: scan.serial, producedOn: day("11"), packedOn: day("13"), bestBefore: day("15"),
      sellBy: day("16"), expiresOn: day("17"),
      elements: scan.elements?.elements.map { element in
        .init(
          identifier: element.identifier, title: element.title, text: element.text,
          value: element.value.description)
      } ?? [])
  }
}
