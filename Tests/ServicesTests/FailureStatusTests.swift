import RPC
import Storage
import Testing

@testable import Services

@Suite("Failures of the store as callers see them")
struct FailureStatusTests {
  @Test("overload tells the caller when to come again")
  func overload() {
    let error = FailureStatus.translate(StorageError(.overloaded, "100 jobs wait")) as? RPCError
    #expect(error?.code == .resourceExhausted)
    #expect(error?.retryPushback == .after(.milliseconds(200)))
    #expect(error?.message.contains("100") == false)
  }

  @Test("so does a lack of memory, for it passes")
  func memory() {
    let failure = StorageError(.outOfMemory, "out of memory")
    let error = FailureStatus.translate(failure) as? RPCError
    #expect(error?.code == .resourceExhausted)
    #expect(error?.retryPushback == .after(.milliseconds(200)))
  }
}
