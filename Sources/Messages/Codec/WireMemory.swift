package import CMessages
import CProtobufC
package import RPC

/// The memory of one decoding or encoding: an arena that ends with it. C structs never outlive the
/// call.
package struct WireMemory {
  private let arena: UnsafeMutablePointer<joinery_arena>

  /// What decoding `count` bytes may allocate, C structs and Swift arrays together. Small messages
  /// of many small parts need up to forty times their size; the cap bounds what one hostile
  /// message can cost.
  static func budget(forBytes count: Int) -> Int {
    min(count, largestBudget / 64) * 64 + 256 * 1024
  }

  private static let largestBudget = 32 * 1024 * 1024

  /// Decodes one message. `isWhole` says that no message in it comes in pieces.
  package static func decode<M: MessageCodec>(
    _ bytes: UnsafeRawBufferPointer, isWhole: Bool = false
  ) throws(WireError) -> M {
    var arena = joinery_arena()
    let message: M? = try withUnsafeMutablePointer(to: &arena) { pointer throws(WireError) in
      joinery_arena_open(pointer, budget(forBytes: bytes.count))
      defer { joinery_arena_close(pointer) }
      let memory = WireMemory(arena: pointer)
      // An empty struct knows its descriptor.
      let template = memory.make(M.C.self)
      M.clear(template)
      guard let type = template.base.pointee.descriptor else { throw .malformed }
      let start = bytes.bindMemory(to: UInt8.self).baseAddress
      let unpacked = protobuf_c_message_unpack(
        type, &pointer.pointee.allocator, bytes.count, start)
      guard let unpacked else { throw pointer.pointee.exhausted ? .tooLarge : .malformed }
      if pointer.pointee.freed, !isWhole, let start,
        joinery_has_pieces(type, start, start + bytes.count)
      {
        return nil
      }
      return try M(UnsafeRawPointer(unpacked).assumingMemoryBound(to: M.C.self), memory)
    }
    if let message { return message }
    let whole = try MessagePieces.joined(bytes, M.self)
    let result = whole.withUnsafeBytes { bytes in
      Result { () throws(WireError) -> M in try decode(bytes, isWhole: true) }
    }
    return try result.get()
  }

  /// Encodes one message into memory of exactly its size.
  package static func encode<M: MessageCodec>(
    _ message: M, _ allocate: (Int) -> UnsafeMutableRawPointer
  ) {
    var arena = joinery_arena()
    withUnsafeMutablePointer(to: &arena) { pointer in
      joinery_arena_open(pointer, .max)
      defer { joinery_arena_close(pointer) }
      let memory = WireMemory(arena: pointer)
      let base = memory.message(message).base
      let target = allocate(protobuf_c_message_get_packed_size(base))
      protobuf_c_message_pack(base, target.assumingMemoryBound(to: UInt8.self))
    }
  }

  private func make<T>(_ type: T.Type, count: Int = 1) -> UnsafeMutablePointer<T> {
    let memory = joinery_arena_alloc(arena, MemoryLayout<T>.stride * count)
    guard let memory else { preconditionFailure("out of memory") }
    return memory.bindMemory(to: T.self, capacity: count)
  }

  /// Counts a Swift array that is about to be made from decoded elements.
  private func charge<T>(_ type: T.Type, count: Int) throws(WireError) {
    guard joinery_arena_charge(arena, MemoryLayout<T>.stride * count) else { throw .tooLarge }
  }
}

extension UnsafeMutablePointer {
  /// The message header that every generated struct begins with.
  var base: UnsafeMutablePointer<ProtobufCMessage> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: ProtobufCMessage.self)
  }
}

/// Reading C structs.
extension WireMemory {
  /// Text: valid UTF-8 without U+0000.
  package func text(_ data: ProtobufCBinaryData, _ field: String) throws(WireError) -> String {
    guard data.len > 0, let start = data.data else { return "" }
    let bytes = UnsafeBufferPointer(start: start, count: data.len)
    if joinery_is_plain_text(start, data.len) { return String(decoding: bytes, as: UTF8.self) }
    if joinery_has_nul(start, data.len) { throw .nulInText(field: field) }
    // String(validating:) is not specialised and costs half a microsecond. Decoding replaces what
    // is not UTF-8, so the bytes were valid if they are still the same.
    var text = String(decoding: bytes, as: UTF8.self)
    let isSame = text.withUTF8 { joinery_equal($0.baseAddress, $0.count, start, data.len) }
    guard isSame else { throw .invalidText(field: field) }
    return text
  }

  /// A map's key, which protobuf-c ends at the first U+0000.
  package func key(_ key: UnsafePointer<CChar>?, _ field: String) throws(WireError) -> String {
    guard let key else { return "" }
    guard let text = String(validatingCString: key) else { throw .invalidText(field: field) }
    return text
  }

  package func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    [UInt8](UnsafeBufferPointer(start: data.data, count: data.len))
  }

  package func optional<M: MessageCodec>(
    _ c: UnsafeMutablePointer<M.C>?, _ field: String
  ) throws(WireError) -> M? {
    guard let c else { return nil }
    do { return try M(c, self) } catch { throw error.inside(field) }
  }

  package func optional<M: MessageCodec>(
    _ c: UnsafeMutablePointer<M.C>?, _ field: String
  ) throws(WireError) -> Encoded<M>? {
    let message: M? = try optional(c, field)
    return message.map { Encoded($0) }
  }

  /// A message whose oneof or map entry says that it is there.
  package func message<M: MessageCodec>(
    _ c: UnsafeMutablePointer<M.C>?, _ field: String
  ) throws(WireError) -> M {
    if let message: M = try optional(c, field) { return message }
    let empty = make(M.C.self)
    M.clear(empty)
    return try M(empty, self)
  }

  package func messages<M: MessageCodec>(
    _ count: Int, _ c: UnsafeMutablePointer<UnsafeMutablePointer<M.C>?>?, _ field: String
  ) throws(WireError) -> [M] {
    guard count > 0, let c else { return [] }
    try charge(M.self, count: count)
    var failure: WireError?
    // Built in place: appending would copy each element once more.
    let messages = [M](unsafeUninitializedCapacity: count) { elements, filled in
      guard let start = elements.baseAddress else { return }
      for index in 0..<count {
        guard let element = c[index] else { continue }
        do throws(WireError) {
          (start + filled).initialize(to: try M(element, self))
          filled += 1
        } catch {
          failure = error.inside(field, index)
          return
        }
      }
    }
    if let failure { throw failure }
    return messages
  }

  package func texts(
    _ count: Int, _ c: UnsafeMutablePointer<ProtobufCBinaryData>?, _ field: String
  ) throws(WireError) -> [String] {
    guard count > 0, let c else { return [] }
    try charge(String.self, count: count)
    var texts: [String] = []
    texts.reserveCapacity(count)
    for index in 0..<count { texts.append(try text(c[index], "\(field)[\(index)]")) }
    return texts
  }

  package func byteStrings(
    _ count: Int, _ c: UnsafeMutablePointer<ProtobufCBinaryData>?
  ) throws(WireError) -> [[UInt8]] {
    // Each non-empty element is an allocation of its own; its header counts, too.
    try charge((Int, Int, Int, Int, Int).self, count: count)
    return UnsafeBufferPointer(start: c, count: count).map { bytes($0) }
  }

  package func list<C, T>(
    _ count: Int, _ c: UnsafeMutablePointer<C>?, _ convert: (C) -> T
  ) throws(WireError) -> [T] {
    guard count > 0 else { return [] }
    try charge(T.self, count: count)
    return UnsafeBufferPointer(start: c, count: count).map(convert)
  }
}

/// Filling C structs.
extension WireMemory {
  package func bytes(_ text: String) -> ProtobufCBinaryData {
    var text = text
    return text.withUTF8 { copy(UnsafeRawBufferPointer($0)) }
  }

  package func bytes(_ bytes: [UInt8]) -> ProtobufCBinaryData {
    bytes.withUnsafeBytes { copy($0) }
  }

  private func copy(_ source: UnsafeRawBufferPointer) -> ProtobufCBinaryData {
    guard let start = source.baseAddress, source.count > 0 else {
      return ProtobufCBinaryData(len: 0, data: nil)
    }
    let target = make(UInt8.self, count: source.count)
    UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: source.count)
    return ProtobufCBinaryData(len: source.count, data: target)
  }

  /// A map's key: text ended by a zero byte.
  package func key(_ text: String) -> UnsafeMutablePointer<CChar> {
    let data = bytes(text + "\0")
    return UnsafeMutableRawPointer(data.data).assumingMemoryBound(to: CChar.self)
  }

  package func message<M: MessageCodec>(_ message: M) -> UnsafeMutablePointer<M.C> {
    let c = make(M.C.self)
    M.clear(c)
    message.fill(c, self)
    return c
  }

  package func optional<M: MessageCodec>(_ message: M?) -> UnsafeMutablePointer<M.C>? {
    guard let message else { return nil }
    return self.message(message)
  }

  package func optional<M: MessageCodec>(_ encoded: Encoded<M>?) -> UnsafeMutablePointer<M.C>? {
    switch encoded?.content {
    case nil: return nil
    case .message(let message): return self.message(message)
    case .bytes(let bytes):
      let c = make(M.C.self)
      M.clear(c)
      // protobuf-c writes a field that it does not know as its key and what follows it: here all
      // that follows.
      var reader = WireReader(bytes[...])
      if let key = try? reader.varint() {
        let rest = bytes.withUnsafeBytes {
          copy(UnsafeRawBufferPointer(rebasing: $0[reader.position...]))
        }
        let field = make(ProtobufCMessageUnknownField.self)
        field.initialize(
          to: ProtobufCMessageUnknownField(
            tag: UInt32(truncatingIfNeeded: key >> 3),
            wire_type: ProtobufCWireType(rawValue: UInt32(key & 7)), len: rest.len,
            data: rest.data))
        c.base.pointee.n_unknown_fields = 1
        c.base.pointee.unknown_fields = field
      }
      return c
    }
  }

  package func messages<M: MessageCodec>(
    _ messages: [M]
  ) -> (Int, UnsafeMutablePointer<UnsafeMutablePointer<M.C>?>?) {
    entries(messages, M.clear) { c, message in message.fill(c, self) }
  }

  /// One struct per element, cleared and filled, and the array of pointers to them.
  package func entries<C, T>(
    _ elements: [T], _ clear: (UnsafeMutablePointer<C>) -> Void,
    _ fill: (UnsafeMutablePointer<C>, T) -> Void
  ) -> (Int, UnsafeMutablePointer<UnsafeMutablePointer<C>?>?) {
    guard !elements.isEmpty else { return (0, nil) }
    let structs = make(C.self, count: elements.count)
    let pointers = make(UnsafeMutablePointer<C>?.self, count: elements.count)
    elements.withUnsafeBufferPointer { elements in
      for index in elements.indices {
        clear(structs + index)
        fill(structs + index, elements[index])
        pointers[index] = structs + index
      }
    }
    return (elements.count, pointers)
  }

  package func list<C, T>(_ values: [T], _ convert: (T) -> C) -> (Int, UnsafeMutablePointer<C>?) {
    guard !values.isEmpty else { return (0, nil) }
    let target = make(C.self, count: values.count)
    for (index, value) in values.enumerated() { target[index] = convert(value) }
    return (values.count, target)
  }
}
