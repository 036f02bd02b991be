import Testing

@testable import RPC

@Suite("Idempotency keys")
struct IdempotencyKeyTests {
  @Test("are the UUID of RFC 9562, appendix A.6")
  func example() {
    let key = IdempotencyKey.text(
      milliseconds: 0x017F_22E2_79B0, chance: (0xFFCC3, 0xD8C4_DC0C_0C07_398F))
    #expect(key == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
  }

  @Test("differ, and a later one does not sort before an earlier one by its time")
  func fresh() {
    let keys = (0..<1_000).map { _ in IdempotencyKey.fresh() }
    #expect(Set(keys).count == keys.count)
    let times = keys.map { $0.prefix(13) }
    #expect(times == times.sorted())
  }
}
