import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Values

/// When goods come, as far as anybody knows: what waits on the shelves is served in its order by
/// what comes, first what comes first. Purchase orders and goods on the way from other warehouses
/// come on the day that is expected, requests
/// that nobody has ordered after the lead time of the supplier who is asked first, work orders
/// after their material by the minutes of their work, or the lead time of what was chosen. How busy
/// the workshop is does not count.
///
/// What is looked up is kept: one outlook is for one state of the database.
struct SupplyOutlook {
  let today: Day
  private var supplies: [SupplyPlace: (queue: SupplyQueue, looked: Set<SupplyPlace>)] = [:]
  private var works: [String: (step: PromiseStep, looked: Set<SupplyPlace>)] = [:]
  /// What was looked up for the present line.
  private var looked: Set<SupplyPlace> = []

  init(on today: Day) { self.today = today }

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
        of: line, demands.filter { $0.origin.line == line.number }, of: order, in: snapshot)
    }
  }

  private mutating func promise(
    of line: SalesOrderLine, _ demands: [Reservation], of order: SalesOrder,
    in snapshot: Snapshot
  ) throws -> LinePromise {
    looked = order.place(of: line).map { [$0] } ?? []
    let held = try demands.map(\.held).sum()
    var steps = line.isDropShipped ? try direct(line, of: order, in: snapshot) : []
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
      readyOn: PromiseStep.last(of: steps, notBefore: today), steps: steps,
      schedules: SchedulePromise.of(line.schedules, by: steps, notBefore: today), places: looked)
  }

  /// What a supplier brings straight to the customer.
  private func direct(
    _ line: SalesOrderLine, of order: SalesOrder, in snapshot: Snapshot
  ) throws -> [PromiseStep] {
    try DropShipments.open(of: line, order, in: snapshot).map { found in
      let product = try line.requireProduct(in: snapshot)
      return step(
        ordered: Arrival(
          document: found.purchase.reference, quantity: found.line.open,
          expectedOn: found.purchase.expectedOn), product)
    }
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
    let (parts, missing) = try supply(at: place, location, in: snapshot).parts(
      after: Reservations.ahead(of: demand, in: snapshot), demand.waiting)
    var steps: [PromiseStep] = []
    for part in parts {
      steps +=
        part.supply == .requisition ? try own(part, of: demand, in: snapshot) : [part]
    }
    if missing.isPositive { steps.append(.nothing(sku: sku, unit: unit, missing)) }
    return steps
  }

  /// A part of what was asked for and nobody has ordered: what the demand asked for is named.
  private func own(
    _ part: PromiseStep, of demand: Reservation, in snapshot: Snapshot
  ) throws -> [PromiseStep] {
    var left = part.quantity.micros
    var steps: [PromiseStep] = []
    for requisition in try Requisitions.of(demand.origin, in: snapshot)
    where requisition.state == .open && requisition.product == demand.product && left > 0 {
      let quantity = min(left, requisition.quantity.micros)
      left -= quantity
      steps.append(
        PromiseStep(
          supply: .requisition, document: requisition.reference, sku: part.sku, unit: part.unit,
          quantity: Quantity(micros: quantity), readyOn: part.readyOn,
          text: "\(requisition.number) \(part.text)"))
    }
    if left > 0 {
      steps.append(
        PromiseStep(
          supply: .requisition, document: nil, sku: part.sku, unit: part.unit,
          quantity: Quantity(micros: left), readyOn: part.readyOn,
          text: "What others asked for \(part.text)"))
    }
    return steps
  }

  // MARK: - Who is served by what

  /// When all that a demand in the queue waits for is there.
  mutating func queue(
    at place: SupplyPlace, _ location: Location, in snapshot: Snapshot
  ) throws -> [(demand: Reservation, readyOn: Day?)] {
    let supply = try supply(at: place, location, in: snapshot)
    var ahead = Quantity.zero
    return try Reservations.queue(
      for: place.product, at: location.id, limit: Self.queueLimit, in: snapshot
    ).map { demand in
      ahead = try ahead + demand.waiting
      return (demand, supply.day(of: ahead, notBefore: today))
    }
  }

  /// What waits in the queue and nothing that is to come will bring.
  mutating func unsupplied(
    at place: SupplyPlace, _ location: Location, in snapshot: Snapshot
  ) throws -> Quantity {
    let waiting = try Reservations.queue(
      for: place.product, at: location.id, limit: Self.queueLimit, in: snapshot
    ).map(\.waiting).sum()
    return max(.zero, try waiting - supply(at: place, location, in: snapshot).total)
  }

  /// Whether what a demand has asked for comes before something else that is to come: then others
  /// are served earlier.
  mutating func isOvertaking(_ demand: Reservation, in snapshot: Snapshot) throws -> Bool {
    let location = try Locations.fetch(demand.location, in: snapshot)
    let place = SupplyPlace(demand.product, location.warehouseCode ?? location.code)
    let last = try supply(at: place, location, in: snapshot).steps.last
    return last.map { $0.supply != .requisition } ?? false
  }

  private mutating func supply(
    at place: SupplyPlace, _ location: Location, in snapshot: Snapshot
  ) throws -> SupplyQueue {
    if let known = supplies[place] {
      looked.formUnion(known.looked)
      return known.queue
    }
    let (steps, looked) = try noting { try $0.steps(comingTo: place, location, in: snapshot) }
    let queue = SupplyQueue(steps)
    supplies[place] = (queue, looked)
    return queue
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

  /// What comes to nobody in particular, first what comes first; last what comes nobody knows when.
  private mutating func steps(
    comingTo place: SupplyPlace, _ location: Location, in snapshot: Snapshot
  ) throws -> [PromiseStep] {
    guard let warehouse = location.warehouse else { return [] }
    let product = try Products.fetch(place.product, in: snapshot)
    var found = try Arrivals.ordered(product.id, for: warehouse, in: snapshot).map {
      step(ordered: $0, product)
    }
    found += try TransferOrders.arrivals(
      of: product.id, at: warehouse, limit: Arrivals.limit, in: snapshot
    ).map { step(underWay: $0, product) }
    for order in try WorkOrders.forStock(
      product.id, in: warehouse, limit: Arrivals.limit, in: snapshot)
    where order.open.isPositive {
      found.append(try work(order, bringing: order.open, in: snapshot))
    }
    let requested = try Arrivals.requested(product.id, for: warehouse, in: snapshot)
    if requested.isPositive {
      let asked = try SupplierPrices.preferred(for: product, in: snapshot)
      found.append(
        PromiseStep(
          supply: .requisition, document: nil, sku: product.sku, unit: product.unit,
          quantity: requested, readyOn: asked.map { today.adding(days: $0.leadDays) },
          text: asked.map {
            "is not ordered yet; \($0.supplierCode) takes \($0.leadDays) days"
          } ?? "is not ordered yet, and no supplier is preferred"))
    }
    // Sorting is not stable, and the order must be the same each time.
    return found.enumerated().sorted { left, right in
      let days = (left.element.readyOn ?? .never, right.element.readyOn ?? .never)
      return days.0 == days.1 ? left.offset < right.offset : days.0 < days.1
    }.map(\.element)
  }

  private func step(ordered arrival: Arrival, _ product: Product) -> PromiseStep {
    step(
      .purchaseOrder, arrival.document, product, arrival.quantity, on: arrival.expectedOn)
  }

  private func step(underWay arrival: TransferArrival, _ product: Product) -> PromiseStep {
    step(
      .transfer, DocumentReference(.transferOrder, arrival.number), product, arrival.quantity,
      on: arrival.expectedOn)
  }

  private func step(
    _ supply: PromiseStep.Supply, _ document: DocumentReference, _ product: Product,
    _ quantity: Quantity, on day: Day
  ) -> PromiseStep {
    // What should have come and has not may come tomorrow.
    let isOverdue = day < today
    return PromiseStep(
      supply: supply, document: document, sku: product.sku, unit: product.unit,
      quantity: quantity, readyOn: isOverdue ? today.adding(days: 1) : day,
      text: isOverdue
        ? "\(document.number) was expected on \(day) and is overdue"
        : "\(document.number) is expected on \(day)")
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
      operation.isOpen ? sum + operation.plannedMinutes.micros / Quantity.one.micros : sum
    }
    let worked = Int((minutes + Self.minutesPerDay - 1) / Self.minutesPerDay)
    return max(worked, try WorkOrders.configuration(of: order, in: snapshot)?.leadDays ?? 0)
  }
}

/// What comes to a place, in the order in which it comes.
private struct SupplyQueue {
  let steps: [PromiseStep]
  /// How much has come with each.
  private let sums: [Int64]

  init(_ steps: [PromiseStep]) {
    self.steps = steps
    var sum: Int64 = 0
    sums = steps.map { step in
      sum = sum.addingReportingOverflow(step.quantity.micros).partialValue
      return sum
    }
  }

  var total: Quantity { Quantity(micros: sums.last ?? 0) }

  /// When so much has come; nil when nobody can say.
  func day(of quantity: Quantity, notBefore today: Day) -> Day? {
    guard let index = sums.firstIndex(where: { $0 >= quantity.micros }) else { return nil }
    return steps[index].readyOn.map { max($0, today) }
  }

  /// What brings a quantity once so much has gone to others, and what of it nothing brings.
  func parts(
    after gone: Quantity, _ quantity: Quantity
  ) -> (parts: [PromiseStep], missing: Quantity) {
    var from = gone.micros
    var need = quantity.micros
    var parts: [PromiseStep] = []
    for (step, sum) in zip(steps, sums) where need > 0 && sum > from {
      let part = min(need, sum - from)
      parts.append(step.bringing(Quantity(micros: part)))
      from += part
      need -= part
    }
    return (parts, Quantity(micros: need))
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
