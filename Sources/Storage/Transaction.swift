package import Values

/// One job on the writer: it sees the last commit and what the jobs before it in its batch did, and
/// what it does is kept or dropped as a whole. Queries take a `Snapshot`, verbs take a
/// `Transaction`, which is one.
package final class Transaction: Snapshot {
  private var events: [DomainEvent] = []
  /// Undoing the job is undoing the engine's transaction, since it holds nothing else: it needs no
  /// savepoint, which would copy each page before its first change.
  private let isFirst: Bool

  init(of connection: Connection, isFirst: Bool, faults: FaultPlan?) {
    self.isFirst = isFirst
    super.init(
      of: connection, asOf: connection.shared.finishedBatch, canWrite: true, faults: faults)
  }

  /// Runs an INSERT, UPDATE or DELETE. Returns how many rows it changed.
  @discardableResult
  package func execute<each B: Bindable>(
    _ sql: StaticString, _ values: repeat each B
  ) throws -> Int {
    let statement = try begin(sql)
    defer { statement.end() }
    bind(repeat each values, to: statement)
    while try statement.step() {}
    return connection.changedRows
  }

  /// Runs an INSERT of exactly one row, else `StorageError.Code.wrongRowCount`. Returns the id that
  /// it got. (RETURNING would say it too, but makes a temporary table each time, which costs as
  /// much as the insert.)
  package func insert<Noun, each B: Bindable>(
    _ sql: StaticString, _ values: repeat each B
  ) throws -> ID<Noun> {
    guard let id: ID<Noun> = try insertIfAbsent(sql, repeat each values) else {
      throw StorageError(.wrongRowCount, "No row was inserted", sql: sql.description)
    }
    return id
  }

  /// Runs an `INSERT … ON CONFLICT DO NOTHING` of one row. Returns the id that it got, nil when the
  /// row was there before.
  package func insertIfAbsent<Noun, each B: Bindable>(
    _ sql: StaticString, _ values: repeat each B
  ) throws -> ID<Noun>? {
    let rows = try execute(sql, repeat each values)
    guard rows <= 1 else {
      throw StorageError(.wrongRowCount, "\(rows) rows were inserted", sql: sql.description)
    }
    return rows == 0 ? nil : ID(connection.lastInsertedID)
  }

  /// Notes what happened. Events are kept in order and dropped with the effect they belong to.
  package func record(_ event: DomainEvent) {
    confine()
    events.append(event)
  }

  /// The events so far. For the command log only, which knows of all that happened in a command.
  package var recordedEvents: [DomainEvent] {
    confine()
    return events
  }

  /// The events so far, which are then forgotten. For the command log only, which stores them.
  package func takeEvents() -> [DomainEvent] {
    confine()
    defer { events = [] }
    return events
  }

  /// Notes from now on what rows were like before they are changed or removed.
  package func noteChanges(_ filter: ChangeFilter) throws {
    confine()
    try connection.changes.begin(filter, columns: connection)
  }

  /// The changes so far, which are then forgotten; no more are noted.
  package func takeChanges() -> RowChanges {
    confine()
    return connection.changes.end()
  }

  // MARK: Undoing

  func beginJob() throws(StorageError) {
    if !isFirst { try connection.run("SAVEPOINT job") }
  }

  func endJob() throws(StorageError) {
    if !isFirst { try connection.run("RELEASE job") }
  }

  /// Back to where the job began, which then goes on.
  func undoJob() throws(StorageError) {
    guard isFirst else { return try connection.run("ROLLBACK TO job") }
    try connection.run("ROLLBACK")
    try connection.run("BEGIN IMMEDIATE")
  }

  override func expire() {
    super.expire()
    _ = connection.changes.end()
  }

  /// Undoes what `body` did, rows and events, if it throws; the error goes on.
  @discardableResult
  package func attempt<T>(_ body: () throws -> T) throws -> T {
    confine()
    try checkTransaction()
    let recorded = events.count
    let noted = connection.changes.noted
    // Until something is written, undoing the whole job is as good as a savepoint of our own.
    let isNested = hasWritten
    if isNested { try connection.run("SAVEPOINT attempt") }
    do {
      let value = try body()
      if isNested { try connection.run("RELEASE attempt") }
      return value
    } catch {
      events.removeLast(max(0, events.count - recorded))
      connection.changes.noted = noted
      // A failure that rolled everything back took the savepoint with it; the writer will notice.
      if connection.isInTransaction {
        try rollBack(isNested: isNested)
      }
      throw error
    }
  }

  private func rollBack(isNested: Bool) throws {
    guard isNested else {
      try undoJob()
      hasWritten = false
      return
    }
    try connection.run("ROLLBACK TO attempt")
    try connection.run("RELEASE attempt")
  }
}
