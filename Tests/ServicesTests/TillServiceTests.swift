import Foundation
import Messages
import RPC
import Services
import Storage
import TestKit
import Testing

@Suite("Tills: queued commands in their order, each once, each with its verdict")
struct TillServiceTests {
  @Test("a queue is carried out in order; a refused command does not hold up those behind it")
  func order() async throws {
    let shop = try await openShop(lamps: 3)
    let queue = [sale(1, shop, 2), sale(2, shop, 2), sale(3, shop, 1)]
    let answers = try await sync(shop, [open("HZ-1")] + queue)
    #expect(answers.map(\.acknowledgedThrough) == [0, 1, 2, 3])
    #expect(answers[0].verdict == nil)
    let verdicts = answers.compactMap(\.verdict)
    #expect(verdicts.map(\.number) == [1, 2, 3])
    #expect(verdicts.map(\.code) == [0, 9, 0])
    #expect(verdicts.allSatisfy { !$0.replayed })
    let placed = try OrdersV1.PlaceOrderResponse(wire: verdicts[2].reply)
    #expect(placed.order?.number == "SO-2026-000002")
    #expect(placed.order?.createdBy == "li.na")
    let refusal = RPCError(encodedStatus: verdicts[1].status)
    #expect(refusal.code == .failedPrecondition && refusal.message == verdicts[1].message)
    #expect(refusal.detail(GoogleRPC.ErrorInfo.self)?.reason == "INSUFFICIENT_STOCK")
    #expect(verdicts.map(\.commitSequence) == Array(try await newest(shop) - 2...newest(shop)))
    let state = try await shop.tills.getTerminal(.init(terminal: "HZ-1"))
    #expect(state.acknowledgedThrough == 3)
    #expect(state.commitSequence == verdicts[2].commitSequence && state.lastTime != nil)
    #expect(try await shop.tills.getTerminal(.init(terminal: "HZ-2")) == .init())
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is sent again is answered from memory, wherever the till had got to")
  func memory() async throws {
    let shop = try await openShop(lamps: 6)
    let queue = (1...7).map { sale($0, shop, 1) }
    let first = try await sync(shop, [open("HZ-1")] + queue).compactMap(\.verdict)
    #expect(first.map(\.code) == [0, 0, 0, 0, 0, 0, 9])
    let commands = try await newest(shop)
    for known in 0...7 {
      let answers = try await sync(shop, [open("HZ-1", known)] + queue.dropFirst(known))
      #expect(answers.allSatisfy { $0.acknowledgedThrough == 7 })
      #expect(answers.first?.verdict == nil)
      #expect(answers.compactMap(\.verdict) == first.dropFirst(known).map(replayed))
    }
    #expect(try await newest(shop) == commands)
    #expect(try await shop.orders.listOrders(.init()).orders.count == 6)
    await shop.close()
  }

  @Test("a command that was tried in a single call is the same command in the queue")
  func sameKey() async throws {
    let shop = try await openShop(lamps: 5)
    let request = OrdersV1.PlaceOrderRequest(order: shop.input([("LAMP", 1)]))
    let reply = try await shop.orders.placeOrder(
      request, options: shop.command(by: "wang.fang", key: "receipt-1"))
    var queued = command(1, "OrderService/PlaceOrder", request.encoded(), key: "receipt-1")
    queued = queued.by("wang.fang")
    let verdict = try #require(
      try await sync(shop, [open("HZ-1"), queued]).compactMap(\.verdict).first)
    #expect(verdict.replayed && verdict.reply == reply.encoded())
    // The other way round, too.
    let sold = sale(2, shop, 1)
    let second = try await sync(shop, [open("HZ-1", 1), sold]).compactMap(\.verdict)
    let single: Reply<OrdersV1.PlaceOrderResponse> = try await shop.channel.unary(
      OrdersV1.OrderServiceMethods.placeOrder,
      OrdersV1.PlaceOrderRequest(order: shop.input([("LAMP", 1)], shortage: .refuse)),
      options: shop.command(by: "li.na", key: "sale-2"))
    #expect(single.trailers["idempotency-replayed"] == "true")
    #expect(single.message.encoded() == second.first?.reply)
    #expect(try await shop.orders.listOrders(.init()).orders.count == 2)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what no log would take is refused with a verdict, and is an entry of the log all the same")
  func refusedBefore() async throws {
    let shop = try await openShop(lamps: 5)
    _ = try await shop.orders.placeOrder(
      .init(order: shop.input([("LAMP", 1)])), options: shop.command(key: "taken"))
    let lamp = OrdersV1.PlaceOrderRequest(order: shop.input([("LAMP", 2)])).encoded()
    let cases: [(TillsV1.SyncRequest, RPCError.Code, String)] = [
      (command(1, "OrderService/NoSuchMethod", lamp), .invalidArgument, "METHOD_NOT_A_COMMAND"),
      (command(2, "OrderService/GetOrder", []), .invalidArgument, "METHOD_NOT_A_COMMAND"),
      (command(3, "OrderService/PlaceOrder", [0xFF]), .invalidArgument, "REQUEST_MALFORMED"),
      (command(4, "OrderService/PlaceOrder", lamp, key: ""), .invalidArgument, keyMissing),
      (command(5, "OrderService/PlaceOrder", lamp, key: "a b"), .invalidArgument, keyInvalid),
      (command(6, "OrderService/PlaceOrder", lamp, key: "taken"), .alreadyExists, keyReused),
      (command(7, "OrderService/PlaceOrder", []), .invalidArgument, "REQUIRED"),
      (
        command(8, "OrderService/PlaceOrder", lamp).by(String(repeating: "x", count: 101)),
        .invalidArgument, "CALLER_NAME_LENGTH"
      ),
    ]
    let sent = [open("HZ-1")] + cases.map(\.0) + [sale(9, shop, 1)]
    let before = try await newest(shop)
    let verdicts = try await sync(shop, sent).compactMap(\.verdict)
    for (verdict, (_, code, reason)) in zip(verdicts, cases) {
      let refusal = RPCError(encodedStatus: verdict.status)
      #expect(refusal.code == code, "\(verdict)")
      #expect(refusal.detail(GoogleRPC.ErrorInfo.self)?.reason == reason, "\(verdict)")
    }
    #expect(verdicts.map(\.number) == Array(1...9) && verdicts.last?.code == 0)
    #expect(try await newest(shop) == before + 9)
    #expect(try await sync(shop, sent).compactMap(\.verdict) == verdicts.map(replayed))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a gap, a number of another command, and a till ahead of the server end the call")
  func brokenSequences() async throws {
    let shop = try await openShop(lamps: 9)
    _ = try await sync(shop, [open("HZ-1"), sale(1, shop, 1), sale(2, shop, 1)])
    let cases: [([TillsV1.SyncRequest], RPCError.Code, String, [String: String])] = [
      (
        [open("HZ-1", 2), sale(4, shop, 1)], .failedPrecondition, "TERMINAL_NUMBER_GAP",
        ["terminal": "HZ-1", "expected": "3", "given": "4"]
      ),
      (
        [open("HZ-1", 2), sale(0, shop, 1)], .failedPrecondition, "TERMINAL_NUMBER_GAP",
        ["terminal": "HZ-1", "expected": "3", "given": "0"]
      ),
      (
        [open("HZ-1", 2), sale(2, shop, 7)], .failedPrecondition, "TERMINAL_NUMBER_REUSED",
        ["terminal": "HZ-1", "number": "2"]
      ),
      (
        [open("HZ-1", 3)], .failedPrecondition, "TERMINAL_AHEAD",
        ["terminal": "HZ-1", "given": "3", "acknowledged": "2"]
      ),
      ([sale(3, shop, 1)], .invalidArgument, "OPENING_MISSING", [:]),
      ([], .invalidArgument, "OPENING_MISSING", [:]),
      ([open("HZ-1"), open("HZ-1")], .invalidArgument, "OPENING_REPEATED", [:]),
      ([open("HZ-1"), .init()], .invalidArgument, "REQUIRED", [:]),
      ([open("", -1)], .invalidArgument, "REQUIRED", [:]),
      ([open("HZ-1", 2), void(3, "")], .invalidArgument, "REQUIRED", [:]),
    ]
    for (sent, code, reason, facts) in cases {
      let error = await refusal { try await sync(shop, sent) }
      #expect(error?.code == code, "\(sent)")
      let info = error?.detail(GoogleRPC.ErrorInfo.self)
      #expect(info?.reason == reason && info?.metadata == facts, "\(String(describing: info))")
    }
    let rehearsal = await refusal {
      try await sync(shop, [open("HZ-1")], options: shop.command(dryRun: true))
    }
    #expect(rehearsal?.code == .invalidArgument)
    #expect(try await shop.tills.getTerminal(.init(terminal: "HZ-1")).acknowledgedThrough == 2)
    // Numbers of other terminals are their own.
    let other = try await sync(shop, [open("HZ-2"), sale(1, shop, 1, key: "hz-2")])
    #expect(other.last?.verdict?.code == 0)
    await shop.close()
  }

  @Test("a number can be given up, before it is carried out but not after")
  func voided() async throws {
    let shop = try await openShop(lamps: 9)
    let sent = [open("HZ-1"), sale(1, shop, 1), void(2, "typed twice"), sale(3, shop, 1)]
    let verdicts = try await sync(shop, sent).compactMap(\.verdict)
    #expect(verdicts.map(\.code) == [0, 1, 0])
    #expect(verdicts[1].message == "Number 2 was voided: typed twice")
    let late = try await sync(shop, [open("HZ-1", 3), void(1, "too late")]).compactMap(\.verdict)
    #expect(late == [replayed(verdicts[0])])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a command that the store could not carry out has no verdict: the till comes again")
  func transientFailure() async throws {
    let faults = FaultPlan()
    var configuration = Database.Configuration.inMemory
    configuration.faults = faults
    let shop = try await openShop(lamps: 9, configuration)
    var failures = 0
    for fault in [FaultPlan.Point.commit, .statement] {
      let number = failures + 1
      faults.arm(fault)
      let error = await refusal {
        try await sync(shop, [open("HZ-1", number - 1), sale(number, shop, 1)])
      }
      #expect(error?.code == .internal)
      let state = try await shop.tills.getTerminal(.init(terminal: "HZ-1"))
      #expect(state.acknowledgedThrough == Int64(number - 1))
      let again = try await sync(shop, [open("HZ-1", number - 1), sale(number, shop, 1)])
      #expect(again.last?.verdict?.code == 0 && again.last?.verdict?.replayed == false)
      failures += 1
    }
    #expect(try await shop.orders.listOrders(.init()).orders.count == 2)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("verify finds a number that is missing")
  func invariant() async throws {
    let shop = try await openShop(lamps: 9)
    _ = try await sync(shop, [open("HZ-1")] + (1...3).map { sale($0, shop, 1) })
    try await shop.database.write {
      try $0.execute("DELETE FROM terminal_command WHERE number = 2")
    }
    let found = try await shop.reports.verify(.init()).violations
    #expect(found.map(\.rule) == ["tills.numbers-without-gap"])
    await shop.close()
  }
}

private let keyMissing = "IDEMPOTENCY_KEY_MISSING"
private let keyInvalid = "IDEMPOTENCY_KEY_INVALID"
private let keyReused = "IDEMPOTENCY_KEY_REUSED"

private func openShop(
  lamps: Int64, _ configuration: Database.Configuration = .inMemory,
  streams: StreamLimits = StreamLimits()
) async throws -> Shop {
  let shop = try await Shop.open(configuration, streams: streams)
  try await shop.furnish()
  try await shop.stock("LAMP", lamps, cost: "80")
  return shop
}

private func newest(_ shop: Shop) async throws -> Int64 {
  try await shop.reports.verify(.init()).auditEntries
}

private func replayed(_ verdict: TillsV1.Verdict) -> TillsV1.Verdict {
  var verdict = verdict
  verdict.replayed = true
  return verdict
}

extension TillsV1.SyncRequest {
  /// The same command, asked for by somebody else.
  fileprivate func by(_ actor: String) -> TillsV1.SyncRequest {
    guard case .command(var command)? = step else { return self }
    command.actor = actor
    return .init(step: .command(command))
  }
}
