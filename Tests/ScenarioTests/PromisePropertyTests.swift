import Messages
import RPC
import TestKit
import Testing
import Values

@Suite("Promises against brute force")
struct PromisePropertyTests {
  /// Small numbers that follow from a seed (SplitMix64).
  private struct Dice {
    var state: UInt64

    mutating func roll(_ range: ClosedRange<Int>) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return range.lowerBound + Int((mixed ^ (mixed >> 31)) % UInt64(range.count))
    }
  }

  @Test(
    "each piece of who waits is the next piece that comes, urgent orders first", arguments: 1...6)
  func inTurn(seed: Int) async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    var dice = Dice(state: UInt64(seed))
    var waiting: [(order: String, count: Int, score: Int, age: Int)] = []
    /// Days from now, a piece each.
    var coming: [Int] = []
    for age in 1...12 {
      switch dice.roll(0...3) {
      case 0:
        let (count, days) = (dice.roll(1...5), dice.roll(1...30))
        _ = try await shop.purchasing.createPurchaseOrder(
          .init(
            supplierCode: "WOOD", warehouseCode: "MAIN",
            lines: [.init(sku: "LAMP", quantity: pieces(Int64(count)), unitPrice: yuanEach("9"))],
            expectedOn: day(shop, days)), options: shop.command())
        coming += Array(repeating: days, count: count)
      case 1 where !waiting.isEmpty:
        let index = dice.roll(0...waiting.count - 1)
        waiting[index].score = dice.roll(-2...2)
        _ = try await shop.promises.setPriority(
          .init(
            orderNumber: waiting[index].order, score: Int32(waiting[index].score), reason: "dice"),
          options: shop.command())
      default:
        let count = dice.roll(1...4)
        let order = try await shop.place([("LAMP", Int64(count))], customer: "VIP").number
        waiting.append((order, count, 0, age))
      }
    }
    coming.sort()
    var next = 0
    for demand in waiting.sorted(by: {
      $0.score == $1.score ? $0.age < $1.age : $0.score > $1.score
    }) {
      next += demand.count
      let told = try await shop.promises.getPromises(.init(orderNumber: demand.order)).readyOn
      #expect(told == (next <= coming.count ? day(shop, coming[next - 1]) : nil), "\(demand)")
      // What is written down is what is told: nothing was forgotten on the way.
      let board = try await shop.shortages.listExceptions(.init(pageSize: 500)).rows
      let row = board.first { $0.orderNumber == demand.order && $0.lineNumber == 1 }
      #expect(row?.day == told, "\(demand)")
    }
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func day(_ shop: Shop, _ days: Int) -> GoogleType.Date {
    let hours = shop.clock.now.microseconds / 3_600_000_000 + 8
    let day = Day(daysSinceEpoch: Int32(hours / 24)).adding(days: days)
    return .init(year: Int32(day.year), month: Int32(day.month), day: Int32(day.day))
  }
}
