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
  /// What the call would be about; nil for any.
  package let resource: Resource?
  package let rule: SecondFactorRule

  package init(
    principal: String, permission: String, isSensitive: Bool, data: Data,
    resource: Resource? = nil, rule: SecondFactorRule
  ) {
    self.principal = principal
    self.permission = permission
    self.isSensitive = isSensitive
    self.data = data
    self.resource = resource
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

  /// A document, a customer or a warehouse, and whose it is.
  package struct Resource: Hashable, Sendable {
    /// As people call it ("SO-2026-000001").
    package let name: String
    /// More than one for what goes from place to place; each of them is enough.
    package let belongings: [Belonging]

    package init(name: String, belongings: [Belonging]) {
      self.name = name
      self.belongings = belongings
    }
  }

  /// What data scopes ask of a row.
  package struct Belonging: Hashable, Sendable {
    package var owner: String?
    package var store: String?
    package var warehouse: String?
    /// Of a draft: who wrote it.
    package var author: String?

    package init(
      owner: String? = nil, store: String? = nil, warehouse: String? = nil, author: String? = nil
    ) {
      self.owner = owner
      self.store = store
      self.warehouse = warehouse
      self.author = author
    }

    fileprivate var facts: [Fact] {
      [
        Fact("salesperson", owner ?? ""), Fact("store", store ?? ""),
        Fact("warehouse", warehouse ?? ""), Fact("author", author ?? ""),
      ].filter { !$0.value.isEmpty }
    }
  }

  /// Held by anybody, known or not.
  package static let open = "open"
  /// Held by everybody who is known.
  package static let own = "self"

  package func run(
    in snapshot: Snapshot, at now: Instant
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
    let granting = try RoleTable.holdings(
      of: principal.id, but: Principals.administration, at: now, in: snapshot
    ).filter { $0.permission == permission }.map(\.held)
    let names = granting.map { $0.name(for: principal) }
    let facts = [
      Fact("permission", permission), Fact("roles", principal.roles.joined(separator: " ")),
      Fact("roles_that_permit", holding.joined(separator: " ")),
    ].filter { !$0.value.isEmpty }
    steps.append(
      granting.isEmpty
        ? .init("role.permission", "No role of \(principal.name) permits \(permission)", facts)
        : .init(
          "role.permission", "\(permission) is permitted by \(names.joined(separator: ", "))",
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
      if let resource {
        let scopes = try Scopes.byPermission(of: principal, at: now, in: snapshot)
        let (isAllowed, step) = Self.step(
          about: resource, in: scopes[permission] ?? .nothing, of: principal)
        steps.append(step)
        guard isAllowed else { return (false, Explanation(steps)) }
      }
    }
    guard !granting.isEmpty, isSensitive else { return (!granting.isEmpty, Explanation(steps)) }
    let (isAllowed, step) = secondFactor(of: principal)
    steps.append(step)
    return (isAllowed, Explanation(steps))
  }

  /// How far the roles reach that permit it.
  private func scope(
    of principal: Principal, _ granting: [Scopes.Held]
  ) -> (isAllowed: Bool, Explanation.Step) {
    let text = granting.map { "\($0.name(for: principal)) reaches \($0.reach.storedText)" }
      .joined(separator: ", ")
    let place = principal.place
    let facts = [
      Fact("scope", text), Fact("department", place.department), Fact("store", place.storeCode),
      Fact("warehouse", place.warehouseCode),
    ].filter { !$0.value.isEmpty }
    let isAll = granting.contains { $0.reach.reaches.contains(.all) }
    guard data == .everybodys else {
      return (true, .init("role.scope", isAll ? "Everybody's data: \(text)" : text, facts))
    }
    return isAll
      ? (true, .init("role.scope", "The method is about everybody's data: \(text)", facts))
      : (false, .init("role.scope", "The method is about everybody's data, but \(text)", facts))
  }

  /// Whether what the call would be about is in the scope.
  private static func step(
    about resource: Resource, in scope: DataScope, of principal: Principal
  ) -> (isAllowed: Bool, Explanation.Step) {
    let isAllowed =
      scope.isAll
      || resource.belongings.contains {
        scope.contains(
          owner: $0.owner, store: $0.store, warehouse: $0.warehouse, author: $0.author)
      }
    let belonging = resource.belongings.flatMap(\.facts)
    let whose =
      belonging.isEmpty
      ? "nobody's" : "of " + belonging.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    return (
      isAllowed,
      Explanation.Step(
        "resource.scope",
        "\(resource.name) is \(whose): \(isAllowed ? "within" : "not within") the scope of "
          + principal.name,
        belonging + [
          Fact("scope", scope.storedText.split(separator: "\n").joined(separator: ", "))
        ])
    )
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
