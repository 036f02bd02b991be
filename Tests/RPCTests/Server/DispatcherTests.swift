import Synchronization
import Testing

@testable import RPC

@Suite("Calls from inside: the same handlers and interceptors, without frames")
struct DispatcherTests {
  @Test("answers what the handler answers, and knows only methods of one request and one response")
  func answers() async throws {
    let dispatcher = Dispatcher(Echo().router)
    #expect(dispatcher.method("test.Echo/Unary") == Echo.unary)
    #expect(dispatcher.method("/test.Echo/Unary") == nil)
    #expect(dispatcher.method("test.Echo/Chat") == nil)
    #expect(dispatcher.method("test.Echo/Nowhere") == nil)
    let bytes = try await dispatcher.call(Array("hello".utf8), CallContext(method: Echo.unary))
    #expect(bytes == Array("hello".utf8))
    await #expect(throws: RPCError.self) {
      try await dispatcher.call([], CallContext(method: Echo.unknown))
    }
  }

  @Test("throws what the handler throws, with its details")
  func errors() async throws {
    let dispatcher = Dispatcher(Echo().router)
    let refused = await #expect(throws: RPCError.self) {
      try await dispatcher.call(Array("why".utf8), CallContext(method: Echo.fail))
    }
    #expect(refused?.code == .failedPrecondition && refused?.details.count == 1)
    await #expect(throws: Echo.Secret.self) {
      try await dispatcher.call(Array("secret".utf8), CallContext(method: Echo.fail))
    }
  }

  @Test("interceptors run around it in their order, and one that refuses keeps the handler out")
  func interceptors() async throws {
    let seen = Mutex<[String]>([])
    let note = { @Sendable (text: String) in seen.withLock { $0.append(text) } }
    let interceptors = ["first", "second"].map { name in
      Interceptor(
        name,
        before: { context in
          note("\(name) before \(context.method.name)")
          if name == "second", context.metadata["refuse"] != nil {
            throw RPCError(.permissionDenied, "not you")
          }
        }, after: { _, outcome in note("\(name) after \(outcome.code.name)") })
    }
    let dispatcher = Dispatcher(Echo().router, interceptors: interceptors)
    _ = try await dispatcher.call([], CallContext(method: Echo.unary))
    #expect(
      seen.withLock { $0 } == [
        "first before Unary", "second before Unary", "second after OK", "first after OK",
      ])
    seen.withLock { $0 = [] }
    let refused = await #expect(throws: RPCError.self) {
      try await dispatcher.call([], CallContext(method: Echo.park, metadata: ["refuse": "yes"]))
    }
    #expect(refused?.code == .permissionDenied)
    #expect(
      seen.withLock { $0.suffix(2) } == [
        "second after PERMISSION_DENIED", "first after PERMISSION_DENIED",
      ])
  }

  @Test("what it was given for the response goes out as it is")
  func encodedResponse() async throws {
    var router = Router()
    router.unary(Echo.unary) { (request: Bytes, context) -> Bytes in
      context.encodedResponse = [1, 2, 3]
      return request
    }
    let bytes = try await Dispatcher(router).call([9], CallContext(method: Echo.unary))
    #expect(bytes == [1, 2, 3])
  }

  @Test("cancelling the task reaches the handler")
  func cancellation() async throws {
    let echo = Echo()
    let dispatcher = Dispatcher(echo.router)
    let call = Task { try await dispatcher.call([], CallContext(method: Echo.park)) }
    call.cancel()
    await #expect(throws: (any Error).self) { try await call.value }
  }
}
