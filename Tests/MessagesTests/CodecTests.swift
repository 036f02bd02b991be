import RPC
import Testing

@testable import Messages

/// What a message keeps on its way through the wire.
@Suite("Message codec")
struct CodecTests {
  private typealias Everything = EverythingV1.Everything

  private func roundTrip<M: WireMessage>(_ message: M) throws -> M {
    try M(wire: message.encoded())
  }

  @Test("leaves defaults out and keeps the presence of what has one")
  func presence() throws {
    #expect(Everything().encoded() == [])
    let present = Everything(
      leaf: .init(), maybeDouble: 0, maybeInt32: 0, maybeUint64: 0, maybeBool: false,
      maybeString: "", maybeBytes: [], maybeSign: .zero)
    #expect(try roundTrip(present) == present)
    #expect(try roundTrip(Everything()).maybeString == nil)
  }

  @Test("keeps the member of a oneof, its default included")
  func oneofs() throws {
    let choices: [Everything.Choice] = [
      .choiceNumber(0), .choiceText(""), .choiceBytes([]), .choiceBool(false),
      .choiceKind(.unspecified), .choiceLeaf(.init()), .choiceDouble(0), .choiceText("木"),
    ]
    for choice in choices { #expect(try roundTrip(Everything(choice: choice)).choice == choice) }
  }

  @Test("keeps enum values that it does not know")
  func enums() throws {
    let everything = Everything(
      kind: .unrecognized(-7), maybeSign: .minus, signs: [.unrecognized(.max), .sign13, .minus])
    #expect(try roundTrip(everything) == everything)
    #expect(EverythingV1.Sign.allCases.map(\.rawValue) == [0, 1, -1, 13])
    #expect(EverythingV1.Sign.minus.name == "MINUS")
    #expect(Everything.Kind(rawValue: 100_000) == .inBetween)
    #expect(EverythingV1.Sign(rawValue: 2).name == "2")
  }

  @Test("names fields after keywords and keeps large field numbers")
  func names() throws {
    let everything = Everything(
      default: "a", class: 1, in: 2, operator: ["b"], init: true, farAway: "c")
    #expect(try roundTrip(everything) == everything)
  }

  @Test("gives equal messages equal bytes")
  func deterministic() {
    let texts = ["b": "2", "a": "1", "ä": "3", "\u{1F600}": "4", "\u{FFFF}": "5"]
    let one = Everything(textsByText: texts, numbersByBool: [true: 1, false: 2])
    var other = Everything(numbersByBool: [false: 2])
    for (key, value) in texts.sorted(by: { $0.value > $1.value }) { other.textsByText[key] = value }
    other.numbersByBool[true] = 1
    #expect(one.encoded() == other.encoded())
  }

  @Test("encodes within the caller's allocation, where the caller may encode again")
  func reentrant() throws {
    let money = TypeV1.Money(currencyCode: "CNY", minorUnits: 1)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 8)
    defer { memory.deallocate() }
    let start = try #require(memory.baseAddress)
    var size = 0
    var inner: [UInt8] = []
    money.encode { count in
      size = count
      inner = money.encoded()
      return start
    }
    #expect(Array(memory[..<size]) == inner)
  }

  @Test("works on many threads at once")
  func threads() async throws {
    let message = TypeV1.Explanation(steps: (0..<300).map { .init(rule: "RULE-\($0)", text: "文") })
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 {
        group.addTask {
          try (0..<50).allSatisfy { _ in try TypeV1.Explanation(wire: message.encoded()) == message
          }
        }
      }
      for try await isEqual in group { #expect(isEqual) }
    }
  }
}
