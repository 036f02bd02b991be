import Messages
import TestKit
import TestRandom
import Testing

/// What customers thought of their deliveries.
struct OpinionModel {
  private var scores: [String: (customer: String, score: Int64)] = [:]

  func mayAnswer(_ shipment: String, _ score: Int64) -> Bool {
    (0...10).contains(score) && scores[shipment] == nil
  }

  mutating func add(_ shipment: String, of customer: String, _ score: Int64) {
    scores[shipment] = (customer, score)
  }

  /// How many there are, a hundred times their mean, and how many per cent more are 9 or 10 than
  /// below 7; of a customer or of all.
  func told(_ customer: String? = nil) -> [Int64] {
    let found = scores.values.filter { customer == nil || $0.customer == customer }.map(\.score)
    let count = Int64(found.count)
    guard count > 0 else { return [0, 0, 0] }
    let balance = Int64(found.count { $0 > 8 } - found.count { $0 < 7 })
    return [count, rounded(found.reduce(0, +) * 100, count), rounded(balance * 100, count)]
  }

  /// Halves away from zero.
  private func rounded(_ number: Int64, _ divisor: Int64) -> Int64 {
    let quotient = (2 * abs(number) + divisor) / (2 * divisor)
    return number < 0 ? -quotient : quotient
  }
}

extension Workload {
  /// A customer is asked about one of the shipments of an order, whether or not it has arrived.
  mutating func askOpinion() async throws {
    guard let number = pickOrder(), let customer = model.orders[number]?.customer,
      let shipment = try await shop.orders.listShipments(.init(orderNumber: number)).shipments
        .randomElement(using: &random)
    else { return }
    let score = random.number(-1...11)
    let isExpected =
      shipment.state == .delivered && opinions.mayAnswer(shipment.number, score)
    do {
      let done = try await shop.complaints.recordSatisfaction(
        .init(shipmentNumber: shipment.number, score: Int32(score), text: "as she said"),
        options: shop.command())
      #expect(isExpected && done.orderNumber == number, "\(shipment.number) \(score)")
      opinions.add(shipment.number, of: customer, score)
    } catch {
      #expect(!isExpected, "\(shipment.number) \(score): \(error)")
    }
  }

  func auditOpinions() async throws {
    for customer in ShopModel.limits.keys {
      let told = try await shop.customers.getCustomerOverview(.init(code: customer)).satisfaction
      #expect(numbers(told) == opinions.told(customer), "\(customer)")
    }
    let total = try await shop.complaints.getSatisfactionReport(.init()).total
    #expect(numbers(total) == opinions.told())
  }

  private func numbers(_ told: AftersalesV1.Satisfaction?) -> [Int64] {
    [
      Int64(told?.count ?? 0), Int64(told?.averageHundredths ?? 0),
      Int64(told?.netPromoterScore ?? 0),
    ]
  }
}
