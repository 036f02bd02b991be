import Inventory
import MasterData
import Production
import Storage
import Testing
import Values

/// One row for each refusal, in the order in which they are declared.
struct Refusal: Sendable, CustomTestStringConvertible {
  let reason: String
  let kind: RejectionKind
  let field: String?
  let body: @Sendable (Transaction) throws -> Void

  init(
    _ reason: String, _ kind: RejectionKind, _ field: String? = nil,
    _ body: @escaping @Sendable (Transaction) throws -> Void
  ) {
    self.reason = reason
    self.kind = kind
    self.field = field
    self.body = body
  }

  var testDescription: String { reason }

  /// The first refusal of a batch of one bill.
  private static func bill(_ tx: Transaction, _ draft: BillDraft) throws {
    try Rejections.check(try tx.upsert(draft).flatMap(\.violations))
  }

  static let all = [
    Refusal("DUPLICATE_COMPONENT", .invalid, "bills[0].components[1].sku") {
      try bill($0, BillDraft(sku: "VASE", components: [.of("OIL", 1), .of("OIL", 2)]))
    },
    Refusal("DUPLICATE_OPERATION", .invalid, "bills[0].operations[1].sequence") {
      try bill(
        $0,
        BillDraft(
          sku: "VASE", components: [.of("OIL", 1)], operations: [.of(1, "CUT"), .of(1, "FIT")]))
    },
    Refusal("NOTHING_REPORTED", .invalid, "minutes_micros") {
      try $0.report(1, 1, minutes: 0, done: false)
    },
    Refusal("NOTHING_COMPLETED", .invalid, "good") { tx in
      try tx.startStools(1)
      try tx.complete(1, good: 0, scrapped: 0)
    },
    Refusal("UNKNOWN_WORK_CENTRE", .notFound, "bills[0].operations[0].work_centre_code") {
      try bill(
        $0, BillDraft(sku: "VASE", components: [.of("OIL", 1)], operations: [.of(1, "X")]))
    },
    Refusal("UNKNOWN_WORK_ORDER", .notFound, "number") { try $0.release(9) },
    Refusal("UNKNOWN_BILL_OF_MATERIAL", .notFound, "sku") {
      _ = try BillsOfMaterial.require(sku: "VASE", field: "sku", in: $0)
    },
    Refusal("UNKNOWN_OPERATION", .notFound, "sequence") { tx in
      try tx.startStools(1)
      try tx.report(1, 2, minutes: 1)
    },
    Refusal("NOT_A_COMPONENT", .notFound, "components[0].sku") { tx in
      try tx.startStools(1)
      try tx.issue(1, ("OIL", 1))
    },
    Refusal("BILL_CYCLE", .invalid, "bills[0].components") {
      try bill($0, BillDraft(sku: "VASE", components: [.of("VASE", 1)]))
    },
    Refusal("TOO_MANY_LEVELS", .precondition) { tx in
      let levels = (0...21).map { "L\($0)" }
      _ = try UpsertProducts(levels.map { .of($0, .rawMaterial) }).run(in: tx, at: Workshop.now)
      for (above, below) in zip(levels, levels.dropFirst()) {
        try bill(tx, BillDraft(sku: above, components: [.of(below, 1_000_000)]))
      }
      try tx.plan(1, "L0")
    },
    Refusal("NO_BILL_OF_MATERIAL", .precondition) { try $0.plan(1, "VASE") },
    Refusal("PLAN_TOO_LARGE", .precondition) { tx in
      let skus = (1...499).map { "P\($0)" }
      _ = try UpsertProducts(skus.map { .of($0, .rawMaterial) }).run(in: tx, at: Workshop.now)
      for sku in skus { try bill(tx, BillDraft(sku: sku, components: [.of("OIL", 1)])) }
      try bill(
        tx,
        BillDraft(
          sku: "VASE", components: skus.map { .of($0, 1_000_000) } + [.of("TOP", 1_000_000)]))
      try tx.plan(1, "VASE")
    },
    Refusal("NEED_TOO_LARGE", .invalid) { tx in
      try bill(tx, BillDraft(sku: "VASE", components: [.of("OIL", 1_000_000_000_000)]))
      try tx.plan(1_000_000_000, "VASE")
    },
    Refusal("WORK_ORDER_STATE", .precondition) { tx in
      try tx.plan(1, "STOOL")
      try tx.issue(1)
    },
    Refusal("DEPOSIT_OUTSTANDING", .precondition) { tx in
      try tx.stockMaterial()
      try tx.plan(1, "STOOL", for: 7, hold: .deposit)
      try tx.release(1)
    },
    Refusal("COMPONENT_MISSING", .precondition) { tx in
      try tx.plan(1, "STOOL")
      try tx.release(1)
    },
    Refusal("OPERATION_DONE", .precondition) { tx in
      try tx.startStools(1)
      try tx.report(1, 1, minutes: 1)
      try tx.report(1, 1, minutes: 1)
    },
    Refusal("OPERATION_OUT_OF_ORDER", .precondition) { tx in
      try tx.plan(1, "TABLE")
      try tx.release(1, override: "test")
      try tx.report(1, 20, minutes: 1)
    },
    Refusal("OPERATION_DROPPED", .precondition) { tx in
      try tx.startStools(1)
      try tx.report(1, 1, minutes: 1, done: false)
      try tx.rework(1, repeatsSteps: true)
      try tx.report(1, 1, minutes: 1)
    },
    Refusal("COMPONENT_NOT_HELD", .precondition, "components[0].quantity") { tx in
      try tx.stock(1_000_000, "BOARD")
      try tx.plan(2, "STOOL")
      try tx.release(1, override: "test")
      try tx.issue(1, ("BOARD", 1_000_001))
    },
    Refusal("NOTHING_TO_ISSUE", .precondition) { tx in
      try tx.startStools(1)
      try tx.issue(1)
    },
    Refusal("OPERATIONS_OPEN", .precondition) { tx in
      try tx.startStools(1)
      try tx.complete(1)
      try tx.close(1)
    },
    Refusal("INSPECTION_OPEN", .precondition) { tx in
      _ = try UpsertWorkCentres([
        WorkCentreDraft(code: "CUT", name: "Cutting", hourlyRate: cny(120), inspects: true),
        WorkCentreDraft(code: "FIT", name: "Assembly", hourlyRate: cny(80), inspects: true),
      ]).run(in: tx, at: Workshop.now)
      try tx.startStools(1)
      try tx.complete(1)
    },
    Refusal("OUTPUT_REPORTED", .precondition) { tx in
      try tx.startStools(2)
      try tx.complete(1, good: 1)
      try tx.rework(1)
    },
  ]
}

@Suite("Refusals of production")
struct ProductionRejectionTests {
  @Test("refuses with code, kind, field and a sentence", arguments: Refusal.all)
  func row(refusal: Refusal) async throws {
    let shop = try await Workshop()
    let found = try await shop.refusals { try refusal.body($0) }
    #expect(found.map(\.reason) == [refusal.reason])
    #expect(found.map(\.kind) == [refusal.kind])
    #expect(found.map(\.field) == [refusal.field])
    #expect(found.allSatisfy { !$0.message.isEmpty })
    #expect(try await shop.violations() == [])
  }

  @Test("no two refusals share a code")
  func codes() {
    #expect(Set(Refusal.all.map(\.reason)).count == Refusal.all.count)
  }

  @Test("shape comes before names, names before state")
  func precedence() async throws {
    let shop = try await Workshop()
    // An unknown work order, and nothing reported: the shape is told first.
    #expect(
      try await shop.refusals { try $0.report(9, 1, minutes: 0, done: false) }.map(\.reason)
        == ["NOTHING_REPORTED"])
    // An unknown operation of a work order in the wrong state: the state decides what may be named.
    try await shop.write { _ = try $0.plan(1, "STOOL", for: 7, hold: .deposit) }
    #expect(
      try await shop.refusals { try $0.report(1, 7, minutes: 1) }.map(\.reason)
        == ["WORK_ORDER_STATE"])
    // Deposit and material are told together, the deposit first.
    #expect(
      try await shop.refusals { try $0.release(1) }.map(\.reason)
        == ["DEPOSIT_OUTSTANDING", "COMPONENT_MISSING"])
  }

  @Test("quantities are in the product's unit and whole where it is")
  func quantities() async throws {
    let shop = try await Workshop()
    try await shop.write { try $0.startStools(2) }
    func complete(
      good: GivenQuantity?, scrapped: GivenQuantity? = nil
    ) async throws -> [String] {
      try await shop.refusals { tx in
        try CompleteWorkOrder(number: work(1), good: good, scrapped: scrapped)
          .run(in: tx, at: Workshop.now)
      }.map { "\($0.field ?? "") \($0.reason)" }
    }
    #expect(
      try await complete(good: GivenQuantity(qty(-1)), scrapped: GivenQuantity(Quantity(micros: 1)))
        == ["good QUANTITY_NEGATIVE", "scrapped FRACTION_OF_UNIT"])
    #expect(
      try await complete(good: GivenQuantity(qty(1), unit: "m2"))
        == ["good.unit_code WRONG_UNIT"])
    #expect(
      try await complete(good: GivenQuantity(Quantity(micros: .max))) == ["good OUT_OF_RANGE"])
    #expect(
      try await shop.refusals { tx in
        try ReportOperation(
          number: work(1), sequence: 1, minutes: Quantity(micros: -1), isDone: true
        ).run(in: tx, at: Workshop.now)
      }.map(\.reason) == ["OUT_OF_RANGE"])
  }
}
