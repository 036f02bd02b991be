import MasterData
package import Storage
package import Values

/// What was agreed with the customer from a version of an order on: what it costs, and what for.
/// Progress is not part of it.
package struct OrderVersion: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    package let number: Int
    package let sku: String
    package let unit: String
    package let ordered: Quantity
    package let unitPrice: UnitPrice
    package let discount: Rate
    package let net: Money
    package let tax: Money
    package let charge: String
    package internal(set) var instructions: OrderInstructions?
    /// What was chosen of a configurable product, as people write it; empty for no such product.
    package var configuration = ""
    /// Its parts that are wanted on different days; none where all of it is wanted as the order is.
    package internal(set) var schedules: [LineSchedule] = []
  }

  /// Of the order, from which on it held.
  package let version: Int64
  package let madeBy: String
  package let madeAt: Instant
  /// Empty for what was first agreed.
  package let reason: String
  package let requestedOn: Day?
  package let discount: OrderDiscount?
  package let delivery: Delivery?
  package let instructions: OrderInstructions?
  package let net: Money
  package let tax: Money
  package let gross: Money
  package let depositRequired: Money
  /// Without those that are taken out.
  package var lines: [Line]

  init(
    version: Int64, madeBy: String, madeAt: Instant, reason: String, requestedOn: Day?,
    discount: OrderDiscount?, delivery: Delivery?, net: Money, tax: Money, gross: Money,
    depositRequired: Money, instructions: OrderInstructions? = nil, lines: [Line] = []
  ) {
    self.version = version
    self.madeBy = madeBy
    self.madeAt = madeAt
    self.reason = reason
    self.requestedOn = requestedOn
    self.discount = discount
    self.delivery = delivery
    self.instructions = instructions
    self.net = net
    self.tax = tax
    self.gross = gross
    self.depositRequired = depositRequired
    self.lines = lines
  }

  init(of order: SalesOrder, by actor: String, at instant: Instant, reason: String) {
    self.init(
      version: order.version, madeBy: actor, madeAt: instant, reason: reason,
      requestedOn: order.requestedOn, discount: order.discount, delivery: order.delivery,
      net: order.net, tax: order.tax, gross: order.gross, depositRequired: order.depositRequired,
      instructions: order.instructions,
      lines: order.lines.filter { !$0.isTakenOut }.map { line in
        Line(
          number: line.number, sku: line.sku, unit: line.unit, ordered: line.ordered,
          unitPrice: line.unitPrice, discount: line.discount, net: line.net, tax: line.tax,
          charge: line.charge, instructions: line.instructions,
          configuration: line.configurationWords, schedules: line.schedules)
      })
  }

  /// What was first agreed, as long as nothing was changed.
  init(first order: SalesOrder) {
    self.init(of: order, by: order.createdBy, at: order.createdAt, reason: "")
  }
}

/// What two versions of an order can differ in.
package enum OrderField: String, Hashable, Sendable, CaseIterable {
  case lineAdded, lineRemoved, quantity, unitPrice, discount, net, tax, gross, deposit
  case requestedOn, delivery, gift, packing, invoice, deliveryRemarks, configuration, schedules
}

/// One thing in which two versions of an order differ.
package struct OrderDifference: Hashable, Sendable {
  /// 0 for the order as a whole.
  package let line: Int
  package let field: OrderField
  /// As people write it; empty for none.
  package let before: String
  package let after: String

  /// Nil when they are the same.
  init?(_ field: OrderField, line: Int = 0, _ before: String, _ after: String) {
    guard before != after else { return nil }
    self.line = line
    self.field = field
    self.before = before
    self.after = after
  }
}

extension OrderVersion {
  /// What is otherwise in `later`: the order first, then line by line.
  package func differences(to later: OrderVersion) -> [OrderDifference] {
    let amounts = [
      OrderDifference(
        .requestedOn, requestedOn?.description ?? "", later.requestedOn?.description ?? ""),
      OrderDifference(.delivery, delivery?.words ?? "", later.delivery?.words ?? ""),
      OrderDifference(.discount, discount?.words ?? "", later.discount?.words ?? ""),
      OrderDifference(.net, net.description, later.net.description),
      OrderDifference(.tax, tax.description, later.tax.description),
      OrderDifference(.gross, gross.description, later.gross.description),
      OrderDifference(.deposit, depositRequired.description, later.depositRequired.description),
    ].compactMap(\.self)
    let whole = amounts + OrderInstructions.differences(instructions, later.instructions)
    let before = Dictionary(lines.map { ($0.number, $0) }) { first, _ in first }
    let after = Dictionary(later.lines.map { ($0.number, $0) }) { first, _ in first }
    let numbers = Set(before.keys).union(after.keys).sorted()
    return whole + numbers.flatMap { Self.differences(line: $0, before[$0], after[$0]) }
  }

  private static func differences(
    line number: Int, _ before: Line?, _ after: Line?
  ) -> [OrderDifference] {
    guard let before, let after else {
      let found =
        before.map { OrderDifference(.lineRemoved, line: number, $0.words, "") }
        ?? after.map { OrderDifference(.lineAdded, line: number, "", $0.words) }
      return [found ?? nil].compactMap(\.self)
    }
    let (old, new) = (before, after)
    // Two revisions of a quote may have other goods on a line of the same number.
    guard old.sku == new.sku else {
      return [
        OrderDifference(.lineRemoved, line: number, old.words, ""),
        OrderDifference(.lineAdded, line: number, "", new.words),
      ].compactMap(\.self)
    }
    return [
      OrderDifference(.configuration, line: number, old.configuration, new.configuration),
      OrderDifference(.quantity, line: number, old.amount, new.amount),
      OrderDifference(.schedules, line: number, old.schedules.words, new.schedules.words),
      OrderDifference(
        .unitPrice, line: number, old.unitPrice.description, new.unitPrice.description),
      OrderDifference(
        .discount, line: number, old.discount.description, new.discount.description),
      OrderDifference(.net, line: number, old.net.description, new.net.description),
      OrderDifference(.tax, line: number, old.tax.description, new.tax.description),
    ].compactMap(\.self)
      + OrderInstructions.differences(line: number, old.instructions, new.instructions)
  }
}

extension OrderVersion.Line {
  fileprivate var amount: String { "\(ordered) \(unit)" }
  fileprivate var words: String {
    "\(amount) \(sku)\(configuration.isEmpty ? "" : " (\(configuration))"), \(net) net"
  }
}

extension Delivery {
  fileprivate var words: String {
    let parts = [
      addressID.map { "address \($0.value)" }, zone.isEmpty ? nil : zone, "floor \(floor)",
      hasLift ? "lift" : nil,
      needsAssembly ? "assembly" : nil,
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }
}

extension OrderDiscount {
  fileprivate var words: String {
    switch self {
    case .share(let rate): rate.description
    case .amount(let amount): amount.description
    }
  }
}

extension SalesOrderLine {
  /// What was chosen of its product, as people write it.
  fileprivate var configurationWords: String {
    guard let choice else { return "" }
    let version = configuration?.version ?? choice.modelVersion
    let settings = choice.settings.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
    return "model \(version)" + (settings.isEmpty ? "" : ": \(settings)")
  }
}

/// Questions about what was agreed from time to time.
package enum OrderVersions {
  /// What held at a time at which the order was there: its version.
  package static func version(
    at instant: Instant, of order: SalesOrder, field: String, in snapshot: Snapshot
  ) throws -> Int64 {
    guard instant >= order.createdAt else {
      throw ChangeRejection.notYet(
        field: field, order: order.number, at: instant, createdAt: order.createdAt)
    }
    return try OrderVersionTable.newest(at: instant, of: order.id, in: snapshot) ?? 1
  }

  /// The oldest first, without lines, from the one after `version` on (nil: from the first). An
  /// order that was never changed has one.
  package static func list(
    of order: SalesOrder, after version: Int64? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [OrderVersion] {
    let stored = try OrderVersionTable.list(
      of: order.id, after: version ?? 0, limit: limit, in: snapshot)
    guard stored.isEmpty, version == nil else { return stored }
    var only = OrderVersion(first: order)
    only.lines = []
    return [only]
  }

  /// What held at a version that the order had at some time; 0 for the present one. Before the
  /// first change that is what was first agreed.
  package static func require(
    _ version: Int64, of order: SalesOrder, field: @autoclosure () -> String,
    in snapshot: Snapshot
  ) throws -> OrderVersion {
    guard (0...order.version).contains(version) else {
      throw ChangeRejection.unknownVersion(
        field: field(), order: order.number, version: version, newest: order.version)
    }
    let asked = version == 0 ? order.version : version
    return try OrderVersionTable.holding(at: asked, of: order.id, in: snapshot)
      ?? OrderVersion(first: order)
  }
}
