internal import RPC
internal import Values

/// Why a till's call cannot go on, or what is wrong with a number of its queue.
enum TillRejection: Rejection, Equatable {
  // The call.
  case openingMissing
  case openingRepeated
  case stepMissing
  case dryRun
  case aheadOfServer(terminal: String, verdicts: Int64, acknowledged: Int64)
  case takenOver(terminal: String)
  case terminalForeign(terminal: String, caller: String)
  case gap(terminal: String, expected: Int64, given: Int64)
  case reused(terminal: String, number: Int64)
  // A number: verdicts.
  case notACommand(method: String)
  case malformedRequest(method: String)
  case actorNotProved(actor: String, caller: String)

  var kind: RejectionKind {
    switch self {
    case .openingMissing, .openingRepeated, .stepMissing, .dryRun, .notACommand, .malformedRequest:
      .invalid
    case .aheadOfServer, .gap, .reused: .precondition
    case .takenOver: .conflict
    case .terminalForeign, .actorNotProved: .denied
    }
  }

  var reason: String {
    switch self {
    case .openingMissing: "OPENING_MISSING"
    case .openingRepeated: "OPENING_REPEATED"
    case .stepMissing: "REQUIRED"
    case .dryRun: "DRY_RUN_OF_STREAM"
    case .aheadOfServer: "TERMINAL_AHEAD"
    case .takenOver: "TERMINAL_TAKEN_OVER"
    case .gap: "TERMINAL_NUMBER_GAP"
    case .reused: "TERMINAL_NUMBER_REUSED"
    case .notACommand: "METHOD_NOT_A_COMMAND"
    case .malformedRequest: "REQUEST_MALFORMED"
    case .terminalForeign: "TERMINAL_FOREIGN"
    case .actorNotProved: "ACTOR_NOT_PROVED"
    }
  }

  var message: String {
    switch self {
    case .openingMissing: "The first message of a sync is the opening."
    case .openingRepeated: "Only the first message of a sync is the opening."
    case .stepMissing: "Each message of a sync has a step."
    case .dryRun: "A sync cannot be rehearsed."
    case .aheadOfServer(let terminal, let verdicts, let acknowledged):
      "\(terminal) has verdicts up to number \(verdicts), but this database only up to "
        + "\(acknowledged): it is another one, or was restored to an older state."
    case .takenOver(let terminal): "Another call syncs \(terminal) now."
    case .gap(let terminal, let expected, let given):
      "The next number of \(terminal) is \(expected), not \(given)."
    case .reused(let terminal, let number):
      "Number \(number) of \(terminal) belonged to another command: do two devices use the name?"
    case .notACommand(let method):
      "\(method) is no method that changes something with one request and one response."
    case .malformedRequest(let method): "The request is none of \(method)."
    case .terminalForeign(let terminal, let caller):
      "\(caller) speaks for its own queue, not for that of \(terminal)."
    case .actorNotProved(let actor, let caller):
      "\(caller) cannot say that \(actor) asked for it: leave the actor empty."
    }
  }

  var field: String? {
    switch self {
    case .openingMissing, .openingRepeated, .stepMissing: "step"
    case .dryRun: "metadata dry-run"
    case .notACommand: "command.method"
    case .malformedRequest: "command.request"
    case .terminalForeign: "opening.terminal"
    case .actorNotProved: "command.actor"
    case .aheadOfServer, .takenOver, .gap, .reused: nil
    }
  }

  var facts: [Fact] {
    switch self {
    case .openingMissing, .openingRepeated, .stepMissing, .dryRun: []
    case .aheadOfServer(let terminal, let verdicts, let acknowledged):
      [Fact("terminal", terminal), Fact("given", verdicts), Fact("acknowledged", acknowledged)]
    case .takenOver(let terminal): [Fact("terminal", terminal)]
    case .gap(let terminal, let expected, let given):
      [Fact("terminal", terminal), Fact("expected", expected), Fact("given", given)]
    case .reused(let terminal, let number): [Fact("terminal", terminal), Fact("number", number)]
    case .notACommand(let method), .malformedRequest(let method): [Fact("method", method)]
    case .terminalForeign(let terminal, let caller):
      [Fact("terminal", terminal), Fact("caller", caller)]
    case .actorNotProved(let actor, let caller): [Fact("actor", actor), Fact("caller", caller)]
    }
  }

  var status: RPCError { RejectionStatus.status(of: [self]) }
}
