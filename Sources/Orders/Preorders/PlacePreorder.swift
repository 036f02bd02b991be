import Finance
import Inventory
import MasterData
package import Storage
package import Values

/// Orders products before they are there. The order is complete and priced, and stays SUBMITTED
/// until its deposit is here and whoever must has approved it: the later of them confirms it, and
/// gives its lines their places in the queue.
package struct PlacePreorder: Sendable {
  package let draft: OrderDraft
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(_ draft: OrderDraft, by actor: String, roles: Set<String> = []) {
    self.draft = draft
    self.actor = actor
    self.roles = roles
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    guard draft.shortage == .wait else {
      throw PreorderRejection.mayNotRefuse(field: "order.shortage_rule")
    }
    let submission = try Submission.of(
      draft, by: roles, at: now, occasion: .preorder, in: tx)
    var order = SalesOrder(
      draft: draft, number: try DocumentNumbers.next(.salesOrder, on: now.day, in: tx),
      currency: submission.priced.gross.currency, by: actor, at: now)
    order.take(submission)
    try order.weigh(submission.priced.approvalInput, in: tx, at: now)
    let presales = try Self.presales(of: order, in: tx)
    try check(order, presales, on: now.day)
    let releases = presales.values.map(\.terms.releasesOn).max() ?? now.day
    order.requestedOn = max(order.requestedOn ?? releases, releases)
    try order.limit(by: presales, in: tx)
    let findings = try submission.findings(about: order, in: tx, at: now)
    try order.insert(in: tx)
    try order.redeem(submission.priced.coupons, in: tx)
    try order.hold(for: findings, source: "", in: tx, at: now)
    order.record(.submitted, in: tx)
    try order.keep(submission.assignment, in: tx)
    try order.askApproval(by: actor, in: tx, at: now)
    if submission.check?.asksForDuplicates == true {
      try OrderHistoryTable.set(fingerprintOf: order, in: tx)
    }
    let terms = presales.values.map(\.terms)
    let dueOn = now.day.adding(days: terms.map(\.depositDays).min() ?? 0)
    let kind: DepositKind = terms.allSatisfy { $0.depositKind == .earnest } ? .earnest : .prepayment
    try PreorderTable.insert(order.id, kind: kind, dueOn: dueOn, in: tx)
    try PreorderTable.replace(Set(presales.values.map(\.id)), of: order.id, in: tx)
    tx.record(
      DomainEvent(
        "preorder.placed", order.reference,
        [
          Fact("deposit_required", order.depositRequired), Fact("deposit_kind", kind.rawValue),
          Fact("deposit_due_on", dueOn), Fact("actor", actor),
        ]))
    // What costs nothing asks for no deposit.
    try order.proceedAsPreorder(in: tx, at: now)
    return order
  }

  /// By the products of the lines that are asked for.
  static func presales(
    of order: SalesOrder, in snapshot: Snapshot
  ) throws -> [ID<Product>: Presale] {
    var found: [ID<Product>: Presale] = [:]
    for line in order.lines where line.charge.isEmpty && line.isAlive {
      guard let product = line.product, found[product] == nil else { continue }
      found[product] = try PresaleTable.find(product, in: snapshot)
    }
    return found
  }

  private func check(
    _ order: SalesOrder, _ presales: [ID<Product>: Presale], on today: Day
  ) throws {
    var refused: [any Rejection] = []
    for (index, line) in order.lines.enumerated() where line.charge.isEmpty {
      let field = OrderDraft.path(line: index).field("sku")
      guard let terms = line.product.flatMap({ presales[$0] })?.terms else {
        refused.append(PreorderRejection.noPresale(field: field, sku: line.sku))
        continue
      }
      guard (terms.opensOn...terms.closesOn).contains(today) else {
        refused.append(
          PreorderRejection.notOpen(
            field: field, sku: line.sku, opensOn: terms.opensOn, closesOn: terms.closesOn,
            today: today))
        continue
      }
    }
    try Rejections.check(refused)
  }
}

extension SalesOrder {
  /// Keeps what is pre-ordered within its limits, and fixes the deposit.
  fileprivate mutating func limit(
    by presales: [ID<Product>: Presale], in snapshot: Snapshot
  ) throws {
    var refused: [any Rejection] = []
    var deposit = Money.zero(currency)
    for presale in presales.values.sorted(by: { $0.id.value < $1.id.value }) {
      let asked = lines.filter { $0.product == presale.product && $0.charge.isEmpty && $0.isAlive }
      let wanted = try asked.map(\.wanted).sum()
      let taken = try PresaleTable.taken(
        of: presale.id, without: id, by: customerCode, in: snapshot)
      let field = OrderDraft.path(line: (asked.last?.number ?? 1) - 1).field("quantity")
      let left = try presale.terms.limit - taken.all
      if wanted > left {
        refused.append(
          PreorderRejection.soldOut(
            field: field, sku: presale.sku, requested: wanted, left: max(.zero, left)))
      } else if let most = presale.terms.customerLimit, try taken.customer + wanted > most {
        refused.append(
          PreorderRejection.customerLimit(
            field: field, sku: presale.sku, customer: customerCode, requested: wanted,
            left: max(.zero, try most - taken.customer)))
      }
      for line in asked {
        deposit = try deposit + line.amount(upTo: line.wanted).gross().share(presale.terms.deposit)
      }
    }
    try Rejections.check(refused)
    depositRequired = Money(
      minor: min(gross.minor, max(depositRequired.minor, deposit.minor)), currency: currency)
  }

  /// A pre-order that was written or changed anew: within the limits, with the deposit that
  /// follows. Nothing for any other order.
  mutating func fitPreorder(in tx: Transaction) throws {
    guard try PreorderTable.find(id, in: tx) != nil else { return }
    let presales = try PlacePreorder.presales(of: self, in: tx)
    try limit(by: presales, in: tx)
    try PreorderTable.replace(Set(presales.values.map(\.id)), of: id, in: tx)
  }

  /// Confirms a submitted pre-order whose deposit is here and to which all have agreed who must,
  /// unless something else stops that.
  mutating func proceedAsPreorder(in tx: Transaction, at now: Moment) throws {
    guard state == .submitted, try PreorderTable.find(id, in: tx) != nil,
      try obstacles(to: .confirm, in: tx).isEmpty
    else { return }
    let verb = ConfirmOrder(number: number)
    do {
      self = try tx.attempt { try verb.run(in: tx, at: now) }
    } catch let refusal as any Rejection {
      // The money is here all the same; somebody must see to it.
      tx.record(
        DomainEvent(
          "preorder.not-confirmed", reference,
          [Fact("reason", refusal.reason), Fact("message", refusal.message)]))
    }
  }

  /// What of its deposit is missing, of a pre-order that nothing is promised for.
  func missingDeposit(in snapshot: Snapshot) throws -> PreorderRejection? {
    guard depositRequired.minor > 0, try PreorderTable.find(id, in: snapshot) != nil else {
      return nil
    }
    let received = try Payments.received(for: reference, currency, in: snapshot)
    guard received.minor < depositRequired.minor else { return nil }
    return .depositMissing(order: number, deposit: depositRequired, received: received)
  }

  /// Why nothing can be set apart.
  func nothingToShip(_ unreleased: [Int: Day]) -> any Rejection {
    guard let (line, day) = unreleased.min(by: { $0.key < $1.key }) else {
      return OrdersRejection.nothingToShip(order: number)
    }
    return PreorderRejection.notReleased(
      field: "order_number", order: number, line: line, releasesOn: day)
  }

  /// The lines whose goods do not leave yet, with their day.
  func unreleased(on today: Day, in snapshot: Snapshot) throws -> [Int: Day] {
    guard let preorder = try PreorderTable.find(id, in: snapshot) else { return [:] }
    var found: [Int: Day] = [:]
    for line in lines where line.open.isPositive {
      guard let day = line.product.flatMap({ preorder.releases[$0] }), day > today else { continue }
      found[line.number] = day
    }
    return found
  }
}
