import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// One stored property of a generated struct: a field, or a oneof with all of its fields.
enum Member {
  case field(FieldDescriptor)
  case oneof(OneofDescriptor)

  /// The properties of a message in the order of their fields.
  static func all(of message: Descriptor) -> [Member] {
    var seen: Set<Int> = []
    return message.fields.compactMap { field in
      guard let oneof = field.realContainingOneof else { return .field(field) }
      return seen.insert(oneof.index).inserted ? .oneof(oneof) : nil
    }
  }

  var name: String {
    switch self {
    case .field(let field): Names.property(field.name)
    case .oneof(let oneof): Names.property(oneof.name)
    }
  }

  var type: String {
    switch self {
    case .oneof(let oneof): return Names.oneof(oneof) + "?"
    case .field(let field):
      if let (key, value) = field.messageType?.mapKeyAndValue {
        return "[\(Member.single(key)): \(Member.single(value))]"
      }
      if field.isRepeated { return "[\(Member.single(field))]" }
      let type = Member.single(field)
      if let message = field.messageType,
        message.options.getExtensionValue(ext: Options.passedOn) ?? false
      {
        return "Encoded<\(type)>?"
      }
      return type + (field.hasPresence ? "?" : "")
    }
  }

  var initial: String {
    switch self {
    case .oneof: return "nil"
    case .field(let field):
      if field.isMap { return "[:]" }
      if field.isRepeated { return "[]" }
      return field.hasPresence ? "nil" : Member.zero(field)
    }
  }

  func comment(in source: inout SourceText) {
    switch self {
    case .field(let field): source.comment(of: field)
    case .oneof(let oneof): source.comment(of: oneof)
    }
  }

  /// The Swift type of one value of the field.
  static func single(_ field: FieldDescriptor) -> String {
    switch field.type {
    case .string: "String"
    case .bytes: "[UInt8]"
    case .bool: "Bool"
    case .double: "Double"
    case .float: "Float"
    case .int32, .sint32, .sfixed32: "Int32"
    case .uint32, .fixed32: "UInt32"
    case .int64, .sint64, .sfixed64: "Int64"
    case .uint64, .fixed64: "UInt64"
    case .enum: Names.type(field.enumType)
    case .message, .group: Names.type(field.messageType)
    }
  }

  private static func zero(_ field: FieldDescriptor) -> String {
    switch field.type {
    case .string: "\"\""
    case .bytes: "[]"
    case .bool: "false"
    case .enum: "." + Names.enumCase(field.enumType.values[0])
    default: "0"
    }
  }
}
