import Orders
import Testing

@Suite("Order stages")
struct OrderStageTests {
  private static let facts = (Int64(0)..<16).map { OrderStage.Facts(rawValue: $0) }

  @Test("goods that are made hold up those that are inspected, and these those that are packed")
  func order() {
    func stage(_ facts: Int64) -> OrderStage {
      OrderStage(.confirmed, OrderStage.Facts(rawValue: facts))
    }
    #expect(
      (0..<8).map { stage($0) } == [
        .confirmed, .inProduction, .qualityCheck, .inProduction, .picking, .inProduction,
        .qualityCheck, .inProduction,
      ])
    #expect((0..<16).allSatisfy { OrderStage(.partlyShipped, .init(rawValue: $0)) == stage($0) })
    #expect(OrderStage(.shipped, []) == .shipped)
    #expect(OrderStage(.shipped, .init(rawValue: 8)) == .inDelivery)
  }

  @Test("every stage can be reached, from just the states that it names, and each names its state")
  func states() {
    var reached: [OrderStage: Set<OrderState>] = [:]
    for state in OrderState.allCases {
      for facts in Self.facts { reached[OrderStage(state, facts), default: []].insert(state) }
    }
    #expect(Set(reached.keys) == Set(OrderStage.allCases))
    for stage in OrderStage.allCases {
      #expect(reached[stage] == Set(stage.states))
      let others = OrderStage.allCases.filter { $0 != stage && $0.states == stage.states }
      #expect(stage.isState == others.isEmpty)
    }
  }

  @Test("wherever a state may lead, the stages may")
  func transitions() {
    for (state, allNext) in OrderState.transitions {
      // Nobody has goods in hand of what is not promised yet.
      let facts = state.isPromised ? Self.facts : [[]]
      for next in allNext {
        for after in facts.map({ OrderStage(next, $0) }) {
          for before in Self.facts.map({ OrderStage(state, $0) }) {
            #expect(before == after || before.next.contains(after), "\(before) to \(after)")
          }
        }
      }
    }
    #expect(OrderStage.allCases.filter(\.isFinal) == [.completed, .cancelled])
    #expect(OrderStage.created.nextInOrder == [.inReview, .confirmed, .cancelled])
  }
}
