internal import ArgumentParser
private import Foundation
internal import Messages
internal import RPC
internal import Services
internal import Storage
internal import Values

private let kinds = Choice(AuditV1.EntryKind.allCases, \.name)

/// `joinery audit …`
struct AuditCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Who did what, from where and why; and the proof of it.",
    discussion: """
      Every command is an entry, chained to the one before by its hash. The server signs the chain \
      now and then with its audit key. Keep the public key elsewhere (`joinery audit key`): with \
      it anybody can check an export or a proof on any machine, and notices an entry that was \
      changed, removed, moved, added or cut off.
      """,
    subcommands: [List.self, Key.self, Export.self, Verify.self, Proof.self, Checkpoint.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Entries, the newest first.")
    @Option(name: .long, help: "Only of this person, service or till.") var principal: String = ""
    @Option(name: .long, help: "Only of this method, such as PlaceOrder.") var method: String = ""
    @Option(name: .long, help: "Only on the timeline of this document.") var document: String = ""
    @Option(name: .long, help: "Not before this time.") var from: TimeArgument?
    @Option(name: .long, help: "Before this time.") var until: TimeArgument?
    @Option(name: .long, help: "Only with this gRPC status code; 0 for done.") var code: Int32?
    @Option(
      name: .long, help: ArgumentHelp("Only of this kind: \(kinds.help)."),
      transform: kinds.callAsFunction)
    var kind: AuditV1.EntryKind = .unspecified
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> AuditV1.ListEntriesRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, principal: principal, method: method,
        documentNumber: document, from: from?.message, until: until?.message, code: code,
        kind: kind)
    }

    func run() async throws {
      try await RemoteCall.with(connection) { channel in
        let reply = try await AuditV1.AuditServiceClient(channel: channel).listEntries(
          request(), options: connection.callOptions(connection.metadata))
        guard connection.output == .table else {
          return try Renderer(format: .json).show(reply)
        }
        for entry in reply.entries { AuditLines.show(entry) }
        if !reply.nextPageToken.isEmpty {
          Terminal.standardOutput("more with --page-token \(reply.nextPageToken)")
        }
      }
    }
  }

  struct Key: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the public key, to be kept elsewhere.")

    @Option(name: .long, help: ArgumentHelp("The database.", valueName: "file"))
    var database = "joinery.db"
    @OptionGroup var key: AuditKeyOption

    func run() throws {
      Terminal.standardOutput(try key.load(for: database).publicText)
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the whole audit into a file.",
      discussion: "From a running server, or with --database from a file that none has open.")

    @Argument(help: ArgumentHelp("The new file.", valueName: "file")) var file: String
    @Option(name: .long, help: ArgumentHelp("The database.", valueName: "file"))
    var database: String?
    @OptionGroup var secrets: SecretsKeyOption
    @OptionGroup var key: AuditKeyOption
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      let output = try NewFile(file)
      if let database {
        let key = try key.load(for: database)
        let store = try AuditCommands.open(database, try secrets.pages())
        defer { store.close() }
        try await AuditFile.export(store, by: key, now: Clock.now) { try output.write($0) }
      } else {
        try await RemoteCall.with(connection) { channel in
          let client = AuditV1.AuditServiceClient(channel: channel)
          let options = connection.callOptions(connection.metadata, isStream: true)
          for try await message in try await client.export(.init(), options: options) {
            try output.write(message.chunk)
          }
        }
      }
      try output.finish()
    }
  }

  struct Proof: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a file that proves what is on record about one document.")

    @Argument(help: "The number of the order or other document.") var document: String
    @Argument(help: ArgumentHelp("The new file. (default: DOCUMENT.proof)", valueName: "file"))
    var file: String?
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      try await RemoteCall.with(connection) { channel in
        let reply = try await AuditV1.AuditServiceClient(channel: channel).prove(
          .init(documentNumber: document), options: connection.callOptions(connection.metadata))
        let name = file ?? document.replacing("/", with: "-") + ".proof"
        let output = try NewFile(name)
        try output.write(reply.file)
        try output.finish()
        Terminal.standardOutput("\(name): \(reply.entries) entries")
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check an export, a proof, or a database that no server has open.",
      discussion: """
        Needs nothing but the file and the public key. Names every entry that is not as it was \
        recorded, and exits with 1 then. Entries behind the last signature of a database are not \
        signed yet, and cannot be missed when they are cut off.
        """)

    @Argument(help: ArgumentHelp("What to check.", valueName: "file")) var file: String
    @Option(
      name: .long,
      help: ArgumentHelp(
        "The public key, or a file that holds it; give it again where there were several.",
        valueName: "key"))
    var key: [String]
    @OptionGroup var secrets: SecretsKeyOption
    @Option(name: .shortAndLong, help: "How to show the entries of a proof: table or json.")
    var output: OutputFormat = .table

    func run() async throws {
      let keys = try key.map(AuditCommands.publicKey)
      guard let input = FileHandle(forReadingAtPath: file) else {
        throw Failure("cannot read \(file)")
      }
      let start = try input.read(upToCount: Database.magicByteCount) ?? Data()
      let verdict: AuditVerdict
      if Database.begins([UInt8](start)) {
        try input.close()
        let store = try AuditCommands.open(file, try secrets.pages())
        defer { store.close() }
        verdict = try await store.read { try AuditFile.check(logIn: $0, keys: Set(keys)) }
      } else {
        try input.seek(toOffset: 0)
        let isTable = output == .table
        do {
          verdict = try AuditFile.check(
            keys: keys,
            show: { entry in
              if isTable {
                AuditLines.show(entry)
              } else {
                try? Renderer(format: .json).show(entry)
              }
            },
            read: { [UInt8](try input.read(upToCount: $0) ?? Data()) })
        } catch let error as AuditFile.NotAnAudit {
          throw Failure("cannot check \(file): \(error)")
        }
      }
      for line in verdict.lines { Terminal.standardOutput(line) }
      if !verdict.isClean { throw ExitCode(1) }
    }
  }

  fileprivate static func open(_ path: String, _ pages: PageProtection) throws -> Database {
    do {
      return try Database.open(
        Database.Configuration(path: path, mustExist: true, pages: pages),
        migrations: Schema.migrations, now: Clock.now())
    } catch {
      throw Failure("cannot open \(path): \(error.message)")
    }
  }

  /// From the option: the digits themselves, or a file of them.
  fileprivate static func publicKey(_ text: String) throws -> [UInt8] {
    if let key = AuditKey.bytes(of: text) { return key }
    guard let file = FileHandle(forReadingAtPath: text),
      let data = try file.read(upToCount: 100),
      let key = AuditKey.bytes(
        of: String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    else { throw Failure("--key \(text): expected 64 hexadecimal digits, or a file of them") }
    return key
  }
}

extension AuditVerdict {
  /// What people are told.
  fileprivate var lines: [String] {
    var lines = findings.map(\.text)
    if moreFindings > 0 { lines.append("… and \(moreFindings) more") }
    var facts = "\(entries) entries"
    if let subject { facts += " about \(subject)" }
    if let firstAt, let lastAt { facts += " from \(firstAt) to \(lastAt)" }
    lines.append(facts + ", signed up to \(signedThrough)")
    if let madeAt { lines.append("made \(madeAt)") }
    lines.append(
      isClean ? "verified: nothing is wrong" : "\(findings.count + moreFindings) findings")
    return lines
  }
}

/// A file that was not there before. What is incomplete has another name.
private final class NewFile {
  private let path: String
  private let handle: FileHandle

  init(_ path: String) throws {
    self.path = path
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Failure("\(path) exists already")
    }
    guard
      FileManager.default.createFile(
        atPath: path + ".partial", contents: nil, attributes: [.posixPermissions: 0o600]),
      let handle = FileHandle(forWritingAtPath: path + ".partial")
    else { throw Failure("cannot write \(path)") }
    self.handle = handle
  }

  func write(_ bytes: [UInt8]) throws {
    do { try handle.write(contentsOf: Data(bytes)) } catch { throw failure(error) }
  }

  func finish() throws {
    do {
      try handle.synchronize()
      try handle.close()
      try FileManager.default.moveItem(atPath: path + ".partial", toPath: path)
    } catch { throw failure(error) }
  }

  private func failure(_ error: any Error) -> Failure {
    Failure("cannot write \(path): \(error.localizedDescription)")
  }
}

/// "2026-11-21T14:00:00Z", or a day, which begins at midnight UTC.
struct TimeArgument: ExpressibleByArgument {
  let message: GoogleProtobuf.Timestamp

  init?(argument: String) {
    let text = argument.contains("T") ? argument : argument + "T00:00:00Z"
    guard
      let bytes = try? JSONMapping().bytes(
        from: .text(text), as: GoogleProtobuf.Timestamp.fullName),
      let time = try? GoogleProtobuf.Timestamp(wire: bytes)
    else { return nil }
    message = time
  }
}

/// An entry for people: a line with who did what, then what it was about and what it changed.
private enum AuditLines {
  static func show(_ entry: AuditV1.Entry) {
    Terminal.standardOutput(head(entry))
    let documents = Set(entry.events.compactMap { $0.subject?.number }).sorted()
    if !documents.isEmpty { line("about: " + documents.joined(separator: ", ")) }
    if !entry.reason.isEmpty { line("because: \(entry.reason)") }
    for event in entry.events {
      line(([event.type] + event.facts.map { "\($0.name)=\($0.value)" }).joined(separator: "  "))
    }
    for row in entry.changes?.rows ?? [] {
      let name = row.row.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
      let columns = row.columns.map { column in
        row.removed
          ? "\(column.name) \(column.before)" : "\(column.name) \(column.before) → \(column.after)"
      }
      line(
        "\(row.table) \(name)\(row.removed ? " removed" : ""): "
          + columns.joined(separator: ", "))
    }
    if let more = entry.changes?.leftOut, more > 0 { line("… and \(more) more rows") }
  }

  private static func head(_ entry: AuditV1.Entry) -> String {
    var parts = [
      AlignedColumns.padded("\(entry.sequence)", 8, toTheRight: true),
      entry.time.map { Instant($0).description } ?? "",
      entry.principal.isEmpty ? "-" : entry.principal,
      entry.credential, "from \(entry.peer)",
      String(entry.method.split(separator: "/").last ?? ""),
      entry.code == 0 ? "done" : "refused: \(entry.refusal)",
    ]
    if entry.occurrences > 1 { parts.append("\(entry.occurrences) times") }
    if !entry.certificateSubject.isEmpty { parts.append(entry.certificateSubject) }
    if !entry.traceId.isEmpty { parts.append("trace \(entry.traceId)") }
    return parts.filter { !$0.isEmpty }.joined(separator: "  ")
  }

  private static func line(_ text: String) { Terminal.standardOutput("          " + text) }
}

extension Instant {
  fileprivate init(_ time: GoogleProtobuf.Timestamp) {
    let seconds = min(max(time.seconds, -62_135_596_800), 253_402_300_799)
    self.init(microseconds: seconds * 1_000_000 + Int64(time.nanos) / 1_000)
  }
}
