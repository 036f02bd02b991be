import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// Chairs come in two cartons each, which are numbered, and carriers go everywhere.
  static func equipDock(_ shop: Shop) async throws {
    let carton = CatalogV1.Carton(
      weightGrams: 4_000, lengthMm: 600, widthMm: 500, heightMm: 400, contents: "a part")
    _ = try await shop.assortment.upsertCartons(
      .init(products: [.init(sku: "CHAIR", cartons: [carton, carton])]), options: shop.command())
    _ = try await shop.catalog.configureCompany(
      .init(company: .init(gs1Prefix: "6901234")), options: shop.command())
  }

  /// Says what of an order leaves together, or where carriers go from now on.
  mutating func arrangeShipping() async throws {
    if random.chance(40) { return try await cover() }
    guard let number = pickOrder(), let order = model.orders[number] else { return }
    let lines = Set(order.lines.indices.filter { _ in random.chance(60) })
    let isSame = lines == order.set
    let isUntouched = lines.union(order.set).allSatisfy { order.lines[$0].shipped == 0 }
    let isOpen = order.state == "CONFIRMED" || order.state == "PARTLY_SHIPPED"
    let refused = await refusal {
      try await shop.loading.setShippingSets(
        .init(
          orderNumber: number,
          sets: lines.isEmpty
            ? [] : [.init(code: "ROOM", lineNumbers: lines.sorted().map { Int32($0 + 1) })]),
        options: shop.command())
    }
    let accepted = isOpen && (isSame || isUntouched)
    #expect((refused == nil) == accepted, "\(number) \(lines): \(String(describing: refused))")
    if accepted { model.bundle(number, lines) }
  }

  private mutating func cover() async throws {
    let zones = ["Z1", "Z2"].filter { _ in random.chance(70) }
    _ = try await shop.coverage.setCoverage(
      .init(
        rows: zones.flatMap { zone in
          ["SF", "德邦"].map { .init(zoneCode: zone, carrier: $0) }
        }, reason: "a contract"), options: shop.command())
    covered = Set(zones)
    for zone in ["Z1", "Z2"] {
      let told = try await shop.coverage.checkCoverage(.init(zoneCode: zone))
      #expect(told.served == zones.contains(zone))
    }
  }

  /// Whether somebody brings goods there; nobody has to where nobody said where it is.
  func reaches(_ zone: String) -> Bool { zone.isEmpty || covered?.contains(zone) ?? true }

  /// An order to where nobody goes is neither priced nor placed.
  func refuseOutOfReach(_ input: OrdersV1.OrderInput) async {
    let priced = await refusal { try await shop.pricing.priceOrder(.init(order: input)) }
    let placed = await refusal {
      try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    }
    #expect(priced?.code == .failedPrecondition && placed?.code == .failedPrecondition)
  }

  /// What is packed does not leave with who does not go there, and is called off.
  func failToLeave(_ number: String) async throws {
    let shipment = try await pack(number)
    let refused = await refusal {
      try await shop.orders.dispatchShipment(
        .init(number: shipment, carrier: "SF"), options: shop.command())
    }
    #expect(refused?.code == .failedPrecondition, "\(number)")
    _ = try await shop.orders.cancelShipment(.init(number: shipment), options: shop.command())
  }

  /// Sets apart and packs what may leave of an order.
  func pack(_ number: String) async throws -> String {
    let shipment =
      try await shop.orders.prepareShipment(
        .init(orderNumber: number), options: shop.command()
      ).shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: shipment), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: shipment, cartons: 1), options: shop.command())
    return shipment
  }

  /// A carton comes down again, and goes up again.
  private func reload(_ shipment: String, _ label: String, loaded: Int) async throws {
    let taken = try await shop.loading.unloadCarton(
      .init(shipmentNumber: shipment, label: label), options: shop.command())
    #expect(taken.loading?.loaded == Int64(loaded - 1), "\(label)")
    let twice = await refusal {
      try await shop.loading.unloadCarton(
        .init(shipmentNumber: shipment, label: label), options: shop.command())
    }
    #expect(twice != nil, "\(label)")
    let again = try await shop.loading.loadCarton(
      .init(shipmentNumber: shipment, label: label), options: shop.command())
    #expect(again.loading?.loaded == Int64(loaded), "\(label)")
  }

  /// Scans all cartons, where some must be, or sometimes: it cannot leave before the last.
  mutating func load(_ shipment: String, of order: ShopModel.Order) async throws {
    let leaving = order.leaving
    let chairs = leaving.filter { order.lines[$0].sku == "CHAIR" }
    let mustScan = !order.set.isDisjoint(with: chairs)
    guard !chairs.isEmpty, mustScan || random.chance(30) else { return }
    // Two cartons of each chair, by line, chair and carton.
    let labels = chairs.sorted().flatMap { line in
      (1...order.lines[line].held).flatMap { unit in
        (1...2).map { "\(shipment)/\(line + 1)/\(unit)/\($0)" }
      }
    }.shuffled(using: &random)
    for (index, label) in labels.enumerated() {
      if index > 0 || mustScan, random.chance(20) {
        let refused = await refusal {
          try await shop.orders.dispatchShipment(
            .init(number: shipment, carrier: "SF"), options: shop.command())
        }
        #expect(refused?.code == .failedPrecondition)
      }
      let loading = try await shop.loading.loadCarton(
        .init(shipmentNumber: shipment, label: label), options: shop.command()
      ).loading
      #expect(loading?.loaded == Int64(index + 1) && loading?.cartons == Int64(labels.count))
      if random.chance(15) { try await reload(shipment, label, loaded: index + 1) }
    }
    let twice = await refusal {
      try await shop.loading.loadCarton(
        .init(shipmentNumber: shipment, label: labels[0]), options: shop.command())
    }
    #expect(twice?.code == .alreadyExists)
  }
}
