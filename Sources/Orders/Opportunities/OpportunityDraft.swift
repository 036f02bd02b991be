package import MasterData
import Storage
package import Values

/// What a caller says of an opportunity; nil for what stays as it is.
package struct OpportunityDraft: Hashable, Sendable {
  package var title: String?
  /// Name of a salesperson; empty for nobody.
  package var owner: String?
  /// Code of a store; empty for none.
  package var storeCode: String?
  /// With tax.
  package var expected: Money?
  package var expectedCloseOn: Day?
  package var channel: Channel?
  /// Empty for nobody knows.
  package var sourceCode: String?
  package var note: String?

  package init(
    title: String? = nil, owner: String? = nil, storeCode: String? = nil, expected: Money? = nil,
    expectedCloseOn: Day? = nil, channel: Channel? = nil, sourceCode: String? = nil,
    note: String? = nil
  ) {
    self.title = title
    self.owner = owner
    self.storeCode = storeCode
    self.expected = expected
    self.expectedCloseOn = expectedCloseOn
    self.channel = channel
    self.sourceCode = sourceCode
    self.note = note
  }

  static let path = FieldPath("opportunity")
  /// When the customer is expected to decide where nobody says.
  static let usualDays = 30
  static let longestDays = 3_660

  /// Says all that is wrong with what is given. `customer` is nil where there is none.
  func check(_ check: inout FieldCheck, for customer: Customer?, on day: Day) {
    if let title { check.text(title, "title", required: true) }
    if let owner, !owner.isEmpty { check.code(owner, "owner") }
    if let storeCode, !storeCode.isEmpty { check.code(storeCode, "store_code") }
    if let sourceCode, !sourceCode.isEmpty { check.code(sourceCode, "source_code") }
    if let note { check.text(note, "note", limit: 2_000) }
    if let expectedCloseOn {
      check.range(
        expectedCloseOn, "expected_close_on",
        day.adding(days: -Self.longestDays)...day.adding(days: Self.longestDays))
    }
    guard let expected else { return }
    let field = check.path.field("expected")
    if let customer, !customer.trades(in: expected.currency) {
      check.refuse(
        CurrencyRejection.notTraded(
          field: field, given: expected.currency, customer: customer.code,
          traded: customer.currency))
    }
    // Sums of a million of them still fit.
    let highest = CustomerDraft.highestLimitMinor
    if !(0...highest).contains(expected.minor) {
      check.refuse(
        MasterDataRejection.outOfRange(
          field: field, given: expected.description, lowest: "0",
          highest: Money(minor: highest, currency: expected.currency).description))
    }
  }
}
