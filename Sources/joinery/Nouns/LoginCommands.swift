internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Client = IdentityV1.IdentityServiceClient

/// `joinery login`
struct Login: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Log in, for this and the following commands.",
    discussion: """
      Asks for the password, and for a code where you have a second factor. Where nothing is \
      typed, the lines of standard input are the password, the code if one is asked for, and the \
      new password where a one-time password must be changed. The session is kept in \
      ~/.config/joinery, for this server, until `joinery logout` or 12 hours later.
      """)

  @Argument(help: "Name of the person.") var name: String
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let password = try Prompt.secret("Password of \(name)")
    try await RemoteCall.with(connection, interceptors: []) { channel in
      let client = Client(channel: channel)
      let reply = try await logIn(client, password)
      let session = SavedSession(person: name, reply.tokens ?? .init())
      if reply.passwordChangeRequired {
        let chosen = try Prompt.newSecret("New password")
        try await PasswordChange.run(client, session, from: password, to: chosen, connection)
      }
      try await SavedSessions.exclusively {
        try SavedSessions.put(session, server: connection.server)
      }
      Terminal.standardError("\(name) is logged in at \(connection.server)")
    }
  }

  private func logIn(
    _ client: Client, _ password: String
  ) async throws -> IdentityV1.LoginResponse {
    let options = connection.callOptions(Metadata())
    do {
      return try await client.login(.init(name: name, password: password), options: options)
    } catch let error where StepUp.asks(error, for: "PROVE") {
      let code = try Prompt.secret(StepUp.question)
      return try await client.login(
        .init(name: name, password: password, code: code), options: options)
    }
  }
}

/// `joinery password`
struct PasswordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "password", abstract: "Change your password.",
    discussion: """
      Asks for the old and the new one; where they are not typed, they are two lines of standard \
      input. Your other sessions end.
      """)

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let old = try Prompt.secret("Old password")
    let new = try Prompt.newSecret("New password")
    try await RemoteCall.with(connection) { channel in
      try await PasswordChange.run(Client(channel: channel), nil, from: old, to: new, connection)
      Terminal.standardError("the password is changed")
    }
  }
}

private enum PasswordChange {
  /// `session` nil: the saved one.
  static func run(
    _ client: Client, _ session: SavedSession?, from old: String, to new: String,
    _ connection: ConnectionOptions
  ) async throws {
    var metadata: Metadata = ["idempotency-key": IdempotencyKey.fresh()]
    if let session { metadata.add("authorization", "Bearer \(session.accessToken)") }
    _ = try await client.changePassword(
      .init(oldPassword: old, newPassword: new), options: connection.callOptions(metadata))
  }
}

/// `joinery logout`
struct Logout: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "End the session, here and at the server.")

  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    guard SavedSessions.find(server: connection.server) != nil else {
      throw Failure("nobody is logged in at \(connection.server)")
    }
    try await RemoteCall.with(connection) { channel in
      do {
        _ = try await Client(channel: channel).logout(
          .init(),
          options: connection.callOptions(["idempotency-key": IdempotencyKey.fresh()]))
      } catch let error as RPCError where error.code == .unauthenticated {
        // Over it is either way.
      }
      try await SavedSessions.exclusively {
        try SavedSessions.put(nil, server: connection.server)
      }
    }
  }
}

/// `joinery whoami`
struct WhoAmI: RemoteCommand {
  typealias Response = IdentityV1.WhoAmIResponse
  static let configuration = CommandConfiguration(
    commandName: "whoami", abstract: "Who you are to the server, and what you may do.")
  static let method = IdentityV1.IdentityServiceMethods.whoAmI
  @OptionGroup var connection: ConnectionOptions
  func request() -> IdentityV1.WhoAmIRequest { .init() }
}
