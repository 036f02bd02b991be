internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about whom carriers reach.
struct CoverageService: OrdersV1.CoverageService {
  let commands: CommandLog
  let questions: Questions

  func setCoverage(
    _ request: OrdersV1.SetCoverageRequest, context: CallContext
  ) async throws -> OrdersV1.SetCoverageResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let made = try SetCoverage(
        validFrom: from,
        rows: request.rows.map { CoverageRow(zone: $0.zoneCode, carrier: $0.carrier) },
        reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(coverage: .init(made))
    }
  }

  func getCoverage(
    _ request: OrdersV1.GetCoverageRequest, context: CallContext
  ) async throws -> OrdersV1.GetCoverageResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if day != nil, request.version != 0 { reader.refuse(.notBoth("day", and: "version")) }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      .init(
        coverage: .init(
          try Coverages.require(
            version: request.version, on: day ?? today, in: snapshot)))
    }
  }

  func checkCoverage(
    _ request: OrdersV1.CheckCoverageRequest, context: CallContext
  ) async throws -> OrdersV1.CheckCoverageResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day") ?? commands.clock.moment().day
    try FailureStatus.refusing { try reader.check() }
    return try await questions.ask(context) { snapshot in
      let answer = try Coverages.check(
        zone: request.zoneCode,
        region: Region(
          country: request.countryCode.isEmpty ? "CN" : request.countryCode,
          code: request.regionCode), postcode: request.postcode, carrier: request.carrier,
        on: day, in: snapshot)
      return .init(
        served: answer.isServed, zoneCode: answer.zone ?? "", carriers: answer.carriers,
        pickUpWarehouseCodes: answer.pickUps, version: answer.version)
    }
  }
}

extension OrdersV1.Coverage {
  fileprivate init(_ coverage: Coverage) {
    self.init(
      version: coverage.version, validFrom: GoogleType.Date(coverage.validFrom),
      rows: coverage.rows.map { .init(zoneCode: $0.zone, carrier: $0.carrier) },
      reason: coverage.reason, madeBy: coverage.madeBy,
      madeAt: GoogleProtobuf.Timestamp(coverage.madeAt))
  }
}
