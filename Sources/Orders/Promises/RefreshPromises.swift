import Inventory
import MasterData
package import Storage
package import Values

/// A line whose day is another one now.
package struct PromiseChange: Hashable, Sendable {
  package let order: String
  package let promise: LinePromise
  /// Nil where nobody could say.
  package let readyBefore: Day?
  /// What decides it; nil for goods on the shelf and where nobody can say.
  package let cause: DocumentReference?
}

/// Finds anew when waiting lines can leave, writes it down, and says so of each whose day is
/// another one. Whatever changes what comes to a warehouse, or who is served by it, is followed by
/// it in the same transaction.
package struct RefreshPromises: Sendable {
  /// What has changed.
  private enum Subject: Sendable {
    case places(Set<SupplyPlace>)
    case order(String)
    /// Nothing has, but the day.
    case day
  }

  private let subject: Subject

  /// Of the lines that what comes to these may change.
  package init(at places: some Sequence<SupplyPlace>) { subject = .places(Set(places)) }

  /// Of one order.
  package init(of order: String) { subject = .order(order) }

  /// Of those that nobody has looked at today, as many as the limit.
  package static let daily = RefreshPromises(.day)

  private init(_ subject: Subject) { self.subject = subject }

  /// Orders that one command looks at because the day of a line may be another one; those behind
  /// them are looked at with the next day.
  package static let limit = 500

  /// The lines whose day is another one, and how many lines there were to look at.
  @discardableResult
  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (changes: [PromiseChange], seen: Int) {
    var outlook = SupplyOutlook(on: now.day)
    let numbers: [String]
    switch subject {
    case .places(let places): numbers = try touched(at: places, &outlook, in: tx)
    case .order(let number):
      let order = try SalesOrders.require(number: number, field: "order_number", in: tx)
      return (try order.recordPromises(&outlook, isTold: true, in: tx, at: now), 1)
    case .day: numbers = try PromiseTable.unchecked(before: now.day, limit: Self.limit, in: tx)
    }
    var changes: [PromiseChange] = []
    for number in numbers.eachOnce {
      guard let order = try SalesOrders.find(number: number, in: tx) else { continue }
      changes += try order.recordPromises(&outlook, in: tx, at: now)
    }
    return (changes, numbers.count)
  }

  /// Numbers of the orders of which a line may have another day: first those whose lines begin to
  /// wait or wait no more, then in the order of the queue, and of age.
  private func touched(
    at places: Set<SupplyPlace>, _ outlook: inout SupplyOutlook, in tx: Transaction
  ) throws -> [String] {
    var certain: [String] = []
    var others: [String] = []
    for place in places.sorted(by: { $0.key < $1.key }) {
      let records = try PromiseTable.waiting(for: place, in: tx)
      var known: [Origin: PromiseTable.Waiting] = [:]
      for record in records where record.product == place.product {
        known[Origin(.salesOrder, record.order, line: record.line)] = record
      }
      guard
        let warehouse = try Warehouses.find(code: place.warehouseCode, in: tx),
        let location = try Locations.find(of: warehouse, in: tx)
      else { continue }
      for (demand, readyOn) in try outlook.queue(at: place, location, in: tx) {
        if demand.origin.kind == .salesOrder {
          guard let before = known.removeValue(forKey: demand.origin) else {
            certain.append(demand.origin.number)
            continue
          }
          // Nothing has changed for whoever has the day that is written down; but a part may.
          if before.expectedOn != readyOn || before.hasParts {
            others.append(demand.origin.number)
          }
        } else if let root = demand.root, root.kind == .salesOrder {
          others.append(root.number)
        }
      }
      // Those that do not wait in the queue any more, and those of which this is only a part.
      for record in records {
        if known.keys.contains(Origin(.salesOrder, record.order, line: record.line)) {
          certain.append(record.order)
        } else if record.product != place.product {
          others.append(record.order)
        }
      }
    }
    return certain + others.prefix(Self.limit)
  }
}

extension SupplyPlace {
  fileprivate var key: String { "\(warehouseCode) \(product.value)" }
}

extension SalesOrder {
  /// Writes down when its waiting lines can leave. Returns what is otherwise than it was, and says
  /// it on the timeline. `isTold`: a line of which nothing is written down yet is promised now;
  /// else it was promised at once when the order was placed, and its goods are gone. `telling` is
  /// told each that waits.
  @discardableResult
  func recordPromises(
    _ outlook: inout SupplyOutlook, isTold: Bool = false, in tx: Transaction, at now: Moment,
    telling: (LinePromise) -> Void = { _ in }
  ) throws -> [PromiseChange] {
    var records = Dictionary(
      try PromiseTable.list(of: id, in: tx).map { ($0.line, $0) }, uniquingKeysWith: { $1 })
    var changes: [PromiseChange] = []
    var isNewlyShort = false
    for var promise in try outlook.promises(of: self, in: tx) {
      let record = records.removeValue(forKey: promise.line)
      guard promise.waits else {
        guard let record, record.state == .waiting else { continue }
        try PromiseTable.end(record, as: .ready, on: now.day, at: now, in: tx)
        if record.expectedOn != now.day {
          changes.append(PromiseChange(promise, of: self, since: record.expectedOn))
        }
        continue
      }
      promise.judge(record, of: self)
      if record == nil, !isTold { promise.judge(promisedOn: createdOn, of: self) }
      telling(promise)
      guard let record else {
        try PromiseTable.insert(promise, of: id, at: now, in: tx)
        isNewlyShort = isNewlyShort || !isTold
        tx.record(promise.event("order.promised", of: self))
        continue
      }
      try PromiseTable.update(record, by: promise, at: now, in: tx)
      if record.expectedOn != promise.readyOn || record.state != .waiting {
        changes.append(PromiseChange(promise, of: self, since: record.expectedOn))
      } else if !promise.schedules.isEmpty, record.isLate != promise.isLate {
        tx.record(promise.partsEvent(of: self))
      }
    }
    let gone = records.values.filter { $0.state == .waiting }.sorted { $0.line < $1.line }
    for record in gone {
      try PromiseTable.end(record, as: .gone, on: record.expectedOn, at: now, in: tx)
    }
    // What was promised before has an appointment, perhaps; what is promised now has none yet.
    if isNewlyShort || !changes.isEmpty || !gone.isEmpty {
      try noteOvertaken(in: tx, on: now.day)
    }
    for change in changes { tx.record(change.event(of: self)) }
    return changes
  }
}

extension SalesOrder {
  /// Writes down that the customer has agreed to the day of a line that waits.
  func record(agreed promise: LinePromise, in tx: Transaction, at now: Moment) throws {
    let records = try PromiseTable.list(of: id, in: tx)
    if let record = records.first(where: { $0.line == promise.line }) {
      try PromiseTable.update(record, by: promise, at: now, in: tx)
    } else {
      try PromiseTable.insert(promise, of: id, at: now, in: tx)
    }
  }

  /// Fills what is written down of the lines that waited once.
  package mutating func loadPromises(in snapshot: Snapshot) throws {
    for record in try PromiseTable.list(of: id, in: snapshot)
    where lines.indices.contains(record.line - 1) {
      lines[record.line - 1].promisedOn = record.promisedOn
      if record.state == .waiting { lines[record.line - 1].expectedOn = record.expectedOn }
    }
  }
}

extension LinePromise {
  /// With what was told before; where nobody could say, the first day that somebody can.
  mutating func judge(_ record: PromiseRecord?, of order: SalesOrder) {
    isAgreed = record?.isAgreed ?? false
    judge(promisedOn: record?.promisedOn ?? readyOn, of: order)
  }

  /// Late is what is there later than was promised, or than the customer wanted it and has not
  /// agreed to another day.
  mutating func judge(promisedOn day: Day?, of order: SalesOrder) {
    promisedOn = day
    guard waits, let readyOn else { return isLate = false }
    let wanted = isAgreed || !schedules.isEmpty ? nil : order.requestedOn
    let isPartLate = !isAgreed && schedules.contains(where: \.isLate)
    isLate =
      isPartLate || day.map { readyOn > $0 } ?? false || wanted.map { readyOn > $0 } ?? false
  }

  /// The customer agrees to the day that is known now.
  mutating func agree(to order: SalesOrder) {
    isAgreed = true
    judge(promisedOn: readyOn, of: order)
  }

  fileprivate func event(_ type: String, of order: SalesOrder) -> DomainEvent {
    DomainEvent(
      type, order.reference,
      [
        Fact("line", line), Fact("sku", sku), Fact("ready_on", readyOn?.description ?? ""),
        Fact("because", PromiseStep.cause(of: steps)?.number ?? ""),
        Fact("late", isLate ? "yes" : ""),
      ])
  }
}

extension LinePromise {
  /// A part is too late by now, or none is any more, and the last of them comes when it did.
  fileprivate func partsEvent(of order: SalesOrder) -> DomainEvent {
    let late = schedules.filter(\.isLate).map(\.number.description)
    return DomainEvent(
      isLate ? "order.parts-late" : "order.parts-in-time", order.reference,
      [Fact("line", line), Fact("sku", sku), Fact("parts", late.joined(separator: ", "))])
  }
}

extension PromiseChange {
  fileprivate init(_ promise: LinePromise, of order: SalesOrder, since before: Day?) {
    self.init(
      order: order.number, promise: promise, readyBefore: before,
      cause: PromiseStep.cause(of: promise.steps))
  }

  fileprivate func event(of order: SalesOrder) -> DomainEvent {
    DomainEvent(
      "order.promise-changed", order.reference,
      [
        Fact("line", promise.line), Fact("sku", promise.sku),
        Fact("from", readyBefore?.description ?? ""),
        Fact("to", promise.readyOn?.description ?? ""), Fact("because", cause?.number ?? ""),
        Fact("late", promise.isLate ? "yes" : ""),
      ])
  }
}

/// Questions about promises.
package enum OrderPromises {
  /// Of the open lines of goods as it looks now, with what was told.
  package static func of(
    _ order: SalesOrder, on today: Day, in snapshot: Snapshot
  ) throws -> [LinePromise] {
    var outlook = SupplyOutlook(on: today)
    let records = Dictionary(
      try PromiseTable.list(of: order.id, in: snapshot).map { ($0.line, $0) },
      uniquingKeysWith: { $1 })
    return try outlook.promises(of: order, in: snapshot).map { promise in
      var promise = promise
      promise.judge(records[promise.line], of: order)
      return promise
    }
  }

  /// The day on which all that is open is there; nil where nobody can say, or nothing is promised.
  package static func readyDay(
    of order: SalesOrder, on today: Day, in snapshot: Snapshot
  ) throws -> Day? {
    guard order.state.isPromised else { return nil }
    var outlook = SupplyOutlook(on: today)
    var last = today
    for promise in try outlook.promises(of: order, in: snapshot) {
      guard let day = promise.readyOn else { return nil }
      last = max(last, day)
    }
    return last
  }
}
