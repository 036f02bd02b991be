import Foundation
import Messages
import RPC
import Services
import Storage
import TestKit
import Testing

/// Everything here is told by counts: what the writer did, what was read, what was held.
@Suite("A watcher that does not read delays nobody and holds little")
struct SlowWatcherTests {
  private static let orders = 150

  @Test("the writer does exactly what it does without watchers")
  func writerIsUntouched() async throws {
    let alone = try await run(watchers: 0)
    let watched = try await run(watchers: 8)
    #expect(watched.writer.commits == alone.writer.commits)
    #expect(watched.writer.committedJobs == alone.writer.committedJobs)
    #expect(watched.writer.rolledBackJobs == alone.writer.rolledBackJobs)
    #expect(watched.writer.preparedStatements == alone.writer.preparedStatements)
    #expect(alone.watching == WatchStatistics())
    // However many watch, what is new is read once a commit at most.
    #expect(watched.watching.newestReads <= watched.writer.commits)
    #expect(watched.watching.historyReads <= 2 * 8)
  }

  private func run(watchers: Int) async throws -> (writer: Statistics, watching: WatchStatistics) {
    try await withShop { shop in
      var held: [ResponseStream<EventsV1.WatchResponse>.Iterator] = []
      for _ in 0..<watchers {
        held.append(try await shop.events.watch(.init(fromNow: true)).makeAsyncIterator())
        _ = try await held[held.count - 1].next()
      }
      try await placeOrders(shop)
      // The watchers are there to the end, and read nothing.
      return withExtendedLifetime(held) { (shop.database.statistics, shop.watching) }
    }
  }

  @Test(
    "what it has not read waits in the log, and comes in large pieces without gap or repetition")
  func catchesUp() async throws {
    var streams = StreamLimits()
    streams.newestEventBytes = 8 * 1024
    try await withShop(streams) { shop in
      var messages = try await shop.events.watch(.init(fromNow: true)).makeAsyncIterator()
      let start = try #require(try await messages.next()).resumeToken
      try await placeOrders(shop)
      let truth = try await everything(shop, after: start)
      #expect(shop.watching.heldBytesAtMost <= streams.newestEventBytes)

      var seen: [EventsV1.Event] = []
      var count = 0
      while seen.count < truth.count, let message = try await messages.next() {
        seen += message.events
        count += 1
      }
      #expect(seen == truth)
      // Each commit is a message while it is read at once. Most of them were not sent before the
      // watcher read on: they did not lie in any queue.
      #expect(count < Self.orders / 2, "\(count) messages for \(Self.orders) commits")
      #expect(shop.watching.historyReads > 0)
    }
  }

  private func withShop<Value: Sendable>(
    _ streams: StreamLimits = StreamLimits(), _ body: (Shop) async throws -> Value
  ) async throws -> Value {
    // Queues of a few messages, so that a few hundred events are more than all of them hold.
    var limits = RPCLimits()
    limits.streamQueueBytes = 4 * 1024
    limits.streamWindowBytes = 8 * 1024
    // Placing orders takes as long as the machine has other work; who reads none is not cut off.
    limits.responseStallTimeout = .seconds(86_400)
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "joinery-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // A file, since a database in memory is read by its writer.
    let shop = try await Shop.open(
      .init(path: folder.appending(path: "shop.db").path), limits: limits, streams: streams)
    try await shop.furnish()
    try await shop.stock("LAMP", Int64(Self.orders), cost: "80")
    let value = try await body(shop)
    await shop.close()
    return value
  }

  private func placeOrders(_ shop: Shop) async throws {
    for _ in 0..<Self.orders { _ = try await shop.place([("LAMP", 1)]) }
  }

  private func everything(_ shop: Shop, after token: String) async throws -> [EventsV1.Event] {
    var events: [EventsV1.Event] = []
    for try await message in try await shop.events.watch(.init(resumeToken: token)) {
      events += message.events
      if message.caughtUp { break }
    }
    return events
  }
}
