public import RPC

/// Takes out of encoded messages what their reader may not know: the fields that declare a
/// permission (`joinery.options.v1.read_permission`) which the reader lacks, at any depth.
public struct Withholding: Sendable {
  /// What becomes of a field of a message that concerns it; all others are passed on as they are.
  private enum Action: Sendable {
    case withhold(permission: String)
    /// Into the message of that plan.
    case enter(plan: Int)
  }

  /// What becomes of the fields of one message type.
  private struct Plan: Sendable {
    var actions: [Int: Action] = [:]
    /// Whether it is `joinery.type.v1.Fact`, whose name says what it tells.
    var isFact = false
  }

  private static let factType = "joinery.type.v1.Fact"
  private static let factName = 1
  private static let factValue = 2

  /// The plans that lead to something; the first is that of the message itself.
  private let plans: [Plan]
  /// What facts tell that not everybody may know: the permission by the fact's name.
  private let facts: [String: String]

  /// For messages of `type`, read by somebody without `permissions`; nil where nothing in them is
  /// ever withheld. `facts` says which permission a named fact needs.
  public init?(
    from type: String, lacking permissions: Set<String>, facts: [String: String] = [:],
    pool: DescriptorPool = .joinery
  ) {
    self.facts = facts.filter { permissions.contains($0.value) }
    var types: [String] = []
    var numbers: [String: Int] = [:]
    var plans: [Plan] = []
    func number(of type: String) -> Int {
      if let known = numbers[type] { return known }
      numbers[type] = types.count
      types.append(type)
      return types.count - 1
    }
    _ = number(of: type)
    while plans.count < types.count {
      let name = types[plans.count]
      var plan = Plan(isFact: name == Self.factType && !self.facts.isEmpty)
      for field in pool.message(name)?.fields ?? [] {
        if permissions.contains(field.readPermission) {
          plan.actions[field.number] = .withhold(permission: field.readPermission)
        } else if field.kind == .message {
          plan.actions[field.number] = .enter(plan: number(of: field.typeName))
        }
      }
      plans.append(plan)
    }
    let pruned = Self.pruned(plans)
    guard pruned[0].isFact || !pruned[0].actions.isEmpty else { return nil }
    self.plans = pruned
  }

  /// Without the ways that lead to nothing. Types may refer to each other in circles.
  private static func pruned(_ plans: [Plan]) -> [Plan] {
    var matters = plans.map { plan in
      plan.isFact
        || plan.actions.values.contains { if case .withhold = $0 { true } else { false } }
    }
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for (index, plan) in plans.enumerated() where !matters[index] {
        matters[index] = plan.actions.values.contains {
          if case .enter(let next) = $0 { matters[next] } else { false }
        }
        hasChanged = hasChanged || matters[index]
      }
    }
    return plans.map { plan in
      var plan = plan
      plan.actions = plan.actions.filter { _, action in
        if case .enter(let next) = action { matters[next] } else { true }
      }
      return plan
    }
  }

  /// The message without what is withheld, and which permissions would have shown more. Throws
  /// `malformed` for what is no encoding of the message.
  public func apply(
    to message: [UInt8]
  ) throws(WireError) -> (message: [UInt8], missing: Set<String>) {
    var missing: Set<String> = []
    let kept = try keep(of: message[...], plans[0], &missing)
    return (missing.isEmpty ? message : kept, missing)
  }

  private func keep(
    of message: ArraySlice<UInt8>, _ plan: Plan, _ missing: inout Set<String>
  ) throws(WireError) -> [UInt8] {
    let factPermission = plan.isFact ? try permission(ofFact: message) : nil
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
      switch plan.actions[number] {
      case nil: kept.raw(field)
      case .withhold(let permission): missing.insert(permission)
      case .enter(let next):
        // Whatever is no message there is nothing that we know of.
        guard case .bytes(let inner) = value else { throw .malformed }
        kept.bytes(number, try keep(of: inner, plans[next], &missing))
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
