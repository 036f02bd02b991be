internal import Messages
internal import RPC
internal import Storage
private import Values

/// What rows were like before a command and after it, as the audit keeps it.
///
/// Request, reply and events already say what is after; what they cannot say is what was before.
/// The store notes that for every row that is changed or removed, whatever verb does it. Left out
/// is the log itself, and what is but a sum or an index of rows that are only ever added.
enum AuditChanges {
  static let filter = ChangeFilter(leavingOut: [
    "command", "event", "terminal_command", "audit_checkpoint", "audit_tile",
    "account_balance", "credit_exposure", "credit_total", "stock_balance", "document_number",
    "search_term", "customer_part_number",
  ])

  /// The columns that are about people, and the one that names whom or whose document; empty where
  /// the row does not: what was in them is then not told.
  static let personal: [String: (subject: String, columns: Set<String>)] = [
    "customer": ("code", ["name", "phone", "address"]),
    "customer_contact": ("", ["name", "phone", "email"]),
    "customer_address": ("", ["label", "street", "postcode"]),
    "customer_consent": ("", ["source"]),
    "customer_tag": ("customer_code", ["tag"]),
    "credit_grant": ("", ["reason"]),
    "payout": ("", ["comment", "reason"]),
    "sales_order_address": (
      "", ["label", "street", "postcode", "contact_name", "contact_phone"]
    ),
    "sales_order_place": (
      "", ["label", "street", "postcode", "contact_name", "contact_phone"]
    ),
    "sales_order": ("number", ["customer_name", "note", "instructions", "named_place"]),
    "sales_order_line": ("", ["note", "instructions"]),
    "sales_order_version": ("", ["instructions"]),
    "sales_order_version_line": ("", ["instructions"]),
    "change_request": ("", ["instructions"]),
    "change_request_line": ("", ["note", "instructions"]),
    "shipment": ("number", ["received_by", "instructions"]),
    "shipment_line": ("", ["instructions"]),
    "carrier_event": ("", ["place", "text"]),
    "delivery_proof": ("", ["signed_by", "place"]),
    "appointment": ("number", ["remark"]),
    "customer_return": ("", ["note"]),
    "complaint": ("number", ["text", "resolution"]),
    "complaint_pause": ("", ["note"]),
    "satisfaction": ("", ["text"]),
    "dunning_stop": ("", ["note"]),
    "payment_promise": ("", ["note"]),
    "blanket": ("number", ["customer_name", "note"]),
    "opportunity": ("number", ["customer_name", "title", "note"]),
    "opportunity_step": ("", ["comment"]),
    "quote": ("number", ["customer_name", "comment"]),
    "quote_revision": ("", ["note"]),
    "quote_variant": ("", ["note", "instructions"]),
    "quote_line": ("", ["note", "instructions"]),
    "invoice": ("customer_code", ["requirement"]),
  ]

  /// `seal` encrypts a text about a subject.
  static func encoded(
    _ changes: RowChanges, _ seal: (_ text: String, _ subject: String) throws -> String
  ) rethrows -> [UInt8] {
    if changes.isEmpty { return [] }
    let rows = try changes.rows.map { row in
      let personal = personal[row.table]
      let subject = row.row.first { $0.name == personal?.subject }?.value ?? ""
      func told(_ text: String, _ column: String) throws -> String {
        guard personal?.columns.contains(column) == true else { return text }
        return try seal(text, subject)
      }
      return AuditV1.RowChange(
        table: row.table,
        row: try row.row.map { .init(name: $0.name, value: try told($0.value, $0.name)) },
        removed: row.isRemoved,
        columns: try row.columns.map {
          .init(
            name: $0.name, before: try told($0.before, $0.name), after: try told($0.after, $0.name))
        })
    }
    return AuditV1.Changes(rows: rows, leftOut: Int32(clamping: changes.leftOut)).encoded()
  }
}
