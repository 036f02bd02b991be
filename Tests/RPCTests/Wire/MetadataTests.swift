import Testing

@testable import HTTP2
@testable import RPC

@Suite("Metadata")
struct MetadataTests {
  private func read(_ fields: [(String, String)]) -> Metadata {
    var metadata = Metadata()
    for (name, value) in fields {
      Array(name.utf8).withUnsafeBytes { name in
        Array(value.utf8).withUnsafeBytes { metadata.read(name: name, value: $0) }
      }
    }
    return metadata
  }

  @Test("keeps order and duplicates")
  func order() {
    let metadata = read([("b", "1"), ("a", "2"), ("b", "3")])
    #expect(metadata.fields.map(\.name) == ["b", "a", "b"])
    #expect(metadata["b"] == "1" && metadata[all: "b"] == ["1", "3"] && metadata["c"] == nil)
  }

  @Test(
    "splits binary values at commas before decoding, drops what is broken",
    arguments: [
      ("AQI=", [[1, 2]]), ("AQI", [[1, 2]]), ("AQI,AwQ=", [[1, 2], [3, 4]]),
      (" AQI , AwQ", [[1, 2], [3, 4]]),
      ("%%%", []), ("AQI,%%%,AwQ", [[1, 2], [3, 4]]), ("", [[]]),
    ] as [(String, [[UInt8]])])
  func binary(value: String, expected: [[UInt8]]) {
    #expect(read([("k-bin", value)])[binary: "k-bin"] == expected)
  }

  @Test("text is stripped; a value that is not printable ASCII is dropped, not an error")
  func text() {
    #expect(read([("k", "  v  ")])["k"] == "v")
    #expect(read([("k", "caf\u{e9}")]).isEmpty)
  }

  @Test(
    "what can be sent",
    arguments: [
      ("ok", .text("v"), true), ("ok-2_x.y", .text(" ~"), true), ("ok-bin", .binary([0]), true),
      ("Upper", .text("v"), false), ("", .text("v"), false), ("sp ace", .text("v"), false),
      ("k", .text("a\nb"), false), ("k", .text("é"), false), ("k", .binary([1]), false),
      ("k-bin", .text("v"), false), ("grpc-status", .text("0"), false), ("te", .text("x"), false),
      (":path", .text("/"), false), ("content-type", .text("x"), false),
    ] as [(String, Metadata.Field.Value, Bool)])
  func validity(name: String, value: Metadata.Field.Value, isValid: Bool) {
    #expect(Metadata.isValid(name: name, value: value) == isValid)
  }

  @Test("protocol fields are no metadata, except the count of earlier attempts")
  func reserved() {
    for name in ["te", ":path", "content-type", "grpc-timeout", "host", "content-length"] {
      #expect(Array(name.utf8).withUnsafeBytes { Metadata.isProtocolField($0) }, "\(name)")
    }
    for name in ["grpc-previous-rpc-attempts", "user-agent", "tea", "x"] {
      #expect(Array(name.utf8).withUnsafeBytes { !Metadata.isProtocolField($0) }, "\(name)")
    }
  }

  @Test("its description holds no values")
  func description() {
    let metadata: Metadata = ["authorization": "secret", "X": "1"]
    #expect("\(metadata)" == "[authorization, x]")
  }
}

@Suite("Status trailers")
struct StatusFieldsTests {
  private func fields(_ error: RPCError, trailers: Metadata = [:]) -> [String: String] {
    let fields = StatusFields.fields(error, trailers: trailers)
    var list: [String: String] = [:]
    var position = 0
    for field in fields.fields {
      let name = fields.bytes[position..<position + field.nameCount]
      position += field.nameCount
      let value = fields.bytes[position..<position + field.valueCount]
      position += field.valueCount
      list[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
    }
    return list
  }

  @Test("details come back as they went, with code and message of the headers")
  func roundTrip() throws {
    let error = RPCError(.notFound, "no such é", details: [Bytes("one"), Bytes("")])
    let list = fields(error)
    #expect(list["grpc-status"] == "5" && list["grpc-message"] == "no such %C3%A9")
    let packed = try #require(list["grpc-status-details-bin"])
    let bytes = try #require(Base64.decode(Array(packed.utf8)))
    #expect(
      StatusDetails.decode(bytes) == [
        .init(typeURL: "type.googleapis.com/test.Bytes", bytes: Array("one".utf8)),
        .init(typeURL: "type.googleapis.com/test.Bytes", bytes: []),
      ])
    var status = ProtobufReader(bytes)
    #expect(try status.next().map { $0.value == .varint(5) } == true)
    #expect(try status.next().map { $0.value == .bytes(Array("no such é".utf8)) } == true)
    let received = RPCError(.notFound, "", rawDetails: StatusDetails.decode(bytes))
    #expect(received.detail(Bytes.self) == "one")
  }

  @Test("details too large are dropped, then the message is cut, and all stays below 7 KiB")
  func bounded() throws {
    let long = String(repeating: "é", count: 5000)
    let error = RPCError(
      .aborted, long, details: [Bytes(count: 6000)],
      metadata: ["a": String(repeating: "m", count: 5000)])
    let all = StatusFields.fields(error, trailers: ["b": String(repeating: "n", count: 5000)])
    #expect(all.listBytes <= StatusFields.limitBytes)
    let list = fields(error)
    #expect(list["grpc-status-details-bin"] == nil)
    #expect(try #require(list["grpc-message"]).hasSuffix("%E2%80%A6"))
  }

  @Test("broken details are no details")
  func broken() {
    #expect(StatusDetails.decode([0xFF, 0xFF]).isEmpty)
    #expect(StatusDetails.decode([0x1A, 0x7F]).isEmpty)
  }
}
