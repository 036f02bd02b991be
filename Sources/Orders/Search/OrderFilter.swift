package import MasterData
package import Values

extension SalesOrders {
  /// Which orders a list is to show: those that meet all that is said.
  package struct Filter: Hashable, Sendable {
    package var customerCode: String?
    package var state: OrderState?
    package var stage: OrderStage?
    package var channel: Channel?
    /// Number or external id begins with this text.
    package var prefix: String?
    /// First and last day of creation at the company's site.
    package var createdFrom: Day?
    package var createdUntil: Day?
    /// On one of so many days up to today; in place of `createdFrom` once today is known.
    package var createdWithinDays: Int?
    /// Both of one currency.
    package var grossFrom: Money?
    package var grossUntil: Money?
    /// A line of it is not cancelled.
    package var sku: String?
    /// The salesperson, and the store, of its customer.
    package var owner: String?
    package var storeCode: String?
    package var hold: OrderHoldKind?
    package var requestedFrom: Day?
    package var requestedUntil: Day?
    /// When goods are expected that a line waits for.
    package var expectedFrom: Day?
    package var expectedUntil: Day?

    package init(
      customerCode: String? = nil, state: OrderState? = nil, channel: Channel? = nil,
      prefix: String? = nil, createdFrom: Day? = nil, createdUntil: Day? = nil
    ) {
      self.customerCode = customerCode
      self.state = state
      self.channel = channel
      self.prefix = prefix
      self.createdFrom = createdFrom
      self.createdUntil = createdUntil
    }

    /// With what `other` says where this says nothing. A span of days of creation is one thing.
    package func completed(by other: Filter) -> Filter {
      var whole = self
      whole.customerCode = customerCode ?? other.customerCode
      whole.state = state ?? other.state
      whole.stage = stage ?? other.stage
      whole.channel = channel ?? other.channel
      whole.prefix = prefix ?? other.prefix
      if createdFrom == nil, createdUntil == nil, createdWithinDays == nil {
        whole.createdFrom = other.createdFrom
        whole.createdUntil = other.createdUntil
        whole.createdWithinDays = other.createdWithinDays
      }
      if grossFrom == nil, grossUntil == nil {
        whole.grossFrom = other.grossFrom
        whole.grossUntil = other.grossUntil
      }
      whole.sku = sku ?? other.sku
      whole.owner = owner ?? other.owner
      whole.storeCode = storeCode ?? other.storeCode
      whole.hold = hold ?? other.hold
      if requestedFrom == nil, requestedUntil == nil {
        whole.requestedFrom = other.requestedFrom
        whole.requestedUntil = other.requestedUntil
      }
      if expectedFrom == nil, expectedUntil == nil {
        whole.expectedFrom = other.expectedFrom
        whole.expectedUntil = other.expectedUntil
      }
      return whole
    }

    /// With the days that are meant by "so many up to today".
    package func dated(on today: Day) -> Filter {
      guard let days = createdWithinDays else { return self }
      var dated = self
      dated.createdFrom = today.adding(days: 1 - days)
      dated.createdWithinDays = nil
      return dated
    }

    /// With the state that a stage comes to, where one says all that the other does.
    var settled: Filter {
      guard let stage, stage.isState, state == nil else { return self }
      var settled = self
      settled.state = stage.states.first
      settled.stage = nil
      return settled
    }

    /// An index leads to just these orders.
    var isPlain: Bool {
      let leading = [customerCode != nil, state != nil, channel != nil].count { $0 }
      return leading <= 1 && prefix == nil && grossFrom == nil && grossUntil == nil && sku == nil
        && owner == nil && storeCode == nil && hold == nil && requestedFrom == nil
        && requestedUntil == nil && expectedFrom == nil && expectedUntil == nil && stage == nil
    }
  }
}
