import Testing

@testable import Orders

@Suite("What customers buy together")
struct CoPurchasesTests {
  private func basket(_ customer: String, _ skus: String...) -> CoPurchases.Basket {
    .init(customer: customer, skus: Set(skus))
  }

  @Test("counts customers, not orders, and shows nothing of fewer than three")
  func counts() {
    let baskets = [
      basket("A", "TABLE", "CHAIR"), basket("A", "TABLE", "CHAIR"), basket("B", "TABLE", "CHAIR"),
      basket("C", "TABLE", "LAMP"), basket("D", "SOFA", "CHAIR"),
    ]
    // A twice, and B: two customers.
    #expect(CoPurchases.companions(of: ["TABLE"], in: baskets) == [])
    let more = baskets + [basket("E", "TABLE", "CHAIR", "LAMP"), basket("F", "TABLE", "LAMP")]
    #expect(
      CoPurchases.companions(of: ["TABLE"], in: more) == [
        .init(sku: "CHAIR", customers: 3, with: [.init(sku: "TABLE", customers: 3)]),
        .init(sku: "LAMP", customers: 3, with: [.init(sku: "TABLE", customers: 3)]),
      ])
  }

  @Test("the most customers first, then what goes with more, then by sku; rare pairs are left out")
  func order() {
    let baskets =
      ["A", "B", "C", "D"].map { basket($0, "TABLE", "RUG") }
      + ["A", "B", "C"].map { basket($0, "TABLE", "SOFA", "VASE") }
      + ["A", "B", "C"].map { basket($0, "TABLE", "BENCH") }
      + [basket("A", "SOFA", "BENCH"), basket("B", "SOFA", "BENCH")]
    let found = CoPurchases.companions(of: ["TABLE", "SOFA"], in: baskets.shuffled())
    #expect(found.map(\.sku) == ["RUG", "VASE", "BENCH"])
    #expect(found.map(\.customers) == [4, 3, 3])
    #expect(found[1].with.map(\.sku) == ["SOFA", "TABLE"])
    // Two customers bought a bench with a sofa.
    #expect(found[2].with == [.init(sku: "TABLE", customers: 3)])
  }

  @Test("three customers may be of different parts of the basket")
  func spread() {
    let baskets = [basket("A", "T1", "X"), basket("B", "T2", "X"), basket("C", "T3", "X")]
    #expect(
      CoPurchases.companions(of: ["T1", "T2", "T3"], in: baskets) == [
        .init(sku: "X", customers: 3, with: [])
      ])
    #expect(CoPurchases.companions(of: [], in: baskets) == [])
  }
}
