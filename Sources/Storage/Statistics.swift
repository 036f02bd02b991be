internal import Synchronization

/// What the writer has done since the database was opened.
package struct Statistics: Hashable, Sendable {
  /// Jobs whose effect is durable.
  package internal(set) var committedJobs = 0
  /// Jobs that threw, were rehearsals, or lost their batch.
  package internal(set) var rolledBackJobs = 0
  /// Durable commits; `committedJobs / commits` is the size of a batch.
  package internal(set) var commits = 0
  /// Time that those commits took together.
  package internal(set) var commitDuration: Duration = .zero
  package internal(set) var checkpoints = 0
  /// Statements prepared by the writer; stands still once every verb has run.
  package internal(set) var preparedStatements = 0
  /// Pages in the write-ahead log.
  package internal(set) var logPages = 0
  /// Jobs waiting for the writer now.
  package internal(set) var waitingJobs = 0
  /// How the pages of the file are protected; nil where nobody counts them.
  package internal(set) var pages: PageCounts?
}

/// Written once per batch.
final class StatisticsBoard: Sendable {
  private let board = Mutex(Statistics())
  var current: Statistics { board.withLock { $0 } }
  func update(_ change: (inout Statistics) -> Void) { board.withLock { change(&$0) } }
}
