import MasterData
package import Storage
package import Values

/// Places an order that an import brings, unless one has brought it before. It is known by channel
/// and external id, and whether it is the same by a fingerprint of all that the row says.
package struct ImportOrder: Sendable {
  package enum Outcome: Sendable {
    case placed(SalesOrder)
    /// An order that was imported before, as it is now.
    case unchanged(number: String, state: OrderState)
  }

  package let order: PlaceOrder
  /// Of the row, byte for byte.
  package let fingerprint: [UInt8]

  package init(_ order: PlaceOrder, fingerprint: [UInt8]) {
    self.order = order
    self.fingerprint = fingerprint
  }

  /// What a row must have to be known again. Whatever else is wrong with it placing refuses.
  private func checkIdentity() throws {
    var check = FieldCheck(FieldPath("order"))
    check.text(order.draft.externalID, "external_id", limit: 100, required: true)
    try check.pass()
  }

  /// `submission` is what was looked up ahead, or the refusal of it.
  package func run(
    _ submission: Result<Submission, any Error>, in tx: Transaction, at now: Moment
  ) throws -> Outcome {
    try checkIdentity()
    if let known = try OrderIntakeTable.find(order.draft.channel, order.draft.externalID, in: tx) {
      guard known.fingerprint == fingerprint else {
        // A number that is not in scope is not told.
        let seen = try SalesOrderTable.isSeen(known.order, in: tx)
        throw ValidationRejection.importedOtherwise(
          field: "order.external_id", externalID: order.draft.externalID,
          order: seen ? known.number : "")
      }
      guard try SalesOrderTable.isSeen(known.order, in: tx) else {
        throw OrdersRejection.externalIDTaken(
          field: "order.external_id", channel: order.draft.channel,
          externalID: order.draft.externalID, order: "")
      }
      return .unchanged(number: known.number, state: known.state)
    }
    let placed = try order.run(try submission.get(), in: tx, at: now)
    try OrderIntakeTable.insert(placed, fingerprint, source: order.source, in: tx)
    return .placed(placed)
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
