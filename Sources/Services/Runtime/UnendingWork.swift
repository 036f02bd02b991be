internal import Logging

/// Work that is not to end while the server runs.
enum UnendingWork {
  /// Does it until the task is cancelled. A failure is told once, and the work begun again a second
  /// later.
  static func keep(
    _ log: @Sendable () -> Logger, _ complaint: Logger.Message, _ work: () async throws -> Void
  ) async {
    var complained = false
    while !Task.isCancelled {
      do { try await work() } catch {
        if Task.isCancelled || error is CancellationError { return }
        if !complained { log().error(complaint, metadata: ["cause": "\(error)"]) }
        complained = true
      }
      do { try await Task.sleep(for: .seconds(1)) } catch { return }
    }
  }
}
