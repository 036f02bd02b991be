internal import Crypto
private import CryptoExtras

/// How much work scrypt makes of a password (RFC 7914). Stored with each hash, so that it can be
/// raised: a login then hashes anew.
package struct ScryptStrength: Hashable, Sendable {
  /// N: a power of two. Memory is 128 · N · blockSize bytes.
  package var rounds: Int
  /// r.
  package var blockSize: Int
  /// p.
  package var parallelism: Int

  package init(rounds: Int, blockSize: Int, parallelism: Int) {
    self.rounds = rounds
    self.blockSize = blockSize
    self.parallelism = parallelism
  }

  /// 32 MiB and three passes: one of the equivalent settings of the OWASP cheat sheet, with the
  /// least memory, since several people may log in at once.
  package static let standard = ScryptStrength(rounds: 1 << 15, blockSize: 8, parallelism: 3)
}

/// A password as it is stored. Making and comparing takes a tenth of a second and much memory by
/// intention: never on the writer and never on an event loop.
package struct PasswordHash: Hashable, Sendable {
  package let salt: [UInt8]
  package let hash: [UInt8]
  package let strength: ScryptStrength

  /// Bytes of salt and hash.
  package static let saltByteCount = 16
  package static let hashByteCount = 32

  package init(salt: [UInt8], hash: [UInt8], strength: ScryptStrength) {
    self.salt = salt
    self.hash = hash
    self.strength = strength
  }

  /// Throws when the strength is none that scrypt knows.
  package init(of password: String, salt: [UInt8], strength: ScryptStrength) throws {
    let key = try KDF.Scrypt.deriveKey(
      from: Array(password.utf8), salt: salt, outputByteCount: Self.hashByteCount,
      rounds: strength.rounds, blockSize: strength.blockSize, parallelism: strength.parallelism)
    self.init(salt: salt, hash: key.withUnsafeBytes { Array($0) }, strength: strength)
  }

  package func matches(_ password: String) throws -> Bool {
    let given = try PasswordHash(of: password, salt: salt, strength: strength)
    return Secret.equal(given.hash, hash)
  }
}
