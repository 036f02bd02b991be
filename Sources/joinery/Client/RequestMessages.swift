private import Foundation
internal import Messages
internal import RPC
private import Synchronization

/// The messages of a request that were given as JSON: on the command line, in a file, or on
/// standard input, from where each is handed on as soon as it is complete.
struct RequestMessages: Sendable {
  /// JSON, `-` or `@FILE`.
  let text: String
  let mapping: JSONMapping
  /// Full name of their type.
  let type: String

  /// The only message.
  func single() async throws -> AnyMessage {
    var iterator = makeIterator()
    guard let first = try await iterator.next() else {
      throw Failure("the request is empty; {} is a message without fields")
    }
    guard try await iterator.next() == nil else {
      throw Failure("the method takes one message, the request has several")
    }
    return first
  }

  func makeIterator() -> Iterator { Iterator(source: self) }

  /// Hands out one message after the other.
  struct Iterator {
    fileprivate let source: RequestMessages
    private var sequence = JSONSequence()
    private var waiting: ArraySlice<String> = []
    private var isAtEnd = false

    fileprivate init(source: RequestMessages) { self.source = source }

    mutating func next() async throws -> AnyMessage? {
      while waiting.isEmpty {
        if isAtEnd { return nil }
        let bytes = try await read()
        waiting = sequence.append(bytes)[...]
        if isAtEnd, let rest = sequence.finish() { waiting.append(rest) }
      }
      return try source.encode(waiting.removeFirst())
    }

    /// Everything at once, but for standard input.
    private mutating func read() async throws -> [UInt8] {
      guard source.text == "-" else {
        isAtEnd = true
        guard source.text.hasPrefix("@") else { return Array(source.text.utf8) }
        let path = String(source.text.dropFirst())
        guard let data = FileManager.default.contents(atPath: path) else {
          throw Failure("cannot read \(path)")
        }
        return [UInt8](data)
      }
      let bytes = await StandardInput.next()
      isAtEnd = bytes.isEmpty
      return bytes
    }
  }

  private func encode(_ json: String) throws -> AnyMessage {
    do { return AnyMessage(bytes: try mapping.bytes(fromJSON: json, as: type)) } catch {
      throw Failure("the request does not fit \(type): \(error)")
    }
  }
}

/// The first failure of a task whose error nobody else sees.
final class FirstFailure: Sendable {
  private let failure = Mutex<Failure?>(nil)

  var first: Failure? { failure.withLock { $0 } }

  func note(_ error: Failure) {
    failure.withLock { if $0 == nil { $0 = error } }
  }
}

/// An encoded message of whatever type.
struct AnyMessage: WireMessage {
  static let fullName = "google.protobuf.Any"
  var bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  init(wire bytes: UnsafeRawBufferPointer) { self.bytes = [UInt8](bytes) }

  func encode(_ allocate: (Int) -> UnsafeMutableRawPointer) {
    let memory = allocate(bytes.count)
    bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { memory.copyMemory(from: start, byteCount: source.count) }
    }
  }
}
