import MasterData
import Production
import Storage
import Values

/// What an order earns over what its goods cost us.
struct OrderMargin {
  /// Of the line that earns least: (net − cost) ÷ net, rounded down. What is given away for nothing
  /// earns less than anything. Nil where no cost is known.
  let least: Rate?
  /// Goods of which nobody knows what they cost, each once.
  let unknown: [String]

  init(of input: ApprovalInput, in snapshot: Snapshot) throws {
    var reader = CostReader(in: input.gross.currency)
    var least: Int64?
    var unknown: [String] = []
    for (line, product) in zip(input.lines, input.products) where product.kind != .service {
      guard
        let cost = try reader.cost(of: product, line.ordered, line.configuration, in: snapshot)
      else {
        if !unknown.contains(product.sku) { unknown.append(product.sku) }
        continue
      }
      let net = try input.rate?.base(of: line.net) ?? line.net
      least = min(least ?? .max, Self.margin(net: net.minor, cost: cost.minor))
    }
    self.least = least.map { Rate(micros: $0) }
    self.unknown = unknown
  }

  private static func margin(net: Int64, cost: Int64) -> Int64 {
    guard net > 0 else { return .min }
    let earned = (Int128(net) - Int128(cost)) * Int128(Rate.one.micros)
    let (quotient, remainder) = earned.quotientAndRemainder(dividingBy: Int128(net))
    return Int64(clamping: remainder < 0 ? quotient - 1 : quotient)
  }
}
