import RPC
import Testing

@testable import Messages

/// Descriptors that are not ours, as `joinery call` gets them from any server.
@Suite("Descriptors of others")
struct ForeignDescriptorTests {
  private func message(_ build: (inout WireWriter) -> Void) -> [UInt8] {
    var writer = WireWriter()
    build(&writer)
    return writer.bytes
  }

  private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// A file with one message of one field, an int32 called `piece_count`.
  private func file(_ syntax: String?, fieldOptions: [UInt8] = [], options: [UInt8] = []) throws
    -> FieldDescription
  {
    let field = message {
      $0.bytes(1, text("piece_count"))
      $0.scalar(3, .varint(1))
      $0.scalar(4, .varint(1))
      $0.scalar(5, .varint(5))
      if !fieldOptions.isEmpty { $0.bytes(8, fieldOptions) }
    }
    let file = message {
      $0.bytes(1, text("a.proto"))
      $0.bytes(
        4,
        message {
          $0.bytes(1, text("A"))
          $0.bytes(2, field)
        })
      if !options.isEmpty { $0.bytes(8, options) }
      if let syntax { $0.bytes(12, text(syntax)) }
    }
    return try #require(try FileDescription(fileDescriptor: file).messages.first?.fields.first)
  }

  @Test("a name in JSON that the descriptor leaves out is made")
  func jsonName() throws { #expect(try file("proto3").jsonName == "pieceCount") }

  @Test("proto2 and editions tell absence from zero, proto3 and who says so do not")
  func presence() throws {
    func feature(_ number: Int, _ presence: UInt64) -> [UInt8] {
      message { $0.bytes(number, message { $0.scalar(1, .varint(presence)) }) }
    }
    #expect(try file("proto3").hasPresence == false)
    #expect(try file(nil).hasPresence)
    #expect(try file("editions").hasPresence)
    #expect(try file("editions", options: feature(50, 2)).hasPresence == false)
    #expect(try file("editions", fieldOptions: feature(21, 2)).hasPresence == false)
    #expect(try file("editions", fieldOptions: feature(21, 1), options: feature(50, 2)).hasPresence)
  }

  @Test("types nested without end are refused, not followed")
  func nesting() {
    // From the inside out, so that every length is known.
    var type = message { $0.bytes(1, text("A")) }
    for _ in 0..<5_000 {
      let inner = type
      type = message {
        $0.bytes(1, text("A"))
        $0.bytes(3, inner)
      }
    }
    let file = message { $0.bytes(4, type) }
    #expect(throws: WireError.tooLarge) { try FileDescription(fileDescriptor: file) }
  }

  @Test("groups are passed over, if they are whole")
  func groups() throws {
    func fields(_ bytes: [UInt8]) throws -> [Int] {
      var reader = WireReader(bytes[...])
      var numbers: [Int] = []
      while let field = try reader.next() { numbers.append(field.number) }
      return numbers
    }
    #expect(try fields([0x08, 1, 0x1B, 0x08, 9, 0x23, 0x24, 0x1C, 0x10, 2]) == [1, 2])
    for broken in [[0x1B], [0x1B, 0x24], [0x1C], [0x1B, 0x23, 0x1C, 0x24]] as [[UInt8]] {
      #expect(throws: WireError.malformed) { try fields(broken) }
    }
    // A megabyte of beginnings costs a megabyte, not a stack.
    #expect(throws: WireError.malformed) {
      try fields([UInt8](repeating: 0x1B, count: 1_000_000))
    }
  }

  @Test("values within values without end are refused")
  func deepValues() throws {
    let pool = DescriptorPool([try FileDescription(fileDescriptor: listFile)])
    let mapping = JSONMapping(pool)
    var value: [UInt8] = []
    for _ in 0..<10_000 { value = message { $0.bytes(6, message { $0.bytes(1, value) }) } }
    #expect(throws: JSONMappingError.self) { try mapping.json(value, as: "google.protobuf.Value") }
    let shallow = try mapping.bytes(fromJSON: "[[1, [], null]]", as: "google.protobuf.Value")
    let again = try mapping.json(shallow, as: "google.protobuf.Value", pretty: false)
    #expect(again == "[[1.0,[],null]]")
  }

  /// As much of google/protobuf/struct.proto as lists need.
  private var listFile: [UInt8] {
    func field(
      _ name: String, _ number: UInt64, kind: UInt64, _ type: String = "", many: Bool = false
    )
      -> [UInt8]
    {
      message {
        $0.bytes(1, text(name))
        $0.scalar(3, .varint(number))
        $0.scalar(4, .varint(many ? 3 : 1))
        $0.scalar(5, .varint(kind))
        if !type.isEmpty { $0.bytes(6, text(type)) }
        if !many { $0.scalar(9, .varint(0)) }
      }
    }
    let value = message {
      $0.bytes(1, text("Value"))
      $0.bytes(2, field("null_value", 1, kind: 14))
      $0.bytes(2, field("number_value", 2, kind: 1))
      $0.bytes(2, field("list_value", 6, kind: 11, ".google.protobuf.ListValue"))
      $0.bytes(8, message { $0.bytes(1, text("kind")) })
    }
    let list = message {
      $0.bytes(1, text("ListValue"))
      $0.bytes(2, field("values", 1, kind: 11, ".google.protobuf.Value", many: true))
    }
    return message {
      $0.bytes(2, text("google.protobuf"))
      $0.bytes(4, value)
      $0.bytes(4, list)
      $0.bytes(12, text("proto3"))
    }
  }
}

@Suite("JSON values one after the other")
struct JSONSequenceTests {
  private static let values = [
    #"{"a": "}{\"", "b": [1, {"c": "]"}]}"#, "[]", #""plain \\""#, "-1.5e3", "true", "null", #"{}"#,
  ]

  @Test("come out whole, wherever the bytes are cut", arguments: [1, 2, 3, 7, 1000])
  func cut(size: Int) {
    let bytes = Array(Self.values.joined(separator: "\n").utf8)
    var sequence = JSONSequence()
    var found: [String] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      found += sequence.append(bytes[start..<min(start + size, bytes.count)])
    }
    if let rest = sequence.finish() { found.append(rest) }
    #expect(found == Self.values)
  }

  @Test("need no space between them, and are there as soon as they are whole")
  func eager() {
    var sequence = JSONSequence()
    #expect(
      sequence.append(Array(#"{"a":1}{"b":2}"x""#.utf8)) == [#"{"a":1}"#, #"{"b":2}"#, #""x""#])
    #expect(sequence.append(Array("12".utf8)).isEmpty)
    #expect(sequence.append(Array("3 ".utf8)) == ["123"])
    #expect(sequence.finish() == nil)
  }

  @Test("what is broken comes out for the parser to say so")
  func broken() {
    var sequence = JSONSequence()
    #expect(sequence.append(Array("}]".utf8)) == ["}", "]"])
    #expect(sequence.append(Array(#"{"a": "#.utf8)).isEmpty)
    #expect(sequence.finish() == #"{"a": "#)
  }
}
