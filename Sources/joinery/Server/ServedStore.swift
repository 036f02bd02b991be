internal import Backups
internal import Operations
internal import Services
internal import Storage
internal import Values

/// The database of a server with its backups and its shipped log: opened, kept and closed together.
struct ServedStore: Sendable {
  let database: Database
  private let shipper: LogShipper?
  private let keeping: Task<Void, Never>?

  /// - Parameter log: a line for the administrator.
  static func open(
    _ path: String, _ pages: PageProtection, _ keeper: BackupSchedule.Keeper?,
    log: @escaping @Sendable (String) -> Void
  ) throws -> ServedStore {
    let database: Database
    let tail: LogTail?
    do {
      tail = try keeper.map { _ throws(StorageError) in
        try LogTail(path: path, pages: pages, now: Clock.now)
      }
      database = try Database.open(
        Database.Configuration(
          path: path, pages: pages, resealed: { log($0.summary) }, tail: tail,
          beforeMigrating: MigrationCopy.before(path, keeper: keeper, log: log)),
        migrations: Schema.migrations, now: Clock.now())
    } catch {
      throw Failure("cannot serve \(path): \(error.message)")
    }
    guard let keeper, let tail else {
      return ServedStore(database: database, shipper: nil, keeping: nil)
    }
    do {
      let shipper = try keeper.ship(tail, log: log)
      let keeping = Task { await keeper.run(database, shipper, log: log) }
      return ServedStore(database: database, shipper: shipper, keeping: keeping)
    } catch {
      database.close()
      throw error
    }
  }

  /// Nil where no log is shipped.
  var shipping: MetricsText.Shipping? {
    shipper.map { shipper in
      let status = shipper.status
      return MetricsText.Shipping(
        isWhole: status.isWhole, latest: (status.reached?.microseconds ?? 0) / 1_000_000)
    }
  }

  /// New keys of the pages, the newest first.
  func use(_ keys: [PageProtection.Key]) { database.use(keys) }

  /// A backup that is under way is finished, and everything that was committed is shipped.
  func close() async {
    keeping?.cancel()
    await keeping?.value
    shipper?.finish()
    database.close()
  }
}

extension PageCounts {
  /// For whoever waits to take an earlier key away.
  var summary: String {
    if isCurrent { return "every page is encrypted with key \(key): no other is needed any more" }
    let rest = byKey.filter { $0.key != self.key }.sorted { $0.key < $1.key }
      .map { "\($0.value) \($0.key.isEmpty ? "not at all" : "with key \($0.key)")" }
    return "pages are still encrypted otherwise than with key \(key), and cannot be read or are "
      + "damaged: \(rest.joined(separator: ", "))"
  }
}
