internal import Identity
internal import MasterData
internal import Messages
internal import RPC
package import Storage
package import Values

/// The way back in for whoever has the database but no password that administers: on a database
/// that no server has open, and on record like everything else.
package enum AdministratorRecovery {
  /// People who may say who may do what and are let in, by name.
  package static func candidates(in database: Database) async throws -> [String] {
    try await Questions(database: database).askForServer { try Principals.administrators(in: $0) }
  }

  /// Gives one of them a new one-time password; its sessions end.
  package static func run(
    _ database: Database, name: String, removingSecondFactor: Bool, identity: IdentitySettings,
    now: @escaping @Sendable () -> Instant
  ) async throws -> String {
    let questions = Questions(database: database)
    let zone = try await questions.askForServer { try Companies.current(in: $0).timeZone }
    guard let clock = SiteClock(zone: zone, now: now) else {
      throw StorageError(.cannotOpen, "The company's time zone \(zone) is unknown on this machine.")
    }
    let commands = CommandLog(
      database: database, clock: clock,
      subjects: SubjectSeal(keys: identity.sealRing, chance: identity.chance))
    let password = SecretText.password(identity.chance(13))
    let reset = ResetPassword(
      name: name, password: try await PasswordHasher(identity).hash(password))
    let key = "recovery \(SecretText.text(identity.chance(10)))"
    let reply = try await commands.record(
      IdentityV1.ResetPasswordRequest(name: name), context(of: Methods.resetPassword), by: caller,
      key: key
    ) { _ in
      IdentityV1.ResetPasswordResponse()
    } _: { tx, command in
      try reset.run(in: tx, at: command.moment)
      return .done(.init(oneTimePassword: password))
    }
    let person = try await questions.askForServer { try Principals.find(name: name, in: $0) }
    if removingSecondFactor, person?.hasSecondFactor == true {
      _ = try await commands.record(
        IdentityV1.ResetSecondFactorRequest(name: name), context(of: Methods.resetSecondFactor),
        by: caller, key: key + " factor"
      ) {
        $0
      } _: { tx, command in
        let person = try ResetSecondFactor(name: name).run(in: tx, at: command.moment)
        return .done(IdentityV1.ResetSecondFactorResponse(principal: .init(person)))
      }
    }
    return reply.oneTimePassword
  }

  private typealias Methods = IdentityV1.IdentityServiceMethods
  private static let caller = Caller(name: "joinery recover-administrator")

  private static func context(of method: MethodDescriptor) -> CallContext {
    CallContext(method: method, peer: "this machine")
  }
}
