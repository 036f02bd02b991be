public import RPC

/// Takes out of encoded messages what their reader may not know: the fields that declare a
/// permission (`joinery.options.v1.read_permission`) which the reader lacks, at any depth.
public struct Withholding: Sendable {
  private static let factType = "joinery.type.v1.Fact"
  private static let factName = 1
  private static let factValue = 2

  /// Marked with the permission that is missing.
  private let fields: MarkedFields<String>
  /// What facts tell that not everybody may know: the permission by the fact's name.
  private let facts: [String: String]

  /// For messages of `type`, read by somebody without `permissions`; nil where nothing in them is
  /// ever withheld. `facts` says which permission a named fact needs.
  public init?(
    from type: String, lacking permissions: Set<String>, facts: [String: String] = [:],
    pool: DescriptorPool = .joinery
  ) {
    let facts = facts.filter { permissions.contains($0.value) }
    let found = MarkedFields(
      of: type, pool: pool, alsoTypes: facts.isEmpty ? [] : [Self.factType]
    ) { permissions.contains($0.readPermission) ? $0.readPermission : nil }
    guard let found else { return nil }
    fields = found
    self.facts = facts
  }

  /// The message without what is withheld, and which permissions would have shown more. Throws
  /// `malformed` for what is no encoding of the message.
  public func apply(
    to message: [UInt8]
  ) throws(WireError) -> (message: [UInt8], missing: Set<String>) {
    var missing: Set<String> = []
    let kept = try keep(of: message[...], fields.root, &missing)
    return (missing.isEmpty ? message : kept, missing)
  }

  private func keep(
    of message: ArraySlice<UInt8>, _ plan: MarkedFields<String>.Plan,
    _ missing: inout Set<String>
  ) throws(WireError) -> [UInt8] {
    let factPermission = plan.type == Self.factType ? try permission(ofFact: message) : nil
    var kept = WireWriter()
    var reader = WireReader(message)
    var start = reader.position
    while let (number, value) = try reader.next() {
      let field = message[start..<reader.position]
      start = reader.position
      if number == Self.factValue, let factPermission {
        missing.insert(factPermission)
        continue
      }
      switch plan[number] {
      case nil: kept.raw(field)
      case .marked(let permission): missing.insert(permission)
      case .enter(let next):
        // Whatever is no message there is nothing that we know of.
        guard case .bytes(let inner) = value else { throw .malformed }
        kept.bytes(number, try keep(of: inner, fields.plans[next], &missing))
      }
    }
    return kept.bytes
  }

  private func permission(ofFact message: ArraySlice<UInt8>) throws(WireError) -> String? {
    var reader = WireReader(message)
    var name = ""
    while let (number, value) = try reader.next() {
      if number == Self.factName { name = value.text }
    }
    return facts[name]
  }
}
