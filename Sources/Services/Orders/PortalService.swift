internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and the question about what customers without a login
/// are told. What opens a link goes from here to the caller and, as a hash, to the store: neither
/// the log nor the audit ever has it.
struct PortalService: OrdersV1.PortalService {
  let commands: CommandLog
  let questions: Questions
  let throttle: GuessThrottle
  let chance: @Sendable (Int) -> [UInt8]

  /// What tokens of links begin with.
  static let prefix = "jl"

  func createPortalLink(
    _ request: OrdersV1.CreatePortalLinkRequest, context: CallContext
  ) async throws -> OrdersV1.CreatePortalLinkResponse {
    // A secret beside text of the caller's choice does not go out compressed (BREACH).
    context.compressesResponses = false
    let publicID = SecretText.text(chance(10))
    let secret = Secret(prefix: Self.prefix, name: publicID, bytes: chance(Secret.byteCount))
    return try await commands.run(
      request, context, keeping: { OrdersV1.CreatePortalLinkResponse(link: $0.link) }
    ) { tx, command in
      let link = try MakePortalLink(
        orderNumber: request.orderNumber, validDays: Int(request.validDays), publicID: publicID,
        digest: secret.digest, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .done(.init(link: .init(link), token: secret.text))
    }
  }

  func revokePortalLinks(
    _ request: OrdersV1.RevokePortalLinksRequest, context: CallContext
  ) async throws -> OrdersV1.RevokePortalLinksResponse {
    try await commands.run(request, context) { tx, command in
      let verb = RevokePortalLinks(
        orderNumber: request.orderNumber, publicID: request.linkId, by: command.caller.name)
      return .init(revoked: Int32(try verb.run(in: tx, at: command.moment)))
    }
  }

  func listPortalLinks(
    _ request: OrdersV1.ListPortalLinksRequest, context: CallContext
  ) async throws -> OrdersV1.ListPortalLinksResponse {
    try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(
        number: request.orderNumber, field: "order_number", in: snapshot)
      return .init(links: try PortalLinks.list(of: order, in: snapshot).map { .init($0) })
    }
  }

  func trackOrder(
    _ request: OrdersV1.TrackOrderRequest, context: CallContext
  ) async throws -> OrdersV1.TrackOrderResponse {
    let moment = commands.clock.moment()
    let now = moment.instant
    try throttle.check(context.peer, at: now)
    let publicID = Secret.name(in: request.token, prefix: Self.prefix) ?? ""
    let digest = Secret.digest(request.token)
    // Whoever has the token may see the order, whosever it is.
    let found = try await questions.askForServer { snapshot -> TrackedOrder? in
      guard let link = try PortalLinks.find(publicID, in: snapshot),
        Secret.equal(link.digest, digest), link.isOpen(at: now)
      else { return nil }
      return try TrackedOrder(by: link, on: moment.day, in: snapshot)
    }
    guard let found else {
      throttle.fail(context.peer, at: now)
      throw RejectionStatus.status(of: [PortalRejection.linkRefused])
    }
    context[AuditQueue.Asked.self] = OrdersV1.TrackOrderRequest(token: publicID).encoded()
    return .init(found)
  }
}

extension OrdersV1.PortalLink {
  fileprivate init(_ link: PortalLink) {
    self.init(
      id: link.publicID, orderNumber: link.orderNumber, createdBy: link.madeBy,
      createTime: GoogleProtobuf.Timestamp(link.madeAt),
      expireTime: GoogleProtobuf.Timestamp(link.expiresAt), revokedBy: link.revokedBy ?? "",
      revokeTime: link.revokedAt.map { GoogleProtobuf.Timestamp($0) })
  }
}

extension OrdersV1.TrackOrderResponse {
  fileprivate init(_ tracked: TrackedOrder) {
    let order = tracked.order
    self.init(
      orderNumber: order.number, state: order.state.message,
      orderedOn: GoogleType.Date(order.createdOn),
      lines: tracked.lines.map { .init($0, of: tracked) },
      parcels: tracked.parcels.map { .init($0) },
      appointments: tracked.appointments.map { .init($0) },
      expectedOn: tracked.expectedOn.map { GoogleType.Date($0) },
      expireTime: GoogleProtobuf.Timestamp(tracked.link.expiresAt))
  }
}

extension OrdersV1.TrackedLine {
  fileprivate init(_ line: SalesOrderLine, of tracked: TrackedOrder) {
    self.init(
      lineNumber: Int32(line.number), description: line.description,
      quantity: TypeV1.Quantity(line.wanted, line.unit),
      shipped: TypeV1.Quantity(line.shipped, line.unit),
      delivered: TypeV1.Quantity(line.delivered, line.unit),
      expectedOn: tracked.arrival(of: line).map { GoogleType.Date($0) })
  }
}

extension OrdersV1.TrackedParcel {
  fileprivate init(_ parcel: TrackedOrder.Parcel) {
    let shipment = parcel.shipment
    self.init(
      number: shipment.number, state: shipment.state.message, carrier: shipment.carrier,
      trackingNumber: shipment.trackingNumber, cartons: Int32(shipment.cartons),
      goods: shipment.lines.map { line in
        .init(
          lineNumber: Int32(line.orderLine), quantity: TypeV1.Quantity(line.quantity, line.unit))
      },
      dispatchedOn: shipment.dispatchedOn.map { GoogleType.Date($0) },
      expectedOn: parcel.expectedOn.map { GoogleType.Date($0) },
      deliveredOn: shipment.deliveredOn.map { GoogleType.Date($0) },
      status: shipment.carrierStatus?.message ?? .unspecified,
      events: parcel.events.map { event in
        .init(
          status: event.status.message, trouble: event.trouble?.message ?? .unspecified,
          occurTime: GoogleProtobuf.Timestamp(event.occurredAt), place: event.publicPlace)
      })
  }
}

extension OrdersV1.TrackedAppointment {
  fileprivate init(_ appointment: Appointment) {
    let terms = appointment.slot.terms
    self.init(
      kind: terms.kind.message, day: GoogleType.Date(terms.day),
      beginsMinute: Int32(terms.begins), endsMinute: Int32(terms.ends))
  }
}
