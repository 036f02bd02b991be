import Foundation
import Testing

/// What a new user does on the first day, by the commands that the README names.
@Suite("The first day", .serialized)
struct FirstDayTests {
  @Test("first administrator, login, a till's key, an order from the till, and no way around it")
  func firstDay() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let database = folder.appending(path: "shop.db")
    let server = try ServerProcess(database: database, trustsCallers: false)
    let oneTime = try #require(
      server.greeting.firstMatch(of: /first administrator: admin, one-time password (\S+)/)
    ).output.1
    let user = User(server.address, folder)
    let stranger = try await user.run("product", "list")
    #expect(stranger.status == 1)
    #expect(stranger.errors.contains("joinery login"), "\(stranger.errors)")

    let login = try await user.run(
      "login", "admin", input: "\(oneTime)\nfour dovetails and a mitre\n")
    #expect(login.status == 0, "\(login.errors)")
    let me = try await user.run("whoami", "--output", "json")
    #expect(me.output.contains("\"ADMINISTRATOR\""), "\(me.output)\(me.errors)")
    for command in [
      "company set-warehouse MAIN --name 总仓", "company set-price-list RETAIL --name 零售",
      "product set CHAIR --name 橡木椅", "product set-price CHAIR 499 --list RETAIL --from 2026-01-01",
      "customer set C-1 --name 张伟 --credit-limit 20000 --net-days 30",
      "stock receive CHAIR 20 --warehouse MAIN --unit-cost 210",
      "machine create till-1 --kind till --display-name Counter --role TILL",
    ] {
      let done = try await user.run(command.split(separator: " ").map(String.init))
      #expect(done.status == 0, "\(command): \(done.errors)")
    }
    let issued = try await user.run("key", "issue", "till-1", "--output", "json")
    let key = try #require(issued.output.firstMatch(of: /jk_\w+/)).output
    let file = folder.appending(path: "till.key")
    try Data("\(key)\n".utf8).write(to: file)
    let till = User(server.address, folder.appending(path: "till"), tokenFile: file)
    let placed = try await till.run(
      "order", "place", "--customer", "C-1", "--warehouse", "MAIN", "--line", "CHAIR:4")
    #expect(placed.status == 0, "\(placed.errors)")
    #expect(placed.output.contains("SO-2026-") || placed.output.contains("SO-20"))
    #expect(placed.output.contains("till-1"))
    let beyond = try await till.run("principal", "list")
    #expect(beyond.errors.contains("identity.read"), "\(beyond.errors)")

    #expect(try await user.run("logout").status == 0)
    #expect(try await user.run("whoami").status == 1)
    #expect(server.stop() == 0)
    // It is not printed again.
    let again = try ServerProcess(database: database, trustsCallers: false)
    #expect(again.greeting == "")
    #expect(again.stop() == 0)
    #expect(try await Binary.run("verify", "--database", database.path).status == 0)
  }

  @Test("the session is kept where nobody else can read it")
  func sessionFile() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(
      database: folder.appending(path: "shop.db"), trustsCallers: false)
    let oneTime = try #require(server.greeting.firstMatch(of: /password (\S+)/)).output.1
    let user = User(server.address, folder)
    let weak = try await user.run("login", "admin", input: "\(oneTime)\nPassword2026!\n")
    #expect(weak.status == 1)
    #expect(weak.errors.contains("PASSWORD_COMMON"), "\(weak.errors)")
    let login = try await user.run(
      "login", "admin", input: "\(oneTime)\nfour dovetails and a mitre\n")
    #expect(login.status == 0, "\(login.errors)")
    let kept = folder.appending(path: "joinery/sessions.json")
    let attributes = try FileManager.default.attributesOfItem(atPath: kept.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let around = try FileManager.default.attributesOfItem(
      atPath: kept.deletingLastPathComponent().path)
    #expect(around[.posixPermissions] as? Int == 0o700)
    #expect(server.stop() == 0)
  }

  @Test("callers are believed on this machine only")
  func trust() async throws {
    let refused = try await Binary.run("serve", "--trust-callers", "--listen", "0.0.0.0:0")
    #expect(refused.status == 64)
    #expect(refused.errors.contains("--trust-callers"), "\(refused.errors)")
  }
}
