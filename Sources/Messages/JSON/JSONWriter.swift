import RPC

/// Wire bytes → JSON values, fields in the order of their declaration.
struct JSONWriter {
  let pool: DescriptorPool
  let printsDefaults: Bool

  /// Our own messages cannot nest deeper than their schema; descriptors of descriptors can.
  private static let depthLimit = 100

  func message(
    _ bytes: ArraySlice<UInt8>, _ type: MessageDescription, at path: String, depth: Int
  ) throws(JSONMappingError) -> JSONValue {
    guard depth < Self.depthLimit else { throw JSONMappingError(path, "nested too deep") }
    let occurrences = try read(bytes, type, at: path)
    if let text = TextForm(type.fullName), let string = text.string(occurrences) {
      return .text(string)
    }
    if let form = OpenForm(type.fullName) {
      return try open(form, occurrences, type, at: path, depth: depth)
    }
    var members: [JSONValue.Member] = []
    for field in type.fields {
      let path = path.isEmpty ? field.name : path + "." + field.name
      let values = occurrences[field.number] ?? []
      if let value = try value(field, values, at: path, depth: depth) {
        members.append(.init(field.jsonName, value))
      }
    }
    return .object(members)
  }

  /// The known fields by number. Of a oneof only the member that came last counts.
  private func read(
    _ bytes: ArraySlice<UInt8>, _ type: MessageDescription, at path: String
  ) throws(JSONMappingError) -> [Int: [WireReader.Value]] {
    var occurrences: [Int: [WireReader.Value]] = [:]
    var oneofs: [String: Int] = [:]
    var reader = WireReader(bytes)
    do {
      while let (number, value) = try reader.next() {
        guard let field = type.fields.first(where: { $0.number == number }) else { continue }
        if let oneof = field.oneof, let other = oneofs.updateValue(number, forKey: oneof),
          other != number
        {
          occurrences[other] = nil
        }
        occurrences[number, default: []].append(value)
      }
    } catch {
      throw JSONMappingError(path, "the bytes are not a \(type.fullName)")
    }
    return occurrences
  }

  /// Nil for a field that is to be left out.
  func value(
    _ field: FieldDescription, _ values: [WireReader.Value], at path: String, depth: Int
  ) throws(JSONMappingError) -> JSONValue? {
    if field.isRepeated {
      if let entry = pool.message(field.typeName), entry.isMapEntry {
        let map = try map(entry, values, at: path, depth: depth)
        return map.isEmpty && !printsDefaults ? nil : .object(map)
      }
      let elements = try elements(field, values, at: path, depth: depth)
      return elements.isEmpty && !printsDefaults ? nil : .array(elements)
    }
    if field.kind == .message, let type = pool.message(field.typeName) {
      guard !values.isEmpty else { return nil }
      // Parts of one message that came in pieces merge as if they had come in one.
      let merged = values.count == 1 ? values[0].slice : values.flatMap(\.slice)[...]
      return try message(merged, type, at: path, depth: depth + 1)
    }
    guard let last = values.last else {
      return printsDefaults && !field.hasPresence ? try single(field, nil, at: path) : nil
    }
    let isDefault =
      switch last {
      case .varint(let value), .fixed64(let value): value == 0
      case .fixed32(let value): value == 0
      case .bytes(let bytes): bytes.isEmpty
      }
    if isDefault && !field.hasPresence && !printsDefaults { return nil }
    return try single(field, last, at: path)
  }

  private func elements(
    _ field: FieldDescription, _ values: [WireReader.Value], at path: String, depth: Int
  ) throws(JSONMappingError) -> [JSONValue] {
    var elements: [JSONValue] = []
    for value in values {
      if field.kind == .message, let type = pool.message(field.typeName) {
        let path = "\(path)[\(elements.count)]"
        elements.append(try message(value.slice, type, at: path, depth: depth + 1))
      } else if field.kind.isPackable, case .bytes(let packed) = value {
        var reader = WireReader(packed)
        while !reader.isAtEnd {
          elements.append(try single(field, try next(field, &reader, at: path), at: path))
        }
      } else {
        elements.append(try single(field, value, at: path))
      }
    }
    return elements
  }

  private func next(
    _ field: FieldDescription, _ reader: inout WireReader, at path: String
  ) throws(JSONMappingError) -> WireReader.Value {
    do {
      switch field.kind {
      case .double, .fixed64, .sfixed64: return .fixed64(try reader.fixed(8))
      case .float, .fixed32, .sfixed32: return .fixed32(UInt32(try reader.fixed(4)))
      default: return .varint(try reader.varint())
      }
    } catch {
      throw JSONMappingError(path, "the bytes are not packed \(field.kind)")
    }
  }

  /// Later entries replace earlier ones of the same key; sorted by key.
  private func map(
    _ entry: MessageDescription, _ values: [WireReader.Value], at path: String, depth: Int
  ) throws(JSONMappingError) -> [JSONValue.Member] {
    guard entry.fields.count == 2 else { return [] }
    var members: [String: JSONValue] = [:]
    for value in values {
      let pair = try read(value.slice, entry, at: path)
      let key: String
      switch try single(entry.fields[0], pair[1]?.last, at: path) {
      case .text(let text), .number(let text): key = text
      case .bool(let value): key = "\(value)"
      default: continue
      }
      if entry.fields[1].kind == .message, let type = pool.message(entry.fields[1].typeName) {
        let bytes = (pair[2] ?? []).flatMap(\.slice)
        members[key] = try message(bytes[...], type, at: path, depth: depth + 1)
      } else {
        members[key] = try single(entry.fields[1], pair[2]?.last, at: path)
      }
    }
    return members.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
  }

  /// One scalar, text or bytes; the default when `value` is nil.
  func single(
    _ field: FieldDescription, _ value: WireReader.Value?, at path: String
  ) throws(JSONMappingError) -> JSONValue {
    switch (field.kind, value ?? field.kind.zero) {
    case (.string, .bytes(let bytes)):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw JSONMappingError(path, "not valid UTF-8")
      }
      return .text(text)
    case (.bytes, .bytes(let bytes)): return .text(Base64.encode(bytes))
    case (.bool, .varint(let number)): return .bool(number != 0)
    case (.enumeration, .varint(let number)):
      let number = Int32(truncatingIfNeeded: number)
      let known = pool.enumeration(field.typeName)?.value(numbered: number)
      return known.map { .text($0.name) } ?? .number(String(number))
    case (.int32, .varint(let number)): return .number(String(Int32(truncatingIfNeeded: number)))
    case (.uint32, .varint(let number)): return .number(String(UInt32(truncatingIfNeeded: number)))
    case (.sint32, .varint(let number)):
      return .number(String(Int32(truncatingIfNeeded: unzigzag(number))))
    case (.int64, .varint(let number)), (.sfixed64, .fixed64(let number)):
      return .text(String(Int64(bitPattern: number)))
    case (.uint64, .varint(let number)), (.fixed64, .fixed64(let number)):
      return .text(String(number))
    case (.sint64, .varint(let number)): return .text(String(unzigzag(number)))
    case (.fixed32, .fixed32(let number)): return .number(String(number))
    case (.sfixed32, .fixed32(let number)): return .number(String(Int32(bitPattern: number)))
    case (.double, .fixed64(let bits)): return floating(Double(bitPattern: bits))
    case (.float, .fixed32(let bits)): return floating(Float(bitPattern: bits))
    default: throw JSONMappingError(path, "the bytes hold no \(field.kind)")
    }
  }

  private func unzigzag(_ number: UInt64) -> Int64 {
    Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
  }

  private func floating(_ number: some BinaryFloatingPoint & CustomStringConvertible) -> JSONValue {
    if number.isNaN { return .text("NaN") }
    if number.isInfinite { return .text(number < 0 ? "-Infinity" : "Infinity") }
    return .number(number.description)
  }
}

extension FieldDescription.Kind {
  fileprivate var zero: WireReader.Value {
    switch self {
    case .string, .bytes, .message, .group: .bytes([])
    case .double, .fixed64, .sfixed64: .fixed64(0)
    case .float, .fixed32, .sfixed32: .fixed32(0)
    default: .varint(0)
    }
  }
}
