import Senders
import Testing

@Suite("Webhook requests")
struct WebhookTests {
  @Test("signed as Standard Webhooks say it")
  func signature() throws {
    // The vector of the specification's own libraries.
    let key = try #require(WebhookKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    let signature = key.signature(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330,
      body: Array(#"{"test": 2432232314}"#.utf8))
    #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test(
    "keys are whsec_ and base64 of 24 to 64 bytes",
    arguments: [
      "", "whsec_", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La", "whsec_" + String(repeating: "A", count: 88),
    ])
  func noKeys(text: String) { #expect(WebhookKey(text) == nil) }

  @Test(
    "addresses of machines and networks of one's own are not public",
    arguments: [
      [127, 0, 0, 1], [127, 255, 1, 2], [10, 0, 0, 1], [172, 16, 0, 1], [172, 31, 255, 255],
      [192, 168, 1, 1], [169, 254, 169, 254], [100, 64, 0, 1], [0, 0, 0, 0], [224, 0, 0, 1],
      [255, 255, 255, 255], [198, 18, 0, 1], [192, 0, 2, 7],
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1],
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1],
      [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, 192, 168, 0, 1],
      [0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      [0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      [0x20, 0x02, 0x7F, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      [0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [], [1, 2, 3],
    ] as [[UInt8]])
  func privateAddresses(bytes: [UInt8]) { #expect(!PublicAddress.contains(bytes)) }

  @Test(
    "others are",
    arguments: [
      [1, 1, 1, 1], [8, 8, 8, 8], [172, 15, 0, 1], [172, 32, 0, 1], [100, 128, 0, 1],
      [223, 255, 255, 255],
      [0x26, 0x06, 0x47, 0, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x11],
      [0x24, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    ] as [[UInt8]])
  func publicAddresses(bytes: [UInt8]) { #expect(PublicAddress.contains(bytes)) }
}
