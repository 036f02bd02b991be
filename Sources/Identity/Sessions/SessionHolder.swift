import Storage
import Values

/// A live session, whose it is, and how often that person's secrets were missed from where it is.
struct SessionHolder {
  let session: Session
  let person: Principal
  var password: StoredPassword

  /// Nil for a session that has ended.
  static func find(
    _ id: ID<Session>, at now: Moment, in tx: Transaction
  ) throws -> SessionHolder? {
    guard let session = try SessionTable.find(id, in: tx), session.isLive(at: now.instant),
      let password = try PasswordTable.find(
        session.principal, from: Network.around(peer: session.peer), in: tx)
    else { return nil }
    return SessionHolder(
      session: session, person: try Principals.fetch(session.principal, in: tx),
      password: password)
  }

  mutating func countFailure(at now: Moment, in tx: Transaction) throws {
    try LogIn.countFailure(&password, of: person, at: now.instant, in: tx)
  }

  mutating func forgetFailures(in tx: Transaction) throws {
    guard password.failures > 0 else { return }
    password.succeed()
    try PasswordTable.setAttempts(password, of: person.id, in: tx)
  }
}
