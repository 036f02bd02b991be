package import Values

/// What schedules under a line refuse, in the order in which it is checked.
package enum ScheduleRejection: Rejection, Hashable {
  case duplicateDay(field: String, day: Day)
  /// They are parts of a whole.
  case notTheSum(field: String, scheduled: Quantity, wanted: Quantity, unit: String)
  case unknownSchedule(field: String, order: String, line: Int, schedule: Int)
  /// What could leave is wanted later.
  case notDue(field: String, order: String, line: Int, requestedOn: Day)
}

extension ScheduleRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateDay, .notTheSum: .invalid
    case .unknownSchedule: .notFound
    case .notDue: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateDay: "DUPLICATE_DAY"
    case .notTheSum: "SCHEDULES_NOT_THE_SUM"
    case .unknownSchedule: "UNKNOWN_SCHEDULE"
    case .notDue: "NOT_DUE"
    }
  }

  package var message: String {
    switch self {
    case .duplicateDay(_, let day): "\(day) is named twice"
    case .notTheSum(_, let scheduled, let wanted, let unit):
      "The schedules come to \(scheduled) \(unit); \(wanted) \(unit) are to be scheduled"
    case .unknownSchedule(_, let order, let line, let schedule):
      "Line \(line) of \(order) has no schedule \(schedule)"
    case .notDue(_, let order, let line, let day):
      "What could leave of \(order) is wanted later: line \(line) on \(day)"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateDay(let field, _), .notTheSum(let field, _, _, _),
      .unknownSchedule(let field, _, _, _), .notDue(let field, _, _, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .duplicateDay(_, let day): [Fact("day", day)]
    case .notTheSum(_, let scheduled, let wanted, let unit):
      [Fact("scheduled", scheduled), Fact("wanted", wanted), Fact("unit", unit)]
    case .unknownSchedule(_, let order, let line, let schedule):
      [Fact("order", order), Fact("line", line), Fact("schedule", schedule)]
    case .notDue(_, let order, let line, let day):
      [Fact("order", order), Fact("line", line), Fact("requested_on", day)]
    }
  }
}
