import RPC

/// The standard messages whose JSON is not that of a message: values of any kind, wrapped scalars,
/// and messages of any type (json-mapping of proto3).
enum OpenForm {
  case structure
  case value
  case list
  case wrapper
  case any

  /// Nil for any other message.
  init?(_ fullName: String) {
    switch fullName {
    case "google.protobuf.Struct": self = .structure
    case "google.protobuf.Value": self = .value
    case "google.protobuf.ListValue": self = .list
    case "google.protobuf.Any": self = .any
    case "google.protobuf.DoubleValue", "google.protobuf.FloatValue", "google.protobuf.Int64Value",
      "google.protobuf.UInt64Value", "google.protobuf.Int32Value", "google.protobuf.UInt32Value",
      "google.protobuf.BoolValue", "google.protobuf.StringValue", "google.protobuf.BytesValue":
      self = .wrapper
    default: return nil
    }
  }
}

extension JSONReader {
  func open(
    _ form: OpenForm, _ value: JSONValue, _ type: MessageDescription, at path: String
  ) throws(JSONMappingError) -> [UInt8] {
    switch form {
    case .structure, .list, .wrapper:
      return try bytes(of: try field(1, of: type, at: path), value, at: path)
    case .value:
      let number =
        switch value {
        case .null: 1
        case .number: 2
        case .text: 3
        case .bool: 4
        case .object: 5
        case .array: 6
        }
      // The only value of NullValue is zero.
      let inner = number == 1 ? JSONValue.number("0") : value
      return try bytes(of: try field(number, of: type, at: path), inner, at: path)
    case .any: return try any(value, at: path)
    }
  }

  private func any(_ value: JSONValue, at path: String) throws(JSONMappingError) -> [UInt8] {
    guard case .object(let members) = value,
      case .text(let url)? = members.first(where: { $0.name == "@type" })?.value
    else { throw JSONMappingError(path, "expected an object with \"@type\"") }
    let name = String(url.split(separator: "/").last ?? "")
    guard let type = pool.message(name) else {
      throw JSONMappingError(path, "there is no message type \(name)")
    }
    let rest = members.filter { $0.name != "@type" }
    var inner = JSONValue.object(rest)
    if OpenForm(name) != nil || TextForm(name) != nil {
      guard rest.count == 1, rest[0].name == "value" else {
        throw JSONMappingError(path, "expected \"@type\" and \"value\"")
      }
      inner = rest[0].value
    }
    var writer = WireWriter()
    writer.bytes(1, Array(url.utf8))
    writer.bytes(2, try message(inner, type, at: path))
    return writer.bytes
  }

  private func field(
    _ number: Int, of type: MessageDescription, at path: String
  ) throws(JSONMappingError) -> FieldDescription {
    guard let field = type.fields.first(where: { $0.number == number }) else {
      throw JSONMappingError(path, "the descriptor of \(type.fullName) is not the standard one")
    }
    return field
  }
}

extension JSONWriter {
  func open(
    _ form: OpenForm, _ occurrences: [Int: [WireReader.Value]], _ type: MessageDescription,
    at path: String, depth: Int
  ) throws(JSONMappingError) -> JSONValue {
    func field(_ number: Int) throws(JSONMappingError) -> JSONValue? {
      guard let field = type.fields.first(where: { $0.number == number }) else { return nil }
      return try value(field, occurrences[number] ?? [], at: path, depth: depth)
    }
    switch form {
    case .structure: return try field(1) ?? .object([])
    case .list: return try field(1) ?? .array([])
    case .wrapper:
      guard let first = type.fields.first else { return .null }
      return try single(first, occurrences[1]?.last, at: path)
    case .value:
      for number in 2...6 {
        if let value = try field(number) { return value }
      }
      return .null
    case .any:
      let url = occurrences[1]?.last?.text ?? ""
      return try any(url, occurrences[2]?.last?.slice ?? [], at: path, depth: depth)
    }
  }

  private func any(
    _ url: String, _ bytes: ArraySlice<UInt8>, at path: String, depth: Int
  ) throws(JSONMappingError) -> JSONValue {
    let name = String(url.split(separator: "/").last ?? "")
    let head = JSONValue.Member("@type", .text(url))
    guard let type = pool.message(name) else {
      // What it means nobody here knows; its bytes are better than nothing.
      return .object([head, .init("value", .text(Base64.encode(bytes)))])
    }
    let inner = try message(bytes, type, at: path, depth: depth + 1)
    if OpenForm(name) == nil, TextForm(name) == nil, case .object(let members) = inner {
      return .object([head] + members)
    }
    return .object([head, .init("value", inner)])
  }
}
