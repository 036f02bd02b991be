package import Values

/// Everything that production refuses, in the order in which it is checked: the shape of the
/// request, then what it names, then the state it meets.
package enum ProductionRejection: Rejection, Hashable {
  case duplicateComponent(field: String, sku: String)
  case duplicateOperation(field: String, sequence: Int)
  /// No minutes, and not the end of the operation either.
  case nothingReported(field: String)
  /// Neither good nor scrapped output.
  case nothingCompleted(field: String)
  case unknownWorkCentre(field: String, code: String)
  case unknownWorkOrder(field: String, number: String)
  /// The product is known and has no bill of material to show.
  case unknownBill(field: String, sku: String)
  case unknownOperation(field: String, number: String, sequence: Int)
  case notAComponent(field: String, number: String, sku: String)
  /// The product would be made of itself, by this way.
  case billCycle(field: String, path: [String])
  /// Bills nest deeper than a plan follows.
  case tooManyLevels(field: String?, sku: String, limit: Int)
  /// What is to be made has no bill of material.
  case noBillOfMaterial(field: String?, sku: String)
  /// More work orders than one command may plan.
  case planTooLarge(field: String?, sku: String, limit: Int)
  /// The need for a component, or the time for a step, is beyond what can be counted.
  case needTooLarge(field: String?, sku: String)
  case wrongState(number: String, state: WorkOrderState, action: String)
  /// What it is for is held.
  case workStopped(number: String, order: String)
  case depositOutstanding(number: String, order: String)
  case componentMissing(number: String, sku: String, missing: Quantity, unit: String)
  case operationDone(number: String, sequence: Int)
  /// It counts for nothing since a rework.
  case operationDropped(number: String, sequence: Int)
  /// `open` comes before `sequence` and is not finished.
  case operationOutOfOrder(number: String, sequence: Int, open: Int)
  case componentNotHeld(
    field: String, number: String, sku: String, held: Quantity, requested: Quantity)
  case nothingToIssue(number: String)
  case operationsOpen(number: String, sequences: [Int])
  /// Something is to come out good that was not inspected.
  case inspectionOpen(number: String, sequence: Int)
  /// What has come out cannot be made otherwise.
  case outputReported(number: String)
}

extension ProductionRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateComponent, .duplicateOperation, .nothingReported, .nothingCompleted, .billCycle,
      .needTooLarge:
      .invalid
    case .unknownWorkCentre, .unknownWorkOrder, .unknownBill, .unknownOperation, .notAComponent:
      .notFound
    case .tooManyLevels, .noBillOfMaterial, .planTooLarge, .wrongState, .workStopped,
      .depositOutstanding, .componentMissing, .operationDone, .operationDropped,
      .operationOutOfOrder, .componentNotHeld, .nothingToIssue, .operationsOpen, .inspectionOpen,
      .outputReported:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateComponent: "DUPLICATE_COMPONENT"
    case .duplicateOperation: "DUPLICATE_OPERATION"
    case .nothingReported: "NOTHING_REPORTED"
    case .nothingCompleted: "NOTHING_COMPLETED"
    case .unknownWorkCentre: "UNKNOWN_WORK_CENTRE"
    case .unknownWorkOrder: "UNKNOWN_WORK_ORDER"
    case .unknownBill: "UNKNOWN_BILL_OF_MATERIAL"
    case .unknownOperation: "UNKNOWN_OPERATION"
    case .notAComponent: "NOT_A_COMPONENT"
    case .billCycle: "BILL_CYCLE"
    case .tooManyLevels: "TOO_MANY_LEVELS"
    case .noBillOfMaterial: "NO_BILL_OF_MATERIAL"
    case .planTooLarge: "PLAN_TOO_LARGE"
    case .needTooLarge: "NEED_TOO_LARGE"
    case .wrongState: "WORK_ORDER_STATE"
    case .workStopped: "WORK_STOPPED"
    case .depositOutstanding: "DEPOSIT_OUTSTANDING"
    case .componentMissing: "COMPONENT_MISSING"
    case .operationDone: "OPERATION_DONE"
    case .operationDropped: "OPERATION_DROPPED"
    case .operationOutOfOrder: "OPERATION_OUT_OF_ORDER"
    case .componentNotHeld: "COMPONENT_NOT_HELD"
    case .nothingToIssue: "NOTHING_TO_ISSUE"
    case .operationsOpen: "OPERATIONS_OPEN"
    case .inspectionOpen: "INSPECTION_OPEN"
    case .outputReported: "OUTPUT_REPORTED"
    }
  }

  package var message: String {
    switch self {
    case .duplicateComponent(_, let sku): "\(sku) is a component of this bill already"
    case .duplicateOperation(_, let sequence): "There are two operations \(sequence)"
    case .nothingReported: "Neither minutes nor the end of the operation were reported"
    case .nothingCompleted: "Neither good nor scrapped output was reported"
    case .unknownWorkCentre(_, let code): "There is no work centre \(code)"
    case .unknownWorkOrder(_, let number): "There is no work order \(number)"
    case .unknownBill(_, let sku), .noBillOfMaterial(_, let sku):
      "\(sku) has no bill of material"
    case .unknownOperation(_, let number, let sequence): "\(number) has no operation \(sequence)"
    case .notAComponent(_, let number, let sku): "\(sku) is no component of \(number)"
    case .billCycle(_, let path): "Made of itself: \(path.joined(separator: " → "))"
    case .tooManyLevels(_, let sku, let limit):
      "What \(sku) is made of is nested deeper than \(limit) levels"
    case .planTooLarge(_, let sku, let limit):
      "Making \(sku) would need more than \(limit) work orders at once"
    case .needTooLarge(_, let sku): "The need for \(sku) is beyond what can be counted"
    case .wrongState(let number, let state, let action):
      "\(number) is \(state.rawValue) and cannot \(action)"
    case .workStopped(let number, let order): "\(order), which \(number) is for, is held"
    case .depositOutstanding(let number, let order):
      "\(number) waits for the deposit of \(order)"
    case .componentMissing(let number, let sku, let missing, let unit):
      "\(missing) \(unit) of \(sku) are missing for \(number)"
    case .operationDone(let number, let sequence):
      "Operation \(sequence) of \(number) is finished already"
    case .operationDropped(let number, let sequence):
      "Operation \(sequence) of \(number) is not part of it any more since it was reworked"
    case .operationOutOfOrder(let number, let sequence, let open):
      "Operation \(sequence) of \(number) cannot be finished before operation \(open)"
    case .componentNotHeld(_, let number, let sku, let held, let requested):
      "\(requested) of \(sku) were to be taken for \(number); \(held) are held for it"
    case .nothingToIssue(let number): "Nothing is held for \(number) that could be taken"
    case .operationsOpen(let number, let sequences):
      "Operations of \(number) are not finished: "
        + sequences.map(String.init).joined(separator: ", ")
    case .inspectionOpen(let number, let sequence):
      "Nothing of \(number) is good before its inspection, operation \(sequence), is done"
    case .outputReported(let number):
      "Something has come out of \(number) already, which cannot be made otherwise"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateComponent(let field, _), .duplicateOperation(let field, _),
      .nothingReported(let field), .nothingCompleted(let field),
      .unknownWorkCentre(let field, _), .unknownWorkOrder(let field, _),
      .unknownBill(let field, _), .unknownOperation(let field, _, _),
      .notAComponent(let field, _, _), .billCycle(let field, _),
      .componentNotHeld(let field, _, _, _, _):
      field
    case .tooManyLevels(let field, _, _), .noBillOfMaterial(let field, _),
      .planTooLarge(let field, _, _), .needTooLarge(let field, _):
      field
    case .wrongState, .workStopped, .depositOutstanding, .componentMissing, .operationDone,
      .operationDropped, .operationOutOfOrder, .nothingToIssue, .operationsOpen, .inspectionOpen,
      .outputReported:
      nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .nothingReported, .nothingCompleted: []
    case .duplicateOperation(_, let sequence): [Fact("sequence", sequence)]
    case .unknownWorkCentre(_, let code): [Fact("code", code)]
    case .unknownWorkOrder(_, let number), .nothingToIssue(let number),
      .outputReported(let number):
      [Fact("number", number)]
    case .unknownBill(_, let sku), .noBillOfMaterial(_, let sku), .duplicateComponent(_, let sku),
      .needTooLarge(_, let sku):
      [Fact("sku", sku)]
    case .unknownOperation(_, let number, let sequence), .operationDone(let number, let sequence),
      .operationDropped(let number, let sequence), .inspectionOpen(let number, let sequence):
      [Fact("number", number), Fact("sequence", sequence)]
    case .notAComponent(_, let number, let sku): [Fact("number", number), Fact("sku", sku)]
    case .billCycle(_, let path): path.map { Fact("sku", $0) }
    case .tooManyLevels(_, let sku, let limit), .planTooLarge(_, let sku, let limit):
      [Fact("sku", sku), Fact("limit", limit)]
    case .wrongState(let number, let state, _):
      [Fact("number", number), Fact("state", state.rawValue)]
    case .workStopped(let number, let order), .depositOutstanding(let number, let order):
      [Fact("number", number), Fact("order", order)]
    case .componentMissing(let number, let sku, let missing, let unit):
      [Fact("number", number), Fact("sku", sku), Fact("missing", missing), Fact("unit", unit)]
    case .operationOutOfOrder(let number, let sequence, let open):
      [Fact("number", number), Fact("sequence", sequence), Fact("open", open)]
    case .componentNotHeld(_, let number, let sku, let held, let requested):
      [
        Fact("number", number), Fact("sku", sku), Fact("held", held), Fact("requested", requested),
      ]
    case .operationsOpen(let number, let sequences):
      [Fact("number", number)] + sequences.map { Fact("sequence", $0) }
    }
  }
}
