private import Foundation
internal import Messages

/// A session as the command line keeps it between two commands.
struct SavedSession: Codable, Sendable {
  var person: String
  var accessToken: String
  /// Seconds since 1970.
  var accessExpires: Int64
  var refreshToken: String
  /// Seconds since 1970.
  var expires: Int64
  /// Of a refresh that was asked for and not answered yet: it can be asked for again.
  var refreshKey: String?

  init(person: String, _ tokens: IdentityV1.Tokens) {
    self.person = person
    accessToken = tokens.accessToken
    accessExpires = tokens.accessExpireTime?.seconds ?? 0
    refreshToken = tokens.refreshToken
    expires = tokens.sessionExpireTime?.seconds ?? 0
  }
}

/// The sessions of this user by server, in a file that nobody else may read:
/// `~/.config/joinery/sessions.json`, or below `XDG_CONFIG_HOME`.
enum SavedSessions {
  private static var folder: URL {
    let home = ConnectionOptions.environment("XDG_CONFIG_HOME").map { URL(filePath: $0) }
    return (home ?? URL(filePath: NSHomeDirectory()).appending(path: ".config"))
      .appending(path: "joinery")
  }

  private static var file: URL { folder.appending(path: "sessions.json") }

  static func find(server: String) -> SavedSession? { (try? all())?[server] }

  /// Nil forgets it.
  static func put(_ session: SavedSession?, server: String) throws {
    var sessions = try all()
    sessions[server] = session
    do {
      try makeFolder()
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      // Written aside with its permissions, then moved into place: at no moment does anybody else
      // see it, or half of it.
      let aside = folder.appending(path: "sessions.\(ProcessInfo.processInfo.processIdentifier)")
      let made = FileManager.default.createFile(
        atPath: aside.path, contents: try encoder.encode(sessions),
        attributes: [.posixPermissions: 0o600])
      guard made, rename(aside.path, file.path) == 0 else {
        throw Failure("cannot write \(file.path)")
      }
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure("cannot write \(file.path): \(error.localizedDescription)")
    }
  }

  /// Runs `body` while no other command of this user does: of two that refreshed at once, the
  /// second would use a spent token and so end the session.
  static func exclusively<Value>(_ body: () async throws -> Value) async throws -> Value {
    try makeFolder()
    let path = folder.appending(path: "lock").path
    let lock = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw Failure("cannot open \(path)") }
    defer { close(lock) }
    guard flock(lock, LOCK_EX) == 0 else { throw Failure("cannot lock \(path)") }
    return try await body()
  }

  private static func makeFolder() throws {
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  private static func all() throws -> [String: SavedSession] {
    guard let data = try? Data(contentsOf: file) else { return [:] }
    do {
      return try JSONDecoder().decode([String: SavedSession].self, from: data)
    } catch {
      throw Failure("\(file.path) is damaged; remove it and log in again")
    }
  }
}
