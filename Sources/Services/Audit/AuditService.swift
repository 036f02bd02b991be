internal import Messages
internal import RPC
internal import Storage
internal import Values

/// joinery.audit.v1: the log as evidence.
struct AuditService: AuditV1.AuditService {
  let questions: Questions
  let clock: SiteClock
  let authentication: Authentication
  /// Nil where the audit is not signed.
  let signer: AuditSigner?

  /// Entries that one page looks at, at most: filters that nothing fits shall not hold a reader.
  private static let lookedAt = 5_000
  /// Of the messages of an export.
  private static let chunkBytes = 1 << 20

  func listEntries(
    _ request: AuditV1.ListEntriesRequest, context: CallContext
  ) async throws -> AuditV1.ListEntriesResponse {
    let filter = try FailureStatus.refusing { try AuditFilter(request) }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["audit"] + filter.question)
    let wanted = page.limit - 1
    return try await questions.ask(context) { snapshot in
      var entries: [AuditV1.Entry] = []
      var place = page.row(0) ?? .max
      var looked = 0
      while entries.count < wanted, looked < Self.lookedAt {
        let found = try filter.candidates(before: place, in: snapshot)
        for (entry, hash) in found where entries.count < wanted {
          place = entry.sequence
          looked += 1
          guard filter.lets(entry) else { continue }
          let events = try EventTable.events(from: place, through: place, in: snapshot)
          entries.append(AuditV1.Entry(entry, events: events[place] ?? [], hash: hash))
        }
        if found.isEmpty { return .init(entries: entries) }
      }
      return .init(
        entries: entries,
        nextPageToken: PageToken.make(["\(place)"], question: ["audit"] + filter.question))
    }
  }

  func getCheckpoint(
    _ request: AuditV1.GetCheckpointRequest, context: CallContext
  ) async throws -> AuditV1.GetCheckpointResponse {
    let newest = try await questions.ask(context) { try AuditCheckpointTable.newest(in: $0) }
    guard let newest else { return .init(publicKey: signer?.key.publicKey ?? []) }
    return .init(
      publicKey: newest.publicKey, size: newest.size,
      time: GoogleProtobuf.Timestamp(newest.at), chainHead: newest.chainHead,
      treeRoot: newest.treeRoot, signature: newest.signature)
  }

  func export(
    _ request: AuditV1.ExportRequest, writer: ResponseWriter<AuditV1.ExportResponse>,
    context: CallContext
  ) async throws {
    let signer = try signing()
    try await authentication.whileAdmitted(context) { [questions, clock] in
      var export = AuditExport()
      try await writer.write(.init(chunk: export.header))
      while true {
        let (next, bytes) = try await questions.ask(context) { [export] snapshot in
          var next = export
          let bytes = try next.next(in: snapshot)
          return (next, bytes)
        }
        export = next
        if bytes.isEmpty { break }
        for start in stride(from: 0, to: bytes.count, by: Self.chunkBytes) {
          let end = min(start + Self.chunkBytes, bytes.count)
          try await writer.write(.init(chunk: Array(bytes[start..<end])))
        }
      }
      try await writer.write(.init(chunk: try export.end(by: signer.key, at: clock.instant())))
    }
  }

  func prove(
    _ request: AuditV1.ProveRequest, context: CallContext
  ) async throws -> AuditV1.ProveResponse {
    let signer = try signing()
    let number = request.documentNumber
    let (newest, last) = try await questions.ask(context) { snapshot in
      (
        try AuditCheckpointTable.newest(in: snapshot),
        try EventTable.commands(about: number, before: .max, limit: 1, in: snapshot).first
      )
    }
    guard let last else {
      throw RejectionStatus.status(of: [AuditRejection.nothingOnRecord(Echo.text(number))])
    }
    let signed = newest.flatMap { last <= $0.size ? $0 : nil }
    let checkpoint =
      if let signed { signed } else {
        try await FailureStatus.translating { try await signer.sign() }
      }
    guard let checkpoint else { throw RejectionStatus.status(of: [AuditRejection.notSigned]) }
    let now = clock.instant()
    return try await questions.ask(context) { snapshot in
      let proof = try AuditProof.file(
        of: number, under: checkpoint, by: signer.key, at: now, in: snapshot)
      return .init(file: proof.bytes, entries: Int32(proof.entries))
    }
  }

  private func signing() throws -> AuditSigner {
    guard let signer else { throw RejectionStatus.status(of: [AuditRejection.notSigned]) }
    return signer
  }
}

/// Which entries a list is about.
private struct AuditFilter: Sendable {
  let principal: String
  /// Full name; empty for all.
  let method: String
  let document: String
  let from: Instant?
  let until: Instant?
  let code: Int?
  let kind: CommandEntry.Kind?

  init(_ request: AuditV1.ListEntriesRequest) throws {
    principal = request.principal
    document = request.documentNumber
    var reader = RequestReader()
    from = reader.instant(request.from, "from")
    until = reader.instant(request.until, "until")
    try reader.check()
    code = request.code.map { Int($0) }
    kind = request.kind.kind
    if kind == nil, request.kind != .unspecified { throw RequestRejection.unknownValue("kind") }
    guard !request.method.isEmpty else {
      method = ""
      return
    }
    guard let found = DescriptorPool.joinery.method(request.method)?.descriptor else {
      throw RequestRejection.unknownValue("method")
    }
    method = "\(found.service)/\(found.name)"
  }

  /// What a page token is bound to.
  var question: [String] {
    [
      principal, method, document, "\(from?.microseconds ?? 0)", "\(until?.microseconds ?? 0)",
      "\(code ?? -1)", "\(kind?.rawValue ?? -1)",
    ]
  }

  /// The next entries before a place, the newest first, that may be wanted.
  func candidates(
    before place: Int64, in snapshot: Snapshot
  ) throws -> [(entry: CommandEntry, hash: [UInt8])] {
    guard !document.isEmpty else {
      return try CommandTable.entries(before: place, limit: 200, in: snapshot)
    }
    return try EventTable.commands(about: document, before: place, limit: 200, in: snapshot)
      .compactMap { try CommandTable.entry(at: $0, in: snapshot) }
  }

  func lets(_ entry: CommandEntry) -> Bool {
    (principal.isEmpty || entry.actor == principal) && (method.isEmpty || entry.method == method)
      && (from.map { entry.at >= $0 } ?? true) && (until.map { entry.at < $0 } ?? true)
      && (code.map { entry.status == $0 } ?? true) && (kind.map { entry.kind == $0 } ?? true)
  }
}
