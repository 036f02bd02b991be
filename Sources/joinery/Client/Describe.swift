internal import ArgumentParser
internal import Messages
internal import RPC

/// `joinery describe`: the manual of an API, as the server tells it or out of our own .proto files.
struct Describe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a method takes and gives; without a name, list all methods.",
    discussion: """
      The server is asked what it offers (gRPC server reflection), so this works with any gRPC \
      server. Where none is running it is the manual of this version of Joinery.
      """)

  @Argument(help: "Method, service or message.") var name: String?
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let pool = try await pool()
    guard let name else { return list(pool.services, pool) }
    if let service = pool.service(named: name) { return list([service], pool) }
    if let message = pool.message(named: name), pool.method(name) == nil {
      return Terminal.standardOutput(describe([message], pool).joined(separator: "\n"))
    }
    let method = try MethodArgument.find(name, in: pool)
    var lines = [method.fullName] + paragraph(method.comment, indent: "  ")
    let needs = method.descriptor
    if needs.shape.streamsRequests { lines.append("  takes a stream") }
    if needs.shape.streamsResponses { lines.append("  gives a stream") }
    if !needs.permission.isEmpty { lines.append("  permission: \(needs.permission)") }
    switch needs.scope {
    case .unspecified: break
    case .rows: lines.append("  scope: what is in the caller's data scope")
    case .company: lines.append("  scope: for everybody with the permission")
    case .all: lines.append("  scope: needs the permission for everybody's data")
    }
    if needs.isSensitive { lines.append("  sensitive: needs a second factor proved just before") }
    if needs.isBeforeApproval {
      lines.append("  works also while a restored database waits to be agreed to")
    }
    if needs.idempotency == .idempotent, !needs.shape.streamsRequests,
      needs.service.hasPrefix("joinery.")
    {
      lines.append("  needs the metadata idempotency-key")
    }
    let messages = [method.input, method.output].compactMap { pool.message($0) }
    Terminal.standardOutput((lines + [""] + describe(messages, pool)).joined(separator: "\n"))
  }

  /// What the server says of itself; our own where none can be reached or it does not say.
  private func pool() async throws -> DescriptorPool {
    let channel = try RemoteCall.channel(connection)
    let found: Result<DescriptorPool?, any Error>
    do {
      let options = connection.callOptions(connection.metadata)
      found = .success(try await Reflection(channel, options).pool(for: name))
    } catch { found = .failure(error) }
    await channel.close()
    switch found {
    case .success(let pool?): return pool
    case .success(nil):
      Terminal.standardError("the server does not describe itself: this is Joinery \(Version.text)")
    case .failure(let error as RPCError) where error.code == .unavailable:
      Terminal.standardError("\(error.message): this is Joinery \(Version.text)")
    case .failure(let error as RPCError): throw Failure(RemoteCall.explain(error))
    case .failure(let error): throw error
    }
    return .joinery
  }

  private func list(_ services: [ServiceDescription], _ pool: DescriptorPool) {
    let methods = services.flatMap(\.methods).sorted { $0.fullName < $1.fullName }
    let rows = methods.map { [$0.fullName, firstSentence($0.comment)] }
    Terminal.standardOutput(
      AlignedColumns.lines(header: ["method", ""], rows: rows).joined(separator: "\n"))
  }

  /// The messages with their fields, and after them every message and enum that they use, each
  /// once.
  private func describe(_ messages: [MessageDescription], _ pool: DescriptorPool) -> [String] {
    var lines: [String] = []
    var waiting = messages
    var seen = Set(messages.map(\.fullName))
    var enums: [EnumDescription] = []
    while !waiting.isEmpty {
      let message = waiting.removeFirst()
      lines += ["message \(message.fullName)"] + paragraph(message.comment, indent: "  ")
      for field in message.fields {
        let presence = field.hasPresence && !field.isRepeated ? "optional " : ""
        let told = field.readPermission.isEmpty ? "" : ", told with \(field.readPermission)"
        lines.append("  \(field.name): \(presence)\(field.typeText)\(told)")
        lines += paragraph(field.comment, indent: "      ")
        if let inner = pool.message(field.typeName), seen.insert(inner.fullName).inserted {
          waiting.append(inner)
        }
        if let inner = pool.enumeration(field.typeName), seen.insert(inner.fullName).inserted {
          enums.append(inner)
        }
      }
      lines.append("")
    }
    for enumeration in enums {
      lines += ["enum \(enumeration.fullName)"] + paragraph(enumeration.comment, indent: "  ")
      lines += enumeration.values.map { "  \($0.name): \(firstSentence($0.comment))" } + [""]
    }
    return lines
  }

  private func paragraph(_ text: String, indent: String) -> [String] {
    text.split(separator: "\n").map { indent + $0.drop { $0 == " " } }
  }

  private func firstSentence(_ text: String) -> String {
    let line = text.split(separator: "\n").joined(separator: " ")
    return line.split(separator: ". ").first.map(String.init) ?? ""
  }
}
