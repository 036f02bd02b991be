import Notifications
import Testing

@Suite("Webhook URL")
struct WebhookURLTests {
  @Test(
    "what it says",
    arguments: [
      ("https://erp.example.com/hooks", true, "erp.example.com", 443, "/hooks"),
      ("https://erp.example.com", true, "erp.example.com", 443, "/"),
      ("http://10.1.2.3:8080?x=1", false, "10.1.2.3", 8080, "/?x=1"),
      ("https://[2001:db8::1]:8443/a?b=c", true, "2001:db8::1", 8443, "/a?b=c"),
      ("HTTPS://Example.com/A", true, "Example.com", 443, "/A"),
    ])
  func reads(text: String, isSecure: Bool, host: String, port: Int, path: String) throws {
    let url = try #require(WebhookURL(text))
    #expect(url.isSecure == isSecure && url.host == host && url.port == port && url.path == path)
  }

  @Test(
    "what is none",
    arguments: [
      "", "erp.example.com", "ftp://a/b", "https://", "https:///path", "https://user@host/",
      "https://user:pass@host/", "https://host/#fragment", "https://host:0/", "https://host:99999/",
      "https://host:x/", "https://host\\@evil/", "https://ho st/", "https://host/\r\nx: y",
      "https://a]b/", "https://[nothing]/", "https://host/中", "https://host_name/",
      "https://" + String(repeating: "a", count: 500),
    ])
  func refuses(text: String) { #expect(WebhookURL(text) == nil) }
}

@Suite("Notice patience")
struct NoticePatienceTests {
  @Test(
    "each try waits four times as long, up to six hours",
    arguments: [(1, 30), (2, 120), (3, 480), (4, 1920), (5, 7680), (6, 21600), (12, 21600)])
  func delays(attempts: Int, seconds: Int64) {
    #expect(NoticePatience.delay(after: attempts, chance: 0) == seconds)
  }

  @Test("chance takes up to a fifth away", arguments: [Int64(0), 1, 500, 999, 4_294_967_295])
  func jitter(chance: Int64) {
    let delay = NoticePatience.delay(after: 12, chance: chance)
    #expect((17_280...21_600).contains(delay))
  }
}
