import Foundation
import Messages
import RPC
import Services
import Storage
import TestKit
import Testing

@Suite("A restored database takes commands once administrators have agreed")
struct RestorationServiceTests {
  private struct Opened {
    let shop: Shop
    let restoration: String
    /// The first administrator and the second.
    let boss: CallOptions
    let deputy: CallOptions
  }

  private func command(_ options: CallOptions, _ shop: Shop) -> CallOptions {
    var options = options
    options.metadata.add("idempotency-key", shop.command().metadata["idempotency-key"] ?? "")
    return options
  }

  private func join(
    _ shop: Shop, _ name: String, _ oneTimePassword: String
  ) async throws -> CallOptions {
    let login = try await shop.identity.login(.init(name: name, password: oneTimePassword))
    let mine = bearer(login.tokens?.accessToken)
    _ = try await shop.identity.changePassword(
      .init(oldPassword: oneTimePassword, newPassword: Gatehouse.password),
      options: command(mine, shop))
    return mine
  }

  /// A shop with two administrators, as after a restoration. That they log in and change their
  /// one-time passwords is done on the restored database.
  private func restored() async throws -> Opened {
    let before = try await Shop.open()
    try await before.furnish()
    try await before.stock("LAMP", 5, cost: "80")
    var passwords: [String] = []
    for name in ["boss", "deputy"] {
      passwords.append(
        try await before.identity.createPerson(
          .init(name: name, displayName: name, roles: ["ADMINISTRATOR", "SALES"]),
          options: before.command()
        ).oneTimePassword)
    }
    // Where callers are believed there is nobody to agree: what waits is given at once.
    for grant in try await before.identity.listGrants(.init()).grants {
      _ = try await before.identity.approveGrant(
        .init(grantId: grant.grantId), options: before.command(by: "founder"))
    }
    let name = try await before.noteRestoration()
    let shop = try await before.reopened(callers: .proved)
    return Opened(
      shop: shop, restoration: name, boss: try await join(shop, "boss", passwords[0]),
      deputy: try await join(shop, "deputy", passwords[1]))
  }

  private func place(_ opened: Opened, key: String = "sale") async throws -> OrdersV1.Order? {
    var options = opened.boss
    options.metadata.add("idempotency-key", key)
    return try await opened.shop.orders.placeOrder(
      .init(order: opened.shop.input([("LAMP", 1)])), options: options
    ).order
  }

  private func health(
    _ shop: Shop, _ service: String
  ) async throws -> GRPCHealthV1.HealthCheckResponse.ServingStatus {
    try await GRPCHealthV1.HealthClient(channel: shop.channel).check(.init(service: service)).status
  }

  @Test("commands wait, questions do not; two agree, and the very same command is done")
  func agreed() async throws {
    let opened = try await restored()
    let (shop, name) = (opened.shop, opened.restoration)
    let refused = await refusal { try await place(opened) }
    #expect(refused?.code == .unavailable && reason(refused) == "RESTORE_NOT_APPROVED")
    #expect(refused?.retryPushback == .never)
    #expect(try await health(shop, "") == .notServing)
    #expect(try await health(shop, "joinery.orders.v1.OrderService") == .notServing)
    #expect(try await health(shop, "joinery.identity.v1.IdentityService") == .serving)
    #expect(try await health(shop, "joinery.operations.v1.OperationsService") == .serving)
    #expect(try await health(shop, "joinery.audit.v1.AuditService") == .serving)
    #expect(try await shop.orders.listOrders(.init(), options: opened.boss).orders == [])

    let shown = try await shop.operations.getRestoration(.init(), options: opened.deputy)
    let waits = try #require(shown.restoration)
    #expect(waits.restorationId == name && waits.state == .pending && waits.leftOutRecords == 7)
    #expect(waits.reason == "the disk died" && waits.restoredBy == "root")
    #expect(waits.lastCommand > 0 && !waits.lastMethod.isEmpty && waits.lastTime != nil)
    let first = try await shop.operations.approveRestoration(
      .init(restorationId: name), options: command(opened.boss, shop))
    #expect(first.restoration?.state == .pending && first.restoration?.agreedBy == "boss")
    let twice = await refusal {
      try await shop.operations.approveRestoration(
        .init(restorationId: name), options: command(opened.boss, shop))
    }
    #expect(twice?.code == .permissionDenied && reason(twice) == "MAY_NOT_APPROVE")
    #expect(reason(await refusal { try await place(opened) }) == "RESTORE_NOT_APPROVED")
    let second = try await shop.operations.approveRestoration(
      .init(restorationId: name), options: command(opened.deputy, shop))
    #expect(second.restoration?.state == .approved && second.restoration?.decidedBy == "deputy")

    // The key of the refused call is good again.
    #expect(try await place(opened)?.state == .confirmed)
    #expect(try await health(shop, "") == .serving)
    #expect(try await health(shop, "joinery.orders.v1.OrderService") == .serving)
    let database = try await shop.operations.getDatabase(.init(), options: opened.boss)
    #expect(database.restoration == nil && database.pages > 0)
    let decided = await refusal {
      try await shop.operations.rejectRestoration(
        .init(restorationId: name, reason: "late"), options: command(opened.boss, shop))
    }
    #expect(decided?.code == .failedPrecondition && reason(decided) == "RESTORATION_DECIDED")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("who has refused holds it for good, also after a restart")
  func rejected() async throws {
    let opened = try await restored()
    let reply = try await opened.shop.operations.rejectRestoration(
      .init(restorationId: opened.restoration, reason: "an hour too old"),
      options: command(opened.deputy, opened.shop))
    #expect(reply.restoration?.state == .rejected)
    let refused = await refusal { try await place(opened) }
    #expect(refused?.code == .unavailable && reason(refused) == "RESTORE_REJECTED")
    let again = try await opened.shop.reopened(callers: .proved)
    let still = await refusal {
      try await again.orders.placeOrder(
        .init(order: again.input([("LAMP", 1)])), options: command(opened.boss, again))
    }
    #expect(reason(still) == "RESTORE_REJECTED")
    #expect(
      try await again.operations.getDatabase(.init(), options: opened.boss).restoration?.state
        == .rejected)
    await again.close()
  }

  @Test("no command is let through but those that say so, whichever service it is of")
  func walk() async throws {
    let opened = try await restored()
    let methods = DescriptorPool.joinery.services.flatMap(\.methods).map(\.descriptor)
      .filter { $0.service.hasPrefix("joinery.") && $0.idempotency == .idempotent }
    #expect(methods.count > 100)
    let open = methods.filter(\.isBeforeApproval)
    // Nothing among them gives anybody a right, or takes one away from somebody else who agrees.
    #expect(
      Set(open.map(\.name)) == [
        "Login", "Refresh", "Logout", "ChangePassword", "AddSecondFactor", "ConfirmSecondFactor",
        "ProveSecondFactor", "ReplaceRecoveryCodes", "RevokeSession", "ApproveRestoration",
        "RejectRestoration",
      ])
    for method in methods where !method.isBeforeApproval && method.shape == .unary {
      let refused = await refusal {
        let reply: Reply<Raw> = try await opened.shop.channel.unary(
          method, Raw(OperationsV1.GetDatabaseRequest()),
          options: command(opened.boss, opened.shop))
        return reply
      }
      let expected = ["RESTORE_NOT_APPROVED", "PERMISSION_MISSING"]
      #expect(expected.contains(reason(refused) ?? ""), "\(method.path) \(refused as Any)")
    }
    await opened.shop.close()
  }

  @Test("a health watch is told when commands are taken again")
  func watched() async throws {
    let opened = try await restored()
    let client = GRPCHealthV1.HealthClient(channel: opened.shop.channel)
    var answers = try await client.watch(.init(service: "joinery.orders.v1.OrderService"))
      .makeAsyncIterator()
    #expect(try await answers.next()?.status == .notServing)
    for options in [opened.boss, opened.deputy] {
      _ = try await opened.shop.operations.approveRestoration(
        .init(restorationId: opened.restoration), options: command(options, opened.shop))
    }
    #expect(try await answers.next()?.status == .serving)
    await opened.shop.close()
  }

  @Test("it is on record from which backup, to which moment and by whom, and the chain goes on")
  func audited() async throws {
    let opened = try await restored()
    let shop = opened.shop
    let entry = try await shop.database.read { snapshot in
      try snapshot.first(
        "SELECT method, reason FROM command WHERE actor = 'joinery backup restore'"
      ) { [$0.text(0), $0.text(1)] }
    }
    #expect(entry == ["joinery.backup/Restore", "the disk died"])
    let facts = try await shop.database.read { snapshot in
      try snapshot.first("SELECT facts FROM event WHERE type = 'database.restored'") { $0.text(0) }
    }
    #expect(facts?.contains("joinery-20260302T000000Z.backup") == true)
    #expect(facts?.contains("left_out_records") == true)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("administrators with a second factor prove it, and nobody else agrees")
  func sensitive() async throws {
    let opened = try await restored()
    let shop = opened.shop
    let added = try await shop.identity.addSecondFactor(
      .init(password: Gatehouse.password), options: command(opened.boss, shop))
    let app = Authenticator(added.secret)
    _ = try await shop.identity.confirmSecondFactor(
      .init(code: app.code(shop.clock)), options: command(opened.boss, shop))
    shop.clock.advance(seconds: 301)
    let unproved = await refusal {
      try await shop.operations.approveRestoration(
        .init(restorationId: opened.restoration), options: command(opened.boss, shop))
    }
    #expect(reason(unproved) == "MFA_REQUIRED")
    _ = try await shop.identity.proveSecondFactor(
      .init(code: app.code(shop.clock)), options: command(opened.boss, shop))
    let proved = try await shop.operations.approveRestoration(
      .init(restorationId: opened.restoration), options: command(opened.boss, shop))
    #expect(proved.restoration?.agreedBy == "boss")
    let stranger = await refusal { try await shop.operations.getRestoration(.init()) }
    #expect(stranger?.code == .unauthenticated)
    await shop.close()
  }

  private static func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pages-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test("pages are told by the key that encrypts them, once all of them have it")
  func sealed() async throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "shop.db").path
    let bare = try await Shop.open(.init(path: path))
    try await bare.furnish()
    await bare.close()
    let key = PageProtection.Key(
      id: [0xA0, 0, 0, 1], bytes: [UInt8](repeating: 7, count: PageProtection.Key.byteCount))
    // What is there gets the key, a few pages at a time.
    var settings = Database.Configuration(path: path, pages: PageProtection([key]))
    settings.resealed = { _ in }
    let shop = try await Shop.open(settings)
    var told = try await shop.operations.getDatabase(.init())
    while told.protection.map(\.key) != [key.name] {
      await Task.yield()
      told = try await shop.operations.getDatabase(.init())
    }
    #expect(told.protection == [.init(key: "a0000001", pages: told.pages)])
    await shop.close()
  }

  @Test("a database that was not restored says so, and how its pages are")
  func ordinary() async throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let shop = try await Shop.open(.init(path: folder.appending(path: "shop.db").path))
    try await shop.furnish()
    let never = await refusal { try await shop.operations.getRestoration(.init()) }
    #expect(never?.code == .notFound && reason(never) == "NEVER_RESTORED")
    let told = try await shop.operations.getDatabase(.init())
    #expect(told.pageBytes == 4_096 && told.pages > 50 && told.freePages < told.pages)
    #expect(told.protection == [.init(key: "none", pages: told.pages)])
    #expect(told.lastCommand > 0 && told.restoration == nil && told.logPages > 0)
    #expect(told.schema.contains("-00"))
    await shop.close()
  }
}
