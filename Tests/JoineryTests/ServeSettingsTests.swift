import Foundation
import Testing

@testable import joinery

@Suite("Settings of joinery serve")
struct ServeSettingsTests {
  private func arguments(
    _ given: [String], file: String? = nil, _ environment: [String: String] = [:]
  ) throws -> [String] {
    guard let file else { return try ServeSettings(given, environment: environment).arguments }
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "shop.yaml")
    try Data(file.utf8).write(to: path)
    let read = try ServeSettings(given + ["--config", path.path], environment: environment)
    return read.arguments.dropLast(2)
  }

  private func refusal(
    file: String? = nil, _ environment: [String: String] = [:]
  ) throws -> String? {
    do {
      _ = try arguments(["serve"], file: file, environment)
      return nil
    } catch let failure as Failure { return failure.description }
  }

  @Test("options win over the environment, and that over the file, setting by setting")
  func precedence() throws {
    let file = """
      listen: [a:1, b:2]
      grace: 1
      database: file.db
      cleartext: true
      """
    let environment = [
      "JOINERY_SERVE_GRACE": "2", "JOINERY_SERVE_CLEARTEXT": "false", "JOINERY_SERVER": "x",
    ]
    #expect(
      try arguments(["serve", "--database=line.db"], file: file, environment) == [
        "serve", "--listen=a:1", "--listen=b:2", "--grace=2", "--database=line.db",
      ])
    #expect(
      try arguments(["serve", "--listen", "c:3"], file: file) == [
        "serve", "--grace=1", "--database=file.db", "--cleartext", "--listen", "c:3",
      ])
  }

  @Test("limits add up, the later one of a name behind the earlier")
  func limits() throws {
    let file = """
      limit:
        maxHandlers: 5
        requestTimeout: 30s
      """
    #expect(
      try arguments(
        ["serve", "--limit", "maxHandlers=7"], file: file,
        ["JOINERY_SERVE_LIMIT": "maxHandlers=6,resetBurst=1"]) == [
          "serve", "--limit=maxHandlers=5", "--limit=requestTimeout=30s", "--limit=maxHandlers=6",
          "--limit=resetBurst=1", "--limit", "maxHandlers=7",
        ])
  }

  @Test("other commands are left alone")
  func others() throws {
    let given = ["order", "list", "--listen", "x"]
    #expect(try arguments(given, ["JOINERY_SERVE_NONSENSE": "1"]) == given)
  }

  @Test("an unknown setting is refused with the nearest known one and where it stands")
  func unknown() throws {
    let typo = try #require(try refusal(file: "grace: 1\ndatabse: shop.db"))
    #expect(
      typo.hasSuffix("shop.yaml, line 2: there is no setting databse; did you mean database?"))
    #expect(
      try refusal(["JOINERY_SERVE_LISTNE": "x"])
        == "JOINERY_SERVE_LISTNE: there is no setting listne; did you mean listen?")
    #expect(try refusal(file: "zebra: 1")?.hasSuffix("there is no setting zebra") == true)
  }

  @Test(
    "what is no setting at all is refused",
    arguments: [
      "- a\n- b", "grace: [1, 2]", "grace:", "cleartext: perhaps", "database: {a: b}",
      "grace: 1\ngrace: 2", "listen: [", "just text",
    ])
  func malformed(_ file: String) throws { #expect(try refusal(file: file) != nil) }

  @Test("a file that is not there is refused; an empty one sets nothing")
  func noFile() throws {
    #expect(throws: Failure.self) {
      try ServeSettings(["serve", "--config", "/nowhere/shop.yaml"], environment: [:])
    }
    #expect(throws: Failure.self) { try ServeSettings(["serve", "--config"], environment: [:]) }
    #expect(try arguments(["serve"], file: "# nothing\n") == ["serve"])
  }

  @Test("every option of serve can be set, and nothing else")
  func complete() async throws {
    let help = try await Binary.run("serve", "--help")
    let options = help.output.matches(of: /(?m)^ +--([a-z-]+)/).map { String($0.output.1) }
    #expect(
      Set(options).subtracting(["config", "version", "help"]) == Set(ServeSettings.kinds.keys))
  }

  @Test("a wrong value is told with the file and line that it comes from")
  func origin() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "shop.yaml")
    try Data("database: x.db\ngrace: soon\n".utf8).write(to: path)
    let checked = try await Binary.run("config", "check", "--config", path.path)
    #expect(checked.status != 0)
    #expect(checked.errors.contains("note: --grace is set by \(path.path), line 2"))
    try Data("database: x.db\nlisten: 0.0.0.0:1\n".utf8).write(to: path)
    let open = try await Binary.run("config", "check", "--config", path.path)
    #expect(open.status != 0 && open.errors.contains("cannot serve cleartext on 0.0.0.0:1"))
    // Every key that a server would load.
    for option in ["secrets-key", "backup-folder: \(folder.path)\nbackup-key-file"] {
      try Data("database: x.db\n\(option): \(folder.path)/none\n".utf8).write(to: path)
      let keyless = try await Binary.run("config", "check", "--config", path.path)
      #expect(keyless.status != 0 && keyless.errors.contains("/none"), "\(option)")
    }
    try Data("database: x.db\nlog-format: json\n".utf8).write(to: path)
    let fine = try await Binary.run("config", "check", "--config", path.path, "--grace", "3")
    #expect(fine.status == 0, "\(fine.errors)")
    #expect(fine.output.contains("log-format: json  (\(path.path), line 2)"))
  }
}
