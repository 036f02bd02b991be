import MasterData
package import Storage
package import Values

/// Whom a shipment was given to, and why.
package struct CarrierChoice: Hashable, Sendable {
  /// As it was offered then.
  package let offer: CarrierOffer
  /// Offers that were better by what was asked for.
  package let betterOffers: Int
  /// May be empty.
  package let reason: String
  package let chosenBy: String
  package let chosenAt: Instant
}

/// Gives a shipment that has not left to a carrier.
package struct ChooseCarrier: Sendable {
  package let shipmentNumber: String
  package let carrier: String
  package let mode: CarrierMode
  package let ranking: OfferRanking
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    shipmentNumber: String, carrier: String, mode: CarrierMode, by ranking: OfferRanking,
    reason: String = "", actor: String
  ) {
    self.shipmentNumber = shipmentNumber
    self.carrier = carrier
    self.mode = mode
    self.ranking = ranking
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Shipment {
    var check = FieldCheck(.request)
    check.text(carrier, "carrier", limit: 100, required: true)
    check.text(reason, "reason", limit: 500)
    try check.pass()
    var shipment = try Shipments.require(
      number: shipmentNumber, field: "shipment_number", in: tx)
    guard shipment.state.isOpen else {
      throw OrdersRejection.shipmentStateForbids(
        shipment: shipment.number, state: shipment.state, action: "choose a carrier for")
    }
    let shop = try RateShop(
      Consignment(of: shipment, on: now.day, in: tx), by: ranking, on: now.day, in: tx)
    func isChosen(_ carrier: String, _ mode: CarrierMode) -> Bool {
      carrier == self.carrier && mode == self.mode
    }
    if let refusal = shop.refusals.first(where: { isChosen($0.carrier, $0.mode) }) {
      try Rejections.check(refusal.reasons)
    }
    guard let better = shop.offers.firstIndex(where: { isChosen($0.carrier, $0.mode) }) else {
      throw RateRejection.unknownTariff(
        field: "carrier", carrier: carrier, mode: mode, version: 0)
    }
    if better > 0, reason.allSatisfy(\.isWhitespace) {
      throw RateRejection.reasonNeeded(field: "reason", carrier: carrier, better: better)
    }
    let choice = CarrierChoice(
      offer: shop.offers[better], betterOffers: better, reason: reason, chosenBy: actor,
      chosenAt: now.instant)
    try CarrierChoiceTable.set(choice, of: shipment.id, in: tx)
    shipment.carrierChoice = choice
    tx.record(
      DomainEvent(
        "shipment.carrier-chosen", shipment.reference,
        related: DocumentReference(.salesOrder, shipment.orderNumber),
        [
          Fact("carrier", carrier), Fact("mode", mode.rawValue), Fact("cost", choice.offer.cost),
          Fact("arrives_on", choice.offer.arrivesOn?.description ?? ""),
          Fact("better_offers", better), Fact("reason", reason), Fact("actor", actor),
        ]))
    return shipment
  }
}

/// All SQL of `shipment_carrier_choice`.
enum CarrierChoiceTable {
  static func set(
    _ choice: CarrierChoice, of shipment: ID<Shipment>, in tx: Transaction
  ) throws {
    let offer = choice.offer
    try tx.execute("DELETE FROM shipment_carrier_choice WHERE shipment_id = ?", shipment)
    try tx.execute(
      """
      INSERT INTO shipment_carrier_choice (shipment_id, tariff_id, cost_minor, currency,
        arrives_on, is_late, explanation, better_offers, reason, chosen_by, chosen_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, shipment, offer.tariff, offer.cost.minor, offer.cost.currency, offer.arrivesOn,
      offer.isLate, offer.explanation.storedText, choice.betterOffers, choice.reason,
      choice.chosenBy, choice.chosenAt)
  }

  static func find(_ shipment: ID<Shipment>, in snapshot: Snapshot) throws -> CarrierChoice? {
    try snapshot.first(
      """
      SELECT t.carrier, t.mode, t.id, t.version, c.cost_minor, c.currency, c.arrives_on, c.is_late,
        c.explanation, c.better_offers, c.reason, c.chosen_by, c.chosen_at
      FROM shipment_carrier_choice AS c JOIN carrier_tariff AS t ON t.id = c.tariff_id
      WHERE c.shipment_id = ?
      """, shipment
    ) { row in
      CarrierChoice(
        offer: CarrierOffer(
          carrier: row.text(0), mode: try row.value(1), tariff: row.id(2),
          tariffVersion: row.int64(3), cost: row.money(4, 5), arrivesOn: row.optionalDay(6),
          isLate: row.bool(7), explanation: Explanation(storedText: row.text(8))),
        betterOffers: row.int(9), reason: row.text(10), chosenBy: row.text(11),
        chosenAt: row.instant(12))
    }
  }
}
