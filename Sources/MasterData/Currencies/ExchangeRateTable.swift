import Storage
import Values

/// All SQL of `exchange_rate`.
enum ExchangeRateTable {
  private struct Key: Hashable {
    let currency: Currency
    let day: Day
  }

  private static let known = LookupCache<Key, DatedExchangeRate?>(limit: 1_000)

  /// The last that was set for a day or one before.
  static func rate(
    of currency: Currency, on day: Day, in snapshot: Snapshot
  ) throws -> DatedExchangeRate? {
    try snapshot.lookUp(Key(currency: currency, day: day), in: known) {
      try snapshot.first(
        """
        SELECT currency, base_currency, rate_micros, rate_units, valid_from, source
        FROM exchange_rate
        WHERE currency = ? AND valid_from <= ? ORDER BY valid_from DESC LIMIT 1
        """, currency, day, map: dated)
    }
  }

  static func find(
    _ currency: Currency, from day: Day, in snapshot: Snapshot
  ) throws -> DatedExchangeRate? {
    try snapshot.first(
      """
      SELECT currency, base_currency, rate_micros, rate_units, valid_from, source
      FROM exchange_rate WHERE currency = ? AND valid_from = ?
      """, currency, day, map: dated)
  }

  /// In the order of currency and day, from the one after that pair on.
  static func list(
    after currency: String, _ day: Day, limit: Int, in snapshot: Snapshot
  ) throws -> [DatedExchangeRate] {
    try snapshot.all(
      """
      SELECT currency, base_currency, rate_micros, rate_units, valid_from, source
      FROM exchange_rate WHERE (currency, valid_from) > (?, ?)
      ORDER BY currency, valid_from LIMIT ?
      """, currency, day, limit, map: dated)
  }

  static func list(
    of currency: Currency, after day: Day, limit: Int, in snapshot: Snapshot
  ) throws -> [DatedExchangeRate] {
    try snapshot.all(
      """
      SELECT currency, base_currency, rate_micros, rate_units, valid_from, source
      FROM exchange_rate WHERE currency = ? AND valid_from > ? ORDER BY valid_from LIMIT ?
      """, currency, day, limit, map: dated)
  }

  private static let knownToBe = LookupCache<OnlyKey, Bool>()

  static func isKept(in snapshot: Snapshot) throws -> Bool {
    try snapshot.lookUp(in: knownToBe) { try !isEmpty(in: snapshot) }
  }

  static func isEmpty(in snapshot: Snapshot) throws -> Bool {
    try snapshot.first("SELECT 1 FROM exchange_rate LIMIT 1", map: { _ in true }) == nil
  }

  /// Adds it, or sets the rate of the same currency and day.
  static func set(_ dated: DatedExchangeRate, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO exchange_rate (currency, valid_from, base_currency, rate_micros, rate_units,
        source)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (currency, valid_from) DO UPDATE SET base_currency = excluded.base_currency,
        rate_micros = excluded.rate_micros, rate_units = excluded.rate_units,
        source = excluded.source
      """, dated.rate.currency, dated.validFrom, dated.rate.base, dated.rate.micros,
      dated.rate.units, dated.source)
  }

  private static func dated(_ row: Row) throws -> DatedExchangeRate {
    DatedExchangeRate(
      rate: ExchangeRate(
        currency: row.currency(0), base: row.currency(1), micros: row.int64(2),
        units: row.int64(3)),
      validFrom: row.day(4), source: row.text(5))
  }
}
