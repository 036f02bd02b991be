import Testing

@testable import RPC

@Suite("Compression")
struct ZlibTests {
  private let text = Array(String(repeating: "joinery ", count: 8).utf8)
  /// The text as Python's gzip and zlib write it.
  private let foreign: [MessageEncoding: [UInt8]] = [
    .gzip: [
      31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 202, 207, 204, 75, 45, 170, 84, 200, 34, 147, 6, 0, 95,
      8, 42, 174, 64, 0, 0, 0,
    ],
    .deflate: [120, 156, 203, 202, 207, 204, 75, 45, 170, 84, 200, 34, 147, 6, 0, 51, 245, 25, 1],
  ]

  private func deflate(_ bytes: [UInt8], _ encoding: MessageEncoding) -> [UInt8]? {
    bytes.withUnsafeBytes { Zlib.deflate($0, as: encoding) }
  }

  private func inflate(
    _ bytes: some Collection<UInt8>, _ encoding: MessageEncoding, limit: Int = 1_000
  ) -> Result<[UInt8], Zlib.Failure> {
    Array(bytes).withUnsafeBytes { bytes in
      Result { () throws(Zlib.Failure) -> [UInt8] in
        try Zlib.inflate(bytes, as: encoding, limit: limit)
      }
    }
  }

  @Test("what others compressed", arguments: [.gzip, .deflate] as [MessageEncoding])
  func foreign(encoding: MessageEncoding) throws {
    let packed = try #require(foreign[encoding])
    #expect(inflate(packed, encoding) == .success(text))
  }

  @Test(
    "there and back, every size of window", arguments: [.gzip, .deflate] as [MessageEncoding],
    [50, 512, 513, 40_000, 1_000_000])
  func roundTrip(encoding: MessageEncoding, size: Int) throws {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0 / 300) & 0x0F }
    let packed = try #require(deflate(bytes, encoding))
    #expect(packed.count < size)
    #expect(inflate(packed, encoding, limit: size) == .success(bytes))
    #expect(inflate(packed, encoding, limit: size - 1) == .failure(.tooLarge))
  }

  @Test("what does not shrink is left alone")
  func incompressible() {
    #expect(deflate([], .gzip) == nil)
    #expect(deflate([1, 2, 3], .gzip) == nil)
  }

  @Test(
    "cut short anywhere, or with something behind it",
    arguments: [.gzip, .deflate] as [MessageEncoding])
  func broken(encoding: MessageEncoding) throws {
    let packed = try #require(foreign[encoding])
    for end in packed.indices {
      #expect(inflate(packed[..<end], encoding) == .failure(.malformed))
    }
    #expect(inflate(packed + [0], encoding) == .failure(.malformed))
    #expect(inflate(packed + packed, encoding) == .failure(.malformed))
  }

  @Test("a flipped bit anywhere is found, or changes nothing")
  func flipped() throws {
    let packed = try #require(foreign[.deflate])
    for bit in 0..<8 * packed.count {
      var changed = packed
      changed[bit / 8] ^= 1 << (bit % 8)
      let result = inflate(changed, .deflate)
      #expect(result == .success(text) || (try? result.get()) == nil)
    }
  }

  @Test("a bomb is stopped at the limit, whatever its size")
  func bomb() throws {
    let bomb = try #require(deflate([UInt8](repeating: 0, count: 50_000_000), .gzip))
    #expect(bomb.count < 300_000)
    #expect(inflate(bomb, .gzip, limit: 0) == .failure(.tooLarge))
    #expect(inflate(bomb, .gzip, limit: 1) == .failure(.tooLarge))
    #expect(inflate(bomb, .gzip, limit: 4_194_304) == .failure(.tooLarge))
  }

  @Test(
    "grpc-accept-encoding",
    arguments: [
      ("gzip", .gzip), ("identity, deflate, gzip", .gzip), ("identity,deflate", .deflate),
      ("deflate,gzip", .gzip), ("identity", nil), ("", nil), ("br,snappy", nil),
      ("GZIP", nil), (",,gzip ,", .gzip), ("gzipped", nil),
    ] as [(String, MessageEncoding?)])
  func accepted(list: String, encoding: MessageEncoding?) {
    let chosen = Array(list.utf8).withUnsafeBytes { MessageEncoding(acceptedBy: $0) }
    #expect(chosen == encoding)
  }
}
