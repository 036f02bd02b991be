/// The fields of one received header block: a view on memory that the session reuses.
///
/// Handed to the consumer for the duration of one call; keep nothing of it.
package struct HeaderBlock {
  fileprivate let bytes: UnsafeRawPointer?
  fileprivate let fields: UnsafePointer<Field>?
  package let count: Int
  /// Whether fields were left out because a bound of `ConnectionLimits` was passed.
  package let isTruncated: Bool

  fileprivate struct Field {
    let start: Int32
    let nameCount: Int32
    let valueCount: Int32
  }

  /// The name of field `index`; lower case, as nghttp2 has checked.
  package func name(_ index: Int) -> UnsafeRawBufferPointer {
    slice(index) { UnsafeRawBufferPointer(start: $0 + Int($1.start), count: Int($1.nameCount)) }
  }

  /// The value of field `index`.
  package func value(_ index: Int) -> UnsafeRawBufferPointer {
    slice(index) {
      UnsafeRawBufferPointer(
        start: $0 + Int($1.start) + Int($1.nameCount), count: Int($1.valueCount))
    }
  }

  private func slice(
    _ index: Int, _ cut: (UnsafeRawPointer, Field) -> UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer {
    precondition(index >= 0 && index < count)
    guard let bytes, let fields else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return cut(bytes, fields[index])
  }
}

/// Collects a header block, field by field, in memory that it keeps from block to block.
struct HeaderBlockBuilder: ~Copyable {
  private var bytes = ByteQueue()
  private var fields = ByteQueue()
  private var listBytes = 0
  private var count = 0
  private var isTruncated = false

  /// The block so far; valid until the next `begin` or `add`.
  var block: HeaderBlock {
    HeaderBlock(
      bytes: bytes.bytes.baseAddress,
      fields: fields.bytes.baseAddress?.assumingMemoryBound(to: HeaderBlock.Field.self),
      count: count, isTruncated: isTruncated)
  }

  mutating func begin() {
    bytes.removeAll()
    fields.removeAll()
    listBytes = 0
    count = 0
    isTruncated = false
  }

  /// Adds a field. False when the block has become so large that decoding it further is not worth
  /// it.
  mutating func add(
    _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, maxBytes: Int, maxFields: Int
  ) -> Bool {
    // 32 bytes a field are RFC 9113's estimate (section 6.5.2) of what a field costs beside its
    // text.
    listBytes += name.count + value.count + 32
    if listBytes > maxBytes || count >= maxFields {
      isTruncated = true
      return listBytes <= 8 * maxBytes
    }
    let field = HeaderBlock.Field(
      start: Int32(truncatingIfNeeded: bytes.count),
      nameCount: Int32(truncatingIfNeeded: name.count),
      valueCount: Int32(truncatingIfNeeded: value.count))
    fields.extend(by: MemoryLayout<HeaderBlock.Field>.stride)
      .initializeMemory(as: HeaderBlock.Field.self, to: field)
    bytes.append(name)
    bytes.append(value)
    count += 1
    return true
  }
}
