package import Inventory
import MasterData
package import Production
import Storage
package import Values

/// What somebody wants otherwise about an order. What is not named stays as it is.
package struct OrderChange: Hashable, Sendable {
  /// What becomes of a line.
  package struct Line: Hashable, Sendable {
    package let number: Int
    /// What is ordered from now on; nil leaves it.
    package let quantity: GivenQuantity?
    /// Nil leaves it.
    package let discount: Rate?
    package let isRemoved: Bool
    package let instructions: InstructionEdits
    /// When what is open of it is wanted from now on, in parts; none leaves it.
    package internal(set) var schedules: [LineSchedule]
    /// What is chosen of its product; nil leaves it.
    package internal(set) var choice: ChosenConfiguration?
    /// What becomes of work that has begun for what is not wanted any more.
    package let begunWork: BegunWork
    /// Where that is reworked.
    package let rework: ReworkTerms

    package init(
      number: Int, quantity: GivenQuantity? = nil, discount: Rate? = nil, isRemoved: Bool = false,
      instructions: InstructionEdits = InstructionEdits(), schedules: [LineSchedule] = [],
      choice: ChosenConfiguration? = nil, begunWork: BegunWork = .keptAsStock,
      rework: ReworkTerms = .least
    ) {
      self.number = number
      self.quantity = quantity
      self.discount = discount
      self.isRemoved = isRemoved
      self.instructions = instructions
      self.schedules = schedules
      self.choice = choice
      self.begunWork = begunWork
      self.rework = rework
    }

    /// Nothing of it is to be otherwise but that it may be taken out.
    fileprivate var isEmpty: Bool {
      quantity == nil && discount == nil && instructions.isEmpty && schedules.isEmpty
        && choice == nil
    }
  }

  /// A value that may be missing: another one from now on, or none.
  package enum Edit<Value: Hashable & Sendable>: Hashable, Sendable {
    case set(Value)
    case cleared

    func applied() -> Value? {
      if case .set(let value) = self { value } else { nil }
    }
  }

  package var lines: [Line]
  package var added: [OrderDraft.Line]
  package var requestedOn: Edit<Day>?
  package var delivery: Edit<Delivery>?
  package var discount: Edit<OrderDiscount>?
  /// Prices of today instead of those of the day on which it was priced.
  package var isRepriced: Bool
  package var instructions: InstructionEdits
  /// Code of a reason: why less is ordered of what was promised. Empty for the customer's wish.
  package var reductionReason: String

  package init(
    lines: [Line] = [], added: [OrderDraft.Line] = [], requestedOn: Edit<Day>? = nil,
    delivery: Edit<Delivery>? = nil, discount: Edit<OrderDiscount>? = nil,
    isRepriced: Bool = false, instructions: InstructionEdits = InstructionEdits(),
    reductionReason: String = ""
  ) {
    self.lines = lines
    self.added = added
    self.requestedOn = requestedOn
    self.delivery = delivery
    self.discount = discount
    self.isRepriced = isRepriced
    self.instructions = instructions
    self.reductionReason = reductionReason
  }

  private var isEmpty: Bool {
    lines.isEmpty && added.isEmpty && requestedOn == nil && delivery == nil && discount == nil
      && !isRepriced && instructions.isEmpty
  }

  /// It says nothing of what is sold, for how much, when or where.
  var isAboutInstructions: Bool {
    added.isEmpty && requestedOn == nil && delivery == nil && discount == nil && !isRepriced
      && lines.allSatisfy {
        !$0.isRemoved && $0.quantity == nil && $0.discount == nil && $0.schedules.isEmpty
          && $0.choice == nil
      }
  }

  /// It may say when, and what is asked for beside the goods, and nothing that prices go by.
  var keepsPrices: Bool {
    var other = self
    other.requestedOn = nil
    for index in other.lines.indices { other.lines[index].schedules = [] }
    return other.isAboutInstructions
  }

  /// All that it wants of some kinds: the same text for the same wishes.
  func part(of kinds: Set<ChangeKind>) -> String {
    var told: [String] = []
    for line in lines.sorted(by: { $0.number < $1.number }) {
      if kinds.contains(.removeLine), line.isRemoved { told.append("-\(line.number)") }
      if !kinds.isDisjoint(with: [.raiseQuantity, .lowerQuantity]), let wish = line.quantity {
        told.append("\(line.number): \(wish.quantity) \(wish.unit)")
      }
      if kinds.contains(.discount), let rate = line.discount {
        told.append("\(line.number): \(rate)")
      }
      if !kinds.isDisjoint(with: [.day, .delivery]), !line.schedules.isEmpty {
        told.append("\(line.number): \(line.schedules.words)")
      }
      if kinds.contains(.configuration), let choice = line.choice {
        told.append("\(line.number): \(choice.modelVersion) \(choice.storedText)")
        told.append("\(line.begunWork.rawValue) \(line.rework.storedText)")
      }
      let asked = line.instructions.part(of: kinds)
      if !asked.isEmpty { told.append("\(line.number): \(asked)") }
    }
    if kinds.contains(.addLine) { told.append("\(added)") }
    if kinds.contains(.day) { told.append("\(String(describing: requestedOn))") }
    if kinds.contains(.delivery) { told.append("\(String(describing: delivery))") }
    if kinds.contains(.discount) { told.append("\(String(describing: discount))") }
    if kinds.contains(.prices) { told.append("\(isRepriced)") }
    if !kinds.isDisjoint(with: [.removeLine, .lowerQuantity]) { told.append(reductionReason) }
    told.append(instructions.part(of: kinds))
    return told.joined(separator: "\n")
  }

  // MARK: - What it may not say

  /// What is wrong with it for this order, before anything is priced: each violation names its
  /// field.
  func check(_ check: inout FieldCheck, for order: SalesOrder, in snapshot: Snapshot) throws {
    if isEmpty { check.refuse(ChangeRejection.nothingToChange(field: "change")) }
    check.range(lines.count, "change.lines", 0...OrderDraft.lineLimit)
    check.range(order.lines.count + added.count, "change.added_lines", 0...OrderDraft.lineLimit)
    var seen: Set<Int> = []
    for (row, line) in lines.prefix(OrderDraft.lineLimit).enumerated() {
      var found = FieldCheck(FieldPath("change.lines", row: row))
      try line.check(&found, for: order, &seen, in: snapshot)
      for violation in found.violations { check.refuse(violation) }
    }
  }

  /// What it does, each with the field that asks for it.
  func kinds(
    in order: SalesOrder, _ snapshot: Snapshot
  ) throws -> [(kind: ChangeKind, field: String)] {
    var found: [(ChangeKind, String)] = []
    for (row, line) in lines.enumerated() {
      let path = FieldPath("change.lines", row: row)
      if line.isRemoved { found.append((.removeLine, path.field("remove"))) }
      let stored = order.lines[line.number - 1]
      var checked = FieldCheck(path)
      if let quantity = try line.base(for: stored, &checked, in: snapshot) {
        let before = stored.ordered
        if quantity > before { found.append((.raiseQuantity, path.field("quantity"))) }
        if quantity < before { found.append((.lowerQuantity, path.field("quantity"))) }
      }
      if line.discount != nil { found.append((.discount, path.field("discount_micros"))) }
      if line.choice != nil { found.append((.configuration, path.field("configuration"))) }
      if !line.schedules.isEmpty {
        found.append((.day, path.field("schedules")))
        let open = Set(stored.schedules.filter(\.open.isPositive).map(\.addressID))
        let wanted = line.schedules.placed(home: order.delivery?.addressID).map(\.addressID)
        if Set(wanted) != (open.isEmpty ? [nil] : open) {
          found.append((.delivery, path.field("schedules")))
        }
      }
      found += line.instructions.kinds(path.description)
    }
    for row in added.indices { found.append((.addLine, "change.added_lines[\(row)]")) }
    if requestedOn != nil { found.append((.day, "change.requested_on")) }
    if delivery != nil { found.append((.delivery, "change.delivery")) }
    if discount != nil { found.append((.discount, "change.discount")) }
    if isRepriced { found.append((.prices, "change.reprice")) }
    found += instructions.kinds("change")
    return found
  }
}

extension OrderChange.Line {
  fileprivate func check(
    _ check: inout FieldCheck, for order: SalesOrder, _ seen: inout Set<Int>,
    in snapshot: Snapshot
  ) throws {
    let field = check.path.field("line_number")
    guard order.lines.indices.contains(number - 1) else {
      return check.refuse(
        OrdersRejection.unknownLine(field: field, order: order.number, line: number))
    }
    let line = order.lines[number - 1]
    if !seen.insert(number).inserted {
      return check.refuse(OrdersRejection.duplicateLine(field: field, line: number))
    }
    if !line.charge.isEmpty {
      return check.refuse(
        ChangeRejection.chargeFollows(
          field: field, order: order.number, line: number, charge: line.charge))
    }
    if !line.isAlive {
      return check.refuse(
        ChangeRejection.lineIsGone(field: field, order: order.number, line: number))
    }
    if isRemoved, !isEmpty {
      let other =
        discount != nil
        ? "discount_micros"
        : choice != nil ? "configuration" : schedules.isEmpty ? "instructions" : "schedules"
      check.refuse(
        ChangeRejection.contradiction(
          field: check.path.field("remove"),
          other: check.path.field(quantity == nil ? other : "quantity")))
    }
    if !isRemoved, isEmpty {
      check.refuse(ChangeRejection.nothingToChange(field: check.path.description))
    }
    let wanted = try base(for: line, &check, in: snapshot)
    if let discount { check.range(discount, "discount_micros", .zero ... .one) }
    choice?.checkShape(&check)
    if choice != nil, line.shipped.isPositive {
      check.refuse(
        ChangeRejection.lineLeft(
          field: check.path.field("configuration"), order: order.number, line: number,
          shipped: line.shipped))
    }
    if begunWork == .reworked { checkRework(&check, for: order, line) }
    schedules.checkShape(&check)
    if !schedules.isEmpty, check.violations.isEmpty, let product = line.product {
      let whole = wanted ?? line.ordered
      schedules.check(
        &check, sum: Quantity(micros: whole.micros - line.ordered.micros + line.open.micros),
        of: try Products.fetch(product, in: snapshot))
    }
    let done = isRemoved ? line.shipped : Quantity(micros: line.ordered.micros - line.open.micros)
    if done.isPositive, isRemoved || wanted.map({ $0 < done }) ?? false {
      check.refuse(
        ChangeRejection.belowDone(
          field: check.path.field(isRemoved ? "remove" : "quantity"), order: order.number,
          line: number, done: done))
    }
  }

  /// What speaks against a rework whatever the workshop has done.
  private func checkRework(
    _ check: inout FieldCheck, for order: SalesOrder, _ line: SalesOrderLine
  ) {
    check.range(rework.spoiled.count, "rework.spoiled_skus", 0...OrderDraft.lineLimit)
    let obstacle: ReworkObstacle? =
      if choice == nil {
        .unchanged
      } else if !order.state.isPromised {
        .notBegun
      } else if line.sourcing != .make || line.isDropShipped {
        .notMade
      } else {
        nil
      }
    guard let obstacle else { return }
    check.refuse(
      ChangeRejection.cannotRework(
        field: check.path.field("begun_work"), order: order.number, line: number, obstacle))
  }

  /// How much is wanted, in the unit in which the line counts: the base unit of its product once it
  /// was submitted; before that, what was asked for.
  fileprivate func base(
    for line: SalesOrderLine, _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> Quantity? {
    guard let quantity else { return nil }
    guard let product = line.product else {
      quantity.check(&check, "quantity", of: nil)
      return quantity.quantity
    }
    return quantity.read(&check, "quantity", of: try Products.fetch(product, in: snapshot))
  }
}

extension SalesOrderLine {
  /// Its schedules as a change has them: what is open is wanted otherwise, or is more or less.
  fileprivate func schedules(
    changedBy wish: OrderChange.Line?, home: ID<Address>?, in snapshot: Snapshot
  ) throws -> [LineSchedule] {
    guard let wish, !schedules.isEmpty || !wish.schedules.isEmpty else { return schedules }
    guard let product else {
      if !wish.schedules.isEmpty { return wish.schedules }
      guard let whole = wish.quantity, schedules.allSatisfy({ $0.unit == whole.unit }) else {
        return schedules
      }
      return schedules.fitted(to: whole.quantity)
    }
    guard wish.schedules.isEmpty else {
      let counted = wish.schedules.placed(home: home)
        .counted(in: try Products.fetch(product, in: snapshot))
      return planned(on: counted).replanned(counted)
    }
    var unchecked = FieldCheck(.request)
    return schedules.fitted(to: try wish.base(for: self, &unchecked, in: snapshot) ?? ordered)
  }

  /// What has become of a line that was wanted as a whole counts for the first day of those that it
  /// gets.
  private func planned(on days: [LineSchedule]) -> [LineSchedule] {
    let done = ordered.micros - open.micros
    guard schedules.isEmpty, done > 0, let first = days.first else { return schedules }
    var part = LineSchedule(
      number: 1, requestedOn: first.requestedOn,
      quantity: GivenQuantity(Quantity(micros: done), unit: unit))
    part.cancelled = cancelled
    part.shipped = shipped
    return [part]
  }
}

/// A line as it is to be, and where it came from.
struct ChangedLine {
  /// Of the line that it was; nil for one that is added.
  let number: Int?
  let draft: OrderDraft.Line
  /// Where the request names it; nil where it does not.
  let field: FieldPath?
  /// Something else is chosen of its product.
  var isRechosen = false
}

extension SalesOrder {
  /// The lines as they are to be, without charges, and without those of which nothing is left.
  func lines(changedBy change: OrderChange, in snapshot: Snapshot) throws -> [ChangedLine] {
    var changed: [ChangedLine] = []
    let home = (change.delivery.map { $0.applied() } ?? delivery)?.addressID
    for line in lines where line.charge.isEmpty && line.isAlive {
      let row = change.lines.firstIndex { $0.number == line.number }
      let wish = row.map { change.lines[$0] }
      if wish?.isRemoved == true { continue }
      var draft = OrderDraft.Line(
        sku: line.sku,
        quantity: wish?.quantity ?? line.asked ?? GivenQuantity(line.ordered, unit: line.unit),
        discount: wish?.discount ?? line.discount, note: line.note)
      // What was chosen is what it was, whatever the newest version of its model is.
      draft.choice = line.choice.map {
        ChosenConfiguration(
          modelVersion: line.configuration?.version ?? $0.modelVersion, settings: $0.settings,
          attachments: $0.attachments)
      }
      if let choice = wish?.choice { draft.choice = choice }
      draft.instructions =
        wish.map { $0.instructions.applied(to: line.instructions) } ?? line.instructions
      draft.schedules = try line.schedules(changedBy: wish, home: home, in: snapshot)
      changed.append(
        ChangedLine(
          number: line.number, draft: draft,
          field: row.map { FieldPath("change.lines", row: $0) }, isRechosen: wish?.choice != nil))
    }
    for (row, line) in change.added.enumerated() {
      changed.append(
        ChangedLine(number: nil, draft: line, field: FieldPath("change.added_lines", row: row)))
    }
    return changed
  }

  /// The order as it would be written with these lines and the rest of the change.
  func draft(_ lines: [ChangedLine], _ change: OrderChange) -> OrderDraft {
    var draft = OrderDraft(
      channel: channel, externalID: externalID ?? "", customerCode: customerCode,
      warehouseCode: warehouseCode, lines: lines.map(\.draft),
      requestedOn: change.requestedOn.map { $0.applied() } ?? requestedOn, shortage: shortage,
      note: note, discount: change.discount.map { $0.applied() } ?? discount,
      couponCodes: couponCodes, delivery: change.delivery.map { $0.applied() } ?? delivery,
      blanketNumber: blanketNumber ?? "", currency: currency,
      instructions: change.instructions.applied(to: instructions))
    draft.places = places
    return draft
  }
}

/// A refusal of the order that a change makes, naming the field of the change that made it so.
struct RelocatedRejection: Rejection {
  let refused: any Rejection
  let field: String?

  var kind: RejectionKind { refused.kind }
  var reason: String { refused.reason }
  var message: String { refused.message }
  var facts: [Fact] { refused.facts }

  /// Runs `body`; what it refuses about `order.…` it refuses about `change.…`.
  static func relocating<T>(_ lines: [ChangedLine], _ body: () throws -> T) throws -> T {
    do { return try body() } catch let several as Rejections {
      try Rejections.check(several.all.map { RelocatedRejection($0, lines) })
      throw several
    } catch let one as any Rejection {
      throw RelocatedRejection(one, lines)
    }
  }

  /// Runs `body`; what it refuses about a place, or a field below it, it refuses about what that
  /// place is called here.
  static func relocating<T>(_ places: [String: String], _ body: () throws -> T) throws -> T {
    do { return try body() } catch let several as Rejections {
      try Rejections.check(several.all.map { RelocatedRejection($0, places) })
      throw several
    } catch let one as any Rejection {
      throw RelocatedRejection(one, places)
    }
  }

  private init(_ refused: any Rejection, _ places: [String: String]) {
    self.refused = refused
    let found = places.first { place, _ in
      refused.field.map { $0 == place || $0.hasPrefix(place + ".") } ?? false
    }
    field = refused.field.map { path in
      found.map { $0.value + path.dropFirst($0.key.count) } ?? path
    }
  }

  private init(_ refused: any Rejection, _ lines: [ChangedLine]) {
    self.refused = refused
    guard let path = refused.field, path.hasPrefix("order.") else {
      field = refused.field
      return
    }
    for (index, line) in lines.enumerated().reversed() {
      let prefix = OrderDraft.path(line: index).description
      guard path == prefix || path.hasPrefix(prefix + "."), let place = line.field else { continue }
      field = place.description + path.dropFirst(prefix.count)
      return
    }
    field = "change." + path.dropFirst("order.".count)
  }
}
