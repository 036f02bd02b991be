import Dispatch
import Foundation
import Storage
import Synchronization
import Testing
import Values

struct Refusal: Error, Equatable {}

/// A directory that goes away with its owner.
final class TemporaryDirectory {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var file: String { path + "/test.db" }

  func open(
    _ migrations: [Migration] = Note.migrations, queueLimit: Int = 4096, batchLimit: Int = 256,
    pages: PageProtection = PageProtection(), faults: FaultPlan? = nil
  ) throws -> Database {
    try Database.open(
      Database.Configuration(
        path: file, queueLimit: queueLimit, batchLimit: batchLimit, pages: pages, faults: faults),
      migrations: migrations, now: Instant(microseconds: 1))
  }

  func bytes(_ suffix: String = "") throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file + suffix)))
  }

  func replace(_ suffix: String = "", _ bytes: some Sequence<UInt8>) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file + suffix))
  }
}

/// Holds a worker thread inside a job until the test has prepared what it wants to see.
final class Gate: Sendable {
  private let entered = DispatchSemaphore(value: 0)
  private let opened = DispatchSemaphore(value: 0)

  /// In the job: reports that it has begun, and stays until `open`.
  func pass() {
    entered.signal()
    opened.wait()
  }

  /// In the test: until the job has begun.
  func waitUntilEntered() async {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        self.entered.wait()
        continuation.resume()
      }
    }
  }

  func open() { opened.signal() }
}

extension Database {
  /// Until so many jobs wait for the writer.
  func waitForJobs(_ count: Int) async {
    while statistics.waitingJobs < count { await Task.yield() }
  }
}

/// Checks that `body` fails with this code, and returns the error.
@discardableResult
func expectFailure<R>(
  _ code: StorageError.Code, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> R
) async -> StorageError? {
  let error = await #expect(throws: StorageError.self, sourceLocation: sourceLocation) {
    _ = try await body()
  }
  #expect(error?.code == code, sourceLocation: sourceLocation)
  return error
}

/// How often something was done.
final class Counter: Sendable {
  private let value = Atomic(0)
  var count: Int { value.load(ordering: .relaxed) }
  func add() { value.add(1, ordering: .relaxed) }
}
