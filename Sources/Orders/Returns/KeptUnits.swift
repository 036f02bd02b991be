import MasterData
import Storage
import Values

/// Which units of a line the customer keeps, by the day of their delivery. What comes back is a
/// unit that might by its rule: the oldest of those, so that a return never uses up more of the
/// days of what stays than it must, and a later delivery lengthens nothing of an earlier one.
struct KeptUnits: Hashable {
  struct Batch: Hashable {
    let day: Day
    /// Where they went; nil for where the order goes.
    let address: ID<Address>?
    var quantity: Quantity
  }

  /// The oldest first.
  private(set) var batches: [Batch]
  /// Whether or not the customer keeps anything of it; nil where nothing was delivered.
  let lastDelivery: Day?

  init(delivered: [Batch]) {
    batches = delivered.sorted { $0.day < $1.day }
    lastDelivery = batches.last?.day
  }

  var quantity: Quantity {
    Quantity(micros: batches.reduce(0) { $0 + $1.quantity.micros })
  }

  /// The day on which the oldest of the newest `quantity` units came; nil where fewer are kept.
  func day(ofNewest quantity: Quantity) -> Day? {
    var rest = quantity.micros
    for batch in batches.reversed() {
      rest -= batch.quantity.micros
      if rest <= 0 { return batch.day }
    }
    return nil
  }

  /// What was asked to come back on a day, by a rule that lets goods come so many days after their
  /// delivery; nil for ever.
  mutating func take(_ quantity: Quantity, on day: Day, within days: Int?) {
    var rest = quantity.micros
    let inTime = batches.indices.filter { index in
      let age = day.daysSinceEpoch - batches[index].day.daysSinceEpoch
      return age >= 0 && days.map { age <= $0 } ?? true
    }
    for index in inTime + batches.indices.filter({ !inTime.contains($0) }) where rest > 0 {
      let part = min(rest, batches[index].quantity.micros)
      batches[index].quantity = Quantity(micros: batches[index].quantity.micros - part)
      rest -= part
    }
    batches.removeAll { $0.quantity == .zero }
  }

  /// Of the lines of an order, by their numbers; lines of which nothing was delivered are left out.
  static func of(_ order: SalesOrder, in snapshot: Snapshot) throws -> [Int: KeptUnits] {
    var found: [Int: KeptUnits] = [:]
    for (line, batches) in try Shipments.deliveries(of: order, in: snapshot) {
      found[line] = KeptUnits(delivered: batches)
    }
    for back in try ReturnTable.taken(of: order.id, in: snapshot) {
      found[back.line]?.take(back.quantity, on: back.askedOn, within: back.withinDays)
    }
    return found
  }
}
