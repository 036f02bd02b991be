/// Which `content-type` is gRPC with protobuf.
enum ContentType {
  /// `application/grpc`, `application/grpc+proto`, either with `;` parameters; not
  /// `application/grpc-web` and not
  /// `application/grpc+json`, which would have to be parsed otherwise.
  static func isGRPC(_ value: UnsafeRawBufferPointer) -> Bool {
    guard value.hasPrefix("application/grpc") else { return false }
    let rest = UnsafeRawBufferPointer(rebasing: value.dropFirst(16))
    if rest.isEmpty || rest[0] == UInt8(ascii: ";") { return true }
    guard rest.hasPrefix("+proto") else { return false }
    return rest.count == 6 || rest[6] == UInt8(ascii: ";")
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the bytes begin with the ASCII text, letters compared as they are.
  func hasPrefix(_ text: StaticString) -> Bool {
    guard count >= text.utf8CodeUnitCount else { return false }
    return (0..<text.utf8CodeUnitCount).allSatisfy { self[$0] == text.utf8Start[$0] }
  }

  /// Whether the bytes are the ASCII text.
  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && hasPrefix(text)
  }

  /// Without spaces and tabs at both ends.
  var trimmed: UnsafeRawBufferPointer {
    var start = 0
    var end = count
    while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
    while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: self[start..<end])
  }
}
