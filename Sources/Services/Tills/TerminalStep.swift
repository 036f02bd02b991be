private import Crypto
internal import RPC
internal import Storage
private import Synchronization

/// One number of a terminal's queue on its way through the command log, which settles it in the
/// transaction of the command. Travels in the call's context.
final class TerminalStep: Sendable {
  let terminal: String
  let number: Int64
  /// Of what the till sent under this number, byte for byte: it keeps and repeats those bytes.
  let fingerprint: [UInt8]
  private let progress = Mutex(Progress.open)

  /// What the command log did about it, if the transaction holds.
  enum Progress { case open, found, written }

  /// It is not this number's turn: another call has settled it, or one before it is missing.
  struct OutOfTurn: Error {}

  init(terminal: String, number: Int64, sent: [UInt8]) {
    self.terminal = terminal
    self.number = number
    fingerprint = Array(SHA256.hash(data: sent).prefix(16))
  }

  var isSettled: Bool { progress.withLock { $0 != .open } }
  /// Whether the entry that settled it was written for it.
  var isFresh: Bool { progress.withLock { $0 == .written } }

  /// Throws `OutOfTurn` unless it is this number's turn.
  func check(in tx: Transaction) throws {
    guard number == (try TerminalTable.last(of: terminal, in: tx)) + 1 else { throw OutOfTurn() }
  }

  /// The entry is the verdict on the number.
  func settle(by command: Int64, isFresh: Bool, in tx: Transaction) throws {
    try TerminalTable.insert(
      terminal, number, fingerprint: fingerprint, command: command, in: tx)
    progress.withLock { $0 = isFresh ? .written : .found }
  }

  enum Key: ContextKey {
    typealias Value = TerminalStep
  }
}
