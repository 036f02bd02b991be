import Messages
import RPC
import TestKit
import Testing

@Suite("Rates of carriers against arithmetic by hand")
struct RatePropertyTests {
  /// Small numbers that follow from a seed (SplitMix64).
  private struct Dice {
    var state: UInt64

    mutating func roll(_ range: ClosedRange<Int64>) -> Int64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return range.lowerBound + Int64((mixed ^ (mixed >> 31)) % UInt64(range.count))
    }
  }

  /// To the nearest, halves up; nothing here is negative.
  private func rounded(_ part: Int64, _ whole: Int64) -> Int64 { (2 * part + whole) / (2 * whole) }

  /// Fen; nil for what the tariff does not reach. Amounts are counted in steps of the rounding, one
  /// after the other, and prices are whole fen.
  private func cost(
    _ tariff: OrdersV1.CarrierTariff, grams: Int64, ccm: Int64
  ) -> Int64? {
    var amount = tariff.basis == .weight ? grams : ccm
    if tariff.basis == .weight, tariff.ccmPerKilogram > 0 {
      while amount * tariff.ccmPerKilogram < ccm * 1_000 { amount += 1 }
    }
    while amount % tariff.roundedUpTo != 0 { amount += 1 }
    var before: Int64 = 0
    for step in tariff.zones[0].steps {
      guard step.upTo == 0 || amount <= step.upTo else {
        before = step.upTo
        continue
      }
      let each = (step.each?.micros ?? 0) / 10_000
      let unit: Int64 = tariff.basis == .weight ? 1_000 : 1_000_000
      let freight = (step.base?.minorUnits ?? 0) + rounded(each * (amount - before), unit)
      let least = max(freight, tariff.minimum?.minorUnits ?? 0)
      return least + rounded(least * tariff.fuelSurchargeMicros, 1_000_000)
    }
    return nil
  }

  private func tariff(_ carrier: String, _ dice: inout Dice) -> OrdersV1.CarrierTariff {
    let isWeight = dice.roll(0...1) == 0
    var ends: [Int64] = []
    for _ in 0..<dice.roll(1...4) {
      ends.append((ends.last ?? 0) + dice.roll(1...(isWeight ? 60_000 : 900_000)))
    }
    if dice.roll(0...1) == 0 { ends[ends.count - 1] = 0 }
    func fen(_ most: Int64) -> TypeV1.Money {
      .init(currencyCode: "CNY", minorUnits: dice.roll(0...most))
    }
    return .init(
      carrier: carrier, mode: .road, currencyCode: "CNY", basis: isWeight ? .weight : .volume,
      roundedUpTo: dice.roll(1...700),
      ccmPerKilogram: dice.roll(0...2) == 0 ? 0 : dice.roll(3_000...8_000), minimum: fen(9_000),
      fuelSurchargeMicros: dice.roll(0...300_000),
      zones: [
        .init(
          zoneCode: "HZ", transitWorkingDays: Int32(dice.roll(0...9)),
          steps: ends.map { end in
            .init(
              upTo: end, base: fen(5_000),
              each: .init(currencyCode: "CNY", micros: dice.roll(0...900) * 10_000))
          })
      ])
  }

  @Test("each cost is what it is by hand, and the cheapest is the first", arguments: 1...8)
  func byHand(seed: Int) async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    var dice = Dice(state: UInt64(seed))
    let (grams, side) = (dice.roll(1...9_000), dice.roll(50...900))
    _ = try await shop.assortment.upsertCartons(
      .init(products: [
        .init(
          sku: "CHAIR",
          cartons: [
            .init(weightGrams: grams, lengthMm: side, widthMm: 300, heightMm: 200),
            .init(weightGrams: 2 * grams, lengthMm: 100, widthMm: 10, heightMm: side),
          ])
      ]), options: shop.command())
    let pieces = dice.roll(1...30)
    var input = shop.input([("CHAIR", pieces)])
    input.delivery = .init(zoneCode: "HZ")
    let order = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    // A chair's room is rounded up once, to whole cubic centimetres.
    let room = (side * 300 * 200 + 100 * 10 * side + 999) / 1_000
    var expected: [(cost: Int64, carrier: String)] = []
    var beyond: [String] = []
    for index in 1...12 {
      let made = tariff("C\(index < 10 ? "0" : "")\(index)", &dice)
      _ = try await shop.rates.setCarrierTariff(
        .init(tariff: made, reason: "a contract"), options: shop.command())
      if let fen = cost(made, grams: 3 * grams * pieces, ccm: room * pieces) {
        expected.append((fen, made.carrier))
      } else {
        beyond.append(made.carrier)
      }
    }
    let told = try await shop.rates.rateShop(.init(orderNumber: order.order?.number ?? ""))
    let costs = Dictionary(
      uniqueKeysWithValues: told.offers.map { ($0.carrier, $0.cost?.minorUnits ?? -1) })
    #expect(costs == Dictionary(uniqueKeysWithValues: expected.map { ($0.carrier, $0.cost) }))
    #expect(told.refusing.map(\.carrier) == beyond)
    #expect(told.refusing.allSatisfy { $0.reasons.map(\.reason) == ["BEYOND_TARIFF"] })
    let ranks = told.offers.map { $0.cost?.minorUnits ?? -1 }
    #expect(ranks == ranks.sorted())
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
