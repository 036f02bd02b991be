internal import Glibc
internal import Synchronization

/// Failures on order, for tests: give one to `Database.Configuration.faults`, arm it, and the
/// database meets the failure where it could meet a real one. A database without a plan pays
/// nothing for it.
package final class FaultPlan: Sendable {
  /// Where something can be made to happen.
  package enum Point: Hashable, Sendable {
    /// Before a statement of a write or of a migration runs.
    case statement
    /// Before the COMMIT of a batch.
    case commit
    /// The batch is durable, and nobody has been told yet: a failure here is a lost reply.
    case committed
    /// Some pages are about to get a newer key, and what they were is durable beside the file.
    case resealing
    /// Half of them have it.
    case resealedHalf
    /// All of them have it.
    case resealed
    /// A page of the file was read that is not whole, and is about to be read again.
    case reread
  }

  package enum Action: Sendable {
    /// Throws; an `ioFailure` at `commit` stands for a failed fsync.
    case fail(StorageError)
    /// Ends the process at once, as kill -9 does.
    case crash
    case run(@Sendable () -> Void)
  }

  private struct Trap {
    var remaining: Int
    let action: Action
  }

  /// A full disk: the file may not grow beyond so many pages. Nil: no limit.
  package let maximumPages: Int?
  private let traps = Mutex<[Point: Trap]>([:])

  package init(maximumPages: Int? = nil) { self.maximumPages = maximumPages }

  /// The `n`-th time from now (1: the next) that `point` is reached, `action` happens, once.
  package func arm(
    _ point: Point, after n: Int = 1,
    _ action: Action = .fail(StorageError(.injected, "Injected failure"))
  ) {
    traps.withLock { $0[point] = Trap(remaining: n, action: action) }
  }

  package func disarm() { traps.withLock { $0 = [:] } }

  /// True while an armed action has not happened.
  package var isArmed: Bool { traps.withLock { !$0.isEmpty } }

  func reach(_ point: Point) throws(StorageError) {
    let action: Action? = traps.withLock { traps in
      guard var trap = traps[point] else { return nil }
      trap.remaining -= 1
      traps[point] = trap.remaining > 0 ? trap : nil
      return trap.remaining > 0 ? nil : trap.action
    }
    switch action {
    case nil: break
    case .fail(let error): throw error
    case .crash: kill(getpid(), SIGKILL)
    case .run(let body): body()
    }
  }
}
