import Synchronization
import Testing

@testable import RPC

@Suite("Message inbox")
struct InboxTests {
  private func message(_ bytes: [UInt8]) -> ReceivedMessage {
    ReceivedMessage(bytes: bytes, encoding: nil, limit: 100)
  }

  @Test("hands out in order, then the end, and reports what was taken")
  func order() async throws {
    let taken = Mutex<[Int]>([])
    let inbox = MessageInbox { message in taken.withLock { $0.append(message.wireBytes) } }
    inbox.put(message([1]))
    inbox.put(message([2, 2]))
    inbox.finish()
    inbox.put(message([3]))
    #expect(try await inbox.next()?.bytes == [1])
    #expect(try await inbox.next()?.bytes == [2, 2])
    #expect(try await inbox.next() == nil)
    #expect(taken.withLock { $0 } == [6, 7])
  }

  @Test("a waiting reader gets the next message")
  func waits() async throws {
    let inbox = MessageInbox { _ in }
    async let next = inbox.next()
    inbox.put(message([9]))
    #expect(try await next?.bytes == [9])
  }

  @Test("an abrupt failure outruns the queue, a status does not")
  func failures() async throws {
    let abrupt = MessageInbox { _ in }
    abrupt.put(message([1]))
    abrupt.fail(RPCError(.cancelled, ""))
    await #expect(throws: RPCError.self) { try await abrupt.next() }
    let orderly = MessageInbox { _ in }
    orderly.put(message([1]))
    orderly.endAfterMessages(RPCError(.aborted, ""))
    #expect(try await orderly.next()?.bytes == [1])
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
