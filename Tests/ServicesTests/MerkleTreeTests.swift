import Testing
import Values

@testable import Services

@Suite("Merkle tree (RFC 9162, 2.1)")
struct MerkleTreeTests {
  /// The inputs and roots that the implementations of Certificate Transparency share.
  private static let inputs = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ]
  private static let roots = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test("has the roots that others have")
  func vectors() throws {
    var tree = GrowingTree()
    #expect(tree.root == nil)
    for (input, root) in zip(Self.inputs, Self.roots) {
      tree.append(try #require(Hex.bytes(input)))
      #expect(Hex.text(try #require(tree.root)) == root)
    }
  }

  @Test("leads from every leaf of every size to the root, and from no other place")
  func paths() throws {
    let hashes = (0..<70).map { [UInt8](repeating: UInt8($0), count: 32) }
    let leaves = hashes.map(MerkleTree.leaf)
    var tree = GrowingTree()
    for size in 1...Int64(hashes.count) {
      tree.append(hashes[Int(size) - 1])
      for index in 0..<size {
        let path = try MerkleTree.path(to: index, size: size) { $1 == 1 ? leaves[Int($0)] : nil }
        func root(_ leaf: Int64, _ place: Int64, _ path: [[UInt8]]) -> [UInt8]? {
          MerkleTree.root(from: leaves[Int(leaf)], at: place, size: size, path: path)
        }
        #expect(root(index, index, path) == tree.root)
        guard size > 1 else { continue }
        #expect(root((index + 1) % size, index, path) != tree.root)
        #expect(root(index, (index + 1) % size, path) != tree.root)
        #expect(root(index, index, path.dropLast()) != tree.root)
        #expect(root(index, index, path + [hashes[0]]) != tree.root)
      }
      #expect(MerkleTree.root(from: leaves[0], at: -1, size: size, path: []) == nil)
      #expect(MerkleTree.root(from: leaves[0], at: size, size: size, path: []) == nil)
    }
  }
}
