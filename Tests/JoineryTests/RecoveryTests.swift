import Foundation
import Testing

@Suite("An administrator who has lost the password", .serialized)
struct RecoveryTests {
  @Test("gets a new one from the file of a stopped server, on record")
  func recover() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let database = folder.appending(path: "shop.db")
    let server = try ServerProcess(database: database, trustsCallers: false)
    let first = try #require(server.greeting.firstMatch(of: /password (\S+)/)).output.1
    let whileServed = try await Binary.run(
      "recover-administrator", "--database", database.path)
    #expect(whileServed.status == 1)
    #expect(whileServed.errors.contains("cannot open"), "\(whileServed.errors)")
    #expect(server.stop() == 0)

    let stranger = try await Binary.run(
      "recover-administrator", "--database", database.path, "--name", "somebody")
    #expect(stranger.status == 1)
    #expect(stranger.errors.contains("--name: admin"), "\(stranger.errors)")
    let recovered = try await Binary.run(
      "recover-administrator", "--database", database.path, "--remove-second-factor")
    #expect(recovered.status == 0, "\(recovered.errors)")
    let oneTime = try #require(recovered.output.firstMatch(of: /one-time password (\S+)/)).output.1
    #expect(oneTime != first)

    let again = try ServerProcess(database: database, trustsCallers: false)
    #expect(again.greeting == "")
    let user = User(again.address, folder)
    #expect(try await user.run("login", "admin", input: "\(first)\nx\n").status == 1)
    let login = try await user.run(
      "login", "admin", input: "\(oneTime)\nfour dovetails and a mitre\n")
    #expect(login.status == 0, "\(login.errors)")
    #expect(again.stop() == 0)
    let verified = try await Binary.run("verify", "--database", database.path)
    #expect(verified.status == 0, "\(verified.output)")
    let missing = try await Binary.run(
      "recover-administrator", "--database", folder.appending(path: "none.db").path)
    #expect(missing.status == 1)
  }
}
