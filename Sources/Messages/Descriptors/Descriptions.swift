public import RPC

/// One .proto file.
public struct FileDescription: Sendable {
  /// "joinery/orders/v1/order.proto"
  public let name: String
  public let package: String
  /// Names of the files it imports.
  public let dependencies: [String]
  /// Its google.protobuf.FileDescriptorProto as it stands in the set, for server reflection.
  public let bytes: [UInt8]
  /// All of its messages, nested ones after those around them.
  public let messages: [MessageDescription]
  /// All of its enums, nested ones among them.
  public let enums: [EnumDescription]
  public let services: [ServiceDescription]
  public let extensions: [ExtensionDescription]
}

/// One message type.
public struct MessageDescription: Sendable {
  /// "joinery.orders.v1.Order.Line"
  public let fullName: String
  /// The comment above it in the .proto file, without comment marks.
  public let comment: String
  /// In the order of declaration.
  public let fields: [FieldDescription]
  /// Names of its oneofs; those that stand for `optional` are not among them.
  public let oneofs: [String]
  /// Whether it is the entry type that protobuf makes for a map field: key is field 1, value field
  /// 2.
  public let isMapEntry: Bool

  public var name: String { String(fullName.split(separator: ".").last ?? "") }
}

/// One field of a message.
public struct FieldDescription: Sendable {
  /// What a single value of the field is, in the words of the .proto file; `group` is not
  /// supported.
  public enum Kind: Int, Sendable {
    case double = 1
    case float, int64, uint64, int32, fixed64, fixed32, bool, string, group, message, bytes
    case uint32, enumeration, sfixed32, sfixed64, sint32, sint64
  }

  /// "customer_code"
  public let name: String
  /// "customerCode"
  public let jsonName: String
  public let number: Int
  public let kind: Kind
  /// Full name of the message or enum; empty for other kinds.
  public let typeName: String
  public let isRepeated: Bool
  /// Whether "not set" differs from zero: messages, oneof members and `optional` fields.
  public let hasPresence: Bool
  /// The oneof it belongs to; nil for none.
  public let oneof: String?
  /// What its reader must hold to be told it (`joinery.options.v1.read_permission`); empty for
  /// nothing.
  public let readPermission: String
  /// Whether it is about a person (`joinery.options.v1.personal`).
  public let isPersonal: Bool
  /// Whether it names whom its message is about (`joinery.options.v1.data_subject`).
  public let isDataSubject: Bool
  public let comment: String

  /// The type as a .proto file would say it: "repeated joinery.type.v1.Money", "int64".
  public var typeText: String {
    let single = kind == .message || kind == .enumeration ? typeName : "\(kind)"
    if isRepeated { return "repeated " + single }
    return hasPresence && kind != .message && oneof == nil ? "optional " + single : single
  }
}

/// One enum type.
public struct EnumDescription: Sendable {
  /// One of its values.
  public struct Value: Sendable {
    /// "CHANNEL_STORE"
    public let name: String
    public let number: Int32
    public let comment: String
  }

  public let fullName: String
  public let comment: String
  public let values: [Value]

  public func value(named name: String) -> Value? { values.first { $0.name == name } }
  public func value(numbered number: Int32) -> Value? { values.first { $0.number == number } }
}

/// One service.
public struct ServiceDescription: Sendable {
  public let fullName: String
  public let comment: String
  public let methods: [MethodDescription]
}

/// One method of a service.
public struct MethodDescription: Sendable {
  /// Name, shape, idempotency and permission.
  public let descriptor: MethodDescriptor
  /// Full name of the request message.
  public let input: String
  /// Full name of the response message.
  public let output: String
  public let comment: String
  /// The option `joinery.options.v1.reads`: what kind of data the answers hold that not everybody
  /// may know.
  public let reads: DataClass

  /// `joinery.options.v1.DataClass`
  public enum DataClass: Hashable, Sendable {
    case unspecified
    case personal
    case restricted
  }

  /// "joinery.orders.v1.OrderService.PlaceOrder"
  public var fullName: String { descriptor.service + "." + descriptor.name }
}

/// An extension of another message, such as a custom option.
public struct ExtensionDescription: Sendable {
  public let fullName: String
  /// Full name of the message that is extended.
  public let extendee: String
  public let number: Int
}

extension FileDescription {
  /// Parses a serialised google.protobuf.FileDescriptorProto, as server reflection hands it out.
  public init(fileDescriptor bytes: [UInt8]) throws(WireError) {
    self = try DescriptorParser.file(bytes[...])
  }

  /// In place of a file that nobody has.
  package init(none name: String) {
    self.init(
      name: name, package: "", dependencies: [], bytes: [], messages: [], enums: [], services: [],
      extensions: [])
  }

  /// Every name that the file declares, as reflection clients ask for it.
  var symbols: [String] {
    var symbols = extensions.map(\.fullName)
    for message in messages {
      symbols.append(message.fullName)
      symbols += (message.fields.map(\.name) + message.oneofs).map { message.fullName + "." + $0 }
    }
    for enumeration in enums {
      symbols.append(enumeration.fullName)
      // The values' scope is that of their enum, as in C++.
      let scope = enumeration.fullName.split(separator: ".").dropLast().joined(separator: ".")
      symbols += enumeration.values.map { scope + "." + $0.name }
    }
    for service in services {
      symbols.append(service.fullName)
      symbols += service.methods.map(\.fullName)
    }
    return symbols
  }
}
