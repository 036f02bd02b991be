internal import Identity
internal import Messages
internal import RPC
internal import Storage
private import Synchronization

/// Keeps a server from taking commands while its database was restored and nobody has decided to go
/// on from there, and for good once somebody has refused. Questions are answered, and what one
/// needs to agree works: methods say so (`joinery.options.v1.before_approval`).
///
/// UNAVAILABLE and not FAILED_PRECONDITION: nothing is wrong with the command, which is good again
/// once it was agreed. A till takes the latter for the verdict on a number of its queue, and the
/// command would be lost. That the caller's library tries again by itself helps nobody: it is told
/// not to.
final class RestorationHold: Sendable {
  private enum State: UInt8 {
    case none = 0
    case pending = 1
    case rejected = 2
  }

  private let state = Atomic(State.none.rawValue)
  private let released = Bell()
  /// Full names of the services that take commands, none of which works meanwhile.
  private let services: Set<String>
  private let health: HealthService

  init(_ methods: [MethodDescriptor], health: HealthService) {
    self.health = health
    services = Set(
      Dictionary(grouping: methods, by: \.service).filter { _, methods in
        methods.contains { $0.idempotency == .idempotent }
          && !methods.contains { $0.isBeforeApproval }
      }.keys)
  }

  /// What the database says at the start.
  func begin(with restoration: Restoration?) {
    switch restoration?.state {
    case nil, .approved: break
    case .pending: hold(.pending)
    case .rejected: hold(.rejected)
    }
  }

  /// What was committed since. That it is pending is nothing new, and may be old when it is told.
  func follow(_ restoration: Restoration?) {
    switch restoration?.state {
    case nil, .pending: break
    case .approved:
      state.store(State.none.rawValue, ordering: .releasing)
      health.resume()
      released.ring()
    case .rejected: hold(.rejected)
    }
  }

  private func hold(_ new: State) {
    state.store(new.rawValue, ordering: .releasing)
    // The whole server does not do what it is there for, either.
    health.pause(services.union([""]))
  }

  var isHeld: Bool { state.load(ordering: .acquiring) != State.none.rawValue }

  /// Returns once commands are taken.
  func untilReleased() async throws {
    while true {
      let rings = released.rings
      if !isHeld { return }
      try await released.wait(beyond: rings)
    }
  }

  /// Behind authentication: strangers are told nothing.
  var interceptor: Interceptor {
    Interceptor(
      "restoration",
      before: { [self] context in
        guard let held = State(rawValue: state.load(ordering: .relaxed)), held != .none,
          context.method.idempotency == .idempotent, !context.method.isBeforeApproval
        else { return }
        throw Self.refusal(held)
      })
  }

  private static func refusal(_ held: State) -> RPCError {
    let (reason, message, remedy) =
      held == .rejected
      ? (
        "RESTORE_REJECTED",
        "The database was restored, and an administrator has refused to go on from there.",
        "Restore another one."
      )
      : (
        "RESTORE_NOT_APPROVED",
        "The database was restored, and takes commands once two administrators have agreed to it.",
        "joinery restoration show, joinery restoration approve"
      )
    return RPCError(
      .unavailable, message,
      details: [
        GoogleRPC.ErrorInfo(reason: reason, domain: "joinery", metadata: ["remedy": remedy])
      ], retryPushback: .never)
  }
}
