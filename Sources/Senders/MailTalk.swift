private import Foundation
internal import NIOCore

/// What a mail server answers: a code of three digits, and lines.
struct MailReply: Sendable {
  let code: Int
  let lines: [String]

  /// Refuses any other code. `isFinal`: a 5xx is about this mail, and will not change.
  func expect(
    _ codes: Int..., for step: String, isFinal: Bool = false
  ) throws {
    guard !codes.contains(code) else { return }
    let said = lines.joined(separator: " ")
    throw SenderFailure(
      SenderFailure.quoted("\(step): \(code) \(said)"), isFinal: isFinal && code >= 500)
  }

  /// Whether EHLO offered it.
  func has(_ keyword: String) -> Bool {
    lines.contains { $0.uppercased().split(separator: " ").first.map(String.init) == keyword }
  }

  /// What EHLO said behind the keyword; an old form has "=" instead of the blank.
  func words(of keyword: String) -> [String] {
    lines.flatMap { line -> [String] in
      let words = line.uppercased().split { $0 == " " || $0 == "=" }.map(String.init)
      return words.first == keyword ? Array(words.dropFirst()) : []
    }
  }
}

/// The lines of a conversation with a mail server, in turns.
struct MailTalk {
  private var replies: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var rest: [UInt8] = []

  /// RFC 5321 has 512 bytes a line; a reply of many lines is one that never ends.
  private static let longestLine = 4_096
  private static let mostLines = 200

  init(
    replies: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
    outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) {
    self.replies = replies
    self.outbound = outbound
  }

  /// Whether everything that came was read.
  var isDrained: Bool { rest.isEmpty }

  /// Sends a line and waits for what is answered. A line break in a line is a fault of ours.
  mutating func say(_ line: String) async throws -> MailReply {
    precondition(!line.utf8.contains { $0 == 13 || $0 == 10 }, "a line break inside a command")
    try await send(Array((line + "\r\n").utf8))
    return try await reply()
  }

  mutating func send(_ bytes: [UInt8]) async throws {
    do {
      try await outbound.write(ByteBuffer(bytes: bytes))
    } catch {
      // Why the connection ended, a certificate that is not believed say, is told to who reads.
      while try await replies.next(isolation: #isolation) != nil {}
      throw error
    }
  }

  mutating func reply() async throws -> MailReply {
    var lines: [String] = []
    while lines.count < Self.mostLines {
      let line = try await line()
      guard line.utf8.count >= 3, let code = Int(line.prefix(3)), (200...599).contains(code) else {
        throw SenderFailure(SenderFailure.quoted("no SMTP: \(line)"))
      }
      let rest = line.dropFirst(3)
      lines.append(String(rest.dropFirst()))
      if rest.first != "-" { return MailReply(code: code, lines: lines) }
    }
    throw SenderFailure("the server's reply does not end")
  }

  private mutating func line() async throws -> String {
    while true {
      if let end = rest.firstIndex(of: 10) {
        var line = rest[..<end]
        if line.last == 13 { line.removeLast() }
        defer { rest.removeSubrange(...end) }
        return String(decoding: line, as: UTF8.self)
      }
      guard rest.count <= Self.longestLine else { throw SenderFailure("the server's line is long") }
      guard let more = try await replies.next(isolation: #isolation) else {
        throw SenderFailure("the server closed the connection")
      }
      rest += more.readableBytesView
    }
  }
}

extension String {
  /// Of its bytes.
  var base64: String { Data(utf8).base64EncodedString() }
}
