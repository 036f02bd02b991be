import Synchronization

@testable import RPC

/// The methods that the tests call, and what their handlers saw.
final class Echo: Sendable {
  static let unary = method("Unary", .unary)
  static let fail = method("Fail", .unary)
  static let park = method("Park", .unary)
  static let metadata = method("Metadata", .unary)
  static let flags = method("Flags", .bidirectional)
  static let wish = method("Wish", .unary)
  static let mixed = method("Mixed", .serverStreaming)
  static let many = method("Many", .serverStreaming)
  static let sum = method("Sum", .clientStreaming)
  static let chat = method("Chat", .bidirectional)
  static let unknown = method("Nowhere", .unary)

  private static func method(_ name: String, _ shape: MethodDescriptor.Shape) -> MethodDescriptor {
    MethodDescriptor(service: "test.Echo", name: name, shape: shape)
  }

  /// Calls of `park` that have begun wait here until `release`; they end early when cancelled.
  let parked = Gate()
  /// Counts the parked calls that were cancelled.
  let cancelled = Counter()
  /// Messages written by `many`.
  let written = Counter()

  struct Secret: Error {}

  var router: Router {
    var router = Router()
    router.unary(Echo.unary) { (request: Bytes, _) -> Bytes in request }
    router.unary(Echo.fail) { (request: Bytes, _) -> Bytes in
      switch request.text {
      case "secret": throw Secret()
      case "cancel": throw CancellationError()
      case "ok": throw RPCError(.ok, "what does this mean")
      default:
        throw RPCError(
          .failedPrecondition, "a%b\n\u{e9}", details: [request], metadata: ["why": "because"])
      }
    }
    router.unary(Echo.park) { [self] (request: Bytes, context) -> Bytes in
      do { try await parked.wait() } catch {
        // The context knows before the task does.
        if context.isCancelled { cancelled.add() }
        throw error
      }
      return request
    }
    router.unary(Echo.metadata) { (request: Bytes, context) -> Bytes in
      for field in context.metadata.fields where field.name.hasPrefix("x-") {
        switch field.value {
        case .text(let text):
          context.addHeader(field.name, text)
          context.addTrailer(field.name + "-t", text)
        case .binary(let bytes):
          context.addHeader(field.name, bytes)
          context.addTrailer("t-" + field.name, bytes)
        }
      }
      return request
    }
    router.unary(Echo.wish) { (request: Bytes, context) -> Bytes in
      context.compressesResponses = context.metadata["wish"] == "compressed"
      return request
    }
    router.bidirectional(Echo.flags) {
      (requests: RequestStream<Bytes>, writer: ResponseWriter<Bytes>, context) in
      for try await _ in requests {
        try await writer.write(context.requestWasCompressed ? "compressed" : "plain")
      }
    }
    router.serverStreaming(Echo.mixed) {
      (request: Bytes, writer: ResponseWriter<Bytes>, context) in
      context.compressesResponses = true
      for compressed in [false, true, false, true] {
        try await writer.write(request, compressed: compressed)
      }
    }
    router.serverStreaming(Echo.many) { [self] (request: Bytes, writer: ResponseWriter<Bytes>, _) in
      let parts = request.text.split(separator: "x").compactMap { Int($0) }
      for _ in 0..<parts[0] {
        try await writer.write(Bytes(count: parts[1]))
        written.add()
      }
      if request.text.hasSuffix("fail") { throw RPCError(.dataLoss, "at the end") }
    }
    router.clientStreaming(Echo.sum) { (requests: RequestStream<Bytes>, _) -> Bytes in
      var sum = 0
      for try await request in requests { sum += request.bytes.count }
      return Bytes("\(sum)")
    }
    router.bidirectional(Echo.chat) {
      (requests: RequestStream<Bytes>, writer: ResponseWriter<Bytes>, _) in
      for try await request in requests {
        if request.text == "stop" { return }
        try await writer.write(request)
      }
    }
    return router
  }
}

/// Tasks wait at it until it opens; tests wait until a number of tasks has come.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var arrived = 0
    var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  func wait() async throws {
    let ticket = state.withLock { state -> Int in
      state.arrived += 1
      return state.arrived
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isOpen = state.withLock { state -> Bool? in
          if Task.isCancelled { return nil }
          if !state.isOpen { state.waiting[ticket] = continuation }
          return state.isOpen
        }
        if isOpen == true { continuation.resume() }
        if isOpen == nil { continuation.resume(throwing: CancellationError()) }
        tellWatchers()
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: ticket) }?
        .resume(throwing: CancellationError())
    }
  }

  private func tellWatchers() {
    let ready = state.withLock { state in
      let ready = state.watchers.filter { $0.count <= state.arrived }
      state.watchers.removeAll { $0.count <= state.arrived }
      return ready
    }
    for watcher in ready { watcher.continuation.resume() }
  }

  /// How many tasks have come so far.
  var arrived: Int { state.withLock { $0.arrived } }

  /// Returns when `count` tasks have come so far.
  func arrivals(_ count: Int) async {
    await withCheckedContinuation { continuation in
      state.withLock { $0.watchers.append((count, continuation)) }
      tellWatchers()
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for continuation in waiting { continuation.resume() }
  }
}

/// Counts, and lets tests wait for a count.
final class Counter: Sendable {
  private struct State {
    var value = 0
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  var value: Int { state.withLock { $0.value } }

  func add() {
    let ready = state.withLock { state in
      state.value += 1
      let ready = state.watchers.filter { $0.count <= state.value }
      state.watchers.removeAll { $0.count <= state.value }
      return ready
    }
    for watcher in ready { watcher.continuation.resume() }
  }

  func reaches(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if state.value < count { state.watchers.append((count, continuation)) }
        return state.value >= count
      }
      if isThere { continuation.resume() }
    }
  }
}
