import Storage
import Values

/// All SQL of `tax_rate`.
enum TaxRateTable {
  private struct Key: Hashable {
    let taxClass: String
    let day: Day
  }

  private static let known = LookupCache<Key, Rate?>(limit: 1_000)

  static func rate(of taxClass: String, on day: Day, in snapshot: Snapshot) throws -> Rate? {
    try snapshot.lookUp(Key(taxClass: taxClass, day: day), in: known) {
      try snapshot.first(
        """
        SELECT rate_micros FROM tax_rate
        WHERE tax_class = ? AND valid_from <= ? ORDER BY valid_from DESC LIMIT 1
        """, taxClass, day
      ) { $0.rate(0) }
    }
  }

  static func find(_ taxClass: String, from day: Day, in snapshot: Snapshot) throws -> Rate? {
    try snapshot.first(
      "SELECT rate_micros FROM tax_rate WHERE tax_class = ? AND valid_from = ?", taxClass, day
    ) { $0.rate(0) }
  }

  static func classes(in snapshot: Snapshot) throws -> Set<String> {
    Set(try snapshot.all("SELECT DISTINCT tax_class FROM tax_rate") { $0.text(0) })
  }

  /// Adds it, or sets the rate of the same class and day.
  static func set(_ rate: TaxRate, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO tax_rate (tax_class, valid_from, rate_micros) VALUES (?, ?, ?)
      ON CONFLICT (tax_class, valid_from) DO UPDATE SET rate_micros = excluded.rate_micros
      """, rate.taxClass, rate.validFrom, rate.rate)
  }
}
