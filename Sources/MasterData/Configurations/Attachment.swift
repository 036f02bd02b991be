package import Storage
package import Values

/// A drawing, photograph or note that belongs to a choice. It is named by what it holds, so the
/// same content is stored once, however many refer to it, and what was agreed on cannot be changed
/// behind anybody's back.
package struct Attachment: Hashable, Sendable {
  /// SHA-256 of the content, in hexadecimal.
  package let digest: String
  /// "application/pdf".
  package let mediaType: String
  package let content: [UInt8]
  package let addedBy: String
  package let addedAt: Instant

  /// Bytes of one.
  package static let limit = 1 << 20

  package static func require(
    digest: String, field: String = "digest", in snapshot: Snapshot
  ) throws -> Attachment {
    guard let found = try AttachmentTable.find(digest, in: snapshot) else {
      throw ModelRejection.unknownAttachment(field: field, digest: String(digest.prefix(64)))
        .ifNamed(digest)
    }
    return found
  }
}

/// Stores a content under its digest; one that is there stays as it is.
package struct AddAttachment: Sendable {
  /// SHA-256 of the content, computed by whoever has the means.
  package let digest: String
  package let mediaType: String
  package let content: [UInt8]
  /// Who asks.
  package let actor: String

  package init(digest: String, mediaType: String, content: [UInt8], by actor: String) {
    self.digest = digest
    self.mediaType = mediaType
    self.content = content
    self.actor = actor
  }

  /// Whether it was not there yet.
  package func run(in tx: Transaction, at now: Moment) throws -> Bool {
    var check = FieldCheck(.request)
    check.text(mediaType, "media_type", limit: 100, required: true)
    if content.isEmpty { check.refuse(MasterDataRejection.missingValue(field: "content")) }
    if content.count > Attachment.limit {
      check.refuse(
        ModelRejection.attachmentTooLarge(
          field: "content", bytes: content.count, limit: Attachment.limit))
    }
    try check.pass()
    return try AttachmentTable.insert(
      Attachment(
        digest: digest, mediaType: mediaType, content: content, addedBy: actor,
        addedAt: now.instant), in: tx)
  }
}
