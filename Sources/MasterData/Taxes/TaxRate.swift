package import Values

/// The rate of a tax class from a day on, until a later one of the same class.
package struct TaxRate: Hashable, Sendable {
  package let taxClass: String
  package let validFrom: Day
  package var rate: Rate
}

/// A tax rate as a caller wants it to be, named by class and first day.
package struct TaxRateDraft: BatchRow {
  package var taxClass: String
  package var rate: Rate
  package var validFrom: Day?
  package var malformed: [any Rejection]

  package init(
    taxClass: String, rate: Rate, validFrom: Day?, malformed: [any Rejection] = []
  ) {
    self.taxClass = taxClass
    self.rate = rate
    self.validFrom = validFrom
    self.malformed = malformed
  }

  package var code: String { taxClass }
  package var identity: String { "\(taxClass) \(validFrom?.description ?? "")" }
  package static var codeField: String { "tax_class" }

  func taxRate(at path: FieldPath) throws -> TaxRate {
    var check = FieldCheck(path, malformed: malformed)
    check.code(taxClass, "tax_class")
    check.range(rate, "rate_micros", .zero ... .one)
    let from = check.required(validFrom, "valid_from")
    try check.pass()
    guard let from else {
      throw MasterDataRejection.missingValue(field: path.field("valid_from"))
    }
    return TaxRate(taxClass: taxClass, validFrom: from, rate: rate)
  }
}
