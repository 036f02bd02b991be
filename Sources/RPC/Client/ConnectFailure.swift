internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Says in words why an address cannot be bound or reached.
enum ConnectFailure {
  static func text(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if let first = error.connectionErrors.first { return text(first.error) }
      if error.dnsAError != nil || error.dnsAAAAError != nil { return "unknown host" }
      return "no address"
    case let error as ChannelError:
      switch error {
      case .connectTimeout(let time): return "no answer within \(time.nanoseconds / 1_000_000) ms"
      case .eof: return "it closed the connection; does it speak TLS?"
      default: return "\(error)"
      }
    case let error as IOError: return String(cString: strerror(error.errnoCode))
    case SocketAddressError.unixDomainSocketPathTooLong:
      return "the path of a Unix socket has at most 107 bytes"
    case is SocketAddressError: return "unknown host"
    case is HandshakeGate.NoHTTP2: return "it does not speak HTTP/2 over TLS"
    case let error as NIOSSLError: return text(tls: error)
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      return "its certificate is for another name"
    case let error as BoringSSLError: return text(tls: .handshakeFailed(error))
    default: return "\(error)"
    }
  }

  /// BoringSSL says it as `Error: 268435581 error:1000007d:SSL routines:OPENSSL_internal:
  /// CERTIFICATE_VERIFY_FAILED at FILE:LINE`; the capitals are what people can look up.
  private static func text(tls error: NIOSSLError) -> String {
    guard case .handshakeFailed(.sslError(let stack)) = error, let first = stack.first else {
      return "TLS failed: \(error)"
    }
    let reason = first.description.split(separator: " at ").first?.split(separator: ":").last?
      .drop { $0 == " " }
    return "the TLS handshake failed: \(reason ?? "unknown reason")"
  }
}
