import MasterData
import Purchasing
import Storage
import Testing
import Values

@Suite("Supplier prices")
struct SupplierPricesTests {
  @Test("gives each row its verdict")
  func verdicts() async throws {
    let yard = try await Yard()
    let verdicts = try await yard.write { tx in
      try UpsertSupplierPrices([
        SupplierPriceDraft(
          supplierCode: "OAK", sku: "C-1", unitPrice: price(100), leadDays: 14),
        SupplierPriceDraft(supplierCode: "PINE", sku: "C-1", unitPrice: price(90)),
        SupplierPriceDraft(supplierCode: "PINE", sku: "C-1", unitPrice: price(80)),
        SupplierPriceDraft(supplierCode: "OAK", sku: "R-1", unitPrice: price(30)),
        SupplierPriceDraft(supplierCode: "NONE", sku: "NONE", unitPrice: nil, leadDays: -1),
        SupplierPriceDraft(
          supplierCode: "OAK", sku: "T-1", unitPrice: UnitPrice(micros: -1, currency: .usd)),
      ]).run(in: tx, at: Yard.now)
    }
    let said = verdicts.map { verdict in
      switch verdict.outcome {
      case .created: "created"
      case .updated: "updated"
      case .unchanged: "unchanged"
      case .removed: "removed"
      case .refused(let all): all.map { "\($0.reason) \($0.field ?? "")" }.joined(separator: "; ")
      }
    }
    #expect(
      said == [
        "unchanged", "created", "DUPLICATE_IN_BATCH prices[2].sku", "updated",
        "REQUIRED prices[4].unit_price; OUT_OF_RANGE prices[4].lead_days; "
          + "UNKNOWN_SUPPLIER prices[4].supplier_code; UNKNOWN_PRODUCT prices[4].sku",
        "CURRENCY_NOT_ACCEPTED prices[5].unit_price",
      ])
  }

  @Test("one supplier of a product is preferred: the last that was said to be")
  func preference() async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      let board = try Product.named("R-1", in: tx)
      #expect(try SupplierPrices.preferred(for: board, in: tx)?.supplierCode == "OAK")
      let verdicts = try UpsertSupplierPrices([
        SupplierPriceDraft(
          supplierCode: "PINE", sku: "R-1", unitPrice: price(20), isPreferred: true)
      ]).run(in: tx, at: Yard.now)
      #expect(verdicts.flatMap(\.violations).isEmpty)
      #expect(try SupplierPrices.preferred(for: board, in: tx)?.supplierCode == "PINE")
      let oak = try Suppliers.require(code: "OAK", field: "supplier_code", in: tx)
      #expect(try SupplierPrices.find(oak, product: board, in: tx)?.isPreferred == false)
      #expect(try tx.request(1, for: 1).preferredSupplierCode == "PINE")
    }
  }
}
