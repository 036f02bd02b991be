import Testing

@testable import RPC

/// What a server answers, and what the caller is to make of it.
struct HostileAnswer: CustomTestStringConvertible, Sendable {
  typealias Answer = @Sendable (UInt32) -> [Frame]

  let name: String
  let code: RPCError.Code
  let answer: Answer

  init(_ name: String, _ code: RPCError.Code, _ answer: @escaping Answer) {
    self.name = name
    self.code = code
    self.answer = answer
  }

  var testDescription: String { name }

  static let ok = FrameServer.ok
  static let good: [(String, String)] = [("grpc-status", "0")]

  /// Headers and a message, then what the case adds.
  static func begun(_ rest: @escaping Answer) -> Answer {
    { [.block($0, ok), .data($0, framed([1, 2, 3]))] + rest($0) }
  }

  /// 17 KiB as HTTP/2 counts, 14 KiB in a frame.
  private static let tooMuch = (0..<120).map { ("x-\($0)", String(repeating: "a", count: 108)) }

  static let broken: [HostileAnswer] = [
    HostileAnswer("no gRPC: HTTP 200 with a page", .unknown) {
      [
        .block($0, [(":status", "200"), ("content-type", "text/html")]), .data($0, [60], end: true),
      ]
    },
    HostileAnswer("no content-type", .unknown) {
      [.block($0, [(":status", "200")]), .data($0, framed([1]), end: true)]
    },
    HostileAnswer("end without a status, on headers", .internal) { [.block($0, ok, end: true)] },
    HostileAnswer("end without a status, on data", .internal) {
      [.block($0, ok), .data($0, framed([1]), end: true)]
    },
    HostileAnswer(
      "trailers without a status", .internal, begun { [.block($0, [("x", "y")], end: true)] }),
    HostileAnswer(
      "a status that is no number", .unknown,
      begun { [.block($0, [("grpc-status", "ok")], end: true)] }),
    HostileAnswer(
      "a status that we do not know", .unknown,
      begun { [.block($0, [("grpc-status", "77")], end: true)] }),
    HostileAnswer(
      "a negative status", .unknown, begun { [.block($0, [("grpc-status", "-1")], end: true)] }),
    HostileAnswer(
      "an empty status", .unknown, begun { [.block($0, [("grpc-status", "")], end: true)] }),
    HostileAnswer("a message with an unknown flag", .internal) {
      [.block($0, ok), .data($0, framed([1], flag: 2)), .block($0, good, end: true)]
    },
    HostileAnswer("compressed without saying how", .internal) {
      [.block($0, ok), .data($0, framed([1], flag: 1)), .block($0, good, end: true)]
    },
    HostileAnswer("compressed in a way that we do not know", .internal) {
      [.block($0, ok + [("grpc-encoding", "snappy")]), .data($0, framed([1], flag: 1))]
    },
    HostileAnswer("compressed bytes that are not gzip", .internal) {
      [
        .block($0, ok + [("grpc-encoding", "gzip")]), .data($0, framed([1, 2], flag: 1)),
        .block($0, good, end: true),
      ]
    },
    HostileAnswer("a message of four gigabytes", .resourceExhausted) {
      [.block($0, ok), .data($0, [0, 0xFF, 0xFF, 0xFF, 0xFF])]
    },
    HostileAnswer("a message that does not decode", .internal) {
      [.block($0, ok), .data($0, framed([0xFF])), .block($0, good, end: true)]
    },
    HostileAnswer("a message that is cut off by the trailers", .internal) {
      [.block($0, ok), .data($0, [0, 0, 0, 0, 5, 1, 2]), .block($0, good, end: true)]
    },
    HostileAnswer("metadata over our limit", .resourceExhausted) {
      [.block($0, ok + tooMuch)]
    },
    HostileAnswer("too many fields", .resourceExhausted) {
      [.block($0, ok + (0..<200).map { ("x-\($0)", "a") })]
    },
    HostileAnswer(
      "trailers over our limit", .resourceExhausted,
      begun {
        [
          .block(
            $0, good + tooMuch, end: true)
        ]
      }),
    HostileAnswer("headers without a status", .internal) {
      [.block($0, [("content-type", "application/grpc")])]
    },
    HostileAnswer("a status that is no HTTP status", .internal) {
      [.block($0, [(":status", "abc")])]
    },
    HostileAnswer("upper-case names", .internal) { [.block($0, ok + [("X-Loud", "1")])] },
    HostileAnswer(
      "a second block of headers that is no end", .internal,
      begun { [.block($0, ok), .block($0, good)] }),
    HostileAnswer("an informational answer and then nothing", .internal) {
      [.block($0, [(":status", "103")]), .reset($0, code: 0)]
    },
    HostileAnswer("trailers-only failure", .notFound) {
      [.block($0, ok + [("grpc-status", "5"), ("grpc-message", "no%20such")], end: true)]
    },
  ]

  static let cardinality: [HostileAnswer] = [
    HostileAnswer("no message", .unimplemented) { [.block($0, ok), .block($0, good, end: true)] },
    HostileAnswer("no message, trailers only", .unimplemented) {
      [.block($0, ok + good, end: true)]
    },
    HostileAnswer(
      "two messages", .unimplemented,
      begun {
        [.data($0, framed([4])), .block($0, good, end: true)]
      }),
  ]

  static let lethal: [HostileAnswer] = [
    HostileAnswer("data before headers", .unavailable) { [.data($0, framed([1]))] },
    HostileAnswer("a push", .unavailable) {
      [Frame(type: 5, flags: 4, stream: $0, payload: [0, 0, 0, 2, 0x82])]
    },
    HostileAnswer("a frame of the wrong size", .unavailable) {
      [Frame(type: 8, flags: 0, stream: $0, payload: [1])]
    },
    HostileAnswer("a frame larger than allowed", .unavailable) {
      [Frame(type: 0, flags: 0, stream: $0, payload: [UInt8](repeating: 0, count: 20_000))]
    },
    HostileAnswer("a header block that does not decompress", .unavailable) {
      [Frame(type: 1, flags: 4, stream: $0, payload: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])]
    },
    HostileAnswer("a continuation without headers", .unavailable) {
      [Frame(type: 9, flags: 4, stream: $0, payload: [])]
    },
    HostileAnswer("an answer to a stream that was never opened", .unavailable) { _ in
      [.block(99, ok, end: true)]
    },
    HostileAnswer("a window beyond 2^31", .unavailable) { _ in [.windowUpdate(0, by: 0x7FFF_FFFF)]
    },
    HostileAnswer("GOAWAY for a fault of ours", .unavailable) { _ in
      [.goAway(lastStream: 0, code: 1)]
    },
  ]

}
