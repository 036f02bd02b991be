import MasterData
import Values

/// A list of reasons that replaces another: of cancellations, of quotes, of returns.
enum ReasonList {
  static let limit = 100

  /// Refuses a list that cannot be one; `duplicate` is the refusal of a code that came before.
  static func check(
    _ reasons: [(code: String, text: String)],
    duplicate: (_ field: String, _ code: String) -> any Rejection
  ) throws {
    var check = FieldCheck(.request)
    check.range(reasons.count, "reasons", 1...limit)
    try check.pass()
    var codes: Set<String> = []
    for (index, reason) in reasons.enumerated() {
      var found = FieldCheck(FieldPath("reasons", row: index))
      found.code(reason.code, "code")
      found.text(reason.text, "text", required: true)
      if !codes.insert(reason.code).inserted {
        found.refuse(duplicate(found.path.field("code"), reason.code))
      }
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
  }
}
