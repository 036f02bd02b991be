package import Storage
package import Values

/// What a customer said once about being contacted. Never changed; what was said last counts.
package struct Consent: Hashable, Sendable {
  /// How somebody is contacted.
  package enum Channel: String, Hashable, Sendable, CaseIterable {
    case phone = "PHONE"
    case sms = "SMS"
    case email = "EMAIL"
    case wechat = "WECHAT"
    case post = "POST"
    case app = "APP"
  }

  package enum Purpose: String, Hashable, Sendable, CaseIterable {
    /// To carry out what was ordered, which needs no consent (PIPL article 13, GDPR article 6).
    case order = "ORDER"
    case marketing = "MARKETING"
    case survey = "SURVEY"
    case profiling = "PROFILING"
  }

  package var id: ID<Consent> = ID(0)
  package let channel: Channel
  package let purpose: Purpose
  /// False: withdrawn, or an objection.
  package let isGiven: Bool
  package let saidAt: Instant
  /// Where it was said; empty once the person is erased.
  package let source: String
  /// Of what was agreed to; may be empty with what is not given.
  package let textVersion: String
  package let recordedBy: String
  package let recordedAt: Instant
}

extension Consent.Channel: Bindable {}
extension Consent.Purpose: Bindable {}

/// Questions about who may be contacted.
package enum Consents {
  /// What was written down last first, from the one before `id` on (nil: from the last).
  package static func list(
    of customer: Customer, before id: ID<Consent>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Consent] {
    try ConsentTable.list(
      of: customer.id, before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  /// Whether a customer may be contacted by a channel for a purpose now, and why. To be asked
  /// before anything is sent.
  package static func mayContact(
    _ customer: Customer, by channel: Consent.Channel, for purpose: Consent.Purpose,
    in snapshot: Snapshot
  ) throws -> (isAllowed: Bool, explanation: Explanation) {
    var explanation = Explanation()
    guard !customer.isErased else {
      explanation.add("ERASED", "The person is erased", [])
      return (false, explanation)
    }
    let facts = [Fact("channel", channel.rawValue), Fact("purpose", purpose.rawValue)]
    if let said = try ConsentTable.newest(of: customer.id, channel, purpose, in: snapshot) {
      let what = said.isGiven ? "Consented" : "Withdrawn or objected"
      explanation.add(
        said.isGiven ? "CONSENT" : "WITHDRAWN", "\(what) at \(said.saidAt)",
        facts + [Fact("said_at", said.saidAt), Fact("text_version", said.textVersion)])
      return (said.isGiven, explanation)
    }
    guard purpose == .order else {
      explanation.add("NO_CONSENT", "The customer has said nothing about it", facts)
      return (false, explanation)
    }
    explanation.add("CONTRACT", "What was ordered needs no consent to carry it out", facts)
    return (true, explanation)
  }
}

/// Writes down what a customer said.
package struct RecordConsent: Sendable {
  package let customerCode: String
  package let channel: Consent.Channel
  package let purpose: Consent.Purpose
  package let isGiven: Bool
  /// Nil for now.
  package let saidAt: Instant?
  package let source: String
  package let textVersion: String
  /// Who asks.
  package let actor: String

  package init(
    customerCode: String, channel: Consent.Channel, purpose: Consent.Purpose, isGiven: Bool,
    saidAt: Instant? = nil, source: String, textVersion: String = "", by actor: String
  ) {
    self.customerCode = customerCode
    self.channel = channel
    self.purpose = purpose
    self.isGiven = isGiven
    self.saidAt = saidAt
    self.source = source
    self.textVersion = textVersion
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Consent {
    let customer = try Customers.requireKept(code: customerCode, field: "customer_code", in: tx)
    var check = FieldCheck(FieldPath("consent"))
    check.text(source, "source", required: true)
    if isGiven || !textVersion.isEmpty { check.code(textVersion, "text_version") }
    if let saidAt, saidAt > now.instant {
      check.refuse(CustomerRejection.saidInFuture(field: "consent.said_time"))
    }
    try check.pass()
    let consent = Consent(
      channel: channel, purpose: purpose, isGiven: isGiven, saidAt: saidAt ?? now.instant,
      source: source, textVersion: textVersion, recordedBy: actor, recordedAt: now.instant)
    try ConsentTable.insert(consent, of: customer.id, in: tx)
    tx.record(
      DomainEvent(
        isGiven ? "consent.given" : "consent.withdrawn",
        DocumentReference(.masterData, "customer/\(customer.code)"),
        [Fact("channel", channel.rawValue), Fact("purpose", purpose.rawValue)]))
    return consent
  }
}

/// All SQL of `customer_consent`.
enum ConsentTable {
  static func insert(_ consent: Consent, of customer: ID<Customer>, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO customer_consent (customer_id, channel, purpose, is_given, said_at, source,
        text_version, recorded_by, recorded_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, customer, consent.channel, consent.purpose, consent.isGiven, consent.saidAt,
      consent.source, consent.textVersion, consent.recordedBy, consent.recordedAt)
  }

  /// What was said last; of what was said at the same time, what was written down last.
  static func newest(
    of customer: ID<Customer>, _ channel: Consent.Channel, _ purpose: Consent.Purpose,
    in snapshot: Snapshot
  ) throws -> Consent? {
    try snapshot.first(
      """
      SELECT id, channel, purpose, is_given, said_at, source, text_version, recorded_by,
        recorded_at
      FROM customer_consent WHERE customer_id = ? AND channel = ? AND purpose = ?
      ORDER BY said_at DESC, id DESC LIMIT 1
      """, customer, channel, purpose, map: consent)
  }

  static func list(
    of customer: ID<Customer>, before id: ID<Consent>, limit: Int, in snapshot: Snapshot
  ) throws -> [Consent] {
    try snapshot.all(
      """
      SELECT id, channel, purpose, is_given, said_at, source, text_version, recorded_by,
        recorded_at
      FROM customer_consent WHERE customer_id = ? AND id < ? ORDER BY id DESC LIMIT ?
      """, customer, id, limit, map: consent)
  }

  /// What two customers said who are one was said by that one.
  static func give(
    allOf from: ID<Customer>, to customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE customer_consent SET customer_id = ? WHERE customer_id = ?", customer, from)
  }

  /// That it was said, and when, is kept: it proves what was lawful.
  static func erase(_ customer: ID<Customer>, in tx: Transaction) throws {
    try tx.execute("UPDATE customer_consent SET source = '' WHERE customer_id = ?", customer)
  }

  private static func consent(_ row: Row) throws -> Consent {
    Consent(
      id: row.id(0), channel: try row.value(1), purpose: try row.value(2), isGiven: row.bool(3),
      saidAt: row.instant(4), source: row.text(5), textVersion: row.text(6),
      recordedBy: row.text(7), recordedAt: row.instant(8))
  }
}
