import Messages
import RPC
import Services
import Storage
import TestKit
import Testing

@Suite("Tills: calls that overlap, stay open, or are too many")
struct TillCallTests {
  @Test("an open call answers each command as it comes, and a newer one takes the terminal over")
  func takeover() async throws {
    let shop = try await openShop()
    let older = try await Till(shop, "HZ-1")
    #expect(try await older.next()?.acknowledgedThrough == 0)
    older.say(sale(1, shop, 1))
    #expect(try await older.next()?.verdict?.code == 0)
    let newer = try await Till(shop, "HZ-1")
    #expect(try await newer.next()?.acknowledgedThrough == 1)
    let ended = await refusal { try await older.next() }
    #expect(ended?.code == .aborted)
    #expect(reason(ended) == "TERMINAL_TAKEN_OVER")
    newer.say(sale(1, shop, 1))
    #expect(try await newer.next()?.verdict.map { $0.number == 1 && $0.replayed } == true)
    newer.say(sale(2, shop, 1))
    #expect(try await newer.next()?.verdict?.number == 2)
    newer.hangUp()
    #expect(try await newer.next() == nil)
    await shop.close()
  }

  @Test("however often calls for one terminal cross, each number is carried out once, in order")
  func crossing() async throws {
    let shop = try await openShop()
    let queue = (1...20).map { sale($0, shop, 1) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          // Only so often: tills that take over from each other for ever get nothing done.
          for _ in 0..<10 {
            do {
              let verdicts = try await sync(shop, [open("HZ-1")] + queue).compactMap(\.verdict)
              #expect(Set(verdicts.map(\.number)) == Set(1...20))
              return
            } catch let error as RPCError where error.code == .aborted {
              // Taken over: this one was still the older till.
              if try await acknowledged(shop) == 20 { return }
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let verdicts = try await sync(shop, [open("HZ-1")] + queue).compactMap(\.verdict)
    #expect(verdicts.map(\.number) == Array(1...20))
    #expect(verdicts.map(\.commitSequence) == verdicts.map(\.commitSequence).sorted())
    #expect(try await shop.orders.listOrders(.init()).orders.count == 20)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("there are only so many tills at a time, and one that hangs up makes room")
  func tooMany() async throws {
    var streams = StreamLimits()
    streams.maxTills = 1
    let shop = try await openShop(streams)
    let till = try await Till(shop, "HZ-1")
    _ = try await till.next()
    let error = await refusal { try await sync(shop, [open("HZ-2")]) }
    #expect(error?.code == .resourceExhausted)
    #expect(reason(error) == "TOO_MANY_TILLS")
    till.hangUp()
    #expect(try await till.next() == nil)
    #expect(try await sync(shop, [open("HZ-2")]).count == 1)
    await shop.close()
  }

  @Test("a shutdown ends the open calls, and what was begun is there afterwards")
  func shutdown() async throws {
    let shop = try await openShop()
    let till = try await Till(shop, "HZ-1")
    _ = try await till.next()
    till.say(sale(1, shop, 1))
    #expect(try await till.next()?.verdict?.code == 0)
    shop.announceShutdown()
    let ended = await refusal { try await till.next() }
    #expect(ended?.code == .unavailable)
    let late = await refusal { try await sync(shop, [open("HZ-1")]) }
    #expect(late?.code == .unavailable)
    await shop.channel.shutDown(grace: .seconds(3600))
    await shop.close()
  }

  @Test("a till that does not read its verdicts is waited for, and holds little")
  func slowTill() async throws {
    var limits = RPCLimits()
    limits.streamQueueBytes = 4 * 1024
    limits.streamWindowBytes = 8 * 1024
    let shop = try await openShop(limits: limits)
    let till = try await Till(shop, "HZ-1")
    _ = try await till.next()
    for number in 1...200 { till.say(sale(number, shop, 1)) }
    // Other callers are served meanwhile, and the queue comes to a standstill by itself.
    var last: Int64 = -1
    var now = try await acknowledged(shop)
    var quiet = 0
    while quiet < 50 {
      quiet = now == last ? quiet + 1 : 0
      last = now
      _ = try await shop.orders.listOrders(.init())
      now = try await acknowledged(shop)
    }
    #expect(now < 200, "\(now) of 200 were carried out with nobody reading")
    for number in 1...200 {
      #expect(try await till.next()?.verdict?.number == Int64(number))
    }
    till.hangUp()
    #expect(try await till.next() == nil)
    await shop.close()
  }

  private func acknowledged(_ shop: Shop) async throws -> Int64 {
    try await shop.tills.getTerminal(.init(terminal: "HZ-1")).acknowledgedThrough
  }

  private func openShop(
    _ streams: StreamLimits = StreamLimits(), limits: RPCLimits = RPCLimits()
  ) async throws -> Shop {
    let shop = try await Shop.open(limits: limits, streams: streams)
    try await shop.furnish()
    try await shop.stock("LAMP", 500, cost: "80")
    return shop
  }
}

/// A till that is on the line.
private final class Till {
  private let lines: AsyncStream<TillsV1.SyncRequest>.Continuation
  private var answers: ResponseStream<TillsV1.SyncResponse>.Iterator

  init(_ shop: Shop, _ terminal: String) async throws {
    let (stream, lines) = AsyncStream.makeStream(of: TillsV1.SyncRequest.self)
    self.lines = lines
    lines.yield(open(terminal))
    let options = CallOptions(metadata: ["joinery-actor": "li.na"])
    answers = try await shop.tills.sync(options: options) { writer in
      for await line in stream { try await writer.write(line) }
    }.makeAsyncIterator()
  }

  func say(_ message: TillsV1.SyncRequest) { lines.yield(message) }

  func hangUp() { lines.finish() }

  func next() async throws -> TillsV1.SyncResponse? { try await answers.next() }
}
