import Inventory
import MasterData
import Storage
import Values

/// Reads a draft against what it names, collecting everything that is wrong with it.
struct BillReader {
  private let draft: BillDraft
  private let path: FieldPath
  private let snapshot: Snapshot
  private var check: FieldCheck

  init(_ draft: BillDraft, at path: FieldPath, in snapshot: Snapshot) {
    self.draft = draft
    self.path = path
    self.snapshot = snapshot
    check = FieldCheck(path, malformed: draft.malformed)
  }

  /// The bill that the draft makes of `stored` (nil: the product has none). Throws what is wrong
  /// with it.
  mutating func bill(of product: Product?, from stored: BillOfMaterial?) throws -> BillOfMaterial {
    checkProduct(product)
    let components = try readComponents()
    let operations = try readOperations()
    check.version(draft.expectedVersion, stored: stored?.version, code: draft.sku)
    try check.pass()
    guard let product else { preconditionFailure("a row that passed its checks is complete") }
    return BillOfMaterial(
      product: product.id, sku: product.sku, unit: product.unit,
      version: (stored?.version ?? 0) + 1, components: components, operations: operations)
  }

  private mutating func checkProduct(_ product: Product?) {
    if let product {
      checkStocked(product, "sku")
    } else {
      refuseUnknown(draft.sku, "sku")
    }
  }

  private mutating func readComponents() throws -> [BillOfMaterial.Component] {
    if draft.components.isEmpty {
      check.refuse(MasterDataRejection.missingValue(field: path.field("components")))
    }
    guard fits(draft.components.count, BillDraft.componentLimit, "components") else { return [] }
    var seen: Set<String> = []
    return try draft.components.enumerated().compactMap { index, given in
      let name = "components[\(index)]"
      let product = try Products.find(sku: given.sku, in: snapshot)
      if let product {
        checkStocked(product, name + ".sku")
      } else {
        refuseUnknown(given.sku, name + ".sku")
      }
      if !seen.insert(given.sku).inserted {
        check.refuse(
          ProductionRejection.duplicateComponent(
            field: path.field(name + ".sku"), sku: String(given.sku.prefix(60))))
      }
      checkPerUnit(given, of: product, name)
      guard let product else { return nil }
      return BillOfMaterial.Component(
        product: product.id, sku: product.sku, unit: product.unit,
        quantity: given.quantity.quantity, scrap: given.scrap)
    }
  }

  /// One unit may need a part of a piece (a glue bottle serves four chairs), so only size and unit
  /// are checked: a work order rounds its need up.
  private mutating func checkPerUnit(
    _ given: BillDraft.Component, of product: Product?, _ name: String
  ) {
    let quantity = given.quantity.quantity
    if !quantity.isPositive {
      check.refuse(
        InventoryRejection.quantityNotPositive(
          field: path.field(name + ".quantity"), given: quantity))
    }
    check.range(quantity, name + ".quantity", .zero...GivenQuantity.highest)
    if let product { given.quantity.checkUnit(&check, name + ".quantity", of: product) }
    check.range(
      given.scrap.micros, name + ".scrap_micros", 0...Rate.one.micros - 1)
  }

  private mutating func readOperations() throws -> [BillOfMaterial.Operation] {
    guard fits(draft.operations.count, BillDraft.operationLimit, "operations") else { return [] }
    var seen: Set<Int> = []
    let read = try draft.operations.enumerated().map { index, given in
      let name = "operations[\(index)]"
      check.range(given.sequence, name + ".sequence", 1...9_999)
      if !seen.insert(given.sequence).inserted {
        check.refuse(
          ProductionRejection.duplicateOperation(
            field: path.field(name + ".sequence"), sequence: given.sequence))
      }
      check.text(given.name, name + ".name", required: true)
      let centre = try WorkCentreTable.find(given.workCentreCode, in: snapshot)
      if centre == nil {
        check.refuse(
          ProductionRejection.unknownWorkCentre(
            field: path.field(name + ".work_centre_code"),
            code: String(given.workCentreCode.prefix(60))
          ).ifNamed(given.workCentreCode))
      }
      check.range(
        given.setupMinutes, name + ".setup_minutes_micros", .zero...ReportOperation.highestMinutes)
      check.range(
        given.unitMinutes, name + ".unit_minutes_micros", .zero...ReportOperation.highestMinutes)
      return BillOfMaterial.Operation(
        sequence: given.sequence, name: given.name, workCentre: centre?.id ?? ID(0),
        workCentreCode: given.workCentreCode, setupMinutes: given.setupMinutes,
        unitMinutes: given.unitMinutes)
    }
    return read.sorted { $0.sequence < $1.sequence }
  }

  private mutating func fits(_ count: Int, _ limit: Int, _ name: String) -> Bool {
    guard count > limit else { return true }
    check.refuse(
      MasterDataRejection.tooManyRows(field: path.field(name), count: count, limit: limit))
    return false
  }

  private mutating func checkStocked(_ product: Product, _ name: String) {
    guard !product.isStocked else { return }
    check.refuse(
      InventoryRejection.serviceHasNoStock(field: path.field(name), sku: product.sku))
  }

  private mutating func refuseUnknown(_ sku: String, _ name: String) {
    check.refuse(
      MasterDataRejection.unknownProduct(field: path.field(name), sku: String(sku.prefix(60)))
        .ifNamed(sku))
  }
}
