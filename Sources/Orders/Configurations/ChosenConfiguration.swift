import Inventory
package import MasterData
import Storage
import Values

/// What a customer chose of a configurable product, as a line of an order gives it. What it comes
/// to is fixed when the order is submitted, by the version of the model that is the newest then
/// unless one is named.
package struct ChosenConfiguration: Hashable, Sendable {
  /// Of the model; 0 for the newest.
  package let modelVersion: Int64
  /// The chosen values; what is not given has its initial one.
  package let settings: [Configuration.Setting]
  /// Of the kept choice that it is, as long as it was not looked up; empty for none, and from then
  /// on.
  package let number: String
  /// The drawings and the like of that.
  package let attachments: [ConfigurationDraft.Attachment]

  package init(
    modelVersion: Int64, settings: [Configuration.Setting], number: String = "",
    attachments: [ConfigurationDraft.Attachment] = []
  ) {
    self.modelVersion = modelVersion
    self.settings = settings
    self.number = number
    self.attachments = attachments
  }

  /// What can be said without looking anything up.
  func checkShape(_ check: inout FieldCheck) {
    check.text(number, "configuration.number", limit: 40)
    check.range(modelVersion, "configuration.model_version", 0...Int64.max)
    check.range(settings.count, "configuration.settings", 0...ModelDraft.parameterLimit)
    for (index, setting) in settings.prefix(ModelDraft.parameterLimit).enumerated() {
      check.text(setting.name, "configuration.settings[\(index)].name", limit: 40, required: true)
      check.text(setting.value, "configuration.settings[\(index)].value", limit: 100)
    }
  }
}

extension ChosenConfiguration {
  /// What was chosen and its drawings, as one text for a row.
  var storedText: String {
    StoredRow.text(settings.map(\.storedRow) + attachments.map(\.storedRow))
  }

  init(modelVersion: Int64, storedText: String) throws {
    let rows = StoredRow.rows(storedText)
    self.init(
      modelVersion: modelVersion,
      settings: try rows.filter { $0.tag == "setting" }.map { try Configuration.Setting($0) },
      attachments: try rows.filter { $0.tag == "attachment" }.map { try .init($0) })
  }
}

extension [OrderDraft.Line] {
  /// Puts what was chosen in the place of the numbers of kept choices; what speaks against one is
  /// added to `check`, which names a line by its place.
  mutating func resolveChoices(
    _ check: inout FieldCheck, at path: (Int) -> FieldPath, in snapshot: Snapshot,
    at now: Instant
  ) throws {
    for (index, line) in enumerated() {
      guard let number = line.choice?.number, !number.isEmpty else { continue }
      let field = path(index).field("configuration.number")
      do {
        let kept = try ConfigurationDrafts.require(
          number: number, field: field, at: now, in: snapshot)
        guard kept.sku == line.sku else {
          throw OrdersRejection.choiceOfAnotherProduct(
            field: field, number: number, sku: line.sku, kept: kept.sku)
        }
        self[index].choice = ChosenConfiguration(
          modelVersion: kept.modelVersion, settings: kept.settings, attachments: kept.attachments)
      } catch let refused as any Rejection {
        check.refuse(refused)
      }
    }
  }
}

extension OrderDraft {
  /// The same for all lines of an order.
  mutating func resolveChoices(
    _ check: inout FieldCheck, in snapshot: Snapshot, at now: Instant
  ) throws {
    try lines.resolveChoices(&check, at: Self.path(line:), in: snapshot, at: now)
  }
}

extension OrderChange {
  /// With what was chosen of its lines of an order and of those that it adds, as it is now.
  func resolved(
    for order: SalesOrder, in snapshot: Snapshot, at now: Instant
  ) throws -> OrderChange {
    var change = self
    // Their products are those of the order.
    var rechosen = lines.map { wish in
      let index = wish.number - 1
      var line = OrderDraft.Line(
        sku: order.lines.indices.contains(index) ? order.lines[index].sku : "",
        quantity: GivenQuantity(.one))
      line.choice = wish.choice
      return line
    }
    var check = FieldCheck(.request)
    try rechosen.resolveChoices(
      &check, at: { FieldPath("change.lines", row: $0) }, in: snapshot, at: now)
    for (index, line) in rechosen.enumerated() { change.lines[index].choice = line.choice }
    try change.added.resolveChoices(
      &check, at: { FieldPath("change.added_lines", row: $0) }, in: snapshot, at: now)
    try check.pass()
    return change
  }
}
