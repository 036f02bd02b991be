import Finance
import MasterData
import Storage
import Synchronization
import Values

/// Books in memory with three customers: ANNA (no credit), HOTEL (10,000 CNY, 30 days) and BANK.
struct Books {
  let database: Database
  private let faults = FaultPlan()

  /// 2026-11-21.
  static let day = Day(daysSinceEpoch: 20_778)
  static let now = at(day: 0)

  static func at(day: Int) -> Moment {
    Moment(
      instant: Instant(microseconds: 1_795_234_500_000_000).adding(seconds: Int64(day) * 86_400),
      day: Self.day.adding(days: day))
  }

  init() async throws {
    database = try Database.open(
      Database.Configuration(path: nil, faults: faults),
      migrations: MasterDataMigrations.all + FinanceMigrations.all, now: Self.now.instant)
    try await database.write { tx in
      try UpsertCustomers([
        CustomerDraft(code: "ANNA", name: "Anna"),
        CustomerDraft(
          code: "HOTEL", name: "Hotel", creditLimit: cny(10_000), terms: PaymentTerms(netDays: 30)),
        CustomerDraft(code: "BANK", name: "Bank", creditLimit: cny(1_000_000)),
      ]).run(in: tx, at: Self.now).forEach { precondition($0.violations.isEmpty, "\($0)") }
    }
  }

  func write<R: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> R) async throws -> R {
    try await database.write(body)
  }

  func read<R: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> R) async throws -> R {
    try await database.read(body)
  }

  /// How many statements `body` needs.
  func statements<R: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> R
  ) async throws -> Int {
    let counter = StatementCounter(faults)
    return try await write { tx in
      counter.start()
      _ = try body(tx)
      return counter.stop()
    }
  }

  /// What `body` was refused with, in order; empty when it went through. Nothing of it stays.
  func refusals<R: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> R
  ) async throws -> [any Rejection] {
    do {
      _ = try await database.rehearse(body)
      return []
    } catch let several as Rejections {
      return several.all
    } catch let one as any Rejection {
      return [one]
    }
  }

  /// Everything that is wrong with the books.
  func violations() async throws -> [InvariantViolation] {
    try await read {
      try MasterDataInvariants.violations(in: $0) + FinanceInvariants.violations(in: $0)
    }
  }

  /// "1002 -500.00" for each account that is not zero, in the order of the codes.
  func balances() async throws -> [String] {
    try await read { try Self.balances(in: $0) }
  }

  static func balances(in snapshot: Snapshot, through day: Day? = nil) throws -> [String] {
    try Ledger.trialBalance(through: day, in: snapshot)
      .map { ($0.account, try $0.balance()) }.filter { $1.minor != 0 }
      .map { "\($0) \($1.decimal)" }
  }
}

extension Customer {
  static func named(_ code: String, in snapshot: Snapshot) throws -> Customer {
    try Customers.require(code: code, field: "customer_code", in: snapshot)
  }
}

func cny(_ yuan: Int64) -> Money { Money(minor: yuan * 100, currency: .cny) }

func fen(_ minor: Int64) -> Money { Money(minor: minor, currency: .cny) }

func order(_ number: Int) -> DocumentReference { DocumentReference(.salesOrder, "SO-\(number)") }

extension InvoiceLine {
  /// One line at 13 %, or at 6 % for a service.
  static func of(_ net: Money, line: Int = 1, service: Bool = false) throws -> InvoiceLine {
    let rate = Rate(micros: service ? 60_000 : 130_000)
    return InvoiceLine(
      orderLine: line, description: "Chair", quantity: .one, unit: "pcs", net: net, taxRate: rate,
      tax: try net.share(rate), isService: service)
  }
}

extension IssueInvoice {
  /// An invoice of lines with these net amounts, due after 30 days.
  static func of(
    _ nets: [Money], order: DocumentReference, to customer: String, in tx: Transaction,
    at now: Moment = Books.now, dueIn days: Int = 30
  ) throws -> Invoice {
    try IssueInvoice(
      customer: .named(customer, in: tx), order: order,
      lines: nets.enumerated().map { try .of($1, line: $0 + 1) }, text: "Goods",
      dueOn: now.day.adding(days: days)
    ).run(in: tx, at: now)
  }
}

extension ReceivePayment {
  static func of(
    _ amount: Money, from customer: String, for order: DocumentReference? = nil, in tx: Transaction,
    at now: Moment = Books.now
  ) throws -> Payment {
    try ReceivePayment(
      customer: .named(customer, in: tx), amount: amount, method: .bankTransfer, earmark: order,
      receivedOn: now.day
    ).run(in: tx, at: now)
  }
}

/// Counts the statements of a transaction by a fault that does no harm and arms itself again.
final class StatementCounter: Sendable {
  private let faults: FaultPlan
  private let count = Mutex(0)

  init(_ faults: FaultPlan) { self.faults = faults }

  func start() { faults.arm(.statement, .run { [self] in step() }) }

  func stop() -> Int {
    faults.disarm()
    return count.withLock { $0 }
  }

  private func step() {
    count.withLock { $0 += 1 }
    start()
  }
}
