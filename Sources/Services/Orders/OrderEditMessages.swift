private import Crypto
internal import MasterData
internal import Messages
internal import Orders
private import RPC
internal import Values

// Many changes of orders at once: messages to values and values to messages.

extension OrderEdit {
  /// What the row is called is no part of what it says.
  init(_ message: OrdersV1.OrderEdit) {
    var said = message
    said.row = 0
    self.init(
      number: message.number, expectedVersion: message.expectedVersion,
      change: Result { try OrderChange(reading: message.change) }, reason: message.reason,
      fingerprint: Array(SHA256.hash(data: said.encoded()).prefix(16)))
  }
}

extension OrdersV1.OrderEditVerdict {
  init(_ outcome: EditOrders.Outcome, of edit: OrdersV1.OrderEdit) {
    self.init(row: edit.row, number: Echo.text(edit.number))
    switch outcome {
    case .changed(let version, let gross):
      self.outcome = .changed
      self.version = version
      grossChange = TypeV1.Money(gross)
    case .unchanged(let version):
      self.outcome = .unchanged
      self.version = version
    case .refused(let refusals):
      self.outcome = .refused
      violations = refusals.prefix(20).map { TypeV1.Violation($0) }
    case .undone: self.outcome = .refused
    }
  }
}

extension OrdersV1.EditOrdersResponse {
  mutating func add(_ verdict: OrdersV1.OrderEditVerdict) {
    switch verdict.outcome {
    case .changed: changed += 1
    case .unchanged: unchanged += 1
    case .refused, .unspecified, .unrecognized: refused += 1
    }
    verdicts.append(verdict)
  }
}
