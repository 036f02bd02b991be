/// The graceful end of a connection, as decisions: GOAWAY that admits everything, a round trip,
/// GOAWAY that admits what has arrived, wait for the open streams, close. No call that the peer
/// sent before it could know is lost.
package struct Drain {
  /// Where the connection stands.
  package enum State: Equatable, Sendable {
    /// Serving. Can go to `noticed` or `closed`.
    case serving
    /// The notice is out; new streams are still served. Can go to `finishing` or `closed`.
    case noticed
    /// No new streams; waiting for the open ones. Can go to `closed`.
    case finishing
    case closed
  }

  /// What the connection is to do now.
  package enum Action: Equatable, Sendable {
    case nothing
    case sendNotice
    case sendGoAway
    case close
    /// The grace is over: fail what is still open, then close.
    case abandon
  }

  package private(set) var state = State.serving

  package init() {}

  /// Somebody asked for the end.
  package mutating func begin() -> Action {
    guard state == .serving else { return .nothing }
    state = .noticed
    return .sendNotice
  }

  /// The round trip is over, or was given up.
  package mutating func roundTripEnded() -> Action {
    guard state == .noticed else { return .nothing }
    state = .finishing
    return .sendGoAway
  }

  /// After the final GOAWAY, and whenever a stream closed.
  package mutating func streamsChanged(openStreams: Int) -> Action {
    guard state == .finishing, openStreams == 0 else { return .nothing }
    state = .closed
    return .close
  }

  /// The grace is over.
  package mutating func graceEnded() -> Action {
    guard state == .noticed || state == .finishing else { return .nothing }
    state = .closed
    return .abandon
  }

  /// The socket closed by itself.
  package mutating func connectionClosed() { state = .closed }
}
