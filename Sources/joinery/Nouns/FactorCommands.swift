internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Client = IdentityV1.IdentityServiceClient

/// `joinery factor …`
struct FactorCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "factor", abstract: "Your second factor: an authenticator app.",
    subcommands: [Add.self, Codes.self, Remove.self, Reset.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add an authenticator app; prints its secret and ten recovery codes, once.",
      discussion: """
        Asks for the password, shows what the app is to know, and asks for the first code that the \
        app shows. Where nothing is typed, both are lines of standard input.
        """)

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      let password = try Prompt.secret("Password")
      try await RemoteCall.with(connection) { channel in
        let client = Client(channel: channel)
        let added = try await client.addSecondFactor(
          .init(password: password), options: Own.options(connection))
        Terminal.standardOutput(
          """
          Give this to your authenticator app, as it stands or as a QR code; it is shown this once:
            \(added.uri)
            secret \(added.secret)
          """)
        let code = try Prompt.secret("The code that the app shows")
        let confirmed = try await client.confirmSecondFactor(
          .init(code: code), options: Own.options(connection))
        Own.show(confirmed.recoveryCodes)
      }
    }
  }

  struct Codes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make ten new recovery codes in place of those before; printed once.")

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      let code = try Prompt.secret(StepUp.question)
      try await RemoteCall.with(connection) { channel in
        let reply = try await Client(channel: channel).replaceRecoveryCodes(
          .init(code: code), options: Own.options(connection))
        Own.show(reply.recoveryCodes)
      }
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove your second factor.")

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      let code = try Prompt.secret(StepUp.question)
      try await RemoteCall.with(connection) { channel in
        _ = try await Client(channel: channel).removeSecondFactor(
          .init(code: code), options: Own.options(connection))
        Terminal.standardError("the second factor is removed")
      }
    }
  }

  struct Reset: RemoteCommand {
    typealias Response = IdentityV1.ResetSecondFactorResponse
    static let configuration = CommandConfiguration(
      abstract: "Remove the second factor of a person who has lost it; ends the sessions.")
    static let method = IdentityV1.IdentityServiceMethods.resetSecondFactor
    @Argument(help: "Name of the person.") var name: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> IdentityV1.ResetSecondFactorRequest { .init(name: name) }
  }
}

/// `joinery confirm`
struct Confirm: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prove your second factor, for sensitive commands in the next five minutes.",
    discussion: "Asks for a code; where it is not typed, it is a line of standard input.")

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    try await RemoteCall.with(connection) { channel in
      try await StepUp.prove(channel, connection)
    }
  }
}

/// What people do with their own second factor.
private enum Own {
  static func options(_ connection: ConnectionOptions) -> CallOptions {
    connection.callOptions(["idempotency-key": IdempotencyKey.fresh()])
  }

  static func show(_ codes: [String]) {
    Terminal.standardOutput(
      "Recovery codes, each good for one login without the app; they are shown this once:")
    for code in codes { Terminal.standardOutput("  \(code)") }
  }
}
