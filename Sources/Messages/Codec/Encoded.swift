public import RPC

/// A message, or its encoding. Who passes on what it keeps need not build it; who reads it sees the
/// message either way: `order.lines[0].priceExplanation?.steps`.
///
/// Fields whose type has the option `joinery.options.v1.passed_on` are of this type.
@dynamicMemberLookup
public struct Encoded<Message: WireMessage & Hashable>: Hashable, Sendable {
  enum Content {
    case message(Message)
    case bytes([UInt8])
  }

  let content: Content

  public init(_ message: Message) { content = .message(message) }

  /// The bytes are taken at their word.
  package init(bytes: [UInt8]) { content = .bytes(bytes) }

  public var message: Message {
    switch content {
    case .message(let message): return message
    case .bytes(let bytes):
      do {
        return try bytes.withUnsafeBytes { try Message(wire: $0) }
      } catch {
        preconditionFailure("no encoding of \(Message.fullName): \(error)")
      }
    }
  }

  public subscript<Value>(dynamicMember member: KeyPath<Message, Value>) -> Value {
    message[keyPath: member]
  }

  public static func == (one: Encoded, other: Encoded) -> Bool { one.message == other.message }

  public func hash(into hasher: inout Hasher) { hasher.combine(message) }
}
