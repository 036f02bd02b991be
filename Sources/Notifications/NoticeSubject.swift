internal import MasterData
internal import Orders
package import Storage
package import Values

/// What a template's placeholders stand for in one document, and whom the document is for.
package struct NoticeSubject: Sendable {
  /// Empty where it is nobody's.
  package let customerCode: String
  /// With names of products in the company's language.
  private let values: NoticeValues
  /// Names by sku, where there are any.
  private let namesEnglish: [String: String]

  /// As they are told in a language: a product without a name in it has the company's.
  package func values(in locale: String) -> NoticeValues {
    guard locale == "en" || locale.hasPrefix("en-"), !namesEnglish.isEmpty else { return values }
    var told = values
    for index in told.lines.indices {
      guard told.lines[index]["line.description"] != nil,
        let name = told.lines[index]["line.sku"].flatMap({ namesEnglish[$0] })
      else { continue }
      told.lines[index]["line.description"] = name
    }
    return told
  }

  /// Of an event. Nil where its document's customer is not known, or it is no longer there.
  static func of(
    _ event: HappenedEvent, _ kind: NoticeKind, in snapshot: Snapshot
  ) throws -> NoticeSubject? {
    try make(
      kind, number: event.subject.number, facts: event.facts, at: event.moment, in: snapshot)
  }

  /// For a preview: of an order, shipment, quote, letter or complaint in scope by its number, as if
  /// it had happened now, and of what may be decided the first; of prices, which only who sees
  /// everything sees, of one suggestion ("price-suggestion/7") or of those that wait
  /// ("price-suggestions").
  package static func preview(
    _ kind: NoticeKind, number: String, at now: Moment, in snapshot: Snapshot
  ) throws -> NoticeSubject {
    let field = "document_number"
    switch kind.document {
    case .order, .refund:
      _ = try SalesOrders.require(number: number, field: field, in: snapshot)
    case .shipment: _ = try Shipments.require(number: number, field: field, in: snapshot)
    case .dunning: _ = try DunningLetters.require(number: number, field: field, in: snapshot)
    case .complaint: _ = try Complaints.require(number: number, field: field, in: snapshot)
    case .quote: break
    case .prices:
      guard snapshot.scope.isAll else {
        throw PriceSuggestionRejection.unknownSuggestion(field: field, id: 0)
      }
    }
    let facts = kind.resolutions.prefix(1).map { Fact("resolution", $0) }
    guard let made = try make(kind, number: number, facts: facts, at: now, in: snapshot) else {
      throw MasterDataRejection.missingValue(field: field)
    }
    return made
  }

  private static func make(
    _ kind: NoticeKind, number: String, facts: [Fact], at now: Moment, in snapshot: Snapshot
  ) throws -> NoticeSubject? {
    var values = NoticeValues()
    values.values["company.name"] = try Companies.current(in: snapshot).name
    values.values["event.day"] = now.day.description
    for name in ["comment", "reason", "role", "due"] {
      values.values["event.\(name)"] = facts.first { $0.name == name }?.value
    }
    let customerCode: String
    switch kind.document {
    case .prices:
      try values.addPrices(number, facts: facts, on: now.day, in: snapshot)
      return NoticeSubject(
        customerCode: "", values: values,
        namesEnglish: try namesEnglish(of: values, in: snapshot))
    case .quote:
      let offered = try Quotes.require(number: number, in: snapshot)
      values.add(offered)
      customerCode = offered.quote.customerCode
    case .dunning:
      let letter = try DunningLetters.require(number: number, in: snapshot)
      try values.add(letter)
      customerCode = letter.customerCode
    case .complaint:
      let complaint = try Complaints.require(number: number, in: snapshot)
      values.add(try SalesOrders.require(number: complaint.orderNumber, in: snapshot))
      values.add(
        complaint, waitingFor: try ComplaintPauses.reason(of: complaint, at: now, in: snapshot),
        at: now)
      customerCode = complaint.customerCode
    case .order, .refund, .shipment:
      let shipment =
        kind.document == .shipment ? try Shipments.find(number: number, in: snapshot) : nil
      guard
        let order = try SalesOrders.find(number: shipment?.orderNumber ?? number, in: snapshot)
      else { return nil }
      values.add(order)
      if kind.document == .order {
        values.add(try OrderPromises.of(order, on: now.day, in: snapshot))
      }
      if let shipment {
        values.add(shipment, of: order)
        try values.add(
          resolution: facts.first { $0.name == "resolution" }?.value ?? "", of: order,
          on: now.day, in: snapshot)
      }
      for name in ["amount", "compensation"] {
        values.values["refund.\(name)"] = facts.first { $0.name == name }?.value
      }
      customerCode = order.customerCode
    }
    guard let customer = try Customers.find(code: customerCode, in: snapshot) else { return nil }
    values.values["customer.code"] = customer.code
    values.values["customer.name"] = customer.name
    return NoticeSubject(
      customerCode: customer.code, values: values,
      namesEnglish: try namesEnglish(of: values, in: snapshot))
  }
}

extension NoticeSubject {
  private static func namesEnglish(
    of values: NoticeValues, in snapshot: Snapshot
  ) throws -> [String: String] {
    let skus = values.lines.compactMap { $0["line.sku"] }
    var names: [String: String] = [:]
    for product in try Products.find(skus: skus, in: snapshot) {
      if let product, !product.nameEnglish.isEmpty { names[product.sku] = product.nameEnglish }
    }
    return names
  }
}

extension NoticeValues {
  fileprivate mutating func add(_ order: SalesOrder) {
    values["order.number"] = order.number
    values["order.external_id"] = order.externalID
    values["order.net"] = order.net.description
    values["order.tax"] = order.tax.description
    values["order.total"] = order.gross.description
    values["order.deposit"] =
      order.depositRequired.minor > 0 ? order.depositRequired.description : nil
    values["order.requested_on"] = order.requestedOn?.description
    lines = order.lines.filter(\.wanted.isPositive).map { Self.line($0) }
  }

  /// What was told, or else the day on which all of a line is there as far as is known.
  fileprivate mutating func add(_ promises: [LinePromise]) {
    for promise in promises {
      guard let index = lines.firstIndex(where: { $0["line.number"] == "\(promise.line)" })
      else { continue }
      let day = promise.promisedOn ?? promise.readyOn
      lines[index]["line.promised_on"] = day?.description
      lines[index]["line.expected_on"] = promise.readyOn?.description
    }
  }

  private static func line(_ line: SalesOrderLine) -> [String: String] {
    [
      "line.number": "\(line.number)", "line.sku": line.sku, "line.description": line.description,
      "line.quantity": line.wanted.description, "line.unit": line.unit,
      "line.amount": Money(minor: line.net.minor + line.tax.minor, currency: line.net.currency)
        .description,
    ]
  }

  fileprivate mutating func add(_ shipment: Shipment, of order: SalesOrder) {
    values["shipment.number"] = shipment.number
    values["shipment.carrier"] = shipment.carrier
    values["shipment.tracking_number"] = shipment.trackingNumber
    values["shipment.cartons"] = "\(shipment.cartons)"
    values["shipment.dispatched_on"] = shipment.dispatchedOn?.description
    values["shipment.delivered_on"] = shipment.deliveredOn?.description
    lines = shipment.lines.map { line in
      [
        "line.number": "\(line.orderLine)", "line.sku": line.sku,
        "line.description": order.lines[line.orderLine - 1].description,
        "line.quantity": line.quantity.description, "line.unit": line.unit,
      ]
    }
  }

  /// What was decided about goods that were lost or found. What is brought again has a day as far
  /// as is known.
  fileprivate mutating func add(
    resolution: String, of order: SalesOrder, on day: Day, in snapshot: Snapshot
  ) throws {
    guard let placeholder = NoticeKind.placeholder(ofResolution: resolution) else { return }
    values[placeholder] = resolution
    guard resolution == "redeliver" else { return }
    let promises = try OrderPromises.of(order, on: day, in: snapshot)
    for index in lines.indices {
      let promise = promises.first {
        "\($0.line)" == lines[index]["line.number"] && $0.open.isPositive
      }
      lines[index]["line.expected_on"] = promise?.readyOn?.description
    }
  }

  /// The only line is the one that it is about. What the customer says is not told again.
  fileprivate mutating func add(
    _ complaint: Complaint, waitingFor reason: ComplaintPause.Reason?, at now: Moment
  ) {
    func day(_ instant: Instant) -> String {
      instant.adding(seconds: now.secondsEast).utcDay.description
    }
    lines = lines.filter { $0["line.number"] == "\(complaint.line)" }
    values["complaint.number"] = complaint.number
    values["complaint.category"] = complaint.category.rawValue
    values["complaint.channel"] = complaint.channel?.rawValue
    values["complaint.severity"] = complaint.severity.rawValue
    values["complaint.assignee"] = complaint.assignee
    values["complaint.level"] = complaint.level > 0 ? "\(complaint.level)" : nil
    values["complaint.opened_on"] = day(complaint.openedAt)
    if complaint.state == .resolved {
      values["complaint.resolution"] = complaint.resolution
      values["complaint.document"] = complaint.document?.number
    } else {
      values["complaint.due_on"] = day(complaint.dueAt)
    }
    values[complaint.category.placeholder] = complaint.category.rawValue
    if let channel = complaint.channel { values[channel.placeholder] = channel.rawValue }
    guard let reason, let until = complaint.pausedUntil else { return }
    // It ends with the last moment of a day.
    values["complaint.paused_until"] = day(until.adding(seconds: -1))
    values[reason.placeholder] = reason.rawValue
  }

  /// As it was written: what has been paid since is not known to a letter.
  fileprivate mutating func add(_ letter: DunningLetter) throws {
    values["dunning.number"] = letter.number
    values["dunning.level"] = "\(letter.level)"
    values["dunning.written_on"] = letter.writtenOn.description
    values["dunning.total"] = try letter.totals().map(\.description).joined(separator: ", ")
    values["dunning.fee"] = letter.fee.minor > 0 ? letter.fee.description : nil
    lines = letter.lines.enumerated().map { index, line in
      var told = [
        "line.number": "\(index + 1)", "line.invoice": line.invoiceNumber,
        "line.order": line.orderNumber, "line.due_on": line.dueOn.description,
        "line.days": "\(line.daysOverdue)", "line.open": line.open.description,
      ]
      if line.interest.minor > 0 { told["line.interest"] = line.interest.description }
      return told
    }
  }

  /// Of the first alternative, if there are several.
  fileprivate mutating func add(_ offered: OfferedQuote) {
    values["quote.number"] = offered.quote.number
    values["quote.revision"] = "\(offered.revision.revision)"
    values["quote.valid_until"] = offered.revision.validUntil.description
    values["quote.total"] = offered.quote.gross.description
    lines = offered.revision.variants.first?.order.lines.map { Self.line($0) } ?? []
  }
}
