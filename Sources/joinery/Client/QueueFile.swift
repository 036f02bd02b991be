private import Foundation
internal import Messages
internal import RPC

/// The commands of a terminal, one a line: the number of a command is that of its line.
struct QueueFile: Sendable {
  let steps: [TillsV1.SyncRequest.Step]
  /// The method of each line; nil for a voided number.
  private let methods: [MethodDescription?]

  init(path: String, terminal: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure("cannot read \(path)")
    }
    var steps: [TillsV1.SyncRequest.Step] = []
    var methods: [MethodDescription?] = []
    // A last line without its end is still being written.
    for line in String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).dropLast() {
      do {
        let number = Int64(steps.count + 1)
        let (step, method) = try Self.step(String(line), number, terminal)
        steps.append(step)
        methods.append(method)
      } catch {
        throw Failure("\(path), line \(steps.count + 1): \(error)")
      }
    }
    self.steps = steps
    self.methods = methods
  }

  private static func step(
    _ line: String, _ number: Int64, _ terminal: String
  ) throws -> (TillsV1.SyncRequest.Step, MethodDescription?) {
    let value = try JSONValue(parsing: line)
    guard case .object(let members) = value else { throw Failure("expected an object") }
    let known = ["method", "request", "actor", "key", "void"]
    for member in members where !known.contains(member.name) {
      throw Failure("\(member.name) is none of \(known.joined(separator: ", "))")
    }
    if let reason = try text(value, "void") {
      return (.voided(.init(number: number, reason: reason)), nil)
    }
    let method = try MethodArgument.find(try text(value, "method") ?? "", in: .joinery)
    let request = try JSONMapping().bytes(from: value["request"] ?? .object([]), as: method.input)
    let command = TillsV1.QueuedCommand(
      number: number, method: "\(method.descriptor.service)/\(method.descriptor.name)",
      request: request, idempotencyKey: try text(value, "key") ?? key(terminal, number),
      actor: try text(value, "actor") ?? "")
    return (.command(command), method)
  }

  private static func text(_ value: JSONValue, _ name: String) throws -> String? {
    switch value[name] {
    case nil: nil
    case .text(let text): text
    default: throw Failure("\(name) must be text")
    }
  }

  /// The same for the same line, whenever it is sent; without what a key cannot hold.
  private static func key(_ terminal: String, _ number: Int64) -> String {
    let name = terminal.utf8.map { String($0, radix: 16) }.joined()
    return "till/\(name.suffix(100))/\(number)"
  }

  private func outcome(_ verdict: TillsV1.Verdict) -> String {
    let isVoid = methods[Int(verdict.number) - 1] == nil
    return verdict.code == 0 ? "done" : isVoid ? "voided" : "refused"
  }

  /// A verdict as it is kept: the reply in words, or the refusal with its reason.
  func line(_ verdict: TillsV1.Verdict) throws -> JSONValue {
    guard (1...Int64(methods.count)).contains(verdict.number) else {
      throw Failure("the server answers number \(verdict.number), which is not in the queue")
    }
    let method = methods[Int(verdict.number) - 1]
    var members: [JSONValue.Member] = [
      .init("number", .number("\(verdict.number)")),
      .init("outcome", .text(outcome(verdict))),
      .init("method", .text(method?.descriptor.name ?? "void")),
      .init("commitSequence", .number("\(verdict.commitSequence)")),
      .init("replayed", .bool(verdict.replayed)),
    ]
    if verdict.code == 0, let method {
      members.append(
        .init(
          "reply", try JSONMapping(printsDefaults: true).value(verdict.reply, as: method.output))
      )
    } else {
      let refusal = RPCError(encodedStatus: verdict.status)
      members.append(.init("code", .text(refusal.code.name)))
      members.append(
        .init("reason", .text(refusal.detail(GoogleRPC.ErrorInfo.self)?.reason ?? "")))
      members.append(.init("message", .text(verdict.message)))
    }
    return .object(members)
  }
}

/// The verdicts on a queue, one a line. A line counts when it is complete.
final class VerdictFile {
  private(set) var count = 0
  private let path: String
  private let handle: FileHandle

  init(path: String) throws {
    self.path = path
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let handle = FileHandle(forUpdatingAtPath: path) else {
      throw Failure("cannot write \(path)")
    }
    self.handle = handle
    let data = try handle.readToEnd() ?? Data()
    count = data.count { $0 == UInt8(ascii: "\n") }
    // What was cut off in the middle comes again.
    let complete = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    try handle.truncate(atOffset: UInt64(complete))
    try handle.seekToEnd()
  }

  /// Adds the next verdict; it is on disk when this returns.
  func append(_ verdict: JSONValue) throws {
    guard verdict["number"] == .number("\(count + 1)") else {
      throw Failure("the server answers out of order")
    }
    do {
      try handle.write(contentsOf: Data((verdict.text(pretty: false) + "\n").utf8))
      try handle.synchronize()
    } catch {
      throw Failure("cannot write \(path): \(error.localizedDescription)")
    }
    count += 1
  }
}
