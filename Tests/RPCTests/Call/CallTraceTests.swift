import Testing

@testable import RPC

@Suite("Request ids and traces")
struct CallTraceTests {
  @Test("reads traceparent as W3C Trace Context has it")
  func traceParent() throws {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    let read = try #require(TraceParent("00-\(trace)-00f067aa0ba902b7-01"))
    #expect(read.traceID == trace)
    #expect(read.parentID == "00f067aa0ba902b7")
    #expect(read.isSampled)
    #expect(TraceParent("00-\(trace)-00f067aa0ba902b7-02")?.isSampled == false)
    // A later version may say more behind it.
    #expect(TraceParent("01-\(trace)-00f067aa0ba902b7-01-more")?.traceID == trace)
  }

  @Test(
    "ignores what is no traceparent",
    arguments: [
      "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
      "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
      "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
      "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
      "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
    ])
  func noTraceParent(_ text: String) { #expect(TraceParent(text) == nil) }

  private func context(_ metadata: Metadata) -> CallContext {
    CallContext(method: Echo.unary, metadata: metadata)
  }

  @Test("a request id is the caller's if it can stand in a log, else one that stays the same")
  func requestID() {
    #expect(context(["x-request-id": "till-7_a.B"]).requestID == "till-7_a.B")
    for wrong in ["", "a b", "ä", String(repeating: "a", count: 65)] {
      let context = context(["x-request-id": wrong])
      let made = context.requestID
      #expect(made.count == 16 && made.allSatisfy { $0.isHexDigit })
      #expect(context.requestID == made)
    }
    #expect(context([:]).requestID != context([:]).requestID)
  }

  @Test("a fault of the server bears its request id, a refusal does not")
  func trailer() async throws {
    try await withChannel { channel, _ in
      let fault = await failure {
        try await channel.echo("secret", of: Echo.fail, ["x-request-id": "abc"])
      }
      #expect(fault?.code == .unknown)
      #expect(fault?.metadata["x-request-id"] == "abc")
      let refusal = await failure { try await channel.echo("no", of: Echo.fail) }
      #expect(refusal?.code == .failedPrecondition)
      #expect(refusal?.metadata["x-request-id"] == nil)
    }
  }
}
