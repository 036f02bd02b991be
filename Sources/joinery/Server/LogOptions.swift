internal import ArgumentParser
internal import Logging
private import Operations
private import Synchronization
private import Values

/// What the server tells its administrator.
struct LogOptions: ParsableArguments {
  @Option(
    name: .customLong("log-level"),
    help: ArgumentHelp(
      "What the log has at least: debug (every call), info, warning or error.",
      valueName: "level"))
  var levelName = "info"

  @Option(
    name: .customLong("log-format"),
    help: ArgumentHelp("text, or json: an object for each line.", valueName: "format"))
  var formatName = "text"

  @Option(
    name: .customLong("slow-call"),
    help: ArgumentHelp("Calls that take as long are told of.", valueName: "milliseconds"))
  var slowCall = 1_000

  func validate() throws {
    guard ["debug", "info", "warning", "error"].contains(levelName) else {
      throw ValidationError("--log-level is debug, info, warning or error")
    }
    guard format != nil else { throw ValidationError("--log-format is text or json") }
    guard (1...3_600_000).contains(slowCall) else {
      throw ValidationError("--slow-call is 1 to 3600000 milliseconds")
    }
  }

  private var format: LineLogHandler.Format? { LineLogHandler.Format(rawValue: formatName) }

  var slowFrom: Duration { .milliseconds(slowCall) }

  /// The log that the options want, on standard error.
  func open() -> ServerLog { ServerLog(levelName, format ?? .text) }
}

/// The server's log: its level can be changed while it is written.
final class ServerLog: Sendable {
  private let sink = LogSink()
  private let format: LineLogHandler.Format
  private let current: Mutex<Logger>

  fileprivate init(_ level: String, _ format: LineLogHandler.Format) {
    self.format = format
    current = Mutex(Self.logger(level, format, sink))
  }

  var now: Logger { current.withLock { $0 } }

  func setLevel(_ options: LogOptions) {
    let logger = Self.logger(options.levelName, format, sink)
    current.withLock { $0 = logger }
  }

  /// Before the program ends.
  func flush() { sink.flush() }

  private static func logger(
    _ level: String, _ format: LineLogHandler.Format, _ sink: LogSink
  ) -> Logger {
    let level = Logger.Level(rawValue: level) ?? .info
    return Logger(label: "joinery") { _ in
      LineLogHandler(format, level: level, to: sink) { Clock.now().description }
    }
  }
}
