import Crypto
import Foundation
import Testing
import Values

@testable import Backups

@Suite("Sealed files")
struct SealedFileTests {
  private let now = Instant(microseconds: 1_795_000_000_000_000)
  private static let key = BackupKey(SymmetricKey(data: [UInt8](repeating: 7, count: 32)))

  private func withFiles(_ body: (_ plain: String, _ sealed: String) throws -> Void) async throws {
    try await withFolder { try body($0 + "/plain", $0 + "/sealed") }
  }

  private func seal(_ content: [UInt8], _ plain: String, _ sealed: String, _ key: BackupKey?) throws
  {
    try Data(content).write(to: URL(filePath: plain))
    try Backup.seal(plain, as: sealed, key: key, created: now, log: nil)
  }

  private func content(_ sealed: String, _ key: BackupKey?) throws -> [UInt8] {
    var content: [UInt8] = []
    let info = try Backup.open(sealed, key: key) { chunk throws(BackupError) in
      content += chunk
    }
    #expect(info.contentBytes == content.count)
    return content
  }

  @Test(
    "content of every length comes back",
    arguments: [0, 1, 1000, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20, (3 << 20) + 5],
    [false, true])
  func roundTrip(length: Int, encrypted: Bool) async throws {
    let key = encrypted ? Self.key : nil
    let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    try await withFiles { plain, sealed in
      try seal(bytes, plain, sealed, key)
      #expect(try content(sealed, key) == bytes)
    }
  }

  @Test("a changed, lost or added byte is found wherever it is", arguments: [false, true])
  func damage(encrypted: Bool) async throws {
    let key = encrypted ? Self.key : nil
    let tag = encrypted ? 16 : 32
    let bytes = (0..<(2 << 20) + 100).map { UInt8(truncatingIfNeeded: $0) }
    try await withFiles { plain, sealed in
      try seal(bytes, plain, sealed, key)
      let whole = try Data(contentsOf: URL(filePath: sealed))
      let head = SealedFile.headerBytes
      let first = head + 4 + (1 << 20) + tag
      func expectFound(_ data: Data, _ what: String) throws {
        try data.write(to: URL(filePath: sealed))
        #expect(throws: BackupError.self, "\(what)") { try content(sealed, key) }
      }
      // Header, lengths, content, tags; of the first chunk, one between, and the last.
      let places = [
        0, 7, 8, 9, 12, 16, 23, 24, 55, 56, 87, 88, 91, 92, 1000, first - 1, first, first + 3,
      ]
      for place in places + [
        first + 500, whole.count - 1, whole.count - tag, whole.count - tag - 1,
      ] {
        var changed = whole
        changed[place] ^= 1
        try expectFound(changed, "byte \(place)")
      }
      for length in [
        0, 5, head, head + 2, head + 4, first - 1, first, 2 * first - head, whole.count - 1,
      ] {
        try expectFound(whole.prefix(length), "cut to \(length)")
      }
      try expectFound(whole + [0], "a byte more")
      // Two chunks in the other order; a chunk left out; the last one twice.
      let (header, one) = (whole.prefix(head), whole[head..<first])
      let two = whole[first..<2 * first - head]
      let rest = whole[(2 * first - head)...]
      try expectFound(header + two + one + rest, "swapped")
      try expectFound(header + one + rest, "left out")
      try expectFound(whole + rest, "twice")
      try whole.write(to: URL(filePath: sealed))
      #expect(try content(sealed, key) == bytes)
    }
  }

  @Test("what else lies about is refused by name")
  func foreign() async throws {
    try await withFiles { plain, sealed in
      for (text, code) in [
        ("SQLite format 3\0", BackupError.Code.foreignFile), ("", .foreignFile),
        ("JNRYBKP1" + String(repeating: "\0", count: 60), .foreignFile),
        ("JNRYBKP2\u{2}" + String(repeating: "\0", count: 60), .damaged),
      ] {
        try Data(text.utf8).write(to: URL(filePath: sealed))
        let error = #expect(throws: BackupError.self) { try content(sealed, nil) }
        #expect(error?.code == code)
        #expect(error?.description.contains(sealed) == true)
      }
    }
  }
}
