import MasterData
import Storage
import TestRandom
import Testing
import Values

@Suite("Units of products")
struct ProductUnitTests {
  private func unit(_ base: Int64, _ quantity: Int64 = 1_000_000) -> ProductUnit {
    ProductUnit(
      code: "u", base: Quantity(micros: base), quantity: Quantity(micros: quantity),
      isRetired: false)
  }

  @Test("conversion is exact, or there is none")
  func conversion() {
    let box = unit(6_000_000)
    #expect(box.base(of: units(2)) == units(12))
    #expect(box.base(of: Quantity(micros: 500_000)) == units(3))
    #expect(box.base(of: Quantity(micros: -1_000_000)) == Quantity(micros: -6_000_000))
    #expect(box.base(of: Quantity(micros: .max)) == nil)
    // 45.359237 kg are 100 lb.
    let pound = unit(45_359_237, 100_000_000)
    #expect(pound.base(of: units(100)) == Quantity(micros: 45_359_237))
    #expect(pound.base(of: units(1)) == nil)
    // A third of a piece is no quantity.
    #expect(unit(1_000_000, 3_000_000).base(of: units(1)) == nil)
    #expect(unit(1_000_000, 3_000_000).base(of: units(9)) == units(3))
  }

  @Test("a price of one box is one of each piece, if it can be")
  func prices() {
    #expect(unit(6_000_000).base(of: price(30)) == price(5))
    #expect(unit(6_000_000).base(of: price(25)) == nil)
    #expect(unit(25_000_000).base(of: price(30)) == UnitPrice(micros: 1_200_000, currency: .cny))
  }

  @Test("converting loses nothing, whatever the ratio", arguments: 1...20)
  func property(seed: UInt64) {
    var random = Seeded(seed)
    for _ in 0..<200 {
      let ratio = unit(
        Int64.random(in: 1...1_000_000_000, using: &random),
        Int64.random(in: 1...1_000_000_000, using: &random))
      let amount = Quantity(micros: Int64.random(in: 0...1_000_000_000, using: &random))
      guard let base = ratio.base(of: amount) else {
        #expect(
          Int128(amount.micros) * Int128(ratio.base.micros) % Int128(ratio.quantity.micros) != 0)
        continue
      }
      #expect(
        Int128(base.micros) * Int128(ratio.quantity.micros)
          == Int128(amount.micros) * Int128(ratio.base.micros))
    }
  }

  @Test("what a unit is never changes; that it is used no more does")
  func fixed() async throws {
    let books = try Books()
    try await books.stock()
    let summaries = try await books.write { tx in
      try [
        ProductUnitDraft(sku: "CHAIR-1", unit: "box", base: units(6)),
        ProductUnitDraft(sku: "CHAIR-1", unit: "box", base: units(12), quantity: units(2)),
        ProductUnitDraft(sku: "CHAIR-1", unit: "box", base: units(8)),
        ProductUnitDraft(sku: "CHAIR-1", unit: "box", base: units(6), isRetired: true),
      ].map { try UpsertProductUnits([$0]).run(in: tx, at: Books.now)[0].summary }
    }
    #expect(
      summaries == [
        "created", "unchanged", "refused FIXED_ONCE_CREATED units[0].base_quantity", "updated",
      ])
    let chair = try await books.database.read { try Products.find(sku: "CHAIR-1", in: $0) }
    #expect(chair?.units.count == 1)
    #expect(chair?.pack("box") == nil)
    #expect(chair?.unitCodes == "pcs")
  }

  @Test("products without units cost nobody a statement for them")
  func statements() async throws {
    let books = try Books()
    try await books.stock()
    let (plain, none) = (
      try await books.statements { try Products.find(sku: "CHAIR-1", in: $0) },
      try await books.statements { try Products.find(sku: "CHAIR-1", in: $0) }
    )
    #expect(plain <= 1 && none == 0)
    _ = try await books.write {
      try UpsertProductUnits([ProductUnitDraft(sku: "CHAIR-1", unit: "box", base: units(6))])
        .run(in: $0, at: Books.now)
    }
    #expect(try await books.statements { try Products.find(sku: "TABLE-1", in: $0) } <= 1)
    let counted = try await books.write { try Products.find(sku: "CHAIR-1", in: $0) }
    #expect(counted?.base(of: units(2), in: "box") == units(12))
    #expect(try await books.statements { try Products.find(sku: "CHAIR-1", in: $0) } == 0)
  }
}
