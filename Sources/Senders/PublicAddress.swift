private import Glibc

/// Whether an address is one of the open internet. A webhook's URL is somebody's input: without
/// this a server could be made to ask its own machine and network (SSRF).
package enum PublicAddress {
  /// `bytes` are 4 or 16.
  package static func contains(_ bytes: [UInt8]) -> Bool {
    if bytes.count == 4 { return !four.contains { isIn(bytes, $0.prefix, $0.bits) } }
    guard bytes.count == 16 else { return false }
    // ::ffff:10.1.2.3 and 64:ff9b::10.1.2.3 are 10.1.2.3.
    let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
    let translated: [UInt8] = [0, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8)
    let head = Array(bytes.prefix(12))
    if head == mapped || head == translated { return contains(Array(bytes.suffix(4))) }
    return !six.contains { isIn(bytes, $0.prefix, $0.bits) }
  }

  /// 4 or 16 of "10.1.2.3" or "2001:db8::1"; nil for what is no address.
  static func bytes(of text: String) -> [UInt8]? {
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
    var six = in6_addr()
    guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
    return withUnsafeBytes(of: &six) { Array($0) }
  }

  /// Special-purpose blocks of IANA's registries, multicast, and what is reserved.
  private static let four: [(prefix: [UInt8], bits: Int)] = [
    ([0], 8), ([10], 8), ([100, 64], 10), ([127], 8), ([169, 254], 16), ([172, 16], 12),
    ([192, 0, 0], 24), ([192, 0, 2], 24), ([192, 88, 99], 24), ([192, 168], 16), ([198, 18], 15),
    ([198, 51, 100], 24), ([203, 0, 113], 24), ([224], 4), ([240], 4),
  ]
  /// Unspecified, loopback and old forms of IPv4 in the first; documentation, tunnels that lead to
  /// any IPv4 address, local and multicast ones.
  private static let six: [(prefix: [UInt8], bits: Int)] = [
    ([0, 0, 0, 0, 0, 0, 0, 0], 64), ([0x00, 0x64, 0xFF, 0x9B, 0x00, 0x01], 48), ([0x01, 0x00], 64),
    ([0x20, 0x01, 0x00, 0x00], 23), ([0x20, 0x01, 0x0D, 0xB8], 32), ([0x20, 0x02], 16),
    ([0x3F, 0xFF], 20), ([0x5F, 0x00], 16), ([0xFC], 7), ([0xFE, 0x80], 10), ([0xFE, 0xC0], 10),
    ([0xFF], 8),
  ]

  private static func isIn(_ address: [UInt8], _ prefix: [UInt8], _ bits: Int) -> Bool {
    (0..<bits).allSatisfy { bit in
      let wanted = bit / 8 < prefix.count ? prefix[bit / 8] : 0
      return (address[bit / 8] ^ wanted) & (0x80 >> UInt8(bit % 8)) == 0
    }
  }
}
