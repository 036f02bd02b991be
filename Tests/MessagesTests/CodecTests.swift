import Messages
import RPC
import Testing

/// Reading and writing messages: what a good peer sends and what a bad one may.
@Suite("Message codec")
struct CodecTests {
  @Test("keeps text, numbers, presence and nested messages")
  func roundTrip() throws {
    let money = TypeV1.Money(currencyCode: "CNY", minorUnits: -129_900)
    #expect(try TypeV1.Money(wire: money.encoded()) == money)
    #expect(money.encoded().prefix(5) == [0x0A, 0x03, 0x43, 0x4E, 0x59])

    let explanation = TypeV1.Explanation(steps: [
      .init(
        rule: "LIST_PRICE", text: "标价", facts: [.init(name: "price", value: "1299.00 CNY")]),
      .init(),
    ])
    #expect(try TypeV1.Explanation(wire: explanation.encoded()) == explanation)

    let info = GoogleRPC.ErrorInfo(reason: "R", domain: "d", metadata: ["a": "1", "b": ""])
    #expect(try GoogleRPC.ErrorInfo(wire: info.encoded()) == info)
  }
}
