import RPC

/// Reads google.protobuf.FileDescriptorProto by hand: descriptor.proto is recursive, so it has no
/// generated message. Field numbers are those of descriptor.proto.
struct DescriptorParser {
  private let package: String
  /// Whether a field without a word about it tells absence from zero: proto2 and editions.
  private let hasPresence: Bool
  private let comments: [[Int]: String]
  private var messages: [MessageDescription] = []
  private var enums: [EnumDescription] = []
  private var services: [ServiceDescription] = []
  private var extensions: [ExtensionDescription] = []

  static func file(_ bytes: ArraySlice<UInt8>) throws(WireError) -> FileDescription {
    let fields = try Fields(bytes)
    let features = try Fields(try Fields(fields.slices(8).last ?? []).slices(50).last ?? [])
    var parser = DescriptorParser(
      package: fields.text(2),
      hasPresence: fields.text(12) != "proto3" && features.int(1) != implicitPresence,
      comments: try comments(fields.slices(9)))
    for (index, slice) in fields.slices(4).enumerated() {
      try parser.message(slice, scope: parser.package, path: [4, index])
    }
    for (index, slice) in fields.slices(5).enumerated() {
      try parser.enumeration(slice, scope: parser.package, path: [5, index])
    }
    for (index, slice) in fields.slices(6).enumerated() {
      try parser.service(slice, path: [6, index])
    }
    for slice in fields.slices(7) { try parser.addExtension(slice, scope: parser.package) }
    return FileDescription(
      name: fields.text(1), package: parser.package,
      dependencies: fields.slices(3).map { String(decoding: $0, as: UTF8.self) },
      bytes: [UInt8](bytes), messages: parser.messages, enums: parser.enums,
      services: parser.services, extensions: parser.extensions)
  }

  private init(package: String, hasPresence: Bool, comments: [[Int]: String]) {
    self.package = package
    self.hasPresence = hasPresence
    self.comments = comments
  }

  /// `google.protobuf.FeatureSet.FieldPresence.IMPLICIT`
  private static let implicitPresence = 2
  /// Types in types; descriptors may come from a server that means harm.
  private static let depthLimit = 100

  private mutating func message(
    _ bytes: ArraySlice<UInt8>, scope: String, path: [Int]
  ) throws(WireError) {
    guard path.count <= 2 * Self.depthLimit else { throw .tooLarge }
    let fields = try Fields(bytes)
    let fullName = Self.join(scope, fields.text(1))
    var oneofs: [String] = []
    for slice in fields.slices(8) { oneofs.append(try Fields(slice).text(1)) }
    var members: [FieldDescription] = []
    var real: Set<String> = []
    for (index, slice) in fields.slices(2).enumerated() {
      let field = try field(slice, oneofs: oneofs, comment: comments[path + [2, index]] ?? "")
      if let oneof = field.oneof { real.insert(oneof) }
      members.append(field)
    }
    let options = try Fields(fields.slices(7).last ?? [])
    messages.append(
      MessageDescription(
        fullName: fullName, comment: comments[path] ?? "", fields: members,
        oneofs: oneofs.filter(real.contains), isMapEntry: options.int(7) != 0))
    for (index, slice) in fields.slices(3).enumerated() {
      try message(slice, scope: fullName, path: path + [3, index])
    }
    for (index, slice) in fields.slices(4).enumerated() {
      try enumeration(slice, scope: fullName, path: path + [4, index])
    }
    for slice in fields.slices(6) { try addExtension(slice, scope: fullName) }
  }

  private func field(
    _ bytes: ArraySlice<UInt8>, oneofs: [String], comment: String
  ) throws(WireError) -> FieldDescription {
    let fields = try Fields(bytes)
    guard let kind = FieldDescription.Kind(rawValue: fields.int(5)) else { throw .malformed }
    let isRepeated = fields.int(4) == 3
    let isOptional = fields.int(17) != 0
    var oneof: String?
    if fields.has(9), !isOptional {
      guard oneofs.indices.contains(fields.int(9)) else { throw .malformed }
      oneof = oneofs[fields.int(9)]
    }
    let isMessage = kind == .message || kind == .group
    let options = try Fields(fields.slices(8).last ?? [])
    let features = try Fields(options.slices(21).last ?? [])
    let isExplicit = features.has(1) ? features.int(1) != Self.implicitPresence : hasPresence
    return FieldDescription(
      name: fields.text(1), jsonName: fields.has(10) ? fields.text(10) : Self.camel(fields.text(1)),
      number: fields.int(3), kind: kind,
      typeName: String(fields.text(6).drop { $0 == "." }), isRepeated: isRepeated,
      hasPresence: !isRepeated && (isMessage || isOptional || isExplicit || oneof != nil),
      oneof: oneof, readPermission: options.text(Self.readPermissionOption),
      isPersonal: options.int(Self.personalOption) != 0,
      isDataSubject: options.int(Self.dataSubjectOption) != 0, comment: comment)
  }

  /// The name in JSON where the descriptor does not say it, as some servers leave it out.
  private static func camel(_ name: String) -> String {
    var raises = false
    return name.reduce(into: "") { text, character in
      if character != "_" { text += raises ? character.uppercased() : String(character) }
      raises = character == "_"
    }
  }

  private mutating func enumeration(
    _ bytes: ArraySlice<UInt8>, scope: String, path: [Int]
  ) throws(WireError) {
    let fields = try Fields(bytes)
    var values: [EnumDescription.Value] = []
    for (index, slice) in fields.slices(2).enumerated() {
      let value = try Fields(slice)
      values.append(
        EnumDescription.Value(
          name: value.text(1), number: Int32(truncatingIfNeeded: value.int(2)),
          comment: comments[path + [2, index]] ?? ""))
    }
    enums.append(
      EnumDescription(
        fullName: Self.join(scope, fields.text(1)), comment: comments[path] ?? "", values: values))
  }

  private mutating func service(_ bytes: ArraySlice<UInt8>, path: [Int]) throws(WireError) {
    let fields = try Fields(bytes)
    let fullName = Self.join(package, fields.text(1))
    var methods: [MethodDescription] = []
    for (index, slice) in fields.slices(2).enumerated() {
      methods.append(
        try Self.method(slice, of: fullName, comment: comments[path + [2, index]] ?? ""))
    }
    services.append(
      ServiceDescription(fullName: fullName, comment: comments[path] ?? "", methods: methods))
  }

  private static func method(
    _ bytes: ArraySlice<UInt8>, of service: String, comment: String
  ) throws(WireError) -> MethodDescription {
    let fields = try Fields(bytes)
    let options = try Fields(fields.slices(4).last ?? [])
    let shape: MethodDescriptor.Shape =
      switch (fields.int(5) != 0, fields.int(6) != 0) {
      case (false, false): .unary
      case (true, false): .clientStreaming
      case (false, true): .serverStreaming
      case (true, true): .bidirectional
      }
    let idempotency: MethodDescriptor.Idempotency =
      switch options.int(34) {
      case 1: .noSideEffects
      case 2: .idempotent
      default: .unknown
      }
    return MethodDescription(
      descriptor: MethodDescriptor(
        service: service, name: fields.text(1), shape: shape, idempotency: idempotency,
        permission: options.text(permissionOption), isSensitive: options.int(sensitiveOption) != 0,
        scope: scope(options.int(scopeOption)),
        isBeforeApproval: options.int(beforeApprovalOption) != 0),
      input: String(fields.text(2).drop { $0 == "." }),
      output: String(fields.text(3).drop { $0 == "." }), comment: comment,
      reads: options.int(readsOption) == 1
        ? .personal : options.int(readsOption) == 2 ? .restricted : .unspecified)
  }

  private static func scope(_ option: Int) -> MethodDescriptor.Scope {
    switch option {
    case 1: .rows
    case 2: .company
    case 3: .all
    default: .unspecified
    }
  }

  /// The number of `joinery.options.v1.reads`.
  private static let readsOption = 50002

  /// The number of `joinery.options.v1.permission`.
  private static let permissionOption = 50001
  /// The number of `joinery.options.v1.read_permission`.
  private static let readPermissionOption = 50002
  /// The number of `joinery.options.v1.personal`.
  private static let personalOption = 50003
  /// The number of `joinery.options.v1.data_subject`.
  private static let dataSubjectOption = 50004
  /// The number of `joinery.options.v1.sensitive`.
  private static let sensitiveOption = 50003
  /// The number of `joinery.options.v1.scope`.
  private static let scopeOption = 50004
  /// The number of `joinery.options.v1.before_approval`.
  private static let beforeApprovalOption = 50005

  private mutating func addExtension(
    _ bytes: ArraySlice<UInt8>, scope: String
  ) throws(WireError) {
    let fields = try Fields(bytes)
    extensions.append(
      ExtensionDescription(
        fullName: Self.join(scope, fields.text(1)),
        extendee: String(fields.text(2).drop { $0 == "." }), number: fields.int(3)))
  }

  /// The comments of SourceCodeInfo by path: above the element, or else behind it.
  private static func comments(
    _ slices: [ArraySlice<UInt8>]
  ) throws(WireError) -> [[Int]: String] {
    var comments: [[Int]: String] = [:]
    for slice in slices {
      for location in try Fields(slice).slices(1) {
        let fields = try Fields(location)
        let text = fields.has(3) ? fields.text(3) : fields.text(4)
        var path: [Int] = []
        var reader = WireReader(fields.slices(1).last ?? [])
        while !reader.isAtEnd { path.append(Int(truncatingIfNeeded: try reader.varint())) }
        comments[path] = unmarked(text)
      }
    }
    return comments
  }

  /// The comment's lines without the space after the comment mark and without empty ends.
  private static func unmarked(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.first == " " ? $0.dropFirst() : $0 }
    while lines.last?.allSatisfy({ $0 == " " }) == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  private static func join(_ scope: String, _ name: String) -> String {
    scope.isEmpty ? name : scope + "." + name
  }
}

/// The fields of one message, read in one pass.
private struct Fields {
  private var values: [(number: Int, value: WireReader.Value)] = []

  init(_ bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = WireReader(bytes)
    while let field = try reader.next() { values.append(field) }
  }

  func has(_ number: Int) -> Bool { values.contains { $0.number == number } }
  func int(_ number: Int) -> Int { values.last { $0.number == number }?.value.int ?? 0 }
  func text(_ number: Int) -> String { values.last { $0.number == number }?.value.text ?? "" }
  func slices(_ number: Int) -> [ArraySlice<UInt8>] {
    values.compactMap { $0.number == number ? $0.value.slice : nil }
  }
}
