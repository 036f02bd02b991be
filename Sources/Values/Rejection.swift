/// A business refusal: a fact about the request or the state that forbids the command. Each area
/// has one exhaustive enum of them, declared in the order in which they are checked (STYLE, A5).
package protocol Rejection: Error, Sendable {
  var kind: RejectionKind { get }
  /// Stable code for programs, UPPER_SNAKE ("CREDIT_LIMIT_EXCEEDED").
  var reason: String { get }
  /// The fact as one sentence for people, with its values.
  var message: String { get }
  /// The request field at fault ("lines[2].quantity"), or nil when the state is at fault.
  var field: String? { get }
  /// The values of the sentence, for programs.
  var facts: [Fact] { get }
}

extension Rejection {
  package var field: String? { nil }
  package var facts: [Fact] { [] }
}

/// What sort of refusal it is; Services turns it into a gRPC status.
package enum RejectionKind: Hashable, Sendable {
  /// The request itself is wrong, whatever the state (INVALID_ARGUMENT).
  case invalid
  /// A named thing does not exist (NOT_FOUND).
  case notFound
  /// A name that must be new is taken (ALREADY_EXISTS).
  case alreadyExists
  /// Nobody knows who the caller is (UNAUTHENTICATED).
  case unauthenticated
  /// The caller may not do this (PERMISSION_DENIED).
  case denied
  /// The state does not allow it now (FAILED_PRECONDITION).
  case precondition
  /// Somebody else changed it meanwhile: read again and retry (ABORTED).
  case conflict
}

/// Several refusals at once, so that a form shows every mistake and not just the first.
package struct Rejections: Error, Sendable {
  /// Never empty; the first decides the status.
  package let all: [any Rejection]

  /// Throws when there is anything to refuse: one alone as itself, several together.
  package static func check(_ found: [any Rejection]) throws {
    if found.count == 1 { throw found[0] }
    if !found.isEmpty { throw Rejections(all: found) }
  }

  private init(all: [any Rejection]) { self.all = all }
}
