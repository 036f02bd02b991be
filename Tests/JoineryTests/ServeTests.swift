import Foundation
import Testing

@Suite("joinery serve and verify", .serialized)
struct ServeTests {
  @Test("creates the database, serves it, ends on SIGTERM, and opens it again")
  func lifeOfAServer() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "shop.db")
    for round in 1...2 {
      let server = try ServerProcess(database: file)
      let set = try await Binary.run(
        "company", "set-warehouse", "W\(round)", "--name", "仓库", "--server", server.address)
      #expect(set.status == 0, "\(set.errors)")
      let list = try await Binary.run("company", "warehouses", "--server", server.address)
      #expect(list.output.contains("W\(round)"))
      #expect(server.stop() == 0)
    }
    let verified = try await Binary.run("verify", "--database", file.path)
    #expect(verified.status == 0, "\(verified.output)")
    #expect(verified.output.contains("2 audit entries"))
  }

  @Test("a second server on the same file is refused with one line")
  func secondServer() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "shop.db")
    let server = try ServerProcess(database: file)
    let second = try await Binary.run(
      "serve", "--listen", "127.0.0.1:0", "--database", file.path)
    #expect(second.status != 0)
    #expect(second.errors.contains("cannot serve \(file.path)"))
    #expect(second.errors.split(separator: "\n").count == 1, "\(second.errors)")
    server.kill()
    let third = try ServerProcess(database: file)
    #expect(third.stop() == 0)
  }

  @Test("a file that is no database, and a truncated one, are refused with one line")
  func damagedFiles() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = folder.appending(path: "letter.txt")
    try Data(String(repeating: "Dear customer, ", count: 1_000).utf8).write(to: text)
    let cut = folder.appending(path: "cut.db")
    let server = try ServerProcess(database: cut)
    #expect(server.stop() == 0)
    let whole = try Data(contentsOf: cut)
    try whole.prefix(whole.count / 2).write(to: cut)
    for file in [text, cut] {
      let result = try await Binary.run(
        "serve", "--listen", "127.0.0.1:0", "--database", file.path)
      #expect(result.status != 0)
      #expect(result.errors.contains("cannot serve \(file.path)"))
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
    let missing = try await Binary.run(
      "verify", "--database", folder.appending(path: "missing.db").path)
    #expect(missing.status != 0)
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "missing.db").path))
  }

  @Test("an address that is taken is refused with one line")
  func addressTaken() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(database: folder.appending(path: "a.db"))
    let second = try await Binary.run(
      "serve", "--listen", server.address, "--database", folder.appending(path: "b.db").path)
    #expect(second.status != 0)
    #expect(second.errors.contains("cannot listen on \(server.address)"), "\(second.errors)")
    #expect(server.stop() == 0)
  }
}
