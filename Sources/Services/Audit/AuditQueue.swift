internal import Identity
internal import Logging
internal import Messages
internal import RPC
private import Synchronization

/// Refused calls, and questions about personal or restricted data, on their way into the audit. No
/// call waits for it: they are counted in memory and written every second, a batch in one
/// transaction.
///
/// The rule against floods: the same from the same place is one entry a minute, with a count. The
/// same refusal is caller, network address (without port), method and reason; the same reading is
/// caller, address and method, and its entry names up to 50 different questions. At most 1,000
/// different ones are told apart in a minute; all beyond are one entry more of each kind, without a
/// name, with their number. So nobody who is refused, however often, makes the log grow by more
/// than 1,002 entries a minute, and nothing goes uncounted.
final class AuditQueue: Sendable {
  /// Marks a call whose refusal the command log has on record.
  enum Recorded: ContextKey { typealias Value = Bool }
  /// What is on record of a question that has a secret in it: the encoded request without.
  enum Asked: ContextKey { typealias Value = [UInt8] }

  private static let maxDifferent = 1_000
  private static let maxQuestions = 50
  private static let quiet: Duration = .seconds(60)

  private struct Key: Hashable {
    let kind: CommandEntry.Kind
    let actor: String
    let host: String
    let method: String
    let reason: String
  }

  private struct Tally {
    var origin: CallOrigin
    var refusal: RPCError?
    var count: Int64 = 0
    var questions: [[UInt8]] = []
    /// When it may be written again.
    var due: ContinuousClock.Instant
  }

  private let commands: CommandLog
  /// Paths of the methods whose answers hold such data.
  private let audited: [String: MethodDescription.DataClass]
  private let tallies = Mutex<[Key: Tally]>([:])

  init(commands: CommandLog) {
    self.commands = commands
    audited = Self.auditedMethods
  }

  /// The methods that say so themselves, by path.
  static let auditedMethods = Dictionary(
    uniqueKeysWithValues: DescriptorPool.joinery.services.flatMap(\.methods)
      .filter { $0.reads != .unspecified }.map { ($0.descriptor.path, $0.reads) })

  /// Around everything that may refuse.
  var interceptor: Interceptor {
    Interceptor(
      "audit",
      before: { [audited] context in
        if audited[context.method.path] != nil { context.keepsRequest = true }
      },
      after: { [self] context, outcome in
        switch outcome.code {
        case .unauthenticated, .permissionDenied, .failedPrecondition:
          if let refusal = outcome.error as? RPCError { noteRefusal(context, refusal) }
        // Of a stream that breaks off something has been read.
        case .ok: if context.keepsRequest { noteRead(context) }
        default:
          if context.keepsRequest, context.method.shape.streamsResponses { noteRead(context) }
        }
      })
  }

  private func noteRead(_ context: CallContext) {
    // Costs that were withheld from the caller have not been read.
    if audited[context.method.path] == .restricted, context.responseFilter != nil { return }
    let question = context[Asked.self] ?? context.keptRequest?.encoded() ?? []
    add(.read, context, reason: "") { tally in
      if tally.questions.count < Self.maxQuestions, !tally.questions.contains(question) {
        tally.questions.append(question)
      }
    }
  }

  private func noteRefusal(_ context: CallContext, _ refusal: RPCError) {
    let info = refusal.details.lazy.compactMap { $0 as? GoogleRPC.ErrorInfo }.first
    let reason = info?.reason ?? refusal.code.name
    // What else is not possible now is no refusal of the caller.
    if refusal.code == .failedPrecondition, reason != "MFA_REQUIRED" { return }
    if context[Recorded.self] == true { return }
    add(.refusal, context, reason: reason) { $0.refusal = $0.refusal ?? refusal }
  }

  private func add(
    _ kind: CommandEntry.Kind, _ context: CallContext, reason: String,
    _ change: (inout Tally) -> Void
  ) {
    // Whoever is refused, or need not say who it is, may not be who it says; with a proof it is. A
    // stranger writes no text.
    let isOpen = context.method.permission == ExplainAccess.open
    let isKnown = kind == .read && !isOpen || context[Authentication.Key.self] != nil
    let origin = CallOrigin(context, tellsReason: isKnown)
    let actor = isKnown ? (try? CallerMetadata.caller(context).name) ?? "" : ""
    let key = Key(
      kind: kind, actor: actor, host: Self.host(origin.peer),
      method: context.method.fullName, reason: reason)
    tallies.withLock { tallies in
      let place =
        tallies[key] != nil || tallies.count < Self.maxDifferent
        ? key : Key(kind: kind, actor: "", host: "", method: "", reason: "")
      var tally = tallies.removeValue(forKey: place) ?? Tally(origin: origin, due: .now)
      tally.count += 1
      change(&tally)
      if place != key { tally.questions = [] }
      tallies[place] = tally
    }
  }

  /// "10.1.2.3" of "10.1.2.3:50123", "[::1]" of "[::1]:50123".
  private static func host(_ peer: String) -> String {
    guard let colon = peer.lastIndex(of: ":"), peer[colon...].dropFirst().allSatisfy(\.isNumber)
    else { return peer }
    return String(peer[..<colon])
  }

  /// Writes until the task is cancelled. A failure is told once and tried again.
  func run(log: @Sendable () -> Logger) async {
    var complained = false
    while (try? await Task.sleep(for: .seconds(1))) != nil {
      do {
        try await write()
        complained = false
      } catch {
        if !complained, !(error is CancellationError) {
          log().error("audit not written", metadata: ["cause": "\(error)"])
        }
        complained = true
      }
    }
  }

  /// Writes what is due, or with `all` whatever there is. What could not be written stays.
  func write(all: Bool = false) async throws {
    let now = ContinuousClock.now
    let due = tallies.withLock { tallies -> [Key: Tally] in
      let due = tallies.filter { all || $0.value.due <= now }
      for (key, tally) in due {
        var quiet = tally
        (quiet.count, quiet.questions, quiet.due) = (0, [], now + Self.quiet)
        // What has been silent for a minute is forgotten.
        tallies[key] = tally.count > 0 && !all ? quiet : nil
      }
      return due.filter { $0.value.count > 0 }
    }
    guard !due.isEmpty else { return }
    do {
      try await commands.note(due.map { Self.entry($0.key, $0.value) })
    } catch {
      putBack(due)
      throw error
    }
  }

  private func putBack(_ due: [Key: Tally]) {
    tallies.withLock { tallies in
      for (key, tally) in due {
        var sum = tally
        sum.count += tallies[key]?.count ?? 0
        tallies[key] = sum
      }
    }
  }

  private static func entry(_ key: Key, _ tally: Tally) -> CommandEntry {
    var origin = tally.origin
    // Of many calls there is no one port, and no one trace.
    if tally.count > 1 { (origin.peer, origin.trace) = (key.host, "") }
    if key.method.isEmpty { origin = CallOrigin(peer: "") }
    var entry = CommandEntry(
      actor: key.actor, origin: origin, method: key.method, key: "",
      request: tally.questions.isEmpty
        ? [] : AuditV1.Questions(requests: tally.questions).encoded())
    entry.kind = key.kind
    entry.occurrences = tally.count
    if let refusal = tally.refusal {
      entry.status = refusal.code.rawValue
      entry.reply = refusal.encodedStatus()
    }
    return entry
  }
}
