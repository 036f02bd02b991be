/// A protobuf message with a codec for the wire; the generated types conform.
///
/// The runtime never looks inside a message: it frames what `encode` writes and hands received
/// bytes to
/// `init(wire:)`, both on the connection's event loop, so neither may block.
public protocol WireMessage: Sendable {
  /// The protobuf name, `joinery.orders.v1.PlaceOrderRequest`; also the tail of its `Any` type URL.
  static var fullName: String { get }

  /// Decodes one message. `bytes` are valid only during the call.
  init(wire bytes: UnsafeRawBufferPointer) throws(WireError)

  /// Calls `allocate` exactly once with the exact encoded size in bytes and fills what it returns.
  /// The size may be zero; the pointer is then not to be touched.
  func encode(_ allocate: (Int) -> UnsafeMutableRawPointer)
}

extension WireMessage {
  /// Decodes one message from an array; for tests and for tools, the server decodes in place.
  public init(wire bytes: [UInt8]) throws(WireError) {
    // `withUnsafeBytes` rethrows untyped, hence the detour over Result.
    let result = bytes.withUnsafeBytes { raw in
      Result { () throws(WireError) -> Self in try Self(wire: raw) }
    }
    self = try result.get()
  }

  /// The encoded message as an array.
  public func encoded() -> [UInt8] {
    var count = 0
    var start: UnsafeMutableRawPointer?
    encode { size in
      count = size
      let memory = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1), alignment: 8)
      start = memory
      return memory
    }
    defer { start?.deallocate() }
    return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }
}

/// Why bytes are not the message they claim to be.
public enum WireError: Error, Hashable, Sendable {
  /// Not a protobuf encoding of the message; answered INTERNAL, as gRPC's statuscodes.md says.
  case malformed
  /// Decoding would pass the decoder's memory budget; answered RESOURCE_EXHAUSTED.
  case tooLarge
  /// A text field that is not UTF-8; `field` is its path, `lines[3].sku`. Answered
  /// INVALID_ARGUMENT.
  case invalidText(field: String)
  /// U+0000 in a text field, which no text of ours has; answered INVALID_ARGUMENT.
  case nulInText(field: String)
}
