/// One message as it came, not yet inflated: a reader that is slow to take messages holds what was
/// sent, not what it grows to.
struct ReceivedMessage: Sendable {
  let bytes: [UInt8]
  /// Nil when the bytes are the message itself.
  let encoding: MessageEncoding?
  /// The largest message accepted, in bytes, before and after inflating.
  let limit: Int

  /// What it took from the sender's window.
  var wireBytes: Int { bytes.count + MessageFrame.prefixBytes }

  func decode<M: WireMessage>(as type: M.Type) throws(RPCError) -> M {
    // `withUnsafeBytes` rethrows untyped, hence the detour over Result.
    let result = bytes.withUnsafeBytes { raw in
      Result { () throws(RPCError) -> M in
        try ReceivedMessage.decode(raw, as: encoding, limit: limit)
      }
    }
    return try result.get()
  }

  /// Decodes a message from where it lies.
  static func decode<M: WireMessage>(
    _ bytes: UnsafeRawBufferPointer, as encoding: MessageEncoding?, limit: Int
  ) throws(RPCError) -> M {
    guard let encoding else {
      do { return try M(wire: bytes) } catch { throw RPCError(wire: error) }
    }
    let inflated = try inflate(bytes, encoding, limit)
    do { return try M(wire: inflated) } catch { throw RPCError(wire: error) }
  }

  private static func inflate(
    _ bytes: UnsafeRawBufferPointer, _ encoding: MessageEncoding, _ limit: Int
  ) throws(RPCError) -> [UInt8] {
    do { return try Zlib.inflate(bytes, as: encoding, limit: limit) } catch {
      switch error {
      case .malformed:
        throw RPCError(.internal, "the message is not valid \(encoding.name)", cause: error)
      case .tooLarge:
        throw RPCError(
          .resourceExhausted, "the message inflates to more than the limit of \(limit) bytes",
          cause: error)
      }
    }
  }
}
