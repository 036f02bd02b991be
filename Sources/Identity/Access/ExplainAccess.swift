package import Storage
package import Values

/// Why a principal may call a method, or why not: the same questions in the same order as a call is
/// asked.
package struct ExplainAccess: Sendable {
  package let principal: String
  /// What the method asks for.
  package let permission: String
  package let isSensitive: Bool
  package let rule: SecondFactorRule

  package init(
    principal: String, permission: String, isSensitive: Bool, rule: SecondFactorRule
  ) {
    self.principal = principal
    self.permission = permission
    self.isSensitive = isSensitive
    self.rule = rule
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
    guard !granting.isEmpty, isSensitive else { return (!granting.isEmpty, Explanation(steps)) }
    let (isAllowed, step) = secondFactor(of: principal)
    steps.append(step)
    return (isAllowed, Explanation(steps))
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
