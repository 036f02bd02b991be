import Finance
import Inventory
import Purchasing
import Storage
import TestRandom
import Testing
import Values

@Suite("Purchasing under random commands")
struct PurchasingPropertyTests {
  @Test(
    "however receipts and bills are split, the supplier is owed the price of the order",
    arguments: [1, 2, 3, 4, 5] as [UInt64])
  func splits(seed: UInt64) async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      var random = Seeded(seed)
      var owed = fen(0)
      for number in 1...8 {
        let unitPrice = micros(Int64.random(in: 0...50_000_000, using: &random))
        let total = Quantity(micros: Int64.random(in: 1...20_000_000, using: &random))
        let order = try tx.order(
          PurchaseLineDraft(sku: "R-1", quantity: GivenQuantity(total), unitPrice: unitPrice))
        try Self.play(order, bills: "B-\(number)", &random, in: tx)
        owed = try owed + unitPrice.amount(for: total)
        let payable = try Ledger.balance(of: .payable, in: tx)
        let open = try Ledger.balance(of: .goodsReceivedNotInvoiced, in: tx)
        #expect(payable.minor == -owed.minor && open.minor == 0, "seed \(seed) order \(number)")
        #expect(try Ledger.balance(of: .rawMaterial, in: tx) == owed, "seed \(seed)")
      }
      #expect(try Yard.violations(in: tx) == [], "seed \(seed)")
    }
  }

  /// Receives and bills an order in parts of any size, in any order that the rules allow.
  private static func play(
    _ order: PurchaseOrder, bills: String, _ random: inout Seeded, in tx: Transaction
  ) throws {
    var line = order.lines[0]
    for step in 1... {
      let receiving =
        line.open.isPositive && (line.billable == .zero || Bool.random(using: &random))
      let left = receiving ? line.open : line.billable
      guard left.isPositive else { return }
      // The fifth step takes all, so that the play ends.
      let part = Quantity(
        micros: step % 5 == 0 ? left.micros : Int64.random(in: 1...left.micros, using: &random))
      if receiving {
        line = try ReceiveGoods(
          purchaseOrderNumber: order.number,
          lines: [PurchaseLineQuantity(lineNumber: 1, quantity: GivenQuantity(part))]
        ).run(in: tx, at: Yard.now).order.lines[0]
      } else {
        line = try EnterSupplierBill(
          purchaseOrderNumber: order.number, billNumber: "\(bills)-\(step)",
          lines: [BillLineDraft(lineNumber: 1, quantity: GivenQuantity(part))]
        ).run(in: tx, at: Yard.now).order.lines[0]
      }
      #expect(try PurchasingInvariants.violations(in: tx) == [])
    }
  }
}
