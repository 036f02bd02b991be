package import MasterData
package import Values

/// An order to the workshop to make a quantity of one product. It carries what its bill of material
/// said on the day it was planned, so that later versions do not touch it.
package struct WorkOrder: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<WorkOrder>
  package let number: String
  package internal(set) var state: WorkOrderState
  package let product: ID<Product>
  package let sku: String
  /// Base unit of the product, in which the quantities count.
  package let unit: String
  /// What is wanted.
  package let quantity: Quantity
  /// What came out good; may be more than was wanted.
  package internal(set) var good: Quantity
  package internal(set) var scrapped: Quantity
  package let warehouse: ID<Warehouse>
  /// The warehouse that gives the material and takes the goods.
  package let warehouseCode: String
  /// The order line or work order for which it was planned; nil when it is made for stock.
  package let origin: Origin?
  /// Its origin still waits for it. Otherwise its output is free stock.
  package internal(set) var isPegged: Bool
  /// The document on whose timeline it belongs: the sales order at the top.
  package let root: DocumentReference?
  /// Nil: as soon as possible.
  package let dueOn: Day?
  package internal(set) var hold: WorkOrderHold?
  package internal(set) var costs: WorkOrderCosts
  /// Number of the work order that was planned for what this one owed at its end; nil when it owed
  /// nothing.
  package internal(set) var replacement: String?
  package internal(set) var components: [WorkOrderComponent]
  package internal(set) var operations: [WorkOrderOperation]
  /// Counts the changes of the row, from 1.
  package internal(set) var version: Int64

  /// Bills nest no deeper than this.
  package static let levelLimit = 20
  /// A plan makes no more work orders than this at once.
  package static let planLimit = 500

  package var reference: DocumentReference { DocumentReference(.workOrder, number) }

  /// Origin of everything that it demands.
  var demand: Origin { Origin(.workOrder, number) }

  /// What is still to come out; nothing when more came than was wanted.
  package var open: Quantity {
    max(.zero, Quantity(micros: quantity.micros - good.micros - scrapped.micros))
  }

  /// An event of this work order, on the timeline of its root.
  func event(_ type: String, _ facts: [Fact] = []) -> DomainEvent {
    DomainEvent(
      type, reference, related: root, [Fact("sku", sku), Fact("unit", unit)] + facts)
  }
}

// MARK: - Rules

extension WorkOrder {
  /// The work order as it is when `action` ("be released") has made it `next`.
  mutating func become(_ next: WorkOrderState, to action: String) throws(ProductionRejection) {
    guard state.canBecome(next) else {
      throw .wrongState(number: number, state: state, action: action)
    }
    state = next
  }

  /// Something is taken or reported: a work order that was only released has begun.
  mutating func begin(to action: String) throws(ProductionRejection) {
    guard state.takesCost else {
      throw .wrongState(number: number, state: state, action: action)
    }
    if state == .released { state = .inProgress }
  }

  /// What keeps it from being released, all at once. A reason to override forgives missing material
  /// and never a missing deposit.
  func obstacles(isOverridden: Bool) -> [ProductionRejection] {
    var found: [ProductionRejection] = []
    if hold == .deposit {
      found.append(.depositOutstanding(number: number, order: root?.number ?? ""))
    }
    if !isOverridden {
      found += components.filter { $0.missing.isPositive }.map {
        .componentMissing(number: number, sku: $0.sku, missing: $0.missing, unit: $0.unit)
      }
    }
    return found
  }

  /// The operation, if minutes may be reported on it, or it may be finished: its predecessors come
  /// first. Minutes alone may overlap, since a workshop cuts the next chair while the last one is
  /// assembled.
  func operation(_ sequence: Int, finishing: Bool) throws(ProductionRejection) -> Int {
    guard let index = operations.firstIndex(where: { $0.sequence == sequence }) else {
      throw .unknownOperation(field: "sequence", number: number, sequence: sequence)
    }
    guard !operations[index].isDone else {
      throw .operationDone(number: number, sequence: sequence)
    }
    guard !operations[index].isDropped else {
      throw .operationDropped(number: number, sequence: sequence)
    }
    if finishing, let before = operations[..<index].first(where: \.isOpen) {
      throw .operationOutOfOrder(number: number, sequence: sequence, open: before.sequence)
    }
    return index
  }

  /// What is to be inspected comes out good after that only. What fails is scrap.
  func checkInspected() throws(ProductionRejection) {
    guard let open = operations.first(where: { $0.isInspection && $0.isOpen }) else { return }
    throw .inspectionOpen(number: number, sequence: open.sequence)
  }

  /// A completed work order is closed once its steps are: what they cost belongs to it. One that is
  /// stopped half-way has steps that nobody will do.
  func checkClosable() throws(ProductionRejection) {
    let open = operations.filter(\.isOpen).map(\.sequence)
    guard state != .completed || open.isEmpty else {
      throw .operationsOpen(number: number, sequences: open)
    }
  }
}
