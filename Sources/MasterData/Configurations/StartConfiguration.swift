package import Storage
package import Values

/// Begins a choice that is kept.
package struct StartConfiguration: Sendable {
  package let start: StartingPoint
  package let change: DraftChange
  /// Who asks.
  package let actor: String

  package init(_ start: StartingPoint, _ change: DraftChange, by actor: String) {
    self.start = start
    self.change = change
    self.actor = actor
  }

  package func run(
    in tx: Transaction, at now: Moment, models: ModelSource = Models.model
  ) throws -> KeptChoice {
    var draft = ConfigurationDraft(
      number: "", product: start.version.product, sku: start.version.sku,
      modelVersion: start.version.version, settings: start.settings, attachments: [],
      customerCode: "", version: 1, startedBy: actor, startedAt: now.instant,
      expiresAt: now.instant.adding(seconds: ConfigurationDraft.lifeSeconds))
    try change.apply(to: &draft, in: tx)
    let verdict = try draft.verdict(in: tx, models: models)
    // Somebody has to: a few with each new one, so that none stays for long.
    try ConfigurationDraftTable.removeExpired(before: now.instant, limit: 20, in: tx)
    draft.number = try DocumentNumbers.next(.configuration, on: now.day, in: tx)
    try ConfigurationDraftTable.insert(draft, in: tx)
    return KeptChoice(draft: draft, verdict: verdict)
  }
}

/// Changes a choice that is kept.
package struct ChangeConfiguration: Sendable {
  package let number: String
  package let change: DraftChange
  /// The version that the caller has seen; 0 for any.
  package let expectedVersion: Int64

  package init(number: String, _ change: DraftChange, expectedVersion: Int64) {
    self.number = number
    self.change = change
    self.expectedVersion = expectedVersion
  }

  package func run(
    in tx: Transaction, at now: Moment, models: ModelSource = Models.model
  ) throws -> KeptChoice {
    var draft = try ConfigurationDrafts.require(number: number, at: now.instant, in: tx)
    var check = FieldCheck(.request)
    check.version(expectedVersion, stored: draft.version, code: number, "expected_version")
    try check.pass()
    try change.apply(to: &draft, in: tx)
    let verdict = try draft.verdict(in: tx, models: models)
    draft.version += 1
    draft.expiresAt = now.instant.adding(seconds: ConfigurationDraft.lifeSeconds)
    try ConfigurationDraftTable.update(draft, in: tx)
    return KeptChoice(draft: draft, verdict: verdict)
  }
}

/// A draft, and what its choice comes to now.
package struct KeptChoice: Sendable {
  package let draft: ConfigurationDraft
  package let verdict: ConfigurationVerdict

  package init(draft: ConfigurationDraft, verdict: ConfigurationVerdict) {
    self.draft = draft
    self.verdict = verdict
  }
}

/// What is to change of a draft.
package struct DraftChange: Sendable {
  package var settings: [Configuration.Setting]
  /// Names of parameters that have their initial value again.
  package var unset: [String]
  /// Nil leaves it as it is.
  package var customerCode: String?
  package var attach: [ConfigurationDraft.Attachment]
  /// Digests.
  package var detach: [String]

  package init(
    settings: [Configuration.Setting] = [], unset: [String] = [], customerCode: String? = nil,
    attach: [ConfigurationDraft.Attachment] = [],
    detach: [String] = []
  ) {
    self.settings = settings
    self.unset = unset
    self.customerCode = customerCode
    self.attach = attach
    self.detach = detach
  }

  func apply(to draft: inout ConfigurationDraft, in tx: Transaction) throws {
    var check = FieldCheck(.request)
    let unset = Set(unset)
    draft.settings = draft.settings.filter { !unset.contains($0.name) }.changed(by: settings)
    if let customerCode {
      if !customerCode.isEmpty {
        _ = try Customers.require(code: customerCode, field: "customer_code", in: tx)
      }
      draft.customerCode = customerCode
    }
    let detach = Set(detach)
    draft.attachments.removeAll { detach.contains($0.digest) }
    for (index, attachment) in attach.enumerated() {
      let path = FieldPath("attach", row: index)
      check.text(attachment.name, path.field("name"), required: true)
      if try !AttachmentTable.exists(attachment.digest, in: tx) {
        check.refuse(
          ModelRejection.unknownAttachment(
            field: path.field("digest"), digest: String(attachment.digest.prefix(64))
          ).ifNamed(attachment.digest))
      }
      draft.attachments.removeAll { $0.digest == attachment.digest }
      draft.attachments.append(attachment)
    }
    if draft.attachments.count > ConfigurationDraft.attachmentLimit {
      check.refuse(
        MasterDataRejection.tooManyRows(
          field: "attach", count: draft.attachments.count,
          limit: ConfigurationDraft.attachmentLimit))
    }
    try check.pass()
  }
}

extension ConfigurationDraft {
  /// What the choice comes to, by the version of the model with which it was begun.
  package func verdict(
    in snapshot: Snapshot, models: ModelSource = Models.model
  ) throws -> ConfigurationVerdict {
    let version = try Models.require(sku: sku, version: modelVersion, in: snapshot)
    var evaluator = ModelEvaluator(try models(version, snapshot))
    return try evaluator.verdict(on: settings, field: "settings")
  }
}
