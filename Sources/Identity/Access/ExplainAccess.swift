package import Storage
package import Values

/// Why a principal may call a method, or why not: the same questions in the same order as a call is
/// asked.
package struct ExplainAccess: Sendable {
  package let principal: String
  /// What the method asks for.
  package let permission: String
  package let isSensitive: Bool
  /// Whose data the method is about.
  package let data: Data
  package let rule: SecondFactorRule

  package init(
    principal: String, permission: String, isSensitive: Bool, data: Data,
    rule: SecondFactorRule
  ) {
    self.principal = principal
    self.permission = permission
    self.isSensitive = isSensitive
    self.data = data
    self.rule = rule
  }

  package enum Data: Hashable, Sendable {
    /// Nobody's in particular, or the caller's alone.
    case common
    /// Somebody's: what is not in the caller's scope does not exist for it.
    case somebodys
    /// Everybody's at once.
    case everybodys
  }

  /// Held by anybody, known or not.
  package static let open = "open"
  /// Held by everybody who is known.
  package static let own = "self"

  package func run(
    in snapshot: Snapshot
  ) throws -> (isAllowed: Bool, explanation: Explanation) {
    let principal = try Principals.require(name: principal, field: "principal", in: snapshot)
    var steps: [Explanation.Step] = []
    if permission == Self.open {
      steps.append(.init("method.open", "Anybody may call the method"))
      return (true, Explanation(steps))
    }
    if principal.isDisabled {
      steps.append(.init("principal.state", "\(principal.name) is disabled"))
      return (false, Explanation(steps))
    }
    steps.append(.init("principal.state", "\(principal.name) is not disabled"))
    if permission == Self.own {
      steps.append(.init("method.self", "Everybody who is known may call the method"))
      return (true, Explanation(steps))
    }
    let holding = try RoleTable.names(holding: permission, in: snapshot)
    let granting = principal.roles.filter { holding.contains($0) }
    let facts = [
      Fact("permission", permission), Fact("roles", principal.roles.joined(separator: " ")),
      Fact("roles_that_permit", holding.joined(separator: " ")),
    ].filter { !$0.value.isEmpty }
    steps.append(
      granting.isEmpty
        ? .init("role.permission", "No role of \(principal.name) permits \(permission)", facts)
        : .init(
          "role.permission", "\(permission) is permitted by \(granting.joined(separator: ", "))",
          facts))
    if try Principals.password(of: principal, in: snapshot)?.mustChange == true {
      steps.append(
        .init("password.change", "\(principal.name) must change the one-time password first"))
      return (false, Explanation(steps))
    }
    if !granting.isEmpty, data != .common {
      let (isAllowed, step) = scope(of: principal, granting)
      steps.append(step)
      guard isAllowed else { return (false, Explanation(steps)) }
    }
    guard !granting.isEmpty, isSensitive else { return (!granting.isEmpty, Explanation(steps)) }
    let (isAllowed, step) = secondFactor(of: principal)
    steps.append(step)
    return (isAllowed, Explanation(steps))
  }

  /// How far the roles reach that permit it.
  private func scope(
    of principal: Principal, _ granting: [String]
  ) -> (isAllowed: Bool, Explanation.Step) {
    let reaches = principal.reaches.filter { granting.contains($0.role) }
    let text = reaches.map { "\($0.role) reaches \($0.storedText)" }.joined(separator: ", ")
    let place = principal.place
    let facts = [
      Fact("scope", text), Fact("department", place.department), Fact("store", place.storeCode),
      Fact("warehouse", place.warehouseCode),
    ].filter { !$0.value.isEmpty }
    let isAll = reaches.contains { $0.reaches.contains(.all) }
    guard data == .everybodys else {
      return (true, .init("role.scope", isAll ? "Everybody's data: \(text)" : text, facts))
    }
    return isAll
      ? (true, .init("role.scope", "The method is about everybody's data: \(text)", facts))
      : (false, .init("role.scope", "The method is about everybody's data, but \(text)", facts))
  }

  /// What a sensitive method asks for beside.
  private func secondFactor(of principal: Principal) -> (isAllowed: Bool, Explanation.Step) {
    let name = principal.name
    let (isAllowed, text) =
      if principal.kind != .person {
        (true, "The method is sensitive: \(name) needs a key bound to networks or a certificate")
      } else if principal.hasSecondFactor {
        (true, "The method is sensitive: \(name) must have proved its second factor just before")
      } else if rule == .required {
        (false, "The method is sensitive: \(name) must add a second factor first")
      } else {
        (true, "The method is sensitive, but \(name) has no second factor to prove")
      }
    return (isAllowed, Explanation.Step("method.sensitive", text))
  }
}
