import MasterData
import Storage
import Testing
import Values

@Suite("Configurable models")
struct ModelTests {
  private func published(
    _ draft: ModelDraft = .box(), in books: Books, expected: Int64? = nil
  ) async throws -> AddModelVersion.Outcome {
    try await books.write { tx in
      try AddModelVersion(draft, expectedVersion: expected, malformed: [], by: "tang").run(
        in: tx, at: Books.now)
    }
  }

  private func verdict(
    on settings: [String], version: Int64 = 0, in books: Books
  ) async throws -> ConfigurationVerdict {
    try await books.database.read { snapshot in
      let version = try Models.require(sku: "TABLE-1", version: version, in: snapshot)
      var evaluator = ModelEvaluator(try Models.model(of: version, in: snapshot))
      return try evaluator.verdict(
        on: settings.map { Configuration.Setting($0) }, field: "settings")
    }
  }

  private func refusals(_ draft: ModelDraft, in books: Books) async throws -> [String] {
    try await books.refusals { tx in
      try AddModelVersion(draft, expectedVersion: nil, malformed: [], by: "tang").run(
        in: tx, at: Books.now)
    }.map { "\($0.field ?? "") \($0.reason)" }
  }

  @Test("a choice becomes a price, a cut list, material, work and cartons")
  func configuration() async throws {
    let books = try Books()
    try await books.stock()
    _ = try await published(in: books)
    let box = try #require(
      try await verdict(on: ["width=640", "wood=ash"], in: books).configuration)
    #expect(box.settings.map(\.shown) == ["width=640", "wood=ash", "lid=yes"])
    #expect(
      box.priceParts.map { "\($0.code) \($0.amount)" } == ["WOOD 51.52 CNY", "LID 19.99 CNY"])
    #expect(box.price.description == "71.51 CNY")
    #expect(
      box.panels.map { "\($0.name) \($0.count) \($0.length) \($0.width)" } == [
        "side 4 620 250", "lid 1 640 640",
      ])
    // 4 × 0.62 × 0.25 + 0.64² m² of one board, added up before rounding.
    #expect(
      box.components.map { "\($0.sku) \($0.quantity) \($0.waste)" } == [
        "OAK-27 1.0296 10%", "CHAIR-1 2 0%",
      ])
    #expect(
      box.operations.map { "\($0.sequence) \($0.setupMinutes) \($0.unitMinutes)" } == [
        "10 5 6.4"
      ])
    #expect(box.cartons.map { "\($0.count) \($0.length) \($0.weight)" } == ["1 660 4.2"])
    #expect("\(box.weight) \(box.volume) \(box.leadDays)" == "6.4 0.1024 7")
    #expect(try Configuration(storedText: box.storedText) == box)
    let open = try #require(try await verdict(on: ["lid=no"], in: books).configuration)
    #expect(open.priceParts.map(\.code) == ["WOOD"])
    #expect(open.panels.map(\.name) == ["side"])
    #expect(open.components.map(\.sku) == ["OAK-27"])
  }

  @Test(
    "what speaks against a choice comes with its reason and the nearest valid values",
    arguments: [
      (["width=800"], ["LONGEST: width, wood: wood=ash! width=700!"], ["wood=ash"]),
      (["width=800", "wood=oak"], ["LONGEST: width, wood: wood=ash! width=700!"], ["wood=ash"]),
      (["width=640", "lid=no", "wood=ash"], [], []),
      (["width=400", "lid=no"], ["LID: width, lid: lid=yes! width=510!"], ["lid=yes"]),
      (
        ["width=1000"], ["RANGE: width: width=900", "LONGEST: width, wood: wood=ash width=700"],
        ["width=900", "wood=ash"]
      ),
      (["width=299.5 mm"], ["RANGE: width: width=300!"], ["width=300"]),
      (["width=604"], ["STEP: width: width=600! width=610!"], ["width=600"]),
      (["width=606"], ["STEP: width: width=610! width=600!"], ["width=610"]),
      (
        ["wood=teak", "width=900"],
        ["CHOICE: wood: wood=oak wood=ash!", "LONGEST: width, wood: wood=ash width=700"],
        ["wood=ash"]
      ),
    ])
  func violations(settings: [String], violations: [String], nearest: [String]) async throws {
    let books = try Books()
    try await books.stock()
    _ = try await published(in: books)
    let verdict = try await verdict(on: settings, in: books)
    #expect(
      verdict.violations.map { violation in
        let suggestions = violation.suggestions.map { $0.setting.shown + ($0.isEnough ? "!" : "") }
        return
          ([violation.rule + ":", violation.parameters.joined(separator: ", ") + ":"]
          + suggestions).joined(separator: " ")
      } == violations)
    #expect(verdict.nearest.map(\.shown).sorted() == nearest.sorted())
    #expect((verdict.configuration == nil) == !violations.isEmpty)
    // Whoever takes the advice has a valid choice.
    let kept = settings.filter { setting in
      !verdict.nearest.contains { setting.hasPrefix($0.name + "=") }
    }
    let advised = try await self.verdict(on: kept + verdict.nearest.map(\.shown), in: books)
    #expect(advised.violations == [])
  }

  @Test("names that the model does not have and values of another kind are refused, all at once")
  func unreadable() async throws {
    let books = try Books()
    try await books.stock()
    _ = try await published(in: books)
    await #expect(throws: Rejections.self) {
      try await verdict(on: ["widht=600", "width=wide", "lid=maybe", "lid=yes"], in: books)
    }
    do {
      _ = try await verdict(on: ["widht=600", "width=wide", "lid=maybe", "lid=yes"], in: books)
    } catch let found as Rejections {
      #expect(
        found.all.map { "\($0.field ?? "") \($0.reason)" } == [
          "settings[0].name UNKNOWN_PARAMETER", "settings[1].value UNREADABLE_VALUE",
          "settings[2].value UNREADABLE_VALUE", "settings[3].name PARAMETER_GIVEN_TWICE",
        ])
    }
  }

  @Test("a version never changes: the same again publishes nothing, another one is the next")
  func versions() async throws {
    let books = try Books()
    try await books.stock()
    #expect(try await published(in: books).version.version == 1)
    let again = try await published(in: books)
    #expect(again.version.version == 1 && again.model == nil)
    var dearer = ModelDraft.box()
    dearer.prices[1].amount = "25"
    #expect(try await published(dearer, in: books, expected: 1).version.version == 2)
    #expect(try await verdict(on: [], in: books).configuration?.price.description == "85 CNY")
    let first = try await verdict(on: [], version: 1, in: books).configuration
    #expect(first?.price.description == "79.99 CNY" && first?.version == 1)
    let refused = try await books.refusals { tx in
      try AddModelVersion(.box(), expectedVersion: 1, malformed: [], by: "tang").run(
        in: tx, at: Books.now)
    }
    #expect(refused.map(\.reason) == ["VERSION_CONFLICT"])
    #expect(refused.map(\.field) == ["expected_version"])
    #expect(
      try await books.database.read { try Models.list(limit: 10, in: $0) }.map(\.version) == [2])
    let stored = try await books.database.read { snapshot in
      let version = try Models.require(sku: "TABLE-1", version: 1, in: snapshot)
      return try Models.draft(of: version, in: snapshot)
    }
    #expect(stored == .box())
  }

  @Test("a model that cannot be is refused with every field that is wrong")
  func refused() async throws {
    let books = try Books()
    try await books.stock()
    var draft = ModelDraft.box()
    draft.parameters[0].name = "Width"
    draft.parameters[1].kind = .choice([], standard: "oak")
    draft.parameters.append(.init(name: "lid", label: "", kind: .none))
    #expect(
      try await refusals(draft, in: books) == [
        "model.parameters[0].name INVALID_NAME",
        "model.parameters[1].choice.values NO_VALUES",
        "model.parameters[1].choice.initial INITIAL_NOT_A_VALUE",
        "model.parameters[3].name NAME_TAKEN",
      ])
    draft = .box()
    draft.constraints[0].rule = "width <= wood.longst"
    draft.constraints[1].code = "LONGEST"
    draft.prices[0].amount = "lid"
    draft.panels[1].board = "'OAK-27"
    draft.operations[0].sequence = 0
    draft.leadDays = "width >"
    #expect(
      try await refusals(draft, in: books) == [
        "model.constraints[0].rule INVALID_FORMULA", "model.constraints[1].code NAME_TAKEN",
        "model.prices[0].amount INVALID_FORMULA", "model.panels[1].board INVALID_FORMULA",
        "model.operations[0].sequence OUT_OF_RANGE", "model.lead_days INVALID_FORMULA",
      ])
    draft = .box()
    draft.panels[0].board = "if lid then 'CHAIR-1' else 'TABLE-1'"
    draft.materials[0].sku = "if lid then 'NONE' else 'INSTALL'"
    #expect(
      try await refusals(draft, in: books) == [
        "model.panels[0].board WRONG_UNIT", "model.materials[0].sku WRONG_UNIT",
      ])
    #expect(try await refusals(.box(sku: "CHAIR-1"), in: books) == ["model.sku NOT_MADE_TO_ORDER"])
    #expect(try await refusals(.box(sku: "NONE"), in: books) == ["model.sku UNKNOWN_PRODUCT"])
    draft = .box()
    draft.prices[1].amount = "0 - 100"
    #expect(try await refusals(draft, in: books) == ["model INITIAL_VALUES_INVALID"])
    draft.prices[1].amount = "1 / (width - 600)"
    #expect(try await refusals(draft, in: books) == ["model INITIAL_VALUES_INVALID"])
  }

  @Test("a formula without an answer makes the choice invalid and says where")
  func noAnswer() async throws {
    let books = try Books()
    try await books.stock()
    var draft = ModelDraft.box()
    draft.prices[1].amount = "100 / (width - 500)"
    draft.panels[0].count = "width / 300"
    _ = try await published(draft, in: books)
    let divided = try await verdict(on: ["width=500"], in: books)
    #expect(
      divided.violations.map(\.reason) == [
        "prices[1].amount divides by zero at line 1, column 5"
      ])
    #expect(divided.violations.map(\.rule) == ["FORMULA"])
    let broken = try await verdict(on: ["width=610"], in: books)
    #expect(
      broken.violations.map(\.reason) == [
        "panels[0].count is 2.033333333333, which is not a whole number from 0 to 10000"
      ])
  }

  @Test("a model comes back from its stored text as it was, whatever its texts hold")
  func storedText() async throws {
    let books = try Books()
    try await books.stock()
    var draft = ModelDraft.box()
    draft.constraints[0].reason = "烤箱 \\ \"quoted\" \\t"
    draft.definitions.append(.init(name: "more", formula: "side\n\t+ 1"))
    _ = try await published(draft, in: books)
    let stored = try await books.database.read { snapshot in
      try Models.draft(of: Models.require(sku: "TABLE-1", version: 0, in: snapshot), in: snapshot)
    }
    #expect(stored == draft)
  }
}
