/// Why a calculation with amounts or quantities has no answer. Nothing in this room wraps around or
/// rounds in silence.
package enum ArithmeticError: Error, Hashable, Sendable {
  /// The exact result does not fit in 64 bits of minor units (or micros).
  case overflow
  /// Two amounts of different currencies were added or compared.
  case currencyMismatch(Currency, Currency)
  /// A share of nothing: the weights to allocate by add up to zero.
  case noWeight
}
