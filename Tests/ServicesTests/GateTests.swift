import Synchronization
import Testing

@testable import Services

@Suite("The gate: so many at a time, in their order, and nobody is forgotten")
struct GateTests {
  @Test("never more at a time than its width", arguments: [1, 3])
  func width(width: Int) async throws {
    let gate = Gate(width: width)
    let inside = Visitors()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<100 {
        group.addTask {
          try await gate.pass {
            inside.enter()
            await Task.yield()
            inside.leave()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(inside.counts.now == 0 && inside.counts.all == 100)
    #expect(inside.counts.most <= width)
  }

  private final class Visitors: Sendable {
    struct Counts {
      var now = 0
      var most = 0
      var all = 0
    }

    private let state = Mutex(Counts())
    var counts: Counts { state.withLock { $0 } }

    func enter() {
      state.withLock { counts in
        counts.now += 1
        counts.all += 1
        counts.most = max(counts.most, counts.now)
      }
    }

    func leave() { state.withLock { $0.now -= 1 } }
  }

  @Test("who is cancelled while waiting takes no place, and leaves none taken")
  func cancellation() async throws {
    let gate = Gate(width: 1)
    for _ in 0..<100 {
      try await gate.pass {
        let waiting = Task { try await gate.pass { Issue.record("there was no place") } }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
      }
    }
    try await gate.pass {}
  }

  @Test("a failure inside gives the place back")
  func failure() async throws {
    struct Broken: Error {}
    let gate = Gate(width: 1)
    await #expect(throws: Broken.self) { try await gate.pass { throw Broken() } }
    try await gate.pass {}
  }
}
