@testable import HTTP2
@testable import RPC

/// Cutting a stream into messages, and inflating them: the same whatever the pieces.
enum DeframerTarget {
  /// The first byte chooses the encoding, the second the size of the pieces.
  static func run(_ input: UnsafeRawBufferPointer) -> CInt {
    guard input.count > 2 else { return 0 }
    let encodings: [MessageEncoding?] = [nil, .gzip, .deflate]
    let encoding = encodings[Int(input[0]) % 3]
    let body = UnsafeRawBufferPointer(rebasing: input[2...])
    let whole = messages(body, by: body.count, encoding)
    let pieces = messages(body, by: 1 + Int(input[1]), encoding)
    precondition(whole == pieces, "the pieces decide what the messages are")
    return 0
  }

  private enum Outcome: Equatable {
    case message([UInt8])
    case undecodable(RPCError.Code)
    case broken(RPCError.Code)
    case left(Int)
  }

  private static let limit = 2048

  private static func messages(
    _ body: UnsafeRawBufferPointer, by size: Int, _ encoding: MessageEncoding?
  ) -> [Outcome] {
    var deframer = MessageDeframer(limit: limit)
    deframer.encoding = encoding
    var outcomes: [Outcome] = []
    for start in stride(from: 0, to: body.count, by: size) {
      deframer.append(UnsafeRawBufferPointer(rebasing: body[start..<min(start + size, body.count)]))
      do {
        while let message = try deframer.next() { outcomes.append(decoded(message)) }
      } catch { return outcomes + [.broken(error.code)] }
      precondition(deframer.bufferedBytes < limit + MessageFrame.prefixBytes + size)
    }
    return outcomes + [.left(deframer.bufferedBytes)]
  }

  private static func decoded(_ message: ReceivedMessage) -> Outcome {
    do {
      let blob = try message.decode(as: Blob.self)
      precondition(blob.bytes.count <= limit, "a message is larger than may be")
      return .message(blob.bytes)
    } catch { return .undecodable(error.code) }
  }
}

/// Received metadata, base64 and percent-encoding.
enum MetadataTarget {
  /// Fields are lines, a NUL between name and value.
  static func run(_ input: UnsafeRawBufferPointer) -> CInt {
    var metadata = Metadata()
    for line in input.split(separator: 10) {
      let parts = line.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
      let name = UnsafeRawBufferPointer(rebasing: parts[0])
      let value =
        parts.count > 1
        ? UnsafeRawBufferPointer(rebasing: parts[1]) : UnsafeRawBufferPointer(start: nil, count: 0)
      if !Metadata.isProtocolField(name) { metadata.read(name: name, value: value) }
    }
    let valid = metadata.fields.filter { Metadata.isValid(name: $0.name, value: $0.value) }
    precondition(sentAndRead(metadata) == valid.map(trimmed), "metadata changes on its way")
    texts(input)
    return 0
  }

  /// What arrives of what is sent.
  private static func sentAndRead(_ metadata: Metadata) -> [Metadata.Field] {
    var list = HeaderFields()
    metadata.write(to: &list)
    var read = Metadata()
    list.bytes.withUnsafeBytes { bytes in
      var position = 0
      for field in list.fields {
        let middle = position + field.nameCount
        let end = middle + field.valueCount
        read.read(
          name: UnsafeRawBufferPointer(rebasing: bytes[position..<middle]),
          value: UnsafeRawBufferPointer(rebasing: bytes[middle..<end]))
        position = end
      }
    }
    return read.fields
  }

  /// Space around a text is not part of it.
  private static func trimmed(_ field: Metadata.Field) -> Metadata.Field {
    guard case .text(let text) = field.value else { return field }
    let bytes = Array(text.utf8)
    let kept = bytes.withUnsafeBytes { [UInt8]($0.trimmed) }
    return Metadata.Field(name: field.name, value: .text(String(decoding: kept, as: UTF8.self)))
  }

  private static func texts(_ input: UnsafeRawBufferPointer) {
    let bytes = [UInt8](input)
    let encoded = Base64.encode(bytes)
    precondition(encoded.count == Base64.encodedCount(bytes.count))
    precondition(Base64.decode(encoded) == bytes, "base64 loses bytes")
    _ = Base64.decode(bytes)
    let text = PercentEncoding.decode(input)
    let sent = PercentEncoding.encode(text)
    precondition(sent.allSatisfy { $0 >= 0x20 && $0 <= 0x7E })
    let again = sent.withUnsafeBytes { PercentEncoding.decode($0) }
    precondition(again == text, "grpc-message changes on its way")
  }
}

/// `grpc-timeout`, against what the specification says in other words.
enum TimeoutTarget {
  static func run(_ input: UnsafeRawBufferPointer) -> CInt {
    let parsed = Result { () throws(GRPCTimeout.Malformed) in try GRPCTimeout.parse(input) }
    let text = String(decoding: input, as: UTF8.self)
    let units: [Character: UInt64] = [
      "n": 1, "u": 1000, "m": 1_000_000, "S": 1_000_000_000, "M": 60_000_000_000,
      "H": 3_600_000_000_000,
    ]
    let digits = text.dropLast()
    let isTimeout =
      (1...8).contains(digits.count) && digits.allSatisfy { "0123456789".contains($0) }
      && text.last.map { units[$0] != nil } ?? false
    switch parsed {
    case .failure: precondition(!isTimeout, "a timeout is refused")
    case .success(let nanoseconds):
      precondition(isTimeout, "nonsense is a timeout")
      guard let nanoseconds, let unit = text.last.flatMap({ units[$0] }),
        let amount = UInt64(digits)
      else { return 0 }
      precondition(nanoseconds == amount * unit)
      let sent = GRPCTimeout.format(.nanoseconds(Int64(nanoseconds)))
      let received = sent.utf8.withContiguousStorageIfAvailable {
        try? GRPCTimeout.parse(UnsafeRawBufferPointer($0))
      }
      if let received, let received { precondition(received >= nanoseconds) }
    }
    return 0
  }
}
