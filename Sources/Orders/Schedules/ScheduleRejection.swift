package import Values

/// What schedules under a line refuse, in the order in which it is checked.
package enum ScheduleRejection: Rejection, Hashable {
  case duplicateDay(field: String, day: Day)
  /// They are parts of a whole.
  case notTheSum(field: String, scheduled: Quantity, wanted: Quantity, unit: String)
  case unknownSchedule(field: String, order: String, line: Int, schedule: Int)
  /// What could leave is wanted later.
  case notDue(field: String, order: String, line: Int, requestedOn: Day)
  /// Parts have places of their own only where the goods are brought.
  case placeOfFetched(field: String)
  case unknownPlace(field: String, order: String, address: Int64)
  /// Its parts go to several places.
  case partNotNamed(field: String, order: String, line: Int)
  /// A shipment goes to one place.
  case placesMixed(field: String, order: String, line: Int)
}

extension ScheduleRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateDay, .notTheSum, .placeOfFetched, .partNotNamed, .placesMixed: .invalid
    case .unknownSchedule, .unknownPlace: .notFound
    case .notDue: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateDay: "DUPLICATE_DAY"
    case .notTheSum: "SCHEDULES_NOT_THE_SUM"
    case .unknownSchedule: "UNKNOWN_SCHEDULE"
    case .notDue: "NOT_DUE"
    case .placeOfFetched: "PLACE_OF_FETCHED"
    case .unknownPlace: "UNKNOWN_PLACE"
    case .partNotNamed: "PART_NOT_NAMED"
    case .placesMixed: "PLACES_MIXED"
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
    case .placeOfFetched:
      "The order is fetched: no part of it is brought to an address"
    case .unknownPlace(_, let order, let address):
      "Nothing of \(order) goes to address \(address)"
    case .partNotNamed(_, let order, let line):
      "Line \(line) of \(order) goes to several places: name which of its parts is to leave"
    case .placesMixed(_, let order, let line):
      "A shipment goes to one place; what is named of line \(line) of \(order) goes elsewhere"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateDay(let field, _), .notTheSum(let field, _, _, _),
      .unknownSchedule(let field, _, _, _), .notDue(let field, _, _, _),
      .placeOfFetched(let field), .unknownPlace(let field, _, _), .partNotNamed(let field, _, _),
      .placesMixed(let field, _, _):
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
    case .placeOfFetched: []
    case .unknownPlace(_, let order, let address):
      [Fact("order", order), Fact("address", address)]
    case .partNotNamed(_, let order, let line), .placesMixed(_, let order, let line):
      [Fact("order", order), Fact("line", line)]
    }
  }
}
