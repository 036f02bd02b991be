public import Foundation
import Glibc
import Synchronization

/// A program that a test runs beside itself.
///
/// Not `Foundation.Process`: to find the files to close, that copies 256 bytes of a name from every
/// entry of /proc/self/fd, also where the buffer ends before (findMaximumOpenFD in
/// swift-corelibs-foundation). With some 1,300 files open, as when a thousand calls are tested at
/// once, it crashed about one run of the tests in ten.
public final class ChildProcess: Sendable {
  /// What a standard stream of the program is.
  public enum Stream {
    /// That of the test.
    case inherited
    case nothing
    /// A pipe whose other end is here.
    case piped
    case file(FileHandle)
  }

  public struct Failure: Error { public let description: String }

  public let identifier: pid_t
  /// The near ends of pipes; elsewhere the null device.
  public let input, output, errors: FileHandle
  private let status = Mutex<Int32?>(nil)

  /// Starts `program`, a path or a name to be looked for in PATH.
  public init(
    _ program: String, _ arguments: [String], input: Stream = .nothing,
    output: Stream = .inherited, errors: Stream = .inherited
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var farEnds: [FileHandle] = []
    func connect(_ stream: Stream, to number: Int32) -> FileHandle {
      switch stream {
      case .inherited: break
      case .nothing:
        posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
      case .file(let file):
        posix_spawn_file_actions_adddup2(&actions, file.fileDescriptor, number)
      case .piped:
        let pipe = Pipe()
        let (read, write) = (pipe.fileHandleForReading, pipe.fileHandleForWriting)
        let (far, near) = number == 0 ? (read, write) : (write, read)
        posix_spawn_file_actions_adddup2(&actions, far.fileDescriptor, number)
        farEnds.append(far)
        return near
      }
      return .nullDevice
    }
    self.input = connect(input, to: 0)
    self.output = connect(output, to: 1)
    self.errors = connect(errors, to: 2)

    closeFrom3(&actions)

    let words = ([program] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var identifier: pid_t = 0
    let result = posix_spawnp(&identifier, program, &actions, nil, words + [nil], environ)
    // Open here, they would never end there.
    for end in farEnds { try end.close() }
    guard result == 0 else {
      throw Failure(description: "cannot run \(program): \(String(cString: strerror(result)))")
    }
    self.identifier = identifier
  }

  public func send(_ signal: Int32) { kill(identifier, signal) }

  /// Waits for its end: the status that it exited with, or minus the signal that ended it.
  @discardableResult
  public func wait() -> Int32 {
    status.withLock { status in
      if let status { return status }
      var word: Int32 = 0
      while waitpid(identifier, &word, 0) == -1, errno == EINTR {}
      let signal = word & 0x7f
      let result = signal == 0 ? word >> 8 & 0xff : -signal
      status = result
      return result
    }
  }
}

/// Adds that the program gets no file but its standard streams: the sockets of other tests would
/// stay open in it. The C library has the function; its header shows it to GNU programs only.
private func closeFrom3(_ actions: inout posix_spawn_file_actions_t) {
  typealias Function =
    @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
  guard let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else {
    preconditionFailure("needs glibc 2.34")
  }
  _ = unsafeBitCast(symbol, to: Function.self)(&actions, 3)
}
