internal import Identity
internal import Messages
internal import RPC
internal import Values

// The keys of services and tills.
extension IdentityService {
  func issueKey(
    _ request: IdentityV1.IssueKeyRequest, context: CallContext
  ) async throws -> IdentityV1.IssueKeyResponse {
    let (name, secret) = freshKey()
    let verb = IssueKey(
      principal: request.principal, label: request.label,
      lifetimeDays: Int(request.lifetimeDays), networks: request.networks,
      certificateSubject: request.certificateSubject.isEmpty ? nil : request.certificateSubject,
      storeCode: request.storeCode.isEmpty ? nil : request.storeCode, name: name, secret: secret,
      by: try CallerMetadata.caller(context).name)
    return try await command(request, context, concerning: request.principal) { reply in
      .init(key: reply.key)
    } _: { tx, command in
      let key = try verb.run(in: tx, at: command.moment)
      return .init(
        key: IdentityV1.ApiKey(key, of: request.principal), secret: secret.text)
    }
  }

  func rotateKey(
    _ request: IdentityV1.RotateKeyRequest, context: CallContext
  ) async throws -> IdentityV1.RotateKeyResponse {
    let (name, secret) = freshKey()
    let verb = RotateKey(
      key: request.keyId, overlapHours: request.overlapHours.map { Int($0) },
      lifetimeDays: Int(request.lifetimeDays), name: name, secret: secret,
      by: try CallerMetadata.caller(context).name)
    return try await command(request, context, concerning: nil) { reply in
      .init(key: reply.key, replaced: reply.replaced)
    } _: { tx, command in
      let (key, replaced) = try verb.run(in: tx, at: command.moment)
      let holder = try Principals.fetch(key.principal, in: tx).name
      return .init(
        key: IdentityV1.ApiKey(key, of: holder), secret: secret.text,
        replaced: IdentityV1.ApiKey(replaced, of: holder))
    }
  }

  func revokeKey(
    _ request: IdentityV1.RevokeKeyRequest, context: CallContext
  ) async throws -> IdentityV1.RevokeKeyResponse {
    let verb = RevokeKey(key: request.keyId)
    return try await command(request, context, concerning: nil) { tx, command in
      let key = try verb.run(in: tx, at: command.moment)
      let holder = try Principals.fetch(key.principal, in: tx).name
      return .init(key: IdentityV1.ApiKey(key, of: holder))
    }
  }

  func listKeys(
    _ request: IdentityV1.ListKeysRequest, context: CallContext
  ) async throws -> IdentityV1.ListKeysResponse {
    try await questions.ask(context) { snapshot in
      let holder = try Principals.require(
        name: request.principal, field: "principal", in: snapshot)
      return .init(
        keys: try APIKeys.list(of: holder, in: snapshot).map {
          IdentityV1.ApiKey($0, of: holder.name)
        })
    }
  }

  private func freshKey() -> (name: String, secret: Secret) {
    let name = freshName()
    return (
      name, Secret(prefix: APIKey.prefix, name: name, bytes: settings.chance(Secret.byteCount))
    )
  }
}
