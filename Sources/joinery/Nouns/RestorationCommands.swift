internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OperationsV1.OperationsServiceMethods

/// `joinery restoration …`
struct RestorationCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restoration",
    abstract: "Go on from a database that was restored, or not.",
    discussion: """
      A database that `joinery backup restore` has made takes no commands until two administrators \
      have agreed; where there is but one, that one suffices. Tills keep what they have queued.
      """,
    subcommands: [Show.self, Approve.self, Reject.self])

  struct Show: RemoteCommand {
    typealias Response = OperationsV1.GetRestorationResponse
    static let configuration = CommandConfiguration(
      abstract: "From which backup, to which moment, what is lost, and who has agreed.")
    static let method = Methods.getRestoration
    @OptionGroup var connection: ConnectionOptions
    func request() -> OperationsV1.GetRestorationRequest { .init() }
  }

  struct Approve: RemoteCommand {
    typealias Response = OperationsV1.ApproveRestorationResponse
    static let configuration = CommandConfiguration(abstract: "Agree to go on from there.")
    static let method = Methods.approveRestoration
    @Argument(help: "Its name, as `restoration show` shows it.") var restoration: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OperationsV1.ApproveRestorationRequest {
      .init(restorationId: restoration)
    }
  }

  struct Reject: RemoteCommand {
    typealias Response = OperationsV1.RejectRestorationResponse
    static let configuration = CommandConfiguration(
      abstract: "Refuse to go on from there, for good.")
    static let method = Methods.rejectRestoration
    @Argument(help: "Its name, as `restoration show` shows it.") var restoration: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OperationsV1.RejectRestorationRequest {
      .init(restorationId: restoration, reason: reason)
    }
  }
}

/// `joinery database …`
struct DatabaseCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "database", abstract: "The database that a server has open.",
    subcommands: [Show.self])

  struct Show: RemoteCommand {
    typealias Response = OperationsV1.GetDatabaseResponse
    static let configuration = CommandConfiguration(
      abstract: "How large it is, how its pages are protected, what is in its log.")
    static let method = Methods.getDatabase
    @OptionGroup var connection: ConnectionOptions
    func request() -> OperationsV1.GetDatabaseRequest { .init() }
  }
}
