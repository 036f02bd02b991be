import Messages
import RPC
import TestKit
import Testing

/// The log keeps what is said about people under the key of whom it is about. Of a text that no
/// message says whose it is it keeps nothing: a repeated command would be answered otherwise, and
/// the person never told.
@Suite("Every text about a person is somebody's")
struct SubjectWalkTests {
  /// Whose texts cannot be said by a field of the message, and why.
  private static let exceptions: Set<String> = [
    // The buyer is known to the marketplace alone; the order that is made of it has its own texts.
    "joinery.orders.v1.MarketplaceService/TakeMarketplaceOrders"
  ]
  /// What a supplier is told of what a customer asks for stands behind a reference to the order.
  private static let referring = "joinery.purchasing.v1.PurchaseOrder"

  private static let messages = Dictionary(
    DescriptorPool.joinery.files.flatMap(\.messages).map { ($0.fullName, $0) }
  ) { first, _ in first }

  /// Personal texts of a message that neither it nor one around it says whose they are.
  private func lost(in type: String, _ isKnown: Bool, depth: Int = 0) -> Set<String> {
    guard let message = Self.messages[type], depth < 9, type != Self.referring else { return [] }
    let isKnown = isKnown || message.fields.contains(where: \.isDataSubject)
    var found: Set<String> = []
    for field in message.fields {
      if field.isPersonal, !isKnown { found.insert("\(type).\(field.name)") }
      if field.kind == .message {
        found.formUnion(lost(in: field.typeName, isKnown, depth: depth + 1))
      }
    }
    return found
  }

  @Test("in what every command asks and answers")
  func commands() {
    let methods = DescriptorPool.joinery.services.flatMap(\.methods)
      .filter { $0.descriptor.idempotency == .idempotent }
    #expect(methods.count > 200)
    for method in methods
    where !Self.exceptions.contains(String(method.descriptor.path.dropFirst())) {
      for type in [method.input, method.output] {
        #expect(lost(in: type, false) == [], "\(method.descriptor.path)")
      }
    }
  }

  @Test("a payout is exported and forgotten with its customer, and answered again as it was")
  func payouts() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    for _ in 1...2 {
      _ = try await shop.finance.receivePayment(
        .init(customerCode: "CASH", amount: yuan("5.00"), method: .cash), options: shop.command())
    }
    let ask = FinanceV1.ProposePayoutRequest(
      customerCode: "CASH", amount: yuan("5.00"), reason: "Frau Lina zieht um")
    let asked = try await shop.finance.proposePayout(ask, options: shop.command(key: "ask"))
    #expect(try await shop.finance.proposePayout(ask, options: shop.command(key: "ask")) == asked)
    #expect(asked.payout?.reason == "Frau Lina zieht um")
    let number = asked.payout?.number ?? ""
    let decline = FinanceV1.DeclinePayoutRequest(number: number, reason: "Lina kam zurück")
    let declined = try await shop.finance.declinePayout(
      decline, options: shop.command(by: "boss", key: "no"))
    #expect(
      try await shop.finance.declinePayout(decline, options: shop.command(by: "boss", key: "no"))
        == declined)
    func exported() async throws -> (payouts: [FinanceV1.Payout], earlier: Set<String>) {
      var payouts: [FinanceV1.Payout] = []
      var earlier: Set<String> = []
      for try await part in try await shop.customers.exportCustomer(.init(code: "CASH")) {
        if case .payout(let payout) = part.item { payouts.append(payout) }
        if case .earlierText(let text) = part.item { earlier.insert(text.text) }
      }
      return (payouts, earlier)
    }
    let before = try await exported()
    #expect(before.payouts == [try #require(declined.payout)])
    #expect(before.earlier.contains("Frau Lina zieht um"))
    let rest = try await shop.finance.proposePayout(
      .init(customerCode: "CASH", amount: yuan("10.00"), reason: "all"), options: shop.command())
    _ = try await shop.finance.payPayout(
      .init(number: rest.payout?.number ?? "", method: .cash), options: shop.command(by: "boss"))
    _ = try await shop.customers.eraseCustomer(
      .init(code: "CASH", reason: "asked"), options: shop.command())
    let after = try await exported()
    #expect(after.payouts.map(\.reason) == ["", ""] && after.payouts.map(\.comment) == ["", ""])
    #expect(after.earlier == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
