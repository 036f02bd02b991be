internal import Identity
internal import MasterData
internal import Messages
internal import RPC
internal import Values

/// joinery.customers.v1: customers as other systems keep them.
struct SyncService: CustomersV1.SyncService {
  let commands: CommandLog
  let questions: Questions

  func syncCustomers(
    _ request: CustomersV1.SyncCustomersRequest, context: CallContext
  ) async throws -> CustomersV1.SyncCustomersResponse {
    let verb = SyncCustomers(
      request.customers.enumerated().map { SyncDraft($1, row: $0) },
      hidden: CustomerService.hidden(from: context), by: try CallerMetadata.caller(context).name)
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { .init($0) })
    }
  }

  func listExternalIds(
    _ request: CustomersV1.ListExternalIdsRequest, context: CallContext
  ) async throws -> CustomersV1.ListExternalIdsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 2,
      question: ["external-ids", request.customerCode, request.prefix])
    let after = page.after.flatMap { keys in
      Int64(keys[1]).map { (text: keys[0], id: ID<ExternalLink>($0)) }
    }
    return try await questions.ask(context) { snapshot in
      let customer =
        try request.customerCode.isEmpty
        ? nil
        : Customers.require(code: request.customerCode, field: "customer_code", in: snapshot)
      let found = try ExternalIDs.list(
        of: customer, prefix: request.prefix, after: after, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.externalID, "\($0.id.value)"] }
      return .init(externalIds: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func removeExternalId(
    _ request: CustomersV1.RemoveExternalIdRequest, context: CallContext
  ) async throws -> CustomersV1.RemoveExternalIdResponse {
    try await commands.run(request, context) { tx, command in
      try RemoveExternalID(externalID: request.externalId, by: command.caller.name)
        .run(in: tx, at: command.moment)
      return .init()
    }
  }
}

extension SyncDraft {
  init(_ message: CustomersV1.ExternalCustomer, row: Int) {
    let path = "customers[\(row)]"
    var reader = RequestReader(row: path)
    self.init(
      externalID: message.externalId,
      modifiedAt: reader.instant(message.modifyTime, "modify_time"),
      customerCode: message.code, name: message.name, customerClass: message.customerClass,
      phone: message.phone, address: message.address, owner: message.owner,
      storeCode: message.storeCode)
    contacts = message.contacts.enumerated().map { index, part in
      var parts = RequestReader(row: "\(path).contacts[\(index)]")
      let contact = Contact(part.contact ?? .init(), &parts)
      malformed += parts.found
      return Part(externalID: part.externalId, contact, isRemoved: part.removed)
    }
    addresses = message.addresses.map { part in
      Part(
        externalID: part.externalId, Address(part.address ?? .init()), isRemoved: part.removed)
    }
    malformed += reader.found
  }
}

extension CustomersV1.SyncVerdict {
  init(_ verdict: SyncVerdict) {
    self.init(
      row: Int32(verdict.row), externalId: verdict.externalID, code: verdict.customerCode,
      version: verdict.version)
    switch verdict.outcome {
    case .created: outcome = .created
    case .updated: outcome = .updated
    case .unchanged: outcome = .unchanged
    case .stale(let time, let system):
      outcome = .stale
      keptTime = GoogleProtobuf.Timestamp(time)
      keptFrom = system
    case .refused(let refusals):
      outcome = .refused
      violations = refusals.map { TypeV1.Violation($0) }
    }
  }
}

extension CustomersV1.ExternalId {
  init(_ link: ExternalLink) {
    let part = link.part ?? 0
    self.init(
      externalId: link.externalID, customerCode: link.customerCode,
      contactId: link.kind == .contact ? part : 0, addressId: link.kind == .address ? part : 0,
      modifyTime: GoogleProtobuf.Timestamp(link.modifiedAt))
  }
}
