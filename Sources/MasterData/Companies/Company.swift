package import Values

/// The company that keeps its books here; there is exactly one.
package struct Company: Hashable, Sendable {
  package var name: String
  /// Of the books and of all documents.
  package var baseCurrency: Currency
  /// IANA name of the zone in which business days are counted ("Asia/Shanghai").
  package var timeZone: String
  /// The highest credit limit, of a customer or of a group, that one person alone may give; nil for
  /// any.
  package var creditLimitAlone: Money?
}
