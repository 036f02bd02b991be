internal import Storage
internal import Values

/// A place in the log as callers keep it: the commit sequence, and the beginning of the audit hash
/// there. Since that hash covers all that was ever committed before, a token of another database,
/// or of this one before it was restored to an older state, is told from one of this history.
struct ResumeToken: Hashable, Sendable {
  let position: EventPosition
  /// Nil when the caller gave a bare commit sequence.
  let check: [UInt8]?

  /// Enough of the hash that no two histories agree by chance.
  private static let checkBytes = 8

  init(_ position: EventPosition, hash: [UInt8]) {
    self.position = position
    check = Array(hash.prefix(Self.checkBytes))
  }

  /// "1234-5f0c…" behind commit 1234, "1234.17-5f0c…" behind event 17 of it, "1234" without check.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let place = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, place.count <= 2, let sequence = Self.number(place[0]) else {
      return nil
    }
    if place.count == 2 {
      guard let ordinal = Self.number(place[1]) else { return nil }
      position = EventPosition(sequence: sequence, ordinal: ordinal)
    } else {
      position = EventPosition(after: sequence)
    }
    if parts.count == 2 {
      guard let bytes = Hex.bytes(parts[1]), bytes.count == Self.checkBytes else { return nil }
      check = bytes
    } else {
      check = nil
    }
  }

  private static func number(_ text: Substring) -> Int64? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
  }

  var text: String {
    let place =
      position.isAfterAll ? "\(position.sequence)" : "\(position.sequence).\(position.ordinal)"
    return check.map { place + "-" + Hex.text($0) } ?? place
  }

  /// The same place with its check, if it is one of this log; throws `WatchRejection` if not.
  func confirmed(in snapshot: Snapshot) throws -> ResumeToken {
    guard position.sequence > 0 else {
      let beginning = ResumeToken(EventPosition(after: 0), hash: AuditHash.genesis)
      guard check == nil || check == beginning.check else {
        throw WatchRejection.tokenForeign(0)
      }
      return beginning
    }
    guard let hash = try CommandTable.hash(of: position.sequence, in: snapshot) else {
      let newest = try CommandTable.head(in: snapshot).sequence
      throw WatchRejection.tokenAhead(position.sequence, newest: newest)
    }
    let confirmed = ResumeToken(position, hash: hash)
    guard check == nil || check == confirmed.check else {
      throw WatchRejection.tokenForeign(position.sequence)
    }
    return confirmed
  }
}

/// Why a place in the log cannot be gone on from.
enum WatchRejection: Rejection, Equatable {
  case tokenInvalid
  case tokenAhead(Int64, newest: Int64)
  case tokenForeign(Int64)

  var kind: RejectionKind { self == .tokenInvalid ? .invalid : .precondition }

  var reason: String {
    switch self {
    case .tokenInvalid: "RESUME_TOKEN_INVALID"
    case .tokenAhead: "RESUME_TOKEN_AHEAD"
    case .tokenForeign: "RESUME_TOKEN_FOREIGN"
    }
  }

  var message: String {
    switch self {
    case .tokenInvalid: "resume_token is none that this server made."
    case .tokenAhead(let given, let newest):
      "The resume token is behind commit \(given), but the newest is \(newest): this database is "
        + "another one, or was restored to an older state."
    case .tokenForeign(let given):
      "Commit \(given) of this database is not the one that the resume token knows: it is another "
        + "one, or was restored to an older state and went on differently."
    }
  }

  var field: String? { self == .tokenInvalid ? "resume_token" : nil }

  var facts: [Fact] {
    switch self {
    case .tokenInvalid: []
    case .tokenAhead(let given, let newest): [Fact("given", given), Fact("newest", newest)]
    case .tokenForeign(let given): [Fact("given", given)]
    }
  }
}
