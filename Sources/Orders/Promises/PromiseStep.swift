package import MasterData
package import Values

/// What brings a quantity of goods, on which day, and what that waits for itself: a node of the
/// tree that explains a promise.
package struct PromiseStep: Hashable, Sendable {
  package enum Supply: Hashable, Sendable {
    /// On the shelf.
    case stock
    case purchaseOrder
    /// Nobody has ordered it yet.
    case requisition
    case workOrder
    /// On the way from another warehouse.
    case transfer
    /// Nobody knows of anything.
    case nothing
  }

  package let supply: Supply
  /// Nil for stock and for nothing.
  package let document: DocumentReference?
  package let sku: String
  package let unit: String
  package let quantity: Quantity
  /// Nil where nobody can say.
  package let readyOn: Day?
  /// Why that day, in one sentence.
  package let text: String
  /// What it waits for, of a work order.
  package var material: [PromiseStep] = []
  /// The line has no other day because of it.
  package private(set) var isCritical = false

  /// The last day of all; nil where nobody can say of one of them.
  static func last(of steps: [PromiseStep], notBefore day: Day) -> Day? {
    var last = day
    for step in steps {
      guard let ready = step.readyOn else { return nil }
      last = max(last, ready)
    }
    return last
  }

  /// Marks what decides the day of the whole, which is later than today, or unknown.
  static func mark(_ steps: inout [PromiseStep], today: Day) {
    let last = last(of: steps, notBefore: today)
    guard last != today else { return }
    for index in steps.indices where steps[index].readyOn == last {
      steps[index].isCritical = true
      mark(&steps[index].material, today: today)
    }
  }

  /// The document that decides: the first critical one, and of its material in turn.
  static func cause(of steps: [PromiseStep]) -> DocumentReference? {
    guard let critical = steps.first(where: \.isCritical) else { return nil }
    return cause(of: critical.material) ?? critical.document
  }
}

/// When the goods of a line can leave.
package struct LinePromise: Hashable, Sendable {
  package let line: Int
  package let sku: String
  package let unit: String
  /// Neither cancelled nor gone.
  package let open: Quantity
  /// On the shelf for the line.
  package let held: Quantity
  /// All of it; nil where nobody can say.
  package let readyOn: Day?
  package let steps: [PromiseStep]
  /// Of a line whose parts are wanted on different days, when each can leave.
  package var schedules: [SchedulePromise] = []
  /// What the customer was told; nil where nobody could say, and before.
  package internal(set) var promisedOn: Day?
  /// The customer has agreed to that day, whatever day was wanted.
  var isAgreed = false
  package internal(set) var isLate = false
  /// What the tree was looked up for: what comes to these changes it.
  let places: Set<SupplyPlace>

  var waits: Bool { held < open }
}

/// A product in a warehouse, to which goods come.
package struct SupplyPlace: Hashable, Sendable {
  package let product: ID<Product>
  package let warehouseCode: String

  package init(_ product: ID<Product>, _ warehouseCode: String) {
    self.product = product
    self.warehouseCode = warehouseCode
  }
}
