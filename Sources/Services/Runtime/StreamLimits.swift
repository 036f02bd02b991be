/// Every bound of the streaming services with its default; those of connections, calls and messages
/// are in `RPCLimits`.
package struct StreamLimits: Sendable {
  // MARK: Watching events

  /// Calls of EventService.Watch at the same time. Exceeded: RESOURCE_EXHAUSTED.
  package var maxWatchers = 1_000
  /// Values of one filter of a watcher. Exceeded: INVALID_ARGUMENT.
  package var maxFilterValues = 100
  /// Events in one message, and read in one go.
  package var eventsPerMessage = 256
  /// Bytes of events in one message; a single larger event still is sent.
  package var eventBytesPerMessage = 64 * 1024
  /// The newest events, kept for all watchers together; who is further behind reads the database.
  package var newestEventBytes = 4 * 1024 * 1024
  /// Reads of history at the same time, for all watchers together: the other readers stay free for
  /// questions.
  package var concurrentHistoryReads = 1
  /// The longest silence of a watched stream, when the caller does not say.
  package var heartbeat: Duration = .seconds(30)
  /// What a caller may ask for instead.
  package var heartbeats: ClosedRange<Duration> = .seconds(1) ... .seconds(3600)

  // MARK: Tills

  /// Calls of TillService.Sync at the same time. Exceeded: RESOURCE_EXHAUSTED.
  package var maxTills = 1_000

  package init() {}
}
