package import Values

/// What carriers collect at the door and remit, and what they owe for goods.
extension PostEntry {
  /// A row of a carrier's statement, `occurrence` its id: of what came in `credited` is for what
  /// the carrier owed, and the rest is owed to the carrier; it kept the fee. Amounts may be zero,
  /// but not all of them.
  package static func collectionRemitted(
    _ origin: Origin, occurrence: Int64, carrier: String, amount: Money, fee: Money, credited: Money
  ) throws -> PostEntry {
    let keptOfCredited = Money(minor: min(fee.minor, credited.minor), currency: fee.currency)
    let keptOfExcess = try fee - keptOfCredited
    let excess = try amount - credited
    let postings = [
      Posting(
        debit: .bank, credit: .carrierReceivable, amount: try credited - keptOfCredited),
      Posting(debit: .collectionFees, credit: .carrierReceivable, amount: keptOfCredited),
      Posting(debit: .bank, credit: .carrierPayable, amount: try excess - keptOfExcess),
      Posting(debit: .collectionFees, credit: .carrierPayable, amount: keptOfExcess),
    ]
    return PostEntry(
      event: .collectionRemitted, origin: origin, occurrence: occurrence,
      text: "Collected by \(carrier) and remitted",
      postings: postings.filter { $0.amount.minor > 0 })
  }

  /// How a row that did not fit is settled.
  package enum RemittanceSettlement: Sendable {
    /// What is owed to the carrier is what it owed.
    case matched
    /// The carrier need not pay the rest.
    case writtenOff
    /// The carrier has its money back.
    case paidBack
  }

  package static func remittanceSettled(
    _ origin: Origin, occurrence: Int64, carrier: String, as settlement: RemittanceSettlement,
    amount: Money
  ) -> PostEntry {
    let (debit, credit): (Account, Account) =
      switch settlement {
      case .matched: (.carrierPayable, .carrierReceivable)
      case .writtenOff: (.creditLosses, .carrierReceivable)
      case .paidBack: (.carrierPayable, .bank)
      }
    return PostEntry(
      event: .remittanceSettled, origin: origin, occurrence: occurrence,
      text: "Remittance of \(carrier) settled",
      postings: [Posting(debit: debit, credit: credit, amount: amount)])
  }

  package enum CarrierClaimStep: String, Sendable {
    case accepted
    case paid
    /// What the carrier had accepted it need not pay.
    case withdrawn
    /// What the carrier has paid it is to have back.
    case owedBack = "owed back"
    case paidBack = "paid back"
    /// What the carrier was to have back it is not.
    case kept
  }

  /// What a carrier has accepted of a claim, and what becomes of that.
  package static func carrierClaim(
    _ origin: Origin, occurrence: Int64, of carrier: String, _ step: CarrierClaimStep,
    amount: Money
  ) -> PostEntry {
    let (event, debit, credit): (PostingEvent, Account, Account) =
      switch step {
      case .accepted: (.carrierClaimAccepted, .carrierClaims, .compensationIncome)
      case .paid: (.carrierClaimPaid, .bank, .carrierClaims)
      case .withdrawn: (.carrierClaimWithdrawn, .compensationIncome, .carrierClaims)
      case .owedBack: (.carrierClaimOwedBack, .compensationIncome, .carrierClaimsPayable)
      case .paidBack: (.carrierClaimPaidBack, .carrierClaimsPayable, .bank)
      case .kept: (.carrierClaimKept, .carrierClaimsPayable, .compensationIncome)
      }
    return PostEntry(
      event: event, origin: origin, occurrence: occurrence,
      text: "Claim on \(carrier) \(step.rawValue)",
      postings: [Posting(debit: debit, credit: credit, amount: amount)])
  }
}
