import MasterData
import Storage
import Synchronization
import Values

/// Empty books in memory, with a few things to trade.
struct Books {
  let database: Database
  private let faults = FaultPlan()

  /// 2026-11-21.
  static let day = Day(daysSinceEpoch: 20_778)
  static let now = Moment(instant: Instant(microseconds: 1_795_234_500_000_000), day: day)

  init() throws {
    database = try Database.open(
      Database.Configuration(path: nil, faults: faults), migrations: MasterDataMigrations.all,
      now: Self.now.instant)
  }

  func write<R: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> R) async throws -> R {
    try await database.write(body)
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

  /// A chair, a table made to order, oak boards, an installation; list RETAIL; customer ANNA.
  func stock() async throws {
    _ = try await write { tx in
      try [
        UpsertProducts([
          .chair,
          ProductDraft(
            sku: "TABLE-1", name: "橡木餐桌", nameEnglish: "Oak table", kind: .madeToOrder, unit: "pcs",
            taxClass: "STANDARD"),
          ProductDraft(
            sku: "OAK-27", name: "橡木板", nameEnglish: "Oak board", kind: .rawMaterial, unit: "m2",
            taxClass: "STANDARD"),
          ProductDraft(
            sku: "INSTALL", name: "安装", kind: .service, unit: "h", taxClass: "SERVICE"),
        ]).run(in: tx, at: Self.now),
        UpsertPriceLists([PriceListDraft(code: "RETAIL", name: "Retail")])
          .run(in: tx, at: Self.now),
        UpsertCustomers([CustomerDraft(code: "ANNA", name: "Anna Li", phone: "13900001111")])
          .run(in: tx, at: Self.now),
      ].flatMap { $0 }.map { verdict in
        precondition(verdict.violations.isEmpty, "\(verdict)")
      }
    }
  }
}

extension ProductDraft {
  static let chair = ProductDraft(
    sku: "CHAIR-1", name: "餐椅", nameEnglish: "Dining chair", kind: .stocked, unit: "pcs",
    taxClass: "STANDARD")
}

extension RowVerdict {
  /// "created", "refused INVALID_CODE products[0].sku", …
  var summary: String {
    switch outcome {
    case .created: "created"
    case .updated: "updated"
    case .unchanged: "unchanged"
    case .removed: "removed"
    case .refused(let rejections):
      "refused " + rejections.map { "\($0.reason) \($0.field ?? "")" }.joined(separator: ", ")
    }
  }
}

func cny(_ yuan: Int64) -> Money { Money(minor: yuan * 100, currency: .cny) }

func price(_ yuan: Int64) -> UnitPrice { UnitPrice(micros: yuan * 1_000_000, currency: .cny) }

func units(_ count: Int64) -> Quantity { Quantity(micros: count * 1_000_000) }

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
