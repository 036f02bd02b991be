internal import Identity
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.aftersales.v1: messages to the verb and questions about where defects come from.
struct DefectService: AftersalesV1.DefectService {
  let commands: CommandLog
  let questions: Questions

  func recordDefectFinding(
    _ request: AftersalesV1.RecordDefectFindingRequest, context: CallContext
  ) async throws -> AftersalesV1.RecordDefectFindingResponse {
    try await commands.run(request, context) { tx, command in
      let found = try RecordDefectFinding(
        documentNumber: request.documentNumber, line: Int(request.lineNumber), lot: request.lot,
        supplierCode: request.supplierCode, workOrderNumber: request.workOrderNumber,
        sequence: Int(request.operationSequence), by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(finding: .init(found))
    }
  }

  func listDefectFindings(
    _ request: AftersalesV1.ListDefectFindingsRequest, context: CallContext
  ) async throws -> AftersalesV1.ListDefectFindingsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["findings", request.orderNumber, request.lot])
    try FailureStatus.refusing {
      guard request.orderNumber.isEmpty || request.lot.isEmpty else {
        throw RequestRejection.notBoth("lot", and: "order_number")
      }
    }
    return try await questions.ask(context) { snapshot in
      let before = page.row(0).map { ID<DefectFinding>($0) }
      let found: [DefectFinding]
      if !request.lot.isEmpty {
        found = try DefectFindings.of(
          lot: request.lot, before: before, limit: page.limit, in: snapshot)
      } else if request.orderNumber.isEmpty {
        found = try DefectFindings.list(before: before, limit: page.limit, in: snapshot)
      } else {
        let order = try SalesOrders.require(
          number: request.orderNumber, field: "order_number", in: snapshot)
        found = try DefectFindings.of(order, before: before, limit: page.limit, in: snapshot)
      }
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(findings: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func getDefectReport(
    _ request: AftersalesV1.GetDefectReportRequest, context: CallContext
  ) async throws -> AftersalesV1.GetDefectReportResponse {
    var reader = RequestReader()
    let from = reader.day(request.from, "from")
    let until = reader.day(request.until, "until")
    let dimensions = request.dimensions.enumerated().compactMap { index, dimension in
      reader.choice(
        DefectReport.Dimension(dimension), dimension.rawValue, "dimensions[\(index)]")
    }
    let order =
      reader.choice(
        DefectReport.Order(request.orderBy), request.orderBy.rawValue, "order_by",
        required: false) ?? .documents
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let report = try DefectReport.of(
        from: from, until: until, by: Set(dimensions), order: order, on: today, in: snapshot)
      return .init(rows: try report.rows.map { try .init($0) })
    }
  }
}

extension DefectReport.Dimension {
  fileprivate init?(_ message: AftersalesV1.DefectDimension) {
    switch message {
    case .product: self = .product
    case .reason: self = .reason
    case .responsible: self = .responsible
    case .lot: self = .lot
    case .supplier: self = .supplier
    case .operation: self = .operation
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension DefectReport.Order {
  fileprivate init?(_ message: AftersalesV1.DefectOrder) {
    switch message {
    case .documents: self = .documents
    case .quantity: self = .quantity
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension AftersalesV1.DefectCount {
  fileprivate init(_ row: DefectCount) throws {
    self.init(
      sku: row.sku ?? "", reasonCode: row.reasonCode ?? "",
      responsible: row.responsible?.message ?? .unspecified, returns: row.returns,
      remakes: row.remakes, cost: TypeV1.Money(row.cost), repairs: row.repairs,
      lot: row.lot ?? "", supplierCode: row.supplierCode ?? "",
      workCentreCode: row.workCentreCode ?? "", operation: row.operation ?? "",
      quantity: TypeV1.Quantity(row.quantity, row.unit),
      cumulativeShareMicros: row.cumulativeShare.micros,
      delivered: row.delivered.map { TypeV1.Quantity($0, row.unit) },
      rateMicros: try row.rate()?.micros ?? 0,
      ratings: row.ratings, meanScoreHundredths: Int32(clamping: try row.meanScore() ?? 0))
  }
}

extension AftersalesV1.DefectFinding {
  init(_ found: DefectFinding) {
    self.init(
      documentNumber: found.documentNumber, originOrderNumber: found.originNumber,
      originLineNumber: Int32(found.originLine), sku: found.sku, lot: found.lot,
      supplierCode: found.supplierCode, workOrderNumber: found.workOrderNumber ?? "",
      workCentreCode: found.operation?.workCentreCode ?? "",
      operation: found.operation?.name ?? "", foundBy: found.foundBy,
      findTime: GoogleProtobuf.Timestamp(found.foundAt))
  }
}
