import Inventory
import MasterData
import Production
import Storage
import Testing
import Values

@Suite("Upsert bills of material")
struct UpsertBillsOfMaterialTests {
  @Test("a bill that says anything else is the next version; the same one is unchanged")
  func versions() async throws {
    let shop = try await Workshop()
    let outcomes = try await shop.write { tx in
      var other = BillDraft.stool
      other.components[0].scrap = Rate(micros: 10_000)
      return try tx.upsert(.stool) + tx.upsert(other) + tx.upsert(other)
    }
    #expect(outcomes.map { "\($0.outcome)" } == ["unchanged", "updated", "unchanged"])
    let bill = try await shop.read {
      try BillsOfMaterial.require(sku: "STOOL", field: "sku", in: $0)
    }
    #expect(bill.version == 2)
    #expect(bill.components.map(\.scrap) == [Rate(micros: 10_000)])
    #expect(bill.operations.map(\.sequence) == [1])
  }

  @Test("operations are kept in the order of their sequence")
  func order() async throws {
    let shop = try await Workshop()
    let bill = try await shop.write { tx in
      var draft = BillDraft.stool
      draft.operations = [.of(20, "FIT"), .of(5, "CUT"), .of(10, "CUT")]
      _ = try tx.upsert(draft)
      return try BillsOfMaterial.find(.named("STOOL", in: tx), in: tx)
    }
    #expect(bill?.operations.map(\.sequence) == [5, 10, 20])
  }

  @Test("a product cannot be made of itself, and the refusal names the way", arguments: 1...3)
  func cycles(length: Int) async throws {
    let shop = try await Workshop()
    let verdicts = try await shop.write { tx in
      // TABLE is made of TOP, and TOP of BOARD.
      switch length {
      case 1: try tx.upsert(BillDraft(sku: "TOP", components: [.of("TOP", 1)]))
      case 2: try tx.upsert(BillDraft(sku: "TOP", components: [.of("OIL", 1), .of("TABLE", 1)]))
      default: try tx.upsert(BillDraft(sku: "BOARD", components: [.of("TABLE", 1)]))
      }
    }
    let refusal = try #require(verdicts[0].violations.first)
    #expect(refusal.reason == "BILL_CYCLE")
    #expect(refusal.field == "bills[0].components")
    let ways = ["TOP → TOP", "TOP → TABLE → TOP", "BOARD → TABLE → TOP → BOARD"]
    #expect(refusal.message == "Made of itself: \(ways[length - 1])")
  }

  @Test("a cycle inside one batch is refused where it would close, and the rest stays")
  func cycleInBatch() async throws {
    let shop = try await Workshop()
    let verdicts = try await shop.write { tx in
      try tx.upsert(
        BillDraft(sku: "OIL", components: [.of("SCREW", 1)]),
        BillDraft(sku: "SCREW", components: [.of("OIL", 1)]),
        BillDraft(sku: "VASE", components: [.of("OIL", 1)]))
    }
    #expect(verdicts.map(\.violations.count) == [0, 1, 0])
    #expect(try await shop.refusals { try $0.upsert(.stool) }.isEmpty)
  }

  @Test("everything that is wrong with a bill is told at once, with its field")
  func collected() async throws {
    let shop = try await Workshop()
    let verdicts = try await shop.write { tx in
      try tx.upsert(
        BillDraft(
          sku: "STOOL",
          components: [
            .of("NONE", 1), .of("DELIVERY", 1), .of("BOARD", 0), .of("BOARD", 1, scrap: 1_000_000),
            BillDraft.Component(sku: "OIL", quantity: GivenQuantity(.one, unit: "l")),
          ],
          operations: [
            .of(0, "CUT"), .of(1, "NOWHERE"), .of(1, "CUT"),
            BillDraft.Operation(
              sequence: 2, name: " ", workCentreCode: "CUT", unitMinutes: Quantity(micros: -1)),
          ], expectedVersion: 7),
        BillDraft(sku: "NONE", components: []),
        BillDraft(sku: "DELIVERY", components: [.of("OIL", 1)]),
        BillDraft(
          sku: "VASE", components: Array(repeating: .of("OIL", 1), count: 501),
          operations: Array(repeating: .of(1, "CUT"), count: 101)))
    }
    let found = verdicts.map { $0.violations.map { "\($0.field ?? "") \($0.reason)" } }
    #expect(
      found[0] == [
        "bills[0].components[0].sku UNKNOWN_PRODUCT",
        "bills[0].components[1].sku SERVICE_HAS_NO_STOCK",
        "bills[0].components[2].quantity QUANTITY_NOT_POSITIVE",
        "bills[0].components[3].sku DUPLICATE_COMPONENT",
        "bills[0].components[3].scrap_micros OUT_OF_RANGE",
        "bills[0].components[4].quantity.unit_code WRONG_UNIT",
        "bills[0].operations[0].sequence OUT_OF_RANGE",
        "bills[0].operations[1].work_centre_code UNKNOWN_WORK_CENTRE",
        "bills[0].operations[2].sequence DUPLICATE_OPERATION",
        "bills[0].operations[3].name REQUIRED",
        "bills[0].operations[3].unit_minutes_micros OUT_OF_RANGE",
        "bills[0].version VERSION_CONFLICT",
      ])
    #expect(found[1] == ["bills[1].sku UNKNOWN_PRODUCT", "bills[1].components REQUIRED"])
    #expect(found[2] == ["bills[2].sku SERVICE_HAS_NO_STOCK"])
    #expect(found[3] == ["bills[3].components TOO_MANY_ROWS", "bills[3].operations TOO_MANY_ROWS"])
  }

  @Test("a work order keeps the bill and the rates it was planned with")
  func frozen() async throws {
    let shop = try await Workshop()
    let order = try await shop.write { tx in
      try tx.plan(2, "STOOL")
      var other = BillDraft.stool
      other.components = [.of("OIL", 1)]
      other.operations = []
      _ = try tx.upsert(other)
      _ = try UpsertWorkCentres([WorkCentreDraft(code: "CUT", name: "Cutting", hourlyRate: cny(1))])
        .run(in: tx, at: Workshop.now)
      return try tx.order(1)
    }
    #expect(order.components.map(\.sku) == ["BOARD"])
    #expect(order.operations.map(\.hourlyRate) == [cny(120)])
    #expect(order.operations.map(\.plannedMinutes) == [qty(12)])
  }
}

@Suite("Upsert work centres")
struct UpsertWorkCentresTests {
  @Test("adds, changes and leaves alone, row by row")
  func outcomes() async throws {
    let shop = try await Workshop()
    let verdicts = try await shop.write { tx in
      try UpsertWorkCentres([
        WorkCentreDraft(code: "CUT", name: "Cutting", hourlyRate: cny(120)),
        WorkCentreDraft(code: "FIT", name: "Fitting", hourlyRate: cny(80), expectedVersion: 1),
        WorkCentreDraft(code: "SAW", name: "Saw", hourlyRate: cny(0)),
        WorkCentreDraft(code: "SAW", name: "Saw", hourlyRate: cny(0)),
        WorkCentreDraft(code: "a b", name: "", hourlyRate: nil),
        WorkCentreDraft(
          code: "EUR", name: "x", hourlyRate: Money(minor: -1, currency: .usd), expectedVersion: 2),
      ]).run(in: tx, at: Workshop.now)
    }
    #expect(verdicts.prefix(3).map { "\($0.outcome)" } == ["unchanged", "updated", "created"])
    #expect(
      verdicts.suffix(3).map { $0.violations.map { "\($0.field ?? "") \($0.reason)" } } == [
        ["work_centres[3].code DUPLICATE_IN_BATCH"],
        [
          "work_centres[4].code INVALID_CODE", "work_centres[4].name REQUIRED",
          "work_centres[4].hourly_rate REQUIRED",
        ],
        [
          "work_centres[5].hourly_rate CURRENCY_NOT_ACCEPTED",
          "work_centres[5].version VERSION_CONFLICT",
        ],
      ])
    let centres = try await shop.read { try WorkCentres.list(after: "CUT", limit: 10, in: $0) }
    #expect(centres.map(\.code) == ["FIT", "SAW"])
    #expect(centres.map(\.version) == [2, 1])
  }
}
