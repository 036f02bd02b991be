/// The bounds by name, for whoever configures a server by text.
extension RPCLimits {
  /// Every bound's name, as the properties are called.
  public static var names: [String] { bounds.map(\.name) }

  /// Sets the bound `name` to what `text` says: a whole number, or a time such as `500ms`, `5s`,
  /// `2m`; `none` where that is possible. Throws one line that says what was expected.
  public mutating func set(_ name: String, to text: String) throws(LimitError) {
    guard let bound = RPCLimits.bounds.first(where: { $0.name == name }) else {
      throw LimitError(description: "there is no such limit")
    }
    switch bound.kind {
    case .count(let path):
      guard let value = RPCLimits.count(text) else { throw RPCLimits.notCount }
      self[keyPath: path] = value
    case .optionalCount(let path):
      guard text == "none" || RPCLimits.count(text) != nil else { throw RPCLimits.notCount }
      self[keyPath: path] = RPCLimits.count(text)
    case .time(let path):
      guard let value = RPCLimits.time(text) else { throw RPCLimits.notTime }
      self[keyPath: path] = value
    case .optionalTime(let path):
      guard text == "none" || RPCLimits.time(text) != nil else { throw RPCLimits.notTime }
      self[keyPath: path] = RPCLimits.time(text)
    case .flag(let path):
      guard let value = Bool(text) else {
        throw LimitError(description: "expected true or false")
      }
      self[keyPath: path] = value
    }
  }

  /// A bound's name or value is none.
  public struct LimitError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
  }

  private static let notCount = LimitError(
    description: "expected a whole number, at most 2147483647")
  private static let notTime = LimitError(
    description: "expected a time such as 500ms, 5s or 2m")

  private typealias Path<Value> = WritableKeyPath<RPCLimits, Value> & Sendable

  private enum Kind: Sendable {
    case count(any Path<Int>)
    case optionalCount(any Path<Int?>)
    case time(any Path<Duration>)
    case optionalTime(any Path<Duration?>)
    case flag(any Path<Bool>)
  }

  /// HTTP/2 has 31 bits for the windows and stream counts; no other bound needs more.
  private static func count(_ text: String) -> Int? {
    Int32(text).flatMap { $0 < 0 ? nil : Int($0) }
  }

  private static func time(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let value = Int32(digits) else { return nil }
    switch text.dropFirst(digits.count) {
    case "ms": return .milliseconds(value)
    case "s": return .seconds(value)
    case "m": return .seconds(60 * Int64(value))
    default: return nil
    }
  }

  private static let bounds: [(name: String, kind: Kind)] = [
    ("maxReceiveMessageBytes", .count(\.maxReceiveMessageBytes)),
    ("maxSendMessageBytes", .count(\.maxSendMessageBytes)),
    ("compressedFromBytes", .count(\.compressedFromBytes)),
    ("bufferedBytesPerConnection", .count(\.bufferedBytesPerConnection)),
    ("bufferedBytes", .count(\.bufferedBytes)),
    ("streamQueueBytes", .count(\.streamQueueBytes)),
    ("queuedBytesPerConnection", .count(\.queuedBytesPerConnection)),
    ("queuedBytes", .count(\.queuedBytes)),
    ("maxHandlersPerConnection", .count(\.maxHandlersPerConnection)),
    ("maxHandlers", .count(\.maxHandlers)),
    ("overloadPushback", .time(\.overloadPushback)),
    ("requestTimeout", .time(\.requestTimeout)),
    ("maxConnections", .count(\.maxConnections)),
    ("maxConnectionsPerAddress", .optionalCount(\.maxConnectionsPerAddress)),
    ("maxConcurrentStreams", .count(\.maxConcurrentStreams)),
    ("maxHeaderListBytes", .count(\.maxHeaderListBytes)),
    ("maxHeaderFields", .count(\.maxHeaderFields)),
    ("maxContinuations", .count(\.maxContinuations)),
    ("streamWindowBytes", .count(\.streamWindowBytes)),
    ("connectionWindowBytes", .count(\.connectionWindowBytes)),
    ("resetBurst", .count(\.resetBurst)),
    ("resetsPerSecond", .count(\.resetsPerSecond)),
    ("provokedResetBurst", .count(\.provokedResetBurst)),
    ("provokedResetsPerSecond", .count(\.provokedResetsPerSecond)),
    ("controlFrameBurst", .count(\.controlFrameBurst)),
    ("controlFramesPerSecond", .count(\.controlFramesPerSecond)),
    ("prefaceTimeout", .time(\.prefaceTimeout)),
    ("settingsTimeout", .time(\.settingsTimeout)),
    ("headerBlockTimeout", .time(\.headerBlockTimeout)),
    ("writeStallTimeout", .time(\.writeStallTimeout)),
    ("responseStallTimeout", .time(\.responseStallTimeout)),
    ("keepaliveTime", .optionalTime(\.keepaliveTime)),
    ("keepaliveTimeout", .time(\.keepaliveTimeout)),
    ("keepaliveWithoutCalls", .flag(\.keepaliveWithoutCalls)),
    ("minPingInterval", .time(\.minPingInterval)),
    ("maxConnectionAge", .optionalTime(\.maxConnectionAge)),
    ("maxConnectionAgeGrace", .time(\.maxConnectionAgeGrace)),
    ("maxConnectionIdle", .optionalTime(\.maxConnectionIdle)),
    ("connectTimeout", .time(\.connectTimeout)),
    ("initialReconnectPause", .time(\.initialReconnectPause)),
    ("maxReconnectPause", .time(\.maxReconnectPause)),
    ("minLookUpInterval", .time(\.minLookUpInterval)),
    ("maxAddresses", .count(\.maxAddresses)),
    ("replayBytes", .count(\.replayBytes)),
  ]
}
