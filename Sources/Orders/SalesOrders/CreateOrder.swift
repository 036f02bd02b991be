import MasterData
package import Storage
package import Values

/// Writes a draft. Only its shape is checked: codes may name what does not exist yet, and nothing
/// is promised.
package struct CreateOrder: Sendable {
  package let draft: OrderDraft
  /// Who asks.
  package let actor: String

  package init(_ draft: OrderDraft, by actor: String) {
    self.draft = draft
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var check = FieldCheck(FieldPath("order"))
    draft.checkShape(&check)
    try check.pass()
    var draft = draft
    try draft.resolveChoices(&check, in: tx, at: now.instant)
    try check.pass()
    let currency = try currency(in: tx)
    var order = SalesOrder(
      draft: draft, number: try DocumentNumbers.next(.salesOrder, on: now.day, in: tx),
      currency: currency, by: actor, at: now)
    try order.insert(in: tx)
    return order
  }

  /// That of the customer, as far as there is one yet. Nobody has another one than that of the
  /// books where no exchange rates are kept.
  private func currency(in snapshot: Snapshot) throws -> Currency {
    if let currency = draft.currency { return currency }
    if try ExchangeRates.areKept(in: snapshot),
      let customer = try Customers.find(code: draft.customerCode, in: snapshot)
    {
      return try draft.currency(for: customer, in: snapshot)
    }
    return try Companies.current(in: snapshot).baseCurrency
  }
}

extension SalesOrder {
  /// Writes a new order with its lines, and says that it exists.
  mutating func insert(in tx: Transaction) throws {
    guard let id = try SalesOrderTable.insert(self, in: tx) else {
      let other = try SalesOrderTable.number(
        channel: channel, externalID: externalID ?? "", in: tx)
      throw externalIDTaken(by: other ?? "")
    }
    self.id = id
    try DeliveryAddressTable.insert(delivery, of: id, in: tx)
    try DeliveryPlaceTable.insert(places, of: id, in: tx)
    for line in lines {
      try SalesOrderLineTable.insert(line, of: id, in: tx)
      try OrderConfigurationTable.insert(line, of: id, in: tx)
    }
    var facts = [
      Fact("channel", channel.rawValue), Fact("customer", customerCode), Fact("actor", createdBy),
    ]
    if let externalID { facts.append(Fact("external_id", externalID)) }
    if let blanketNumber { facts.append(Fact("blanket", blanketNumber)) }
    tx.record(DomainEvent("order.created", reference, facts))
  }

  /// Says that the order has come to `state`.
  func record(_ state: OrderState, _ facts: [Fact] = [], in tx: Transaction) {
    var all = facts
    switch state {
    case .submitted:
      all.append(Fact("gross", gross))
      if let role = approval.requiredRole, approval.isPending {
        all.append(Fact("approver_role", role))
      }
    case .confirmed:
      all.append(Fact("gross", gross))
      if depositRequired.minor > 0 { all.append(Fact("deposit_required", depositRequired)) }
      // A line that is not told has its goods on the shelf, or nobody can say when they come.
      for line in lines {
        if let day = line.promisedOn { all.append(Fact("promised_\(line.number)", day)) }
      }
    case .draft, .partlyShipped, .shipped, .delivered, .closed, .cancelled: break
    }
    tx.record(DomainEvent(state.event, reference, all))
  }
}
