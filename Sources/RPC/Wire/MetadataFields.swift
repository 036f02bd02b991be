internal import HTTP2

/// Metadata ↔ header fields: which names pass, and how `-bin` values travel.
extension Metadata {
  /// Names that are HTTP's own and never metadata.
  private static let reserved: Set<String> = [
    "te", "content-type", "content-length", "connection", "host", "keep-alive", "proxy-connection",
    "transfer-encoding", "upgrade",
  ]

  /// Whether a field can be sent: the name is lower case `[0-9a-z_.-]`, not HTTP's or gRPC's own,
  /// and of the kind that its `-bin` ending says; a text value is printable ASCII.
  public static func isValid(name: String, value: Field.Value) -> Bool {
    guard !name.isEmpty, !name.hasPrefix("grpc-"), !reserved.contains(name) else { return false }
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
        continue
      default: return false
      }
    }
    switch value {
    case .binary: return name.hasSuffix("-bin")
    case .text(let text):
      return !name.hasSuffix("-bin") && text.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7E }
    }
  }

  /// Appends the valid fields to `list` while it stays below `limit` bytes by HTTP's count; the
  /// rest is left out.
  func write(to list: inout HeaderFields, limit: Int = .max) {
    for field in fields where Metadata.isValid(name: field.name, value: field.value) {
      let bytes =
        switch field.value {
        case .text(let text): Array(text.utf8)
        case .binary(let bytes): Base64.encode(bytes)
        }
      guard list.listBytes + field.name.utf8.count + bytes.count + 32 <= limit else { continue }
      list.add(field.name, bytes)
    }
  }

  /// Adds a received field. One that is not metadata, whose text is not printable ASCII, or whose
  /// base64 is broken, is left out: the specification forbids to fail the call for it.
  mutating func read(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    let value = value.trimmed
    guard name.count > 4, name.hasSuffixBin else {
      guard value.allSatisfy({ $0 >= 0x20 && $0 <= 0x7E }) else { return }
      append(
        Field(
          name: String(decoding: name, as: UTF8.self),
          value: .text(String(decoding: value, as: UTF8.self))))
      return
    }
    let name = String(decoding: name, as: UTF8.self)
    // Duplicates may have been joined on the way, so the comma comes before the base64.
    for part in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let text = UnsafeRawBufferPointer(rebasing: part).trimmed
      if let bytes = Base64.decode(text) { append(Field(name: name, value: .binary(bytes))) }
    }
  }

  /// Whether a received field belongs to HTTP or gRPC rather than to the application.
  static func isProtocolField(_ name: UnsafeRawBufferPointer) -> Bool {
    if name.count > 0, name[0] == UInt8(ascii: ":") { return true }
    if name.hasPrefix("grpc-") {
      // How often a client has tried before is for handlers and logs to see.
      return !name.equals("grpc-previous-rpc-attempts")
    }
    switch name.count {
    case 2: return name.equals("te")
    case 4: return name.equals("host")
    case 12: return name.equals("content-type")
    case 14: return name.equals("content-length")
    default: return false
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate var hasSuffixBin: Bool {
    self[count - 4] == UInt8(ascii: "-") && self[count - 3] == UInt8(ascii: "b")
      && self[count - 2] == UInt8(ascii: "i") && self[count - 1] == UInt8(ascii: "n")
  }
}
