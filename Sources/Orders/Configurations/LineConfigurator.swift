import MasterData
import Storage
import Values

/// Finds out what the choices of an order's lines come to. A model that several lines are of is
/// compiled once.
struct LineConfigurator {
  private var evaluators: [ModelKey: ModelEvaluator] = [:]

  private struct ModelKey: Hashable {
    let product: ID<Product>
    let version: Int64
  }

  enum Answer {
    /// The product is not configurable.
    case plain
    case configured(Configuration)
    /// `check` has what speaks against it.
    case refused
  }

  mutating func answer(
    to line: OrderDraft.Line, _ product: Product, at path: @autoclosure () -> FieldPath,
    _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> Answer {
    guard let choice = line.choice else {
      if product.kind == .madeToOrder, try Models.exist(for: product, in: snapshot) {
        check.refuse(
          OrdersRejection.configurationMissing(
            field: path().field("configuration"), sku: product.sku))
        return .refused
      }
      return .plain
    }
    let field = FieldPath(path().field("configuration"))
    do {
      let settings = field.field("settings")
      return .configured(
        try verdict(on: choice, of: product, field, in: snapshot).require(field: settings))
    } catch let several as Rejections {
      for refused in several.all { check.refuse(refused) }
    } catch let one as any Rejection {
      check.refuse(one)
    }
    return .refused
  }

  private mutating func verdict(
    on choice: ChosenConfiguration, of product: Product, _ field: FieldPath, in snapshot: Snapshot
  ) throws -> ConfigurationVerdict {
    let version = try Models.require(
      sku: product.sku, version: choice.modelVersion, in: snapshot, skuField: field.description,
      versionField: field.field("model_version"))
    let key = ModelKey(product: version.product, version: version.version)
    var evaluator =
      try evaluators[key] ?? ModelEvaluator(Models.model(of: version, in: snapshot))
    defer { evaluators[key] = evaluator }
    return try evaluator.verdict(on: choice.settings, field: field.field("settings"))
  }
}
