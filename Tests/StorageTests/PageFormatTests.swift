import CStorage
import Storage
import Testing

@Suite("Protected pages")
struct PageFormatTests {
  private static let size = Int(joinery_page_bytes)
  private static let reserve = Int(joinery_page_reserve)

  /// With the ids 1, 2 and so on; the first seals.
  final class Pages {
    let handle: OpaquePointer

    init(_ keys: UInt8...) throws {
      handle = try #require(joinery_pages_create())
      use(keys)
    }

    deinit { joinery_pages_release(handle) }

    func use(_ keys: [UInt8]) {
      let bytes: [UInt8] = keys.flatMap { (key: UInt8) -> [UInt8] in
        [0, 0, 0, key] + [UInt8](repeating: key, count: 32)
      }
      #expect(joinery_pages_use(handle, bytes, keys.count))
    }

    func sealed(_ page: [UInt8], as number: UInt32) -> [UInt8] {
      var page = page
      #expect(joinery_page_seal(handle, number, &page) == joinery_page_whole)
      return page
    }

    func opened(_ page: [UInt8], as number: UInt32) -> (joinery_page_state, [UInt8]) {
      var page = page
      return (joinery_page_open(handle, number, &page), page)
    }
  }

  /// As the engine has it: zeros in the reserve.
  private static func page(_ number: UInt32) -> [UInt8] {
    var page = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(number)) }
    page.replaceSubrange((size - reserve)..., with: repeatElement(0, count: reserve))
    if number == 1 { page.replaceSubrange(..<16, with: Array("SQLite format 3\0".utf8)) }
    return page
  }

  @Test(
    "the published vectors of XAES-256-GCM",
    arguments: [
      (1, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
      (3, "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"),
    ] as [(UInt8, String, String)])
  func vectors(key: UInt8, covered: String, expected: String) {
    let key = [UInt8](repeating: key, count: 32)
    let nonce = Array("ABCDEFGHIJKLMNOPQRSTUVWX".utf8)
    let covered = Array(covered.utf8)
    var bytes = Array("XAES-256-GCM".utf8)
    var tag = [UInt8](repeating: 0, count: 16)
    #expect(joinery_xaes_256_gcm(true, key, nonce, covered, covered.count, &bytes, 12, &tag))
    #expect(PageProtection.Key.name(bytes + tag) == expected)
    #expect(joinery_xaes_256_gcm(false, key, nonce, covered, covered.count, &bytes, 12, &tag))
    #expect(bytes == Array("XAES-256-GCM".utf8))
  }

  @Test("a page comes back as it was, sealed or with a checksum, and looks like nothing sealed")
  func roundTrip() throws {
    for number: UInt32 in [1, 2, 262_146, .max] {
      let page = Self.page(number)
      let plain = try Pages()
      let checked = plain.sealed(page, as: number)
      #expect(checked.prefix(Self.size - Self.reserve) == page.prefix(Self.size - Self.reserve))
      #expect(plain.opened(checked, as: number) == (joinery_page_whole, page))
      let keyed = try Pages(1)
      let sealed = keyed.sealed(page, as: number)
      #expect(keyed.opened(sealed, as: number) == (joinery_page_whole, page))
      #expect(sealed != keyed.sealed(page, as: number), "the nonce is another one each time")
      let same = zip(sealed, page).prefix(Self.size - Self.reserve).dropFirst(24)
        .count { $0 == $1 }
      #expect(same < 60, "\(same) bytes are in clear")
      #expect(sealed.starts(with: Array("Joinery sealed 1".utf8)) == (number == 1))
    }
  }

  @Test("every flipped bit is found, and every page in the place of another")
  func flips() throws {
    for pages in [try Pages(), try Pages(1)] {
      for number: UInt32 in [1, 7] {
        let sealed = pages.sealed(Self.page(number), as: number)
        // All of the reserve and of what a database begins with.
        let middle = Array(stride(from: 110, to: 4040, by: 131))
        let offsets = Array(0..<110) + middle + Array(4040..<4096)
        for offset in offsets {
          var damaged = sealed
          damaged[offset] ^= 1 << UInt8(offset % 8)
          #expect(pages.opened(damaged, as: number).0 != joinery_page_whole, "at \(offset)")
        }
        #expect(pages.opened(sealed, as: number + 1).0 == joinery_page_damaged)
      }
      let empty = [UInt8](repeating: 0, count: Self.size)
      #expect(pages.opened(empty, as: 3).0 == joinery_page_bare)
    }
  }

  @Test("a page is opened by its own key only, the newest seals, and checksums need none")
  func keys() throws {
    let old = try Pages(1)
    let sealed = old.sealed(Self.page(5), as: 5)
    #expect(try Pages(2).opened(sealed, as: 5).0 == joinery_page_locked)
    #expect(try Pages().opened(sealed, as: 5).0 == joinery_page_locked)
    old.use([2, 1])
    #expect(old.opened(sealed, as: 5) == (joinery_page_whole, Self.page(5)))
    let newer = old.sealed(Self.page(5), as: 5)
    #expect(try Pages(2).opened(newer, as: 5) == (joinery_page_whole, Self.page(5)))
    // The same name, another key.
    let forged = try Pages()
    #expect(joinery_pages_use(forged.handle, [0, 0, 0, 2] + [UInt8](repeating: 9, count: 32), 1))
    #expect(forged.opened(newer, as: 5).0 == joinery_page_damaged)
    let checked = try Pages().sealed(Self.page(5), as: 5)
    #expect(old.opened(checked, as: 5) == (joinery_page_whole, Self.page(5)))
  }
}
