import Foundation
import Identity
import Messages
import RPC
import Services
import Storage
import TestKit
import Testing

@Suite("Secrets stay where they were shown")
struct SecretsTests {
  @Test("no file of the database, answer from the log, question, event or refusal holds one")
  func nowhere() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "secrets-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let gate = try await Gatehouse(.init(path: folder.appending(path: "shop.db").path)) {
      $0.sealKeys = SealKeys([[UInt8](repeating: 9, count: SealKeys.byteCount)])
    }
    var said: [[UInt8]] = []
    try await useEverySecret(of: gate, &said)
    let shared = try await useSecondFactor(of: gate, &said)
    said += try await answersFromTheLog(gate)
    said += try await questions(gate)
    said += await refusals(gate)
    said += try await audit(gate)
    let secrets = gate.secrets
    // While it is open the log of the engine holds what is newest; closed it is in the file.
    said += try files(in: folder)
    try await gate.close()
    said += try files(in: folder)
    #expect(secrets.count > 12)
    let words = said.map { String(decoding: $0, as: UTF8.self) }
    #expect(words.contains { $0.contains("wang.fang") })
    for secret in Set(secrets) {
      // The random part alone is as good as the whole.
      let part = secret.split(separator: "_").last.map(String.init) ?? secret
      #expect(part.count >= 12)
      #expect(!words.contains { $0.contains(part) }, "\(secret.prefix(3))… was found")
    }
    // What the authenticator app shares is not there as bytes either.
    #expect(!said.contains { Data($0).range(of: Data(shared)) != nil })
  }

  /// Returns the secret that is shared with the app.
  private func useSecondFactor(
    of gate: Gatehouse, _ said: inout [[UInt8]]
  ) async throws -> [UInt8] {
    let identity = gate.shop.identity
    let (app, codes) = try await gate.addSecondFactor()
    let replayed = try await identity.addSecondFactor(
      .init(password: Gatehouse.password), options: gate.command(gate.admin, key: "factor-1"))
    let confirmed = try await identity.confirmSecondFactor(
      .init(code: "000000"), options: gate.command(gate.admin, key: "factor-2"))
    #expect(replayed.secret == "" && replayed.uri == "" && confirmed.recoveryCodes == [])
    said += [replayed.encoded(), confirmed.encoded()]
    _ = try await gate.logIn("chief", Gatehouse.password, code: codes[0])
    let spent = await refusal {
      try await gate.logIn("chief", Gatehouse.password, code: codes[0])
    }
    let wrong = await refusal {
      try await identity.proveSecondFactor(
        .init(code: codes[0]), options: gate.command(gate.admin))
    }
    said += [bytes(of: spent), bytes(of: wrong)]
    let fresh = try await identity.replaceRecoveryCodes(
      .init(code: codes[1]), options: gate.command(gate.admin)
    ).recoveryCodes
    for code in fresh { gate.note(code, code.filter { $0 != "-" }) }
    return app.sharedSecret
  }

  private func useEverySecret(of gate: Gatehouse, _ said: inout [[UInt8]]) async throws {
    let identity = gate.shop.identity
    _ = try await identity.createMachine(
      .init(name: "till-7", kind: .till, displayName: "Counter", roles: ["TILL"]),
      options: gate.command(gate.admin))
    let person = try await identity.createPerson(
      .init(name: "li.na", displayName: "Li Na", roles: ["SALES"]),
      options: gate.command(gate.admin, key: "person-1"))
    let reset = try await identity.resetPassword(
      .init(name: "li.na"), options: gate.command(gate.admin, key: "reset-1"))
    let key = try await identity.issueKey(
      .init(principal: "till-7", label: "counter"),
      options: gate.command(gate.admin, key: "issue-1"))
    let rotated = try await identity.rotateKey(
      .init(keyId: key.key?.keyId ?? ""), options: gate.command(gate.admin, key: "rotate-1"))
    gate.note(person.oneTimePassword, reset.oneTimePassword, key.secret, rotated.secret)
    let login = try await gate.logIn("li.na", reset.oneTimePassword)
    let chosen = "seven planes and a chisel"
    gate.note(chosen, "wrong but quite long")
    _ = await refusal { try await gate.logIn("li.na", "wrong but quite long") }
    _ = try await identity.changePassword(
      .init(oldPassword: reset.oneTimePassword, newPassword: chosen),
      options: gate.command(bearer(login.tokens?.accessToken)))
    let fresh = try await identity.refresh(
      .init(refreshToken: login.tokens?.refreshToken ?? ""))
    gate.note(fresh.tokens?.accessToken ?? "", fresh.tokens?.refreshToken ?? "")
    // A spent token that comes again is a refusal which is on record.
    let reused = await refusal {
      try await identity.refresh(.init(refreshToken: login.tokens?.refreshToken ?? ""))
    }
    said.append(bytes(of: reused))
  }

  /// The same commands again: the answers of the log, which have the secrets left out.
  private func answersFromTheLog(_ gate: Gatehouse) async throws -> [[UInt8]] {
    let identity = gate.shop.identity
    let person = try await identity.createPerson(
      .init(name: "li.na", displayName: "Li Na", roles: ["SALES"]),
      options: gate.command(gate.admin, key: "person-1"))
    #expect(person.principal?.name == "li.na")
    #expect(person.oneTimePassword == "")
    let reset = try await identity.resetPassword(
      .init(name: "li.na"), options: gate.command(gate.admin, key: "reset-1"))
    #expect(reset.oneTimePassword == "")
    let issued = try await identity.issueKey(
      .init(principal: "till-7", label: "counter"),
      options: gate.command(gate.admin, key: "issue-1"))
    #expect(issued.key?.principal == "till-7")
    #expect(issued.secret == "")
    let rotated = try await identity.rotateKey(
      .init(keyId: issued.key?.keyId ?? ""), options: gate.command(gate.admin, key: "rotate-1"))
    #expect(rotated.replaced?.keyId == issued.key?.keyId)
    #expect(rotated.secret == "")
    return [person.encoded(), reset.encoded(), issued.encoded(), rotated.encoded()]
  }

  private func questions(_ gate: Gatehouse) async throws -> [[UInt8]] {
    let identity = gate.shop.identity
    var said = [
      try await identity.listPrincipals(.init(), options: gate.admin).encoded(),
      try await identity.listKeys(.init(principal: "till-7"), options: gate.admin).encoded(),
      try await identity.listSessions(.init(principal: "li.na"), options: gate.admin).encoded(),
      try await identity.whoAmI(.init(), options: gate.admin).encoded(),
    ]
    for try await batch in try await gate.shop.events.watch(.init(), options: gate.admin) {
      said.append(batch.encoded())
      if batch.caughtUp { break }
    }
    return said
  }

  private func refusals(_ gate: Gatehouse) async -> [[UInt8]] {
    var said: [[UInt8]] = []
    for secret in gate.secrets {
      // Every secret where it is none: as a token, a key, a password, a name.
      let calls: [() async throws -> Void] = [
        { _ = try await gate.shop.identity.whoAmI(.init(), options: bearer(secret + "x")) },
        { _ = try await gate.shop.identity.refresh(.init(refreshToken: secret + "x")) },
        {
          _ = try await gate.shop.identity.login(.init(name: "chief", password: secret + "x"))
        },
      ]
      for call in calls { said.append(bytes(of: await refusal(call))) }
    }
    return said
  }

  /// What was refused and read is on record by now, and all of it is told.
  private func audit(_ gate: Gatehouse) async throws -> [[UInt8]] {
    await gate.shop.signAudit()
    var said: [[UInt8]] = []
    var request = AuditV1.ListEntriesRequest(pageSize: 500)
    repeat {
      let page = try await gate.shop.audit.listEntries(request, options: gate.admin)
      said.append(page.encoded())
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    var file: [UInt8] = []
    for try await message in try await gate.shop.audit.export(.init(), options: gate.admin) {
      file += message.chunk
    }
    #expect(String(decoding: file, as: UTF8.self).contains("LOGIN_REFUSED"))
    return said + [file]
  }

  private func bytes(of error: RPCError?) -> [UInt8] {
    guard let error else { return [] }
    return Array(error.message.utf8) + error.rawDetails.flatMap(\.bytes)
  }

  private func files(in folder: URL) throws -> [[UInt8]] {
    let found = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    #expect(!found.isEmpty)
    return try found.map { [UInt8](try Data(contentsOf: $0)) }
  }
}
