import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Values

/// When goods come, as far as anybody knows: what waits on the shelves is served in its order by
/// what comes, first what comes first. Purchase orders come on the day that is expected, requests
/// that nobody has ordered after the lead time of the supplier who is asked first, work orders
/// after their material by the minutes of their work, or the lead time of what was chosen. How busy
/// the workshop is does not count.
///
/// What is looked up is kept: one outlook is for one state of the database.
struct SupplyOutlook {
  let today: Day
  private var shares: [SupplyPlace: (steps: Shares, looked: Set<SupplyPlace>)] = [:]
  private var works: [String: (step: PromiseStep, looked: Set<SupplyPlace>)] = [:]
  /// What was looked up for the present line.
  private var looked: Set<SupplyPlace> = []

  init(on today: Day) { self.today = today }

  /// What brings that for which each demand in a queue waits.
  private typealias Shares = [ID<Reservation>: [PromiseStep]]

  /// Of one work centre in a day.
  static let minutesPerDay: Int64 = 480
  /// No more demands than this are looked at in a queue: who stands behind them cannot be told.
  static let queueLimit = 5_000

  /// Of the open lines of goods, in their order; none of an order that promises nothing.
  mutating func promises(
    of order: SalesOrder, in snapshot: Snapshot
  ) throws -> [LinePromise] {
    guard order.state.isPromised else { return [] }
    let demands = try Reservations.of(Origin(.salesOrder, order.number), in: snapshot)
    return try order.lines.filter { $0.sourcing != .service && $0.open.isPositive }.map { line in
      try promise(
        of: line, demands.filter { $0.origin.line == line.number },
        from: order.warehouseCode, in: snapshot)
    }
  }

  private mutating func promise(
    of line: SalesOrderLine, _ demands: [Reservation], from warehouseCode: String,
    in snapshot: Snapshot
  ) throws -> LinePromise {
    looked = line.product.map { [SupplyPlace($0, warehouseCode)] } ?? []
    let held = try demands.map(\.held).sum()
    var steps: [PromiseStep] = []
    if held.isPositive {
      steps.append(
        PromiseStep(
          supply: .stock, document: nil, sku: line.sku, unit: line.unit, quantity: held,
          readyOn: today, text: "\(held) \(line.unit) are on the shelf"))
    }
    for demand in demands where demand.waiting.isPositive {
      steps += try self.steps(
        for: demand, sku: line.sku, unit: line.unit, in: snapshot)
    }
    let covered = try steps.map(\.quantity).sum()
    if covered < line.open {
      steps.append(.nothing(sku: line.sku, unit: line.unit, try line.open - covered))
    }
    PromiseStep.mark(&steps, today: today)
    return LinePromise(
      line: line.number, sku: line.sku, unit: line.unit, open: line.open, held: held,
      readyOn: PromiseStep.last(of: steps, notBefore: today), steps: steps, places: looked)
  }

  /// What brings that of a demand for which it waits.
  private mutating func steps(
    for demand: Reservation, sku: String, unit: String, in snapshot: Snapshot
  ) throws -> [PromiseStep] {
    if let peg = demand.peg, peg.kind == .workOrder {
      return [try work(peg.number, bringing: demand.waiting, sku: sku, unit: unit, in: snapshot)]
    }
    let location = try Locations.fetch(demand.location, in: snapshot)
    let place = SupplyPlace(demand.product, location.warehouseCode ?? location.code)
    looked.insert(place)
    return try shares(at: place, location, in: snapshot)[demand.id]
      ?? [.nothing(sku: sku, unit: unit, demand.waiting)]
  }

  // MARK: - Who is served by what

  /// When all that a demand in the queue waits for is there; no key for who is not in it.
  mutating func queue(
    at place: SupplyPlace, _ location: Location, in snapshot: Snapshot
  ) throws -> [(demand: Reservation, readyOn: Day?)] {
    let shares = try shares(at: place, location, in: snapshot)
    return try waiting(at: place, location, in: snapshot).map { demand in
      (demand, PromiseStep.last(of: shares[demand.id, default: []], notBefore: today))
    }
  }

  /// What waits in the queue and nothing that is to come will bring.
  mutating func unsupplied(
    at place: SupplyPlace, _ location: Location, in snapshot: Snapshot
  ) throws -> Quantity {
    try shares(at: place, location, in: snapshot).values
      .flatMap { $0 }.filter { $0.supply == .nothing }.map(\.quantity).sum()
  }

  private func waiting(
    at place: SupplyPlace, _ location: Location, in snapshot: Snapshot
  ) throws -> [Reservation] {
    try Reservations.queue(
      for: place.product, at: location.id, limit: Self.queueLimit, in: snapshot)
  }

  private mutating func shares(
    at place: SupplyPlace, _ location: Location, in snapshot: Snapshot
  ) throws -> Shares {
    if let known = shares[place] {
      looked.formUnion(known.looked)
      return known.steps
    }
    let (steps, looked) = try noting { try $0.distribute(at: place, location, in: snapshot) }
    shares[place] = (steps, looked)
    return steps
  }

  /// What `body` comes to, and what it looked up.
  private mutating func noting<T>(
    _ body: (inout SupplyOutlook) throws -> T
  ) rethrows -> (T, Set<SupplyPlace>) {
    let before = looked
    looked = []
    let value = try body(&self)
    let own = looked
    looked.formUnion(before)
    return (value, own)
  }

  private mutating func distribute(
    at place: SupplyPlace, _ location: Location, in snapshot: Snapshot
  ) throws -> Shares {
    let product = try Products.fetch(place.product, in: snapshot)
    var supplies = try supplies(of: product, location, in: snapshot)[...]
    var left = supplies.first?.quantity.micros ?? 0
    var found: Shares = [:]
    for demand in try waiting(at: place, location, in: snapshot) {
      var need = demand.waiting.micros
      while need > 0 {
        guard let supply = supplies.first else {
          found[demand.id, default: []].append(
            .nothing(sku: product.sku, unit: product.unit, Quantity(micros: need)))
          break
        }
        let part = min(need, left)
        if part > 0 {
          found[demand.id, default: []].append(supply.bringing(Quantity(micros: part)))
        }
        need -= part
        left -= part
        if left == 0 {
          supplies = supplies.dropFirst()
          left = supplies.first?.quantity.micros ?? 0
        }
      }
    }
    return found
  }

  /// What comes to nobody in particular, first what comes first; last what comes nobody knows when.
  private mutating func supplies(
    of product: Product, _ location: Location, in snapshot: Snapshot
  ) throws -> [PromiseStep] {
    guard let warehouse = location.warehouse else { return [] }
    var found = try Arrivals.ordered(product.id, for: warehouse, in: snapshot).map {
      step(ordered: $0, product)
    }
    for order in try WorkOrders.forStock(
      product.id, in: warehouse, limit: Arrivals.limit, in: snapshot)
    where order.open.isPositive {
      found.append(try work(order, bringing: order.open, in: snapshot))
    }
    let requested = try Arrivals.requested(product.id, for: warehouse, in: snapshot)
    if !requested.isEmpty {
      let asked = try SupplierPrices.preferred(for: product, in: snapshot)
      found += requested.map { step(requested: $0, product, from: asked) }
    }
    // Sorting is not stable, and the order must be the same each time.
    return found.enumerated().sorted { left, right in
      let days = (left.element.readyOn ?? .never, right.element.readyOn ?? .never)
      return days.0 == days.1 ? left.offset < right.offset : days.0 < days.1
    }.map(\.element)
  }

  private func step(ordered arrival: Arrival, _ product: Product) -> PromiseStep {
    let number = arrival.document.number
    // What should have come and has not may come tomorrow.
    let isOverdue = arrival.expectedOn.map { $0 < today } ?? false
    let day = isOverdue ? today.adding(days: 1) : arrival.expectedOn
    let told = arrival.expectedOn?.description ?? ""
    return PromiseStep(
      supply: .purchaseOrder, document: arrival.document, sku: product.sku, unit: product.unit,
      quantity: arrival.quantity, readyOn: day,
      text: isOverdue
        ? "\(number) was expected on \(told) and is overdue" : "\(number) is expected on \(told)")
  }

  private func step(
    requested arrival: Arrival, _ product: Product, from asked: SupplierPrice?
  ) -> PromiseStep {
    let number = arrival.document.number
    return PromiseStep(
      supply: .requisition, document: arrival.document, sku: product.sku, unit: product.unit,
      quantity: arrival.quantity, readyOn: asked.map { today.adding(days: $0.leadDays) },
      text: asked.map {
        "\(number) is not ordered yet; \($0.supplierCode) takes \($0.leadDays) days"
      } ?? "\(number) is not ordered yet, and no supplier is preferred")
  }

  // MARK: - The workshop

  private mutating func work(
    _ number: String, bringing quantity: Quantity, sku: String, unit: String, in snapshot: Snapshot
  ) throws -> PromiseStep {
    guard let order = try WorkOrders.find(number: number, in: snapshot) else {
      return .nothing(sku: sku, unit: unit, quantity)
    }
    return try work(order, bringing: quantity, in: snapshot)
  }

  private mutating func work(
    _ order: WorkOrder, bringing quantity: Quantity, in snapshot: Snapshot
  ) throws -> PromiseStep {
    if let known = works[order.number] {
      looked.formUnion(known.looked)
      return known.step.bringing(quantity)
    }
    let (step, looked) = try noting { try $0.plan(order, in: snapshot) }
    works[order.number] = (step, looked)
    return step.bringing(quantity)
  }

  private mutating func plan(_ order: WorkOrder, in snapshot: Snapshot) throws -> PromiseStep {
    looked.insert(SupplyPlace(order.product, order.warehouseCode))
    let demands = try Reservations.of(Origin(.workOrder, order.number), in: snapshot)
    var material: [PromiseStep] = []
    for component in order.components where component.missing.isPositive && order.state.yields {
      looked.insert(SupplyPlace(component.product, order.warehouseCode))
      if let supply = component.supply {
        material.append(
          try work(
            supply, bringing: component.missing, sku: component.sku, unit: component.unit,
            in: snapshot))
      } else if let demand = demands.first(where: { $0.origin.line == component.line }) {
        material += try steps(
          for: demand, sku: component.sku, unit: component.unit, in: snapshot)
      } else {
        material.append(
          .nothing(sku: component.sku, unit: component.unit, component.missing))
      }
    }
    let days = try workDays(order, in: snapshot)
    let begins = PromiseStep.last(of: material, notBefore: today)
    let hold = order.hold == .deposit ? ", once the deposit is paid" : ""
    return PromiseStep(
      supply: .workOrder, document: order.reference, sku: order.sku, unit: order.unit,
      quantity: order.open, readyOn: begins.map { $0.adding(days: days) },
      text: "\(order.number) takes \(days) days"
        + (material.isEmpty ? "" : " after its material") + hold,
      material: material)
  }

  private func workDays(_ order: WorkOrder, in snapshot: Snapshot) throws -> Int {
    guard order.state.yields else { return 0 }
    let minutes = order.operations.reduce(Int64(0)) { sum, operation in
      operation.isDone ? sum : sum + operation.plannedMinutes.micros / Quantity.one.micros
    }
    let worked = Int((minutes + Self.minutesPerDay - 1) / Self.minutesPerDay)
    return max(worked, try WorkOrders.configuration(of: order, in: snapshot)?.leadDays ?? 0)
  }
}

extension PromiseStep {
  /// The same for another quantity of what it brings.
  fileprivate func bringing(_ quantity: Quantity) -> PromiseStep {
    PromiseStep(
      supply: supply, document: document, sku: sku, unit: unit, quantity: quantity,
      readyOn: readyOn, text: text, material: material)
  }

  fileprivate static func nothing(sku: String, unit: String, _ quantity: Quantity) -> PromiseStep {
    PromiseStep(
      supply: .nothing, document: nil, sku: sku, unit: unit, quantity: quantity, readyOn: nil,
      text: "Nothing that anybody knows of brings \(quantity) \(unit) \(sku)")
  }
}

extension Day {
  /// Behind all days that somebody can name.
  fileprivate static let never = Day(daysSinceEpoch: .max)
}
