/// When a connection wants to be woken, and for what. Pure.
///
/// Setting and cancelling cost nothing but a store: whoever wakes the connection is told of the
/// earliest moment, and finds out then whether it still holds.
struct Alarms {
  enum Kind: Int, CaseIterable {
    /// The preface and SETTINGS of the peer.
    case preface
    /// The acknowledgement of ours.
    case settings
    case headerBlock
    case writeStall
    case responseStall
    /// The answer to the PING of a drain.
    case roundTrip
    /// The end of a drain.
    case grace
    case keepalive
    case age
    case idle
    /// The connection has been without streams for a while.
    case rest
  }

  private static let never = UInt64.max
  private var moments = InlineArray<11, UInt64>(repeating: never)

  /// The earliest moment, in nanoseconds; nil when there is none.
  var earliest: UInt64? {
    var least = Alarms.never
    for kind in Kind.allCases { least = min(least, moments[kind.rawValue]) }
    return least == Alarms.never ? nil : least
  }

  func isSet(_ kind: Kind) -> Bool { moments[kind.rawValue] != Alarms.never }

  mutating func set(_ kind: Kind, to moment: UInt64) { moments[kind.rawValue] = moment }

  mutating func cancel(_ kind: Kind) { moments[kind.rawValue] = Alarms.never }

  /// One that is due at `now`, which is thereby cancelled.
  mutating func takeDue(now: UInt64) -> Kind? {
    for kind in Kind.allCases where moments[kind.rawValue] <= now {
      cancel(kind)
      return kind
    }
    return nil
  }
}
