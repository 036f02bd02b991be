private import Foundation

/// A mail of one text as mail servers take it (RFC 5322, MIME): headers in ASCII, in encoded words
/// (RFC 2047) where a text is not; the body as it is where it is ASCII with lines that fit, and in
/// base64 otherwise, so that no server on the way needs to understand 8BITMIME. Nothing that is
/// put into it can become a header, since every control character is made a blank.
package struct MailMessage: Hashable, Sendable {
  private let lines: [String]

  /// - Parameters:
  ///   - id: of the message, without angle brackets and domain.
  ///   - seconds: when it was written, since 1970.
  package init(
    from: MailAddress, to: MailAddress, subject: String, body: String, id: String, seconds: Int64
  ) {
    var lines = [
      Self.header("From", Self.shown(from)),
      "To: \(to.mailbox)",
      Self.header("Subject", Self.text(subject)),
      "Date: \(Self.date(seconds))",
      "Message-ID: <\(id)@\(from.domain)>",
      "Auto-Submitted: auto-generated",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
    ].flatMap { $0.split(separator: "\r\n").map(String.init) }
    let texts = body.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    let isPlain = texts.allSatisfy { line in
      line.utf8.count <= Self.longestLine
        && line.utf8.allSatisfy { $0 == 0x09 || (0x20...0x7E).contains($0) }
    }
    lines.append("Content-Transfer-Encoding: \(isPlain ? "7bit" : "base64")")
    lines.append("")
    if isPlain {
      lines += texts.map(String.init)
    } else {
      let encoded = Data(texts.joined(separator: "\r\n").utf8).base64EncodedString()
      var rest = encoded[...]
      while !rest.isEmpty {
        lines.append(String(rest.prefix(Self.base64Line)))
        rest = rest.dropFirst(Self.base64Line)
      }
    }
    while lines.last == "" { lines.removeLast() }
    self.lines = lines
  }

  /// RFC 5322 has 998 bytes as the most and 78 as the wish.
  private static let longestLine = 900
  private static let base64Line = 76
  /// An encoded word has 75 bytes at most: 45 bytes of text are 60 of base64.
  private static let wordBytes = 45

  /// The lines without what ends them, for tests and for those who look.
  package var text: String { lines.joined(separator: "\n") + "\n" }

  /// What follows DATA: each line that begins with a dot has one more (RFC 5321, 4.5.2), and a line
  /// with a dot alone is the end.
  package var wire: [UInt8] {
    var bytes: [UInt8] = []
    for line in lines {
      if line.utf8.first == UInt8(ascii: ".") { bytes.append(UInt8(ascii: ".")) }
      bytes += line.utf8
      bytes += [13, 10]
    }
    return bytes + Array(".\r\n".utf8)
  }

  // MARK: Headers

  private static func header(_ name: String, _ value: String) -> String { "\(name): \(value)" }

  private static func shown(_ address: MailAddress) -> String {
    guard !address.name.isEmpty else { return address.mailbox }
    return isPrintable(address.name)
      ? "\"\(address.name)\" <\(address.mailbox)>"
      : "\(words(address.name)) <\(address.mailbox)>"
  }

  /// As it is where it can stand so in one line, in encoded words otherwise. What looks like an
  /// encoded word and is none is encoded, too.
  private static func text(_ text: String) -> String {
    isPrintable(text) && text.utf8.count <= 200 && !text.contains("=?") ? text : words(text)
  }

  private static func isPrintable(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// "=?utf-8?B?…?=" as often as it takes, each on a line of its own; no character is cut in two.
  private static func words(_ text: String) -> String {
    var words: [String] = []
    var bytes: [UInt8] = []
    func flush() {
      guard !bytes.isEmpty else { return }
      words.append("=?utf-8?B?" + Data(bytes).base64EncodedString() + "?=")
      bytes = []
    }
    for scalar in text.unicodeScalars {
      let next: [UInt8] =
        scalar.properties.generalCategory == .control ? [0x20] : Array(String(scalar).utf8)
      if bytes.count + next.count > wordBytes { flush() }
      bytes += next
    }
    flush()
    return words.joined(separator: "\r\n ")
  }

  /// "Sun, 22 Nov 2026 08:12:55 +0000".
  private static func date(_ seconds: Int64) -> String {
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    var clock = tm()
    var time = time_t(seconds)
    gmtime_r(&time, &clock)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = days[Int(((seconds / 86_400) % 7 + 7) % 7)]
    return "\(day), \(two(clock.tm_mday)) \(months[Int(clock.tm_mon)]) \(clock.tm_year + 1900) "
      + "\(two(clock.tm_hour)):\(two(clock.tm_min)):\(two(clock.tm_sec)) +0000"
  }
}
