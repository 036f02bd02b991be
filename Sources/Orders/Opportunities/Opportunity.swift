package import MasterData
import Storage
package import Values

/// How an opportunity stands. Follows from its stage.
package enum OpportunityState: String, Hashable, Sendable, CaseIterable {
  /// Somebody works on it. Can transition to WON by a quote of its own, and to LOST.
  case open = "OPEN"
  /// One of its quotes has become an order. Final.
  case won = "WON"
  /// The customer does not want it. Can transition to OPEN.
  case lost = "LOST"
}

extension OpportunityState: Bindable {}

/// What a customer may buy some day: what quotes are offers for, and what orders come of.
package struct Opportunity: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package internal(set) var id: ID<Opportunity>
  /// "OP-2026-000123".
  package let number: String
  /// Counts the changes, from 1.
  package internal(set) var version: Int64 = 1
  package let customerCode: String
  /// The customer's name when the opportunity was written down.
  package let customerName: String
  package internal(set) var title: String
  package internal(set) var note: String
  /// Name of the salesperson; empty for nobody.
  package internal(set) var owner: String
  /// Code of the store; empty for none.
  package internal(set) var storeCode: String
  /// Nil when nobody said.
  package internal(set) var channel: Channel?
  /// What brought it; empty when nobody said.
  package internal(set) var sourceCode: String
  /// With tax.
  package internal(set) var expected: Money
  package internal(set) var expectedCloseOn: Day
  /// Of `stagesVersion`.
  package internal(set) var stage: OpportunityStage
  package internal(set) var stagesVersion: Int64
  /// How many there are, and the number of the newest.
  var steps = 0
  package let createdBy: String
  package let createdAt: Instant
  /// The day of `createdAt` at the company's site.
  let createdOn: Day
  /// When it was won or lost.
  package internal(set) var decidedOn: Day?

  package var reference: DocumentReference { DocumentReference(.opportunity, number) }

  package var state: OpportunityState { stage.state }

  /// What is expected times how likely its stage says that it is.
  package func weighted() throws -> Money {
    Money(
      minor: try Rounding.quotient(
        Int128(expected.minor) * Int128(stage.probability.micros), Int128(Rate.one.micros)),
      currency: expected.currency)
  }

  /// Refuses one that somebody else has changed since the caller read it.
  func expect(version expected: Int64?) throws {
    try OrdersRejection.checkVersion(of: number, expected: expected, stored: version)
  }

  /// Refuses `action` in any other state.
  func expect(_ action: String, in states: Set<OpportunityState>) throws {
    guard states.contains(state) else {
      throw OpportunityRejection.stateForbids(number: number, state: state, action: action)
    }
  }

  /// The customer, whoever may see it; refuses one who was erased.
  func buyer(in snapshot: Snapshot) throws -> Customer {
    let customer = try Customers.fetch(code: customerCode, in: snapshot)
    guard !customer.isErased else {
      throw OpportunityRejection.customerGone(number: number, customer: customerCode)
    }
    return customer
  }

  /// Writes what can change of it, and counts the version up.
  mutating func update(in tx: Transaction) throws {
    try OpportunityTable.update(self, in: tx)
    version += 1
  }
}

/// A stage that an opportunity came into. None is ever changed, but for what it says of a person
/// who is forgotten.
package struct OpportunityStep: Hashable, Sendable {
  /// From 1.
  package let step: Int
  package let stagesVersion: Int64
  package let stageCode: String
  /// Of the stage.
  package let state: OpportunityState
  package let actor: String
  package let at: Instant
  /// A code of the quote reasons; empty when nobody said.
  package var reasonCode = ""
  package var comment = ""
  /// That won it.
  package var quoteNumber: String?
}

extension Opportunity {
  /// Brings it into a stage, and writes it down. Tells the event `type` of it.
  mutating func enter(
    _ stage: OpportunityStage, of version: Int64, by actor: String, at now: Moment,
    reasonCode: String = "", comment: String = "", quote: String? = nil, _ type: String,
    in tx: Transaction
  ) throws {
    let before = self.stage.code
    self.stage = stage
    stagesVersion = version
    steps += 1
    decidedOn = stage.state == .open ? nil : now.day
    try update(in: tx)
    try OpportunityTable.insert(
      OpportunityStep(
        step: steps, stagesVersion: version, stageCode: stage.code, state: stage.state,
        actor: actor, at: now.instant, reasonCode: reasonCode, comment: comment,
        quoteNumber: quote), of: id, in: tx)
    tx.record(
      DomainEvent(
        type, reference,
        [
          Fact("actor", actor), Fact("stage", stage.code), Fact("before", before),
          Fact("reason", reasonCode), Fact("quote", quote ?? ""), Fact("expected", expected),
        ]))
  }
}
