/// What the store could not do. It never leaves the server: Services turn it into a status, and a
/// caller outside sees neither the message nor the SQL.
///
/// Catch one kind with `catch let error as StorageError where error.code == .constraint(.unique)`.
package struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: Hashable, Sendable {
    /// The file or its directory cannot be opened, created or written.
    case cannotOpen
    /// Another server has the database open.
    case locked
    /// The file is damaged or truncated.
    case corrupt
    /// The file's pages are encrypted with a key that was not given.
    case keyMissing
    /// The file is no database, or not one of ours.
    case foreignFile
    /// A newer version of the program has migrated the database.
    case newerSchema
    /// The migrations in the program disagree with those that were applied (edited, reordered,
    /// misnamed).
    case changedMigration
    /// The SQL of a migration failed; nothing of the upgrade was kept.
    case failedMigration
    /// The queue is full; the job was not run. Try again later.
    case overloaded
    /// The database has been closed; the job was not run.
    case closed
    /// A row would break a rule of its table.
    case constraint(Constraint)
    /// The disk (or the page limit) is full; nothing of the transaction was kept.
    case full
    /// The engine got no memory; nothing of the job was kept. Try again later.
    case outOfMemory
    /// The disk failed. When it happens to the writer, every later write is `failed`.
    case ioFailure
    /// An earlier failure made writing unsafe: the server must be restarted.
    case failed
    /// Another process holds a lock for longer than the busy timeout.
    case busy
    /// A snapshot was asked to write.
    case readOnly
    /// A column holds what its reader cannot take: NULL, another type, an unknown enum text.
    case corruptValue
    /// `returning` found no row, or more than one.
    case wrongRowCount
    /// The SQL does not compile, is not one statement, or fails by itself (overflow).
    case invalidStatement
    /// An armed fault of a `FaultPlan` (tests only).
    case injected
    /// Any other result of the engine.
    case engine
  }

  package enum Constraint: Hashable, Sendable {
    case unique, primaryKey, foreignKey, notNull, check, dataType, other
  }

  package let code: Code
  /// One sentence.
  package let message: String
  /// The statement at fault; empty when there is none.
  package let sql: String

  package init(_ code: Code, _ message: String, sql: String = "") {
    self.code = code
    self.message = message
    self.sql = sql
  }

  package var description: String { sql.isEmpty ? message : "\(message) [\(sql)]" }
}
