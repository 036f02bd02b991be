internal import Identity
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about when goods come and who gets them.
struct PromiseService: OrdersV1.PromiseService {
  let commands: CommandLog
  let questions: Questions

  func promiseOrder(
    _ request: OrdersV1.PromiseOrderRequest, context: CallContext
  ) async throws -> OrdersV1.PromiseOrderResponse {
    let caller = try CallerMetadata.caller(context)
    let verb = AskPromise(
      try OrderDraft(request.order), by: caller.name, roles: caller.roles)
    return try await commands.answer(context) { tx, command in
      let promises = try verb.run(in: tx, at: command.moment)
      return .init(
        readyOn: promises.readyOn, lines: promises.map { .init($0) }, steps: promises.steps)
    }
  }

  func getPromises(
    _ request: OrdersV1.GetPromisesRequest, context: CallContext
  ) async throws -> OrdersV1.GetPromisesResponse {
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(
        number: request.orderNumber, field: "order_number", in: snapshot)
      let promises = try OrderPromises.of(order, on: today, in: snapshot)
      return .init(
        readyOn: promises.readyOn, lines: promises.map { .init($0) }, steps: promises.steps)
    }
  }

  func refreshPromises(
    _ request: OrdersV1.RefreshPromisesRequest, context: CallContext
  ) async throws -> OrdersV1.RefreshPromisesResponse {
    try await commands.run(request, context) { tx, command in
      let verb =
        request.orderNumber.isEmpty
        ? RefreshPromises.daily : RefreshPromises(of: request.orderNumber)
      let (changes, seen) = try verb.run(in: tx, at: command.moment)
      return .init(changes: changes.map { .init($0) }, seen: Int32(clamping: seen))
    }
  }

  func setAllocationPolicy(
    _ request: OrdersV1.SetAllocationPolicyRequest, context: CallContext
  ) async throws -> OrdersV1.SetAllocationPolicyResponse {
    var reader = RequestReader()
    let criteria = request.criteria.enumerated().compactMap { index, criterion in
      reader.choice(AllocationCriterion(criterion), criterion.rawValue, "criteria[\(index)]")
    }
    let rules = request.rules.enumerated().map { index, rule in
      PriorityRule(rule, &reader, field: "rules[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let policy = try SetAllocationPolicy(
        criteria: criteria, rules: rules, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(policy: .init(policy))
    }
  }

  func getAllocationPolicy(
    _ request: OrdersV1.GetAllocationPolicyRequest, context: CallContext
  ) async throws -> OrdersV1.GetAllocationPolicyResponse {
    try await questions.ask(context) { snapshot in
      let policy =
        request.version == 0
        ? try AllocationPolicies.current(in: snapshot)
        : try AllocationPolicies.require(
          version: request.version, field: "version", in: snapshot)
      return .init(policy: .init(policy))
    }
  }

  func getPriority(
    _ request: OrdersV1.GetPriorityRequest, context: CallContext
  ) async throws -> OrdersV1.GetPriorityResponse {
    try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(
        number: request.orderNumber, field: "order_number", in: snapshot)
      return .init(
        lines: try AllocationPolicies.priorities(of: order, in: snapshot).map { .init($0) })
    }
  }

  func setPriority(
    _ request: OrdersV1.SetPriorityRequest, context: CallContext
  ) async throws -> OrdersV1.SetPriorityResponse {
    try await commands.run(request, context) { tx, command in
      let priorities = try SetPriority(
        number: request.orderNumber, score: request.score.map(Int.init), reason: request.reason,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(lines: priorities.map { .init($0) })
    }
  }

  func reallocate(
    _ request: OrdersV1.ReallocateRequest, context: CallContext
  ) async throws -> OrdersV1.ReallocateResponse {
    try await commands.run(request, context) { tx, command in
      let done = try Reallocate(
        sku: request.sku, warehouseCode: request.warehouseCode, reason: request.reason,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      guard request.preview.isEmpty || request.preview == done.token else {
        throw AllocationRejection.previewOutdated(sku: request.sku)
      }
      return .init(
        policyVersion: done.policyVersion, changes: done.changes.map { .init($0) },
        verdicts: done.verdicts.map { .init($0) }, preview: done.token)
    }
  }
}
