private import Crypto

/// The Merkle tree over the hashes of all entries, as in RFC 9162 (Certificate Transparency), 2.1.
///
/// The hash chain alone would do to find a forgery, but to prove one entry by it takes all hashes
/// from there to a signed one. With the root of a tree in the signature a proof is 20 hashes for a
/// million entries, and says nothing about the others.
enum MerkleTree {
  /// A complete subtree of so many entries is kept, so that nobody reads all hashes again.
  static let tileSize: Int64 = 256

  static func leaf(_ entryHash: [UInt8]) -> [UInt8] { digest(0, entryHash, []) }

  static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { digest(1, left, right) }

  private static func digest(_ prefix: UInt8, _ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    withUnsafeBytes(of: prefix) { hash.update(bufferPointer: $0) }
    first.withUnsafeBytes { hash.update(bufferPointer: $0) }
    second.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return hash.finalize().withUnsafeBytes { Array($0) }
  }

  /// The root of the leaves from `first` on, `count` of them, at least one. `known` gives the roots
  /// of single leaves and of those complete subtrees that it has.
  static func root(
    from first: Int64, count: Int64, _ known: (_ first: Int64, _ count: Int64) throws -> [UInt8]?
  ) throws -> [UInt8] {
    if let known = try known(first, count) { return known }
    precondition(count > 1, "leaf \(first) is not there")
    let half = split(count)
    return node(
      try root(from: first, count: half, known),
      try root(from: first + half, count: count - half, known))
  }

  /// The hashes that lead from a leaf to the root of the first `size` leaves, the lowest first
  /// (2.1.3.1).
  static func path(
    to index: Int64, size: Int64, _ known: (_ first: Int64, _ count: Int64) throws -> [UInt8]?
  ) throws -> [[UInt8]] {
    var (first, count) = (Int64(0), size)
    var path: [[UInt8]] = []
    while count > 1 {
      let half = split(count)
      if index < first + half {
        path.append(try root(from: first + half, count: count - half, known))
        count = half
      } else {
        path.append(try root(from: first, count: half, known))
        (first, count) = (first + half, count - half)
      }
    }
    return path.reversed()
  }

  /// The root that a path leads to from a leaf; nil when it is no path of that place (2.1.3.2).
  static func root(
    from leaf: [UInt8], at index: Int64, size: Int64, path: [[UInt8]]
  ) -> [UInt8]? {
    guard index >= 0, index < size else { return nil }
    var (place, last) = (index, size - 1)
    var hash = leaf
    for step in path {
      guard last > 0 else { return nil }
      if place & 1 == 1 || place == last {
        hash = node(step, hash)
        while place & 1 == 0, place != 0 {
          place >>= 1
          last >>= 1
        }
      } else {
        hash = node(hash, step)
      }
      place >>= 1
      last >>= 1
    }
    return last == 0 ? hash : nil
  }

  /// The largest power of two below `count`.
  private static func split(_ count: Int64) -> Int64 {
    1 << (Int64.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }
}

/// A tree that grows by one leaf at a time and knows its root at any: it holds the roots of its
/// complete subtrees, at most one of each size.
struct GrowingTree {
  private(set) var size: Int64 = 0
  /// The largest first.
  private var subtrees: [[UInt8]] = []

  mutating func append(_ entryHash: [UInt8]) {
    var hash = MerkleTree.leaf(entryHash)
    var rest = size
    while rest & 1 == 1, let left = subtrees.popLast() {
      hash = MerkleTree.node(left, hash)
      rest >>= 1
    }
    subtrees.append(hash)
    size += 1
  }

  /// Nil while it is empty.
  var root: [UInt8]? {
    guard var root = subtrees.last else { return nil }
    for left in subtrees.dropLast().reversed() { root = MerkleTree.node(left, root) }
    return root
  }
}
