import Foundation
import TestKit
import Testing

/// What people do with a second factor, by the commands that the README names.
@Suite("Second factor by commands", .serialized)
struct SecondFactorCommandTests {
  @Test("added, asked for by login and by what is sensitive; the server prints no secret of it all")
  func life() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(
      database: folder.appending(path: "shop.db"), trustsCallers: false,
      "--second-factor", "required", "--secrets-key", try Self.key(in: folder))
    let oneTime = try #require(server.greeting.firstMatch(of: /password (\S+)/)).output.1
    let password = "four dovetails and a mitre"
    let user = User(server.address, folder)
    #expect(
      try await user.run("login", "admin", input: "\(oneTime)\n\(password)\n").status == 0)
    let early = try await user.run(
      "person", "create", "li.na", "--display-name", "Li Na", "--role", "SALES")
    #expect(early.status == 1)
    #expect(early.errors.contains("joinery factor add"), "\(early.errors)")

    let (app, codes) = try await Self.addFactor(user, password)
    #expect(codes.count == 10)
    let created = try await user.run(
      "person", "create", "li.na", "--display-name", "Li Na", "--role", "SALES")
    #expect(created.status == 0, "\(created.errors)")
    let theirs = try #require(created.output.firstMatch(of: /[0-9a-z]{5}(-[0-9a-z]{5}){3}/)).output
      .0
    #expect(try await user.run("logout").status == 0)

    let without = try await user.run("login", "admin", input: "\(password)\n")
    #expect(without.status != 0)
    #expect(without.errors.contains("Code of your authenticator app"), "\(without.errors)")
    let wrong = try await user.run("login", "admin", input: "\(password)\n\(codes[0])x\n")
    #expect(wrong.errors.contains("wrong"), "\(wrong.errors)")
    let login = try await user.run("login", "admin", input: "\(password)\n\(codes[0])\n")
    #expect(login.status == 0, "\(login.errors)")
    #expect(try await user.run("confirm", input: "\(codes[1])\n").status == 0)
    let spent = try await user.run("confirm", input: "\(codes[1])\n")
    #expect(spent.status == 1)
    #expect(spent.errors.contains("CODE_WRONG"), "\(spent.errors)")
    let fresh = try await user.run("factor", "codes", input: "\(codes[2])\n")
    #expect(Self.codes(in: fresh.output).count == 10, "\(fresh.errors)")
    let removed = try await user.run(
      "factor", "remove", input: "\(Self.codes(in: fresh.output)[0])\n")
    #expect(removed.status == 0, "\(removed.errors)")
    let none = try await user.run("factor", "reset", "li.na")
    #expect(none.errors.contains("joinery factor add"), "\(none.errors)")

    let printed = try server.stopAndRead()
    let secrets =
      [String(oneTime), password, String(theirs), app] + codes + Self.codes(in: fresh.output)
    for secret in secrets {
      #expect(!printed.contains(secret))
      #expect(!printed.contains(secret.filter { $0 != "-" }))
    }
  }

  @Test("a key file that others may read, or that holds no keys, is refused")
  func keyFile() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try Self.key(in: folder)
    for (mode, text, complaint) in [
      (0o644, String(repeating: "0f", count: 32), "chmod 600"), (0o600, "0f0f", "holds no keys"),
      (0o600, "", "holds no keys"),
    ] {
      try Data(text.utf8).write(to: URL(filePath: path))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      let refused = try await Binary.run(
        "serve", "--listen", "127.0.0.1:0", "--secrets-key", path, "--database",
        folder.appending(path: "shop.db").path)
      #expect(refused.status != 0)
      #expect(refused.errors.contains(complaint), "\(refused.errors)")
    }
  }

  @Test("an address from which many logins fail has to wait, also for somebody else")
  func throttle() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(
      database: folder.appending(path: "shop.db"), trustsCallers: false)
    let user = User(server.address, folder)
    var answers: [String] = []
    // The waits double until one is longer than an attempt takes.
    while answers.count < 22, answers.last?.contains("Too many logins") != true {
      let name = "nobody-\(answers.count)"
      answers.append(try await user.run("login", name, input: "wrong\n").errors)
    }
    #expect(answers.count > 10)
    #expect(answers[0].contains("is wrong"), "\(answers[0])")
    #expect(answers.last?.contains("Too many logins") == true, "\(answers.last ?? "")")
    #expect(server.stop() == 0)
  }

  private static func key(in folder: URL) throws -> String {
    let file = folder.appending(path: "secrets.key")
    try Data((String(repeating: "5a", count: 32) + "\n").utf8).write(to: file)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: file.path)
    return file.path
  }

  private static func codes(in output: String) -> [String] {
    output.matches(of: /[0-9a-z]{4}(-[0-9a-z]{4}){3}/).map { String($0.output.0) }
  }

  /// The secret of the app, and the recovery codes. The command is told the first code only after
  /// it has shown the secret.
  private static func addFactor(
    _ user: User, _ password: String
  ) async throws -> (secret: String, codes: [String]) {
    let dialogue = try Dialogue(user, "factor", "add")
    try dialogue.say(password)
    let secret = try dialogue.hear(/secret ([A-Z2-7]{32})/)
    try dialogue.say(Authenticator(secret).code(at: Int64(Date().timeIntervalSince1970)))
    let result = try dialogue.end()
    #expect(result.status == 0)
    return (secret, codes(in: result.output))
  }
}
