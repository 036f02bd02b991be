internal import Identity
private import Foundation
internal import MasterData
internal import Messages
internal import RPC
package import Storage
package import Values

/// Marks a database that `joinery backup restore` has made and that no server has open: whoever
/// serves it takes no commands until administrators have agreed. On record like everything else, so
/// that the audit says where its history was broken off.
package enum RestoredDatabase {
  /// What it was made of, as the folder of backups tells it.
  package struct Source: Sendable {
    package let backup: String
    package let backupAt: Instant
    package let chosen: Instant?
    package let reached: Instant
    package let records: UInt64
    package let leftOut: UInt64?
    package let knownUntil: Instant

    package init(
      backup: String, backupAt: Instant, chosen: Instant?, reached: Instant, records: UInt64,
      leftOut: UInt64?, knownUntil: Instant
    ) {
      self.backup = backup
      self.backupAt = backupAt
      self.chosen = chosen
      self.reached = reached
      self.records = records
      self.leftOut = leftOut
      self.knownUntil = knownUntil
    }
  }

  /// Returns the name of the restoration.
  ///
  /// - Parameters:
  ///   - account: of the machine on which it was restored.
  ///   - chance: so many random bytes.
  package static func mark(
    _ database: Database, made source: Source, by account: String, reason: String,
    chance: @escaping @Sendable (_ count: Int) -> [UInt8], now: @escaping @Sendable () -> Instant
  ) async throws -> String {
    let questions = Questions(database: database)
    let zone = try await questions.askForServer { try Companies.current(in: $0).timeZone }
    guard let clock = SiteClock(zone: zone, now: now) else {
      throw StorageError(.cannotOpen, "The company's time zone \(zone) is unknown on this machine.")
    }
    // Nothing of it is about a person: no key is needed.
    let identity = IdentitySettings(callers: .proved, chance: chance)
    let commands = CommandLog(
      database: database, clock: clock,
      subjects: SubjectSeal(keys: identity.sealRing, chance: chance))
    let name = SecretText.text(chance(10))
    let context = CallContext(
      method: method,
      metadata: [
        CallOrigin.reasonField:
          reason.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      ], peer: "this machine")
    _ = try await commands.record(
      OperationsV1.GetRestorationRequest(), context, by: Caller(name: caller),
      key: "restoration \(name)"
    ) {
      $0
    } _: { tx, command in
      let head = try CommandTable.head(in: tx).sequence
      let last = try CommandTable.entry(at: head, in: tx)?.entry
      let verb = NoteRestoration(
        name: name,
        source: .init(
          backup: source.backup, backupAt: source.backupAt, chosen: source.chosen,
          reached: source.reached, records: Int64(clamping: source.records),
          leftOut: source.leftOut.map { Int64(clamping: $0) }, knownUntil: source.knownUntil),
        last: last.map {
          .init(sequence: $0.sequence, method: $0.method, principal: $0.actor, at: $0.at)
        }, restoredBy: account, reason: reason)
      let restoration = try verb.run(in: tx, at: command.moment)
      return .done(
        OperationsV1.GetRestorationResponse(restoration: OperationsV1.Restoration(restoration)))
    }
    return name
  }

  private static let caller = "joinery backup restore"
  /// No method of the API: the command line has done it, with the files.
  private static let method = MethodDescriptor(
    service: "joinery.backup", name: "Restore", shape: .unary, idempotency: .idempotent)
}
