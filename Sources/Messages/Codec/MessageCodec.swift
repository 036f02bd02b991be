package import RPC

/// What the generator writes for each message beside its value: how to read it from and write it to
/// the struct of protobuf-c. The wire work itself is protobuf-c's.
package protocol MessageCodec: WireMessage {
  /// The struct that protoc-gen-c wrote. All of them begin with a `ProtobufCMessage`.
  associatedtype C

  /// Makes the struct an empty message of its type.
  static func clear(_ c: UnsafeMutablePointer<C>)

  /// Copies a decoded struct; nothing of it is referred to afterwards.
  init(_ c: UnsafePointer<C>, _ memory: WireMemory) throws(WireError)

  /// Fills an empty struct, with memory of the arena for what it points to.
  func fill(_ c: UnsafeMutablePointer<C>, _ memory: WireMemory)
}

extension WireError {
  /// The error with its field's path seen from the message around.
  func inside(_ field: String, _ index: Int? = nil) -> WireError {
    let prefix = index.map { "\(field)[\($0)]" } ?? field
    switch self {
    case .invalidText(let inner): return .invalidText(field: prefix + "." + inner)
    case .nulInText(let inner): return .nulInText(field: prefix + "." + inner)
    case .malformed, .tooLarge: return self
    }
  }
}
