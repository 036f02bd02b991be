internal import Identity
internal import Messages
internal import RPC
internal import Storage
internal import Values

/// joinery.operations.v1: the state of the database, and the agreement to one that was restored.
struct OperationsService: OperationsV1.OperationsService {
  let commands: CommandLog
  let questions: Questions
  let hold: RestorationHold

  func getDatabase(
    _ request: OperationsV1.GetDatabaseRequest, context: CallContext
  ) async throws -> OperationsV1.GetDatabaseResponse {
    let database = commands.database
    return try await questions.ask(context) { snapshot in
      let pages = try snapshot.pageUse()
      let restoration = try Restorations.latest(in: snapshot)
      return .init(
        pageBytes: Int64(pages.pageBytes), pages: Int64(pages.count), freePages: Int64(pages.free),
        logPages: Int64(database.statistics.logPages),
        protection: database.protection(of: pages).map {
          .init(key: $0.key.isEmpty ? "none" : $0.key, pages: Int64($0.pages))
        },
        earlierInLog: Int64(database.statistics.pages?.earlierInLog ?? 0),
        lastCommand: try CommandTable.head(in: snapshot).sequence,
        schema: try snapshot.newestMigration() ?? "",
        restoration: restoration.flatMap {
          $0.state == .approved ? nil : OperationsV1.Restoration($0)
        })
    }
  }

  func getRestoration(
    _ request: OperationsV1.GetRestorationRequest, context: CallContext
  ) async throws -> OperationsV1.GetRestorationResponse {
    try await questions.ask(context) { snapshot in
      .init(
        restoration: OperationsV1.Restoration(try Restorations.requireLatest(in: snapshot)))
    }
  }

  func approveRestoration(
    _ request: OperationsV1.ApproveRestorationRequest, context: CallContext
  ) async throws -> OperationsV1.ApproveRestorationResponse {
    let reply: OperationsV1.ApproveRestorationResponse = try await commands.run(request, context) {
      tx, command in
      let verb = ApproveRestoration(restoration: request.restorationId, by: command.caller)
      return .init(
        restoration: OperationsV1.Restoration(try verb.run(in: tx, at: command.moment)))
    }
    try await follow()
    return reply
  }

  func rejectRestoration(
    _ request: OperationsV1.RejectRestorationRequest, context: CallContext
  ) async throws -> OperationsV1.RejectRestorationResponse {
    let reply: OperationsV1.RejectRestorationResponse = try await commands.run(request, context) {
      tx, command in
      let verb = RejectRestoration(
        restoration: request.restorationId, reason: request.reason, by: command.caller.name)
      return .init(
        restoration: OperationsV1.Restoration(try verb.run(in: tx, at: command.moment)))
    }
    try await follow()
    return reply
  }

  /// What is committed counts, and not what one of several calls was told.
  private func follow() async throws {
    hold.follow(try await questions.askForServer { try Restorations.latest(in: $0) })
  }
}

extension OperationsV1.Restoration {
  init(_ restoration: Restoration) {
    let source = restoration.source
    self.init(
      restorationId: restoration.name, state: .init(restoration.state), backup: source.backup,
      backupTime: GoogleProtobuf.Timestamp(source.backupAt),
      chosenTime: source.chosen.map { GoogleProtobuf.Timestamp($0) },
      reachedTime: GoogleProtobuf.Timestamp(source.reached), records: source.records,
      leftOutRecords: source.leftOut, knownUntil: GoogleProtobuf.Timestamp(source.knownUntil),
      lastCommand: restoration.last?.sequence ?? 0, lastMethod: restoration.last?.method ?? "",
      lastPrincipal: restoration.last?.principal ?? "",
      lastTime: restoration.last.map { GoogleProtobuf.Timestamp($0.at) },
      restoredBy: restoration.restoredBy,
      restoreTime: GoogleProtobuf.Timestamp(restoration.restoredAt), reason: restoration.reason,
      agreedBy: restoration.agreedBy ?? "", decidedBy: restoration.decidedBy ?? "",
      decideTime: restoration.decidedAt.map { GoogleProtobuf.Timestamp($0) })
  }
}

extension OperationsV1.RestorationState {
  init(_ state: Restoration.State) {
    self =
      switch state {
      case .pending: .pending
      case .approved: .approved
      case .rejected: .rejected
      }
  }
}
