internal import ArgumentParser
internal import Messages
internal import RPC

/// `joinery product import`: a file of rows through the batches that every other client calls.
struct ProductImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring in a catalogue from a file: first all of it is checked, then it is written.",
    discussion: """
      A .csv file names the fields of its rows in its first row, as the API calls them \
      (`joinery describe catalog.v1.Product`); any other file has a row as JSON on each line. \
      Values are written as everywhere: 6 pcs, 12.50 CNY, 2026-11-21. What a row leaves out is as \
      if nobody had said it.

      The whole file is checked first, and what would be refused is shown with its line; nothing \
      is written then, unless --best-effort leaves it out. --dry-run ends there. A file that was \
      brought in before is unchanged row by row, so it can be brought in again at any time.
      """)

  /// What the rows are.
  enum Rows: String, ExpressibleByArgument, CaseIterable {
    case products, units, barcodes, prices, substitutes, lifecycles, accessories

    var method: MethodDescriptor {
      switch self {
      case .products: CatalogV1.CatalogServiceMethods.upsertProducts
      case .units: CatalogV1.ProductServiceMethods.upsertProductUnits
      case .barcodes: CatalogV1.ProductServiceMethods.upsertBarcodes
      case .prices: CatalogV1.CatalogServiceMethods.upsertPrices
      case .substitutes: CatalogV1.CatalogServiceMethods.upsertSubstitutes
      case .lifecycles: CatalogV1.AssortmentServiceMethods.upsertLifecycles
      case .accessories: CatalogV1.AssortmentServiceMethods.upsertAccessories
      }
    }

    /// The fields that name a row.
    var key: [String] {
      switch self {
      case .products, .lifecycles: ["sku"]
      case .units: ["sku", "unit_code"]
      case .barcodes: ["barcode"]
      case .prices: ["price_list_code", "sku", "minimum_quantity", "valid_from"]
      case .substitutes: ["sku", "substitute_sku"]
      case .accessories: ["sku", "accessory_sku"]
      }
    }

    /// Full names of the request, of one of its rows, and of the reply.
    var types: (request: String, row: String, reply: String) {
      switch self {
      case .products:
        (
          CatalogV1.UpsertProductsRequest.fullName, CatalogV1.Product.fullName,
          CatalogV1.UpsertProductsResponse.fullName
        )
      case .units:
        (
          CatalogV1.UpsertProductUnitsRequest.fullName, CatalogV1.ProductUnit.fullName,
          CatalogV1.UpsertProductUnitsResponse.fullName
        )
      case .barcodes:
        (
          CatalogV1.UpsertBarcodesRequest.fullName, CatalogV1.Barcode.fullName,
          CatalogV1.UpsertBarcodesResponse.fullName
        )
      case .prices:
        (
          CatalogV1.UpsertPricesRequest.fullName, CatalogV1.Price.fullName,
          CatalogV1.UpsertPricesResponse.fullName
        )
      case .substitutes:
        (
          CatalogV1.UpsertSubstitutesRequest.fullName, CatalogV1.Substitute.fullName,
          CatalogV1.UpsertSubstitutesResponse.fullName
        )
      case .lifecycles:
        (
          CatalogV1.UpsertLifecyclesRequest.fullName, CatalogV1.ProductLifecycle.fullName,
          CatalogV1.UpsertLifecyclesResponse.fullName
        )
      case .accessories:
        (
          CatalogV1.UpsertAccessoriesRequest.fullName, CatalogV1.Accessory.fullName,
          CatalogV1.UpsertAccessoriesResponse.fullName
        )
      }
    }
  }

  @Argument(help: ArgumentHelp("The rows.", valueName: "file")) var file: String
  @Option(name: .long, help: "What the rows are.") var rows: Rows = .products
  @Flag(name: .long, help: "Leave out what is refused, and bring in the rest.")
  var bestEffort = false
  @OptionGroup var options: CommandOptions
  @OptionGroup var connection: ConnectionOptions

  /// Rows of one command; more would hold the writer for too long.
  private static let together = 500

  func run() async throws {
    let all = try RowFile(path: file, message: rows.types.row).rows
    try await RemoteCall.with(connection) { channel in
      let twice = repeated(in: all)
      var bad = Set(twice.map(\.line))
      let checked = try await send(all.filter { !bad.contains($0.line) }, dryRun: true, channel)
      let refused = (twice + checked.filter(\.isRefused)).sorted { $0.line < $1.line }
      bad.formUnion(refused.map(\.line))
      var verdicts = checked.filter { !$0.isRefused } + refused
      if !options.dryRun, refused.isEmpty || bestEffort {
        verdicts =
          try await send(all.filter { !bad.contains($0.line) }, dryRun: false, channel) + refused
      }
      try show(verdicts, all.count)
      if !refused.isEmpty, !options.dryRun, !bestEffort {
        Terminal.standardError("nothing was written: put these rows right, or use --best-effort")
      }
      options.sayWhenDry()
      if verdicts.contains(where: \.isRefused) { throw ExitCode(1) }
    }
  }

  /// What became of a row.
  struct Verdict {
    let line: Int
    let code: String
    let outcome: String
    /// "products[3].name: is required [REQUIRED]"
    let why: [String]

    var isRefused: Bool { outcome == "refused" }
  }

  /// A batch knows its own rows alone: what two batches said in turns would never be unchanged.
  private func repeated(in all: [RowFile.Row]) -> [Verdict] {
    var first: [[String]: Int] = [:]
    return all.compactMap { row in
      let key = rows.key.map { row.value.text($0) }
      guard let line = first[key] else {
        first[key] = row.line
        return nil
      }
      return Verdict(
        line: row.line, code: key[0], outcome: "refused",
        why: ["\(rows.key[0]): already in line \(line) of the file [DUPLICATE_IN_BATCH]"])
    }
  }

  private func send(
    _ all: [RowFile.Row], dryRun: Bool, _ channel: any ClientChannel
  ) async throws -> [Verdict] {
    var verdicts: [Verdict] = []
    for (number, start) in stride(from: 0, to: all.count, by: Self.together).enumerated() {
      let part = Array(all[start..<min(start + Self.together, all.count)])
      let message = try encode(part)
      var command = options
      command.dryRun = dryRun
      command.key = options.key.map { "\($0)-\(dryRun ? "check" : "write")-\(number)" }
      let metadata = command.extend(connection.metadata)
      let reply: Reply<AnyMessage> = try await StepUp.retrying(channel, connection) {
        try await channel.unary(
          rows.method, message, options: connection.callOptions(metadata))
      }
      verdicts += try read(reply.message.bytes, of: part)
    }
    return verdicts
  }

  /// Names the line of the file that does not fit.
  private func encode(_ part: [RowFile.Row]) throws -> AnyMessage {
    let mapping = JSONMapping()
    for row in part {
      do { _ = try mapping.bytes(from: row.value, as: rows.types.row) } catch {
        throw Failure("line \(row.line): \(error)")
      }
    }
    let request = JSONValue.object([.init(rows.rawValue, .array(part.map(\.value)))])
    return AnyMessage(bytes: try mapping.bytes(from: request, as: rows.types.request))
  }

  private func read(_ bytes: [UInt8], of part: [RowFile.Row]) throws -> [Verdict] {
    let reply = try JSONMapping().value(bytes, as: rows.types.reply)
    guard case .array(let verdicts)? = reply["verdicts"] else { return [] }
    return zip(part, verdicts).map { row, verdict in
      var why: [String] = []
      if case .array(let violations)? = verdict["violations"] {
        why = violations.map { violation in
          "\(violation.text("field")): \(violation.text("message")) [\(violation.text("reason"))]"
        }
      }
      return Verdict(
        line: row.line, code: verdict.text("code"),
        outcome: verdict.text("outcome").replacing("ROW_OUTCOME_", with: "").lowercased(), why: why)
    }
  }

  private func show(_ verdicts: [Verdict], _ count: Int) throws {
    let refused = verdicts.filter(\.isRefused)
    let counts = ["created", "updated", "unchanged", "refused"].map { outcome in
      (outcome, verdicts.count { $0.outcome == outcome })
    }
    guard connection.output == .table else {
      let value = JSONValue.object([
        .init("counts", .object(counts.map { .init($0.0, .number("\($0.1)")) })),
        .init(
          "refused",
          .array(
            refused.map { verdict in
              .object([
                .init("line", .number("\(verdict.line)")), .init("code", .text(verdict.code)),
                .init("why", .array(verdict.why.map { .text($0) })),
              ])
            })),
      ])
      return Terminal.standardOutput(value.text(pretty: true))
    }
    if !refused.isEmpty {
      let lines = AlignedColumns.lines(
        header: ["line", "code", "why"],
        rows: refused.map { ["\($0.line)", $0.code, $0.why.joined(separator: "; ")] })
      Terminal.standardOutput(lines.joined(separator: "\n") + "\n")
    }
    Terminal.standardOutput(
      "\(count) rows: " + counts.map { "\($0.1) \($0.0)" }.joined(separator: ", "))
  }
}

extension JSONValue {
  /// Of a field by its name or its name in JSON; empty when it is not there.
  fileprivate func text(_ name: String) -> String {
    let words = name.split(separator: "_")
    let inJSON =
      words.prefix(1).joined()
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined()
    guard let value = self[name] ?? self[inJSON] else { return "" }
    if case .text(let text) = value { return text }
    return value.text(pretty: false)
  }
}
