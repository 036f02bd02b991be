internal import Messages
internal import RPC
internal import Storage
internal import Values

/// joinery.events.v1: the log as a stream.
struct EventService: EventsV1.EventService {
  let feed: EventFeed
  let questions: Questions
  let limits: StreamLimits
  let authentication: Authentication

  func watch(
    _ request: EventsV1.WatchRequest, writer: ResponseWriter<EventsV1.WatchResponse>,
    context: CallContext
  ) async throws {
    var reader = RequestReader()
    let filter = WatchFilter(request, limits: limits, &reader)
    let interval = reader.duration(
      request.heartbeatInterval, "heartbeat_interval", limits.heartbeats, ifAbsent: limits.heartbeat
    )
    try FailureStatus.refusing { try reader.check() }
    let watcher = try feed.join()
    defer { feed.leave(watcher) }
    let start = try await start(of: request)
    let heartbeat = Heartbeat(interval: interval)
    async let _: Void = heartbeat.run(ringing: watcher.bell)
    let watch = Watch(
      place: start.place, newestAtStart: start.newest, filter: filter, heartbeat: heartbeat,
      scope: context.scope, writer: writer)
    do {
      try await authentication.whileAdmitted(context) { [watch] in
        var watch = watch
        try await watch.run(watcher, feed)
      }
    } catch is CancellationError {
      throw watcher.reason ?? CancellationError()
    }
  }

  /// Where the call begins, and where the log ended then.
  private func start(
    of request: EventsV1.WatchRequest
  ) async throws -> (place: ResumeToken, newest: Int64) {
    let given = request.resumeToken.isEmpty ? nil : ResumeToken(request.resumeToken)
    if given == nil, !request.resumeToken.isEmpty {
      throw RejectionStatus.status(of: [WatchRejection.tokenInvalid])
    }
    return try await questions.askForServer { snapshot in
      let head = try CommandTable.head(in: snapshot)
      if let given { return (try given.confirmed(in: snapshot), head.sequence) }
      return request.fromNow
        ? (ResumeToken(EventPosition(after: head.sequence), hash: head.hash), head.sequence)
        : (ResumeToken(EventPosition(after: 0), hash: AuditHash.genesis), head.sequence)
    }
  }
}

/// How far one call of Watch has come.
private struct Watch {
  /// Everything up to here was sent, or is not wanted.
  var place: ResumeToken
  let newestAtStart: Int64
  let filter: WatchFilter
  let heartbeat: Heartbeat
  let scope: DataScope
  let writer: ResponseWriter<EventsV1.WatchResponse>
  private var hasCaughtUp = false

  init(
    place: ResumeToken, newestAtStart: Int64, filter: WatchFilter, heartbeat: Heartbeat,
    scope: DataScope, writer: ResponseWriter<EventsV1.WatchResponse>
  ) {
    self.place = place
    self.newestAtStart = newestAtStart
    self.filter = filter
    self.heartbeat = heartbeat
    self.scope = scope
    self.writer = writer
  }

  /// Sends until the call is over, by an error of whatever kind.
  mutating func run(_ watcher: EventFeed.Watcher, _ feed: EventFeed) async throws {
    while true {
      if let reason = watcher.reason { throw reason }
      let rings = watcher.bell.rings
      if let segment = try await feed.segment(after: place.position, in: scope) {
        let events = wanted(of: segment)
        place = segment.end
        if !events.isEmpty || catchesUp || heartbeat.isDue { try await send(events) }
      } else if catchesUp || heartbeat.isDue {
        try await send([])
      } else {
        try await watcher.bell.wait(beyond: rings)
      }
    }
  }

  /// Whether what is sent next completes what was there when the call began.
  private var catchesUp: Bool {
    !hasCaughtUp && place.position >= EventPosition(after: newestAtStart)
  }

  private func wanted(of segment: EventSegment) -> [EventsV1.Event] {
    segment.events.filter { event in
      EventPosition(sequence: event.commitSequence, ordinal: Int64(event.ordinal)) > place.position
        && filter.wants(event)
    }
  }

  private mutating func send(_ events: [EventsV1.Event]) async throws {
    let catchesUp = catchesUp
    if catchesUp { hasCaughtUp = true }
    heartbeat.noteMessage()
    try await writer.write(
      EventsV1.WatchResponse(events: events, resumeToken: place.text, caughtUp: catchesUp))
  }
}
