import Identity
import Testing

@Suite("Secrets")
struct SecretTests {
  @Test("a token names its family and keeps 256 bits as 52 letters")
  func shape() {
    let secret = Secret(prefix: "jk", name: "abc", bytes: [UInt8](repeating: 0xFF, count: 32))
    #expect(secret.text == "jk_abc_" + String(repeating: "z", count: 51) + "g")
    #expect(Secret.name(in: secret.text, prefix: "jk") == "abc")
    #expect(Secret.digest(secret.text) == secret.digest)
    #expect(secret.digest.count == 32)
  }

  @Test(
    "what has another shape has no name",
    arguments: ["", "jk_abc", "ja_abc_def", "jk_abc_def_ghi", "jkabcdef"])
  func foreignShapes(_ text: String) {
    #expect(Secret.name(in: text, prefix: "jk") == nil)
  }

  @Test("a text that nobody handed out is not taken apart, however long")
  func longText() {
    let text = "jk_" + String(repeating: "a", count: 1_000) + "_b"
    #expect(Secret.name(in: text, prefix: "jk") == nil)
  }

  @Test("a one-time password has four groups of five letters, and uses every random bit of them")
  func oneTimePassword() {
    let zeros = SecretText.password([UInt8](repeating: 0, count: 13))
    #expect(zeros == "00000-00000-00000-00000")
    #expect(SecretText.password([UInt8](repeating: 0xFF, count: 13)) == "zzzzz-zzzzz-zzzzz-zzzzz")
  }

  @Test("digests are equal byte by byte and in length")
  func equality() {
    #expect(Secret.equal([1, 2], [1, 2]))
    #expect(!Secret.equal([1, 2], [1, 3]))
    #expect(!Secret.equal([1, 2], [1, 2, 3]))
    #expect(Secret.equal([], []))
  }
}
