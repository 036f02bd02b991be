internal import ArgumentParser
private import Foundation
private import Messages
private import RPC

/// The whole run: databases, rounds, figures.
struct Measurement {
  struct Plan {
    let joinery: String
    let directory: String
    /// Orders in the large database.
    let orders: Int
    /// Orders of one round.
    let batch: Int
    let rounds: Int
    let keepsLargeFile: Bool
    let parts: Set<Part>
  }

  /// What can be measured alone.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case rates, guards, overload, backups, audit, lists, latency, reads, prices, changes, models,
      imports

    var needsScript: Bool { [.rates, .guards].contains(self) }
    var needsLargeFile: Bool { [.rates, .backups, .audit, .lists].contains(self) }
  }

  /// What one burst of orders came to.
  struct Burst {
    let seconds: Double
    let serverSeconds: Double
    let orders: Int

    var rate: Double { Double(orders) / seconds }
    /// Processor time of the server per order, in microseconds.
    var serverMicroseconds: Double { serverSeconds / Double(orders) * 1e6 }
  }

  static let smallCount = 1_000
  static let callers = 64

  let plan: Plan

  private func path(_ name: String) -> String { "\(plan.directory)/\(name).db" }

  func run() async throws -> ResultTable {
    var table = ResultTable()
    if plan.parts != [.models] {
      Progress.say("building a database of \(Self.smallCount) orders")
      try await makeSmallFile()
    }
    var script: StatementScript?
    if plan.parts.contains(where: \.needsScript) {
      Progress.say("recording the statements of \(plan.batch) orders")
      script = try await record()
    }
    if plan.parts.contains(where: \.needsLargeFile) {
      Progress.say("filling a database with \(plan.orders) orders")
      try await makeLargeFile()
    }
    if let script, plan.parts.contains(.rates) { try await compareRates(script, &table) }
    if let script, plan.parts.contains(.guards) { try await compareGuards(script, &table) }
    if plan.parts.contains(.overload) { try await floodServer(&table) }
    if plan.parts.contains(.backups) {
      try await BackupCost(plan: plan, large: path("large-\(plan.orders)")).measure(&table) {
        try await burst($0)
      }
    }
    if plan.parts.contains(.audit) { try measureAudit(&table) }
    if plan.parts.contains(.lists) { try await measureLists(&table) }
    if plan.parts.contains(.latency) { try await compareLatencies(&table) }
    if plan.parts.contains(.reads) { try await measureReads(&table) }
    if plan.parts.contains(.prices) { try await measurePrices(&table) }
    if plan.parts.contains(.changes) { try await measureChanges(&table) }
    if plan.parts.contains(.imports) { try await measureImport(&table) }
    if plan.parts.contains(.models) { try ModelLoad(plan: plan).measure(&table) }
    return table
  }

  // MARK: Databases

  private func makeSmallFile() async throws {
    try DatabaseCopy.remove(path("small"))
    let server = try ServerProcess(plan.joinery, database: path("small"))
    defer { server.stop() }
    try await Company.found(on: server.port)
    try await OrderLoad(port: server.port, callers: Self.callers).place(Self.smallCount)
  }

  private func record() async throws -> StatementScript {
    try DatabaseCopy.make(of: path("small"), at: path("recorded"))
    defer { try? DatabaseCopy.remove(path("recorded")) }
    return try await RecordedRun.record(plan.batch, on: path("recorded"))
  }

  private func makeLargeFile() async throws {
    let file = path("large-\(plan.orders)")
    if plan.keepsLargeFile, FileManager.default.fileExists(atPath: file) { return }
    try DatabaseCopy.make(of: path("small"), at: file)
    let server = try ServerProcess(plan.joinery, database: file)
    defer { server.stop() }
    let load = OrderLoad(port: server.port, callers: 256)
    var present = Self.smallCount
    while present < plan.orders {
      let step = min(100_000, plan.orders - present)
      let seconds = try await load.place(step)
      present += step
      Progress.say("\(present) orders, \(Int(Double(step) / seconds)) a second")
    }
  }

  // MARK: Figures

  private func burst(_ server: ServerProcess, key: String? = nil) async throws -> Burst {
    let load = OrderLoad(port: server.port, callers: Self.callers, key: key)
    try await load.place(max(200, plan.batch / 20))
    let before = try server.processorSeconds()
    let seconds = try await load.place(plan.batch)
    return Burst(
      seconds: seconds, serverSeconds: try server.processorSeconds() - before, orders: plan.batch)
  }

  private func burstOnSmallFile() async throws -> Burst {
    try DatabaseCopy.make(of: path("small"), at: path("server"))
    let server = try ServerProcess(plan.joinery, database: path("server"))
    defer { server.stop() }
    return try await burst(server)
  }

  /// Orders a second on a copy of a file, by callers who are believed or prove who they are.
  private func rate(on file: String, key: String?) async throws -> Double {
    try DatabaseCopy.make(of: file, at: path("server"))
    let server = try ServerProcess(plan.joinery, database: path("server"), proves: key != nil)
    defer { server.stop() }
    return try await burst(server, key: key).rate
  }

  /// Orders a second that plain SQLite makes of the script, on a fresh copy of the small file.
  private func replay(_ script: StatementScript) throws -> Double {
    try DatabaseCopy.make(of: path("small"), at: path("plain"))
    let replay = try PlainReplay(script, on: path("plain"), ordersPerCommit: Self.callers)
    return Double(plan.batch) / (try replay.run())
  }

  private func compareRates(_ script: StatementScript, _ table: inout ResultTable) async throws {
    var plain: [Double] = []
    var bare: [Double] = []
    var small: [Burst] = []
    var large: [Burst] = []
    let largeServer = try ServerProcess(plan.joinery, database: path("large-\(plan.orders)"))
    defer { largeServer.stop() }
    for round in 1...plan.rounds {
      small.append(try await burstOnSmallFile())
      plain.append(try replay(script))
      bare.append(try replay(script.withoutSavepoints))
      large.append(try await burst(largeServer))
      Progress.say(
        "round \(round): \(whole(small.last?.rate)) orders a second, plain SQLite "
          + "\(whole(plain.last)), large database \(whole(large.last?.rate))")
    }
    let rate = median(small.map(\.rate))
    table.note(
      "PlaceOrder, \(Self.callers) callers",
      "\(whole(rate)) orders/s; server processor time "
        + "\(whole(median(small.map(\.serverMicroseconds)))) µs/order"
    )
    table.note(
      "plain SQLite, the same \(script.statementsPerOrder) statements, 64 per commit",
      "\(whole(median(plain))) orders/s")
    table.note(
      "the same without the savepoint of each order",
      "\(whole(median(bare))) orders/s; PlaceOrder reaches "
        + "\(ResultTable.text(median(zip(small, bare).map { $0.rate / $1 }), 2)) of it")
    table.add(
      "PlaceOrder rate ÷ plain SQLite", median(zip(small, plain).map { $0.rate / $1 }),
      .atLeast(0.5))
    table.add(
      "PlaceOrder rate, \(plan.orders) orders ÷ \(Self.smallCount)",
      median(zip(large, small).map { $0.rate / $1.rate }), .atLeast(0.8))
    table.add(
      "Server memory after that, MB", Double(try largeServer.residentBytes()) / 1e6, .atMost(200),
      digits: 0)
    largeServer.stop()
    var starts: [Double] = []
    for _ in 1...plan.rounds {
      let again = try ServerProcess(plan.joinery, database: path("large-\(plan.orders)"))
      starts.append(again.secondsToListening)
      again.stop()
    }
    table.add("Start to listening on that file, s", median(starts), .atMost(0.3), digits: 3)
  }

  /// What it costs to know who asks and to write down what was done. The server cannot do without:
  /// the first is told by callers who are believed instead; the second by the time that the rows of
  /// the log and of events take in plain SQLite, of the time that the server takes for an order.
  private func compareGuards(_ script: StatementScript, _ table: inout ResultTable) async throws {
    var proving: [Double] = []
    var rows: [Double] = []
    var left: [Double] = []
    let unrecorded = script.withoutWrites(to: ["command", "event"])
    for round in 1...(2 * plan.rounds) {
      try DatabaseCopy.make(of: path("small"), at: path("keyed"))
      let issuer = try ServerProcess(plan.joinery, database: path("keyed"))
      let key = try await Company.key(on: issuer.port)
      issuer.stop()
      // Each on a file of its own, and each as often first as last.
      var rates: [Double] = []
      for key in round.isMultiple(of: 2) ? [key, nil] : [nil, key] {
        rates.append(try await rate(on: path("keyed"), key: key))
      }
      if round.isMultiple(of: 2) { rates.reverse() }
      let (believed, proved) = (rates[0], rates[1])
      let recording = try 1 / replay(script) - 1 / replay(unrecorded)
      proving.append(proved / believed)
      rows.append(recording)
      left.append(proved * (1 / believed - recording))
      Progress.say("round \(round): \(whole(believed)) believed, \(whole(proved)) proved")
    }
    table.note(
      "PlaceOrder rate with callers proved ÷ believed", ResultTable.text(median(proving), 2))
    table.note(
      "rows of the log and of events in plain SQLite", "\(whole(median(rows) * 1e6)) µs/order")
    table.add(
      "Of the rate left by authentication, audit, events", median(left), .atLeast(0.75))
  }

  /// Three times what the server can do, for some seconds.
  private func floodServer(_ table: inout ResultTable) async throws {
    try DatabaseCopy.make(of: path("small"), at: path("server"))
    let server = try ServerProcess(plan.joinery, database: path("server"))
    defer { server.stop() }
    let peak = try await burst(server).rate
    let before = try server.residentBytes()
    let seconds = 5.0
    let flood = try Flood.onItsOwn(server.port, rate: peak * 3, seconds: seconds)
    let during = try server.residentBytes()
    let calm = try await burst(server).rate
    table.note(
      "three times \(whole(peak)) orders/s for \(whole(seconds)) s",
      "\(flood.placed) placed, \(flood.shed) told to come later, \(flood.failed) failed; memory "
        + "\(before / 1_000_000) → \(during / 1_000_000) MB")
    table.add(
      "Placed at three times the load ÷ peak",
      Double(flood.placed) / (seconds + flood.afterwards) / peak, .atLeast(0.9))
    table.add("Seconds until the last was answered", flood.afterwards, .atMost(2), digits: 1)
    table.add("Rate after that ÷ before", calm / peak, .atLeast(0.9))
  }

  private func compareLatencies(_ table: inout ResultTable) async throws {
    try DatabaseCopy.make(of: path("small"), at: path("server"))
    try DatabaseCopy.remove(path("commit"))
    let server = try ServerProcess(plan.joinery, database: path("server"))
    defer { server.stop() }
    let load = OrderLoad(port: server.port, callers: 1)
    let bare = try BareCommit(path("commit"))
    for _ in 1...200 { try await load.placeOne() }
    var orders: [Double] = []
    var commits: [Double] = []
    for _ in 1...max(500, plan.batch / 3) {
      orders.append(try await load.placeOne())
      commits.append(try bare.run())
    }
    table.note(
      "one caller: PlaceOrder; bare commit",
      "\(whole(median(orders) * 1e6)) µs; \(whole(median(commits) * 1e6)) µs")
    table.add(
      "PlaceOrder latency ÷ bare durable commit", median(orders) / median(commits), .atMost(3))
  }

  /// Export and check of the large database's audit, each by a process of its own.
  private func measureAudit(_ table: inout ResultTable) throws {
    let database = path("large-\(plan.orders)")
    let file = "\(plan.directory)/audit-\(plan.orders)"
    try? FileManager.default.removeItem(atPath: file)
    defer { try? FileManager.default.removeItem(atPath: file) }
    let export = try Tool.run(plan.joinery, ["audit", "export", file, "--database", database])
    // It began as a copy of the small one, whose entries another key has signed.
    let keys = try [database, path("small")].flatMap { database in
      let shown = try Tool.run(plan.joinery, ["audit", "key", "--database", database])
      return ["--key", shown.output.filter { $0 != "\n" }]
    }
    var seconds: [Double] = []
    var said = ""
    for _ in 1...plan.rounds {
      let check = try Tool.run(plan.joinery, ["audit", "verify", file] + keys)
      seconds.append(check.seconds)
      said = check.output
    }
    let bytes = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
    table.note(
      "audit export of \(plan.orders) orders",
      "\(ResultTable.text(export.seconds, 1)) s, \(bytes / 1_000_000) MB; "
        + (said.split(separator: ",").first.map(String.init) ?? ""))
    table.add("Audit verify of that, s", median(seconds), .atMost(5), digits: 2)
  }

  /// Pages of lists of the large database's orders, while tills place more.
  private func measureLists(_ table: inout ResultTable) async throws {
    let server = try ServerProcess(plan.joinery, database: path("large-\(plan.orders)"))
    defer { server.stop() }
    _ = try await ListLoad(port: server.port).run(pagesOfEach: 6)
    let outcome = try await ListLoad(port: server.port).run(pagesOfEach: plan.batch / 50)
    for (what, seconds) in [
      ("Page of a list", outcome.lists), ("Page of a search", outcome.searches),
    ] {
      table.note(
        "\(what), \(seconds.count) of them, \(outcome.placed) orders placed meanwhile",
        "median \(ResultTable.text(median(seconds) * 1e3, 2)) ms")
      table.add(
        "\(what) of \(plan.orders) orders, \(ListLoad.users) users, 99th percentile, ms",
        quantile(0.99, of: seconds) * 1e3, .atMost(10), digits: 1)
    }
  }

  private func measureReads(_ table: inout ResultTable) async throws {
    try DatabaseCopy.make(of: path("small"), at: path("server"))
    let server = try ServerProcess(plan.joinery, database: path("server"))
    defer { server.stop() }
    let reads = ReadLoad(port: server.port, directory: plan.directory)
    var rates: [Double] = []
    for _ in 1...plan.rounds { rates.append(try await reads.run(calls: plan.batch * 25)) }
    table.add(
      "GetOrder/s, 4 connections × 50 streams (\(reads.loader))", median(rates),
      .atLeast(40_000), digits: 0)
  }
}

extension Measurement {
  /// What an order of 50 lines would cost, without promotions and with some: one caller, from the
  /// request to the answer with every reason.
  private func measurePrices(_ table: inout ResultTable) async throws {
    try DatabaseCopy.make(of: path("small"), at: path("server"))
    let server = try ServerProcess(plan.joinery, database: path("server"))
    defer { server.stop() }
    let load = PriceLoad(port: server.port)
    for promotions in [0, PriceLoad.promotions] {
      if promotions > 0 { try await load.runPromotions() }
      _ = try await load.ask(200)
      let before = try server.processorSeconds()
      let seconds = try await load.ask(plan.batch)
      let spent = (try server.processorSeconds() - before) / Double(plan.batch) * 1e6
      let name = promotions > 0 ? ", \(promotions) promotions" : ""
      table.add(
        "Price of a \(PriceLoad.lines)-line order\(name), ms", median(seconds) * 1e3, .atMost(0.5),
        digits: 3)
      table.note(
        "server processor time of that\(promotions > 0 ? " with promotions" : "")",
        "\(whole(spent)) µs")
    }
    await load.close()
  }
}

extension Measurement {
  /// What somebody is shown of a change, in turns with the change that does it.
  private func measureChanges(_ table: inout ResultTable) async throws {
    try DatabaseCopy.make(of: path("small"), at: path("server"))
    let server = try ServerProcess(plan.joinery, database: path("server"))
    defer { server.stop() }
    let load = ChangeLoad(port: server.port)
    _ = try await load.change(200)
    let (previews, changes) = try await load.change(plan.batch / 4)
    await load.close()
    let (preview, change) = (median(previews), median(changes))
    table.add("Preview of a change ÷ the change", preview / change, .atMost(3))
    table.note(
      "of \(ChangeLoad.lines) lines, with a commit of its own: the preview; the change",
      "\(whole(preview * 1e6)) µs; \(whole(change * 1e6)) µs")
  }

  /// A file of orders row by row, the same file again, and what a till waits for meanwhile.
  private func measureImport(_ table: inout ResultTable) async throws {
    var first: [Double] = []
    var again: [Double] = []
    var waits: [Double] = []
    for round in 1...plan.rounds {
      try DatabaseCopy.make(of: path("small"), at: path("server"))
      let server = try ServerProcess(plan.joinery, database: path("server"))
      defer { server.stop() }
      let load = ImportLoad(port: server.port)
      let (seconds, till) = try await load.run(beside: OrderLoad(port: server.port, callers: 1))
      first.append(seconds)
      waits += till
      again.append(try await load.run())
      Progress.say(
        "round \(round): \(ResultTable.text(seconds, 2)) s, again "
          + "\(ResultTable.text(again.last ?? 0, 2)) s")
      await load.close()
    }
    table.add(
      "Import of \(ImportLoad.orders) orders beside a till, s", median(first), .atMost(5))
    table.note(
      "the same file again; the till's orders meanwhile",
      "\(ResultTable.text(median(again), 2)) s; median "
        + "\(ResultTable.text(median(waits) * 1e3, 1)) ms, 99th percentile "
        + "\(ResultTable.text(quantile(0.99, of: waits) * 1e3, 1)) ms")
  }
}

/// The value below which that share of the others lies.
func quantile(_ share: Double, of values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  return values.sorted()[min(values.count - 1, Int(share * Double(values.count)))]
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard let last = sorted.last else { return .nan }
  let middle = sorted.count / 2
  return sorted.count % 2 == 1
    ? sorted[middle] : (sorted[middle - 1] + min(sorted[middle], last)) / 2
}

func whole(_ value: Double?) -> String { value.map { "\(Int($0.rounded()))" } ?? "-" }

/// Lines about what goes on, beside the table.
enum Progress {
  static func say(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data("… \(line)\n".utf8))
  }
}
