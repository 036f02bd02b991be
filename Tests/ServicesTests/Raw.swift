import RPC

/// A message whose fields nobody looks at.
struct Raw: WireMessage, Hashable {
  static let fullName = "joinery.raw"
  let bytes: [UInt8]

  init(_ message: some WireMessage) { bytes = message.encoded() }
  init(wire bytes: UnsafeRawBufferPointer) throws(WireError) { self.bytes = Array(bytes) }

  func encode(_ allocate: (Int) -> UnsafeMutableRawPointer) {
    let memory = allocate(bytes.count)
    bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      memory.copyMemory(from: start, byteCount: source.count)
    }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}
