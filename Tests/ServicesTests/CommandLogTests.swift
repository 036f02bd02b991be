import Messages
import RPC
import Storage
import TestKit
import Testing

@Suite("The command log: all or nothing, and no way to rewrite it")
struct CommandLogTests {
  @Test("a store that fails before any statement of a command keeps nothing, and the retry does it")
  func failureAtEveryStatement() async throws {
    let faults = FaultPlan()
    var configuration = Database.Configuration.inMemory
    configuration.faults = faults
    let shop = try await Shop.open(configuration)
    try await shop.furnish()
    try await shop.stock("CHAIR", 100, cost: "200")
    let before = try await shop.reports.verify(.init())
    let request = OrdersV1.PlaceOrderRequest(order: shop.input([("CHAIR", 1), ("TABLE", 1)]))
    let options = shop.command(key: "one-key")
    var statements = 0
    while true {
      faults.arm(.statement, after: statements + 1)
      let error = await refusal { try await shop.orders.placeOrder(request, options: options) }
      guard faults.isArmed || error != nil else { break }
      if faults.isArmed {
        // The command was done before the fault was due.
        #expect(error == nil)
        break
      }
      #expect(error?.code == .internal)
      #expect(error?.message.contains("SQL") == false)
      #expect(try await shop.reports.verify(.init()) == before)
      statements += 1
    }
    faults.disarm()
    #expect(statements > 20)
    let again = try await shop.orders.placeOrder(request, options: options)
    #expect(again.order?.number == "SO-2026-000001")
    #expect(try await shop.orders.listOrders(.init()).orders.count == 1)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a commit that fails acknowledges nobody")
  func failedCommit() async throws {
    let faults = FaultPlan()
    var configuration = Database.Configuration.inMemory
    configuration.faults = faults
    let shop = try await Shop.open(configuration)
    try await shop.furnish()
    try await shop.stock("LAMP", 5, cost: "80")
    let request = OrdersV1.PlaceOrderRequest(order: shop.input([("LAMP", 1)]))
    faults.arm(.commit)
    let error = await refusal {
      try await shop.orders.placeOrder(request, options: shop.command(key: "k"))
    }
    #expect(error?.code == .internal)
    #expect(try await shop.orders.listOrders(.init()).orders == [])
    _ = try await shop.orders.placeOrder(request, options: shop.command(key: "k"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test(
    "a changed, removed or inserted entry is found with its position",
    arguments: [Forgery.changedRequest, .changedEvent, .removedEntry, .insertedEntry, .swapped])
  func forgeries(forgery: Forgery) async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 5, cost: "80")
    _ = try await shop.place([("LAMP", 1)])
    _ = try await shop.place([("LAMP", 1)])
    #expect(try await shop.reports.verify(.init()).violations == [])
    try await shop.database.write { try forgery.commit(in: $0) }
    let found = try await shop.reports.verify(.init()).violations
    #expect(found.contains { $0.rule == "audit.hash-chain" }, "\(found)")
    #expect(
      found.flatMap(\.facts).contains { Int64($0.value) == forgery.position }, "\(found)")
    await shop.close()
  }
}

/// Ways to rewrite history with access to the file.
enum Forgery: CaseIterable {
  case changedRequest, changedEvent, removedEntry, insertedEntry, swapped

  /// Where the audit must point.
  var position: Int64 {
    switch self {
    case .changedRequest, .removedEntry: 5
    case .changedEvent, .swapped: 4
    case .insertedEntry: 99
    }
  }

  func commit(in tx: Transaction) throws {
    switch self {
    case .changedRequest:
      try tx.execute("UPDATE command SET request = zeroblob(length(request)) WHERE sequence = 5")
    case .changedEvent:
      // Moved to an entry that had none.
      try tx.execute(
        """
        UPDATE event SET sequence = 4, place = 4 << 20 | (place & 1048575)
        WHERE sequence = (SELECT max(sequence) FROM event)
        """)
    case .removedEntry:
      try tx.execute("DELETE FROM command WHERE sequence = 4")
    case .insertedEntry:
      try tx.execute(
        """
        INSERT INTO command
          (sequence, at, actor, peer, method, idempotency_key, request, status, reply, hash)
        SELECT 99, at, actor, peer, method, 'forged', request, status, reply, hash
        FROM command WHERE sequence = 5
        """)
    case .swapped:
      try tx.execute("UPDATE command SET sequence = -4 WHERE sequence = 4")
      try tx.execute("UPDATE command SET sequence = 4 WHERE sequence = 3")
      try tx.execute("UPDATE command SET sequence = 3 WHERE sequence = -4")
    }
  }
}
