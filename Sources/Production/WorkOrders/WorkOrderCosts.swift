package import Values

/// What went into a work order and what came out of it again.
package struct WorkOrderCosts: Hashable, Sendable {
  package internal(set) var material: Money
  package internal(set) var labour: Money
  /// Left with good output.
  package internal(set) var output: Money
  /// Left with scrapped output.
  package internal(set) var scrap: Money
  /// Was left when it was closed.
  package internal(set) var variance: Money

  static func none(_ currency: Currency) -> WorkOrderCosts {
    let zero = Money.zero(currency)
    return WorkOrderCosts(material: zero, labour: zero, output: zero, scrap: zero, variance: zero)
  }

  package var currency: Currency { material.currency }

  package func incurred() throws(ArithmeticError) -> Money { try material + labour }

  /// Went out, or was posted as variance.
  package func settled() throws(ArithmeticError) -> Money { try output + scrap + variance }

  /// Its share of the work in progress.
  package func workInProgress() throws(ArithmeticError) -> Money { try incurred() - settled() }

  /// Takes the cost of an output out of the work in progress: its share of what is open, and all
  /// the rest with the last of it. Good goods and scrap of one report share alike, and the good
  /// ones take the cent.
  mutating func take(
    good: Quantity, scrapped: Quantity, open: Quantity
  ) throws(ArithmeticError) -> (good: Money, scrap: Money) {
    let made = try good + scrapped
    let rest = try workInProgress()
    let value = made >= open ? rest : try rest.allocated(made, of: open)
    let spoiled = try value.allocated(scrapped, of: made)
    let usable = try value - spoiled
    output = try output + usable
    scrap = try scrap + spoiled
    return (usable, spoiled)
  }

  /// What is left goes to variance.
  mutating func settle() throws(ArithmeticError) -> Money {
    let rest = try workInProgress()
    variance = try variance + rest
    return rest
  }
}
