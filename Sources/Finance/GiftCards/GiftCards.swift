package import MasterData
package import Storage
package import Values

/// Questions about gift cards.
package enum GiftCards {
  /// Which cards a list is of.
  package struct Filter: Sendable {
    /// Who bought them; nil for anybody.
    package var customer: ID<Customer>?
    package var state: GiftCard.State?

    package init(customer: ID<Customer>? = nil, state: GiftCard.State? = nil) {
      self.customer = customer
      self.state = state
    }
  }

  /// Moves that are told of a card at most.
  private static let moveLimit = 500

  /// The card that a field of a request names; refuses an unknown one, and one out of scope.
  package static func require(
    number: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> GiftCard {
    guard let card = try GiftCardTable.seen(number, in: snapshot) else {
      throw GiftCardRejection.unknownCard(field: field(), number: number).ifNamed(number)
    }
    return card
  }

  /// The newest first, from the one before `id` on (nil: from the newest).
  package static func list(
    _ filter: Filter, before id: ID<GiftCard>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [GiftCard] {
    try GiftCardTable.list(
      filter, before: id ?? ID(Int64.max), limit: limit, in: snapshot)
  }

  /// What happened to it, the oldest first.
  package static func moves(
    of card: GiftCard, in snapshot: Snapshot
  ) throws -> [GiftCardMove] {
    try GiftCardTable.moves(of: card.id, limit: moveLimit, in: snapshot)
  }

  /// Cards are whoever's has them: nothing says any more who bought them.
  package static func forget(_ customer: Customer, in tx: Transaction) throws {
    try GiftCardTable.give(allOf: customer.id, to: nil, in: tx)
  }
}

/// Finds the card of a code, and counts the codes that are none: who has tried ten within an hour
/// waits for the rest of it. A right one does not make up for wrong ones, or whoever has a card
/// could try for ever.
package struct OpenGiftCard: Sendable {
  package static let failureLimit = 10
  package static let windowSeconds: Int64 = 3_600

  /// Of the code, as it was made when the card was sold.
  package let digest: [UInt8]
  /// Who asks.
  package let actor: String

  package init(digest: [UInt8], by actor: String) {
    self.digest = digest
    self.actor = actor
  }

  /// The card, or why not; what was counted stays.
  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> Result<GiftCard, GiftCardRejection> {
    let before = try GiftCardAttemptTable.find(actor, in: tx)
    let counted = before.flatMap { earlier in
      now.instant < earlier.since.adding(seconds: Self.windowSeconds) ? earlier : nil
    }
    if let counted, counted.failures >= Self.failureLimit {
      return .failure(
        .codesLocked(
          failures: counted.failures,
          until: counted.since.adding(seconds: Self.windowSeconds)))
    }
    if let card = try GiftCardTable.find(digest: digest, in: tx) { return .success(card) }
    try GiftCardAttemptTable.put(
      actor, failures: (counted?.failures ?? 0) + 1, since: counted?.since ?? now.instant, in: tx)
    return .failure(.unknownCode(field: "code"))
  }
}

/// All SQL of `gift_card_attempt`.
enum GiftCardAttemptTable {
  static func find(
    _ actor: String, in snapshot: Snapshot
  ) throws -> (failures: Int, since: Instant)? {
    try snapshot.first(
      "SELECT failures, since FROM gift_card_attempt WHERE actor = ?", actor
    ) { ($0.int(0), $0.instant(1)) }
  }

  static func put(
    _ actor: String, failures: Int, since: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO gift_card_attempt (actor, failures, since) VALUES (?, ?, ?)
      ON CONFLICT (actor) DO UPDATE SET failures = excluded.failures, since = excluded.since
      """, actor, failures, since)
  }
}
