package import RPC
package import Storage

/// What a server counts, in Prometheus' text format (version 0.0.4). Counters start at 0 with the
/// process; times are in seconds, sizes in bytes.
package struct MetricsText {
  /// Of a server that ships its log.
  package struct Shipping: Sendable {
    let isWhole: Bool
    /// When the last commit that was shipped was durable, seconds since 1970.
    let latest: Int64

    package init(isWhole: Bool, latest: Int64) {
      self.isWhole = isWhole
      self.latest = latest
    }
  }

  /// What has become of notices since the server was started, and what waits now.
  package struct Notices: Sendable {
    let sent: Int
    let failed: Int
    let dead: Int
    let pending: Int
    let deadLetters: Int

    package init(sent: Int, failed: Int, dead: Int, pending: Int, deadLetters: Int) {
      self.sent = sent
      self.failed = failed
      self.dead = dead
      self.pending = pending
      self.deadLetters = deadLetters
    }
  }

  private var text = ""

  package init(
    _ calls: ServerMetrics, _ store: Statistics, watchers: Int, isReady: Bool,
    shipping: Shipping? = nil, notices: Notices? = nil
  ) {
    add(
      "joinery_ready", .gauge,
      "1 while new calls are wanted, 0 while the server stops or waits for an agreement.",
      isReady ? 1 : 0)
    addCalls(calls)
    add("joinery_calls_running", .gauge, "Handlers that run now.", calls.handlersInFlight)
    add("joinery_connections", .gauge, "Open connections.", calls.connectionsOpen)
    add(
      "joinery_connections_accepted_total", .counter, "Connections accepted.",
      calls.connectionsAccepted)
    add("joinery_event_watchers", .gauge, "Calls that watch events.", watchers)
    addStore(store)
    if let shipping {
      add(
        "joinery_log_shipped", .gauge,
        "1 while the log is shipped and a backup stands behind it, 0 while commits could be lost.",
        shipping.isWhole ? 1 : 0)
      add(
        "joinery_log_shipped_commit_time_seconds", .gauge,
        "When the last commit that was shipped was durable, since 1970.",
        Int(shipping.latest))
    }
    if let notices { addNotices(notices) }
    if let resident = ProcessMemory.resident() {
      add("process_resident_memory_bytes", .gauge, "Resident memory.", resident)
    }
  }

  /// To be served as `text/plain; version=0.0.4`.
  package var body: String { text }

  private enum Kind: String { case counter, gauge, histogram }

  private mutating func describe(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  private mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
    describe(name, kind, help)
    text += "\(name) \(value)\n"
  }

  /// Methods that nobody has called yet are left out.
  private mutating func addCalls(_ calls: ServerMetrics) {
    let called = calls.methods.filter { $0.codes.contains { $0 > 0 } }
    describe("joinery_calls_total", .counter, "Calls that have ended, by method and status.")
    for method in called {
      for (code, count) in method.codes.enumerated() where count > 0 {
        let name = RPCError.Code(rawValue: code)?.name ?? "\(code)"
        text += "joinery_calls_total{\(Self.label(method)),code=\"\(name)\"} \(count)\n"
      }
    }
    describe("joinery_call_seconds", .histogram, "From a request's headers to its status.")
    for method in called {
      var sum = 0
      for (bucket, count) in method.durations.enumerated() {
        sum += count
        let bound =
          bucket < MethodMetrics.durationBounds.count
          ? Self.seconds(MethodMetrics.durationBounds[bucket]) : "+Inf"
        text += "joinery_call_seconds_bucket{\(Self.label(method)),le=\"\(bound)\"} \(sum)\n"
      }
      text +=
        "joinery_call_seconds_sum{\(Self.label(method))} \(Self.seconds(method.totalDuration))\n"
      text += "joinery_call_seconds_count{\(Self.label(method))} \(sum)\n"
    }
  }

  private mutating func addStore(_ store: Statistics) {
    add("joinery_writer_queue", .gauge, "Commands that wait for the writer.", store.waitingJobs)
    add(
      "joinery_commits_total", .counter,
      "Durable commits; joinery_committed_jobs_total by it is the size of a batch.", store.commits)
    add(
      "joinery_committed_jobs_total", .counter, "Jobs whose effect is durable.",
      store.committedJobs)
    add(
      "joinery_rolled_back_jobs_total", .counter,
      "Jobs that left nothing: refused, dry runs, or lost with their batch.", store.rolledBackJobs)
    describe("joinery_commit_seconds_total", .counter, "Time spent in commits.")
    text += "joinery_commit_seconds_total \(Self.seconds(store.commitDuration))\n"
    add(
      "joinery_checkpoints_total", .counter, "Copies of the log into the file.", store.checkpoints)
    add("joinery_log_pages", .gauge, "Pages in the write-ahead log.", store.logPages)
    add(
      "joinery_prepared_statements", .gauge, "Statements that the writer keeps prepared.",
      store.preparedStatements)
    if let pages = store.pages { addPages(pages) }
  }

  private mutating func addNotices(_ notices: Notices) {
    add("joinery_notices_sent_total", .counter, "Notices that were taken.", notices.sent)
    add(
      "joinery_notice_failures_total", .counter, "Tries that failed and are made again.",
      notices.failed)
    add(
      "joinery_notices_given_up_total", .counter,
      "Notices that were refused for good or failed too often.", notices.dead)
    add("joinery_notices_pending", .gauge, "Notices that wait to be sent.", notices.pending)
    add(
      "joinery_notices_dead", .gauge, "Notices that wait for somebody to retry or discard them.",
      notices.deadLetters)
  }

  private mutating func addPages(_ pages: PageCounts) {
    describe("joinery_pages", .gauge, "Pages of the database by the key that encrypts them.")
    for (key, count) in pages.byKey.sorted(by: { $0.key < $1.key }) {
      text += "joinery_pages{key=\"\(key.isEmpty ? "none" : key)\"} \(count)\n"
    }
    add(
      "joinery_pages_earlier_in_log", .gauge,
      "Pages in the write-ahead log that another key than the newest encrypts.",
      pages.earlierInLog)
  }

  private static func label(_ method: MethodMetrics) -> String {
    "method=\"\(method.method.fullName)\""
  }

  /// Without a Double: nanoseconds as decimals, no zeros at the end.
  private static func seconds(_ duration: Duration) -> String {
    let (whole, attoseconds) = duration.components
    var fraction = String(attoseconds / 1_000_000_000)
    fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return fraction.isEmpty ? "\(whole)" : "\(whole).\(fraction)"
  }
}
