import Messages
import RPC
import Services
import Storage
import Synchronization
import TestKit

/// A shop whose callers prove who they are, with an administrator ("chief") who has logged in and a
/// salesperson ("wang.fang") who has not.
final class Gatehouse: Sendable {
  static let password = "four dovetails and a mitre"

  let shop: Shop
  /// The salesperson's.
  let oneTimePassword: String
  private struct State {
    var secrets: [String] = [Gatehouse.password]
    var tokens = IdentityV1.Tokens()
  }

  private let state = Mutex(State())

  /// Every secret that the server has handed out here.
  var secrets: [String] { state.withLock { $0.secrets } }

  /// What the administrator sends along.
  var admin: CallOptions { bearer(state.withLock { $0.tokens.accessToken }) }

  /// On a file of its own where one is given, with other settings where they are changed.
  init(
    _ configuration: Database.Configuration = .inMemory,
    _ change: (inout IdentitySettings) -> Void = { _ in }
  ) async throws {
    // The first person is added as where callers are believed.
    let open = try await Shop.open(configuration)
    let added = try await open.identity.createPerson(
      .init(name: "chief", displayName: "The Chief", roles: ["ADMINISTRATOR"]),
      options: open.command())
    let sales = try await open.identity.createPerson(
      .init(name: "wang.fang", displayName: "Wang Fang", roles: ["SALES"]),
      options: open.command())
    oneTimePassword = sales.oneTimePassword
    shop = try await open.reopened(callers: .proved, change)
    note(added.oneTimePassword, sales.oneTimePassword)
    let login = try await logIn("chief", added.oneTimePassword)
    take(login.tokens)
    _ = try await shop.identity.changePassword(
      .init(oldPassword: added.oneTimePassword, newPassword: Self.password),
      options: command(admin))
  }

  private func take(_ tokens: IdentityV1.Tokens?) {
    guard let tokens else { return }
    state.withLock { $0.tokens = tokens }
    note(tokens.accessToken, tokens.refreshToken)
  }

  /// Remembers secrets that were handed out.
  func note(_ secrets: String...) { state.withLock { $0.secrets += secrets } }

  /// New tokens for the administrator.
  func renew() async throws {
    let token = state.withLock { $0.tokens.refreshToken }
    take(try await shop.identity.refresh(.init(refreshToken: token)).tokens)
  }

  func logIn(
    _ name: String, _ password: String, code: String = ""
  ) async throws -> IdentityV1.LoginResponse {
    let reply = try await shop.identity.login(
      .init(name: name, password: password, code: code))
    note(reply.tokens?.accessToken ?? "", reply.tokens?.refreshToken ?? "")
    return reply
  }

  /// Gives the administrator a second factor.
  func addSecondFactor() async throws -> (app: Authenticator, recoveryCodes: [String]) {
    let added = try await shop.identity.addSecondFactor(
      .init(password: Self.password), options: command(admin, key: "factor-1"))
    let app = Authenticator(added.secret)
    let confirmed = try await shop.identity.confirmSecondFactor(
      .init(code: app.code(shop.clock)), options: command(admin, key: "factor-2"))
    note(added.secret)
    for code in confirmed.recoveryCodes { note(code, code.filter { $0 != "-" }) }
    return (app, confirmed.recoveryCodes)
  }

  /// The same caller with an idempotency key.
  func command(_ options: CallOptions, key: String? = nil) -> CallOptions {
    var options = options
    options.metadata.add(
      "idempotency-key", key ?? shop.command().metadata["idempotency-key"] ?? "")
    return options
  }

  /// Entries of the log.
  func entries() async throws -> Int64 {
    try await shop.database.read { snapshot in
      try snapshot.first("SELECT count(*) FROM command") { $0.int64(0) } ?? 0
    }
  }

  /// Checks all that must hold, too.
  func close() async throws {
    let violations = try await shop.violations()
    await shop.close()
    precondition(violations.isEmpty, "\(violations)")
  }
}

/// Metadata of a caller with a token or a key.
func bearer(_ secret: String?) -> CallOptions {
  CallOptions(metadata: ["authorization": "Bearer \(secret ?? "")"])
}
