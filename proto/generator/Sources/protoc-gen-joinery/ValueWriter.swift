import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Writes messages and enums as Swift values.
enum ValueWriter {
  static func source(of file: FileDescriptor) -> SourceText {
    let imports = file.messages.isEmpty ? [] : ["public import RPC"]
    var source = SourceText(generatedFrom: file.name, imports: imports)
    source.block("extension \(Names.namespace(file.package))") { source in
      var isFirst = true
      for message in file.messages {
        if !isFirst { source.line() }
        isFirst = false
        write(message, to: &source)
      }
      for enumeration in file.enums {
        if !isFirst { source.line() }
        isFirst = false
        write(enumeration, to: &source)
      }
    }
    return source
  }

  private static func write(_ message: Descriptor, to source: inout SourceText) {
    source.comment(of: message)
    source.block("public struct \(message.name): WireMessage, Hashable") { source in
      source.line("public static var fullName: String { \"\(message.fullName)\" }")
      let members = Member.all(of: message)
      if !members.isEmpty { source.line() }
      for member in members {
        member.comment(in: &source)
        source.line("public var \(member.name): \(member.type) = \(member.initial)")
      }
      source.line()
      writeInitialiser(members, to: &source)
      for oneof in message.realOneofs {
        source.line()
        write(oneof, to: &source)
      }
      for inner in message.messages where !inner.options.mapEntry {
        source.line()
        write(inner, to: &source)
      }
      for enumeration in message.enums {
        source.line()
        write(enumeration, to: &source)
      }
    }
  }

  private static func writeInitialiser(_ members: [Member], to source: inout SourceText) {
    guard !members.isEmpty else { return source.line("public init() {}") }
    let parameters = members.map { "\($0.name): \($0.type) = \($0.initial)" }
    source.signature("public init", parameters, " {")
    source.indented { source in
      for member in members { source.line("self.\(member.name) = \(member.name)") }
    }
    source.line("}")
  }

  private static func write(_ oneof: OneofDescriptor, to source: inout SourceText) {
    source.comment(of: oneof)
    source.block("public enum \(Names.oneof(oneof)): Hashable, Sendable") { source in
      for field in oneof.fields {
        source.comment(of: field)
        source.line("case \(Names.property(field.name))(\(Member.single(field)))")
      }
    }
  }

  private static func write(_ enumeration: EnumDescriptor, to source: inout SourceText) {
    let values = enumeration.values
    source.comment(of: enumeration)
    source.block("public enum \(enumeration.name): Hashable, Sendable") { source in
      for value in values {
        source.comment(of: value)
        source.line("case \(Names.enumCase(value))")
      }
      source.line("/// A number that this version does not know; a newer peer may send one.")
      source.line("case unrecognized(Int32)")
      source.line()
      source.line("/// The known values in the order of their declaration.")
      source.line("public static let allCases: [\(enumeration.name)] = [")
      source.indented { source in
        for value in values { source.line(".\(Names.enumCase(value)),") }
      }
      source.line("]")
      source.line()
      source.line("/// The value of a number on the wire.")
      source.block("public init(rawValue: Int32)") { source in
        source.block("switch rawValue") { source in
          for value in values {
            source.line("case \(value.number): self = .\(Names.enumCase(value))")
          }
          source.line("default: self = .unrecognized(rawValue)")
        }
      }
      source.line()
      source.line("/// The number on the wire.")
      source.block("public var rawValue: Int32") { source in
        source.block("switch self") { source in
          for value in values { source.line("case .\(Names.enumCase(value)): \(value.number)") }
          source.line("case .unrecognized(let number): number")
        }
      }
      source.line()
      source.line("/// The name in the .proto file; the number as text for an unrecognized value.")
      source.block("public var name: String") { source in
        source.block("switch self") { source in
          for value in values {
            source.line("case .\(Names.enumCase(value)): \"\(value.name)\"")
          }
          source.line("case .unrecognized(let number): String(number)")
        }
      }
    }
  }
}
