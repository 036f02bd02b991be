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

  package let catalog: CatalogV1.CatalogServiceClient
  package let products: CatalogV1.ProductServiceClient
  package let assortment: CatalogV1.AssortmentServiceClient
  package let configurator: ConfiguratorV1.ConfiguratorServiceClient
  package let codes: CatalogV1.CodeServiceClient
  package let customers: CustomersV1.CustomerServiceClient
  package let sync: CustomersV1.SyncServiceClient
  package let orders: OrdersV1.OrderServiceClient
  package let orderViews: OrdersV1.OrderViewServiceClient
  package let recommendations: OrdersV1.RecommendationServiceClient
  package let opportunities: OrdersV1.OpportunityServiceClient
  package let quotes: OrdersV1.QuoteServiceClient
  package let blankets: OrdersV1.BlanketServiceClient
  package let preorders: OrdersV1.PreorderServiceClient
  package let approvals: OrdersV1.ApprovalServiceClient
  package let appointments: OrdersV1.AppointmentServiceClient
  package let carriers: OrdersV1.CarrierServiceClient
  package let loading: OrdersV1.LoadingServiceClient
  package let coverage: OrdersV1.CoverageServiceClient
  package let dropShipments: OrdersV1.DropShipServiceClient
  package let showroom: OrdersV1.ShowroomServiceClient
  package let changes: OrdersV1.ChangeServiceClient
  package let cancellations: OrdersV1.CancellationServiceClient
  package let promises: OrdersV1.PromiseServiceClient
  package let shortages: OrdersV1.ShortageServiceClient
  package let returns: AftersalesV1.ReturnServiceClient
  package let warranties: AftersalesV1.WarrantyServiceClient
  package let remakes: AftersalesV1.RemakeServiceClient
  package let repairs: AftersalesV1.RepairServiceClient
  package let exchanges: AftersalesV1.ExchangeServiceClient
  package let complaints: AftersalesV1.ComplaintServiceClient
  package let intake: OrdersV1.IntakeServiceClient
  package let marketplaces: OrdersV1.MarketplaceServiceClient
  package let pricing: PricingV1.PricingServiceClient
  package let inventory: InventoryV1.InventoryServiceClient
  package let purchasing: PurchasingV1.PurchasingServiceClient
  package let production: ProductionV1.ProductionServiceClient
  package let finance: FinanceV1.FinanceServiceClient
  package let giftCards: FinanceV1.GiftCardServiceClient
  package let points: FinanceV1.PointsServiceClient
  package let dunning: FinanceV1.DunningServiceClient
  package let reports: ReportsV1.ReportServiceClient
  package let events: EventsV1.EventServiceClient
  package let tills: TillsV1.TillServiceClient
  package let identity: IdentityV1.IdentityServiceClient
  package let automation: AutomationV1.AutomationServiceClient
  package let audit: AuditV1.AuditServiceClient
  package let notifications: NotificationsV1.NotificationServiceClient
  package let operations: OperationsV1.OperationsServiceClient
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
    let application = try await Application.compose(
      database, now: { clock.now }, identity: identity, auditKey: Self.auditKey, notices: notices,
      streams: streams,
      log: { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } })
    self.application = application
    channel = InProcessChannel(
      application.router, interceptors: application.interceptors, limits: limits)
    catalog = .init(channel: channel)
    products = .init(channel: channel)
    assortment = .init(channel: channel)
    configurator = .init(channel: channel)
    codes = .init(channel: channel)
    customers = .init(channel: channel)
    sync = .init(channel: channel)
    orders = .init(channel: channel)
    orderViews = .init(channel: channel)
    recommendations = .init(channel: channel)
    opportunities = .init(channel: channel)
    quotes = .init(channel: channel)
    blankets = .init(channel: channel)
    preorders = .init(channel: channel)
    approvals = .init(channel: channel)
    appointments = .init(channel: channel)
    carriers = .init(channel: channel)
    loading = .init(channel: channel)
    coverage = .init(channel: channel)
    dropShipments = .init(channel: channel)
    showroom = .init(channel: channel)
    changes = .init(channel: channel)
    cancellations = .init(channel: channel)
    promises = .init(channel: channel)
    shortages = .init(channel: channel)
    returns = .init(channel: channel)
    warranties = .init(channel: channel)
    remakes = .init(channel: channel)
    repairs = .init(channel: channel)
    exchanges = .init(channel: channel)
    complaints = .init(channel: channel)
    intake = .init(channel: channel)
    marketplaces = .init(channel: channel)
    pricing = .init(channel: channel)
    inventory = .init(channel: channel)
    purchasing = .init(channel: channel)
    production = .init(channel: channel)
    finance = .init(channel: channel)
    giftCards = .init(channel: channel)
    points = .init(channel: channel)
    dunning = .init(channel: channel)
    reports = .init(channel: channel)
    events = .init(channel: channel)
    tills = .init(channel: channel)
    self.identity = .init(channel: channel)
    automation = .init(channel: channel)
    audit = .init(channel: channel)
    notifications = .init(channel: channel)
    operations = .init(channel: channel)
  }

  package var suggestions: PricingV1.PriceSuggestionServiceClient { .init(channel: channel) }

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
