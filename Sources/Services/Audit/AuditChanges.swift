internal import Messages
internal import RPC
internal import Storage

/// What rows were like before a command and after it, as the audit keeps it.
///
/// Request, reply and events already say what is after; what they cannot say is what was before.
/// The store notes that for every row that is changed or removed, whatever verb does it. Left out
/// is the log itself, and what is but a sum or an index of rows that are only ever added.
enum AuditChanges {
  static let filter = ChangeFilter(leavingOut: [
    "command", "event", "terminal_command", "audit_checkpoint", "audit_tile",
    "account_balance", "credit_exposure", "credit_total", "stock_balance", "document_number",
    "search_term",
  ])

  static func encoded(_ changes: RowChanges) -> [UInt8] {
    if changes.isEmpty { return [] }
    return AuditV1.Changes(
      rows: changes.rows.map { row in
        AuditV1.RowChange(
          table: row.table, row: row.row.map { TypeV1.Fact($0) }, removed: row.isRemoved,
          columns: row.columns.map { .init(name: $0.name, before: $0.before, after: $0.after) })
      },
      leftOut: Int32(clamping: changes.leftOut)
    ).encoded()
  }
}
