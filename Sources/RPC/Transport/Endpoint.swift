/// Where a server listens or is reached.
public enum Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// A host name or an address, without brackets.
  case tcp(host: String, port: Int)
  /// The path of a Unix domain socket.
  case unix(path: String)

  /// Reads `HOST:PORT`, with IPv6 addresses in brackets, or `unix:PATH` (also `unix:///PATH`).
  public init?(_ text: String) {
    if text.hasPrefix("unix:") {
      let path = text.dropFirst("unix:".count)
      self = .unix(path: String(path.hasPrefix("//") ? path.dropFirst(2) : path))
      guard path.count > 0, path != "//" else { return nil }
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self = .tcp(host: String(host), port: port)
  }

  /// Reads several, separated by commas: `a:50051,b:50051`.
  public static func list(_ text: String) -> [Endpoint]? {
    let endpoints = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Endpoint(String($0))
    }
    return endpoints.contains(nil) ? nil : endpoints.compactMap { $0 }
  }

  /// As `init` reads it.
  public var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }

  /// Whether what is said there stays on this machine: a Unix socket, or a loopback address by
  /// its number or as `localhost`.
  public var isLocal: Bool {
    switch self {
    case .unix: true
    case .tcp(let host, _): host == "localhost" || host == "::1" || Endpoint.isLoopback(host)
    }
  }

  /// 127.0.0.0/8 in four numbers.
  private static func isLoopback(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
