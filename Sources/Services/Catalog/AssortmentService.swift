internal import MasterData
internal import Messages
internal import RPC
internal import Values

/// joinery.catalog.v1: messages to the verbs and questions about variants, cartons, the days of
/// products' lives and what goes with them.
struct AssortmentService: CatalogV1.AssortmentService {
  let commands: CommandLog
  let questions: Questions

  func upsertProductFamilies(
    _ request: CatalogV1.UpsertProductFamiliesRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertProductFamiliesResponse {
    let verb = UpsertProductFamilies(request.families.map { ProductFamilyDraft($0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listProductFamilies(
    _ request: CatalogV1.ListProductFamiliesRequest, context: CallContext
  ) async throws -> CatalogV1.ListProductFamiliesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["product families"])
    return try await questions.ask(context) { snapshot in
      let found = try ProductFamilies.list(after: page.after?[0], limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.code] }
      return .init(families: rows.map { CatalogV1.ProductFamily($0) }, nextPageToken: next)
    }
  }

  func upsertVariants(
    _ request: CatalogV1.UpsertVariantsRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertVariantsResponse {
    let verb = UpsertVariants(request.variants.map { VariantDraft($0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listVariants(
    _ request: CatalogV1.ListVariantsRequest, context: CallContext
  ) async throws -> CatalogV1.ListVariantsResponse {
    try await questions.ask(context) { snapshot in
      let found = try ProductFamilies.variants(
        of: request.familyCode, choosing: request.choices.map { AttributeChoice($0) },
        in: snapshot)
      return .init(
        variants: found.variants.map { CatalogV1.ProductVariant($0) },
        open: found.open.map { CatalogV1.ProductAttribute($0) })
    }
  }

  func upsertCartons(
    _ request: CatalogV1.UpsertCartonsRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertCartonsResponse {
    let verb = UpsertCartons(request.products.map { CartonsDraft($0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func upsertLifecycles(
    _ request: CatalogV1.UpsertLifecyclesRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertLifecyclesResponse {
    let verb = UpsertLifecycles(
      request.lifecycles.enumerated().map { LifecycleDraft($1, row: $0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func upsertAccessories(
    _ request: CatalogV1.UpsertAccessoriesRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertAccessoriesResponse {
    let verb = UpsertAccessories(request.accessories.map { AccessoryDraft($0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func suggestAccessories(
    _ request: CatalogV1.SuggestAccessoriesRequest, context: CallContext
  ) async throws -> CatalogV1.SuggestAccessoriesResponse {
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      var check = FieldCheck(.request)
      check.range(request.skus.count, "skus", 1...Accessories.basketLimit)
      try check.pass()
      let products = try request.skus.enumerated().map { row, sku in
        try Products.require(sku: sku, field: "skus[\(row)]", in: snapshot)
      }
      return .init(
        accessories: try Accessories.suggested(for: products, on: today, in: snapshot).map {
          CatalogV1.Accessory($0)
        })
    }
  }
}
