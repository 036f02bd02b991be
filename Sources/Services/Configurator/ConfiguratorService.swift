internal import Identity
internal import MasterData
internal import Messages
internal import Production
internal import RPC
internal import Storage
internal import Values

/// joinery.configurator.v1: messages to the verbs and questions of configurable models.
struct ConfiguratorService: ConfiguratorV1.ConfiguratorService {
  let commands: CommandLog
  let questions: Questions
  let cache = ModelCache()

  func publishModel(
    _ request: ConfiguratorV1.PublishModelRequest, context: CallContext
  ) async throws -> ConfiguratorV1.PublishModelResponse {
    var found: [any Rejection] = []
    let draft = ModelDraft(request.model ?? .init(), &found)
    let malformed = found
    return try await commands.run(request, context) { tx, command in
      let outcome = try PublishModel(
        AddModelVersion(
          draft, expectedVersion: request.expectedVersion, malformed: malformed,
          by: command.caller.name)
      ).run(in: tx, at: command.moment)
      return .init(model: .init(outcome.version), published: outcome.model != nil)
    }
  }

  func getModel(
    _ request: ConfiguratorV1.GetModelRequest, context: CallContext
  ) async throws -> ConfiguratorV1.GetModelResponse {
    try await questions.ask(context) { snapshot in
      let version = try Models.require(sku: request.sku, version: request.version, in: snapshot)
      return .init(
        summary: .init(version), model: .init(try Models.draft(of: version, in: snapshot)))
    }
  }

  func listModels(
    _ request: ConfiguratorV1.ListModelsRequest, context: CallContext
  ) async throws -> ConfiguratorV1.ListModelsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["models"])
    return try await questions.ask(context) { snapshot in
      let found = try Models.list(after: page.after?[0], limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.sku] }
      return .init(models: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func configure(
    _ request: ConfiguratorV1.ConfigureRequest, context: CallContext
  ) async throws -> ConfiguratorV1.ConfigureResponse {
    let settings = request.settings.map { Configuration.Setting($0) }
    return try await questions.ask(context) { [cache] snapshot in
      let start = try StartingPoint(
        sku: request.sku, version: request.version, templateCode: request.templateCode,
        templateVersion: request.templateVersion, settings: settings, in: snapshot)
      var evaluator = ModelEvaluator(try cache.model(of: start.version, in: snapshot))
      let verdict = try evaluator.verdict(on: start.settings, field: "settings")
      return try .init(verdict, of: start.version, in: snapshot)
    }
  }
}

extension ConfiguratorV1.ConfigureResponse {
  init(
    _ verdict: ConfigurationVerdict, of version: ModelVersion, in snapshot: Snapshot
  ) throws {
    self.init(
      valid: verdict.configuration != nil, modelVersion: version.version,
      configuration: try verdict.configuration.map { try .init($0, in: snapshot) },
      settings: verdict.configuration == nil ? verdict.settings.map { .init($0) } : [],
      violations: verdict.violations.map { .init($0) },
      nearest: verdict.nearest.map { .init($0) })
  }
}
