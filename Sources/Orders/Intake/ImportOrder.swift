package import MasterData
package import Storage
package import Values

/// An order that was looked up and can be placed.
package struct PreparedOrder: Sendable {
  let place: PlaceOrder
  package let submission: Submission
  /// What speaks against it beside what rules find.
  let findings: [Finding]

  init(_ place: PlaceOrder, _ submission: Submission, findings: [Finding] = []) {
    self.place = place
    self.submission = submission
    self.findings = findings
  }

  package init(_ place: PlaceOrder, in snapshot: Snapshot, at now: Moment) throws {
    self.init(place, try place.submission(at: now, in: snapshot))
  }

  /// Whether the order that comes of it may have holds.
  package var mayHold: Bool { submission.mayHold || !findings.isEmpty }
}

/// Places an order that an import brings, unless one has brought it before. It is known by channel
/// and external id, and whether it is the same by a fingerprint of all that the row says.
package struct ImportOrder: Sendable {
  package enum Outcome: Sendable {
    case placed(SalesOrder)
    /// An order that was imported before, as it is now.
    case unchanged(number: String, state: OrderState)
  }

  /// Nil where the row does not say it, which preparing refuses.
  package let channel: Channel?
  package let externalID: String
  /// Of the row, byte for byte.
  package let fingerprint: [UInt8]
  /// The file or marketplace.
  package let source: String
  /// Who asks.
  package let actor: String

  package init(
    channel: Channel?, externalID: String, fingerprint: [UInt8], source: String, by actor: String
  ) {
    self.channel = channel
    self.externalID = externalID
    self.fingerprint = fingerprint
    self.source = source
    self.actor = actor
  }

  /// What a row must have to be known again. Whatever else is wrong with it placing refuses.
  private func checkIdentity() throws {
    var check = FieldCheck(FieldPath("order"))
    check.text(externalID, "external_id", limit: 100, required: true)
    try check.pass()
  }

  /// `prepared` is what was looked up ahead, or the refusal of it.
  package func run(
    _ prepared: Result<PreparedOrder, any Error>, in tx: Transaction, at now: Moment
  ) throws -> Outcome {
    try checkIdentity()
    if let channel, let known = try OrderIntakeTable.find(channel, externalID, in: tx) {
      guard known.fingerprint == fingerprint else {
        // A number that is not in scope is not told.
        let seen = try SalesOrderTable.isSeen(known.order, in: tx)
        throw ValidationRejection.importedOtherwise(
          field: "order.external_id", externalID: externalID,
          order: seen ? known.number : "")
      }
      guard try SalesOrderTable.isSeen(known.order, in: tx) else {
        throw OrdersRejection.externalIDTaken(
          field: "order.external_id", channel: channel, externalID: externalID, order: "")
      }
      return .unchanged(number: known.number, state: known.state)
    }
    let order = try prepared.get()
    let placed = try order.place.run(
      order.submission, heldFor: order.findings, in: tx, at: now)
    try OrderIntakeTable.insert(placed, fingerprint, source: source, in: tx)
    return .placed(placed)
  }

  /// Writes down why it was not taken.
  package func note(
    _ refusals: [any Rejection], warehouse: String, in tx: Transaction, at now: Moment
  ) throws {
    try NoteRefusal(
      channel: channel, externalID: externalID, warehouse: warehouse, refusals, source: source,
      by: actor
    ).run(in: tx, at: now)
  }
}

/// All SQL of `order_intake`: what came in by imports.
private enum OrderIntakeTable {
  struct Known {
    let order: ID<SalesOrder>
    let number: String
    let state: OrderState
    let fingerprint: [UInt8]
  }

  static func find(
    _ channel: Channel, _ externalID: String, in snapshot: Snapshot
  ) throws -> Known? {
    try snapshot.first(
      """
      SELECT o.id, o.number, o.state, i.fingerprint
      FROM order_intake AS i JOIN sales_order AS o ON o.id = i.sales_order_id
      WHERE i.external_id = ? AND i.channel = ?
      """, externalID, channel
    ) { row in
      Known(
        order: row.id(0), number: row.text(1), state: try row.value(2), fingerprint: row.blob(3))
    }
  }

  static func insert(
    _ order: SalesOrder, _ fingerprint: [UInt8], source: String, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO order_intake (channel, external_id, fingerprint, sales_order_id, source)
      VALUES (?, ?, ?, ?, ?)
      """, order.channel, order.externalID, fingerprint, order.id, source)
  }
}
