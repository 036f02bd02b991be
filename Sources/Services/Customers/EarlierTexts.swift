internal import Messages
internal import RPC
internal import Storage
internal import Values

/// What the audit still says about a customer and the documents of theirs, in requests and in rows
/// before they were changed: as much as the keys of those subjects open.
struct EarlierTexts {
  /// Codes of the customer, and numbers of the documents.
  let subjects: Set<String>
  private let seal: SubjectSeal
  /// The codes as bytes: entries that do not hold one say nothing about the customer itself.
  private let codes: [[UInt8]]

  init(of codes: [String], documents: Set<String>, _ seal: SubjectSeal) {
    subjects = documents.union(codes)
    self.codes = codes.map { Array($0.utf8) }
    self.seal = seal
  }

  /// Whether the entry may say something about the customer itself.
  func concerns(_ entry: CommandEntry) -> Bool {
    codes.contains { code in
      Self.contains(entry.request, code) || Self.contains(entry.changes, code)
    }
  }

  /// The texts of one entry.
  func texts(
    of entry: CommandEntry, in snapshot: Snapshot
  ) throws -> [CustomersV1.EarlierText] {
    guard entry.kind == .command else { return [] }
    let asked = try seal.texts(inRequestOf: entry, about: subjects, in: snapshot).map {
      text($0.text, of: $0.subject, as: $0.name, entry)
    }
    let changes = try AuditV1.Changes(wire: entry.changes)
    return try asked + changes.rows.flatMap { try texts(of: $0, entry, in: snapshot) }
  }

  private func texts(
    of row: AuditV1.RowChange, _ entry: CommandEntry, in snapshot: Snapshot
  ) throws -> [CustomersV1.EarlierText] {
    guard let personal = AuditChanges.personal[row.table],
      let subject = row.row.first(where: { $0.name == personal.subject })?.value,
      subjects.contains(subject)
    else { return [] }
    let before =
      row.row.map { (name: $0.name, text: $0.value) }
      + row.columns.map { (name: $0.name, text: $0.before) }
    return try before.compactMap { column in
      guard personal.columns.contains(column.name), !column.text.isEmpty,
        let readable = try seal.readable(column.text, about: subject, in: snapshot)
      else { return nil }
      return text(readable, of: subject, as: "\(row.table).\(column.name)", entry)
    }
  }

  private func text(
    _ text: String, of subject: String, as name: String, _ entry: CommandEntry
  ) -> CustomersV1.EarlierText {
    .init(
      time: GoogleProtobuf.Timestamp(entry.at), method: entry.method, subject: subject, name: name,
      text: text)
  }

  private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first, bytes.count >= part.count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      (0...(bytes.count - part.count)).contains { start in
        bytes[start] == first
          && bytes[start..<start + part.count].elementsEqual(part)
      }
    }
  }
}
