/// Who a mail is from or for: "orders@example.com" or "Joinery <orders@example.com>".
package struct MailAddress: Hashable, Sendable, CustomStringConvertible {
  /// For people; may be empty.
  package let name: String
  /// What mail servers go by.
  package let mailbox: String

  /// Nil for what could not stand in an envelope or a header as it is.
  package init?(_ text: String) {
    guard let open = text.firstIndex(of: "<") else {
      guard Self.isMailbox(text) else { return nil }
      name = ""
      mailbox = text
      return
    }
    let inner = text[text.index(after: open)...]
    guard inner.last == ">", Self.isMailbox(inner.dropLast()) else { return nil }
    var name = text[..<open]
    while name.last == " " { name.removeLast() }
    guard
      name.unicodeScalars.allSatisfy({
        $0.value >= 0x20 && $0.value != 0x7F && !"<>\"\\".unicodeScalars.contains($0)
      })
    else { return nil }
    self.name = String(name)
    mailbox = String(inner.dropLast())
  }

  package var description: String { mailbox }

  /// Needs a server that speaks SMTPUTF8 (RFC 6531).
  var isInternational: Bool { !mailbox.utf8.allSatisfy { $0 < 0x80 } }

  var domain: Substring { mailbox.split(separator: "@").last ?? "" }

  /// A name, @ and a domain; nothing that would end it on the wire or in a header.
  private static func isMailbox(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
      && parts[0].utf8.count <= 64
      && text.unicodeScalars.allSatisfy {
        $0.value > 0x20 && $0.value != 0x7F && !$0.properties.isWhitespace
          && $0.properties.generalCategory != .control
          && !"<>\"(),;:\\[]".unicodeScalars.contains($0)
      }
  }
}
