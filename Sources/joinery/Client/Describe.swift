internal import ArgumentParser
internal import Messages
internal import RPC

/// `joinery describe`: the manual of the API, out of the .proto files.
struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a method takes and gives; without a name, list all methods.")

  @Argument(help: "Method or message.") var name: String?

  func run() throws {
    let pool = DescriptorPool.joinery
    guard let name else { return list(pool) }
    if let message = pool.message(name) {
      return Terminal.standardOutput(describe([message], pool).joined(separator: "\n"))
    }
    let method = try MethodArgument.find(name)
    var lines = [method.fullName] + paragraph(method.comment, indent: "  ")
    let needs = method.descriptor
    if !needs.permission.isEmpty { lines.append("  permission: \(needs.permission)") }
    if needs.idempotency == .idempotent { lines.append("  needs the metadata idempotency-key") }
    let messages = [method.input, method.output].compactMap(pool.message)
    Terminal.standardOutput((lines + [""] + describe(messages, pool)).joined(separator: "\n"))
  }

  private func list(_ pool: DescriptorPool) {
    let methods = pool.services.flatMap(\.methods).sorted { $0.fullName < $1.fullName }
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
        lines.append("  \(field.name): \(presence)\(field.typeText)")
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
