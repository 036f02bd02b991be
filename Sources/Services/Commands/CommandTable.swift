internal import Storage
internal import Values

/// One command as the log keeps it: who asked what, from where, under which key, and what was
/// answered. The log is at once the memory of idempotency and the audit: there is no second account
/// of what happened.
struct CommandEntry: Sendable {
  /// Position in the order of commits, from 1 without gaps.
  var sequence: Int64
  var at: Instant
  var actor: String
  /// Network address of the caller.
  var peer: String
  /// Full method name ("joinery.orders.v1.OrderService/PlaceOrder").
  var method: String
  /// The caller's idempotency key; unique for the actor.
  var key: String
  /// The encoded request.
  var request: [UInt8]
  /// gRPC status code: 0 for done, else the refusal's.
  var status: Int
  /// The encoded reply, or the encoded `google.rpc.Status` of a refusal.
  var reply: [UInt8]

  /// Whether it asks the same as another entry.
  func repeats(_ other: CommandEntry) -> Bool {
    method == other.method && request == other.request
  }
}

extension CommandEntry {
  /// What was asked, before it has a place in the log and an answer.
  init(actor: String, peer: String, method: String, key: String, request: [UInt8]) {
    self.init(
      sequence: 0, at: Instant(microseconds: 0), actor: actor, peer: peer, method: method, key: key,
      request: request, status: 0, reply: [])
  }
}

enum CommandTable {
  /// What was answered to this key before, if anything.
  static func find(actor: String, key: String, in snapshot: Snapshot) throws -> CommandEntry? {
    try snapshot.first(
      """
      SELECT sequence, at, actor, peer, method, idempotency_key, request, status, reply
      FROM command WHERE actor = ? AND idempotency_key = ?
      """, actor, key, map: entry)
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

  static func insert(_ entry: CommandEntry, hash: [UInt8], in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO command
        (sequence, at, actor, peer, method, idempotency_key, request, status, reply, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, entry.sequence, entry.at, entry.actor, entry.peer, entry.method, entry.key,
      entry.request, entry.status, entry.reply, hash)
  }

  /// Every entry with its stored hash, oldest first.
  static func forEach(
    in snapshot: Snapshot, _ body: (CommandEntry, _ hash: [UInt8]) throws -> Void
  ) throws {
    try snapshot.forEach(
      """
      SELECT sequence, at, actor, peer, method, idempotency_key, request, status, reply, hash
      FROM command ORDER BY sequence
      """
    ) { row in try body(entry(row), row.blob(9)) }
  }

  private static func entry(_ row: Row) -> CommandEntry {
    CommandEntry(
      sequence: row.int64(0), at: row.instant(1), actor: row.text(2), peer: row.text(3),
      method: row.text(4), key: row.text(5), request: row.blob(6), status: row.int(7),
      reply: row.blob(8))
  }
}
