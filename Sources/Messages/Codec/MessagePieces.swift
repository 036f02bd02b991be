import CMessages
import CProtobufC
import RPC

/// Singular message fields that come in several pieces. No encoder does that by itself, but
/// protobuf allows to merge messages by joining their bytes. The pieces of one field, joined, are
/// that field: so they are joined before protobuf-c sees them, which would lose part of them.
enum MessagePieces {
  private typealias MessageType = UnsafePointer<ProtobufCMessageDescriptor>

  /// The same message with each singular message field in one piece.
  static func joined<M: MessageCodec>(
    _ bytes: UnsafeRawBufferPointer, _ type: M.Type
  ) throws(WireError) -> [UInt8] {
    let template = UnsafeMutablePointer<M.C>.allocate(capacity: 1)
    defer { template.deallocate() }
    M.clear(template)
    guard let type = template.base.pointee.descriptor else { throw .malformed }
    return try joined(Array(bytes)[...], type)
  }

  private static func joined(
    _ bytes: ArraySlice<UInt8>, _ type: MessageType
  ) throws(WireError) -> [UInt8] {
    // What has been read, in order. Pieces move to the place of the last of them, because the last
    // member of a oneof counts; what counts no more is emptied.
    var parts: [(field: Int, content: ArraySlice<UInt8>)] = []
    var places: [Int: Int] = [:]
    var pieces: [Int: [UInt8]] = [:]
    var members: [UInt32: Int] = [:]
    var reader = WireReader(bytes)
    var start = reader.position
    while let (number, value) = try reader.next() {
      let raw = bytes[start..<reader.position]
      start = reader.position
      guard let field = field(number, of: type) else { continue }
      let isInOneof = field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue != 0
      if isInOneof, let other = members.updateValue(number, forKey: field.quantifier_offset),
        other != number
      {
        pieces[other] = nil
        if let place = places[other] { parts[place] = (0, []) }
      }
      let isMessage = field.type == PROTOBUF_C_TYPE_MESSAGE
      let isPiece = isMessage && field.label != PROTOBUF_C_LABEL_REPEATED
      if isPiece { pieces[number, default: []] += value.slice }
      if isPiece || isInOneof {
        if let place = places.updateValue(parts.count, forKey: number) { parts[place] = (0, []) }
      }
      parts.append((number, isMessage && !isPiece ? value.slice : raw))
    }
    var writer = WireWriter()
    for part in parts where part.field != 0 {
      if let inner = inner(part.field, of: type) {
        let content = pieces[part.field].map { $0[...] } ?? part.content
        writer.bytes(part.field, try joined(content, inner))
      } else {
        writer.raw(part.content)
      }
    }
    return writer.bytes
  }

  private static func field(_ number: Int, of type: MessageType) -> ProtobufCFieldDescriptor? {
    UnsafeBufferPointer(start: type.pointee.fields, count: Int(type.pointee.n_fields))
      .first { $0.id == number }
  }

  /// The type of a message field; nil for a field of another kind.
  private static func inner(_ number: Int, of type: MessageType) -> MessageType? {
    guard let field = field(number, of: type), field.type == PROTOBUF_C_TYPE_MESSAGE else {
      return nil
    }
    return field.descriptor?.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
  }
}
