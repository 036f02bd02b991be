internal import Glibc
package import Values

/// A view of the database at one commit: reads repeat, and nothing that is written meanwhile shows.
/// Valid only inside the closure that received it and on its thread; use anywhere else traps.
///
/// SQL is a constant of the program and values are parameters: no statement is ever built from
/// data, and each is prepared once per connection.
package class Snapshot {
  let connection: Connection
  let faults: FaultPlan?
  /// The view holds this batch of the writer's and those before it.
  let batch: UInt64
  /// False on a reader's snapshot.
  let canWrite: Bool
  /// Whether a statement that writes has begun since the job began or was undone.
  var hasWritten = false
  /// What the statements from now on see of what belongs to somebody: those that ask for it with
  /// `in_scope`, which is how every question that a caller asks is answered.
  package var scope = DataScope.all
  /// Tables read so far.
  private(set) var tablesRead = TableSet()
  /// Tables written so far, if only perhaps: what was undone counts as well.
  private(set) var tablesWritten = TableSet()
  private let thread = pthread_self()
  private var isOpen = true

  init(
    of connection: Connection, asOf batch: UInt64, canWrite: Bool = false,
    faults: FaultPlan? = nil
  ) {
    self.connection = connection
    self.batch = batch
    self.canWrite = canWrite
    self.faults = faults
  }

  /// The first row, or nil when there is none.
  package func first<T, each B: Bindable>(
    _ sql: StaticString, _ values: repeat each B, map: (Row) throws -> T
  ) throws -> T? {
    let statement = try begin(sql)
    defer { statement.end() }
    bind(repeat each values, to: statement)
    guard try statement.step() else { return nil }
    return try read(statement, map)
  }

  /// All rows in the order of the statement, which must have a bound of its own.
  package func all<T, each B: Bindable>(
    _ sql: StaticString, _ values: repeat each B, map: (Row) throws -> T
  ) throws -> [T] {
    let statement = try begin(sql)
    defer { statement.end() }
    bind(repeat each values, to: statement)
    var rows: [T] = []
    while try statement.step() {
      // Few rows are the rule, and large ones: growing would move them twice.
      if rows.isEmpty { rows.reserveCapacity(4) }
      rows.append(try read(statement, map))
    }
    return rows
  }

  /// Each row in turn; other statements may run meanwhile, this one included.
  package func forEach<each B: Bindable>(
    _ sql: StaticString, _ values: repeat each B, body: (Row) throws -> Void
  ) throws {
    let statement = try begin(sql)
    defer { statement.end() }
    bind(repeat each values, to: statement)
    while try statement.step() { try read(statement, body) }
  }

  /// Whether what was read from these tables when that batch was the last would be read now.
  func stillHolds(_ tables: TableSet, asOf batch: UInt64) -> Bool {
    confine()
    return tables.isDisjoint(with: tablesWritten)
      && !connection.shared.changed(tables, since: batch)
  }

  /// Runs `body`; the tables that it read.
  func notingTables<T>(_ body: () throws -> T) throws -> (value: T, tables: TableSet) {
    let before = tablesRead
    tablesRead = TableSet()
    defer { tablesRead.formUnion(before) }
    return (try body(), tablesRead)
  }

  /// Counts tables as read from whose rows were had otherwise.
  func noteReading(_ tables: TableSet) { tablesRead.formUnion(tables) }

  /// From now on every use traps.
  func expire() { isOpen = false }

  func begin(_ sql: StaticString) throws -> Statement {
    confine()
    if canWrite { try faults?.reach(.statement) }
    try checkTransaction()
    connection.scope = scope
    let statement = try connection.begin(sql)
    tablesRead.formUnion(statement.tables.reads)
    guard !statement.isReadOnly else { return statement }
    guard canWrite else {
      statement.end()
      throw StorageError(.readOnly, "A snapshot cannot write", sql: sql.description)
    }
    hasWritten = true
    tablesWritten.formUnion(statement.tables.writes)
    return statement
  }

  /// A full disk makes the engine roll everything back; what a body that does not notice did next
  /// would be a transaction of its own.
  func checkTransaction() throws {
    guard connection.isInTransaction else {
      throw StorageError(.failed, "An earlier failure rolled this transaction back")
    }
  }

  // Passing a pack on asks the runtime for the type of a tuple of it.
  @inline(__always) func bind<each B: Bindable>(_ values: repeat each B, to statement: Statement) {
    var index: Int32 = 0
    for value in repeat each values {
      index += 1
      value.bind(to: Parameter(statement: statement, index: index))
    }
    statement.checkParameters(index)
  }

  func read<T>(_ statement: Statement, _ map: (Row) throws -> T) throws -> T {
    let value = try map(Row(of: statement))
    try statement.checkReadable()
    return value
  }

  func confine() {
    precondition(isOpen, "\(Self.self) used outside its closure")
    precondition(
      pthread_equal(thread, pthread_self()) != 0, "\(Self.self) used on another thread")
  }
}

@available(*, unavailable)
extension Snapshot: Sendable {}
