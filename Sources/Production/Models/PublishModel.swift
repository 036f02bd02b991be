package import MasterData
package import Storage
package import Values

/// Publishes a configurable model as the next version of its product's: everything that its
/// formulas can come to, work centres included, is there.
package struct PublishModel: Sendable {
  package let version: AddModelVersion

  package init(_ version: AddModelVersion) { self.version = version }

  package func run(in tx: Transaction, at now: Moment) throws -> AddModelVersion.Outcome {
    let outcome = try version.run(in: tx, at: now)
    var check = FieldCheck(FieldPath("model"))
    for mention in outcome.model?.workCentres ?? [] {
      guard try WorkCentreTable.find(mention.code, in: tx) == nil else { continue }
      check.refuse(
        ProductionRejection.unknownWorkCentre(
          field: mention.field, code: String(mention.code.prefix(60))))
    }
    try check.pass()
    return outcome
  }
}
