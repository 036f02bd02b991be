internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = IdentityV1.IdentityServiceMethods
private let kinds = Choice(IdentityV1.PrincipalKind.allCases, \.name)
private let scopes = Choice(IdentityV1.DataScope.allCases, \.name)

/// "SALES=own-customers,own-store"
@Sendable private func roleScope(_ text: String) throws -> IdentityV1.RoleScope {
  let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
  guard parts.count == 2 else {
    throw ValidationError("\(text) is not a role and what it reaches, such as SALES=own-store")
  }
  return IdentityV1.RoleScope(
    role: String(parts[0]),
    scopes: try parts[1].split(separator: ",").map { try scopes(String($0)) })
}

/// `joinery person …`
struct PersonCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "person", abstract: "People who log in.",
    subcommands: [Create.self, ResetPassword.self])

  struct Create: RemoteCommand {
    typealias Response = IdentityV1.CreatePersonResponse
    static let configuration = CommandConfiguration(
      abstract: "Add a person; prints the one-time password, once.")
    static let method = Methods.createPerson
    @Argument(help: "Name to log in with, for ever.") var name: String
    @Option(name: .long, help: "Name for people.") var displayName: String
    @Option(name: .long, help: "Role; may be repeated.") var role: [String] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.CreatePersonRequest {
      .init(name: name, displayName: displayName, roles: role)
    }
  }

  struct ResetPassword: RemoteCommand {
    typealias Response = IdentityV1.ResetPasswordResponse
    static let configuration = CommandConfiguration(
      abstract: "Give a new one-time password, printed once; ends the sessions.")
    static let method = Methods.resetPassword
    @Argument(help: "Name of the person.") var name: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.ResetPasswordRequest { .init(name: name) }
  }
}

/// `joinery machine …`
struct MachineCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "machine", abstract: "Services and tills, which have keys.",
    subcommands: [Create.self])

  struct Create: RemoteCommand {
    typealias Response = IdentityV1.CreateMachineResponse
    static let configuration = CommandConfiguration(abstract: "Add a service or a till.")
    static let method = Methods.createMachine
    @Argument(help: "Name, for ever; a till's is that of its terminal.") var name: String
    @Option(
      name: .long, help: ArgumentHelp("service or till."), transform: kinds.callAsFunction)
    var kind: IdentityV1.PrincipalKind
    @Option(name: .long, help: "Name for people.") var displayName: String
    @Option(name: .long, help: "Role; may be repeated.") var role: [String] = []
    @Option(
      name: .long, help: "Subject of the client certificate that lets it in without a key.")
    var certificateSubject: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.CreateMachineRequest {
      .init(
        name: name, kind: kind, displayName: displayName, roles: role,
        certificateSubject: certificateSubject)
    }
  }
}

/// `joinery principal …`
struct PrincipalCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "principal", abstract: "All who may be let in: people, services, tills.",
    subcommands: [
      List.self, Show.self, SetRoles.self, SetScope.self, Disable.self, Enable.self, Explain.self,
    ])

  struct List: RemoteCommand {
    typealias Response = IdentityV1.ListPrincipalsResponse
    static let configuration = CommandConfiguration(abstract: "Principals by name.")
    static let method = Methods.listPrincipals
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> IdentityV1.ListPrincipalsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = IdentityV1.GetPrincipalResponse
    static let configuration = CommandConfiguration(abstract: "One principal.")
    static let method = Methods.getPrincipal
    @Argument(help: "Its name.") var name: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> IdentityV1.GetPrincipalRequest { .init(name: name) }
  }

  struct SetRoles: RemoteCommand {
    typealias Response = IdentityV1.SetRolesResponse
    static let configuration = CommandConfiguration(
      abstract: "Give exactly these roles; none takes all away.")
    static let method = Methods.setRoles
    @Argument(help: "Its name.") var name: String
    @Argument(help: "Roles.") var roles: [String] = []
    @Option(name: .long, help: "Only at this version.") var version: Int64 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.SetRolesRequest {
      .init(name: name, roles: roles, expectedVersion: version)
    }
  }

  struct SetScope: RemoteCommand {
    typealias Response = IdentityV1.SetScopeResponse
    static let configuration = CommandConfiguration(
      abstract: "Say where it belongs, and whose data its roles reach.",
      discussion:
        "joinery principal set-scope li.na --store S1 --reach SALES=own-customers,own-store"
    )
    static let method = Methods.setScope
    @Argument(help: "Its name.") var name: String
    @Option(name: .long, help: "Its department; none when absent.") var department: String = ""
    @Option(name: .long, help: "Its store; none when absent.") var store: String = ""
    @Option(name: .long, help: "Its warehouse; none when absent.") var warehouse: String = ""
    @Option(
      name: .long,
      help: ArgumentHelp("Role and what it reaches: \(scopes.help).", valueName: "role=scope,…"),
      transform: roleScope)
    var reach: [IdentityV1.RoleScope] = []
    @Option(name: .long, help: "Only at this version.") var version: Int64 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.SetScopeRequest {
      .init(
        name: name, department: department, storeCode: store, warehouseCode: warehouse,
        roleScopes: reach, expectedVersion: version)
    }
  }

  struct Disable: RemoteCommand {
    typealias Response = IdentityV1.DisablePrincipalResponse
    static let configuration = CommandConfiguration(abstract: "Let it in no more, at once.")
    static let method = Methods.disablePrincipal
    @Argument(help: "Its name.") var name: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.DisablePrincipalRequest { .init(name: name) }
  }

  struct Enable: RemoteCommand {
    typealias Response = IdentityV1.EnablePrincipalResponse
    static let configuration = CommandConfiguration(abstract: "Let it in again.")
    static let method = Methods.enablePrincipal
    @Argument(help: "Its name.") var name: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.EnablePrincipalRequest { .init(name: name) }
  }

  struct Explain: RemoteCommand {
    typealias Response = IdentityV1.ExplainAccessResponse
    static let configuration = CommandConfiguration(
      abstract: "Why it may call a method, or why not.")
    static let method = Methods.explainAccess
    @Argument(help: "Its name.") var name: String
    @Argument(help: "Method, such as OrderService/PlaceOrder.") var call: String
    @Option(name: .long, help: "Number of a document that the call would be about.")
    var document: String = ""
    @Option(name: .long, help: "Code of a customer that the call would be about.")
    var customer: String = ""
    @Option(name: .long, help: "Code of a warehouse that the call would be about.")
    var warehouse: String = ""
    @OptionGroup var connection: ConnectionOptions
    func request() -> IdentityV1.ExplainAccessRequest {
      .init(
        principal: name, method: call, documentNumber: document, customerCode: customer,
        warehouseCode: warehouse)
    }
  }
}

/// `joinery key …`
struct KeyCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Keys of services and tills.",
    subcommands: [Issue.self, Rotate.self, Revoke.self, List.self])

  struct Issue: RemoteCommand {
    typealias Response = IdentityV1.IssueKeyResponse
    static let configuration = CommandConfiguration(
      abstract: "Make a key; prints its secret, once.")
    static let method = Methods.issueKey
    @Argument(help: "Name of a service or a till.") var principal: String
    @Option(name: .long, help: "What it is for.") var label: String = ""
    @Option(name: .long, help: "Days until it expires, 1 to 400.") var days: Int32 = 365
    @Option(
      name: .long, help: "Network from which it works, such as 10.1.0.0/16; may be repeated.")
    var network: [String] = []
    @Option(name: .long, help: "Subject of the client certificate that must come with it.")
    var certificateSubject: String = ""
    @Option(name: .long, help: "Store to which it is bound.") var store: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.IssueKeyRequest {
      .init(
        principal: principal, label: label, lifetimeDays: days, networks: network,
        certificateSubject: certificateSubject, storeCode: store)
    }
  }

  struct Rotate: RemoteCommand {
    typealias Response = IdentityV1.RotateKeyResponse
    static let configuration = CommandConfiguration(
      abstract: "Make a key in place of another, which goes on working for a while.")
    static let method = Methods.rotateKey
    @Argument(help: "Public name of the key.") var key: String
    @Option(name: .long, help: "Hours for which the old one goes on working, 0 to 720.")
    var overlap: Int32 = 24
    @Option(name: .long, help: "Days until the new one expires, 1 to 400.") var days: Int32 = 365
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.RotateKeyRequest {
      .init(keyId: key, overlapHours: overlap, lifetimeDays: days)
    }
  }

  struct Revoke: RemoteCommand {
    typealias Response = IdentityV1.RevokeKeyResponse
    static let configuration = CommandConfiguration(abstract: "A key opens nothing more, at once.")
    static let method = Methods.revokeKey
    @Argument(help: "Public name of the key.") var key: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.RevokeKeyRequest { .init(keyId: key) }
  }

  struct List: RemoteCommand {
    typealias Response = IdentityV1.ListKeysResponse
    static let configuration = CommandConfiguration(abstract: "Keys of a service or a till.")
    static let method = Methods.listKeys
    @Argument(help: "Name of a service or a till.") var principal: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> IdentityV1.ListKeysRequest { .init(principal: principal) }
  }
}

/// `joinery role …`
struct RoleCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "role", abstract: "What whoever has them may do.",
    subcommands: [List.self, Set.self])

  struct List: RemoteCommand {
    typealias Response = IdentityV1.ListRolesResponse
    static let configuration = CommandConfiguration(abstract: "Roles by name.")
    static let method = Methods.listRoles
    @OptionGroup var connection: ConnectionOptions
    func request() -> IdentityV1.ListRolesRequest { .init() }
  }

  struct Set: RemoteCommand {
    typealias Response = IdentityV1.UpsertRoleResponse
    static let configuration = CommandConfiguration(abstract: "Add or change a role.")
    static let method = Methods.upsertRole
    @Argument(help: "Name in capitals.") var name: String
    @Argument(help: "All that it permits, such as orders.create.") var permissions: [String] = []
    @Option(name: .long, help: "What it is about.") var title: String
    @Option(name: .long, help: "Only at this version.") var version: Int64 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.UpsertRoleRequest {
      .init(role: .init(name: name, title: title, permissions: permissions, version: version))
    }
  }
}

/// `joinery session …`
struct SessionCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "session", abstract: "Who is logged in, and from where.",
    subcommands: [List.self, Revoke.self])

  struct List: RemoteCommand {
    typealias Response = IdentityV1.ListSessionsResponse
    static let configuration = CommandConfiguration(
      abstract: "Sessions that have not ended: your own, or a person's.")
    static let method = Methods.listSessions
    @Argument(help: "Name of a person.") var person: String = ""
    @OptionGroup var connection: ConnectionOptions
    func request() -> IdentityV1.ListSessionsRequest { .init(principal: person) }
  }

  struct Revoke: RemoteCommand {
    typealias Response = IdentityV1.RevokeSessionResponse
    static let configuration = CommandConfiguration(abstract: "End a session, at once.")
    static let method = Methods.revokeSession
    @Argument(help: "Public name of the session.") var session: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.RevokeSessionRequest { .init(sessionId: session) }
  }
}
