private import Crypto
private import Foundation

/// What requests to a program are signed with, as Standard Webhooks say it: 24 to 64 bytes, written
/// as `whsec_` and base64.
package struct WebhookKey: Hashable, Sendable {
  private let bytes: [UInt8]

  /// Nil for what is no key.
  package init?(_ text: some StringProtocol) {
    let prefix = "whsec_"
    guard text.hasPrefix(prefix),
      let data = Data(base64Encoded: String(text.dropFirst(prefix.count))),
      (24...64).contains(data.count)
    else { return nil }
    bytes = Array(data)
  }

  /// "v1," and the base64 of HMAC-SHA-256 over id, time and body with dots between: who has the key
  /// knows that body, id and time belong together, and refuses what is old.
  package func signature(id: String, seconds: Int64, body: [UInt8]) -> String {
    let signed = Array("\(id).\(seconds).".utf8) + body
    let code = HMAC<SHA256>.authenticationCode(
      for: signed, using: SymmetricKey(data: bytes))
    return "v1," + Data(code).base64EncodedString()
  }
}
