internal import Storage
internal import Values

/// One command as the log keeps it: who asked what, from where and why, under which key, what was
/// answered and what was different afterwards. The log is at once the memory of idempotency and the
/// audit: there is no second account of what happened.
struct CommandEntry: Sendable {
  /// Stored as numbers that never change their meaning.
  enum Kind: Int64, Sendable {
    case command = 0
    /// Calls that were refused before anybody looked at what they ask.
    case refusal = 1
    /// Questions about personal or restricted data.
    case read = 2
  }

  /// What an entry's record covers. Entries are never written anew: those of an older server keep
  /// the format that they were hashed in.
  enum Format: Int64, Sendable {
    case first = 1
    /// With kind, credential, certificate, reason, trace, changes and occurrences.
    case second = 2
  }

  var format = Format.second
  var kind = Kind.command
  /// Position in the order of commits, from 1 without gaps.
  var sequence: Int64 = 0
  var at = Instant(microseconds: 0)
  var actor: String
  var origin: CallOrigin
  /// Full method name ("joinery.orders.v1.OrderService/PlaceOrder").
  var method: String
  /// The caller's idempotency key; unique for the actor.
  var key: String
  /// The encoded request.
  var request: [UInt8]
  /// gRPC status code: 0 for done, else the refusal's.
  var status = 0
  /// The encoded reply, or the encoded `google.rpc.Status` of a refusal.
  var reply: [UInt8] = []
  /// Rows that were changed or removed, as an encoded `joinery.audit.v1.Changes`; empty for none.
  var changes: [UInt8] = []
  /// How often, where the same is counted together.
  var occurrences: Int64 = 1

  /// Whose data the caller could see and touch then.
  var scope = DataScope.all

  /// What was asked, before it has a place in the log and an answer.
  init(actor: String, origin: CallOrigin, method: String, key: String, request: [UInt8]) {
    self.actor = actor
    self.origin = origin
    self.method = method
    self.key = key
    self.request = request
  }

  /// Whether it asks the same as another entry.
  func repeats(_ other: CommandEntry) -> Bool {
    method == other.method && request == other.request
  }
}

enum CommandTable {
  /// What was answered to this key before, if anything.
  static func find(actor: String, key: String, in snapshot: Snapshot) throws -> CommandEntry? {
    try snapshot.first(
      """
      SELECT sequence, at, actor, peer, method, idempotency_key, request, status, reply, format,
        kind, credential, certificate, reason, trace, changes, occurrences, hash, scope
      FROM command WHERE actor = ? AND idempotency_key = ?
      """, actor, key
    ) { row in
      var entry = try entry(row)
      entry.scope = DataScope(storedText: row.text(18))
      return entry
    }
  }

  /// Sequence and hash of the newest entry.
  static func head(in snapshot: Snapshot) throws -> (sequence: Int64, hash: [UInt8]) {
    try snapshot.first("SELECT sequence, hash FROM command ORDER BY sequence DESC LIMIT 1") {
      ($0.int64(0), $0.blob(1))
    } ?? (0, AuditHash.genesis)
  }

  /// Hash of the entry at that position; nil when there is none.
  static func hash(of sequence: Int64, in snapshot: Snapshot) throws -> [UInt8]? {
    try snapshot.first("SELECT hash FROM command WHERE sequence = ?", sequence) { $0.blob(0) }
  }

  /// Hashes of the entries between two positions, both included, in their order.
  static func hashes(
    from first: Int64, through last: Int64, in snapshot: Snapshot
  ) throws -> [[UInt8]] {
    try snapshot.all(
      "SELECT hash FROM command WHERE sequence BETWEEN ? AND ? ORDER BY sequence", first, last
    ) { $0.blob(0) }
  }

  static func insert(_ entry: CommandEntry, hash: [UInt8], in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO command
        (sequence, at, actor, peer, method, idempotency_key, request, status, reply, hash, format,
          kind, credential, certificate, reason, trace, changes, occurrences, scope)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, entry.sequence, entry.at, entry.actor, entry.origin.peer, entry.method, entry.key,
      entry.request, entry.status, entry.reply, hash, entry.format.rawValue, entry.kind.rawValue,
      entry.origin.credential, entry.origin.certificate, entry.origin.reason, entry.origin.trace,
      entry.changes, entry.occurrences, entry.scope.storedText)
  }

  /// Entries behind a position with their stored hashes, oldest first.
  static func entries(
    after sequence: Int64, limit: Int, in snapshot: Snapshot
  ) throws -> [(entry: CommandEntry, hash: [UInt8])] {
    try snapshot.all(
      """
      SELECT sequence, at, actor, peer, method, idempotency_key, request, status, reply, format,
        kind, credential, certificate, reason, trace, changes, occurrences, hash
      FROM command WHERE sequence > ? ORDER BY sequence LIMIT ?
      """, sequence, limit
    ) { (try entry($0), $0.blob(17)) }
  }

  /// Entries before a position with their stored hashes, newest first.
  static func entries(
    before sequence: Int64, limit: Int, in snapshot: Snapshot
  ) throws -> [(entry: CommandEntry, hash: [UInt8])] {
    try snapshot.all(
      """
      SELECT sequence, at, actor, peer, method, idempotency_key, request, status, reply, format,
        kind, credential, certificate, reason, trace, changes, occurrences, hash
      FROM command WHERE sequence < ? ORDER BY sequence DESC LIMIT ?
      """, sequence, limit
    ) { (try entry($0), $0.blob(17)) }
  }

  /// One entry with its stored hash; nil when there is none.
  static func entry(
    at sequence: Int64, in snapshot: Snapshot
  ) throws -> (entry: CommandEntry, hash: [UInt8])? {
    try entries(after: sequence - 1, limit: 1, in: snapshot).first {
      $0.entry.sequence == sequence
    }
  }

  private static func entry(_ row: Row) throws -> CommandEntry {
    var origin = CallOrigin(peer: row.text(3))
    origin.credential = row.text(11)
    origin.certificate = row.text(12)
    origin.reason = row.text(13)
    origin.trace = row.text(14)
    var entry = CommandEntry(
      actor: row.text(2), origin: origin, method: row.text(4), key: row.text(5),
      request: row.blob(6))
    entry.sequence = row.int64(0)
    entry.at = row.instant(1)
    entry.status = row.int(7)
    entry.reply = row.blob(8)
    entry.format = try row.value(9)
    entry.kind = try row.value(10)
    entry.changes = row.blob(15)
    entry.occurrences = row.int64(16)
    return entry
  }
}
