package import Values

/// What became of one row of a batch.
package struct RowVerdict: Sendable {
  package enum Outcome: Sendable {
    /// The code was new.
    case created
    /// The code existed with other values.
    case updated
    /// The code existed with exactly these values; nothing was written.
    case unchanged
    /// The code existed and is gone.
    case removed
    /// The row breaks these rules (never empty); the other rows are not affected.
    case refused([any Rejection])
  }

  /// Position in the request, from 0.
  package let row: Int
  /// The code by which the row names its subject, as given.
  package let code: String
  package let outcome: Outcome

  package var violations: [any Rejection] {
    if case .refused(let violations) = outcome { violations } else { [] }
  }
}
