import MasterData
import Production
import Storage
import Testing
import Values

@Suite("Questions about work orders")
struct WorkOrdersTests {
  @Test("pages go from the newest to the oldest, whatever the filter")
  func pages() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      for order in 1...3 { try tx.plan(1, "TABLE", for: order) }
      try tx.cancel(4)
    }
    try await shop.read { (snapshot: Snapshot) throws in
      func numbers(
        _ state: WorkOrderState? = nil, root: DocumentReference? = nil
      ) throws -> [String] {
        var found: [WorkOrder] = []
        while true {
          let page = try WorkOrders.list(
            state, root: root, before: found.last?.id, limit: 2, in: snapshot)
          guard !page.isEmpty else { return found.map(\.number) }
          found += page
        }
      }
      #expect(try numbers() == (1...9).reversed().map(work))
      #expect(try numbers(.cancelled) == [6, 5, 4].map(work))
      #expect(try numbers(.planned, root: salesOrder(3)) == [9, 8, 7].map(work))
      #expect(try numbers(.planned, root: salesOrder(2)) == [])
      #expect(try numbers(root: salesOrder(2)) == [6, 5, 4].map(work))
      #expect(try WorkOrders.ofOrigin(salesOrder(2), in: snapshot).map(\.number) == [work(4)])
      #expect(try WorkOrders.find(number: "WO-1", in: snapshot) == nil)
    }
  }
}
