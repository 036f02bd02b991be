internal import Messages
internal import RPC
internal import Values

/// Turns business refusals into gRPC statuses with typed details: every violation at once, the
/// field where one is at fault, the values for programs (law 10).
enum RejectionStatus {
  /// The status of a refusal; nil when `error` is none but a fault of ours.
  static func refusal(_ error: any Error) -> RPCError? { refusals(error).map { status(of: $0) } }

  /// The refusals that an error is; nil when it is none but a fault of ours.
  static func refusals(_ error: any Error) -> [any Rejection]? {
    switch error {
    case let rejection as any Rejection: [rejection]
    case let rejections as Rejections: rejections.all
    case let error as ArithmeticError: [AmountRejection(error)]
    default: nil
    }
  }

  /// The first refusal decides code and message; all of them are in the details, as far as they fit
  /// into trailers.
  static func status(of refused: [any Rejection]) -> RPCError {
    status(telling: fitting(refused), of: refused.count)
  }

  /// Of the bytes of violations that one status carries: more, and clients refuse the trailers.
  static let violationBytes = 2_000

  private static func fitting(_ refused: [any Rejection]) -> [any Rejection] {
    var room = violationBytes
    let fitting = refused.prefix { rejection in
      let texts = [rejection.field ?? "", rejection.reason, Echo.text(rejection.message)]
      room -= texts.reduce(12) { $0 + $1.utf8.count }
      return room >= 0
    }
    return fitting.isEmpty ? Array(refused.prefix(1)) : Array(fitting)
  }

  private static func status(telling rejections: [any Rejection], of count: Int) -> RPCError {
    guard let first = rejections.first else { return RPCError(.unknown, "refused") }
    let more = count == 1 ? "" : " (and \(count - 1) more)"
    var details: [any WireMessage] = [
      GoogleRPC.ErrorInfo(
        reason: first.reason, domain: "joinery",
        metadata: Dictionary(
          first.facts.map { ($0.name, Echo.text($0.value, longest: 100)) },
          uniquingKeysWith: { earlier, _ in earlier }))
    ]
    let fields = rejections.compactMap { rejection in
      rejection.field.map {
        GoogleRPC.BadRequest.FieldViolation(
          field: $0, description: Echo.text(rejection.message), reason: rejection.reason)
      }
    }
    if !fields.isEmpty { details.append(GoogleRPC.BadRequest(fieldViolations: fields)) }
    let conditions = rejections.filter { $0.field == nil && $0.kind == .precondition }.map {
      GoogleRPC.PreconditionFailure.Violation(
        type: $0.reason, subject: Echo.text($0.facts.first?.value ?? ""),
        description: Echo.text($0.message))
    }
    if !conditions.isEmpty { details.append(GoogleRPC.PreconditionFailure(violations: conditions)) }
    return RPCError(code(of: first.kind), Echo.text(first.message) + more, details: details)
  }

  private static func code(of kind: RejectionKind) -> RPCError.Code {
    switch kind {
    case .invalid: .invalidArgument
    case .notFound: .notFound
    case .alreadyExists: .alreadyExists
    case .unauthenticated: .unauthenticated
    case .denied: .permissionDenied
    case .precondition: .failedPrecondition
    case .conflict: .aborted
    }
  }
}

/// Amounts whose result does not fit: the caller asked for more than any furniture costs.
private struct AmountRejection: Rejection {
  let error: ArithmeticError

  /// The most that 64 bits hold.
  private static let highest = Int64.max

  init(_ error: ArithmeticError) { self.error = error }

  var kind: RejectionKind { .invalid }

  var reason: String {
    switch error {
    case .overflow: "AMOUNT_TOO_LARGE"
    case .currencyMismatch: "CURRENCY_MISMATCH"
    case .noWeight: "NOTHING_TO_ALLOCATE"
    }
  }

  var message: String {
    switch error {
    case .overflow:
      "An amount or quantity that follows from this request is larger than "
        + "\(Self.highest) minor units or millionths."
    case .currencyMismatch(let left, let right): "Amounts in \(left) and \(right) cannot be added."
    case .noWeight: "There is nothing to allocate an amount to."
    }
  }

  var facts: [Fact] { error == .overflow ? [Fact("limit", Self.highest)] : [] }
}
