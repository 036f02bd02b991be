/// How long a lost server is asked for again: not at all before it was once there, and then until
/// it was silent for so long, or for ever.
struct Patience {
  private let limit: Duration?
  private var lastHeard: ContinuousClock.Instant?
  private var next = Duration.milliseconds(100)

  init(seconds: Int?) { limit = seconds.map { .seconds($0) } }

  mutating func heard() {
    lastHeard = .now
    next = .milliseconds(100)
  }

  /// How long to wait before the next attempt; nil when it is enough.
  mutating func pause() -> Duration? {
    guard let lastHeard else { return nil }
    if let limit, ContinuousClock.now - lastHeard >= limit { return nil }
    defer { next = min(next * 2, .seconds(2)) }
    return next
  }
}
