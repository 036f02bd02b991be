import Foundation
import Messages
import RPC
import Services
import Storage
import TestKit
import Testing

@Suite("Load shedding")
struct LoadSheddingTests {
  @Test("a command is refused before anything is done for it; a question is not")
  func shedsCommands() async throws {
    let path = NSTemporaryDirectory() + "joinery-test-\(UUID().uuidString).db"
    defer { for end in ["", "-wal", "-shm", ".lock"] { unlink(path + end) } }
    let house = try await Gatehouse(.init(path: path, queueLimit: 4))
    let shop = house.shop
    let nobody = CallOptions()
    let writer = await HeldWriter(of: shop.database)
    let jobs = (1...4).map { _ in Task { try await shop.database.write { _ in } } }
    await writer.awaitJobs(4)
    // Nobody asks who it is, nor whether it makes sense.
    let shed = await #expect(throws: RPCError.self) {
      try await shop.orders.placeOrder(.init(), options: nobody)
    }
    #expect(shed?.code == .resourceExhausted)
    #expect(shed?.retryPushback == .after(.milliseconds(200)))
    let question = await #expect(throws: RPCError.self) {
      try await shop.orders.getOrder(.init(number: "SO-2026-000001"), options: nobody)
    }
    #expect(question?.code == .unauthenticated)
    try await writer.release()
    for job in jobs { try await job.value }
    let refused = await #expect(throws: RPCError.self) {
      try await shop.orders.placeOrder(.init(), options: nobody)
    }
    #expect(refused?.code == .unauthenticated)
    await shop.close()
  }
}
