import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// What this generator asks of .proto files beyond protoc's own rules. All faults are reported at
/// once.
enum Checks {
  static func run(_ files: [FileDescriptor]) throws {
    var faults: [String] = []
    for file in files {
      if file.edition != .proto3 && !(file.messages.isEmpty && file.enums.isEmpty) {
        faults.append("\(file.name): only proto3 is supported")
      }
      faults += file.messages.flatMap { check($0) }
      faults += file.enums.flatMap { check($0) }
      faults += file.services.flatMap { check($0) }
    }
    guard faults.isEmpty else { throw GeneratorError("\n  " + faults.joined(separator: "\n  ")) }
  }

  /// Whether the file is ours: rules of documentation and authorisation hold for our elements only.
  private static func isOurs(_ file: FileDescriptor) -> Bool { file.package.hasPrefix("joinery.") }

  private static func check(_ message: Descriptor) -> [String] {
    guard !message.options.mapEntry else { return [] }
    var faults = undocumented(message, message.fullName, in: message.file)
    if let cycle = cycle(from: message) {
      faults.append(
        "\(message.fullName): contains itself through \(cycle.joined(separator: ", ")); "
          + "the decoder's depth is bounded by the schema, so recursive messages are refused")
    }
    if message.name.contains("_") || reservedTypes.contains(message.name) {
      faults.append("\(message.fullName): the name would not work as a Swift type")
    }
    for field in message.fields {
      faults += undocumented(field, field.fullName, in: message.file)
      let isBinaryFloat = field.type == .double || field.type == .float
      if isBinaryFloat && isOurs(message.file) {
        faults.append("\(field.fullName): amounts are exact integers, never binary floating point")
      }
      if field.type == .group { faults.append("\(field.fullName): groups are not supported") }
    }
    for oneof in message.realOneofs {
      faults += undocumented(oneof, oneof.fullName, in: message.file)
    }
    return faults + message.messages.flatMap { check($0) } + message.enums.flatMap { check($0) }
  }

  private static func check(_ enumeration: EnumDescriptor) -> [String] {
    var faults = undocumented(enumeration, enumeration.fullName, in: enumeration.file)
    for value in enumeration.values {
      faults += undocumented(value, enumeration.fullName + "." + value.name, in: enumeration.file)
    }
    if Set(enumeration.values.map(\.number)).count < enumeration.values.count {
      faults.append("\(enumeration.fullName): aliases are not supported")
    }
    let cases = Dictionary(grouping: enumeration.values, by: Names.enumCase)
    for name in cases.keys.sorted() where cases[name]?.count != 1 || name == "unrecognized" {
      faults.append("\(enumeration.fullName): more than one value would become the case \(name)")
    }
    return faults
  }

  private static func check(_ service: ServiceDescriptor) -> [String] {
    var faults = undocumented(service, service.fullName, in: service.file)
    for method in service.methods {
      faults += undocumented(method, method.fullName, in: service.file)
      guard isOurs(service.file) else { continue }
      let permission = ServiceWriter.permission(of: method)
      if permission.isEmpty {
        faults.append("\(method.fullName): lacks option (joinery.options.v1.permission)")
      }
      let isAboutCaller = permission == "self" || permission == "open"
      if ServiceWriter.scope(of: method) == nil, !isAboutCaller {
        faults.append(
          "\(method.fullName): lacks option (joinery.options.v1.scope) "
            + "(SCOPE_ROWS for what is somebody's, SCOPE_COMPANY for what everybody needs, "
            + "SCOPE_ALL)")
      } else if ServiceWriter.scope(of: method) != nil, isAboutCaller {
        faults.append("\(method.fullName): is about the caller alone and has no scope")
      }
      if method.options.idempotencyLevel == .idempotencyUnknown {
        faults.append(
          "\(method.fullName): lacks option idempotency_level (NO_SIDE_EFFECTS for a question, "
            + "IDEMPOTENT for a command)")
      }
      if let map = textKeyedMap(in: method.inputType) {
        faults.append(
          "\(map): a map with text keys in the request of \(method.fullName); "
            + "the C decoder would cut keys at U+0000, so use a repeated message")
      }
    }
    return faults
  }

  private static func undocumented(
    _ element: some ProvidesSourceCodeLocation, _ name: String, in file: FileDescriptor
  ) -> [String] {
    guard isOurs(file), Comments.lines(of: element).isEmpty else { return [] }
    return ["\(name): has no comment"]
  }

  /// The messages by which `start` contains itself, or nil.
  private static func cycle(from start: Descriptor) -> [String]? {
    var visited: Set<String> = []
    func search(_ message: Descriptor, _ path: [String]) -> [String]? {
      for field in message.fields {
        guard let inner = field.messageType else { continue }
        if inner === start { return path + [field.name] }
        if !visited.insert(inner.fullName).inserted { continue }
        if let found = search(inner, path + [field.name]) { return found }
      }
      return nil
    }
    return search(start, [])
  }

  /// The first map with text keys among the fields of the message and of all that it holds.
  private static func textKeyedMap(in message: Descriptor) -> String? {
    var visited: Set<String> = []
    func search(_ message: Descriptor) -> String? {
      guard visited.insert(message.fullName).inserted else { return nil }
      for field in message.fields {
        guard let inner = field.messageType else { continue }
        if inner.mapKeyAndValue?.key.type == .string { return field.fullName }
        if let found = search(inner) { return found }
      }
      return nil
    }
    return search(message)
  }

  /// Types of the standard library that generated code names inside a message's scope.
  private static let reservedTypes: Set<String> = [
    "Array", "Bool", "Dictionary", "Double", "Float", "Hashable", "Int", "Int32", "Int64",
    "Optional", "Sendable", "String", "Type", "UInt32", "UInt64", "UInt8", "Protocol", "Self",
    "WireError", "WireMessage",
  ]
}
