public import RPC

/// Messages as JSON, by their descriptors alone: the rules of protobuf's JSON mapping, with both
/// `customerCode` and `customer_code` understood, and amounts, prices, quantities and dates as
/// people write them.
///
/// On input the object forms of those are understood, too. Numbers are exact: nothing goes through
/// Double but fields of type double and float.
public struct JSONMapping: Sendable {
  let pool: DescriptorPool
  /// Whether output names fields that hold their default (zero, empty), too.
  let printsDefaults: Bool

  public init(_ pool: DescriptorPool = .joinery, printsDefaults: Bool = false) {
    self.pool = pool
    self.printsDefaults = printsDefaults
  }

  /// The encoding of the message that the JSON text describes. `message` is a full name.
  public func bytes(fromJSON text: String, as message: String) throws(JSONMappingError) -> [UInt8] {
    try bytes(from: try JSONValue(parsing: text), as: message)
  }

  /// The encoding of the message that the JSON value describes.
  package func bytes(
    from value: JSONValue, as message: String
  ) throws(JSONMappingError) -> [UInt8] {
    try JSONReader(pool: pool).message(value, try description(of: message), at: "")
  }

  /// The message of these bytes as JSON text. Fields that the descriptor does not know are left
  /// out.
  public func json(
    _ bytes: [UInt8], as message: String, pretty: Bool = true
  ) throws(JSONMappingError) -> String {
    try value(bytes, as: message).text(pretty: pretty)
  }

  /// The message of these bytes as a JSON value, for who shows it in another form.
  package func value(
    _ bytes: [UInt8], as message: String
  ) throws(JSONMappingError) -> JSONValue {
    let writer = JSONWriter(pool: pool, printsDefaults: printsDefaults)
    return try writer.message(bytes[...], try description(of: message), at: "", depth: 0)
  }

  /// A generated message as JSON text.
  public func json(
    _ message: some WireMessage, pretty: Bool = true
  ) throws(JSONMappingError) -> String {
    try json(message.encoded(), as: type(of: message).fullName, pretty: pretty)
  }

  private func description(of message: String) throws(JSONMappingError) -> MessageDescription {
    guard let description = pool.message(message) else {
      throw JSONMappingError("", "there is no message type \(message)")
    }
    return description
  }
}
