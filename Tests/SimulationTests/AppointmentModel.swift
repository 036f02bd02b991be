/// What the auditor knows of vans and crews: counts, and what becomes of them with their orders.
/// There are two days: today, and one that is so far away that whatever is ever there is there.
struct AppointmentModel {
  struct Slot {
    let isDelivery: Bool
    let isToday: Bool
    /// Where within a day; an installation begins after a delivery with a smaller one.
    let turn: Int
    let stops: Int
    let minutes: Int64
  }

  struct Appointment: Equatable {
    let order: String
    var slot: String
    var state: String
    var minutes: Int64
  }

  static let slots: [String: Slot] = [
    "VAN-NOW": Slot(isDelivery: true, isToday: true, turn: 1, stops: 40, minutes: 0),
    "VAN-FAR-1": Slot(isDelivery: true, isToday: false, turn: 1, stops: 3, minutes: 0),
    "VAN-FAR-2": Slot(isDelivery: true, isToday: false, turn: 3, stops: 60, minutes: 0),
    "FIT-NOW": Slot(isDelivery: false, isToday: true, turn: 2, stops: 5, minutes: 400),
    "FIT-FAR-1": Slot(isDelivery: false, isToday: false, turn: 2, stops: 9, minutes: 90),
    "FIT-FAR-2": Slot(isDelivery: false, isToday: false, turn: 4, stops: 90, minutes: 100_000),
  ]
  /// Minutes that a piece takes.
  static let assembly: [String: Int64] = ["CHAIR": 10, "TABLE": 60]

  private(set) var appointments: [String: Appointment] = [:]

  func booked(of order: String, delivery: Bool) -> String? {
    appointments.first {
      $1.order == order && $1.state == "BOOKED"
        && Self.slots[$1.slot]?.isDelivery == delivery
    }?.key
  }

  func load(_ slot: String) -> (stops: Int, minutes: Int64) {
    let there = appointments.values.filter { $0.slot == slot && $0.state != "RELEASED" }
    return (there.count, there.reduce(0) { $0 + $1.minutes })
  }

  private func place(_ code: String) -> Int {
    guard let slot = Self.slots[code] else { return 0 }
    return (slot.isToday ? 0 : 10) + slot.turn
  }

  static func minutes(_ order: ShopModel.Order) -> Int64 {
    order.lines.reduce(0) { $0 + (assembly[$1.sku] ?? 0) * $1.wanted }
  }

  /// Nil where it cannot be known from outside whether it may.
  func may(_ number: String, _ order: ShopModel.Order, take code: String) -> Bool? {
    guard let slot = Self.slots[code] else { return nil }
    let open = order.lines.contains { $0.open > 0 }
    // What suppliers bring takes no place in a van of ours.
    let ours = order.lines.contains { $0.open > 0 && !$0.isDirect }
    // When parts with days of their own are there, others tell (AppointmentPlacesTests).
    if order.hasParts { return nil }
    let (stops, minutes) = load(code)
    guard order.isBrought, stops < slot.stops else { return false }
    if slot.isDelivery {
      guard order.state == "CONFIRMED" || order.state == "PARTLY_SHIPPED", ours else {
        return false
      }
      if order.lines.contains(where: \.keepsWaiting) { return false }
      guard order.lines.contains(where: \.isAwaited) else { return false }
      let comesLater = order.lines.contains { $0.waiting > 0 && !$0.isTakenInPart }
      return slot.isToday && comesLater ? nil : true
    }
    guard ["CONFIRMED", "PARTLY_SHIPPED", "DELIVERED", "CLOSED"].contains(order.state) else {
      return false
    }
    let needed = Self.minutes(order)
    guard needed > 0, minutes + needed <= slot.minutes else { return false }
    guard open else { return true }
    let comesLater = order.lines.contains { $0.isDirect && $0.isDirectLater && $0.open > 0 }
    if slot.isToday, comesLater { return false }
    guard ours else { return true }
    // Nobody can say when the rest comes of what was taken in part.
    if order.lines.contains(where: { $0.isTakenInPart && $0.waiting > 0 }) { return false }
    guard let van = booked(of: number, delivery: true), let at = appointments[van]?.slot else {
      return false
    }
    return place(at) < place(code)
  }

  mutating func book(
    _ appointment: String, _ number: String, _ order: ShopModel.Order, _ code: String
  ) {
    let isDelivery = Self.slots[code]?.isDelivery ?? true
    appointments[appointment] = Appointment(
      order: number, slot: code, state: "BOOKED", minutes: isDelivery ? 0 : Self.minutes(order))
  }

  /// The installation stays after its delivery.
  func movesBefore(_ number: String, to code: String) -> Bool {
    guard let fit = booked(of: number, delivery: false), let at = appointments[fit]?.slot else {
      return true
    }
    return place(code) < place(at)
  }

  mutating func end(_ appointment: String, _ state: String) {
    guard let found = appointments[appointment] else { return }
    appointments[appointment]?.state = state
    guard state != "KEPT", Self.slots[found.slot]?.isDelivery == true,
      let fit = booked(of: found.order, delivery: false)
    else { return }
    appointments[fit]?.state = "RELEASED"
  }

  /// Whether a van comes before its goods: nobody knows when chairs and lamps come that are not
  /// there, and the workshop is done long before the far days. Nil where it is not known from
  /// outside.
  func isOvertaken(_ appointment: String, _ order: ShopModel.Order) -> Bool? {
    guard let found = appointments[appointment], let slot = Self.slots[found.slot],
      found.state == "BOOKED", slot.isDelivery
    else { return false }
    if order.hasParts { return nil }
    if order.lines.contains(where: \.keepsWaiting) { return true }
    guard order.lines.contains(where: \.isAwaited) else { return true }
    return slot.isToday && order.lines.contains { $0.waiting > 0 } ? nil : false
  }

  /// As if it had never been.
  mutating func drop(_ appointment: String) { appointments[appointment] = nil }

  /// After a change or a cancellation of its order: what does not fit any more is given up.
  mutating func fit(_ number: String, _ order: ShopModel.Order) {
    for isDelivery in [true, false] {
      guard let found = booked(of: number, delivery: isDelivery),
        let was = appointments[found]
      else { continue }
      appointments[found]?.state = "RELEASED"
      guard may(number, order, take: was.slot) != false else { continue }
      book(found, number, order, was.slot)
    }
  }

  /// After a supplier brought goods of it himself: that is nothing of a van of ours, unless it was
  /// the last.
  mutating func bringDirect(_ number: String, _ order: ShopModel.Order) {
    guard let van = booked(of: number, delivery: true),
      order.lines.allSatisfy({ $0.open == 0 })
    else { return }
    appointments[van]?.state = "RELEASED"
  }

  /// After goods of it were brought, today.
  mutating func bring(_ number: String, _ order: ShopModel.Order) {
    guard let van = booked(of: number, delivery: true), let at = appointments[van]?.slot else {
      return
    }
    if Self.slots[at]?.isToday == true {
      appointments[van]?.state = "KEPT"
    } else if order.lines.allSatisfy({ $0.open == 0 || $0.isDirect }) {
      appointments[van]?.state = "RELEASED"
    } else {
      fit(number, order)
    }
  }
}

extension ShopModel.Line {
  /// A van of ours waits for all that is open of it; of what the customer takes in part, for what
  /// is there.
  fileprivate var isAwaited: Bool { open > 0 && !isDirect && (!isTakenInPart || held > 0) }

  /// A van waits for it, and nobody knows when it comes.
  fileprivate var keepsWaiting: Bool { open > 0 && waiting > 0 && !isMade && !isTakenInPart }
}
