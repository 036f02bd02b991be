import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Values

/// When the goods of a promised order could be ready: at once for what is held, by the lead time of
/// the supplier who is asked first for what is bought, by the lead time of what was chosen or the
/// minutes of its work for what is made, after its material. How busy the workshop is does not
/// count.
enum ReadyDay {
  /// Of one work centre in a day.
  static let minutesPerDay: Int64 = 480

  /// Nil where nobody can say, or nothing is promised.
  static func of(_ order: SalesOrder, on today: Day, in snapshot: Snapshot) throws -> Day? {
    guard order.state.isPromised else { return nil }
    let works = try WorkOrders.ofOrigin(order.reference, in: snapshot).filter(\.isPegged)
    var longest = 0
    for line in order.lines where line.sourcing != .service && line.open.isPositive {
      let origin = order.origin(of: line)
      guard try Reservations.of(origin, in: snapshot).contains(where: \.waiting.isPositive) else {
        continue
      }
      let found =
        line.sourcing == .make
        ? try works.filter { $0.origin?.line == line.number }.last.flatMap {
          try days(of: $0, in: snapshot)
        }
        : try days(of: try line.requireProduct(in: snapshot), in: snapshot)
      guard let found else { return nil }
      longest = max(longest, found)
    }
    return today.adding(days: longest)
  }

  private static func days(of product: Product, in snapshot: Snapshot) throws -> Int? {
    try SupplierPrices.preferred(for: product, in: snapshot)?.leadDays
  }

  private static func days(of work: WorkOrder, in snapshot: Snapshot) throws -> Int? {
    guard work.state.yields else { return 0 }
    var material = 0
    for component in work.components where component.missing.isPositive {
      if component.supply != nil { continue }
      guard
        let days = try days(of: Products.fetch(component.product, in: snapshot), in: snapshot)
      else { return nil }
      material = max(material, days)
    }
    let minutes = work.operations.reduce(Int64(0)) { sum, operation in
      operation.isDone ? sum : sum + operation.plannedMinutes.micros / Quantity.one.micros
    }
    let worked = Int((minutes + minutesPerDay - 1) / minutesPerDay)
    let chosen = try WorkOrders.configuration(of: work, in: snapshot)?.leadDays ?? 0
    return material + max(worked, chosen)
  }
}
