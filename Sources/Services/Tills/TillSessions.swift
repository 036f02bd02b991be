internal import RPC
internal import Storage
private import Synchronization

/// The open calls of Sync: so many at most, one for each terminal.
final class TillSessions: Sendable {
  /// One call.
  final class Session: Sendable {
    private let ended = Bell()
    private let reason = Mutex<RPCError?>(nil)

    /// Returns only by throwing: why the server ends the call, or that it is over.
    func untilEnded() async throws {
      do { try await ended.wait(beyond: .max) } catch {
        throw reason.withLock { $0 } ?? error
      }
    }

    fileprivate func end(_ why: RPCError) {
      reason.withLock { $0 = $0 ?? why }
      ended.close()
    }
  }

  private struct State {
    var sessions: [ObjectIdentifier: (session: Session, terminal: String?)] = [:]
    var terminals: [String: Session] = [:]
    var isStopped = false
  }

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  /// Counts a call in, until `leave`. Throws UNAVAILABLE once the server is going down, and
  /// RESOURCE_EXHAUSTED when there are as many as may be.
  func join() throws -> Session {
    try state.withLock { state in
      if state.isStopped { throw StreamEnd.shuttingDown }
      guard state.sessions.count < limit else {
        throw StreamEnd.tooMany("TOO_MANY_TILLS", limit)
      }
      let session = Session()
      state.sessions[ObjectIdentifier(session)] = (session, nil)
      return session
    }
  }

  /// The call speaks for this terminal from now on; one that did before is ended. The newer one is
  /// right: a till comes again when its old connection is dead, often before the server knows.
  func take(_ terminal: String, _ session: Session) {
    let older = state.withLock { state in
      state.sessions[ObjectIdentifier(session)]?.terminal = terminal
      return state.terminals.updateValue(session, forKey: terminal)
    }
    older?.end(TillRejection.takenOver(terminal: terminal).status)
  }

  func leave(_ session: Session) {
    state.withLock { state in
      let left = state.sessions.removeValue(forKey: ObjectIdentifier(session))
      guard let terminal = left?.terminal, state.terminals[terminal] === session else { return }
      state.terminals[terminal] = nil
    }
  }

  /// Ends every call, and lets none begin.
  func stop() {
    let sessions = state.withLock { state in
      state.isStopped = true
      return state.sessions.values.map(\.session)
    }
    for session in sessions { session.end(StreamEnd.shuttingDown) }
  }
}
