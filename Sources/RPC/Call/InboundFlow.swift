/// How many received bytes go back to the sender's window, and when: at once while the reader keeps
/// up, only as it takes messages once `limit` bytes of them lie waiting.
///
/// A message that is still incomplete never withholds window, or one larger than the window could
/// not arrive; its size has its own bound.
struct InboundFlow {
  private let limit: Int
  private var backlog = 0
  private var withheld = 0

  /// Whether the sender waits for us: it may have no room left for the rest of a message.
  var isWithholding: Bool { withheld > 0 }

  init(limit: Int) { self.limit = limit }

  /// A complete message of `size` bytes, prefix included, waits to be taken.
  mutating func queued(_ size: Int) { backlog += size }

  /// `size` bytes came, their messages have been queued. Returns what to give back now.
  mutating func received(_ size: Int) -> Int {
    if backlog <= limit { return size }
    withheld += size
    return 0
  }

  /// A message was taken. Returns what to give back now.
  mutating func taken(_ size: Int) -> Int {
    backlog -= size
    guard backlog <= limit else { return 0 }
    defer { withheld = 0 }
    return withheld
  }
}
