import Messages
import RPC
import Testing

@Suite("Texts about people are found in messages, with whom they are about")
struct PersonalTextsTests {
  private struct Found: Hashable {
    let text: String
    let subject: String
  }

  private func found(in message: some WireMessage) throws -> Set<Found> {
    let texts = try #require(PersonalTexts(in: type(of: message).fullName))
    var found: Set<Found> = []
    let same = try texts.replaced(in: message.encoded()) { text, subject in
      found.insert(Found(text: text, subject: subject))
      return text
    }
    #expect(same == message.encoded())
    return found
  }

  @Test("each with the subject of its own message, or of the one around it")
  func subjects() throws {
    let batch = CustomersV1.UpsertCustomersRequest(customers: [
      .init(code: "C-1", name: "张伟", phone: "139", address: "Road 1"),
      .init(code: "C-2", name: "B"),
    ])
    #expect(
      try found(in: batch) == [
        .init(text: "张伟", subject: "C-1"), .init(text: "139", subject: "C-1"),
        .init(text: "Road 1", subject: "C-1"), .init(text: "B", subject: "C-2"),
      ])
    let order = OrdersV1.PlaceOrderRequest(
      order: .init(customerCode: "C-1", lines: [.init(sku: "CHAIR", note: "ring twice")], note: "x")
    )
    #expect(
      try found(in: order) == [
        .init(text: "ring twice", subject: "C-1"), .init(text: "x", subject: "C-1"),
      ])
    #expect(
      try found(in: OrdersV1.DeliverShipmentRequest(number: "SH-1", receivedBy: "Wang")) == [
        .init(text: "Wang", subject: "SH-1")
      ])
  }

  @Test("what replaces them stands in their place, and all else stays")
  func replaces() throws {
    let texts = try #require(PersonalTexts(in: CustomersV1.Customer.fullName))
    let customer = CustomersV1.Customer(
      code: "C-1", name: "张伟", customerClass: "VIP", phone: "139", version: 7)
    let bytes = try texts.replaced(in: customer.encoded()) { "\($1)/\($0)" }
    var expected = customer
    expected.name = "C-1/张伟"
    expected.phone = "C-1/139"
    #expect(try CustomersV1.Customer(wire: bytes) == expected)
  }

  @Test("messages about nobody are left alone, and what is no message is refused")
  func others() throws {
    #expect(PersonalTexts(in: InventoryV1.ReceiveStockRequest.fullName) == nil)
    let texts = try #require(PersonalTexts(in: CustomersV1.UpsertCustomersRequest.fullName))
    #expect(throws: WireError.malformed) {
      try texts.replaced(in: [0x0A, 0x7F]) { text, _ in text }
    }
  }
}
