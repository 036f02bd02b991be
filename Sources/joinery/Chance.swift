/// The machine's randomness: the only place of the server that asks for it. Everything else is
/// given bytes.
enum Chance {
  /// From the operating system's generator, which is made for secrets.
  @Sendable static func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}
