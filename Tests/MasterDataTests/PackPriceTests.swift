import MasterData
import TestRandom
import Testing
import Values

@Suite("Prices for packs")
struct PackPriceTests {
  @Test("what packs cost is what their pieces cost together, to a millionth of a millionth")
  func packs() throws {
    var random = Seeded(7)
    for _ in 0..<2_000 {
      let base = Quantity(micros: Int64.random(in: 1...1_000, using: &random) * 1_000_000)
      let count = Quantity(micros: Int64.random(in: 1...12, using: &random) * 1_000_000)
      let pack = PackPrice(
        unit: "box",
        price: UnitPrice(
          micros: Int64.random(in: 0...99_999_999_999, using: &random), currency: .cny),
        base: base, quantity: count)
      let amount = Quantity(micros: Int64.random(in: 1...5_000_000_000, using: &random))
      let parts = try pack.parts(of: amount)
      #expect(parts.reduce(0) { $0 + $1.quantity.micros } == amount.micros)
      #expect(parts.allSatisfy(\.quantity.isPositive) && parts.count <= 2)
      let together = parts.reduce(Int128(0)) {
        $0 + Int128($1.quantity.micros) * Int128($1.unitPrice.micros)
      }
      // The exact sum, times the base: off by half a base at most.
      let exact = Int128(pack.price.micros) * Int128(count.micros) * Int128(amount.micros)
      let off = exact - together * Int128(base.micros)
      #expect(2 * (off < 0 ? -off : off) <= Int128(base.micros))
    }
  }
}
