internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: what goes with what.
struct RecommendationService: OrdersV1.RecommendationService {
  let questions: Questions
  let clock: SiteClock

  func recommend(
    _ request: OrdersV1.RecommendRequest, context: CallContext
  ) async throws -> OrdersV1.RecommendResponse {
    let today = clock.moment().day
    return try await questions.ask(context) { snapshot in
      let answer = try Recommendations.of(
        request.skus, for: request.customerCode,
        limit: request.limit == 0 ? 10 : Int(request.limit), on: today, in: snapshot)
      return .init(
        recommendations: answer.recommendations.map { .init($0) }, basket: answer.basket,
        orders: Int32(answer.orders))
    }
  }
}

extension OrdersV1.Recommendation {
  fileprivate init(_ recommendation: Recommendation) {
    self.init(
      sku: recommendation.product.sku, name: recommendation.product.name,
      customers: Int32(recommendation.companion.customers),
      with: recommendation.companion.with.map {
        .init(sku: $0.sku, customers: Int32($0.customers))
      })
  }
}
