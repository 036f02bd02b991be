private import Crypto
internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// One call of ImportOrders. Rows are read, looked up by the readers and written in short
/// transactions, one of which is prepared while another is written; what was not taken from the
/// call yet holds the sender back.
struct OrderImport: Sendable {
  let commands: CommandLog
  let context: CallContext
  let writer: ResponseWriter<OrdersV1.ImportOrdersResponse>

  /// What one transaction may hold: a till that comes in between waits for no more than this.
  static let batchRows = 25
  static let batchLines = 100
  /// What may be all or nothing, in rows and encoded bytes.
  static let atomicRows = 10_000
  static let atomicBytes = 32 << 20
  /// Verdicts of one message: a client need not take a longer one than any other.
  static let answerRows = 500
  /// Refused rows of all or nothing whose reasons are told: nobody puts right more at a time.
  static let toldRows = 1_000
  /// Transactions on their way at a time.
  private static let atOnce = 3
  private static let keyLength = 110

  func run(_ requests: RequestStream<OrdersV1.ImportOrdersRequest>) async throws {
    var messages = requests.makeAsyncIterator()
    guard let first = try await messages.next(), let opening = first.opening else {
      throw RejectionStatus.status(of: [ImportRejection.openingMissing])
    }
    let isAtomic = try check(opening)
    try await withThrowingTaskGroup(of: Settled.self) { group in
      defer { group.cancelAll() }
      var batch = Batch(isAtomic: isAtomic)
      var answers = Answers(writer: writer)
      var message: OrdersV1.ImportOrdersRequest? = first
      while let taken = message {
        for row in taken.rows {
          guard let full = try batch.add(row) else { continue }
          if answers.waiting == Self.atOnce { try await answers.take(&group) }
          start(full, number: answers.started(), opening, in: &group)
        }
        message = try await messages.next()
        guard message?.opening == nil else {
          throw RejectionStatus.status(of: [ImportRejection.openingRepeated])
        }
      }
      if !batch.rows.isEmpty { start(batch.rows, number: answers.started(), opening, in: &group) }
      while answers.waiting > 0 { try await answers.take(&group) }
    }
  }

  /// Whether it is all or nothing.
  private func check(_ opening: OrdersV1.ImportOpening) throws -> Bool {
    var reader = RequestReader()
    let isAtomic: Bool? =
      switch opening.mode {
      case .atomic: true
      case .bestEffort: false
      case .unspecified, .unrecognized: nil
      }
    let mode = reader.choice(isAtomic, opening.mode.rawValue, "opening.mode")
    _ = reader.text(opening.source, "opening.source", 1...100)
    if context.metadata[CommandLog.keyField]?.utf8.count ?? 0 > Self.keyLength {
      reader.refuse(
        .outOfRange(CommandLog.keyField, allowed: "1 to \(Self.keyLength) characters"))
    }
    try FailureStatus.refusing { try reader.check() }
    return mode == true
  }

  // MARK: Batches

  /// The rows of the next transaction. Where one ends follows from the rows alone, not from the
  /// messages that they come in: the same file again is the same commands.
  private struct Batch {
    let isAtomic: Bool
    private(set) var rows: [OrdersV1.ImportRow] = []
    private var lines = 0
    private var bytes = 0

    init(isAtomic: Bool) { self.isAtomic = isAtomic }

    /// The rows before this one, where it does not fit any more.
    mutating func add(_ row: OrdersV1.ImportRow) throws -> [OrdersV1.ImportRow]? {
      let count = row.order?.lines.count ?? 0
      if isAtomic {
        bytes += row.encoded().count
        guard rows.count < OrderImport.atomicRows, bytes <= OrderImport.atomicBytes else {
          throw RejectionStatus.status(of: [ImportRejection.tooLarge])
        }
      }
      let isFull = rows.count >= OrderImport.batchRows || lines + count > OrderImport.batchLines
      guard !isAtomic, isFull, !rows.isEmpty else {
        rows.append(row)
        lines += count
        return nil
      }
      defer { (rows, lines) = ([row], count) }
      return rows
    }
  }

  private struct Settled: Sendable {
    let number: Int
    let reply: OrdersV1.ImportOrdersResponse
  }

  /// Sends the answers in the order of the rows.
  private struct Answers {
    let writer: ResponseWriter<OrdersV1.ImportOrdersResponse>
    private var begun = 0
    private var sent = 0
    private var done: [Int: OrdersV1.ImportOrdersResponse] = [:]

    init(writer: ResponseWriter<OrdersV1.ImportOrdersResponse>) { self.writer = writer }

    var waiting: Int { begun - sent - done.count }

    mutating func started() -> Int {
      begun += 1
      return begun
    }

    mutating func take(_ group: inout ThrowingTaskGroup<Settled, any Error>) async throws {
      guard let settled = try await group.next() else { return }
      done[settled.number] = settled.reply
      while let reply = done.removeValue(forKey: sent + 1) {
        sent += 1
        for part in reply.parts(of: OrderImport.answerRows) { try await writer.write(part) }
      }
    }
  }

  private func start(
    _ rows: [OrdersV1.ImportRow], number: Int, _ opening: OrdersV1.ImportOpening,
    in group: inout ThrowingTaskGroup<Settled, any Error>
  ) {
    group.addTask {
      Settled(number: number, reply: try await carryOut(rows, number: number, opening))
    }
  }

  /// As a command of the log, with a key of its own.
  private func carryOut(
    _ rows: [OrdersV1.ImportRow], number: Int, _ opening: OrdersV1.ImportOpening
  ) async throws -> OrdersV1.ImportOrdersResponse {
    var metadata = context.metadata
    if let key = metadata[CommandLog.keyField], !key.isEmpty {
      metadata.remove(CommandLog.keyField)
      metadata.add(CommandLog.keyField, "\(key)#\(number)")
    }
    let inner = CallContext(
      method: context.method, metadata: metadata, deadline: context.deadline, peer: context.peer,
      identity: context.identity)
    inner[Authentication.Key.self] = context[Authentication.Key.self]
    let caller = try CallerMetadata.caller(context)
    let batch = rows.map { ImportedRow($0, from: opening.source, by: caller) }
    return try await commands.run(
      OrdersV1.ImportOrdersRequest(opening: opening, rows: rows), inner,
      preparing: { snapshot, now in batch.map { $0.prepared(in: snapshot, at: now) } }
    ) { (tx, command, found: [Result<PreparedOrder, any Error>]) in
      let work = ImportWork(
        rows: Array(zip(batch, found)), allVerdicts: opening.allVerdicts)
      return opening.mode == .atomic
        ? try work.allOrNothing(in: tx, at: command.moment)
        : try work.oneByOne(in: tx, at: command.moment)
    }
  }
}

/// A row as it was read.
struct ImportedRow: Sendable {
  /// As the caller counts.
  let number: Int64
  /// As the caller calls it.
  let externalID: String
  /// What the row is known by.
  let order: ImportOrder
  /// Empty where the row does not say it.
  let warehouse: String
  /// Looks up all that the order names.
  let prepare: @Sendable (Moment, Snapshot) throws -> PreparedOrder

  init(_ row: OrdersV1.ImportRow, from source: String, by caller: Caller) {
    let input = row.order ?? .init()
    let read = Result { try OrderDraft(reading: row.order) }
    number = row.row
    externalID = input.externalId
    order = ImportOrder(
      channel: Channel(input.channel), externalID: input.externalId,
      fingerprint: Array(SHA256.hash(data: input.encoded()).prefix(16)), source: source,
      by: caller.name)
    warehouse = input.warehouseCode
    prepare = { now, snapshot in
      try PreparedOrder(
        PlaceOrder(try read.get(), by: caller.name, roles: caller.roles, source: source),
        in: snapshot, at: now)
    }
  }

  /// A refusal is found again in the transaction, and is the answer then.
  func prepared(in snapshot: Snapshot, at now: Moment) -> Result<PreparedOrder, any Error> {
    Result { try prepare(now, snapshot) }
  }
}

/// The rows of one transaction, with what was looked up for them.
struct ImportWork {
  let rows: [(row: ImportedRow, prepared: Result<PreparedOrder, any Error>)]
  let allVerdicts: Bool

  private struct Undone: Error {}

  func oneByOne(in tx: Transaction, at now: Moment) throws -> OrdersV1.ImportOrdersResponse {
    var reply = OrdersV1.ImportOrdersResponse(counts: .init())
    for (row, prepared) in rows {
      let (verdict, refusals) = try settle(row, prepared, in: tx, at: now)
      try note(refusals, of: row, in: tx, at: now)
      reply.add(verdict, inFull: allVerdicts)
    }
    return reply
  }

  func allOrNothing(in tx: Transaction, at now: Moment) throws -> OrdersV1.ImportOrdersResponse {
    var settled: [(verdict: OrdersV1.ImportVerdict, refusals: [any Rejection])] = []
    do {
      try tx.attempt {
        for (row, prepared) in rows {
          settled.append(try settle(row, prepared, in: tx, at: now))
        }
        if settled.contains(where: { $0.verdict.outcome == .refused }) { throw Undone() }
      }
    } catch is Undone {
      for (index, (row, _)) in rows.enumerated() {
        try note(settled[index].refusals, of: row, in: tx, at: now)
        let verdict = settled[index].verdict
        guard verdict.outcome != .refused else { continue }
        settled[index].verdict = .init(
          row: verdict.row, externalId: verdict.externalId, outcome: .refused)
      }
    }
    var reply = OrdersV1.ImportOrdersResponse(counts: .init())
    var told = 0
    for var (verdict, _) in settled {
      told += verdict.violations.isEmpty ? 0 : 1
      if told > OrderImport.toldRows { verdict.violations = [] }
      reply.add(verdict, inFull: allVerdicts)
    }
    return reply
  }

  private func settle(
    _ row: ImportedRow, _ prepared: Result<PreparedOrder, any Error>, in tx: Transaction,
    at now: Moment
  ) throws -> (OrdersV1.ImportVerdict, [any Rejection]) {
    var verdict = OrdersV1.ImportVerdict(
      row: row.number, externalId: Echo.text(row.externalID))
    do {
      switch try tx.attempt({ try row.order.run(prepared, in: tx, at: now) }) {
      case .placed(let placed):
        verdict.outcome = placed.state == .confirmed ? .placed : .waiting
        verdict.orderNumber = placed.number
        verdict.state = placed.state.message
        if case .success(let looked) = prepared, looked.mayHold {
          verdict.holds = try OrderHolds.list(of: placed, in: tx).map { .init($0) }
        }
      case .unchanged(let number, let state):
        verdict.outcome = .unchanged
        verdict.orderNumber = number
        verdict.state = state.message
      }
      return (verdict, [])
    } catch {
      guard let refusals = RejectionStatus.refusals(error) else { throw error }
      verdict.outcome = .refused
      verdict.violations = refusals.prefix(20).map { TypeV1.Violation($0) }
      return (verdict, refusals)
    }
  }

  private func note(
    _ refusals: [any Rejection], of row: ImportedRow, in tx: Transaction, at now: Moment
  ) throws {
    guard !refusals.isEmpty else { return }
    try row.order.note(refusals, warehouse: row.warehouse, in: tx, at: now)
  }
}

extension OrdersV1.ImportOrdersResponse {
  /// The same in messages of so many verdicts at most, of which the first has the counts.
  fileprivate func parts(of rows: Int) -> [Self] {
    guard verdicts.count > rows else { return [self] }
    return stride(from: 0, to: verdicts.count, by: rows).map { start in
      Self(
        verdicts: Array(verdicts[start..<min(start + rows, verdicts.count)]),
        counts: start == 0 ? counts : .init())
    }
  }

  /// Counts a verdict, and tells it where somebody must look at it or all were asked for.
  fileprivate mutating func add(_ verdict: OrdersV1.ImportVerdict, inFull: Bool) {
    var isTold = inFull
    switch verdict.outcome {
    case .placed:
      counts?.placed += 1
      isTold = isTold || !verdict.holds.isEmpty
    case .waiting:
      counts?.waiting += 1
      isTold = true
    case .unchanged: counts?.unchanged += 1
    case .refused, .unspecified, .unrecognized:
      counts?.refused += 1
      isTold = isTold || !verdict.violations.isEmpty
    }
    if isTold { verdicts.append(verdict) }
  }
}

/// What is wrong with an import as a whole.
enum ImportRejection: Rejection, Equatable {
  case openingMissing
  case openingRepeated
  case tooLarge

  var kind: RejectionKind { .invalid }

  var reason: String {
    switch self {
    case .openingMissing: "OPENING_MISSING"
    case .openingRepeated: "OPENING_REPEATED"
    case .tooLarge: "IMPORT_TOO_LARGE"
    }
  }

  var message: String {
    switch self {
    case .openingMissing: "The first message of an import has the opening"
    case .openingRepeated: "Only the first message of an import has the opening"
    case .tooLarge:
      "All or nothing is for \(OrderImport.atomicRows) rows and \(OrderImport.atomicBytes >> 20) "
        + "MiB at most"
    }
  }

  var field: String? {
    switch self {
    case .openingMissing, .openingRepeated: "opening"
    case .tooLarge: "rows"
    }
  }

  var facts: [Fact] { [] }
}
