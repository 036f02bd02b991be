import MasterData
import Values

/// A charge that an order may have: its rule, and the service product that stands for it.
struct Charge {
  let rule: ChargeRule
  let product: Product
  let taxRate: Rate
}

/// What the goods of an order weigh and count; freight is priced by it.
struct Load {
  /// Of one line of goods.
  struct Line {
    /// Where it stands on the order, from 0.
    let index: Int
    let sku: String
    let quantity: Quantity
    let weightGrams: Int64?
    let volumeCubicCentimetres: Int64?
  }

  let lines: [Line]
  let stairs: Int

  static let none = Load(lines: [], stairs: 0)
}

/// One of several places to which goods of an order go, with what of them goes there.
struct ChargedPlace {
  let delivery: Delivery
  let load: Load
  /// Of each line of the basket.
  let quantities: [Quantity]
}

/// A charge with what it comes to.
struct PricedCharge {
  let charge: Charge
  /// As prices of the document are counted.
  let amount: Money
  var taxed: TaxedAmount
  var explanation: Explanation
}

extension Charge {
  /// What it comes to, without tax, for goods that come to `goods` without tax.
  func amount(
    for goods: Money, _ load: Load, _ mode: Rounding.Mode
  ) throws -> (amount: Money, explanation: Explanation) {
    let parts = try parts(of: load)
    var amount = try UnitPrice.amount(of: parts.map(\.priced), goods.currency, mode)
    if let base = rule.base { amount = try amount + base }
    amount = try amount + goods.share(rule.share, mode)
    var explanation = Explanation()
    var said = parts.map { "\($0.priced.quantity) \($0.unit) at \($0.priced.unitPrice)" }
    if let base = rule.base, base.minor > 0 { said.insert(base.description, at: 0) }
    if rule.share > .zero { said.append("\(rule.share) of \(goods)") }
    let place = rule.zone.map { " to \($0)" } ?? ""
    explanation.add(
      "CHARGE", "\(rule.charge)\(place): \(said.isEmpty ? "free" : said.joined(separator: " + "))",
      [Fact("charge", rule.charge), Fact("amount", amount)])
    if let cap = rule.cap, cap.minor < amount.minor {
      amount = cap
      explanation.add("CAP", "At most \(cap)", [Fact("cap", cap)])
    }
    return (amount, explanation)
  }

  private func parts(of load: Load) throws -> [(unit: String, priced: PricedQuantity)] {
    var parts: [(unit: String, priced: PricedQuantity)] = []
    if let price = rule.perKilogram {
      parts.append(
        ("kg", PricedQuantity(try sum(load, \.weightGrams, "weight", scale: 1_000), at: price)))
    }
    if let price = rule.perCubicMetre {
      parts.append(
        (
          "m3",
          PricedQuantity(try sum(load, \.volumeCubicCentimetres, "volume", scale: 1), at: price)
        )
      )
    }
    if let price = rule.perPiece {
      parts.append(("pieces", PricedQuantity(try load.lines.map(\.quantity).sum(), at: price)))
    }
    if let price = rule.perFloor, let floors = Quantity(units: Int64(load.stairs)) {
      parts.append(("floors", PricedQuantity(floors, at: price)))
    }
    return parts.filter { $0.priced.quantity.isPositive }
  }

  /// Σ quantity × measure; a measure of `scale` is a millionth of the unit. Refuses goods of which
  /// nobody knows it.
  private func sum(
    _ load: Load, _ measure: KeyPath<Load.Line, Int64?>, _ name: String, scale: Int128
  ) throws -> Quantity {
    var total: Int128 = 0
    for line in load.lines {
      guard let size = line[keyPath: measure] else {
        throw OrdersRejection.measureUnknown(
          field: OrderDraft.path(line: line.index).field("sku"), sku: line.sku, measure: name,
          charge: rule.charge)
      }
      total += Int128(line.quantity.micros) * Int128(size) * scale
    }
    return Quantity(micros: try Rounding.quotient(total, 1_000_000))
  }
}
