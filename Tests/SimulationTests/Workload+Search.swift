import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// A search, asked page by page or kept under a name and asked by it, finds just the orders that
  /// the model knows to be so; searches are kept, replaced, shared and forgotten.
  mutating func search() async throws {
    if random.chance(40) { return try await keep() }
    var wanted = OrdersV1.ListOrdersRequest(pageSize: Int32(random.number(1...40)))
    if random.chance(60) {
      wanted.sku = ShopModel.prices.keys.sorted().randomElement(using: &random) ?? ""
    }
    if random.chance(40) { wanted.customerCode = random.chance(50) ? "VIP" : "TIGHT" }
    if random.chance(40) { wanted.state = random.chance(50) ? .confirmed : .closed }
    if random.chance(40) { wanted.grossFrom = yuan("\(random.number(1...40) * 500)") }
    if random.chance(30) { wanted.grossUntil = yuan("\(random.number(1...40) * 500)") }
    let name = views.keys.sorted().first { views[$0] == wanted.sku && $0.hasPrefix("own") }
    var asked = wanted
    if let name, random.chance(50) {
      asked.sku = ""
      asked.view = name
    }
    let found = try await self.found(asked)
    #expect(Set(found).count == found.count, "\(asked)")
    for (number, order) in model.orders {
      #expect(found.contains(number) == matches(order, wanted), "\(number) \(asked)")
    }
  }

  private func matches(_ order: ShopModel.Order, _ wanted: OrdersV1.ListOrdersRequest) -> Bool {
    (wanted.sku.isEmpty || order.lines.contains { $0.sku == wanted.sku && $0.wanted > 0 })
      && (wanted.customerCode.isEmpty || order.customer == wanted.customerCode)
      && (wanted.state == .unspecified || "ORDER_STATE_" + order.state == wanted.state.name)
      && order.gross >= wanted.grossFrom?.minorUnits ?? .min
      && order.gross <= wanted.grossUntil?.minorUnits ?? .max
  }

  private func found(_ request: OrdersV1.ListOrdersRequest) async throws -> [String] {
    var (request, numbers) = (request, [String]())
    repeat {
      let page = try await shop.orders.listOrders(request, options: shop.command())
      numbers += page.orders.map(\.number)
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    return numbers
  }

  /// Of two of the caller's own and one that is shared.
  private mutating func keep() async throws {
    let name = ["own-1", "own-2", "shared"].randomElement(using: &random) ?? ""
    let options = shop.command(roles: "BUYER")
    if random.chance(30) {
      let error = await refusal {
        try await shop.orderViews.deleteOrderView(.init(name: name), options: options)
      }
      #expect((error == nil) == (views[name] != nil), "delete \(name)")
      views[name] = nil
    } else {
      let sku = ShopModel.prices.keys.sorted().randomElement(using: &random) ?? ""
      let request = OrdersV1.SaveOrderViewRequest(
        name: name, filters: .init(sku: sku), shareWithRole: name == "shared" ? "BUYER" : "")
      let done = try await shop.orderViews.saveOrderView(request, options: options)
      repeatLast = { [shop] in
        let again = try await shop.orderViews.saveOrderView(request, options: options)
        #expect(again == done)
      }
      views[name] = sku
    }
    let own = try await shop.orderViews.listOrderViews(.init(), options: shop.command()).views
    #expect(own.map(\.name) == views.keys.sorted())
    #expect(own.map { $0.filters?.sku } == views.keys.sorted().map { views[$0] })
    let others = try await shop.orderViews.listOrderViews(
      .init(), options: shop.command(by: "somebody", roles: "BUYER")
    ).views
    #expect(others.map(\.name) == (views["shared"] == nil ? [] : ["shared"]))
  }
}
