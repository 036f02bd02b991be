internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about the warehouses of orders that name
/// none.
struct AssignmentService: OrdersV1.AssignmentService {
  let commands: CommandLog
  let questions: Questions

  func setAssignmentPolicy(
    _ request: OrdersV1.SetAssignmentPolicyRequest, context: CallContext
  ) async throws -> OrdersV1.SetAssignmentPolicyResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    let rules = request.rules.enumerated().map { index, rule in
      AssignmentRule(rule, &reader, field: "rules[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let made = try SetAssignmentPolicy(
        validFrom: from, rules: rules, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(policy: .init(made))
    }
  }

  func getAssignmentPolicy(
    _ request: OrdersV1.GetAssignmentPolicyRequest, context: CallContext
  ) async throws -> OrdersV1.GetAssignmentPolicyResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if day != nil, request.version != 0 { reader.refuse(.notBoth("day", and: "version")) }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      .init(
        policy: .init(
          try AssignmentPolicies.require(
            version: request.version, on: day ?? today, in: snapshot)))
    }
  }

  func assignWarehouse(
    _ request: OrdersV1.AssignWarehouseRequest, context: CallContext
  ) async throws -> OrdersV1.AssignWarehouseResponse {
    let draft = try OrderDraft(request.order)
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      .init(
        assignment: .init(try WarehouseAssignments.of(draft, on: today, in: snapshot)))
    }
  }

  func getAssignment(
    _ request: OrdersV1.GetAssignmentRequest, context: CallContext
  ) async throws -> OrdersV1.GetAssignmentResponse {
    try await questions.ask(context) { snapshot in
      let field = "order_number"
      let order = try SalesOrders.require(
        number: request.orderNumber, field: field, in: snapshot)
      return .init(
        assignment: .init(
          try WarehouseAssignments.require(of: order, field: field, in: snapshot)))
    }
  }
}

extension AssignmentRule {
  fileprivate init(
    _ message: OrdersV1.AssignmentRule, _ reader: inout RequestReader, field: String
  ) {
    let choice: AssignmentChoice? =
      switch message.choice {
      case .unspecified, .complete: .complete
      case .first: .first
      default: nil
      }
    self.init(
      message.warehouseCodes,
      reader.choice(choice, message.choice.rawValue, field + ".choice") ?? .complete)
    channel = reader.choice(
      Channel(message.channel), message.channel.rawValue, field + ".channel", required: false)
    customerClass = reader.optional(message.customerClass)
    storeCode = reader.optional(message.storeCode)
    zone = reader.optional(message.zoneCode)
    productClass = reader.optional(message.productClass)
    isMade = message.made
  }
}

extension OrdersV1.AssignmentPolicy {
  fileprivate init(_ policy: AssignmentPolicy) {
    self.init(
      version: policy.version, validFrom: GoogleType.Date(policy.validFrom),
      rules: policy.rules.map { rule in
        .init(
          channel: rule.channel?.message ?? .unspecified,
          customerClass: rule.customerClass ?? "", storeCode: rule.storeCode ?? "",
          zoneCode: rule.zone ?? "", productClass: rule.productClass ?? "", made: rule.isMade,
          warehouseCodes: rule.warehouses, choice: rule.choice == .first ? .first : .complete)
      }, reason: policy.reason, madeBy: policy.madeBy,
      makeTime: GoogleProtobuf.Timestamp(policy.madeAt))
  }
}

extension OrdersV1.Assignment {
  fileprivate init(_ assignment: WarehouseAssignment) {
    self.init(
      warehouseCode: assignment.warehouseCode, policyVersion: assignment.policyVersion,
      rule: Int32(assignment.rule), explanation: .init(assignment.explanation))
  }
}
