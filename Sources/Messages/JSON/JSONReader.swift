/// JSON values → wire bytes, fields in the order of their numbers.
struct JSONReader {
  let pool: DescriptorPool

  func message(
    _ value: JSONValue, _ type: MessageDescription, at path: String
  ) throws(JSONMappingError) -> [UInt8] {
    if let text = TextForm(type.fullName) {
      switch value {
      case .text(let string): return try text.bytes(string, at: path)
      case .number(let number) where text == .quantity: return try text.bytes(number, at: path)
      case .object: break
      default: throw JSONMappingError(path, "expected \(text.expected), found \(value.kindText)")
      }
    }
    if let form = OpenForm(type.fullName) { return try open(form, value, type, at: path) }
    guard case .object(let members) = value else {
      throw JSONMappingError(path, "expected an object, found \(value.kindText)")
    }
    var encoded: [(number: Int, bytes: [UInt8])] = []
    var seen: [Int: String] = [:]
    var oneofs: [String: String] = [:]
    for member in members {
      let path = path.isEmpty ? member.name : path + "." + member.name
      let field = try field(named: member.name, in: type, at: path)
      if let first = seen.updateValue(member.name, forKey: field.number) {
        throw JSONMappingError(
          path, first == member.name ? "given twice" : "given as \(first), too")
      }
      if case .null = member.value, OpenForm(field.typeName) != .value { continue }
      if let oneof = field.oneof, let other = oneofs.updateValue(member.name, forKey: oneof) {
        throw JSONMappingError(path, "only one of \(other) and \(member.name) can be given")
      }
      encoded.append((field.number, try bytes(of: field, member.value, at: path)))
    }
    return encoded.sorted { $0.number < $1.number }.flatMap(\.bytes)
  }

  private func field(
    named name: String, in type: MessageDescription, at path: String
  ) throws(JSONMappingError) -> FieldDescription {
    if let field = type.fields.first(where: { $0.jsonName == name || $0.name == name }) {
      return field
    }
    if let near = NearestName.among(type.fields.map(\.jsonName), to: name) {
      throw JSONMappingError(path, "\(type.name) has no such field; did you mean \(near)?")
    }
    let names = type.fields.map(\.jsonName)
    let known = names.isEmpty ? "it has none" : "it has " + names.joined(separator: ", ")
    throw JSONMappingError(path, "\(type.name) has no such field; \(known)")
  }

  /// Key and value of all that the field holds.
  func bytes(
    of field: FieldDescription, _ value: JSONValue, at path: String
  ) throws(JSONMappingError) -> [UInt8] {
    if field.isRepeated, let entry = pool.message(field.typeName), entry.isMapEntry {
      return try map(field, entry, value, at: path)
    }
    guard field.isRepeated else {
      var writer = WireWriter()
      try write(field, value, at: path, to: &writer)
      return writer.bytes
    }
    guard case .array(let elements) = value else {
      throw JSONMappingError(path, "expected an array, found \(value.kindText)")
    }
    var writer = WireWriter()
    var packed = WireWriter()
    for (index, element) in elements.enumerated() {
      let path = "\(path)[\(index)]"
      if field.kind.isPackable {
        packed.scalar(try scalar(field, element, at: path))
      } else {
        try write(field, element, at: path, always: true, to: &writer)
      }
    }
    if !packed.bytes.isEmpty { writer.bytes(field.number, packed.bytes) }
    return writer.bytes
  }

  private func map(
    _ field: FieldDescription, _ entry: MessageDescription, _ value: JSONValue, at path: String
  ) throws(JSONMappingError) -> [UInt8] {
    guard case .object(let members) = value, entry.fields.count == 2 else {
      throw JSONMappingError(path, "expected an object, found \(value.kindText)")
    }
    var writer = WireWriter()
    var seen: Set<String> = []
    for member in members {
      let path = "\(path)[\"\(member.name)\"]"
      guard seen.insert(member.name).inserted else { throw JSONMappingError(path, "given twice") }
      var pair = WireWriter()
      let isBool = entry.fields[0].kind == .bool && ["true", "false"].contains(member.name)
      let key: JSONValue = isBool ? .bool(member.name == "true") : .text(member.name)
      try write(entry.fields[0], key, at: path, to: &pair)
      try write(entry.fields[1], member.value, at: path, to: &pair)
      writer.bytes(field.number, pair.bytes)
    }
    return writer.bytes
  }

  /// Writes one value with its key. A default is left out where the field cannot tell it from
  /// absence.
  private func write(
    _ field: FieldDescription, _ value: JSONValue, at path: String, always: Bool = false,
    to writer: inout WireWriter
  ) throws(JSONMappingError) {
    let keepsDefault = always || field.hasPresence
    switch field.kind {
    case .message:
      guard let type = pool.message(field.typeName) else {
        throw JSONMappingError(path, "there is no message type \(field.typeName)")
      }
      writer.bytes(field.number, try message(value, type, at: path))
    case .string:
      guard case .text(let text) = value else {
        throw JSONMappingError(path, "expected text in double quotes, found \(value.kindText)")
      }
      if keepsDefault || !text.isEmpty { writer.bytes(field.number, Array(text.utf8)) }
    case .bytes:
      guard case .text(let text) = value, let bytes = Base64.decode(text) else {
        throw JSONMappingError(path, "expected bytes as base64 text, found \(value.kindText)")
      }
      if keepsDefault || !bytes.isEmpty { writer.bytes(field.number, bytes) }
    default:
      let scalar = try scalar(field, value, at: path)
      if keepsDefault || !scalar.isZero { writer.scalar(field.number, scalar) }
    }
  }

  private func scalar(
    _ field: FieldDescription, _ value: JSONValue, at path: String
  ) throws(JSONMappingError) -> WireWriter.Scalar {
    switch field.kind {
    case .bool:
      guard case .bool(let value) = value else {
        throw JSONMappingError(path, "expected true or false, found \(value.kindText)")
      }
      return .varint(value ? 1 : 0)
    case .enumeration:
      return .varint(UInt64(bitPattern: Int64(try enumValue(field, value, at: path))))
    case .double:
      return .fixed64(try floating(value, at: path).bitPattern)
    case .float:
      let double = try floating(value, at: path)
      let single = Float(double)
      guard single.isFinite || !double.isFinite else {
        throw JSONMappingError(path, "\(double) is too large for a float")
      }
      return .fixed32(single.bitPattern)
    case .int32, .sint32, .sfixed32:
      let value = try integer(value, Int64(Int32.min)...Int64(Int32.max), at: path)
      return signed(Int64(value), field.kind)
    case .int64, .sint64, .sfixed64:
      return signed(Int64(try integer(value, Int64.min...Int64.max, at: path)), field.kind)
    case .uint32, .fixed32:
      let value = try integer(value, UInt64(0)...UInt64(UInt32.max), at: path)
      return field.kind == .fixed32 ? .fixed32(UInt32(value)) : .varint(UInt64(value))
    case .uint64, .fixed64:
      let value = UInt64(try integer(value, UInt64.min...UInt64.max, at: path))
      return field.kind == .fixed64 ? .fixed64(value) : .varint(value)
    case .string, .bytes, .message, .group:
      throw JSONMappingError(path, "\(field.kind) is no number")
    }
  }

  private func signed(_ value: Int64, _ kind: FieldDescription.Kind) -> WireWriter.Scalar {
    switch kind {
    case .sint32, .sint64: .varint(UInt64(bitPattern: value << 1 ^ value >> 63))
    case .sfixed32: .fixed32(UInt32(truncatingIfNeeded: value))
    case .sfixed64: .fixed64(UInt64(bitPattern: value))
    default: .varint(UInt64(bitPattern: value))
    }
  }

  private func integer<T: FixedWidthInteger>(
    _ value: JSONValue, _ range: ClosedRange<T>, at path: String
  ) throws(JSONMappingError) -> Int128 {
    var text: String?
    if case .number(let number) = value { text = number }
    if case .text(let string) = value { text = string }
    let wide = Int128(range.lowerBound)...Int128(range.upperBound)
    guard let text, let number = DecimalText.scaled(text, digits: 0), wide.contains(number) else {
      throw JSONMappingError(
        path,
        "expected a whole number from \(range.lowerBound) to \(range.upperBound), "
          + "found \(value.kindText)")
    }
    return number
  }

  private func floating(_ value: JSONValue, at path: String) throws(JSONMappingError) -> Double {
    switch value {
    case .number(let text), .text(let text):
      switch text {
      case "NaN": return .nan
      case "Infinity": return .infinity
      case "-Infinity": return -.infinity
      default:
        if let double = Double(text), double.isFinite { return double }
      }
    default: break
    }
    throw JSONMappingError(path, "expected a number, found \(value.kindText)")
  }

  private func enumValue(
    _ field: FieldDescription, _ value: JSONValue, at path: String
  ) throws(JSONMappingError) -> Int32 {
    if case .number = value {
      return Int32(
        truncatingIfNeeded: try integer(value, Int64(Int32.min)...Int64(Int32.max), at: path))
    }
    guard let type = pool.enumeration(field.typeName), case .text(let name) = value else {
      throw JSONMappingError(path, "expected the name of a value, found \(value.kindText)")
    }
    if let known = type.value(named: name) { return known.number }
    let names = type.values.map(\.name)
    let hint =
      NearestName.among(names, to: name).map { "did you mean \($0)?" }
      ?? "known are " + names.joined(separator: ", ")
    throw JSONMappingError(path, "unknown value \"\(name)\"; \(hint)")
  }
}

extension FieldDescription.Kind {
  /// Whether repeated values may travel in one length-delimited field.
  var isPackable: Bool {
    switch self {
    case .string, .bytes, .message, .group: false
    default: true
    }
  }
}
