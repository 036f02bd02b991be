import RPC
import Testing

@testable import Messages

/// What a bad peer may send: answered with an error or read as protobuf prescribes, in bounded
/// memory and time.
@Suite("Hostile input")
struct HostileInputTests {
  private typealias Everything = EverythingV1.Everything

  /// A request with two lines of which the second has these bytes as its sku.
  private func request(sku: [UInt8]) -> [UInt8] {
    let line = field(1, sku)
    return field(1, field(5, field(1, Array("CHAIR".utf8))) + field(5, line))
  }

  private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    [number << 3 | 2] + varint(bytes.count) + bytes
  }

  private func varint(_ value: Int) -> [UInt8] {
    value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
  }

  @Test(
    "refuses text that is not UTF-8 and names the field",
    arguments: [
      [0xFF], [0x80], [0x41, 0xC3], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80],
      [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80],
      [0xF0, 0x90, 0x80], Array("plain ASCII and then".utf8) + [0xC3, 0x28],
    ] as [[UInt8]])
  func invalidText(sku: [UInt8]) {
    #expect(throws: WireError.invalidText(field: "order.lines[1].sku")) {
      try OrdersV1.PlaceOrderRequest(wire: request(sku: sku))
    }
  }

  @Test(
    "refuses U+0000 wherever it stands and names the field",
    arguments: ["\0", "a\0", "\0bcdefghi", "CHAIR\0OAK-LONG-ENOUGH", "12345678\0", "木\0"])
  func embeddedNul(sku: String) {
    #expect(throws: WireError.nulInText(field: "order.lines[1].sku")) {
      try OrdersV1.PlaceOrderRequest(wire: request(sku: Array(sku.utf8)))
    }
    #expect(throws: WireError.nulInText(field: "strings[1]")) {
      try Everything(wire: Everything(strings: ["fine", sku]).encoded())
    }
    #expect(throws: WireError.nulInText(field: "choice_text")) {
      try Everything(wire: Everything(choice: .choiceText(sku)).encoded())
    }
  }

  @Test("keeps text at the edges of UTF-8")
  func edgesOfText() throws {
    for text in [
      "\u{1}", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{FFFD}", "\u{FFFF}", "\u{10FFFF}",
    ] {
      for length in [1, 7, 8, 15, 16, 33] {
        let everything = Everything(aString: String(repeating: text, count: length))
        #expect(try Everything(wire: everything.encoded()).aString == everything.aString)
      }
    }
  }

  @Test("survives a cut at every byte")
  func truncated() {
    var everything = Everything(aString: "text", leaf: .init(number: -1, bud: .init(name: "b")))
    everything.int32s = [1, -1]
    everything.leavesByText = ["k": .init(number: 5)]
    everything.choice = .choiceLeaf(.init())
    let bytes = everything.encoded()
    var valid = 0
    for count in 0...bytes.count where (try? Everything(wire: Array(bytes.prefix(count)))) != nil {
      valid += 1
    }
    #expect(valid == 6, "only between two fields")
  }

  @Test("drops unknown fields, however deep their bytes nest")
  func unknownFields() throws {
    let known = TypeV1.Money(currencyCode: "CNY", minorUnits: 7)
    var nested: [UInt8] = []
    for _ in 0..<5_000 { nested = field(15, nested) }
    let unknown: [UInt8] = [0x38, 0x01, 0x41, 1, 2, 3, 4, 5, 6, 7, 8, 0x4D, 1, 2, 3, 4] + nested
    let money = try TypeV1.Money(wire: unknown + known.encoded() + unknown)
    #expect(money == known)
    #expect(money.encoded() == known.encoded())
  }

  @Test(
    "refuses what is not protobuf",
    arguments: [
      [0x0A, 0x05, 0x41],  // longer than the message
      // A varint of eleven bytes.
      [0x10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
      [0x00, 0x01],  // field number 0
      [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],  // length of 4 GiB
      [0x08, 0x01],  // a number where text is meant
      [0x12, 0x01, 0x01],  // bytes where a number is meant
      [0x3B, 0x3C],  // a group
      [0x0E], [0x0F],  // wire types that do not exist
    ] as [[UInt8]])
  func malformed(bytes: [UInt8]) {
    #expect(throws: WireError.malformed) { try TypeV1.Money(wire: bytes) }
  }

  @Test("takes the last of repeated scalars and merges repeated messages")
  func merging() throws {
    let twice =
      field(1, Array("USD".utf8)) + [0x10, 0x01] + field(1, Array("CNY".utf8)) + [0x10, 0x02]
    #expect(try TypeV1.Money(wire: twice) == TypeV1.Money(currencyCode: "CNY", minorUnits: 2))
    let parts =
      Everything(leaf: .init(number: 1, bud: .init(name: "a"), buds: [.init(name: "x")])).encoded()
      + Everything(leaf: .init(bud: .init(name: "b"), buds: [.init(name: "y")])).encoded()
    let merged = EverythingV1.Everything.Leaf(
      number: 1, bud: .init(name: "b"), buds: [.init(name: "x"), .init(name: "y")])
    let leaf = try Everything(wire: parts).leaf
    #expect(leaf == merged)
    // Further in, between other fields, and beyond protobuf-c's first sixteen fields.
    let lines = Array(repeating: OrdersV1.LineInput(sku: "S"), count: 20)
    let date = GoogleType.Date(year: 2026, month: 11, day: 21)
    let order =
      OrdersV1.OrderInput(channel: .web, lines: lines, requestedOn: .init(year: 2026)).encoded()
      + OrdersV1.OrderInput(requestedOn: .init(month: 11, day: 21), note: "n").encoded()
    let request = try OrdersV1.PlaceOrderRequest(wire: field(1, order) + field(1, []))
    #expect(
      request.order == .init(channel: .web, lines: lines, requestedOn: date, note: "n"))
  }

  @Test("keeps the last member of a oneof, merged from its own pieces only")
  func oneofPieces() throws {
    func bytes(_ choice: Everything.Choice) -> [UInt8] { Everything(choice: choice).encoded() }
    let one = bytes(.choiceLeaf(.init(number: 1)))
    let bud = bytes(.choiceLeaf(.init(bud: .init(name: "b"))))
    let text = bytes(.choiceText("t"))
    func choice(_ bytes: [UInt8]) throws -> Everything.Choice? {
      try Everything(wire: bytes).choice
    }
    let merged = Everything.Choice.choiceLeaf(.init(number: 1, bud: .init(name: "b")))
    #expect(try choice(one + bud) == merged)
    #expect(try choice(one + text + bud) == .choiceLeaf(.init(bud: .init(name: "b"))))
    #expect(try choice(one + bud + text) == .choiceText("t"))
    #expect(try choice(text + bytes(.choiceNumber(0))) == .choiceNumber(0))
  }

  @Test("bounds the memory of many small parts")
  func memoryBombs() {
    let empty = Array(repeatElement([0x0A, 0x00] as [UInt8], count: 2_097_152).joined())
    #expect(throws: WireError.tooLarge) { try TypeV1.Explanation(wire: empty) }
    #expect(throws: WireError.tooLarge) { try GoogleProtobuf.FieldMask(wire: empty) }
    let unknown = Array(repeatElement([0x38, 0x00] as [UInt8], count: 2_097_152).joined())
    #expect(throws: WireError.tooLarge) { try TypeV1.Money(wire: unknown) }
  }

  @Test("bounds the cost of a message that comes in a million pieces")
  func quadraticMerge() throws {
    let pieces = Array(
      repeatElement([0x0A, 0x02, 0x2A, 0x00] as [UInt8], count: 1_048_576).joined())
    #expect(throws: WireError.tooLarge) { try OrdersV1.PlaceOrderRequest(wire: pieces) }
    // Few enough to be joined.
    let some = Array(pieces.prefix(4 * 100))
    #expect(try OrdersV1.PlaceOrderRequest(wire: some).order?.lines.count == 100)
  }

  @Test("decodes large honest messages")
  func largeMessages() throws {
    let lines = (0..<20_000).map { index in
      OrdersV1.LineInput(
        sku: "CHAIR-OAK-\(index)", quantity: .init(micros: 4_000_000, unitCode: "pcs"),
        note: "third floor, no lift")
    }
    let request = OrdersV1.PlaceOrderRequest(order: .init(lines: lines))
    #expect(try OrdersV1.PlaceOrderRequest(wire: request.encoded()) == request)
    let small = TypeV1.Explanation(steps: Array(repeating: .init(rule: "R"), count: 100_000))
    #expect(try TypeV1.Explanation(wire: small.encoded()) == small)
    let blob = Everything(someBytes: [UInt8](repeating: 7, count: 4 * 1024 * 1024))
    #expect(try Everything(wire: blob.encoded()) == blob)
  }
}
