import Messages
import RPC
import Storage
import TestKit
import Testing

@Suite("Templates, kept choices and attachments over RPC")
struct KeptChoiceTests {
  private func shop() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.configurator.publishModel(.init(model: .table), options: shop.command())
    return shop
  }

  private func save(
    _ settings: [ConfiguratorV1.Setting], code: String = "LONG", name: String = "Long table",
    sku: String = "TABLE", expected: Int64 = 0, in shop: Shop
  ) async throws -> ConfiguratorV1.Template {
    let reply = try await shop.configurator.saveTemplate(
      .init(
        template: .init(code: code, name: name, sku: sku, settings: settings),
        expectedVersion: expected), options: shop.command())
    return reply.template ?? .init()
  }

  @Test("a template is begun with, and what is chosen goes before what it says")
  func templates() async throws {
    let shop = try await shop()
    let long = try await save([.init(name: "length", value: "2000")], in: shop)
    #expect(long.version == 1 && long.modelVersion == 1 && long.savedBy == "li.na")
    #expect(long.settings.map(\.value) == ["2000", "no"])
    #expect(try await save([.init(name: "length", value: "2000")], in: shop) == long)
    let oiled = try await save(
      [.init(name: "length", value: "2400"), .init(name: "oiled", value: "yes")], expected: 1,
      in: shop)
    #expect(oiled.version == 2)
    let first = try await shop.configurator.getTemplate(.init(code: "LONG", version: 1))
    #expect(first.template == long)
    #expect(try await shop.configurator.listTemplates(.init()).templates == [oiled])
    let begun = try await shop.configurator.configure(
      .init(settings: [.init(name: "length", value: "1800")], templateCode: "LONG"))
    #expect(begun.configuration?.settings.map(\.value) == ["1800", "yes"])
    let pinned = try await shop.configurator.configure(
      .init(sku: "TABLE", templateCode: "LONG", templateVersion: 1))
    #expect(pinned.configuration?.settings.map(\.value) == ["2000", "no"])
    await shop.close()
  }

  @Test("what is no template is refused with its field")
  func refusedTemplates() async throws {
    let shop = try await shop()
    let invalid = await refusal {
      try await save([.init(name: "length", value: "2400")], in: shop)
    }
    #expect(violations(invalid) == ["INVALID_CHOICE template.settings"])
    let nameless = await refusal { try await save([], code: "a b", name: "", in: shop) }
    #expect(violations(nameless) == ["INVALID_CODE template.code", "REQUIRED template.name"])
    let unknown = await refusal { try await save([], sku: "CHAIR", in: shop) }
    #expect(violations(unknown) == ["UNKNOWN_MODEL template.sku"])
    _ = try await save([], in: shop)
    let late = await refusal { try await save([], name: "Other", expected: 7, in: shop) }
    #expect(late?.code == .aborted)
    let missing = await refusal {
      try await shop.configurator.getTemplate(.init(code: "LONG", version: 9))
    }
    #expect(violations(missing) == ["UNKNOWN_TEMPLATE code"])
    let other = await refusal {
      try await shop.configurator.configure(.init(sku: "CHAIR", templateCode: "LONG"))
    }
    #expect(violations(other) == ["TEMPLATE_OF_ANOTHER_MODEL template_code"])
    await shop.close()
  }

  @Test("a choice is kept option by option, valid or not, by the model it was begun with")
  func keptChoice() async throws {
    let shop = try await shop()
    let begun = try await shop.configurator.startConfiguration(
      .init(sku: "TABLE", settings: [.init(name: "length", value: "2400")], customerCode: "CASH"),
      options: shop.command())
    let draft = try #require(begun.draft)
    #expect(draft.number == "CF-2026-000001" && draft.version == 1)
    #expect(begun.result?.valid == false)
    #expect(begun.result?.violations.map(\.rule) == ["LONG"])
    // Another version does not change what was begun.
    var dearer = ConfiguratorV1.Model.table
    dearer.prices[1].amount = "500"
    _ = try await shop.configurator.publishModel(.init(model: dearer), options: shop.command())
    let changed = try await shop.configurator.changeConfiguration(
      .init(
        number: draft.number, expectedVersion: 1,
        settings: [.init(name: "oiled", value: "yes")]), options: shop.command())
    #expect(changed.draft?.version == 2)
    #expect(changed.draft?.customerCode == "CASH")
    #expect(changed.result?.configuration?.price == yuanEach("2424"))
    #expect(changed.result?.modelVersion == 1)
    let shown = try await shop.configurator.getConfiguration(.init(number: draft.number))
    #expect(shown.draft == changed.draft && shown.result == changed.result)
    let unset = try await shop.configurator.changeConfiguration(
      .init(number: draft.number, unset: ["length"]), options: shop.command())
    #expect(unset.result?.configuration?.settings.map(\.value) == ["1600", "yes"])
    let late = await refusal {
      try await shop.configurator.changeConfiguration(
        .init(number: draft.number, expectedVersion: 1), options: shop.command())
    }
    #expect(late?.code == .aborted)
    let unread = await refusal {
      try await shop.configurator.changeConfiguration(
        .init(number: draft.number, settings: [.init(name: "legs", value: "4")]),
        options: shop.command())
    }
    #expect(unread?.code == .invalidArgument)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a kept choice lives for thirty days after its last change")
  func expiry() async throws {
    let shop = try await shop()
    let number =
      try await shop.configurator.startConfiguration(
        .init(sku: "TABLE"), options: shop.command()
      ).draft?.number ?? ""
    shop.clock.advance(days: 29)
    _ = try await shop.configurator.changeConfiguration(
      .init(number: number, customerCode: "CREDIT"), options: shop.command())
    shop.clock.advance(days: 29)
    #expect(try await shop.configurator.getConfiguration(.init(number: number)).draft != nil)
    shop.clock.advance(days: 1)
    let expired = await refusal {
      try await shop.configurator.getConfiguration(.init(number: number))
    }
    #expect(expired?.code == .failedPrecondition)
    #expect(violations(expired) == ["CONFIGURATION_EXPIRED number"])
    // The next one takes it away.
    _ = try await shop.configurator.startConfiguration(.init(sku: "TABLE"), options: shop.command())
    let gone = await refusal {
      try await shop.configurator.getConfiguration(.init(number: number))
    }
    #expect(violations(gone) == ["UNKNOWN_CONFIGURATION number"])
    await shop.close()
  }

  @Test("an attachment is stored once, by what it holds, and named where it belongs")
  func attachments() async throws {
    let shop = try await shop()
    let drawing = Array("<svg/>".utf8)
    // sha256sum says so, too.
    let digest = "d4dc56669143034f31aa309635d4113d9ad76a02b1739da22c965ed2049be9e6"
    let added = try await shop.configurator.addAttachment(
      .init(content: drawing, mediaType: "image/svg+xml"), options: shop.command(key: "draw"))
    #expect(added.added && added.digest == digest)
    let again = try await shop.configurator.addAttachment(
      .init(content: drawing, mediaType: "text/plain"), options: shop.command())
    #expect(!again.added && again.digest == added.digest)
    let stored = try await shop.configurator.getAttachment(.init(digest: added.digest))
    #expect(stored.content == drawing && stored.mediaType == "image/svg+xml")
    let reused = await refusal {
      try await shop.configurator.addAttachment(
        .init(content: drawing + [1], mediaType: "image/svg+xml"),
        options: shop.command(key: "draw"))
    }
    #expect(violations(reused) == ["IDEMPOTENCY_KEY_REUSED metadata idempotency-key"])
    let number =
      try await shop.configurator.startConfiguration(
        .init(sku: "TABLE"), options: shop.command()
      ).draft?.number ?? ""
    let attached = try await shop.configurator.changeConfiguration(
      .init(number: number, attach: [.init(digest: added.digest, name: "table.svg")]),
      options: shop.command())
    #expect(attached.draft?.attachments == [.init(digest: added.digest, name: "table.svg")])
    let detached = try await shop.configurator.changeConfiguration(
      .init(number: number, detach: [added.digest]), options: shop.command())
    #expect(detached.draft?.attachments == [])
    let unknown = await refusal {
      try await shop.configurator.changeConfiguration(
        .init(number: number, attach: [.init(digest: "00", name: "x")]), options: shop.command())
    }
    #expect(violations(unknown) == ["UNKNOWN_ATTACHMENT attach[0].digest"])
    let large = await refusal {
      try await shop.configurator.addAttachment(
        .init(content: [UInt8](repeating: 7, count: 1 << 20 + 1), mediaType: "image/png"),
        options: shop.command())
    }
    #expect(violations(large) == ["ATTACHMENT_TOO_LARGE content"])
    let empty = await refusal {
      try await shop.configurator.addAttachment(.init(), options: shop.command())
    }
    #expect(violations(empty) == ["REQUIRED media_type", "REQUIRED content"])
    await shop.close()
  }

  @Test("who is erased leaves no choice behind")
  func erased() async throws {
    let shop = try await shop()
    let number =
      try await shop.configurator.startConfiguration(
        .init(sku: "TABLE", customerCode: "CASH"), options: shop.command()
      ).draft?.number ?? ""
    _ = try await shop.customers.eraseCustomer(
      .init(code: "CASH", reason: "asked for"), options: shop.command())
    let gone = await refusal {
      try await shop.configurator.getConfiguration(.init(number: number))
    }
    #expect(violations(gone) == ["UNKNOWN_CONFIGURATION number"])
    await shop.close()
  }

  @Test("the log keeps the digest of an attachment and not its content a second time")
  func attachmentsInTheLog() async throws {
    let shop = try await shop()
    let content = [UInt8](repeating: 0xAB, count: 1 << 18)
    _ = try await shop.configurator.addAttachment(
      .init(content: content, mediaType: "image/png"), options: shop.command())
    let longest = try await shop.database.read { snapshot in
      try snapshot.first("SELECT max(length(request)) FROM command") { $0.int(0) }
    }
    #expect((longest ?? .max) < 10_000)
    await shop.close()
  }
}
