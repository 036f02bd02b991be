internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Says in words why an address cannot be bound or reached.
enum ConnectFailure {
  static func text(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if let first = error.connectionErrors.first { return text(first.error) }
      if error.dnsAError != nil || error.dnsAAAAError != nil { return "unknown host" }
      return "no address"
    case let error as ChannelError:
      if case .connectTimeout(let time) = error {
        return "no answer within \(time.nanoseconds / 1_000_000) ms"
      }
      return "\(error)"
    case let error as IOError: return String(cString: strerror(error.errnoCode))
    case is SocketAddressError: return "unknown host"
    default: return "\(error)"
    }
  }
}
