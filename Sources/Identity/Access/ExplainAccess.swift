package import Storage
package import Values

/// Why a principal may call a method, or why not: the same questions in the same order as a call is
/// asked.
package struct ExplainAccess: Sendable {
  package let principal: String
  /// What the method asks for.
  package let permission: String

  package init(principal: String, permission: String) {
    self.principal = principal
    self.permission = permission
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
    return (!granting.isEmpty, Explanation(steps))
  }
}
