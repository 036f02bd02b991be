internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = CatalogV1.CodeServiceMethods
private let kinds = Choice(CatalogV1.CodeKind.allCases, \.name)

/// `joinery code …`
struct CodeCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "code", abstract: "How codes of master data are written.",
    subcommands: [Patterns.self, SetPatterns.self, Test.self])

  struct Patterns: RemoteCommand {
    typealias Response = CatalogV1.GetCodePatternsResponse
    static let configuration = CommandConfiguration(
      abstract: "The patterns of today, or of an earlier version.")
    static let method = Methods.getCodePatterns
    @Option(name: .long, help: "This version.") var patternsVersion: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.GetCodePatternsRequest { .init(version: patternsVersion) }
  }

  struct SetPatterns: RemoteCommand {
    typealias Response = CatalogV1.SetCodePatternsResponse
    static let configuration = CommandConfiguration(
      abstract: "Say how new codes must be written; codes that are there stay valid.",
      discussion: """
        # is a digit, @ a letter, ? any sign, * at the end whatever follows. A code must fit one \
        of the patterns for its kind and class; kinds: \(kinds.help).

          joinery code set-patterns --reason 'one way to name them' \\
            --pattern 'customer=C-#####' --pattern 'product:SOFA=SF-####*' \\
            --pattern 'product=@@@-*'
        """)
    static let method = Methods.setCodePatterns
    @Option(
      name: .long,
      help: ArgumentHelp("A pattern; none to let any code do.", valueName: "kind:class=pattern"))
    var pattern: [CodePatternArgument] = []
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CatalogV1.SetCodePatternsRequest {
      .init(patterns: pattern.map(\.message), reason: reason)
    }
  }

  struct Test: RemoteCommand {
    typealias Response = CatalogV1.TestCodeResponse
    static let configuration = CommandConfiguration(
      abstract: "Whether a new code would be accepted, and which would be next.")
    static let method = Methods.testCode
    @Argument(
      help: ArgumentHelp("What it would name: \(kinds.help)."), transform: kinds.callAsFunction)
    var kind: CatalogV1.CodeKind
    @Argument(help: "The code.") var code: String = ""
    @Option(name: .long, help: "Of a product or customer of this class.") var `class`: String = ""
    @OptionGroup var connection: ConnectionOptions
    func request() -> CatalogV1.TestCodeRequest {
      .init(kind: kind, classCode: `class`, code: code)
    }
  }
}

/// "customer=C-#####", or for a class "product:SOFA=SF-####".
struct CodePatternArgument: ExpressibleByArgument {
  let message: CatalogV1.CodePattern

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    let named = parts.first?.split(separator: ":", maxSplits: 1).map(String.init) ?? []
    guard parts.count == 2, let name = named.first, let kind = try? kinds(name) else { return nil }
    message = .init(kind: kind, classCode: named.count == 2 ? named[1] : "", pattern: parts[1])
  }
}
