package import Storage
package import Values

/// A row of a batch upsert, as the caller gave it.
package protocol BatchRow: Sendable {
  /// What the verdict calls the row.
  var code: String { get }
  /// What must not occur twice in a batch; the code unless the row has a longer key.
  var identity: String { get }
  /// Name of the field that holds the code, for a refusal of a duplicate ("sku").
  static var codeField: String { get }
  /// Faults found while the row was read from the request (a currency that does not exist, say);
  /// the row is refused with these and its others.
  var malformed: [any Rejection] { get }
}

extension BatchRow {
  package var identity: String { code }
}

/// Runs the rows of an upsert: each in a savepoint of its own, each with a verdict, so that one bad
/// row never stops the others. A failure of the store itself is no verdict and ends the whole
/// command.
package enum Batch {
  /// Rows that one command may carry; more would hold the writer for too long.
  package static let rowLimit = 1_000

  /// `field` is the repeated field of the request message ("products"). `apply` writes one row or
  /// throws its refusal.
  package static func run<Row: BatchRow>(
    _ rows: [Row], field: String, in tx: Transaction,
    apply: (Row, FieldPath) throws -> RowVerdict.Outcome
  ) throws -> [RowVerdict] {
    guard rows.count <= rowLimit else {
      throw MasterDataRejection.tooManyRows(field: field, count: rows.count, limit: rowLimit)
    }
    var firstRows: [String: Int] = [:]
    return try rows.enumerated().map { index, row in
      let path = FieldPath(field, row: index)
      let outcome: RowVerdict.Outcome
      if let first = firstRows[row.identity] {
        outcome = .refused([
          MasterDataRejection.duplicateInBatch(
            field: path.field(Row.codeField), code: row.code, firstRow: first)
        ])
      } else {
        firstRows[row.identity] = index
        outcome = try verdict { try tx.attempt { try apply(row, path) } }
      }
      return RowVerdict(row: index, code: row.code, outcome: outcome)
    }
  }

  private static func verdict(
    _ body: () throws -> RowVerdict.Outcome
  ) throws -> RowVerdict.Outcome {
    do {
      return try body()
    } catch let several as Rejections {
      return .refused(several.all)
    } catch let one as any Rejection {
      return .refused([one])
    }
  }
}
