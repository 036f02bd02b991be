package import Storage
package import Values

/// Makes a model the newest version of its product's, unless the newest says the same. What it
/// names beyond master data, work centres, is checked by whoever publishes it.
package struct AddModelVersion: Sendable {
  package let draft: ModelDraft
  /// The newest version that the caller has seen; nil or 0 for any.
  package let expectedVersion: Int64?
  package let malformed: [any Rejection]
  /// Who asks.
  package let actor: String

  package init(
    _ draft: ModelDraft, expectedVersion: Int64?, malformed: [any Rejection], by actor: String
  ) {
    self.draft = draft
    self.expectedVersion = expectedVersion
    self.malformed = malformed
    self.actor = actor
  }

  package struct Outcome: Sendable {
    package let version: ModelVersion
    /// Nil when the newest version says the same already.
    package let model: ConfigurableModel?
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    let currency = try Companies.current(in: tx).baseCurrency
    let newest = try ModelTable.find(draft.sku, version: nil, in: tx)
    var check = FieldCheck(.request)
    check.version(expectedVersion, stored: newest?.version, code: draft.sku, "expected_version")
    try check.pass()
    let model = try ConfigurableModel(
      draft, version: (newest?.version ?? 0) + 1, currency: currency, malformed: malformed)
    let product = try Products.require(sku: draft.sku, field: "model.sku", in: tx)
    guard product.kind == .madeToOrder else {
      throw ModelRejection.notMadeToOrder(field: "model.sku", sku: draft.sku)
    }
    try checkProducts(of: model, in: tx)
    try checkInitialValues(of: model)
    let text = draft.storedText
    if let newest, newest.currency == currency,
      try ModelTable.definition(of: newest, in: tx) == text
    {
      return Outcome(version: newest, model: nil)
    }
    let version = ModelVersion(
      product: product.id, sku: product.sku, name: product.name, version: model.version,
      currency: currency, publishedBy: actor, publishedAt: now.instant)
    try ModelTable.insert(version, definition: text, in: tx)
    tx.record(
      DomainEvent(
        "model.published", DocumentReference(.masterData, product.sku),
        [Fact("version", version.version), Fact("actor", actor)]))
    return Outcome(version: version, model: model)
  }

  private func checkProducts(of model: ConfigurableModel, in tx: Transaction) throws {
    var check = FieldCheck(FieldPath("model"))
    for mention in model.products {
      guard mention.code != model.sku else {
        check.refuse(ModelRejection.containsItself(field: mention.field, sku: model.sku))
        continue
      }
      guard let product = try Products.find(sku: mention.code, in: tx) else {
        check.refuse(
          MasterDataRejection.unknownProduct(
            field: mention.field, sku: String(mention.code.prefix(60))))
        continue
      }
      guard product.isStocked, mention.unit == nil || mention.unit == product.unit else {
        check.refuse(
          ModelRejection.wrongUnit(
            field: mention.field, sku: product.sku, unit: product.unit,
            expected: mention.unit ?? "a unit of stock"))
        continue
      }
    }
    try check.pass()
  }

  /// Nobody could begin with a model whose initial values are no valid choice.
  private func checkInitialValues(of model: ConfigurableModel) throws {
    var evaluator = ModelEvaluator(model)
    let verdict = try evaluator.verdict(on: [], field: "")
    guard let first = verdict.violations.first else { return }
    throw ModelRejection.initialValuesInvalid(
      field: "model", problem: "\(first.reason) [\(first.rule)]")
  }
}
