import Testing

@testable import RPC

@Suite("Message deframer")
struct DeframerTests {
  private let two = framed(Array("first".utf8)) + framed(Array("second one".utf8))
  private let expected = [Array("first".utf8), Array("second one".utf8)]

  private func messages(_ pieces: [ArraySlice<UInt8>], limit: Int = 100) throws -> [[UInt8]] {
    var deframer = MessageDeframer(limit: limit)
    var messages: [[UInt8]] = []
    for piece in pieces {
      piece.withUnsafeBytes { deframer.append($0) }
      while let message = try deframer.next() { messages.append(message.bytes) }
    }
    let rest = deframer.bufferedBytes
    #expect(rest == 0)
    return messages
  }

  @Test("two messages byte by byte")
  func byteByByte() throws {
    #expect(try messages(two.indices.map { two[$0...$0] }) == expected)
  }

  @Test("two messages in every division into three pieces")
  func everySplit() throws {
    for first in 0...two.count {
      for second in first...two.count {
        #expect(try messages([two[..<first], two[first..<second], two[second...]]) == expected)
      }
    }
  }

  @Test("an empty message is a message")
  func empty() throws {
    #expect(try messages([framed([])[...]]) == [[]])
  }

  private func refusal(
    _ bytes: [UInt8], limit: Int = 100, encoding: MessageEncoding? = nil
  ) -> RPCError.Code? {
    var deframer = MessageDeframer(limit: limit)
    deframer.encoding = encoding
    bytes.withUnsafeBytes { deframer.append($0) }
    do {
      _ = try deframer.next()
      return nil
    } catch { return error.code }
  }

  @Test("a size over the limit is refused from the prefix, before a byte of it came")
  func tooLarge() {
    #expect(refusal([0, 0, 0, 0, 101]) == .resourceExhausted)
    #expect(refusal([0, 0xFF, 0xFF, 0xFF, 0xFF]) == .resourceExhausted)
    #expect(refusal([0, 0, 0, 0, 100]) == nil)
  }

  @Test(
    "a flag other than 0 or 1, and compression without an encoding, are refused at the first byte")
  func flags() {
    #expect(refusal([1]) == .internal)
    #expect(refusal([1], encoding: .gzip) == nil)
    #expect(refusal([2], encoding: .gzip) == .internal)
    #expect(refusal([2]) == .internal)
    #expect(refusal([0xFF]) == .internal)
  }

  @Test("a message is framed in one piece of memory and refused over the limit")
  func frame() throws {
    #expect(try MessageFrame.bytes(Bytes("abc"), limit: 3) == framed(Array("abc".utf8)))
    #expect(try MessageFrame.bytes(Bytes(""), limit: 3) == framed([]))
    #expect(throws: RPCError.self) { try MessageFrame.bytes(Bytes("abcd"), limit: 3) }
  }
}
