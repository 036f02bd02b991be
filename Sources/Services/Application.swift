internal import Identity
package import Logging
internal import MasterData
internal import Messages
internal import Operations
package import RPC
package import Storage
package import Values

/// The product without its sockets: every service over one database. The server puts it behind a
/// listener, tests behind an in-process channel.
package struct Application: Sendable {
  package let database: Database
  package let router: Router
  private let health: HealthService
  private let hold: RestorationHold
  private let feed: EventFeed
  private let tills: TillSessions
  private let people: IdentityService
  private let authentication: Authentication
  private let attempts: AuditQueue
  private let signer: AuditSigner?
  private let notices: NoticeWorker
  private let rules: RuleRunner

  private let log: @Sendable () -> Logger

  /// Around every call, in this order.
  package let interceptors: [Interceptor]

  /// `now` is the clock of all commands; `log` gives the log of now, `slowFrom` is how long a call
  /// may take that it does not tell of. Without a key the audit is chained but not signed.
  package static func compose(
    _ database: Database, now: @escaping @Sendable () -> Instant, identity: IdentitySettings,
    auditKey: AuditKey? = nil, notices: NoticeSettings = NoticeSettings(),
    streams: StreamLimits = StreamLimits(), slowFrom: Duration = .seconds(1),
    log: @escaping @Sendable () -> Logger
  ) async throws -> Application {
    let questions = Questions(database: database)
    let zone = try await questions.askForServer { try Companies.current(in: $0).timeZone }
    guard let clock = SiteClock(zone: zone, now: now) else {
      throw StorageError(.cannotOpen, "The company's time zone \(zone) is unknown on this machine.")
    }
    try await prepare(database, questions, identity)
    let commands = CommandLog(
      database: database, clock: clock,
      subjects: SubjectSeal(keys: identity.sealRing, chance: identity.chance))
    var router = Router()
    registerBusiness(commands, questions, clock, in: &router)
    let rules = registerRules(commands, questions, clock, in: &router)
    let worker = NoticeWorker(
      questions: questions, clock: clock, subjects: commands.subjects, settings: notices,
      chance: identity.chance)
    NotificationService(
      commands: commands, questions: questions, settings: notices, worker: worker
    ).register(in: &router)
    let authentication = Authentication(
      questions: questions, clock: clock, settings: identity)
    let attempts = AuditQueue(commands: commands)
    let calls = CallLog.interceptor(log, slowFrom: slowFrom)
    let fields = FieldAccess().interceptor
    IntakeService(commands: commands, questions: questions, authentication: authentication)
      .register(in: &router)
    // A till may queue whatever is a command so far; its refusal is the verdict on its number.
    let queued = Dispatcher(router, interceptors: [calls, authentication.interceptor, fields])
    let tills = TillSessions(limit: streams.maxTills)
    TillService(
      commands: commands, questions: questions, queued: queued, sessions: tills,
      authentication: authentication
    ).register(in: &router)
    registerCodes(commands, questions, identity, in: &router)
    let people = IdentityService(
      commands: commands, questions: questions, authentication: authentication,
      hasher: PasswordHasher(identity), throttle: .ofLogins(), settings: identity)
    people.register(in: &router)
    let feed = EventFeed(questions: questions, limits: streams)
    EventService(
      feed: feed, questions: questions, limits: streams, authentication: authentication
    ).register(in: &router)
    let signer = auditKey.map { AuditSigner(database: database, clock: clock, key: $0) }
    AuditService(
      questions: questions, clock: clock, authentication: authentication, signer: signer
    ).register(in: &router)
    let health = HealthService(
      services: Set((router.methods + OperationsV1.OperationsServiceMethods.all).map(\.service)))
    let hold = RestorationHold(
      router.methods + OperationsV1.OperationsServiceMethods.all, health: health)
    hold.begin(with: try await questions.askForServer { try Restorations.latest(in: $0) })
    OperationsService(commands: commands, questions: questions, hold: hold).register(in: &router)
    health.register(in: &router)
    ReflectionService.register(in: &router)
    let interceptors = [
      calls, LoadShedding.interceptor(database), attempts.interceptor, authentication.interceptor,
      hold.interceptor, fields,
    ]
    return Application(
      database: database, router: router, health: health, hold: hold, feed: feed, tills: tills,
      people: people, authentication: authentication, attempts: attempts, signer: signer,
      notices: worker, rules: rules, log: log, interceptors: interceptors)
  }

  /// What the house does for its living: whatever of it is a command a till may queue.
  private static func registerBusiness(
    _ commands: CommandLog, _ questions: Questions, _ clock: SiteClock, in router: inout Router
  ) {
    CatalogService(commands: commands, questions: questions).register(in: &router)
    ProductService(commands: commands, questions: questions).register(in: &router)
    AssortmentService(commands: commands, questions: questions).register(in: &router)
    ConfiguratorService(commands: commands, questions: questions).register(in: &router)
    CodeService(commands: commands, questions: questions).register(in: &router)
    CustomerService(commands: commands, questions: questions).register(in: &router)
    SyncService(commands: commands, questions: questions).register(in: &router)
    OrderService(commands: commands, questions: questions).register(in: &router)
    OrderViewService(commands: commands, questions: questions).register(in: &router)
    RecommendationService(questions: questions, clock: clock).register(in: &router)
    BlanketService(commands: commands, questions: questions).register(in: &router)
    PreorderService(commands: commands, questions: questions).register(in: &router)
    ApprovalService(commands: commands, questions: questions).register(in: &router)
    ChangeService(commands: commands, questions: questions).register(in: &router)
    AppointmentService(commands: commands, questions: questions).register(in: &router)
    CarrierService(commands: commands, questions: questions).register(in: &router)
    CarrierClaimService(commands: commands, questions: questions).register(in: &router)
    CashOnDeliveryService(commands: commands, questions: questions).register(in: &router)
    LoadingService(commands: commands, questions: questions).register(in: &router)
    PickingService(commands: commands, questions: questions).register(in: &router)
    CoverageService(commands: commands, questions: questions).register(in: &router)
    CarrierRateService(commands: commands, questions: questions).register(in: &router)
    CustomsService(commands: commands, questions: questions).register(in: &router)
    AssignmentService(commands: commands, questions: questions).register(in: &router)
    DropShipService(commands: commands, questions: questions).register(in: &router)
    ShowroomService(commands: commands, questions: questions).register(in: &router)
    CancellationService(commands: commands, questions: questions).register(in: &router)
    ReturnService(commands: commands, questions: questions).register(in: &router)
    WarrantyService(commands: commands, questions: questions).register(in: &router)
    RemakeService(commands: commands, questions: questions).register(in: &router)
    DefectService(commands: commands, questions: questions).register(in: &router)
    RepairService(commands: commands, questions: questions).register(in: &router)
    ExchangeService(commands: commands, questions: questions).register(in: &router)
    ComplaintService(commands: commands, questions: questions).register(in: &router)
    MarketplaceService(commands: commands, questions: questions, clock: clock)
      .register(in: &router)
    OpportunityService(commands: commands, questions: questions).register(in: &router)
    QuoteService(commands: commands, questions: questions).register(in: &router)
    PromiseService(commands: commands, questions: questions).register(in: &router)
    ShortageService(commands: commands, questions: questions).register(in: &router)
    OrderStageService(commands: commands, questions: questions).register(in: &router)
    PricingService(commands: commands, questions: questions).register(in: &router)
    PriceSuggestionService(commands: commands, questions: questions).register(in: &router)
    InventoryService(commands: commands, questions: questions).register(in: &router)
    TransferService(commands: commands, questions: questions).register(in: &router)
    PurchasingService(commands: commands, questions: questions).register(in: &router)
    ProductionService(commands: commands, questions: questions).register(in: &router)
    FinanceService(commands: commands, questions: questions).register(in: &router)
    PointsService(commands: commands, questions: questions).register(in: &router)
    DunningService(commands: commands, questions: questions).register(in: &router)
    ReportService(questions: questions, clock: clock).register(in: &router)
  }

  /// What takes or shows a code. It waits at no till: the code would wait with it.
  private static func registerCodes(
    _ commands: CommandLog, _ questions: Questions, _ identity: IdentitySettings,
    in router: inout Router
  ) {
    GiftCardService(commands: commands, questions: questions, chance: identity.chance)
      .register(in: &router)
    PortalService(
      commands: commands, questions: questions, throttle: .ofLinks(), chance: identity.chance
    ).register(in: &router)
  }

  /// What the server does by itself: of what is registered so far.
  private static func registerRules(
    _ commands: CommandLog, _ questions: Questions, _ clock: SiteClock, in router: inout Router
  ) -> RuleRunner {
    let rules = RuleRunner(questions: questions, clock: clock, router: router)
    AutomationService(commands: commands, questions: questions, runner: rules)
      .register(in: &router)
    return rules
  }

  /// Before anybody calls: the keys of what is encrypted are there, and what rows are found by is
  /// what this server makes of them.
  private static func prepare(
    _ database: Database, _ questions: Questions, _ identity: IdentitySettings
  ) async throws {
    guard
      try await questions.askForServer({ try SecondFactors.open(with: identity.sealKeys, in: $0) })
    else {
      throw StorageError(
        .cannotOpen, "Second factors are encrypted with a key that was not given.")
    }
    guard
      try await questions.askForServer({ try SubjectSeal.opens(with: identity.sealKeys, in: $0) })
    else {
      throw StorageError(
        .cannotOpen, "The keys of people's data are encrypted with a key that was not given.")
    }
    if try await questions.askForServer({ try SearchTerms.areOld(in: $0) }) {
      try await FailureStatus.translating {
        try await database.write { try SearchTerms.renew(in: $0) }
      }
    }
  }

  /// Where nobody was ever added: adds the person who adds the others. Returns its name and the
  /// one-time password, to be shown once; nil where there is somebody.
  package func addFirstAdministrator() async throws -> (name: String, password: String)? {
    try await people.addFirstAdministrator()
  }

  /// Why no calls are wanted, in a word or two; nil while they are.
  package var unreadiness: String? {
    if health.isServing { return nil }
    return hold.isHeld ? "restored, and not agreed to" : "stopping"
  }

  /// Other limits of what each principal may call hold from now on.
  package func use(rates: [RateLimit]) { authentication.use(rates) }

  /// Writes down refused calls and audited reads, and signs the audit as it grows, until the task
  /// is cancelled; then what is left. A failure is a line, and is tried again.
  package func keepAudit() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await attempts.run(log: log) }
      if let signer { group.addTask { await signer.run(log: log) } }
    }
    // This task is cancelled by now, and its own writes would be, too.
    await Task {
      do {
        try await attempts.write(all: true)
        try await signer?.sign()
      } catch { log().error("audit not finished", metadata: ["cause": "\(error)"]) }
    }.value
  }

  /// Makes and sends notices and carries out rules until the task is cancelled. What a restored
  /// database has not sent or done yet may have been before: it waits until somebody has agreed to
  /// go on from there.
  package func keepNotices() async {
    do { try await hold.untilReleased() } catch { return }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await rules.run(log: log) }
      group.addTask { await notices.run(log: log) }
    }
  }

  /// Carries out what rules say about everything that is committed; for tests.
  package func settleRules() async throws {
    if !hold.isHeld { try await rules.settle() }
  }

  /// Makes and sends every notice that is due and may be sent, once; for tests.
  package func settleNotices() async throws {
    if !hold.isHeld { try await notices.settle() }
  }

  /// What has become of notices so far.
  package var noticeStatistics: NoticeStatistics { notices.statistics }

  /// What those who watch events cost.
  package var watchStatistics: WatchStatistics { feed.statistics }

  /// Tells load balancers that no new calls are wanted, and ends the streams that would never end
  /// by themselves; other calls that come are still served.
  package func announceShutdown() {
    health.stop()
    feed.stop()
    tills.stop()
  }
}
