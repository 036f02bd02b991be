private import Glibc
internal import RPC

/// Sockets that listened before this program began: those that the server left open to itself
/// before it restarted, and those of systemd (sd_listen_fds(3)).
enum InheritedSockets {
  private static let variable = "JOINERY_SOCKETS"

  /// Takes them over, once.
  static func take() -> (own: [ListeningSocket], systemd: [ListeningSocket]) {
    defer { for name in [variable, "LISTEN_FDS", "LISTEN_PID"] { unsetenv(name) } }
    let own = (text(variable) ?? "").split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let descriptor = CInt(parts[0]),
        let endpoint = Endpoint(String(parts[1]))
      else { return nil as ListeningSocket? }
      return ListeningSocket(endpoint: endpoint, descriptor: closingAtExec(descriptor))
    }
    guard text("LISTEN_PID") == "\(getpid())", let count = CInt(text("LISTEN_FDS") ?? "0"),
      (1...64).contains(count)
    else { return (own, []) }
    return (own, (3..<(3 + count)).compactMap(systemd))
  }

  /// For the program that this one becomes.
  static func leave(_ sockets: [ListeningSocket]) {
    let lines = sockets.map { "\($0.descriptor)=\($0.endpoint)" }
    setenv(variable, lines.joined(separator: "\n"), 1)
  }

  private static func text(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// The endpoint as the system knows it; nil for what is no socket of ours.
  private static func systemd(_ descriptor: CInt) -> ListeningSocket? {
    var address = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_storage>.size)
    var size = socklen_t(address.count)
    let endpoint = address.withUnsafeMutableBytes { bytes -> Endpoint? in
      guard let start = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        getsockname(descriptor, start, &size) == 0
      else { return nil }
      if CInt(start.pointee.sa_family) == AF_UNIX {
        let path = bytes[MemoryLayout<sa_family_t>.size..<Int(size)].prefix { $0 != 0 }
        return .unix(path: String(decoding: path, as: UTF8.self))
      }
      var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
      let flags = NI_NUMERICHOST | NI_NUMERICSERV
      guard
        getnameinfo(
          start, size, &host, socklen_t(host.count), &port, socklen_t(port.count), flags) == 0,
        let number = Int(text(of: port))
      else { return nil }
      return .tcp(host: text(of: host), port: number)
    }
    return endpoint.map { ListeningSocket(endpoint: $0, descriptor: closingAtExec(descriptor)) }
  }

  private static func text(of characters: [CChar]) -> String {
    let bytes = characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func closingAtExec(_ descriptor: CInt) -> CInt {
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }
}
