internal import Crypto
internal import Identity
internal import MasterData
internal import Messages
internal import RPC
internal import Storage
internal import Values

// Templates, choices that are kept, and what is attached to them.
extension ConfiguratorService {
  func saveTemplate(
    _ request: ConfiguratorV1.SaveTemplateRequest, context: CallContext
  ) async throws -> ConfiguratorV1.SaveTemplateResponse {
    let wanted = request.template ?? .init()
    let settings = wanted.settings.map { Configuration.Setting($0) }
    return try await commands.run(request, context) { [cache] tx, command in
      let template = try SaveTemplate(
        code: wanted.code, name: wanted.name, sku: wanted.sku, modelVersion: wanted.modelVersion,
        settings: settings, expectedVersion: request.expectedVersion, by: command.caller.name
      ).run(in: tx, at: command.moment, models: cache.model)
      return .init(template: .init(template))
    }
  }

  func getTemplate(
    _ request: ConfiguratorV1.GetTemplateRequest, context: CallContext
  ) async throws -> ConfiguratorV1.GetTemplateResponse {
    try await questions.ask(context) { snapshot in
      .init(
        template: .init(
          try Templates.require(code: request.code, version: request.version, in: snapshot)))
    }
  }

  func listTemplates(
    _ request: ConfiguratorV1.ListTemplatesRequest, context: CallContext
  ) async throws -> ConfiguratorV1.ListTemplatesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["templates"])
    return try await questions.ask(context) { snapshot in
      let found = try Templates.list(after: page.after?[0], limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.code] }
      return .init(templates: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func startConfiguration(
    _ request: ConfiguratorV1.StartConfigurationRequest, context: CallContext
  ) async throws -> ConfiguratorV1.StartConfigurationResponse {
    let settings = request.settings.map { Configuration.Setting($0) }
    return try await commands.run(request, context) { [cache] tx, command in
      let start = try StartingPoint(
        sku: request.sku, version: request.version, templateCode: request.templateCode,
        templateVersion: request.templateVersion, settings: settings, in: tx)
      let kept = try StartConfiguration(
        start, DraftChange(customerCode: request.customerCode),
        by: command.caller.name
      ).run(in: tx, at: command.moment, models: cache.model)
      return .init(
        draft: .init(kept.draft), result: try .init(kept.verdict, of: start.version, in: tx))
    }
  }

  func changeConfiguration(
    _ request: ConfiguratorV1.ChangeConfigurationRequest, context: CallContext
  ) async throws -> ConfiguratorV1.ChangeConfigurationResponse {
    let change = DraftChange(
      settings: request.settings.map { .init($0) }, unset: request.unset,
      customerCode: request.customerCode,
      attach: request.attach.map { .init(digest: $0.digest, name: $0.name) },
      detach: request.detach)
    return try await commands.run(request, context) { [cache] tx, command in
      let kept = try ChangeConfiguration(
        number: request.number, change, expectedVersion: request.expectedVersion
      ).run(in: tx, at: command.moment, models: cache.model)
      return .init(draft: .init(kept.draft), result: try .init(kept, in: tx))
    }
  }

  func getConfiguration(
    _ request: ConfiguratorV1.GetConfigurationRequest, context: CallContext
  ) async throws -> ConfiguratorV1.GetConfigurationResponse {
    let now = commands.clock.moment().instant
    return try await questions.ask(context) { [cache] snapshot in
      let draft = try ConfigurationDrafts.require(
        number: request.number, at: now, in: snapshot)
      let kept = KeptChoice(
        draft: draft, verdict: try draft.verdict(in: snapshot, models: cache.model))
      return .init(draft: .init(draft), result: try .init(kept, in: snapshot))
    }
  }

  func addAttachment(
    _ request: ConfiguratorV1.AddAttachmentRequest, context: CallContext
  ) async throws -> ConfiguratorV1.AddAttachmentResponse {
    let digest = Array(SHA256.hash(data: request.content))
    // The log keeps the digest: the content is stored once.
    var asked = request
    if request.content.count <= Attachment.limit, !request.content.isEmpty {
      asked.content = digest
    } else {
      asked.content = Array(request.content.prefix(32))
    }
    return try await commands.run(asked, context) { tx, command in
      let added = try AddAttachment(
        digest: Hex.text(digest), mediaType: request.mediaType, content: request.content,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(digest: Hex.text(digest), added: added)
    }
  }

  func getAttachment(
    _ request: ConfiguratorV1.GetAttachmentRequest, context: CallContext
  ) async throws -> ConfiguratorV1.GetAttachmentResponse {
    try await questions.ask(context) { snapshot in
      let found = try Attachment.require(digest: request.digest, in: snapshot)
      return .init(
        content: found.content, mediaType: found.mediaType, addedBy: found.addedBy,
        addTime: GoogleProtobuf.Timestamp(found.addedAt))
    }
  }
}

extension ConfiguratorV1.ConfigureResponse {
  fileprivate init(_ kept: KeptChoice, in snapshot: Snapshot) throws {
    let version = try Models.require(
      sku: kept.draft.sku, version: kept.draft.modelVersion, in: snapshot)
    try self.init(kept.verdict, of: version, in: snapshot)
  }
}

extension ConfiguratorV1.Template {
  fileprivate init(_ template: ConfigurationTemplate) {
    self.init(
      code: template.code, version: template.version, name: template.name, sku: template.sku,
      modelVersion: template.modelVersion, settings: template.settings.map { .init($0) },
      savedBy: template.savedBy, saveTime: GoogleProtobuf.Timestamp(template.savedAt))
  }
}

extension ConfiguratorV1.ConfigurationDraft {
  fileprivate init(_ draft: ConfigurationDraft) {
    self.init(
      number: draft.number, version: draft.version, sku: draft.sku,
      modelVersion: draft.modelVersion, customerCode: draft.customerCode,
      attachments: draft.attachments.map { .init(digest: $0.digest, name: $0.name) },
      startedBy: draft.startedBy, startTime: GoogleProtobuf.Timestamp(draft.startedAt),
      expireTime: GoogleProtobuf.Timestamp(draft.expiresAt))
  }
}
