import Glibc

/// A port on this machine at which nobody listens. No other test is given it while this is alive;
/// who asks for it by number may listen.
final class UnusedPort {
  let number: Int
  private let socket: Int32

  init() throws {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, size) == 0 ? getsockname(socket, address, &size) : -1
      }
    }
    guard socket >= 0, status == 0 else { throw Failure(errno: errno) }
    self.socket = socket
    self.number = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(socket) }

  struct Failure: Error { let errno: Int32 }
}
