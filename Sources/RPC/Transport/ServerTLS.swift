internal import NIOSSL
internal import Synchronization

/// TLS on a server: its certificate, and whether clients must have one.
///
/// Files that change are noticed by the next connection and serve from then on; connections that
/// are open go on with what they began with. While the files do not fit together, as in the middle
/// of being replaced, the last ones that did are used.
public final class ServerTLS: Sendable {
  private struct State {
    var context: NIOSSLContext
    var stamps: [FileStamp]
  }

  private let files: TLSFiles
  private let log: @Sendable (String) -> Void
  private let state: Mutex<State>

  /// Loads the files; throws one line that says what is wrong with them. `log` gets a line for each
  /// reload. With `files.authorities`, every client must show a certificate that one of them
  /// signed.
  public init(
    _ files: TLSFiles, log: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(ServerError) {
    self.files = files
    self.log = log
    let stamps = files.stamps
    state = Mutex(State(context: try files.serverContext(), stamps: stamps))
  }

  /// Loads the files again, whether or not they look changed.
  public func reload() { state.withLock { reload(&$0, stamps: files.stamps) } }

  /// What the next connection uses.
  var context: NIOSSLContext {
    let stamps = files.stamps
    return state.withLock { state in
      if stamps != state.stamps { reload(&state, stamps: stamps) }
      return state.context
    }
  }

  private func reload(_ state: inout State, stamps: [FileStamp]) {
    // Also after a failure: the same broken files are not tried again for every connection.
    state.stamps = stamps
    do {
      state.context = try files.serverContext()
      log("certificate \(files.certificate ?? "") loaded")
    } catch {
      log("certificate not replaced: \(error.description)")
    }
  }
}
