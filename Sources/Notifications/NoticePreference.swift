package import MasterData
package import Storage
package import Values

/// How a customer wants to be told.
package struct NoticePreference: Hashable, Sendable {
  package let customerCode: String
  /// Empty for that of the rule.
  package let locale: String
  /// Alone; nil for any.
  package let channel: NoticeChannel?
  /// Nil for what the rule says.
  package let quiet: QuietHours?

  package init(
    customerCode: String, locale: String = "", channel: NoticeChannel? = nil,
    quiet: QuietHours? = nil
  ) {
    self.customerCode = customerCode
    self.locale = locale
    self.channel = channel
    self.quiet = quiet
  }
}

/// Questions about preferences.
package enum NoticePreferences {
  /// With nothing set where the customer has said nothing.
  package static func of(
    _ customer: Customer, in snapshot: Snapshot
  ) throws -> NoticePreference {
    try NoticePreferenceTable.find(customer.code, in: snapshot)
      ?? NoticePreference(customerCode: customer.code)
  }

  /// What one customer wants is what another does, who has said nothing.
  package static func give(allOf from: String, to customer: String, in tx: Transaction) throws {
    if let said = try NoticePreferenceTable.find(from, in: tx),
      try NoticePreferenceTable.find(customer, in: tx) == nil
    {
      try NoticePreferenceTable.upsert(
        NoticePreference(
          customerCode: customer, locale: said.locale, channel: said.channel, quiet: said.quiet),
        in: tx)
    }
    try NoticePreferenceTable.remove(from, in: tx)
  }

  /// Forgets what a person has wanted.
  package static func erase(_ codes: [String], in tx: Transaction) throws {
    for code in codes { try NoticePreferenceTable.remove(code, in: tx) }
  }
}

/// Writes down how a customer wants to be told.
package struct SetNoticePreference: Sendable {
  package let preference: NoticePreference

  package init(_ preference: NoticePreference) { self.preference = preference }

  package func run(in tx: Transaction, at now: Moment) throws -> NoticePreference {
    let path = FieldPath("preference")
    let customer = try Customers.require(
      code: preference.customerCode, field: path.field("customer_code").description, in: tx)
    guard !customer.isErased else {
      throw MasterDataRejection.customerErased(
        field: path.field("customer_code"), code: customer.code)
    }
    var check = FieldCheck(path)
    if !preference.locale.isEmpty, !NoticeLocale.isWellFormed(preference.locale) {
      check.refuse(NotificationsRejection.invalidLocale(field: path.field("locale")))
    }
    if preference.channel == .webhook {
      check.refuse(NotificationsRejection.webhookHasNoTemplate(field: path.field("channel")))
    }
    preference.quiet?.check(&check)
    try check.pass()
    let written = NoticePreference(
      customerCode: customer.code, locale: preference.locale, channel: preference.channel,
      quiet: preference.quiet)
    try NoticePreferenceTable.upsert(written, in: tx)
    return written
  }
}

/// All SQL of `notice_preference`.
enum NoticePreferenceTable {
  static func find(_ customer: String, in snapshot: Snapshot) throws -> NoticePreference? {
    try snapshot.first(
      """
      SELECT customer_code, locale, channel, quiet_from, quiet_until FROM notice_preference
      WHERE customer_code = ?
      """, customer
    ) { row in
      NoticePreference(
        customerCode: row.text(0), locale: row.text(1), channel: try row.optionalValue(2),
        quiet: row.isNull(3) ? nil : QuietHours(from: row.int(3), until: row.int(4)))
    }
  }

  static func upsert(_ preference: NoticePreference, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO notice_preference (customer_code, locale, channel, quiet_from, quiet_until)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (customer_code) DO UPDATE SET locale = excluded.locale,
        channel = excluded.channel, quiet_from = excluded.quiet_from,
        quiet_until = excluded.quiet_until
      """, preference.customerCode, preference.locale, preference.channel,
      preference.quiet?.from, preference.quiet?.until)
  }

  static func remove(_ customer: String, in tx: Transaction) throws {
    try tx.execute("DELETE FROM notice_preference WHERE customer_code = ?", customer)
  }
}
