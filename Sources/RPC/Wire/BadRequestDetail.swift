/// `google.rpc.BadRequest` with one field violation, written by hand: the runtime needs it for text
/// that is no text.
struct BadRequestDetail: WireMessage, Hashable {
  static let fullName = "google.rpc.BadRequest"

  var field: String
  var description: String
  /// Stable code for programs, UPPER_SNAKE.
  var reason: String

  init(field: String, description: String, reason: String) {
    self.field = field
    self.description = description
    self.reason = reason
  }

  init(wire bytes: UnsafeRawBufferPointer) throws(WireError) {
    self.init(field: "", description: "", reason: "")
    var message = ProtobufReader([UInt8](bytes))
    while let (number, value) = try message.next() {
      guard number == 1, case .bytes(let violation) = value else { continue }
      var inner = ProtobufReader(violation)
      while let (number, value) = try inner.next() {
        guard case .bytes(let text) = value else { continue }
        if number == 1 { field = String(decoding: text, as: UTF8.self) }
        if number == 2 { description = String(decoding: text, as: UTF8.self) }
        if number == 3 { reason = String(decoding: text, as: UTF8.self) }
      }
    }
  }

  func encode(_ allocate: (Int) -> UnsafeMutableRawPointer) {
    var violation = ProtobufWriter()
    violation.text(1, field)
    violation.text(2, description)
    violation.text(3, reason)
    var message = ProtobufWriter()
    message.bytes(1, violation.bytes, always: true)
    let memory = allocate(message.bytes.count)
    message.bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { memory.copyMemory(from: start, byteCount: source.count) }
    }
  }
}
