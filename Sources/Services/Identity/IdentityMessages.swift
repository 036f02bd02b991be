internal import Identity
internal import Messages
internal import RPC
internal import Values

extension PrincipalKind {
  /// Nil for what is no service or till.
  init?(machine kind: IdentityV1.PrincipalKind) {
    switch kind {
    case .service: self = .service
    case .till: self = .till
    case .unspecified, .person, .unrecognized: return nil
    }
  }
}

extension IdentityV1.Principal {
  init(_ principal: Principal) {
    let kind: IdentityV1.PrincipalKind =
      switch principal.kind {
      case .person: .person
      case .service: .service
      case .till: .till
      }
    self.init(
      name: principal.name, kind: kind, displayName: principal.displayName,
      roles: principal.roles, disabled: principal.isDisabled,
      certificateSubject: principal.certificateSubject ?? "",
      createTime: GoogleProtobuf.Timestamp(principal.createdAt), version: principal.version,
      secondFactor: principal.hasSecondFactor, department: principal.place.department,
      storeCode: principal.place.storeCode, warehouseCode: principal.place.warehouseCode,
      roleScopes: principal.reaches.map { IdentityV1.RoleScope($0) })
  }
}

extension IdentityV1.RoleScope {
  init(_ reach: RoleReach) {
    self.init(role: reach.role, scopes: reach.reaches.map { IdentityV1.DataScope($0) })
  }
}

extension IdentityV1.DataScope {
  init(_ reach: Reach) {
    switch reach {
    case .ownCustomers: self = .ownCustomers
    case .ownStore: self = .ownStore
    case .ownDepartment: self = .ownDepartment
    case .ownWarehouse: self = .ownWarehouse
    case .all: self = .all
    }
  }
}

extension Reach {
  /// Nil for what is none.
  init?(_ scope: IdentityV1.DataScope) {
    switch scope {
    case .ownCustomers: self = .ownCustomers
    case .ownStore: self = .ownStore
    case .ownDepartment: self = .ownDepartment
    case .ownWarehouse: self = .ownWarehouse
    case .all: self = .all
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension ExplainAccess.Data {
  init(_ scope: MethodDescriptor.Scope) {
    switch scope {
    case .unspecified, .company: self = .common
    case .rows: self = .somebodys
    case .all: self = .everybodys
    }
  }
}

extension IdentityV1.Tokens {
  init(_ tokens: SessionTokens, of session: Session) {
    self.init(
      accessToken: tokens.access.text,
      accessExpireTime: GoogleProtobuf.Timestamp(session.accessExpiresAt),
      refreshToken: tokens.refresh.text,
      sessionExpireTime: GoogleProtobuf.Timestamp(session.expiresAt))
  }
}

extension IdentityV1.Session {
  init(_ session: Session, isCurrent: Bool) {
    self.init(
      sessionId: session.name, createTime: GoogleProtobuf.Timestamp(session.createdAt),
      refreshTime: GoogleProtobuf.Timestamp(session.refreshedAt),
      expireTime: GoogleProtobuf.Timestamp(session.expiresAt), peer: session.peer,
      current: isCurrent)
  }
}

extension IdentityV1.ApiKey {
  init(_ key: APIKey, of principal: String) {
    self.init(
      keyId: key.name, principal: principal, label: key.label,
      createTime: GoogleProtobuf.Timestamp(key.createdAt),
      expireTime: GoogleProtobuf.Timestamp(key.expiresAt),
      revokeTime: key.revokedAt.map { GoogleProtobuf.Timestamp($0) },
      networks: key.networks.map(\.description),
      certificateSubject: key.certificateSubject ?? "", withheld: key.isWithheld,
      storeCode: key.storeCode ?? "")
  }
}

extension IdentityV1.Role {
  init(_ role: Role) {
    self.init(
      name: role.name, title: role.title, permissions: role.permissions, version: role.version)
  }
}
