package import Storage
package import Values

/// Questions about taxes.
package enum TaxRates {
  /// The rate of a class on a day (STANDARD is 13 % unless the company configured it otherwise).
  /// Refuses a class without a rate on that day.
  package static func rate(
    of taxClass: String, on day: Day, in snapshot: Snapshot
  ) throws -> Rate {
    guard let rate = try TaxRateTable.rate(of: taxClass, on: day, in: snapshot) else {
      throw MasterDataRejection.noTaxRate(taxClass: taxClass, day: day)
    }
    return rate
  }
}
