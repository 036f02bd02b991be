private import Crypto
package import Values

/// Codes that change with time, as authenticator apps make them: RFC 6238 with SHA-1, six digits
/// and steps of 30 seconds, the only form that all of them know.
package enum TOTP {
  /// As much as SHA-1 makes (RFC 4226, 4, R6).
  package static let secretByteCount = 20
  package static let stepSeconds: Int64 = 30
  package static let digits = 6
  /// Steps before and after the present one that count, too: clocks differ, and people type slowly.
  package static let tolerance: Int64 = 1

  package static func step(at now: Instant) -> Int64 {
    now.microseconds / 1_000_000 / stepSeconds
  }

  /// RFC 4226, 5.3.
  package static func code(_ secret: [UInt8], step: Int64) -> String {
    let counter = withUnsafeBytes(of: step.bigEndian) { Array($0) }
    let mac = Array(
      HMAC<Insecure.SHA1>.authenticationCode(
        for: counter, using: SymmetricKey(data: secret)))
    let offset = Int(mac[mac.count - 1] & 0x0F)
    let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let text = String((number & 0x7FFF_FFFF) % 1_000_000)
    return String(repeating: "0", count: digits - text.count) + text
  }

  /// The step after `last` whose code it is; nil when it is none that counts now.
  static func step(
    of code: String, secret: [UInt8], at now: Instant, after last: Int64
  ) -> Int64? {
    let given = Array(code.utf8)
    let present = step(at: now)
    var found: Int64?
    for step in present - tolerance...present + tolerance {
      let isEqual = Secret.equal(Array(self.code(secret, step: step).utf8), given)
      if isEqual, step > last { found = step }
    }
    return found
  }

  /// What an authenticator app reads from a QR code.
  package static func uri(_ secret: [UInt8], of person: String) -> String {
    let name = person.split(separator: "/", omittingEmptySubsequences: false)
      .joined(separator: "%2F")
    return "otpauth://totp/Joinery:\(name)?secret=\(SecretText.base32(secret))&issuer=Joinery"
      + "&algorithm=SHA1&digits=\(digits)&period=\(stepSeconds)"
  }
}
