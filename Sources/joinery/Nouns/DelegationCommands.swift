internal import ArgumentParser
internal import Messages
internal import RPC
internal import Values

private typealias Methods = IdentityV1.IdentityServiceMethods

/// `joinery delegation …`
struct DelegationCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delegation", abstract: "Who stands in for whom.",
    subcommands: [Give.self, Revoke.self, List.self])

  struct Give: RemoteCommand {
    typealias Response = IdentityV1.DelegateRoleResponse
    static let configuration = CommandConfiguration(
      abstract: "Let somebody stand in for you, in one of your roles and for some days.")
    static let method = Methods.delegateRole
    @Argument(help: "Name of the person who stands in.") var delegate: String
    @Argument(help: "One of your own roles.") var role: String
    @Option(name: .long, help: "Days from now, 1 to 90.") var days: Int64
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }

    func validate() throws {
      guard (1...90).contains(days) else { throw ValidationError("--days is 1 to 90") }
    }

    func request() -> IdentityV1.DelegateRoleRequest {
      let end = Clock.now().microseconds / 1_000_000 + days * 86_400
      return .init(delegate: delegate, role: role, endTime: .init(seconds: end))
    }
  }

  struct Revoke: RemoteCommand {
    typealias Response = IdentityV1.RevokeDelegationResponse
    static let configuration = CommandConfiguration(abstract: "End a delegation, at once.")
    static let method = Methods.revokeDelegation
    @Argument(help: "Its name, as `delegation list` shows it.") var delegation: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.RevokeDelegationRequest { .init(delegationId: delegation) }
  }

  struct List: RemoteCommand {
    typealias Response = IdentityV1.ListDelegationsResponse
    static let configuration = CommandConfiguration(
      abstract: "Given and got, and not over: your own, or a person's.")
    static let method = Methods.listDelegations
    @Argument(help: "Name of a person.") var person: String = ""
    @OptionGroup var connection: ConnectionOptions
    func request() -> IdentityV1.ListDelegationsRequest { .init(principal: person) }
  }
}
