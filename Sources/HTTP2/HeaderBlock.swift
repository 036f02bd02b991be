/// The fields of one received header block, flat in one piece of memory that the session reuses.
///
/// Handed to the consumer for the duration of one call; keep nothing of it.
package final class HeaderBlock {
  private struct Field {
    let start: Int
    let nameCount: Int
    let valueCount: Int
  }

  private var storage = ByteQueue()
  private var fields: [Field] = []
  private(set) var listBytes = 0

  /// Whether fields were left out because a bound of `ConnectionLimits` was passed.
  package internal(set) var isTruncated = false

  init() {}

  package var count: Int { fields.count }

  /// The name of field `index`; lower case, as nghttp2 has checked.
  package func name(_ index: Int) -> UnsafeRawBufferPointer {
    let field = fields[index]
    return UnsafeRawBufferPointer(
      rebasing: storage.bytes[field.start..<field.start + field.nameCount])
  }

  /// The value of field `index`.
  package func value(_ index: Int) -> UnsafeRawBufferPointer {
    let field = fields[index]
    let start = field.start + field.nameCount
    return UnsafeRawBufferPointer(rebasing: storage.bytes[start..<start + field.valueCount])
  }

  func begin() {
    storage.removeAll()
    fields.removeAll(keepingCapacity: true)
    listBytes = 0
    isTruncated = false
  }

  /// Adds a field. False when the block has become so large that decoding it further is not worth
  /// it.
  func add(
    name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, limits: ConnectionLimits
  ) -> Bool {
    // 32 bytes a field are RFC 9113's estimate (section 6.5.2) of what a field costs beside its
    // text.
    listBytes += name.count + value.count + 32
    if listBytes > limits.maxHeaderListBytes || fields.count >= limits.maxHeaderFields {
      isTruncated = true
      return listBytes <= 8 * limits.maxHeaderListBytes
    }
    fields.append(
      Field(start: storage.count, nameCount: name.count, valueCount: value.count))
    storage.append(name)
    storage.append(value)
    return true
  }
}
