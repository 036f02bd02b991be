private import Foundation
internal import RPC

/// The program that a server becomes when it restarts: what lies at its own path by then.
enum SuccessorProgram {
  /// Asked for at the start: later the name would say that the file was replaced.
  private static let path = FileManager.default.destinationOfProgram

  /// Remembers the path.
  static func note() { _ = path }

  /// Whether it would start with these arguments of `serve`.
  static func accepts(_ arguments: [String]) -> Bool {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    // What is wrong is said on standard error.
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    var child = pid_t()
    let words = [path, "config", "check"] + arguments.drop { $0 == "serve" }
    var status: CInt = 0
    let isSpawned = withPointers(to: words) {
      posix_spawn(&child, path, &files, nil, $0, environ) == 0
    }
    guard isSpawned else { return false }
    while waitpid(child, &status, 0) < 0 { guard errno == EINTR else { return false } }
    return status == 0
  }

  /// Does not come back. Of all that is open only the sockets stay.
  static func become(_ arguments: [String], keeping sockets: [ListeningSocket]) -> Never {
    InheritedSockets.leave(sockets)
    // Libraries do not all close at exec what they opened.
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for descriptor in open.compactMap({ CInt($0) }) where descriptor > 2 {
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
    for socket in sockets { _ = fcntl(socket.descriptor, F_SETFD, 0) }
    // Threads of the shared pool block signals, and what is ignored stays ignored. A second SIGUSR2
    // is better lost than deadly.
    for number in [SIGTERM, SIGINT, SIGHUP] { signal(number, SIG_DFL) }
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    withPointers(to: [path] + arguments) { _ = execv(path, $0) }
    // It was there a moment ago. Nothing is open any more, so a supervisor can start a new one.
    Terminal.standardError("cannot restart: \(String(cString: strerror(errno)))")
    exit(1)
  }

  private static func withPointers<R>(
    to words: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
  ) -> R {
    let pointers = words.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
  }
}

extension FileManager {
  fileprivate var destinationOfProgram: String {
    (try? destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  }
}
