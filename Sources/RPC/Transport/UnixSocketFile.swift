internal import Glibc
internal import NIOCore
internal import NIOPosix

/// The file of a Unix domain socket that a server listens on. NIO removes it when the listener
/// closes.
enum UnixSocketFile {
  /// Makes way for a new socket: removes the file of a server that is gone. Throws when somebody
  /// listens there, or when it is another kind of file.
  static func makeWay(
    at path: String, on group: any EventLoopGroup
  ) async throws(ServerError) {
    var state = stat()
    guard lstat(path, &state) == 0 else { return }
    guard state.st_mode & S_IFMT == S_IFSOCK else {
      throw ServerError("cannot listen on unix:\(path): the file exists", cause: nil)
    }
    do {
      let other = try await ClientBootstrap(group: group).connect(unixDomainSocketPath: path).get()
      try? await other.close()
    } catch let error as IOError where error.errnoCode == ECONNREFUSED {
      unlink(path)
      return
    } catch {
      throw ServerError(
        "cannot listen on unix:\(path): \(ConnectFailure.text(error))", cause: error)
    }
    throw ServerError("cannot listen on unix:\(path): Address already in use", cause: nil)
  }
}
