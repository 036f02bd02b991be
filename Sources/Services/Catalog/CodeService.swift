internal import Identity
internal import MasterData
internal import Messages
internal import RPC
internal import Values

/// joinery.catalog.v1: how codes of master data are written.
struct CodeService: CatalogV1.CodeService {
  let commands: CommandLog
  let questions: Questions

  func setCodePatterns(
    _ request: CatalogV1.SetCodePatternsRequest, context: CallContext
  ) async throws -> CatalogV1.SetCodePatternsResponse {
    var reader = RequestReader()
    let patterns = request.patterns.enumerated().map { index, pattern in
      CodePattern(
        kind: reader.choice(
          CodeKind(pattern.kind), pattern.kind.rawValue, "patterns[\(index)].kind") ?? .customer,
        classCode: pattern.classCode, pattern: pattern.pattern)
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let made = try SetCodePatterns(
        patterns: patterns, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(patterns: .init(made))
    }
  }

  func getCodePatterns(
    _ request: CatalogV1.GetCodePatternsRequest, context: CallContext
  ) async throws -> CatalogV1.GetCodePatternsResponse {
    try await questions.ask(context) { snapshot in
      .init(patterns: .init(try CodePatterns.require(version: request.version, in: snapshot)))
    }
  }

  func testCode(
    _ request: CatalogV1.TestCodeRequest, context: CallContext
  ) async throws -> CatalogV1.TestCodeResponse {
    var reader = RequestReader()
    let given = reader.choice(CodeKind(request.kind), request.kind.rawValue, "kind")
    try FailureStatus.refusing { try reader.check() }
    guard let kind = given else { preconditionFailure("a missing value is refused") }
    // Who is of no class is of the standard one.
    let classCode =
      kind == .customer && request.classCode.isEmpty ? Customer.standardClass : request.classCode
    return try await questions.ask(context) { snapshot in
      let patterns = try CodePatterns.current(in: snapshot).patterns(for: kind, classCode)
      let isTaken =
        try !request.code.isEmpty && CodePatterns.isTaken(request.code, kind, in: snapshot)
      return .init(
        accepted: try !isTaken
          && CodePatterns.accepts(request.code, kind, classCode, in: snapshot),
        taken: isTaken, patterns: patterns.map(\.pattern),
        example: patterns.first?.example ?? "",
        nextCode: try CodePatterns.next(kind, classCode, in: snapshot) ?? "")
    }
  }
}

extension CodeKind {
  /// Nil for a kind that is not given or not known.
  init?(_ message: CatalogV1.CodeKind) {
    switch message {
    case .customer: self = .customer
    case .product: self = .product
    case .supplier: self = .supplier
    case .warehouse: self = .warehouse
    case .priceList: self = .priceList
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: CatalogV1.CodeKind {
    switch self {
    case .customer: .customer
    case .product: .product
    case .supplier: .supplier
    case .warehouse: .warehouse
    case .priceList: .priceList
    }
  }
}

extension CatalogV1.CodePatterns {
  init(_ patterns: CodePatterns) {
    self.init(
      version: patterns.version,
      patterns: patterns.patterns.map {
        .init(kind: $0.kind.message, classCode: $0.classCode, pattern: $0.pattern)
      }, reason: patterns.reason, madeBy: patterns.madeBy,
      makeTime: GoogleProtobuf.Timestamp(patterns.madeAt))
  }
}
