package import Values

/// The row a query stands on, valid only until its closure returns. Columns count from 0 in the
/// order of the SELECT.
///
/// A column that holds NULL or another type than asked for is never read as zero or as empty text:
/// the query fails with `StorageError.Code.corruptValue`, which names column and statement, as soon
/// as the closure has returned.
@usableFromInline
package struct Row {
  private let statement: Statement
  private let turn: UInt

  init(of statement: Statement) {
    self.statement = statement
    turn = statement.turn
  }

  @usableFromInline
  package func isNull(_ column: Int) -> Bool { cells.isNull(checked(column)) }

  @usableFromInline
  package func int64(_ column: Int) -> Int64 {
    cells.integer(checked(column)) ?? unreadable(column, "a whole number", 0)
  }

  @usableFromInline
  package func text(_ column: Int) -> String {
    cells.text(checked(column)) ?? unreadable(column, "text", "")
  }

  package func blob(_ column: Int) -> [UInt8] {
    cells.blob(checked(column)) ?? unreadable(column, "bytes", [])
  }

  package func int(_ column: Int) -> Int { Int(int64(column)) }

  package func int32(_ column: Int) -> Int32 {
    Int32(exactly: int64(column)) ?? unreadable(column, "a 32-bit number", 0)
  }

  package func bool(_ column: Int) -> Bool {
    switch int64(column) {
    case 0: false
    case 1: true
    default: unreadable(column, "0 or 1", false)
    }
  }

  package func instant(_ column: Int) -> Instant { Instant(microseconds: int64(column)) }
  package func day(_ column: Int) -> Day { Day(daysSinceEpoch: int32(column)) }
  package func id<Noun>(_ column: Int) -> ID<Noun> { ID(int64(column)) }
  package func quantity(_ column: Int) -> Quantity { Quantity(micros: int64(column)) }
  package func rate(_ column: Int) -> Rate { Rate(micros: int64(column)) }

  package func currency(_ column: Int) -> Currency {
    Currency(text(column)) ?? unreadable(column, "a currency code", .cny)
  }

  /// An amount in minor units and its currency, from two columns.
  package func money(_ minor: Int, _ currency: Int) -> Money {
    Money(minor: int64(minor), currency: self.currency(currency))
  }

  /// A price in millionths and its currency, from two columns.
  package func unitPrice(_ micros: Int, _ currency: Int) -> UnitPrice {
    UnitPrice(micros: int64(micros), currency: self.currency(currency))
  }

  // Inlinable, as are its like: a call across modules would look the enum's type up at run time, a
  // dozen times a row.

  /// An enum stored as text; `corruptValue` for a text it does not know.
  @inlinable
  package func value<E: RawRepresentable>(
    _ column: Int, as type: E.Type = E.self
  ) throws -> E where E.RawValue == String {
    let raw = text(column)
    guard let value = E(rawValue: raw) else { throw unknown(column, "'\(raw)'", type) }
    return value
  }

  /// An enum stored as a number; `corruptValue` for a number it does not know.
  @inlinable
  package func value<E: RawRepresentable>(
    _ column: Int, as type: E.Type = E.self
  ) throws -> E where E.RawValue: FixedWidthInteger {
    let raw = int64(column)
    guard let narrow = E.RawValue(exactly: raw), let value = E(rawValue: narrow) else {
      throw unknown(column, "\(raw)", type)
    }
    return value
  }

  // A failed query must not stop the server, and forty `try` in a row reader help nobody: the
  // reader gets a stand-in, and the query throws instead of returning what was built from it.
  private func unreadable<T>(_ column: Int, _ expected: String, _ standIn: T) -> T {
    if statement.unreadable == nil {
      let name = statement.columnName(Int32(column))
      statement.unreadable = StorageError(
        .corruptValue, "Column \(column) (\(name)) does not hold \(expected)", sql: statement.sql)
    }
    return standIn
  }

  @usableFromInline
  func unknown<E>(_ column: Int, _ raw: String, _ type: E.Type) -> any Error {
    statement.unreadable
      ?? StorageError(
        .corruptValue,
        "Column \(column) (\(statement.columnName(Int32(column)))) holds \(raw), no \(type)",
        sql: statement.sql)
  }

  /// The statement, once it is certain that it still stands on this row.
  private var cells: Statement {
    precondition(statement.turn == turn, "Row used outside its closure: \(statement.sql)")
    return statement
  }

  private func checked(_ column: Int) -> Int32 {
    precondition(
      column >= 0 && column < statement.columnCount,
      "no column \(column) in the result of \(statement.sql)")
    return Int32(truncatingIfNeeded: column)
  }
}

/// NULL is nil; anything else as above.
extension Row {
  package func optionalInt64(_ column: Int) -> Int64? { isNull(column) ? nil : int64(column) }
  package func optionalInt(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }
  package func optionalBool(_ column: Int) -> Bool? { isNull(column) ? nil : bool(column) }
  package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
  package func optionalBlob(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }
  package func optionalDay(_ column: Int) -> Day? { isNull(column) ? nil : day(column) }
  package func optionalInstant(_ column: Int) -> Instant? { isNull(column) ? nil : instant(column) }
  package func optionalID<Noun>(_ column: Int) -> ID<Noun>? { isNull(column) ? nil : id(column) }
  package func optionalQuantity(_ column: Int) -> Quantity? {
    isNull(column) ? nil : quantity(column)
  }
  package func optionalRate(_ column: Int) -> Rate? { isNull(column) ? nil : rate(column) }
  package func optionalMoney(_ minor: Int, _ currency: Int) -> Money? {
    isNull(minor) ? nil : money(minor, currency)
  }
  /// From the columns of its millionths, units and base currency; nil where the first has none. The
  /// currency that it is of stands in `currency`.
  package func exchangeRate(
    _ micros: Int, _ units: Int, _ base: Int, of currency: Int
  ) -> ExchangeRate? {
    isNull(micros)
      ? nil
      : ExchangeRate(
        currency: self.currency(currency), base: self.currency(base), micros: int64(micros),
        units: int64(units))
  }
  package func optionalUnitPrice(_ micros: Int, _ currency: Int) -> UnitPrice? {
    isNull(micros) ? nil : unitPrice(micros, currency)
  }
  @inlinable
  package func optionalValue<E: RawRepresentable>(
    _ column: Int, as type: E.Type = E.self
  ) throws -> E? where E.RawValue == String {
    isNull(column) ? nil : try value(column, as: type)
  }
}
