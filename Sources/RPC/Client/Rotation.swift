/// Decides which connection the next call takes, and which addresses need one: round-robin over the
/// addresses that answer, while those that do not are left out until their pause is over.
///
/// Holds no timer and does nothing on its own: an address without a connection gets one when a call
/// comes. Moments are nanoseconds on a monotonic clock.
struct Rotation<Address: Hashable & Sendable, Connection: AnyObject & Sendable>: Sendable {
  private enum Standing {
    /// Nobody asked for it yet, or its connection ended after it had worked. To `connecting`.
    case idle
    /// To `ready` or `resting`.
    case connecting(attempt: Int, since: UInt64)
    /// To `idle`.
    case ready(attempt: Int, Connection)
    /// It could not be reached. To `connecting` when a call comes after the pause.
    case resting(until: UInt64, RPCError)
  }

  private struct Site {
    let address: Address
    var standing = Standing.idle
    var backoff: Backoff
  }

  /// What we know of the addresses behind the target's names.
  private enum Names {
    /// There are none to look up.
    case fixed
    case unknown
    case resolving
    case known(at: UInt64)
    case resting(until: UInt64, RPCError)
  }

  /// What a call is to do.
  enum Answer {
    case take(Connection)
    /// Ask again after the next event.
    case wait
    /// Nobody can be reached; at the moment given it is worth trying again.
    case fail(RPCError, until: UInt64)
  }

  struct Decision {
    var answer: Answer
    /// Connections to begin now, each to be reported by its number.
    var attempts: [(number: Int, address: Address)] = []
    /// Look up the names now, and report by `resolved` or `notResolved`.
    var resolves = false
  }

  private var sites: [Site] = []
  private var names: Names
  /// An address failed or went away: the names may mean others by now.
  private var isStale = false
  private var turn = 0
  private var lastAttempt = 0
  private let fresh: Backoff
  private var namesBackoff: Backoff
  private let lookUpInterval: UInt64

  /// With `addresses` nil they come by `resolved`. `lookUpInterval` lies between two look-ups at
  /// least.
  init(addresses: [Address]?, backoff: Backoff, lookUpInterval: UInt64) {
    self.fresh = backoff
    self.namesBackoff = backoff
    self.lookUpInterval = lookUpInterval
    self.names = addresses == nil ? .unknown : .fixed
    self.sites = (addresses ?? []).map { Site(address: $0, backoff: backoff) }
  }

  /// A call wants a connection.
  mutating func pick(now: @autoclosure () -> UInt64) -> Decision {
    var decision = Decision(answer: .wait)
    if !isSettled { begin(at: now(), &decision) }
    if let connection = next() {
      decision.answer = .take(connection)
    } else if let failure {
      decision.answer = .fail(failure.error, until: failure.until)
    }
    return decision
  }

  /// Nothing is to be begun: every address has its connection.
  private var isSettled: Bool {
    guard !isStale else { return false }
    switch names {
    case .unknown, .resting: return false
    case .fixed, .resolving, .known:
      return sites.allSatisfy { if case .ready = $0.standing { true } else { false } }
    }
  }

  /// Begins whatever is due.
  private mutating func begin(at now: UInt64, _ decision: inout Decision) {
    decision.resolves = beginLookUp(now)
    for index in sites.indices {
      switch sites[index].standing {
      case .ready, .connecting: continue
      case .resting(let until, _) where until > now: continue
      case .idle, .resting:
        lastAttempt += 1
        sites[index].standing = .connecting(attempt: lastAttempt, since: now)
        decision.attempts.append((lastAttempt, sites[index].address))
      }
    }
  }

  private mutating func beginLookUp(_ now: UInt64) -> Bool {
    switch names {
    case .fixed, .resolving: return false
    case .known(let at) where !isStale || now - at < lookUpInterval: return false
    case .resting(let until, _) where until > now: return false
    case .unknown, .known, .resting:
      names = .resolving
      isStale = false
      return true
    }
  }

  /// The next connection in turn, if there is one.
  private mutating func next() -> Connection? {
    for offset in sites.indices {
      let index = (turn + 1 + offset) % sites.count
      guard case .ready(_, let connection) = sites[index].standing else { continue }
      turn = index
      return connection
    }
    return nil
  }

  /// Why there is no connection and none to come, and when that may change; nil while there is
  /// hope.
  private var failure: (error: RPCError, until: UInt64)? {
    guard !sites.isEmpty else {
      guard case .resting(let until, let error) = names else { return nil }
      return (error, until)
    }
    var first: RPCError?
    var earliest = UInt64.max
    for site in sites {
      guard case .resting(let until, let error) = site.standing else { return nil }
      first = first ?? error
      earliest = min(earliest, until)
    }
    guard var error = first else { return nil }
    if sites.count > 1 { error.message += " (nor any of the other \(sites.count - 1) addresses)" }
    return (error, earliest)
  }

  // MARK: What came of it

  /// A connection takes calls. False: its address is not wanted any more.
  mutating func connected(_ attempt: Int, _ connection: Connection) -> Bool {
    guard let index = index(of: attempt) else { return false }
    sites[index].standing = .ready(attempt: attempt, connection)
    sites[index].backoff.reset()
    return true
  }

  /// A connection takes no further calls, or never did; then `error` says why and the address has
  /// to rest, counted from the begin of the attempt.
  mutating func ended(_ attempt: Int, _ error: RPCError, chance: Double) {
    guard let index = index(of: attempt) else { return }
    if case .fixed = names {} else { isStale = true }
    guard case .connecting(_, let since) = sites[index].standing else {
      sites[index].standing = .idle
      return
    }
    let pause = sites[index].backoff.pause(chance: chance)
    sites[index].standing = .resting(until: since.after(pause), error)
  }

  /// The names mean these addresses now. Returns the connections to those that are gone, to be
  /// ended once their calls are.
  mutating func resolved(_ addresses: [Address], at now: UInt64) -> [Connection] {
    names = .known(at: now)
    namesBackoff.reset()
    let old = Dictionary(uniqueKeysWithValues: sites.map { ($0.address, $0) })
    let gone = sites.filter { !addresses.contains($0.address) }
    sites = addresses.map { old[$0] ?? Site(address: $0, backoff: fresh) }
    return gone.compactMap {
      if case .ready(_, let connection) = $0.standing { connection } else { nil }
    }
  }

  /// The names could not be looked up. What they meant before still counts.
  mutating func notResolved(_ error: RPCError, at now: UInt64, chance: Double) {
    names =
      sites.isEmpty
      ? .resting(until: now.after(namesBackoff.pause(chance: chance)), error) : .known(at: now)
  }

  private func index(of wanted: Int) -> Int? {
    sites.firstIndex {
      switch $0.standing {
      case .connecting(let attempt, _), .ready(let attempt, _): attempt == wanted
      case .idle, .resting: false
      }
    }
  }
}

extension UInt64 {
  /// The moment `pause` after this one, in nanoseconds.
  fileprivate func after(_ pause: Duration) -> UInt64 {
    self &+ UInt64(clamping: pause.saturatingNanoseconds)
  }
}
