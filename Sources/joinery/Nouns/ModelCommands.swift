internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = ConfiguratorV1.ConfiguratorServiceMethods

/// `joinery model …`
struct ModelCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Products that are made as the customer chooses.",
    discussion: """
      A model is a YAML file with the fields of joinery.configurator.v1.Model: parameters, \
      constraints, and formulas for price, cut list, material and work. \
      clients/python/examples/models has two; proto/joinery/configurator/v1/model.proto says \
      what each field and a formula is.
      """,
    subcommands: [Publish.self, Show.self, List.self, JSON.self])

  struct Publish: RemoteCommand {
    typealias Response = ConfiguratorV1.PublishModelResponse
    static let configuration = CommandConfiguration(
      abstract: "Publish a file as the newest version of its model.")
    static let method = Methods.publishModel
    @Argument(help: "YAML file.") var file: String
    @Option(name: .long, help: "Refuse when another version is the newest by now.")
    var expectedVersion: Int64 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() throws -> ConfiguratorV1.PublishModelRequest {
      .init(model: try ModelFile.model(file), expectedVersion: expectedVersion)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = ConfiguratorV1.GetModelResponse
    static let configuration = CommandConfiguration(
      abstract: "A version of a model; with --output json all of it.")
    static let method = Methods.getModel
    @Argument(help: "Sku.") var sku: String
    @Option(name: .long, help: "Version; the newest when absent.") var version: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> ConfiguratorV1.GetModelRequest { .init(sku: sku, version: version) }
  }

  struct List: RemoteCommand {
    typealias Response = ConfiguratorV1.ListModelsResponse
    static let configuration = CommandConfiguration(abstract: "Models by sku.")
    static let method = Methods.listModels
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> ConfiguratorV1.ListModelsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct JSON: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "json", abstract: "The file as the API's JSON, for other programs.")
    @Argument(help: "YAML file.") var file: String
    func run() throws {
      Terminal.standardOutput(
        try JSONMapping().json(
          ModelFile.model(file).encoded(), as: ConfiguratorV1.Model.fullName, pretty: true))
    }
  }
}

private enum ModelFile {
  static func model(_ path: String) throws -> ConfiguratorV1.Model {
    try .init(wire: YAMLMessage(type: ConfiguratorV1.Model.fullName).bytes(ofFile: path))
  }
}

/// `joinery configure`
struct Configure: RemoteCommand {
  typealias Response = ConfiguratorV1.ConfigureResponse
  static let configuration = CommandConfiguration(
    abstract: "What a choice comes to: price, cut list, material; or what speaks against it.",
    discussion: """
      Values are given as NAME=VALUE; what is not given has its initial value:

        joinery configure CAB-BASE width=800 front=oak soft_close=yes
        joinery configure --template SINK-80 front=oak

      Exit code 1 when the choice is not valid.
      """)
  static let method = Methods.configure
  @OptionGroup var choice: ChoiceArguments
  @OptionGroup var connection: ConnectionOptions
  func request() throws -> ConfiguratorV1.ConfigureRequest {
    .init(
      sku: try choice.sku(), version: choice.version, settings: try choice.settings(),
      templateCode: choice.template, templateVersion: choice.templateVersion)
  }
  func judge(_ response: ConfiguratorV1.ConfigureResponse) throws {
    if !response.valid { throw ExitCode(1) }
  }
}

/// What is chosen: SKU NAME=VALUE …, or a template and NAME=VALUE ….
struct ChoiceArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Sku (not needed with --template), then the chosen values.", valueName: "sku name=value"))
  var words: [String] = []
  @Option(
    name: .long, help: "Version of the model; that of the template or the newest when absent.")
  var version: Int64 = 0
  @Option(name: .long, help: "Template to begin with.")
  var template: String = ""
  @Option(name: .long, help: "Version of the template; the newest when absent.")
  var templateVersion: Int64 = 0

  func validate() throws {
    if try sku().isEmpty, template.isEmpty {
      throw ValidationError("a sku or --template is needed")
    }
    _ = try settings()
  }

  func sku() throws -> String {
    words.first.flatMap { $0.contains("=") ? nil : $0 } ?? ""
  }

  func settings() throws -> [ConfiguratorV1.Setting] {
    try words.dropFirst(sku().isEmpty ? 0 : 1).map { word in
      guard let setting = SettingArgument(argument: word) else {
        throw ValidationError("\(word): expected NAME=VALUE")
      }
      return setting.message
    }
  }
}

/// `joinery template …`
struct TemplateCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "template", abstract: "Saved choices that many begin with.",
    subcommands: [Save.self, Show.self, List.self])

  struct Save: RemoteCommand {
    typealias Response = ConfiguratorV1.SaveTemplateResponse
    static let configuration = CommandConfiguration(
      abstract: "Save a valid choice as the newest version of a template.")
    static let method = Methods.saveTemplate
    @Argument(help: "Code of the template.") var code: String
    @Argument(help: "Sku.") var sku: String
    @Argument(help: ArgumentHelp("Chosen values.", valueName: "name=value"))
    var settings: [SettingArgument] = []
    @Option(name: .shortAndLong, help: "Name of the template.") var name: String
    @Option(name: .long, help: "Version of the model; the newest when absent.")
    var modelVersion: Int64 = 0
    @Option(name: .long, help: "Refuse when another version is the newest by now.")
    var expectedVersion: Int64 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> ConfiguratorV1.SaveTemplateRequest {
      .init(
        template: .init(
          code: code, name: name, sku: sku, modelVersion: modelVersion,
          settings: settings.map(\.message)), expectedVersion: expectedVersion)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = ConfiguratorV1.GetTemplateResponse
    static let configuration = CommandConfiguration(abstract: "A version of a template.")
    static let method = Methods.getTemplate
    @Argument(help: "Code of the template.") var code: String
    @Option(name: .long, help: "Version; the newest when absent.") var version: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> ConfiguratorV1.GetTemplateRequest { .init(code: code, version: version) }
  }

  struct List: RemoteCommand {
    typealias Response = ConfiguratorV1.ListTemplatesResponse
    static let configuration = CommandConfiguration(abstract: "Templates by code.")
    static let method = Methods.listTemplates
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> ConfiguratorV1.ListTemplatesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }
}

/// `joinery configuration …`
struct ConfigurationCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "configuration",
    abstract: "A choice that is kept while somebody makes it, option by option.",
    subcommands: [Start.self, Change.self, Show.self])

  struct Start: RemoteCommand {
    typealias Response = ConfiguratorV1.StartConfigurationResponse
    static let configuration = CommandConfiguration(
      abstract: "Begin a choice; it is kept for thirty days after its last change.")
    static let method = Methods.startConfiguration
    @OptionGroup var choice: ChoiceArguments
    @Option(name: .shortAndLong, help: "Who wants it.") var customer: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() throws -> ConfiguratorV1.StartConfigurationRequest {
      .init(
        sku: try choice.sku(), version: choice.version, templateCode: choice.template,
        templateVersion: choice.templateVersion, settings: try choice.settings(),
        customerCode: customer)
    }
  }

  struct Change: RemoteCommand {
    typealias Response = ConfiguratorV1.ChangeConfigurationResponse
    static let configuration = CommandConfiguration(abstract: "Choose other values.")
    static let method = Methods.changeConfiguration
    @Argument(help: "Number of the choice.") var number: String
    @Argument(help: ArgumentHelp("Chosen values.", valueName: "name=value"))
    var settings: [SettingArgument] = []
    @Option(name: .long, help: "A parameter that has its initial value again. May be repeated.")
    var unset: [String] = []
    @Option(name: .shortAndLong, help: "Who wants it.") var customer: String?
    @Option(
      name: .long,
      help: ArgumentHelp(
        "What `joinery attachment add` has stored, under a name of its own here.",
        valueName: "digest=name"))
    var attach: [SettingArgument] = []
    @Option(name: .long, help: "Digest of what is taken off.") var detach: [String] = []
    @Option(name: .long, help: "Refuse when somebody else has changed it meanwhile.")
    var expectedVersion: Int64 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> ConfiguratorV1.ChangeConfigurationRequest {
      .init(
        number: number, expectedVersion: expectedVersion, settings: settings.map(\.message),
        unset: unset, attach: attach.map { .init(digest: $0.message.name, name: $0.message.value) },
        detach: detach, customerCode: customer)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = ConfiguratorV1.GetConfigurationResponse
    static let configuration = CommandConfiguration(abstract: "A choice, and what it comes to.")
    static let method = Methods.getConfiguration
    @Argument(help: "Number of the choice.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> ConfiguratorV1.GetConfigurationRequest { .init(number: number) }
  }
}
