import Foundation
import Logging
import Testing

@testable import Operations

@Suite("The server's log")
struct LogTests {
  /// What a logger writes, through a pipe of its own.
  private func written(
    _ format: LineLogHandler.Format, level: Logger.Level = .info, _ body: (Logger) -> Void
  ) throws -> [String] {
    let pipe = Pipe()
    let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
    body(Logger(label: "test") { _ in LineLogHandler(format, level: level, to: sink) { "NOW" } })
    sink.flush()
    try pipe.fileHandleForWriting.close()
    let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").map(String.init)
  }

  @Test("text has the time, the level, the message and what belongs to it")
  func text() throws {
    let lines = try written(.text) { log in
      log.notice("backup made", metadata: ["path": "/a b", "bytes": "12"])
      log.debug("not asked for")
      log.error("cause", metadata: ["cause": "he said \"no\"", "empty": ""])
    }
    #expect(
      lines == [
        "NOW notice backup made bytes=12 path=\"/a b\"",
        "NOW error cause cause=\"he said \\\"no\\\"\" empty=\"\"",
      ])
  }

  @Test("json has an object for each line, whatever the text")
  func json() throws {
    let nasty = "line\nbreak \u{1b}[2J \u{7f} \u{85} \"quote\" \\ 木"
    let lines = try written(.json) { $0.warning("\(nasty)", metadata: ["why": "\(nasty)"]) }
    let line = try #require(lines.first)
    #expect(lines.count == 1)
    #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
    #expect(object == ["time": "NOW", "level": "warning", "message": nasty, "why": nasty])
  }

  @Test("text of a caller makes no line of its own and steers no terminal")
  func harmless() throws {
    let lines = try written(.text) {
      $0.info("a\nNOW error forged", metadata: ["why": "\u{1b}[2J\nNOW error forged"])
    }
    #expect(lines.count == 1)
    #expect(!lines[0].contains("\u{1b}"))
  }

  @Test("a reader that stops loses lines and is told how many; who logs never waits")
  func slowReader() throws {
    let pipe = Pipe()
    let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor, limit: 1_000_000)
    let log = Logger(label: "test") { _ in LineLogHandler(.text, level: .info, to: sink) { "NOW" } }
    let filler = String(repeating: "x", count: 1_000)
    // More than the pipe (64 KiB) and the sink hold, with nobody reading.
    let count = 3_000
    for _ in 0..<count { log.info("\(filler)") }
    let reading = DispatchQueue(label: "reader")
    let read = ReadLines()
    reading.async { read.run(pipe.fileHandleForReading) }
    // The reader is back: a line that comes now is preceded by the number of those that did not.
    sink.flush()
    log.info("last")
    sink.flush()
    try pipe.fileHandleForWriting.close()
    reading.sync {}
    let lines = read.lines
    let notice = try #require(lines.firstIndex { $0.contains("lines of the log were lost") })
    let lost = try #require(lines[notice].split(separator: "=").last.flatMap { Int($0) })
    #expect(lost > 0)
    #expect(lines.last == "NOW info last")
    #expect(lines.count { $0.hasSuffix(filler) } + lost == count)
  }

  private final class ReadLines: @unchecked Sendable {
    // @unchecked: written on the reader's queue, read after that has ended.
    private(set) var lines: [Substring] = []

    func run(_ handle: FileHandle) {
      let text = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
      lines = text.split(separator: "\n")
    }
  }
}
