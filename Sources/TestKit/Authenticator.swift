internal import Identity
internal import Values

/// The app on a person's phone.
package struct Authenticator: Sendable {
  private let secret: [UInt8]

  /// `text` is the secret in base 32, as the server shows it.
  package init(_ text: String) {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    var bytes: [UInt8] = []
    var held = 0
    var bits = 0
    for letter in text {
      held = (held << 5 | (alphabet.firstIndex(of: letter) ?? 0)) & 0xFFF
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: held >> bits))
      }
    }
    secret = bytes
  }

  /// The bytes that nobody else may have.
  package var sharedSecret: [UInt8] { secret }

  /// What it shows at a time in seconds since 1970.
  package func code(at seconds: Int64) -> String {
    TOTP.code(secret, step: TOTP.step(at: Instant(microseconds: seconds * 1_000_000)))
  }

  package func code(_ clock: TestClock) -> String {
    code(at: clock.now.microseconds / 1_000_000)
  }
}
