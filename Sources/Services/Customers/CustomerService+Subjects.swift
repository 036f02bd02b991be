internal import Finance
internal import MasterData
internal import Messages
internal import Notifications
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// What people may ask about their own data: what is known, and to be forgotten.
extension CustomerService {
  func eraseCustomer(
    _ request: CustomersV1.EraseCustomerRequest, context: CallContext
  ) async throws -> CustomersV1.EraseCustomerResponse {
    let verb = EraseCustomer(
      code: request.code,
      expectedVersion: request.expectedVersion == 0 ? nil : request.expectedVersion,
      reason: request.reason)
    let subjects = commands.subjects
    return try await commands.run(request, context) { tx, command in
      let outcome = try verb.run(in: tx, at: command.moment)
      let codes = try Customers.codes(of: outcome.customer, in: tx)
      for subject in codes + outcome.orders + outcome.shipments
        + outcome.appointments + outcome.quotes + outcome.opportunities + outcome.blankets
        + outcome.complaints + outcome.externalIDs + outcome.promised + outcome.payouts
      {
        try subjects.erase(subject, in: tx)
      }
      try NoticePreferences.erase(codes, in: tx)
      try Notices.suppressPending(about: codes, at: command.moment.instant, in: tx)
      return .init(
        customer: CustomersV1.Customer(outcome.customer), orders: Int64(outcome.orders.count),
        shipments: Int64(outcome.shipments.count), quotes: Int64(outcome.quotes.count),
        blankets: Int64(outcome.blankets.count))
    }
  }

  func exportCustomer(
    _ request: CustomersV1.ExportCustomerRequest,
    writer: ResponseWriter<CustomersV1.ExportCustomerResponse>, context: CallContext
  ) async throws {
    let customer = try await questions.ask(context) { snapshot in
      try Customers.require(code: request.code, field: "code", in: snapshot)
    }
    try await writer.write(.init(item: .customer(.init(customer))))
    try await exportDetails(of: customer, writer, context)
    var documents = try await exportOrders(of: customer, writer, context)
    documents.formUnion(try await exportOffers(to: customer, writer, context))
    try await export(writer, context) { after, limit, snapshot in
      let found = try Invoices.list(
        .init(customer: customer.id), before: after.map { ID($0) }, limit: limit, in: snapshot)
      return (try found.map { .invoice(try .init($0)) }, found.last?.id.value)
    }
    try await export(writer, context) { after, limit, snapshot in
      let found = try Payments.list(
        of: customer, after: after.map { ID($0) }, limit: limit, in: snapshot)
      return (found.map { .payment(.init($0)) }, found.last?.id.value)
    }
    documents.formUnion(
      try await export(writer, context) { after, limit, snapshot in
        let found = try Payouts.list(
          of: customer, after: after.map { ID($0) }, limit: limit, in: snapshot)
        return (found.map { .payout(.init($0)) }, found.last?.id.value)
      })
    try await export(writer, context) { after, limit, snapshot in
      let found = try GiftCards.list(
        .init(customer: customer.id), before: after.map { ID($0) }, limit: limit, in: snapshot)
      return (found.map { .giftCard(.init($0)) }, found.last?.id.value)
    }
    try await export(writer, context) { after, limit, snapshot in
      let found = try Points.entries(
        of: customer, before: after.map { ID($0) }, limit: limit, in: snapshot)
      return (found.map { .pointsEntry(.init($0)) }, found.last?.id.value)
    }
    documents.formUnion(try await exportDunning(of: customer, writer, context))
    try await export(writer, context) { after, limit, snapshot in
      let found = try ShowroomPieces.lent(
        to: customer.code, before: after.map { ID($0) }, limit: limit, in: snapshot)
      let items: [Item] = found.map { piece, loans in
        var message = OrdersV1.ShowroomPiece(piece)
        message.earlierLoans = loans.map { .init($0) }
        return .showroomPiece(message)
      }
      return (items, found.last?.piece.id.value)
    }
    documents.formUnion(try await exportAfterSales(of: customer, writer, context))
    try await exportNotices(of: customer, writer, context)
    try await exportEarlierTexts(of: customer, documents, writer, context)
  }

  /// What it may buy, what was offered to it, and what it has agreed to take over time.
  private func exportOffers(
    to customer: Customer, _ writer: ResponseWriter<CustomersV1.ExportCustomerResponse>,
    _ context: CallContext
  ) async throws -> Set<String> {
    var documents: Set<String> = []
    let today = commands.clock.moment().day
    documents.formUnion(
      try await export(writer, context) { after, limit, snapshot in
        let found = try Quotes.list(
          .init(customerCode: customer.code), before: after.map { ID($0) }, limit: limit, on: today,
          in: snapshot)
        let items: [Item] = try found.flatMap { quote in
          try (1...quote.revisions).map { revision in
            let offered = try Quotes.require(
              number: quote.number, revision: revision, in: snapshot)
            return .quote(.init(offered, today))
          }
        }
        return (items, found.last?.id.value)
      })
    documents.formUnion(
      try await export(writer, context) { after, limit, snapshot in
        let found = try Opportunities.list(
          .init(customerCode: customer.code), before: after.map { ID($0) }, limit: limit,
          in: snapshot)
        let items: [Item] = try found.map {
          .opportunity(try .init($0, on: today, in: snapshot))
        }
        return (items, found.last?.id.value)
      })
    documents.formUnion(
      try await export(writer, context) { after, limit, snapshot in
        let found = try Blankets.list(
          customerCode: customer.code, before: after.map { ID($0) }, limit: limit, in: snapshot)
        let items: [Item] = try found.map { blanket in
          .blanket(.init(try Blankets.require(number: blanket.number, in: snapshot), today))
        }
        return (items, found.last?.id.value)
      })
    return documents
  }

  /// What it was reminded of, when nobody did, and what it promised.
  private func exportDunning(
    of customer: Customer, _ writer: ResponseWriter<CustomersV1.ExportCustomerResponse>,
    _ context: CallContext
  ) async throws -> Set<String> {
    let today = commands.clock.moment().day
    try await export(writer, context) { after, limit, snapshot in
      let found = try DunningLetters.list(
        to: customer, before: after.map { ID($0) }, limit: limit, in: snapshot)
      let items: [Item] = try found.map {
        .dunningLetter(try .init(DunningLetters.require(number: $0.number, in: snapshot)))
      }
      return (items, found.last?.id.value)
    }
    try await export(writer, context) { after, limit, snapshot in
      let found = try DunningStops.list(
        of: customer, before: after.map { ID($0) }, limit: limit, in: snapshot)
      return (found.map { .dunningStop(.init($0)) }, found.last?.id.value)
    }
    return try await export(writer, context) { after, limit, snapshot in
      let found = try PaymentPromises.list(
        of: customer, on: today, before: after.map { ID($0) }, limit: limit, in: snapshot)
      return (found.map { .paymentPromise(.init($0)) }, found.last?.id.value)
    }
  }

  /// What came back, what it was not content with, and what it thought of deliveries.
  private func exportAfterSales(
    of customer: Customer, _ writer: ResponseWriter<CustomersV1.ExportCustomerResponse>,
    _ context: CallContext
  ) async throws -> Set<String> {
    try await export(writer, context) { after, limit, snapshot in
      let found = try Returns.of(
        customer: customer.code, before: after.map { ID($0) }, limit: limit, in: snapshot)
      let items: [Item] = try found.map { back in
        let whole = try Returns.require(number: back.number, in: snapshot)
        return .customerReturn(try .init(whole, in: snapshot))
      }
      return (items, found.last?.id.value)
    }
    try await export(writer, context) { after, limit, snapshot in
      let found = try Satisfactions.answers(
        of: customer.code, before: after.map { ID($0) }, limit: limit, in: snapshot)
      return (found.map { .satisfactionAnswer(.init($0)) }, found.last?.id.value)
    }
    let now = commands.clock.moment()
    return try await export(writer, context) { after, limit, snapshot in
      let found = try Complaints.of(
        customer: customer.code, before: after.map { ID($0) }, limit: limit, in: snapshot)
      let items: [Item] = try found.map { .complaint(try .init($0, at: now, in: snapshot)) }
      return (items, found.last?.id.value)
    }
  }

  /// Earlier texts of one look at the log, which goes through all of it for what is said of the
  /// customer itself; what is said of documents stands by their timelines.
  private static let entriesAtOnce = 500

  private func exportEarlierTexts(
    of customer: Customer, _ documents: Set<String>,
    _ writer: ResponseWriter<CustomersV1.ExportCustomerResponse>, _ context: CallContext
  ) async throws {
    let subjects = commands.subjects
    let (codes, last) = try await questions.ask(context) { snapshot in
      (
        try Customers.codes(of: customer, in: snapshot)
          + ExternalIDs.all(of: customer, in: snapshot),
        try CommandTable.head(in: snapshot).sequence
      )
    }
    let earlier = EarlierTexts(of: codes, documents: documents, subjects)
    var places = try await placesOnTimelines(of: documents, context)
    var after: Int64 = 0
    while after < last {
      let found = try await questions.ask(context) { [after] snapshot in
        let entries = try CommandTable.entries(
          after: after, limit: Self.entriesAtOnce, in: snapshot)
        return (
          last: entries.last?.entry.sequence,
          concerned: entries.map(\.entry).filter(earlier.concerns).map(\.sequence)
        )
      }
      guard let reached = found.last else { break }
      after = reached
      places.formUnion(found.concerned)
    }
    var told: Set<[String]> = []
    let ordered = places.sorted()
    for start in stride(from: 0, to: ordered.count, by: Self.step) {
      let texts = try await questions.ask(context) { snapshot in
        try ordered[start..<min(start + Self.step, ordered.count)].flatMap { place in
          try CommandTable.entry(at: place, in: snapshot).map {
            try earlier.texts(of: $0.entry, in: snapshot)
          } ?? []
        }
      }
      for text in texts where told.insert([text.subject, text.name, text.text]).inserted {
        try await writer.write(.init(item: .earlierText(text)))
      }
    }
  }

  /// Of the commands with an event on the timeline of one of the documents.
  private func placesOnTimelines(
    of documents: Set<String>, _ context: CallContext
  ) async throws -> Set<Int64> {
    var places: Set<Int64> = []
    for number in documents {
      var before = Int64.max
      while true {
        let found = try await questions.ask(context) { [before] snapshot in
          try EventTable.commands(
            about: number, before: before, limit: Self.entriesAtOnce, in: snapshot)
        }
        places.formUnion(found)
        guard let oldest = found.last else { break }
        before = oldest
      }
    }
    return places
  }

  /// Also those of customers that were merged into it.
  private func exportNotices(
    of customer: Customer, _ writer: ResponseWriter<CustomersV1.ExportCustomerResponse>,
    _ context: CallContext
  ) async throws {
    let codes = try await questions.ask(context) { try Customers.codes(of: customer, in: $0) }
    let subjects = commands.subjects
    for code in codes {
      try await export(writer, context) { after, limit, snapshot in
        let found = try Notices.list(
          .init(customerCode: code), before: after.map { ID($0) }, limit: limit, in: snapshot)
        return (
          try found.map { .notice(try .init($0, subjects, in: snapshot)) }, found.last?.id.value
        )
      }
    }
  }

  /// Contacts, addresses and tags, which are few, then what was said and granted over the years.
  private func exportDetails(
    of customer: Customer, _ writer: ResponseWriter<CustomersV1.ExportCustomerResponse>,
    _ context: CallContext
  ) async throws {
    try await export(writer, context) { after, _, snapshot in
      guard after == nil else { return ([], nil) }
      let items: [Item] =
        try Contacts.list(of: customer, in: snapshot).map { .contact(.init($0)) }
        + Addresses.list(of: customer, in: snapshot).map { .address(.init($0)) }
        + CustomerTags.list(of: customer, in: snapshot).map { .tag($0) }
        + ExternalIDs.list(of: customer, limit: 1_000, in: snapshot).map {
          .externalId(.init($0))
        }
      return (items, nil)
    }
    try await export(writer, context) { after, limit, snapshot in
      let found = try Consents.list(
        of: customer, before: after.map { ID($0) }, limit: limit, in: snapshot)
      return (found.map { .consent(.init($0)) }, found.last?.id.value)
    }
    try await export(writer, context) { after, limit, snapshot in
      let found = try CreditGrants.list(
        of: customer, before: after.map { ID($0) }, limit: limit, in: snapshot)
      return (found.map { .creditGrant(.init($0, of: customer)) }, found.last?.id.value)
    }
  }

  private typealias Item = CustomersV1.ExportCustomerResponse.Item

  /// Rows of one look at the database: small enough that nobody waits for it.
  private static let step = 50

  /// Sends what `find` finds, one step after the other, until it finds nothing. It is told the last
  /// row of the step before. Returns the numbers of the documents that the audit speaks of by
  /// themselves.
  @discardableResult
  private func export(
    _ writer: ResponseWriter<CustomersV1.ExportCustomerResponse>, _ context: CallContext,
    _ find:
      @escaping @Sendable (_ after: Int64?, _ limit: Int, Snapshot) throws -> (
        items: [Item], last: Int64?
      )
  ) async throws -> Set<String> {
    var documents: Set<String> = []
    var after: Int64?
    repeat {
      let found = try await questions.ask(context) { [after] in try find(after, Self.step, $0) }
      for item in found.items { try await writer.write(.init(item: item)) }
      documents.formUnion(found.items.compactMap(\.document))
      after = found.last
    } while after != nil
    return documents
  }

  private func exportOrders(
    of customer: Customer, _ writer: ResponseWriter<CustomersV1.ExportCustomerResponse>,
    _ context: CallContext
  ) async throws -> Set<String> {
    var documents: Set<String> = []
    var after: SalesOrders.Key?
    repeat {
      let found = try await questions.ask(context) { [after] snapshot in
        try SalesOrders.list(
          .init(customerCode: customer.code), after: after, limit: Self.step, in: snapshot)
      }
      for summary in found.orders {
        documents.formUnion(try await exportOrder(summary.number, writer, context))
      }
      after = found.next
    } while after != nil
    return documents
  }

  private func exportOrder(
    _ number: String, _ writer: ResponseWriter<CustomersV1.ExportCustomerResponse>,
    _ context: CallContext
  ) async throws -> Set<String> {
    let items: [Item] = try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(number: number, in: snapshot)
      let addresses = ([order.delivery?.address] + order.places.map(\.address)).compactMap(\.self)
      return [.order(.init(order))] + addresses.map { Item.deliveryAddress(.init($0)) }
        + (try Appointments.list(order: order, limit: Self.step, in: snapshot).map {
          .appointment(.init($0))
        })
        + (try Shipments.ofOrder(order, in: snapshot).flatMap { shipment -> [Item] in
          let proof = try KeptProof.find(of: shipment, in: snapshot)
          return [.shipment(.init(shipment))]
            + (proof.map { [.proofOfDelivery(.init($0.proof))] } ?? [])
            + (try CarrierEvents.of(shipment, in: snapshot).map { .carrierEvent(.init($0)) })
        })
    }
    for item in items { try await writer.write(.init(item: item)) }
    var after = EventPosition(after: 0)
    while true {
      let found = try await questions.ask(context) { [after] snapshot in
        try EventTable.timeline(of: number, after: after, limit: Self.step, in: snapshot)
      }
      for event in found { try await writer.write(.init(item: .event(.init(event)))) }
      guard let last = found.last else { return Set(items.compactMap(\.document)) }
      after = EventPosition(sequence: last.sequence, ordinal: Int64(last.ordinal))
    }
  }
}

extension CustomersV1.ExportCustomerResponse.Item {
  /// Number of the document, where the audit keeps texts about it by itself.
  fileprivate var document: String? {
    switch self {
    case .order(let order): order.number
    case .shipment(let shipment): shipment.number
    case .quote(let quote): quote.number
    case .opportunity(let opportunity): opportunity.number
    case .blanket(let blanket): blanket.number
    case .complaint(let complaint): complaint.number
    case .appointment(let appointment): appointment.number
    case .paymentPromise(let promise): promise.invoiceNumber
    case .payout(let payout): payout.number
    default: nil
    }
  }
}
