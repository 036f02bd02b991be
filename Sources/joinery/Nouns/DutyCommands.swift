internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = IdentityV1.IdentityServiceMethods

/// `joinery duty …`
struct DutyCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "duty", abstract: "Permissions that one person should not hold together.",
    subcommands: [List.self, Set.self])

  struct List: RemoteCommand {
    typealias Response = IdentityV1.ListDutyConflictsResponse
    static let configuration = CommandConfiguration(abstract: "Who holds both, and the pairs.")
    static let method = Methods.listDutyConflicts
    @OptionGroup var connection: ConnectionOptions
    func request() -> IdentityV1.ListDutyConflictsRequest { .init() }
  }

  struct Set: RemoteCommand {
    typealias Response = IdentityV1.ReplaceDutyConflictsResponse
    static let configuration = CommandConfiguration(abstract: "Keep exactly these pairs.")
    static let method = Methods.replaceDutyConflicts
    @Argument(help: "Pairs: 'orders.create+orders.approve=Approves what it sells'.")
    var pairs: [String] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }

    func validate() throws {
      for pair in pairs where Self.conflict(pair) == nil {
        throw ValidationError("\(pair): expected PERMISSION+PERMISSION=REASON")
      }
    }

    func request() -> IdentityV1.ReplaceDutyConflictsRequest {
      .init(conflicts: pairs.compactMap(Self.conflict))
    }

    private static func conflict(_ text: String) -> IdentityV1.DutyConflict? {
      let parts = text.split(separator: "=", maxSplits: 1)
      let names = parts.first?.split(separator: "+") ?? []
      guard parts.count == 2, names.count == 2 else { return nil }
      return .init(
        first: String(names[0]), second: String(names[1]), reason: String(parts[1]))
    }
  }
}
