package import Inventory
package import MasterData
package import Values

/// A part of an order line, on the day on which the customer wants it. Price and tax belong to the
/// line. What leaves is of the earliest part of which something is open, or of one that is named;
/// what is cancelled is of the latest.
package struct LineSchedule: Hashable, Sendable {
  /// Within the line, from 1; kept when others are changed.
  package internal(set) var number: Int
  package let requestedOn: Day
  /// In which its quantities are: the base unit of the product; in a draft as the caller gave it.
  package internal(set) var unit: String
  package internal(set) var ordered: Quantity
  package internal(set) var cancelled: Quantity = .zero
  package internal(set) var shipped: Quantity = .zero
  /// The customer's address to which it goes; nil for where the order goes.
  package internal(set) var addressID: ID<Address>?

  package init(
    number: Int, requestedOn: Day, quantity: GivenQuantity, addressID: ID<Address>? = nil
  ) {
    self.number = number
    self.requestedOn = requestedOn
    self.addressID = addressID
    unit = quantity.unit
    ordered = quantity.quantity
  }

  // Each quantity is at most what the line is for: no overflow here.

  /// Neither cancelled nor gone.
  package var open: Quantity {
    Quantity(micros: ordered.micros - cancelled.micros - shipped.micros)
  }
  /// On the same day, to the same place.
  fileprivate func isTogether(with other: LineSchedule) -> Bool {
    requestedOn == other.requestedOn && addressID == other.addressID
  }

  /// Cancelled or gone: it cannot be scheduled otherwise any more.
  var closed: Quantity { Quantity(micros: cancelled.micros + shipped.micros) }

  /// Of a line.
  static let limit = 100
}

extension [LineSchedule] {
  /// What is wrong with them whatever the product is.
  func checkShape(_ check: inout FieldCheck) {
    check.range(count, "schedules", 0...LineSchedule.limit)
    for (index, schedule) in prefix(LineSchedule.limit).enumerated() {
      check.text(schedule.unit, "schedules[\(index)].quantity.unit_code", limit: 40)
      GivenQuantity(schedule.ordered, unit: schedule.unit)
        .check(&check, "schedules[\(index)].quantity", of: nil)
      guard prefix(index).contains(where: { $0.isTogether(with: schedule) }) else { continue }
      check.refuse(
        ScheduleRejection.duplicateDay(
          field: check.path.field("schedules[\(index)].requested_on"), day: schedule.requestedOn))
    }
  }

  /// Notes what is wrong with them as parts of `whole` of a product, in its base unit.
  func check(_ check: inout FieldCheck, sum whole: Quantity, of product: Product) {
    guard !isEmpty else { return }
    var sum = Quantity.zero
    for (index, schedule) in enumerated() {
      let given = GivenQuantity(schedule.ordered, unit: schedule.unit)
      guard let base = given.read(&check, "schedules[\(index)].quantity", of: product) else {
        return
      }
      sum = Quantity(micros: sum.micros.addingReportingOverflow(base.micros).partialValue)
    }
    guard sum != whole else { return }
    check.refuse(
      ScheduleRejection.notTheSum(
        field: check.path.field("schedules"), scheduled: sum, wanted: whole, unit: product.unit))
  }

  /// In the base unit of the product, which they were found to fit, in the order of their days.
  func counted(in product: Product) -> [LineSchedule] {
    map { schedule in
      var schedule = schedule
      if schedule.unit != product.unit {
        let base = product.base(of: schedule.ordered, in: schedule.unit)
        schedule.ordered = base ?? schedule.ordered
        schedule.unit = product.unit
      }
      return schedule
    }.inTurn
  }

  fileprivate var inTurn: [LineSchedule] {
    sorted {
      ($0.requestedOn.daysSinceEpoch, $0.number) < ($1.requestedOn.daysSinceEpoch, $1.number)
    }
  }

  /// For another sum: less takes from the latest what is open of it, more is wanted with the last.
  /// In one unit.
  func fitted(to whole: Quantity) -> [LineSchedule] {
    guard !isEmpty else { return self }
    var fitted = self
    let more = whole.micros - reduce(0) { $0 + $1.ordered.micros }
    if more > 0 {
      fitted[count - 1].ordered = Quantity(micros: fitted[count - 1].ordered.micros + more)
    }
    var less = -more
    for index in indices.reversed() where less > 0 {
      let part = Swift.min(less, fitted[index].open.micros)
      fitted[index].ordered = Quantity(micros: fitted[index].ordered.micros - part)
      less -= part
    }
    return fitted.filter(\.ordered.isPositive)
  }

  /// With what is open scheduled anew; what is gone or cancelled stays with its day. All in one
  /// unit.
  func replanned(_ wanted: [LineSchedule]) -> [LineSchedule] {
    var planned = compactMap { old -> LineSchedule? in
      var rest = old
      rest.ordered = old.closed
      return rest.ordered.isPositive ? rest : nil
    }
    var next = map(\.number).max() ?? 0
    for part in wanted.inTurn {
      if let index = planned.firstIndex(where: { $0.isTogether(with: part) }) {
        let sum = planned[index].ordered.micros + part.ordered.micros
        planned[index].ordered = Quantity(micros: sum)
        continue
      }
      var new = part
      if let old = first(where: { $0.isTogether(with: part) }) {
        new.number = old.number
      } else {
        next += 1
        new.number = next
      }
      planned.append(new)
    }
    return planned.inTurn
  }

  /// The parts of what is open that come last, in the order of their days: of what is there, the
  /// earliest is served first.
  func last(_ missing: Quantity) -> [(quantity: Quantity, day: Day)] {
    var left = missing.micros
    var parts: [(Quantity, Day)] = []
    for schedule in reversed() where left > 0 && schedule.open.isPositive {
      let part = Swift.min(left, schedule.open.micros)
      left -= part
      parts.append((Quantity(micros: part), schedule.requestedOn))
    }
    return parts.reversed()
  }

  /// Its parts of a quantity that serves what is open, the earliest first; by number.
  package func shares(of quantity: Quantity) -> [Int: Quantity] {
    var left = quantity.micros
    var shares: [Int: Quantity] = [:]
    for schedule in self where left > 0 && schedule.open.isPositive {
      let part = Swift.min(left, schedule.open.micros)
      left -= part
      shares[schedule.number] = Quantity(micros: part)
    }
    return shares
  }

  /// As people write them: "10 on 2026-04-01, 20 on 2026-05-01 to address 7".
  var words: String {
    map { part in
      let place = part.addressID.map { " to address \($0.value)" } ?? ""
      return "\(part.ordered) on \(part.requestedOn)\(place)"
    }.joined(separator: ", ")
  }
}

extension OrderDraft.Line {
  /// Notes what is wrong with its schedules; `index` is its own in the draft.
  func checkSchedules(
    _ check: inout FieldCheck, at index: Int, sum whole: Quantity, of product: Product
  ) {
    guard !schedules.isEmpty else { return }
    var found = FieldCheck(OrderDraft.path(line: index))
    schedules.check(&found, sum: whole, of: product)
    for violation in found.violations { check.refuse(violation) }
  }
}

extension SalesOrderLine {
  /// The first of which something is open; nil where nothing is scheduled.
  var nextSchedule: LineSchedule? { schedules.first(where: \.open.isPositive) }

  /// Brings its schedules in line with what became of the line: what left is of the earliest, what
  /// is cancelled of the latest, but for what was written down of one by name.
  mutating func followSchedules() {
    guard !schedules.isEmpty else { return }
    var left = shipped.micros - schedules.reduce(0) { $0 + $1.shipped.micros }
    for index in schedules.indices where left > 0 {
      let part = min(left, schedules[index].open.micros)
      schedules[index].shipped = Quantity(micros: schedules[index].shipped.micros + part)
      left -= part
    }
    var gone = cancelled.micros - schedules.reduce(0) { $0 + $1.cancelled.micros }
    for index in schedules.indices.reversed() where gone > 0 {
      let part = min(gone, schedules[index].open.micros)
      schedules[index].cancelled = Quantity(micros: schedules[index].cancelled.micros + part)
      gone -= part
    }
  }

  /// So much of one by name has left: as much as is open of it.
  mutating func ship(_ quantity: Quantity, ofSchedule number: Int) {
    guard let index = schedules.firstIndex(where: { $0.number == number }) else { return }
    let part = min(quantity.micros, schedules[index].open.micros)
    schedules[index].shipped = Quantity(micros: schedules[index].shipped.micros + part)
  }

  /// So much of what has left has not come there: of one by name first, then of the latest, so that
  /// what is open again is what would have come last.
  mutating func unship(_ quantity: Quantity, ofSchedule number: Int?) {
    shipped = Quantity(micros: shipped.micros - quantity.micros)
    let named = schedules.indices.filter { schedules[$0].number == number }
    var left = quantity.micros
    for index in named + schedules.indices.reversed() where left > 0 {
      let part = min(left, schedules[index].shipped.micros)
      schedules[index].shipped = Quantity(micros: schedules[index].shipped.micros - part)
      left -= part
    }
  }
}

extension SalesOrderLine {
  /// So much of one by name is cancelled, which is open of it.
  mutating func cancel(_ quantity: Quantity, ofSchedule number: Int) {
    guard let index = schedules.firstIndex(where: { $0.number == number }) else { return }
    let sum = schedules[index].cancelled.micros + quantity.micros
    schedules[index].cancelled = Quantity(micros: sum)
  }
}

extension SalesOrder {
  /// The day on which the customer wants the first of what is open of a line; nil for as soon as
  /// possible.
  func requestedOn(of line: SalesOrderLine) -> Day? {
    line.nextSchedule?.requestedOn ?? requestedOn
  }

  /// The days on which what is missing of a line is needed, with how much.
  func needs(_ missing: Quantity, of line: SalesOrderLine) -> [(quantity: Quantity, day: Day?)] {
    guard !line.schedules.isEmpty else { return [(missing, requestedOn)] }
    return line.schedules.last(missing).map { ($0.quantity, $0.day) }
  }
}

extension [LineSchedule] {
  /// Nil for none.
  var storedText: String? {
    guard !isEmpty else { return nil }
    return StoredRow.text(
      map {
        StoredRow(
          "\($0.number)", "\($0.requestedOn.daysSinceEpoch)", "\($0.ordered.micros)",
          "\($0.cancelled.micros)", "\($0.shipped.micros)", $0.unit,
          "\($0.addressID?.value ?? 0)")
      })
  }

  init(storedText: String) throws {
    self = try StoredRow.rows(storedText).map { stored in
      guard let number = Int(stored.tag) else { throw DamagedRow(row: stored) }
      var schedule = LineSchedule(
        number: number,
        requestedOn: Day(daysSinceEpoch: Int32(truncatingIfNeeded: try stored.int64(0))),
        quantity: GivenQuantity(
          Quantity(micros: try stored.int64(1)), unit: try stored.text(4)))
      schedule.cancelled = Quantity(micros: try stored.int64(2))
      schedule.shipped = Quantity(micros: try stored.int64(3))
      // Text that is older than places says none.
      let address = stored.parts.count > 5 ? try stored.int64(5) : 0
      schedule.addressID = address == 0 ? nil : ID(address)
      return schedule
    }
  }
}
