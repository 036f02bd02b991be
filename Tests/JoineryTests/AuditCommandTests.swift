import Foundation
import Testing

@Suite("joinery audit", .serialized)
struct AuditCommandTests {
  @Test("export, verify and proof, as an auditor uses them")
  func audit() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    func path(_ name: String) -> String { folder.appending(path: name).path }
    let server = try ServerProcess(database: folder.appending(path: "shop.db"))
    for name in ["A", "B", "C"] {
      let set = try await Binary.run(
        "company", "set-warehouse", name, "--name", "仓库", "--why", "新店 \(name)", "--server",
        server.address)
      #expect(set.status == 0, "\(set.errors)")
    }
    let list = try await Binary.run("audit", "list", "--limit", "2", "--server", server.address)
    #expect(list.output.contains("UpsertWarehouses  done"), "\(list.output)\(list.errors)")
    #expect(list.output.contains("because: 新店 C"))
    #expect(!list.output.contains("新店 A"))
    let exported = try await Binary.run("audit", "export", path("a"), "--server", server.address)
    #expect(exported.status == 0, "\(exported.errors)")
    #expect(server.stop() == 0)

    let mode = try FileManager.default.attributesOfItem(atPath: path("shop.db.audit-key"))
    #expect(mode[.posixPermissions] as? Int == 0o600)
    let key = try await Binary.run("audit", "key", "--database", path("shop.db"))
    try Data(key.output.utf8).write(to: folder.appending(path: "key.pub"))
    let fromFile = try await Binary.run(
      "audit", "export", path("b"), "--database", path("shop.db"))
    #expect(fromFile.status == 0, "\(fromFile.errors)")
    for name in ["a", "b", "shop.db"] {
      let verified = try await Binary.run("audit", "verify", path(name), "--key", path("key.pub"))
      #expect(verified.status == 0, "\(name): \(verified.output)\(verified.errors)")
      #expect(verified.output.contains("verified: nothing is wrong"))
    }
    var bytes = try Data(contentsOf: folder.appending(path: "a"))
    // In a text: elsewhere it may be the length of an entry, which is another finding.
    bytes[try #require(bytes.range(of: Data("新店".utf8))).lowerBound] ^= 1
    try bytes.write(to: folder.appending(path: "forged"))
    let forged = try await Binary.run("audit", "verify", path("forged"), "--key", path("key.pub"))
    #expect(forged.status == 1)
    #expect(forged.output.contains("is not what was recorded"), "\(forged.output)")
    let twice = try await Binary.run("audit", "export", path("b"), "--database", path("shop.db"))
    #expect(twice.errors.contains("exists already"))
    let wrong = try await Binary.run("audit", "verify", path("key.pub"), "--key", path("key.pub"))
    #expect(wrong.errors.contains("neither an audit nor"), "\(wrong.errors)")
  }

  @Test("a server signs what is left when it stops, and after kill -9 what it finds")
  func signsAtTheEnd() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let database = folder.appending(path: "shop.db")
    for (round, isKilled) in [(1, true), (2, false)] {
      let server = try ServerProcess(database: database)
      let set = try await Binary.run(
        "company", "set-warehouse", "W\(round)", "--name", "仓库", "--server", server.address)
      #expect(set.status == 0, "\(set.errors)")
      if isKilled { server.kill() } else { #expect(server.stop() == 0) }
      let key = try await Binary.run("audit", "key", "--database", database.path)
      let verified = try await Binary.run(
        "audit", "verify", database.path, "--key", key.output.trimmingCharacters(in: .newlines))
      #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
      #expect(verified.output.contains(isKilled ? "signed up to 0" : "signed up to 2"))
    }
  }

  @Test("a key that others may read is refused with one line")
  func openKey() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let key = folder.appending(path: "key")
    try Data(String(repeating: "0a", count: 32).utf8).write(to: key)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key.path)
    let result = try await Binary.run(
      "serve", "--listen", "127.0.0.1:0", "--database", folder.appending(path: "shop.db").path,
      "--audit-key", key.path)
    #expect(result.status != 0)
    #expect(result.errors.contains("chmod 600"), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
  }
}
