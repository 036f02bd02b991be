import Identity
import Testing

@Suite("Networks")
struct NetworkTests {
  @Test(
    "knows who is in it",
    arguments: [
      ("10.1.0.0/16", "10.1.255.3:50123", true), ("10.1.0.0/16", "10.2.0.1:50123", false),
      ("10.1.2.3", "10.1.2.3:1", true), ("10.1.2.3", "10.1.2.4:1", false),
      ("0.0.0.0/0", "203.0.113.9:1", true), ("10.1.2.128/25", "10.1.2.127:1", false),
      ("10.1.2.128/25", "10.1.2.129:1", true), ("2001:db8::/33", "[2001:db8:7fff::1]:1", true),
      ("2001:db8::/33", "[2001:db8:8000::1]:1", false), ("::1", "[::1]:50123", true),
      ("10.0.0.0/8", "[::ffff:10.1.2.3]:1", true), ("0.0.0.0/0", "[2001:db8::1]:1", false),
      ("0.0.0.0/0", "unix", false), ("::/0", "in-process", false),
    ])
  func contains(_ network: String, _ peer: String, _ expected: Bool) throws {
    #expect(try #require(Network(network)).contains(peer: peer) == expected)
  }

  @Test(
    "refuses what is no block of addresses",
    arguments: [
      "", "10.1.0.0/33", "10.1.0.0/-1", "10.1.0.0/", "10.1.0.0/08", "10.1.0.1/16", "10.1/16",
      "2001:db8::1/64", "::/129", "example.com", "10.1.0.0/16 ", "0x0a.1.1.1", "/8",
    ])
  func refuses(_ text: String) { #expect(Network(text) == nil) }
}
