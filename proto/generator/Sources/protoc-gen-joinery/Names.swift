import SwiftProtobufPluginLibrary

/// How .proto names become Swift names and the names that protoc-gen-c gives in C.
enum Names {
  // MARK: Swift

  /// `joinery.orders.v1` → `OrdersV1`, `grpc.health.v1` → `GRPCHealthV1`.
  static func namespace(_ package: String) -> String {
    package.split(separator: ".").map { part in
      switch part {
      case "joinery": ""
      case "grpc": "GRPC"
      case "rpc": "RPC"
      default: capitalised(String(part))
      }
    }.joined()
  }

  /// `OrdersV1+OrderService` for joinery/orders/v1/order_service.proto.
  static func swiftFile(of file: FileDescriptor) -> String {
    let base = file.name.split(separator: "/").last.map(String.init) ?? file.name
    return namespace(file.package) + "+" + pascal(String(base.dropLast(".proto".count)))
  }

  /// `OrdersV1.Order.Line`.
  static func type(_ message: Descriptor) -> String { type(message.fullName, in: message.file) }
  static func type(_ enumeration: EnumDescriptor) -> String {
    type(enumeration.fullName, in: enumeration.file)
  }

  private static func type(_ fullName: String, in file: FileDescriptor) -> String {
    namespace(file.package) + "." + fullName.dropFirst(file.package.count + 1)
  }

  /// `customer_code` → `customerCode`, in backticks where Swift needs them.
  static func property(_ name: String) -> String { escaped(camel(name)) }

  /// `PlaceOrder` → `placeOrder`.
  static func method(_ name: String) -> String { escaped(lowerFirst(name)) }

  /// The type of a oneof: `message_request` → `MessageRequest`.
  static func oneof(_ oneof: OneofDescriptor) -> String { pascal(oneof.name) }

  /// `CHANNEL_STORE` of `Channel` → `store`.
  static func enumCase(_ value: EnumValueDescriptor) -> String {
    let prefix = upperSnake(value.enumType.name) + "_"
    let name = value.name
    if name.hasPrefix(prefix), let first = name.dropFirst(prefix.count).first, first.isLetter {
      return escaped(camel(name.dropFirst(prefix.count).lowercased()))
    }
    return escaped(camel(name.lowercased()))
  }

  static func camel(_ name: String) -> String { lowerFirst(pascal(name)) }

  static func pascal(_ name: String) -> String {
    name.split(separator: "_").map { capitalised(String($0)) }.joined()
  }

  private static func capitalised(_ word: String) -> String {
    word.prefix(1).uppercased() + word.dropFirst()
  }

  private static func lowerFirst(_ word: String) -> String {
    word.prefix(1).lowercased() + word.dropFirst()
  }

  /// `WorkOrderState` → `WORK_ORDER_STATE`.
  private static func upperSnake(_ name: String) -> String {
    var text = ""
    var wasLower = false
    for character in name {
      if character.isUppercase && wasLower { text += "_" }
      text += character.uppercased()
      wasLower = character.isLowercase || character.isNumber
    }
    return text
  }

  private static func escaped(_ name: String) -> String {
    keywords.contains(name) ? "`\(name)`" : name
  }

  private static let keywords: Set<String> = [
    "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer",
    "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for",
    "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil",
    "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return",
    "self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
    "typealias", "var", "where", "while",
  ]

  // MARK: C

  /// `Joinery__Orders__V1__PlaceOrderRequest`.
  static func cType(_ message: Descriptor) -> String {
    message.fullName.split(separator: ".").map { capitalised(String($0)) }.joined(separator: "__")
  }

  /// `joinery__orders__v1__place_order_request`.
  static func cPrefix(_ message: Descriptor) -> String {
    message.fullName.split(separator: ".").map { cLower(String($0)) }.joined(separator: "__")
  }

  /// A field of a C struct. Those that are keywords in C or C++ got an underscore (`CCodecs`).
  static func cField(_ name: String) -> String {
    cKeywords.contains(name) ? name + "_" : name
  }

  /// `HTTPRule` → `httprule`: protobuf-c puts an underscore only between a lower and an upper
  /// letter.
  private static func cLower(_ name: String) -> String {
    var text = ""
    var wasUpper = true
    for character in name {
      if character.isUppercase && !wasUpper { text += "_" }
      text += character.lowercased()
      wasUpper = character.isUppercase
    }
    return text
  }

  private static let cKeywords: Set<String> = [
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "base", "bitand", "bitor", "bool",
    "break", "case", "catch", "char", "class", "compl", "const", "constexpr", "const_cast",
    "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum",
    "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if", "init",
    "inline",
    "int", "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr",
    "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast",
    "restrict", "return", "self", "short", "signed", "sizeof", "static", "static_assert",
    "static_cast",
    "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef",
    "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t",
    "while", "xor", "xor_eq",
  ]
}
