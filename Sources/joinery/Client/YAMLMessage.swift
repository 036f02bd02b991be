private import Foundation
internal import Messages
private import Yams

/// A message in a file: YAML with the names of the API, which JSON is, too. A value is taken as it
/// is written, so that `420.50` stays what it is, and becomes what its field holds.
struct YAMLMessage {
  /// Full name of the message.
  let type: String

  /// The bytes of the message; the whole file is one.
  func bytes(ofFile path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure("cannot read \(path)")
    }
    guard data.count <= 1 << 20 else { throw Failure("\(path) is larger than 1 MiB") }
    let root: Node?
    do { root = try Yams.compose(yaml: String(decoding: data, as: UTF8.self)) } catch {
      throw Failure("\(path): \(error)")
    }
    guard let root, root.mapping != nil else {
      throw Failure("\(path): expected fields of \(type)")
    }
    do {
      let value = try Self.value(root, of: DescriptorPool.joinery.message(type), depth: 0)
      return try JSONMapping().bytes(from: value, as: type)
    } catch {
      throw Failure("\(path): \(error)")
    }
  }

  private static func value(
    _ node: Node, of message: MessageDescription?, depth: Int
  ) throws -> JSONValue {
    guard depth < 50 else { throw Failure("more than 50 levels within each other") }
    switch node {
    case .mapping(let pairs):
      return .object(
        try pairs.map { key, inner in
          let name = key.string ?? ""
          let field = message?.fields.first { $0.jsonName == name || $0.name == name }
          return .init(name, try value(inner, of: field, depth: depth + 1))
        })
    case .sequence(let nodes):
      return .array(try nodes.map { try value($0, of: message, depth: depth + 1) })
    case .scalar(let scalar): return .text(scalar.string)
    case .alias: throw Failure("an alias names nothing")
    }
  }

  private static func value(
    _ node: Node, of field: FieldDescription?, depth: Int
  ) throws -> JSONValue {
    if case .scalar(let scalar) = node {
      switch (field?.kind, scalar.string) {
      case (.bool, "true"): return .bool(true)
      case (.bool, "false"): return .bool(false)
      default: return .text(scalar.string)
      }
    }
    return try value(
      node, of: field.flatMap { DescriptorPool.joinery.message($0.typeName) }, depth: depth)
  }
}
