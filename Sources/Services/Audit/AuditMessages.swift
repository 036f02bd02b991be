internal import Messages
internal import RPC
internal import Values

extension AuditV1.Entry {
  init(_ entry: CommandEntry, events: [StoredEvent], hash: [UInt8]) {
    let origin = entry.origin
    self.init(
      sequence: entry.sequence, time: GoogleProtobuf.Timestamp(entry.at),
      kind: AuditV1.EntryKind(entry.kind), principal: entry.actor, credential: origin.credential,
      peer: origin.peer, certificateSubject: origin.certificate, method: entry.method,
      idempotencyKey: entry.kind == .command ? entry.key : "",
      reason: origin.reason.isEmpty ? Self.reason(in: entry) : origin.reason,
      traceId: origin.trace, code: Int32(clamping: entry.status), refusal: Self.refusal(of: entry),
      occurrences: entry.occurrences, request: entry.request,
      reply: entry.status == 0 ? entry.reply : [],
      events: events.enumerated().map { ordinal, event in
        EventsV1.Event(
          CommittedEvent(
            sequence: entry.sequence, ordinal: ordinal, at: entry.at, actor: entry.actor,
            event: event))
      },
      changes: entry.changes.isEmpty ? nil : try? AuditV1.Changes(wire: entry.changes), hash: hash)
  }

  /// The entry in the frame of a proof; nil when it cannot be read.
  init?(proof content: UnsafeRawBufferPointer) {
    guard let (before, record) = AuditVerifier.parts(ofProof: content),
      let (entry, events) = AuditRecord.read(Array(record))
    else { return nil }
    self.init(entry, events: events, hash: AuditHash.next(after: before, record))
  }

  /// Why it was asked for, where the request has a text for that.
  private static func reason(in entry: CommandEntry) -> String {
    guard entry.kind == .command,
      let method = DescriptorPool.joinery.method(entry.method),
      case .object(let members)? = try? JSONMapping().value(entry.request, as: method.input)
    else { return "" }
    for name in ["reason", "comment", "overrideReason"] {
      if case .text(let text)? = members.first(where: { $0.name == name })?.value { return text }
    }
    return ""
  }

  private static func refusal(of entry: CommandEntry) -> String {
    guard entry.status != 0 else { return "" }
    let refusal = RPCError(encodedStatus: entry.reply)
    return refusal.detail(GoogleRPC.ErrorInfo.self)?.reason ?? refusal.message
  }
}

extension AuditV1.EntryKind {
  init(_ kind: CommandEntry.Kind) {
    self =
      switch kind {
      case .command: .command
      case .refusal: .refusal
      case .read: .read
      }
  }

  /// Nil for none given and for one that is not known.
  var kind: CommandEntry.Kind? {
    switch self {
    case .command: .command
    case .refusal: .refusal
    case .read: .read
    case .unspecified, .unrecognized: nil
    }
  }
}
