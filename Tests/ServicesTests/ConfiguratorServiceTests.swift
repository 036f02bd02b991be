import Messages
import RPC
import TestKit
import Testing

@Suite("Configurator over RPC")
struct ConfiguratorServiceTests {
  private func publish(
    _ model: ConfiguratorV1.Model, in shop: Shop, dryRun: Bool = false
  ) async throws -> ConfiguratorV1.PublishModelResponse {
    try await shop.configurator.publishModel(
      .init(model: model), options: shop.command(dryRun: dryRun))
  }

  private func configure(
    _ settings: [(String, String)], version: Int64 = 0, in shop: Shop
  ) async throws -> ConfiguratorV1.ConfigureResponse {
    try await shop.configurator.configure(
      .init(
        sku: "TABLE", version: version, settings: settings.map { .init(name: $0, value: $1) }))
  }

  @Test("a model comes back as it was published, and is listed")
  func models() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let rehearsed = try await publish(.table, in: shop, dryRun: true)
    #expect(rehearsed.published && rehearsed.model?.version == 1)
    #expect(await refusal { try await configure([], in: shop) }?.code == .notFound)
    let first = try await publish(.table, in: shop)
    #expect(first.published && first.model?.version == 1 && first.model?.publishedBy == "li.na")
    let again = try await publish(.table, in: shop)
    #expect(!again.published && again.model?.version == 1)
    let shown = try await shop.configurator.getModel(.init(sku: "TABLE"))
    #expect(shown.model == .table)
    #expect(shown.summary?.name == "定制橡木桌")
    let listed = try await shop.configurator.listModels(.init())
    #expect(listed.models.map(\.sku) == ["TABLE"])
    let unknown = await refusal {
      try await shop.configurator.getModel(.init(sku: "TABLE", version: 2))
    }
    #expect(reason(unknown) == "UNKNOWN_MODEL_VERSION")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a choice is answered with all that follows from it, the same for each version for ever")
  func configuration() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await publish(.table, in: shop)
    let reply = try await configure([("length", "1800"), ("oiled", "yes")], in: shop)
    #expect(reply.valid && reply.modelVersion == 1 && reply.violations.isEmpty)
    let table = try #require(reply.configuration)
    #expect(table.price == yuanEach("1848"))
    #expect(
      table.priceParts == [
        .init(code: "TOP", label: "Top", amount: yuanEach("1728")),
        .init(code: "OIL", amount: yuanEach("120")),
      ])
    #expect(
      table.panels == [
        .init(
          name: "top", count: 1, length: amount("1800", "mm"), width: amount("800", "mm"),
          board: "BOARD")
      ])
    #expect(
      table.components == [
        .init(sku: "BOARD", quantity: amount("1.44", "m2"), wasteMicros: 100_000),
        .init(sku: "SCREW", quantity: amount("16", "pcs")),
      ])
    #expect(table.operations.map(\.unitMinutesMicros) == [54_000_000])
    #expect(table.leadDays == 12 && table.weight == amount("36", "kg"))
    #expect(table.digest.utf8.count == 64)
    var dearer = ConfiguratorV1.Model.table
    dearer.prices[1].amount = "150"
    _ = try await publish(dearer, in: shop)
    let pinned = try await configure([("length", "1800"), ("oiled", "yes")], version: 1, in: shop)
    #expect(pinned == reply)
    let newest = try await configure([("length", "1800"), ("oiled", "yes")], in: shop)
    #expect(newest.configuration?.price == yuanEach("1878"))
    #expect(newest.configuration?.digest != table.digest)
    await shop.close()
  }

  @Test("a choice that is not valid is an answer, too; one that cannot be read is a refusal")
  func notValid() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await publish(.table, in: shop)
    let reply = try await configure([("length", "2400"), ("oiled", "no")], in: shop)
    #expect(!reply.valid && reply.configuration == nil)
    #expect(reply.settings.map(\.value) == ["2400", "no"])
    #expect(
      reply.violations == [
        .init(
          rule: "LONG", reason: "A long table must be oiled", parameters: ["length", "oiled"],
          enough: [.init(name: "oiled", value: "yes"), .init(name: "length", value: "2000")])
      ])
    #expect(reply.nearest == [.init(name: "oiled", value: "yes")])
    let unread = await refusal { try await configure([("lenght", "2400")], in: shop) }
    #expect(unread?.code == .invalidArgument)
    #expect(violations(unread) == ["UNKNOWN_PARAMETER settings[0].name"])
    await shop.close()
  }

  @Test("what is wrong with a model names the field and the place in the formula")
  func refused() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    var model = ConfiguratorV1.Model.table
    model.prices[0].amount = "length *\n prize"
    model.constraints[0].rule = "length"
    let formulas = await refusal { try await publish(model, in: shop) }
    #expect(formulas?.code == .invalidArgument)
    #expect(
      formulas?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map {
        "\($0.field): \($0.description)"
      } == [
        "model.constraints[0].rule: At line 1, column 1: expected yes or no, and this is a number",
        "model.prices[0].amount: At line 2, column 2: there is nothing of the name 'prize' up to "
          + "here",
      ])
    model = .table
    model.operations[0].workCentre = "'MILL'"
    let centre = await refusal { try await publish(model, in: shop) }
    #expect(reason(centre) == "UNKNOWN_WORK_CENTRE")
    model = .table
    model.parameters[0].kind = .dimension(
      .init(
        lowest: amount("1", "m"), highest: amount("2000", "mm"), initial: amount("1", "m")))
    let units = await refusal { try await publish(model, in: shop) }
    #expect(
      violations(units) == [
        "UNITS_DIFFER model.parameters[0].dimension.highest",
        "REQUIRED model.parameters[0].dimension.step",
      ])
    let nothing = await refusal { try await publish(.init(), in: shop) }
    #expect(
      violations(nothing) == [
        "REQUIRED model.sku", "REQUIRED model.parameters", "REQUIRED model.prices",
      ])
    await shop.close()
  }
}
