package import Values

/// When the goods of a part of a line can leave: the earliest part is served by what is there and
/// by what comes first.
package struct SchedulePromise: Hashable, Sendable {
  package let number: Int
  package let requestedOn: Day
  /// Neither cancelled nor gone.
  package let open: Quantity
  /// On the shelf for it.
  package let held: Quantity
  /// All of it; nil where nobody can say.
  package let readyOn: Day?

  /// It is there later than it is wanted.
  package var isLate: Bool { readyOn.map { $0 > requestedOn } ?? false }

  /// Of the schedules of a line of which something is open, by what brings the line.
  static func of(
    _ schedules: [LineSchedule], by steps: [PromiseStep], notBefore today: Day
  ) -> [SchedulePromise] {
    // Sorting is not stable, and the order must be the same each time.
    var supply = steps.enumerated().sorted { left, right in
      switch (left.element.readyOn, right.element.readyOn) {
      case (let first?, let second?) where first != second: first < second
      case (.some, nil): true
      case (nil, .some): false
      default: left.offset < right.offset
      }
    }.map { (step: $0.element, left: $0.element.quantity.micros) }[...]
    return schedules.filter(\.open.isPositive).map { schedule in
      var (need, held) = (schedule.open.micros, Int64(0))
      var ready: Day? = today
      while need > 0, let next = supply.first {
        let part = min(need, next.left)
        need -= part
        if next.step.supply == .stock { held += part }
        ready = ready.flatMap { day in next.step.readyOn.map { max(day, $0) } }
        if part == next.left {
          supply.removeFirst()
        } else {
          supply[supply.startIndex].left -= part
        }
      }
      return SchedulePromise(
        number: schedule.number, requestedOn: schedule.requestedOn, open: schedule.open,
        held: Quantity(micros: held), readyOn: need > 0 ? nil : ready)
    }
  }
}
