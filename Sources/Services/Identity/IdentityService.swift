internal import Identity
internal import MasterData
internal import Messages
internal import RPC
internal import Storage
internal import Values

/// joinery.identity.v1: messages to the verbs and questions of Identity. Secrets are made here and
/// handed out here: neither a verb nor the log ever holds one that opens anything, and passwords
/// are hashed before the writer has anything to do.
struct IdentityService: IdentityV1.IdentityService {
  let commands: CommandLog
  let questions: Questions
  let authentication: Authentication
  let hasher: PasswordHasher
  let throttle: GuessThrottle
  let settings: IdentitySettings

  func createPerson(
    _ request: IdentityV1.CreatePersonRequest, context: CallContext
  ) async throws -> IdentityV1.CreatePersonResponse {
    let password = oneTimePassword()
    let verb = CreatePrincipal(
      person: request.name, displayName: request.displayName, roles: request.roles,
      password: try await hasher.hash(password), by: try CallerMetadata.caller(context).name,
      grantName: freshName())
    return try await command(request, context, concerning: request.name) { reply in
      .init(principal: reply.principal)
    } _: { tx, command in
      let person = try verb.run(in: tx, at: command.moment)
      return .init(principal: IdentityV1.Principal(person), oneTimePassword: password)
    }
  }

  func createMachine(
    _ request: IdentityV1.CreateMachineRequest, context: CallContext
  ) async throws -> IdentityV1.CreateMachineResponse {
    var reader = RequestReader()
    let kind = reader.choice(
      PrincipalKind(machine: request.kind), request.kind.rawValue, "kind")
    try FailureStatus.refusing { try reader.check() }
    let verb = CreatePrincipal(
      machine: request.name, kind: kind, displayName: request.displayName, roles: request.roles,
      certificateSubject: reader.optional(request.certificateSubject),
      by: try CallerMetadata.caller(context).name, grantName: freshName())
    return try await command(request, context, concerning: request.name) { tx, command in
      .init(principal: IdentityV1.Principal(try verb.run(in: tx, at: command.moment)))
    }
  }

  func resetPassword(
    _ request: IdentityV1.ResetPasswordRequest, context: CallContext
  ) async throws -> IdentityV1.ResetPasswordResponse {
    let password = oneTimePassword()
    let hash = try await hasher.hash(password)
    return try await command(request, context, concerning: request.name) { _ in
      .init()
    } _: { tx, command in
      let verb = ResetPassword(name: request.name, password: hash, by: command.caller.name)
      try verb.run(in: tx, at: command.moment)
      return .init(oneTimePassword: password)
    }
  }

  func disablePrincipal(
    _ request: IdentityV1.DisablePrincipalRequest, context: CallContext
  ) async throws -> IdentityV1.DisablePrincipalResponse {
    let verb = SetPrincipalState(
      name: request.name, isDisabled: true, expectedVersion: request.expectedVersion)
    return try await command(request, context, concerning: nil) { tx, command in
      .init(principal: IdentityV1.Principal(try verb.run(in: tx, at: command.moment)))
    }
  }

  func enablePrincipal(
    _ request: IdentityV1.EnablePrincipalRequest, context: CallContext
  ) async throws -> IdentityV1.EnablePrincipalResponse {
    let verb = SetPrincipalState(
      name: request.name, isDisabled: false, expectedVersion: request.expectedVersion)
    return try await command(request, context, concerning: nil) { tx, command in
      .init(principal: IdentityV1.Principal(try verb.run(in: tx, at: command.moment)))
    }
  }

  func setRoles(
    _ request: IdentityV1.SetRolesRequest, context: CallContext
  ) async throws -> IdentityV1.SetRolesResponse {
    let verb = SetRoles(
      name: request.name, roles: request.roles, expectedVersion: request.expectedVersion,
      by: try CallerMetadata.caller(context).name, grantName: freshName())
    // Those who stand in for it are concerned, too.
    return try await command(request, context, concerning: nil) { tx, command in
      .init(principal: IdentityV1.Principal(try verb.run(in: tx, at: command.moment)))
    }
  }

  func setScope(
    _ request: IdentityV1.SetScopeRequest, context: CallContext
  ) async throws -> IdentityV1.SetScopeResponse {
    var reader = RequestReader()
    let reaches = request.roleScopes.enumerated().map { index, given in
      RoleReach(
        role: given.role,
        reaches: given.scopes.enumerated().compactMap { place, scope in
          reader.choice(
            Reach(scope), scope.rawValue, "role_scopes[\(index)].scopes[\(place)]")
        })
    }
    try FailureStatus.refusing { try reader.check() }
    let verb = SetScope(
      name: request.name,
      place: Place(
        department: request.department, storeCode: request.storeCode,
        warehouseCode: request.warehouseCode),
      reaches: reaches, expectedVersion: request.expectedVersion)
    // The others of its department are concerned, too, and who stands in for it.
    return try await command(request, context, concerning: nil) { tx, command in
      .init(principal: IdentityV1.Principal(try verb.run(in: tx, at: command.moment)))
    }
  }

  func getPrincipal(
    _ request: IdentityV1.GetPrincipalRequest, context: CallContext
  ) async throws -> IdentityV1.GetPrincipalResponse {
    try await questions.ask(context) { snapshot in
      let found = try Principals.require(name: request.name, field: "name", in: snapshot)
      return .init(principal: IdentityV1.Principal(found))
    }
  }

  func listPrincipals(
    _ request: IdentityV1.ListPrincipalsRequest, context: CallContext
  ) async throws -> IdentityV1.ListPrincipalsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["principals"])
    return try await questions.ask(context) { snapshot in
      let found = try Principals.list(after: page.after?[0], limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.name] }
      return .init(principals: rows.map { IdentityV1.Principal($0) }, nextPageToken: next)
    }
  }

  func listRoles(
    _ request: IdentityV1.ListRolesRequest, context: CallContext
  ) async throws -> IdentityV1.ListRolesResponse {
    try await questions.ask(context) { snapshot in
      .init(roles: try Roles.list(in: snapshot).map { IdentityV1.Role($0) })
    }
  }

  func upsertRole(
    _ request: IdentityV1.UpsertRoleRequest, context: CallContext
  ) async throws -> IdentityV1.UpsertRoleResponse {
    guard let role = request.role else {
      throw RejectionStatus.status(of: [MasterDataRejection.missingValue(field: "role")])
    }
    let verb = UpsertRole(
      name: role.name, title: role.title, permissions: role.permissions,
      expectedVersion: role.version, known: Self.permissions,
      by: try CallerMetadata.caller(context).name, grantName: freshName())
    return try await command(request, context, concerning: nil) { tx, command in
      .init(role: IdentityV1.Role(try verb.run(in: tx, at: command.moment)))
    }
  }

  func explainAccess(
    _ request: IdentityV1.ExplainAccessRequest, context: CallContext
  ) async throws -> IdentityV1.ExplainAccessResponse {
    guard let method = DescriptorPool.joinery.method(request.method)?.descriptor,
      !method.permission.isEmpty
    else {
      throw RejectionStatus.status(of: [
        IdentityRejection.unknownMethod(field: "method", given: Echo.text(request.method))
          .ifNamed(request.method)
      ])
    }
    let now = commands.clock.instant()
    return try await questions.ask(context) { [settings] snapshot in
      let (isAllowed, explanation) = try ExplainAccess(
        principal: request.principal, permission: method.permission,
        isSensitive: method.isSensitive, data: ExplainAccess.Data(method.scope),
        resource: try AccessResource.find(for: request, in: snapshot), rule: settings.secondFactor
      ).run(in: snapshot, at: now)
      return .init(
        allowed: isAllowed, permission: method.permission,
        explanation: .init(explanation))
    }
  }

  /// What roles can permit: all that methods and fields ask for, but for what needs no role.
  static let permissions: Set<String> = {
    let all = DescriptorPool.joinery.services.flatMap(\.methods).map(\.descriptor.permission)
    return Set(all).union(DescriptorPool.joinery.readPermissions).subtracting([
      "", ExplainAccess.open, ExplainAccess.own,
    ])
  }()
}

// MARK: What the methods share

extension IdentityService {
  /// A command that may change what one principal may do; nil: any.
  func command<Request: WireMessage, Reply: WireMessage>(
    _ request: Request, _ context: CallContext, concerning name: String?,
    _ verb: @escaping @Sendable (Transaction, Command) throws -> Reply
  ) async throws -> Reply {
    defer { authentication.forget(name) }
    return try await commands.run(request, context, verb)
  }

  /// A command whose reply holds a secret, of which the log keeps what `kept` makes of it.
  func command<Request: WireMessage, Reply: WireMessage>(
    _ request: Request, _ context: CallContext, concerning name: String?,
    keeping kept: @escaping @Sendable (Reply) -> Reply,
    _ verb: @escaping @Sendable (Transaction, Command) throws -> Reply
  ) async throws -> Reply {
    // A secret beside text of the caller's choice does not go out compressed (BREACH).
    context.compressesResponses = false
    defer { authentication.forget(name) }
    return try await commands.run(request, context, keeping: kept) { tx, command in
      .done(try verb(tx, command))
    }
  }

  /// As `command` with a secret, for what concerns the caller itself: refusing may leave something
  /// behind.
  func own<Request: WireMessage, Reply: WireMessage>(
    _ request: Request, _ context: CallContext, _ admission: Admission,
    keeping kept: @escaping @Sendable (Reply) -> Reply,
    _ verb: @escaping @Sendable (Transaction, Command) throws -> Verdict<Reply>
  ) async throws -> Reply {
    context.compressesResponses = false
    guard context.metadata[CommandLog.dryRunField] != "true" else {
      throw RejectionStatus.status(of: [IdentityRejection.notRehearsed])
    }
    defer { authentication.forget(admission.principal.name) }
    return try await commands.run(request, context, keeping: kept, verb)
  }

  /// The first person of a new database, on record as all others are.
  func addFirstAdministrator() async throws -> (name: String, password: String)? {
    guard try await questions.askForServer({ try Principals.areNone(in: $0) }) else { return nil }
    let password = oneTimePassword()
    let request = IdentityV1.CreatePersonRequest(
      name: "admin", displayName: "Administrator", roles: ["ADMINISTRATOR"])
    let verb = CreatePrincipal(
      person: request.name, displayName: request.displayName, roles: request.roles,
      password: try await hasher.hash(password), by: Self.server, grantName: freshName())
    let context = CallContext(
      method: IdentityV1.IdentityServiceMethods.createPerson, peer: "first start")
    let reply = try await commands.record(
      request, context, by: Caller(name: Self.server), key: "first administrator"
    ) { reply in
      IdentityV1.CreatePersonResponse(principal: reply.principal)
    } _: { tx, command in
      let person = try verb.run(in: tx, at: command.moment)
      return .done(
        .init(principal: IdentityV1.Principal(person), oneTimePassword: password))
    }
    return (request.name, reply.oneTimePassword)
  }

  /// Who adds the first administrator.
  private static var server: String { "joinery serve" }

  /// A name that says nothing and does not repeat.
  func freshName() -> String { SecretText.text(settings.chance(10)) }

  private func oneTimePassword() -> String { SecretText.password(settings.chance(13)) }
}
