import Foundation
import Messages
import RPC
import Services
import Storage
import TestKit
import Testing

@Suite("Watching events: the log as a stream, without gap or repetition")
struct EventServiceTests {
  @Test("history comes first, then one message says that it is complete, then what is new")
  func historyThenTail() async throws {
    let shop = try await openShop()
    let before = try await everything(shop)
    let stream = try await shop.events.watch(.init())
    var messages = stream.makeAsyncIterator()
    var seen: [EventsV1.Event] = []
    while let message = try await messages.next() {
      seen += message.events
      if message.caughtUp { break }
    }
    #expect(seen == before && !seen.isEmpty)
    for _ in 1...3 {
      let order = try await shop.place([("LAMP", 1)])
      let message = try #require(try await messages.next())
      #expect(message.events.map(\.subject?.number).contains(order.number))
      #expect(!message.caughtUp)
      seen += message.events
    }
    #expect(try await everything(shop) == seen)
    await shop.close()
  }

  @Test("whoever joins while others write misses nothing and gets nothing twice")
  func handover() async throws {
    let shop = try await openShop()
    let watched = try await withThrowingTaskGroup(of: [EventsV1.Event].self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<15 {
            let input = shop.input([("LAMP", 1)], externalID: "\(writer)-\(number)")
            _ = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
          }
          return []
        }
      }
      for _ in 0..<12 {
        group.addTask {
          // The last order of all is known by its customer.
          try await events(shop, .init()) { $0.contains { $0.type == "test.over" } }
        }
        // Each watcher begins after a few more commits.
        _ = try await shop.place([("CHAIR", 1)])
      }
      var all: [[EventsV1.Event]] = []
      for _ in 0..<4 { #expect(try await group.next() == []) }
      try await noteTheEnd(of: shop)
      for try await events in group { all.append(events) }
      return all
    }
    let truth = try await everything(shop)
    #expect(watched.count == 12)
    for events in watched { #expect(events == truth) }
    await shop.close()
  }

  @Test("every token that was ever sent is a place to go on from", arguments: [1, 2, 256])
  func everyToken(eventsPerMessage: Int) async throws {
    var streams = StreamLimits()
    streams.eventsPerMessage = eventsPerMessage
    let shop = try await openShop(streams: streams)
    _ = try await shop.place([("LAMP", 1), ("CHAIR", 2)])
    let truth = try await everything(shop)
    var rest = truth[...]
    var tokens: [String] = []
    for try await message in try await shop.events.watch(.init()) {
      #expect(message.events.count <= eventsPerMessage)
      rest = rest.dropFirst(message.events.count)
      tokens.append(message.resumeToken)
      let after = try await everything(shop, after: message.resumeToken)
      #expect(after == Array(rest), "\(message.resumeToken)")
      if message.caughtUp { break }
    }
    #expect(rest.isEmpty && Set(tokens).count == tokens.count)
    if eventsPerMessage == 1 {
      #expect(tokens.contains { $0.contains(".") }, "a command was split")
    }
    // A bare commit sequence is the place behind that commit.
    let order = truth.last?.commitSequence ?? 0
    #expect(
      try await everything(shop, after: "\(order - 1)")
        == truth.filter { $0.commitSequence >= order })
    await shop.close()
  }

  @Test("filters leave out what they should, and all of them must agree")
  func filters() async throws {
    let shop = try await openShop()
    let first = try await shop.place([("LAMP", 1)])
    _ = try await shop.place([("LAMP", 1)])
    try await shop.deliver(first.number)
    let truth = try await everything(shop)
    let cases: [(EventsV1.WatchRequest, (EventsV1.Event) -> Bool)] = [
      (.init(types: ["order.confirmed"]), { $0.type == "order.confirmed" }),
      (
        .init(types: ["order.*", "shipment.packed"]),
        { $0.type.hasPrefix("order.") || $0.type == "shipment.packed" }
      ),
      (
        .init(kinds: [.shipment]),
        { $0.subject?.kind == .shipment || $0.related?.kind == .shipment }
      ),
      (
        .init(documentNumbers: [first.number]),
        { $0.subject?.number == first.number || $0.related?.number == first.number }
      ),
      (
        .init(types: ["shipment.*"], kinds: [.salesOrder], documentNumbers: [first.number]),
        { $0.type.hasPrefix("shipment.") && $0.related?.number == first.number }
      ),
    ]
    for (request, wants) in cases {
      let seen = try await events(shop, request)
      #expect(!seen.isEmpty && seen == truth.filter(wants), "\(request)")
    }
    await shop.close()
  }

  @Test("a filter that nothing fits still moves the token on")
  func progress() async throws {
    let shop = try await openShop()
    let request = EventsV1.WatchRequest(
      fromNow: true, types: ["no.such"], heartbeatInterval: .init(seconds: 1))
    var messages = try await shop.events.watch(request).makeAsyncIterator()
    let first = try #require(try await messages.next())
    #expect(first.caughtUp && first.events.isEmpty)
    _ = try await shop.place([("LAMP", 1)])
    let newest = try await everything(shop).last?.commitSequence ?? 0
    var place = first.resumeToken
    while !place.hasPrefix("\(newest)-") {
      let message = try #require(try await messages.next())
      #expect(message.events.isEmpty && !message.caughtUp)
      place = message.resumeToken
    }
    await shop.close()
  }

  @Test("from now on: nothing of before, everything after")
  func fromNow() async throws {
    let shop = try await openShop()
    var messages = try await shop.events.watch(.init(fromNow: true)).makeAsyncIterator()
    let first = try #require(try await messages.next())
    #expect(first.caughtUp && first.events.isEmpty)
    let order = try await shop.place([("LAMP", 1)])
    let second = try #require(try await messages.next())
    #expect(second.events.allSatisfy { $0.subject?.number == order.number || $0.related != nil })
    #expect(second.events.map(\.type).contains("order.confirmed"))
    // A token says where to begin, whatever else is asked for.
    let again = EventsV1.WatchRequest(resumeToken: first.resumeToken, fromNow: true)
    #expect(try await events(shop, again) == second.events)
    await shop.close()
  }

  @Test("a token of the future, of another history, or of nobody is refused with the reason")
  func foreignTokens() async throws {
    let (shop, other) = (try await openShop(), try await openShop())
    _ = try await shop.place([("LAMP", 1)])
    _ = try await other.place([("LAMP", 2)])
    _ = try await shop.place([("LAMP", 1)])
    let foreign = try await newestToken(other)
    let ahead = try await newestToken(shop)
    let refused: [(Shop, String, RPCError.Code, String)] = [
      (shop, foreign, .failedPrecondition, "RESUME_TOKEN_FOREIGN"),
      (other, ahead, .failedPrecondition, "RESUME_TOKEN_AHEAD"),
      (shop, "0-1111111111111111", .failedPrecondition, "RESUME_TOKEN_FOREIGN"),
      (shop, "tomorrow", .invalidArgument, "RESUME_TOKEN_INVALID"),
      (shop, "-1", .invalidArgument, "RESUME_TOKEN_INVALID"),
      (shop, "1.2.3", .invalidArgument, "RESUME_TOKEN_INVALID"),
      (shop, "1-00", .invalidArgument, "RESUME_TOKEN_INVALID"),
      (shop, "+1", .invalidArgument, "RESUME_TOKEN_INVALID"),
      (shop, "99999999999999999999", .invalidArgument, "RESUME_TOKEN_INVALID"),
    ]
    for (shop, token, code, reason) in refused {
      let error = await refusal { try await everything(shop, after: token) }
      #expect(error?.code == code, "\(token)")
      #expect(error?.detail(GoogleRPC.ErrorInfo.self)?.reason == reason, "\(token)")
    }
    #expect(shop.watching.watchers == 0)
    await shop.close()
    await other.close()
  }

  @Test("filters and intervals have bounds, and all mistakes come at once")
  func bounds() async throws {
    let shop = try await openShop()
    let request = EventsV1.WatchRequest(
      types: ["*", "order.*.*", ""], kinds: [.unspecified, .unrecognized(99)],
      documentNumbers: Array(repeating: "SO-1", count: 101),
      heartbeatInterval: .init(seconds: 0, nanos: 1))
    let error = await refusal { try await events(shop, request) }
    #expect(error?.code == .invalidArgument)
    #expect(
      violations(error) == [
        "OUT_OF_RANGE document_numbers", "OUT_OF_RANGE types[0]", "OUT_OF_RANGE types[1]",
        "REQUIRED types[2]", "REQUIRED kinds[0]", "UNKNOWN_VALUE kinds[1]",
        "OUT_OF_RANGE heartbeat_interval",
      ])
    await shop.close()
  }

  @Test("there are only so many watchers, and one that leaves makes room")
  func tooMany() async throws {
    var streams = StreamLimits()
    streams.maxWatchers = 2
    let shop = try await openShop(streams: streams)
    var held: [ResponseStream<EventsV1.WatchResponse>] = []
    for _ in 1...2 {
      held.append(try await shop.events.watch(.init(fromNow: true)))
      _ = try await held.last?.headers
    }
    let error = await refusal { try await newestToken(shop) }
    #expect(error?.code == .resourceExhausted)
    #expect(reason(error) == "TOO_MANY_WATCHERS")
    held.removeFirst()
    // The server hears of it a little later.
    var attempts = 0
    while let error = await refusal({ try await newestToken(shop) }), attempts < 10_000 {
      #expect(error.code == .resourceExhausted)
      attempts += 1
    }
    #expect(attempts < 10_000)
    await shop.close()
  }

  @Test("a deadline ends the call as it ends any other, and the token is as good as before")
  func deadline() async throws {
    let shop = try await openShop()
    var token = ""
    let late = await refusal {
      let options = CallOptions(timeout: .milliseconds(500))
      for try await message in try await shop.events.watch(.init(), options: options) {
        token = message.resumeToken
      }
    }
    #expect(late?.code == .deadlineExceeded)
    let order = try await shop.place([("LAMP", 1)])
    let rest = try await everything(shop, after: token)
    #expect(rest.map(\.subject?.number).contains(order.number))
    await shop.close()
  }

  @Test(
    "a shutdown ends the streams, which could go on for ever, with the invitation to come again")
  func shutdown() async throws {
    let shop = try await openShop()
    var messages = try await shop.events.watch(.init(fromNow: true)).makeAsyncIterator()
    _ = try await messages.next()
    shop.announceShutdown()
    let ended = await refusal { try await messages.next() }
    #expect(ended?.code == .unavailable)
    let late = await refusal { try await newestToken(shop) }
    #expect(late?.code == .unavailable)
    // Other calls are still served.
    _ = try await shop.place([("LAMP", 1)])
    await shop.channel.shutDown(grace: .seconds(3600))
    await shop.close()
  }
}

/// What nothing in the product records: told to the log by hand, so that watchers know the end.
private func noteTheEnd(of shop: Shop) async throws {
  try await shop.database.write { tx in
    try tx.execute(
      """
      INSERT INTO command
        (sequence, at, actor, peer, method, idempotency_key, request, status, reply, hash)
      SELECT sequence + 1, at, actor, peer, method, 'the end', request, status, reply, hash
      FROM command ORDER BY sequence DESC LIMIT 1
      """)
    try tx.execute(
      """
      INSERT INTO event SELECT max(sequence) << 20, max(sequence), 'test.over', 'MASTER_DATA', '-',
        'MASTER_DATA', '-', '' FROM command
      """)
  }
}

private func openShop(streams: StreamLimits = StreamLimits()) async throws -> Shop {
  let shop = try await Shop.open(streams: streams)
  try await shop.furnish()
  try await shop.stock("LAMP", 500, cost: "80")
  try await shop.stock("CHAIR", 500, cost: "200")
  return shop
}

/// The events of a call until all that was there is sent, or until `isEnough`.
private func events(
  _ shop: Shop, _ request: EventsV1.WatchRequest,
  until isEnough: (([EventsV1.Event]) -> Bool)? = nil
) async throws -> [EventsV1.Event] {
  var events: [EventsV1.Event] = []
  for try await message in try await shop.events.watch(request) {
    events += message.events
    if isEnough?(message.events) ?? message.caughtUp { break }
  }
  return events
}

private func everything(_ shop: Shop, after token: String = "") async throws -> [EventsV1.Event] {
  try await events(shop, .init(resumeToken: token))
}

private func newestToken(_ shop: Shop) async throws -> String {
  var messages = try await shop.events.watch(.init(fromNow: true)).makeAsyncIterator()
  return try await messages.next()?.resumeToken ?? ""
}
