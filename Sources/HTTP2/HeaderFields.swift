internal import CNghttp2

/// Header fields to send, made once for the whole process: sending them builds and copies nothing.
package struct StaticFields: @unchecked Sendable {
  // Never written after init and never freed, so it may be read from every thread.
  let fields: UnsafeMutableBufferPointer<nghttp2_nv>

  /// For lists that live as long as the process, such as `:status 200`.
  package init(_ list: [(StaticString, StaticString)]) {
    fields = .allocate(capacity: list.count)
    let flags = UInt8(
      NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue)
    for (index, (name, value)) in list.enumerated() {
      // nghttp2's struct is not const-correct; it never writes through these.
      fields.initializeElement(
        at: index,
        to: nghttp2_nv(
          name: UnsafeMutablePointer(mutating: name.utf8Start),
          value: UnsafeMutablePointer(mutating: value.utf8Start),
          namelen: name.utf8CodeUnitCount, valuelen: value.utf8CodeUnitCount, flags: flags))
    }
  }
}

/// Header fields to send that are known only now.
package struct HeaderFields: Sendable {
  /// Where one field lies in `bytes`: the name, then the value.
  struct Field: Sendable {
    let nameCount: Int
    let valueCount: Int
    /// Whether the value may enter the peer's compression table: not for secrets or values seen
    /// once.
    let isIndexed: Bool
  }

  private(set) var bytes: [UInt8] = []
  private(set) var fields: [Field] = []

  package init() {}

  package var isEmpty: Bool { fields.isEmpty }

  /// Σ (name + value + 32): what the peer counts against its own limit.
  package var listBytes: Int { bytes.count + 32 * fields.count }

  /// Adds a field; `name` must be lower case, `value` free of CR, LF and NUL.
  package mutating func add(_ name: String, _ value: some Sequence<UInt8>, indexed: Bool = false) {
    let start = bytes.count
    bytes.append(contentsOf: name.utf8)
    let middle = bytes.count
    bytes.append(contentsOf: value)
    fields.append(
      Field(nameCount: middle - start, valueCount: bytes.count - middle, isIndexed: indexed))
  }
}
