import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Writes how messages are read from and written to the C structs of protobuf-c.
enum CodecWriter {
  static func source(of file: FileDescriptor, _ options: Options) -> SourceText {
    // What the codecs of other targets need of Messages is visible in the package.
    let imports =
      options.isProduct
      ? ["package import \(options.cModule)", "import CProtobufC", "public import RPC"]
      : ["import \(options.cModule)", "import CProtobufC", "import Messages", "public import RPC"]
    var source = SourceText(generatedFrom: file.name, imports: imports)
    for (index, message) in withNested(file.messages).enumerated() {
      if index > 0 { source.line() }
      write(message, access: options.isProduct ? "package " : "", to: &source)
    }
    return source
  }

  /// The messages and those declared inside them, without the entry types of maps.
  static func withNested(_ messages: [Descriptor]) -> [Descriptor] {
    messages.filter { !$0.options.mapEntry }.flatMap { [$0] + withNested($0.messages) }
  }

  private static func write(
    _ message: Descriptor, access: String, to source: inout SourceText
  ) {
    source.block("extension \(Names.type(message)): MessageCodec") { source in
      source.block("public init(wire bytes: UnsafeRawBufferPointer) throws(WireError)") { source in
        source.line("self = try WireMemory.decode(bytes)")
      }
      source.line()
      source.block("public func encode(_ allocate: (Int) -> UnsafeMutableRawPointer)") { source in
        source.line("WireMemory.encode(self, allocate)")
      }
      source.line()
      let c = "<\(Names.cType(message))>"
      source.block("\(access)static func clear(_ c: UnsafeMutablePointer\(c))") {
        $0.line("\(Names.cPrefix(message))__init(c)")
      }
      source.line()
      let members = Member.all(of: message)
      source.signature(
        "\(access)init", ["_ c: UnsafePointer\(c)", "_ memory: WireMemory"], " throws(WireError) {")
      source.indented { source in
        for member in members { read(member, to: &source) }
      }
      source.line("}")
      source.line()
      source.signature(
        "\(access)func fill", ["_ c: UnsafeMutablePointer\(c)", "_ memory: WireMemory"], " {")
      source.indented { source in
        for member in members { fill(member, to: &source) }
      }
      source.line("}")
    }
  }

  // MARK: Reading

  private static func read(_ member: Member, to source: inout SourceText) {
    switch member {
    case .oneof(let oneof):
      source.block("switch c.pointee.\(oneof.name)_case.rawValue") { source in
        for field in oneof.fields {
          let value = readSingle(field, "c.pointee.\(Names.cField(field.name))")
          source.line(
            "case \(field.number): \(member.name) = .\(Names.property(field.name))(\(value))")
        }
        source.line("default: break")
      }
    case .field(let field):
      let value = "c.pointee.\(Names.cField(field.name))"
      if field.isMap {
        readMap(field, member.name, to: &source)
      } else if field.isRepeated {
        source.line("\(member.name) = \(readList(field, value))")
      } else if field.type == .message {
        source.line("\(member.name) = try memory.optional(\(value), \"\(field.name)\")")
      } else if field.hasPresence {
        source.block("if c.pointee.\(oneofCase(field)).rawValue != 0") {
          $0.line("\(member.name) = \(readSingle(field, value))")
        }
      } else {
        source.line("\(member.name) = \(readSingle(field, value))")
      }
    }
  }

  /// The case member that protobuf-c gives the oneof of a proto3 `optional` field.
  private static func oneofCase(_ field: FieldDescriptor) -> String {
    (field.containingOneof?.name ?? "") + "_case"
  }

  private static func readSingle(_ field: FieldDescriptor, _ value: String) -> String {
    switch field.type {
    case .string: "try memory.text(\(value), \"\(field.name)\")"
    case .bytes: "memory.bytes(\(value))"
    case .bool: "\(value) != 0"
    case .enum: "\(Names.type(field.enumType))(rawValue: \(value))"
    case .message, .group: "try memory.message(\(value), \"\(field.name)\")"
    default: value
    }
  }

  private static func readList(_ field: FieldDescriptor, _ value: String) -> String {
    let count = "c.pointee.n_\(Names.cField(field.name))"
    switch field.type {
    case .string: return "try memory.texts(\(count), \(value), \"\(field.name)\")"
    case .bytes: return "try memory.byteStrings(\(count), \(value))"
    case .bool: return "try memory.list(\(count), \(value)) { $0 != 0 }"
    case .enum:
      return "try memory.list(\(count), \(value)) { \(Names.type(field.enumType))(rawValue: $0) }"
    case .message, .group: return "try memory.messages(\(count), \(value), \"\(field.name)\")"
    default: return "try memory.list(\(count), \(value)) { $0 }"
    }
  }

  private static func readMap(_ field: FieldDescriptor, _ name: String, to source: inout SourceText)
  {
    guard let (key, value) = field.messageType.mapKeyAndValue else { return }
    source.block("for index in 0..<c.pointee.n_\(Names.cField(field.name))") { source in
      source.block("if let entry = c.pointee.\(Names.cField(field.name))[index]") { source in
        let keyValue =
          key.type == .string
          ? "try memory.key(entry.pointee.key, \"\(field.name)\")"
          : readSingle(key, "entry.pointee.key")
        source.line("\(name)[\(keyValue)] = \(readSingle(value, "entry.pointee.value"))")
      }
    }
  }

  // MARK: Writing

  private static func fill(_ member: Member, to source: inout SourceText) {
    switch member {
    case .oneof(let oneof):
      source.block("switch \(member.name)") { source in
        for field in oneof.fields {
          source.line("case .\(Names.property(field.name))(let value):")
          source.line("  c.pointee.\(oneof.name)_case.rawValue = \(field.number)")
          source.line("  c.pointee.\(Names.cField(field.name)) = \(fillSingle(field, "value"))")
        }
        source.line("case nil: break")
      }
    case .field(let field):
      let target = "c.pointee.\(Names.cField(field.name))"
      if field.isMap {
        fillMap(field, member.name, to: &source)
      } else if field.isRepeated {
        source.line(
          "(c.pointee.n_\(Names.cField(field.name)), \(target)) = \(fillList(field, member.name))")
      } else if field.type == .message {
        source.line("\(target) = memory.optional(\(member.name))")
      } else if field.hasPresence {
        source.block("if let \(member.name)") { source in
          source.line("c.pointee.\(oneofCase(field)).rawValue = \(field.number)")
          source.line("\(target) = \(fillSingle(field, member.name))")
        }
      } else {
        source.line("\(target) = \(fillSingle(field, member.name))")
      }
    }
  }

  private static func fillSingle(_ field: FieldDescriptor, _ value: String) -> String {
    switch field.type {
    case .string, .bytes: "memory.bytes(\(value))"
    case .bool: "\(value) ? 1 : 0"
    case .enum: "\(value).rawValue"
    case .message, .group: "memory.message(\(value))"
    default: value
    }
  }

  private static func fillList(_ field: FieldDescriptor, _ value: String) -> String {
    switch field.type {
    case .string, .bytes: "memory.list(\(value)) { memory.bytes($0) }"
    case .bool: "memory.list(\(value)) { $0 ? 1 : 0 }"
    case .enum: "memory.list(\(value)) { $0.rawValue }"
    case .message, .group: "memory.messages(\(value))"
    default: "memory.list(\(value)) { $0 }"
    }
  }

  private static func fillMap(_ field: FieldDescriptor, _ name: String, to source: inout SourceText)
  {
    guard let (key, value) = field.messageType.mapKeyAndValue, let entry = field.messageType else {
      return
    }
    let type = Names.cType(entry)
    // Sorted, so that equal messages have equal encodings.
    let order =
      switch key.type {
      case .bool: "!$0.key && $1.key"
      case .string: "$0.key.utf8.lexicographicallyPrecedes($1.key.utf8)"
      default: "$0.key < $1.key"
      }
    let (count, entries) = ("n_" + Names.cField(field.name), Names.cField(field.name))
    source.line("(c.pointee.\(count), c.pointee.\(entries)) = memory.entries(")
    source.line("  \(name).sorted { \(order) }, \(Names.cPrefix(entry))__init")
    source.line(") { (entry: UnsafeMutablePointer<\(type)>, pair) in")
    source.indented { source in
      let keyValue = key.type == .string ? "memory.key(pair.key)" : fillSingle(key, "pair.key")
      source.line("entry.pointee.key = \(keyValue)")
      source.line("entry.pointee.value = \(fillSingle(value, "pair.value"))")
    }
    source.line("}")
  }
}
