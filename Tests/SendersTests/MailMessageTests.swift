import Foundation
import Senders
import Testing

@Suite("Mail message")
struct MailMessageTests {
  private func message(
    _ subject: String = "Hello", _ body: String = "Text\n", from: String = "orders@example.com"
  ) throws -> MailMessage {
    MailMessage(
      from: try #require(MailAddress(from)), to: try #require(MailAddress("li@example.com")),
      subject: subject, body: body, id: "12-0.7", seconds: 1_795_767_175)
  }

  @Test("plain text goes as it is")
  func plain() throws {
    #expect(
      try message("Your order SO-1", "Dear Li,\n\nthank you.\n").text == """
        From: orders@example.com
        To: li@example.com
        Subject: Your order SO-1
        Date: Fri, 27 Nov 2026 08:12:55 +0000
        Message-ID: <12-0.7@example.com>
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 7bit

        Dear Li,

        thank you.

        """)
  }

  @Test("what is not ASCII is encoded, with lines that fit and no character cut in two")
  func encoded() throws {
    let subject = String(repeating: "您的订单已确认🪑", count: 20)
    let body = String(repeating: "尊敬的张伟，", count: 200)
    let text = try message(subject, body, from: "橡木公司 <orders@example.com>").text
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count <= 90 })
    #expect(text.contains("From: =?utf-8?B?5qmh5pyo5YWs5Y+4?= <orders@example.com>"))
    let words = text.split(separator: "\n").compactMap { line -> String? in
      guard let open = line.firstRange(of: "=?utf-8?B?"), line.hasSuffix("?="),
        !line.hasPrefix("From")
      else { return nil }
      let coded = line[open.upperBound...].dropLast(2)
      return Data(base64Encoded: String(coded)).flatMap { String(data: $0, encoding: .utf8) }
    }
    #expect(words.joined() == subject)
    let coded = text.split(separator: "\n\n", maxSplits: 1)[1].filter { $0 != "\n" }
    #expect(Data(base64Encoded: coded).map { String(decoding: $0, as: UTF8.self) } == body)
  }

  @Test("a line with a dot in front gets another one, and one dot alone is the end")
  func dots() throws {
    let wire = String(decoding: try message("s", ".\n..\n.x\ny.\n").wire, as: UTF8.self)
    #expect(wire.hasSuffix("\r\n\r\n..\r\n...\r\n..x\r\ny.\r\n.\r\n"))
    #expect(!wire.replacing("\r\n", with: "").contains("\n"))
  }

  @Test(
    "nothing in a subject becomes a header",
    arguments: [
      "a\r\nBcc: x@y.z", "a\nBcc: x@y.z", "a\rBcc: x@y.z", "a\u{0}b\u{7F}", "=?utf-8?Q?x?=",
    ]
  )
  func injection(subject: String) throws {
    let text = try message(subject).text
    #expect(!text.contains("\nBcc"))
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("Subject: =?utf-8?B?") }.count == 1)
  }

  @Test(
    "long lines and control characters go in base64",
    arguments: [
      String(repeating: "x", count: 2_000), "bell \u{7}", "lone\rreturn",
    ])
  func unsafe(body: String) throws {
    #expect(try message("s", body).text.contains("Content-Transfer-Encoding: base64"))
  }

  @Test(
    "addresses",
    arguments: [
      ("a@b.cn", true), ("张伟@例子.cn", true), ("Oak & Co <a@b.cn>", true), ("<a@b.cn>", true),
      ("a", false), ("@b", false), ("a@", false), ("a@b@c", false), ("a b@c.d", false),
      ("a@b.cn>\r\nRCPT TO:<x@y.z", false), ("a@b.cn\r\n", false), ("\"q\"@b.cn", false),
      ("Oak \"x\" <a@b.cn>", false), ("Oak\n <a@b.cn>", false), ("x <a@b.cn> y", false),
      (String(repeating: "a", count: 65) + "@b.cn", false),
    ])
  func addresses(text: String, isOne: Bool) { #expect((MailAddress(text) != nil) == isOne) }
}
