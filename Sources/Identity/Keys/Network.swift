private import Glibc

/// A block of addresses: "10.1.0.0/16", "2001:db8::/48", or one address alone.
package struct Network: Hashable, Sendable, CustomStringConvertible {
  private let address: [UInt8]
  private let bits: Int
  package let description: String

  /// Nil for what is no block, or one with bits set beyond its prefix, which is a slip.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = Self.address(String(first)) else { return nil }
    var bits = address.count * 8
    if parts.count == 2 {
      guard let given = Int(parts[1]), (0...bits).contains(given), "\(given)" == parts[1] else {
        return nil
      }
      bits = given
    }
    guard Self.masked(address, bits) == address else { return nil }
    self.address = address
    self.bits = bits
    description = text
  }

  /// Whether a caller at `peer` ("10.1.2.3:50123", "[2001:db8::1]:50123") is in it. Callers without
  /// an address of their own, as through a Unix socket, are in no network.
  package func contains(peer: String) -> Bool {
    guard let found = Self.address(ofPeer: peer), found.count == address.count else {
      return false
    }
    return Self.masked(found, bits) == address
  }

  /// The block in which a caller is: as far as an office, a shop or a home reaches, or as told. As
  /// it is, a caller without an address of its own.
  package static func around(peer: String, bits: (four: Int, six: Int) = (24, 48)) -> String {
    guard let found = address(ofPeer: peer) else { return peer }
    let kept = found.count == 4 ? bits.four : bits.six
    var block = masked(found, kept)
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = found.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, &block, &text, socklen_t(text.count)) != nil else { return peer }
    let end = text.firstIndex(of: 0) ?? text.count
    return String(decoding: text[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      + "/\(kept)"
  }

  private static func address(ofPeer peer: String) -> [UInt8]? {
    guard let colon = peer.lastIndex(of: ":") else { return nil }
    var host = String(peer[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    return address(host)
  }

  /// 4 or 16 bytes; an IPv4 address written as one of IPv6 (::ffff:10.1.2.3) is the IPv4 one.
  private static func address(_ text: String) -> [UInt8]? {
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      return withUnsafeBytes(of: &four) { Array($0) }
    }
    var sixteen = in6_addr()
    guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
    let bytes = withUnsafeBytes(of: &sixteen) { Array($0) }
    let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
    return Array(bytes.prefix(12)) == mapped ? Array(bytes.suffix(4)) : bytes
  }

  private static func masked(_ address: [UInt8], _ bits: Int) -> [UInt8] {
    address.enumerated().map { index, byte in
      let kept = max(0, min(8, bits - index * 8))
      return byte & UInt8(truncatingIfNeeded: 0xFF00 >> kept)
    }
  }
}
