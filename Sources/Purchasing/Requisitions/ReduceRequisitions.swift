import MasterData
package import Storage
package import Values

/// Asks for less, because a demand has become smaller: of what nobody has ordered, the newest
/// first, so much goes that what is still to come is no more than what waits. What is on its way
/// goes to whoever needs it next.
package struct ReduceRequisitions: Sendable {
  /// The line.
  package let origin: Origin
  /// What the demand still waits for.
  package let waiting: Quantity

  package init(origin: Origin, waiting: Quantity) {
    self.origin = origin
    self.waiting = waiting
  }

  package func run(in tx: Transaction) throws -> [SupplyVerdict] {
    let pegged = try RequisitionTable.of(origin, in: tx).filter(\.isPegged).map { requisition in
      let line = try PurchaseOrderLineTable.of(requisition: requisition.id, in: tx)
      let came = min(line?.received ?? .zero, requisition.quantity)
      return (requisition: requisition, toCome: try requisition.quantity - came)
    }
    var excess = try pegged.map(\.toCome).sum() - waiting
    var verdicts: [SupplyVerdict] = []
    for (requisition, toCome) in pegged.reversed() where excess.isPositive && toCome.isPositive {
      let part = min(excess, toCome)
      excess = try excess - part
      verdicts.append(try reduce(requisition, by: part, in: tx))
    }
    return verdicts
  }

  private func reduce(
    _ requisition: Requisition, by part: Quantity, in tx: Transaction
  ) throws -> SupplyVerdict {
    let number = requisition.number
    if let order = requisition.purchaseOrderNumber {
      return SupplyVerdict(
        requisition.reference, .keptAsStock,
        text: "\(part) \(requisition.unit) of \(number), ordered with \(order), go to stock")
    }
    guard part < requisition.quantity else {
      try RequisitionTable.unpeg(requisition.id, in: tx)
      tx.record(requisition.event("requisition.cancelled"))
      return SupplyVerdict(
        requisition.reference, .cancelled, text: "\(number) was not ordered yet")
    }
    let rest = try requisition.quantity - part
    try RequisitionTable.set(quantity: rest, of: requisition.id, in: tx)
    tx.record(requisition.event("requisition.reduced", [Fact("to", rest)]))
    return SupplyVerdict(
      requisition.reference, .reduced,
      text: "\(number) is for \(rest) \(requisition.unit) instead of \(requisition.quantity)")
  }
}

/// Wants what nobody has ordered yet on another day.
package struct RescheduleRequisitions: Sendable {
  /// What the goods are for, at whatever level.
  package let document: DocumentReference
  /// Nil: as soon as possible.
  package let neededOn: Day?

  package init(document: DocumentReference, neededOn: Day?) {
    self.document = document
    self.neededOn = neededOn
  }

  package func run(in tx: Transaction) throws -> [SupplyVerdict] {
    let day = neededOn?.description ?? "as soon as possible"
    return try RequisitionTable.reschedule(document, to: neededOn, in: tx).sorted().map { number in
      let reference = DocumentReference(.requisition, number)
      tx.record(
        DomainEvent("requisition.rescheduled", reference, related: document, [Fact("to", day)]))
      return SupplyVerdict(reference, .rescheduled, text: "\(number) is needed \(day)")
    }
  }
}

/// Wants what nobody has ordered yet for a demand on the days on which its parts are needed.
package struct RescheduleDemand {
  /// The line.
  package let origin: Origin
  /// The days for so much of it as is still asked for, the earliest first.
  package let needs: (Quantity) -> [(quantity: Quantity, day: Day?)]

  package init(
    origin: Origin, needs: @escaping (Quantity) -> [(quantity: Quantity, day: Day?)]
  ) {
    self.origin = origin
    self.needs = needs
  }

  package func run(in tx: Transaction) throws -> [SupplyVerdict] {
    let open = try RequisitionTable.of(origin, in: tx).filter { $0.isPegged && $0.state == .open }
    var parts = needs(try open.map(\.quantity).sum())[...]
    var verdicts: [SupplyVerdict] = []
    for requisition in open {
      guard let day = parts.first.map(\.day) else { break }
      if requisition.neededOn != day {
        let words = day?.description ?? "as soon as possible"
        try RequisitionTable.set(neededOn: day, of: requisition.id, in: tx)
        tx.record(requisition.event("requisition.rescheduled", [Fact("to", words)]))
        verdicts.append(
          SupplyVerdict(
            requisition.reference, .rescheduled, text: "\(requisition.number) is needed \(words)"))
      }
      var left = requisition.quantity.micros
      while left > 0, let part = parts.first {
        let taken = min(left, part.quantity.micros)
        left -= taken
        parts[parts.startIndex].quantity = Quantity(micros: part.quantity.micros - taken)
        if part.quantity.micros == taken { parts.removeFirst() }
      }
    }
    return verdicts
  }
}
