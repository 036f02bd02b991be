import Synchronization
import Testing

@testable import RPC

@Suite("Message inbox")
struct InboxTests {
  @Test("hands out in order, then the end, and reports what was taken")
  func order() async throws {
    let taken = Mutex<[Int]>([])
    let inbox = MessageInbox { size in taken.withLock { $0.append(size) } }
    inbox.put([1])
    inbox.put([2, 2])
    inbox.finish()
    inbox.put([3])
    #expect(try await inbox.next() == [1])
    #expect(try await inbox.next() == [2, 2])
    #expect(try await inbox.next() == nil)
    #expect(taken.withLock { $0 } == [6, 7])
  }

  @Test("a waiting reader gets the next message")
  func waits() async throws {
    let inbox = MessageInbox { _ in }
    async let message = inbox.next()
    inbox.put([9])
    #expect(try await message == [9])
  }

  @Test("an abrupt failure outruns the queue, a status does not")
  func failures() async throws {
    let abrupt = MessageInbox { _ in }
    abrupt.put([1])
    abrupt.fail(RPCError(.cancelled, ""))
    await #expect(throws: RPCError.self) { try await abrupt.next() }
    let orderly = MessageInbox { _ in }
    orderly.put([1])
    orderly.endAfterMessages(RPCError(.aborted, ""))
    #expect(try await orderly.next() == [1])
    await #expect(throws: RPCError.self) { try await orderly.next() }
  }

  @Test("a cancelled reader stops waiting", arguments: [false, true])
  func cancellation(before: Bool) async {
    let inbox = MessageInbox { _ in }
    let reader = Task {
      if before { withUnsafeCurrentTask { $0?.cancel() } }
      return try await inbox.next()
    }
    reader.cancel()
    await #expect(throws: RPCError.self) { try await reader.value }
  }
}

@Suite("Inbound flow")
struct InboundFlowTests {
  @Test("returns window at once, until too much lies waiting, then as it is taken")
  func withholds() {
    var flow = InboundFlow(limit: 10)
    flow.queued(8)
    #expect(flow.received(8) == 8)
    flow.queued(8)
    #expect(flow.received(8) == 0)
    flow.queued(8)
    #expect(flow.received(8) == 0)
    #expect(flow.taken(8) == 0)
    #expect(flow.taken(8) == 16)
    #expect(flow.taken(8) == 0)
  }

  @Test("an incomplete message withholds nothing")
  func incomplete() {
    var flow = InboundFlow(limit: 10)
    #expect(flow.received(1_000_000) == 1_000_000)
  }
}
