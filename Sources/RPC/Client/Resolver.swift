private import Glibc
internal import NIOCore
internal import NIOPosix

/// One place to connect to.
struct Address: Hashable, Sendable {
  let endpoint: Endpoint
  /// What the endpoint's name meant; nil for a Unix socket.
  let socket: SocketAddress?

  /// For messages: what was asked for, and the number behind a name.
  var description: String {
    guard case .tcp(let host, _) = endpoint, let number = socket?.ipAddress, number != host else {
      return endpoint.description
    }
    return "\(endpoint) (\(number))"
  }
}

/// Looks up the addresses behind endpoints.
struct Resolver: Sendable {
  /// Every address of a host name, in the order of preference. Fails with an `RPCError`.
  var lookUp: @Sendable (_ host: String, _ port: Int) async throws(RPCError) -> [SocketAddress] =
    Resolver.ask

  /// The addresses of endpoints that name none by a host name; nil when there is one to look up.
  static func literal(_ endpoints: [Endpoint]) -> [Address]? {
    var addresses: [Address] = []
    for endpoint in endpoints {
      switch endpoint {
      case .unix: addresses.append(Address(endpoint: endpoint, socket: nil))
      case .tcp(let host, let port):
        guard let socket = try? SocketAddress(ipAddress: host, port: port) else { return nil }
        addresses.append(Address(endpoint: endpoint, socket: socket))
      }
    }
    return addresses.distinct
  }

  /// All addresses of all endpoints, at most `limit`. Fails when not one of them has any.
  func addresses(_ endpoints: [Endpoint], limit: Int) async throws(RPCError) -> [Address] {
    var addresses: [Address] = []
    var failure: RPCError?
    for endpoint in endpoints {
      if let literal = Resolver.literal([endpoint]) {
        addresses += literal
      } else if case .tcp(let host, let port) = endpoint {
        do {
          addresses += try await lookUp(host, port).map { Address(endpoint: endpoint, socket: $0) }
        } catch { failure = failure ?? error }
      }
    }
    guard !addresses.isEmpty else {
      throw failure ?? RPCError(.unavailable, "no address to connect to")
    }
    return Array(addresses.distinct.prefix(limit))
  }

  /// Asks the system, on a thread of its own: it blocks.
  private static func ask(_ host: String, _ port: Int) async throws(RPCError) -> [SocketAddress] {
    do {
      return try await NIOThreadPool.singleton.runIfActive { try askNow(host, port) }
    } catch let error as RPCError {
      throw error
    } catch {
      throw RPCError(.unavailable, "cannot reach \(host):\(port): no thread to look it up")
    }
  }

  private static func askNow(_ host: String, _ port: Int) throws -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &list)
    defer { if let list { freeaddrinfo(list) } }
    guard status == 0 else {
      let reason =
        status == EAI_NONAME ? "unknown host" : String(cString: gai_strerror(status))
      throw RPCError(.unavailable, "cannot reach \(host):\(port): \(reason)")
    }
    var found: [SocketAddress] = []
    var next = list
    while let entry = next?.pointee {
      if let address = socketAddress(entry, host) { found.append(address) }
      next = entry.ai_next
    }
    return found
  }

  private static func socketAddress(_ entry: addrinfo, _ host: String) -> SocketAddress? {
    guard let raw = UnsafeRawPointer(entry.ai_addr) else { return nil }
    switch entry.ai_family {
    case AF_INET: return SocketAddress(raw.loadUnaligned(as: sockaddr_in.self), host: host)
    case AF_INET6: return SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self), host: host)
    default: return nil
    }
  }
}

extension [Address] {
  /// Each once, in order.
  fileprivate var distinct: [Address] {
    var seen = Set<Address>()
    return filter { seen.insert($0).inserted }
  }
}
