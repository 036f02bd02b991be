internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = IdentityV1.IdentityServiceMethods

/// `joinery grant …`
struct GrantCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant", abstract: "Power that waits until another administrator agrees.",
    subcommands: [List.self, Approve.self, Reject.self])

  struct List: RemoteCommand {
    typealias Response = IdentityV1.ListGrantsResponse
    static let configuration = CommandConfiguration(abstract: "What waits, oldest first.")
    static let method = Methods.listGrants
    @OptionGroup var connection: ConnectionOptions
    func request() -> IdentityV1.ListGrantsRequest { .init() }
  }

  struct Approve: RemoteCommand {
    typealias Response = IdentityV1.ApproveGrantResponse
    static let configuration = CommandConfiguration(
      abstract: "Agree to what another administrator has asked for.")
    static let method = Methods.approveGrant
    @Argument(help: "Its name, as `grant list` shows it.") var grant: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.ApproveGrantRequest { .init(grantId: grant) }
  }

  struct Reject: RemoteCommand {
    typealias Response = IdentityV1.RejectGrantResponse
    static let configuration = CommandConfiguration(abstract: "Do not agree, or take it back.")
    static let method = Methods.rejectGrant
    @Argument(help: "Its name, as `grant list` shows it.") var grant: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.RejectGrantRequest { .init(grantId: grant) }
  }
}
