private import Logging
package import Messages
package import RPC
internal import Identity
package import Services
package import Storage
private import Synchronization
internal import Values

/// The whole product in memory behind an in-process channel, with a client of every service: what
/// scenario tests talk to. Calls pass through the same frames, codecs and transactions as over a
/// socket.
package final class Shop: Sendable {
  package let clock: TestClock
  package let database: Database
  package let channel: InProcessChannel
  private let keys = Mutex(0)

  package var catalog: CatalogV1.CatalogServiceClient { .init(channel: channel) }
  package var products: CatalogV1.ProductServiceClient { .init(channel: channel) }
  package var assortment: CatalogV1.AssortmentServiceClient { .init(channel: channel) }
  package var configurator: ConfiguratorV1.ConfiguratorServiceClient { .init(channel: channel) }
  package var codes: CatalogV1.CodeServiceClient { .init(channel: channel) }
  package var customers: CustomersV1.CustomerServiceClient { .init(channel: channel) }
  package var sync: CustomersV1.SyncServiceClient { .init(channel: channel) }
  package var orders: OrdersV1.OrderServiceClient { .init(channel: channel) }
  package var orderViews: OrdersV1.OrderViewServiceClient { .init(channel: channel) }
  package var recommendations: OrdersV1.RecommendationServiceClient { .init(channel: channel) }
  package var opportunities: OrdersV1.OpportunityServiceClient { .init(channel: channel) }
  package var quotes: OrdersV1.QuoteServiceClient { .init(channel: channel) }
  package var blankets: OrdersV1.BlanketServiceClient { .init(channel: channel) }
  package var preorders: OrdersV1.PreorderServiceClient { .init(channel: channel) }
  package var stages: OrdersV1.OrderStageServiceClient { .init(channel: channel) }
  package var approvals: OrdersV1.ApprovalServiceClient { .init(channel: channel) }
  package var appointments: OrdersV1.AppointmentServiceClient { .init(channel: channel) }
  package var carriers: OrdersV1.CarrierServiceClient { .init(channel: channel) }
  package var claims: OrdersV1.CarrierClaimServiceClient { .init(channel: channel) }
  package var cashOnDelivery: OrdersV1.CashOnDeliveryServiceClient { .init(channel: channel) }
  package var loading: OrdersV1.LoadingServiceClient { .init(channel: channel) }
  package var coverage: OrdersV1.CoverageServiceClient { .init(channel: channel) }
  package var rates: OrdersV1.CarrierRateServiceClient { .init(channel: channel) }
  package var customs: OrdersV1.CustomsServiceClient { .init(channel: channel) }
  package var picking: OrdersV1.PickingServiceClient { .init(channel: channel) }
  package var portal: OrdersV1.PortalServiceClient { .init(channel: channel) }
  package var assignment: OrdersV1.AssignmentServiceClient { .init(channel: channel) }
  package var dropShipments: OrdersV1.DropShipServiceClient { .init(channel: channel) }
  package var showroom: OrdersV1.ShowroomServiceClient { .init(channel: channel) }
  package var changes: OrdersV1.ChangeServiceClient { .init(channel: channel) }
  package var cancellations: OrdersV1.CancellationServiceClient { .init(channel: channel) }
  package var promises: OrdersV1.PromiseServiceClient { .init(channel: channel) }
  package var shortages: OrdersV1.ShortageServiceClient { .init(channel: channel) }
  package var returns: AftersalesV1.ReturnServiceClient { .init(channel: channel) }
  package var warranties: AftersalesV1.WarrantyServiceClient { .init(channel: channel) }
  package var remakes: AftersalesV1.RemakeServiceClient { .init(channel: channel) }
  package var defects: AftersalesV1.DefectServiceClient { .init(channel: channel) }
  package var repairs: AftersalesV1.RepairServiceClient { .init(channel: channel) }
  package var exchanges: AftersalesV1.ExchangeServiceClient { .init(channel: channel) }
  package var complaints: AftersalesV1.ComplaintServiceClient { .init(channel: channel) }
  package var intake: OrdersV1.IntakeServiceClient { .init(channel: channel) }
  package var marketplaces: OrdersV1.MarketplaceServiceClient { .init(channel: channel) }
  package var pricing: PricingV1.PricingServiceClient { .init(channel: channel) }
  package var suggestions: PricingV1.PriceSuggestionServiceClient { .init(channel: channel) }
  package var inventory: InventoryV1.InventoryServiceClient { .init(channel: channel) }
  package var transfers: InventoryV1.TransferServiceClient { .init(channel: channel) }
  package var purchasing: PurchasingV1.PurchasingServiceClient { .init(channel: channel) }
  package var production: ProductionV1.ProductionServiceClient { .init(channel: channel) }
  package var finance: FinanceV1.FinanceServiceClient { .init(channel: channel) }
  package var giftCards: FinanceV1.GiftCardServiceClient { .init(channel: channel) }
  package var points: FinanceV1.PointsServiceClient { .init(channel: channel) }
  package var dunning: FinanceV1.DunningServiceClient { .init(channel: channel) }
  package var reports: ReportsV1.ReportServiceClient { .init(channel: channel) }
  package var events: EventsV1.EventServiceClient { .init(channel: channel) }
  package var tills: TillsV1.TillServiceClient { .init(channel: channel) }
  package var identity: IdentityV1.IdentityServiceClient { .init(channel: channel) }
  package var automation: AutomationV1.AutomationServiceClient { .init(channel: channel) }
  package var audit: AuditV1.AuditServiceClient { .init(channel: channel) }
  package var notifications: NotificationsV1.NotificationServiceClient { .init(channel: channel) }
  package var operations: OperationsV1.OperationsServiceClient { .init(channel: channel) }
  private let application: Application

  /// An empty shop; in memory unless a configuration says otherwise. Callers are who they say,
  /// unless they are to prove it.
  package static func open(
    _ configuration: Database.Configuration = .inMemory, clock: TestClock = TestClock(),
    limits: RPCLimits = RPCLimits(), streams: StreamLimits = StreamLimits(),
    callers: IdentitySettings.Callers = .believed, notices: NoticeSettings = NoticeSettings()
  ) async throws -> Shop {
    let database = try Database.open(
      configuration, migrations: Schema.migrations, now: clock.now)
    return try await Shop(database, clock, limits, streams, callers, notices) { _ in }
  }

  /// The same shop as a server that is started anew with another trust in callers, and other
  /// settings where they are changed.
  package func reopened(
    callers: IdentitySettings.Callers, notices: NoticeSettings = NoticeSettings(),
    _ change: (inout IdentitySettings) -> Void = { _ in }
  ) async throws -> Shop {
    await channel.close()
    return try await Shop(database, clock, RPCLimits(), StreamLimits(), callers, notices, change)
  }

  private init(
    _ database: Database, _ clock: TestClock, _ limits: RPCLimits, _ streams: StreamLimits,
    _ callers: IdentitySettings.Callers, _ notices: NoticeSettings,
    _ change: (inout IdentitySettings) -> Void
  ) async throws {
    self.clock = clock
    self.database = database
    var identity = IdentitySettings(callers: callers) { count in
      (0..<count).map { _ in UInt8.random(in: .min ... .max) }
    }
    // Tests hash many passwords, none of which is worth the work.
    identity.strength.rounds = 1 << 4
    change(&identity)
    application = try await Application.compose(
      database, now: { clock.now }, identity: identity, auditKey: Self.auditKey, notices: notices,
      streams: streams,
      log: { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } })
    channel = InProcessChannel(
      application.router, interceptors: application.interceptors, limits: limits)
  }

  /// Marks the database as `joinery backup restore` does: whoever opens the shop anew has one that
  /// was restored. Returns the name of the restoration.
  package func noteRestoration() async throws -> String {
    let now = clock.now
    return try await RestoredDatabase.mark(
      database,
      made: .init(
        backup: "joinery-20260302T000000Z.backup", backupAt: now.adding(seconds: -7_200),
        chosen: now.adding(seconds: -3_600), reached: now.adding(seconds: -3_601), records: 40,
        leftOut: 7, knownUntil: now.adding(seconds: -60)),
      by: "root", reason: "the disk died",
      chance: { count in (0..<count).map { _ in UInt8.random(in: .min ... .max) } },
      now: { now })
  }

  /// Other limits hold from now on, as after SIGHUP.
  package func use(rates: [RateLimit]) { application.use(rates: rates) }

  /// What those who watch events cost so far.
  package var watching: WatchStatistics { application.watchStatistics }

  /// Signs the audit of every shop.
  package static let auditKey = AuditKey(seed: [UInt8](repeating: 7, count: AuditKey.seedBytes))

  /// Writes down what has been refused and read so far, and signs the audit.
  package func signAudit() async {
    let signing = Task { await application.keepAudit() }
    signing.cancel()
    await signing.value
  }

  /// Makes and sends every notice that is due.
  package func settleNotices() async throws { try await application.settleNotices() }

  /// Carries out what rules say about everything that is committed.
  package func settleRules() async throws { try await application.settleRules() }

  /// The first step of a shutdown, as the server takes it on SIGTERM.
  package func announceShutdown() { application.announceShutdown() }

  package func close() async {
    await channel.close()
    database.close()
  }

  /// Metadata of a command, with a key of its own unless one is given.
  package func command(
    by actor: String = "li.na", roles: String = "", key: String? = nil, dryRun: Bool = false
  ) -> CallOptions {
    let number = keys.withLock { keys in
      keys += 1
      return keys
    }
    var metadata: Metadata = [
      "idempotency-key": key ?? "key-\(number)", "joinery-actor": actor,
    ]
    if !roles.isEmpty { metadata.add("joinery-roles", roles) }
    if dryRun { metadata.add("dry-run", "true") }
    return CallOptions(metadata: metadata)
  }

  /// The violations that a full check finds: none, if all is well.
  package func violations() async throws -> [String] {
    try await database.read { try Verification(of: $0).violations.map(\.description) }
  }
}

/// Amounts as tests write them.
package func yuan(_ amount: String) -> TypeV1.Money {
  TypeV1.Money(currencyCode: "CNY", minorUnits: FixedPoint.parse(amount, digits: 2) ?? .min)
}

package func yuanEach(_ price: String) -> TypeV1.UnitPrice {
  TypeV1.UnitPrice(currencyCode: "CNY", micros: FixedPoint.parse(price, digits: 6) ?? .min)
}

package func pieces(_ count: Int64) -> TypeV1.Quantity {
  TypeV1.Quantity(micros: count * 1_000_000)
}

package func amount(_ quantity: String, _ unit: String) -> TypeV1.Quantity {
  TypeV1.Quantity(micros: FixedPoint.parse(quantity, digits: 6) ?? .min, unitCode: unit)
}
