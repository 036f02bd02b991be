import Identity
import Testing
import Values

@Suite("Passwords")
struct PasswordTests {
  @Test("scrypt is that of RFC 7914, section 12")
  func vectors() throws {
    let hash = try PasswordHash(
      of: "password", salt: Array("NaCl".utf8),
      strength: ScryptStrength(rounds: 1_024, blockSize: 8, parallelism: 16))
    // The first half of the vector, whose key has 64 bytes: PBKDF2 makes it block by block.
    let expected: [UInt8] = [
      0xfd, 0xba, 0xbe, 0x1c, 0x9d, 0x34, 0x72, 0x00, 0x78, 0x56, 0xe7, 0x19, 0x0d, 0x01, 0xe9,
      0xfe, 0x7c, 0x6a, 0xd7, 0xcb, 0xc8, 0x23, 0x78, 0x30, 0xe7, 0x73, 0x76, 0x63, 0x4b, 0x37,
      0x31, 0x62,
    ]
    #expect(hash.hash == expected)
    #expect(try hash.matches("password"))
    #expect(try !hash.matches("Password"))
  }

  @Test("the same password with another salt is another hash")
  func salts() throws {
    let one = try PasswordHash(of: Door.password, salt: bytes(1, 16), strength: weak)
    let two = try PasswordHash(of: Door.password, salt: bytes(2, 16), strength: weak)
    #expect(one.hash != two.hash)
    #expect(try two.matches(Door.password))
  }

  @Test("a strength that scrypt does not know is refused, not weakened")
  func strengths() {
    #expect(throws: (any Error).self) {
      try PasswordHash(
        of: "x", salt: bytes(1, 16),
        strength: ScryptStrength(rounds: 1_000, blockSize: 8, parallelism: 1))
    }
  }

  private func fault(_ password: String) -> String? {
    PasswordPolicy.fault(
      in: password, named: ["li.na", "Anna Lindqvist"], field: "new_password")?.reason
  }

  @Test(
    "what is long and not obvious is taken, whatever its letters",
    arguments: [
      "oak and four dovetails", "四个燕尾榫和一块老橡木板子", "tabula rasa mea", "0987 6543 2109 8a",
      "Tr0ub4dor&3-staple",
    ])
  func takes(_ password: String) { #expect(fault(password) == nil) }

  @Test(
    "what is tried first is refused with its rule",
    arguments: [
      ("short phrase", nil), ("short words", "PASSWORD_TOO_SHORT"), ("", "PASSWORD_TOO_SHORT"),
      (String(repeating: "ab cd ", count: 40), "PASSWORD_TOO_LONG"),
      ("with Li.Na inside it", "PASSWORD_CONTAINS_NAME"),
      ("anna lindqvist forever", "PASSWORD_CONTAINS_NAME"),
      ("123456789012", "PASSWORD_COMMON"), ("1Q2W3E4R5T6Y", "PASSWORD_COMMON"),
      ("Password2026!", "PASSWORD_COMMON"), ("P@ssw0rd2026!", "PASSWORD_COMMON"),
      ("!!Joinery1234", "PASSWORD_COMMON"), ("passwordpassword", "PASSWORD_COMMON"),
      ("dragondragon1", "PASSWORD_COMMON"), ("letmein-2026-11", "PASSWORD_COMMON"),
      ("aaaabbbbaaaabbbb", "PASSWORD_COMMON"),
    ] as [(String, String?)])
  func refuses(_ password: String, _ reason: String?) { #expect(fault(password) == reason) }
}
