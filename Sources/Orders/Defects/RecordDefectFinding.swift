import MasterData
import Production
package import Storage
package import Values

/// Says where a defect comes from that goods came back for, were made again for, are repaired for,
/// or that a customer complains of. Whoever knows better says it again: the latest counts.
package struct RecordDefectFinding: Sendable {
  /// The return, the complaint, or the order of the remake or the repair.
  package let documentNumber: String
  /// Of the order that the goods were sold with; 0 for the only one that the document is about.
  package let line: Int
  package let lot: String
  package let supplierCode: String
  /// Empty for the one that made the line.
  package let workOrderNumber: String
  /// A step of it; 0 for none.
  package let sequence: Int
  package let actor: String

  package init(
    documentNumber: String, line: Int, lot: String = "", supplierCode: String = "",
    workOrderNumber: String = "", sequence: Int = 0, by actor: String
  ) {
    self.documentNumber = documentNumber
    self.line = line
    self.lot = lot
    self.supplierCode = supplierCode
    self.workOrderNumber = workOrderNumber
    self.sequence = sequence
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> DefectFinding {
    let (origin, line) = try defect(in: tx)
    var check = FieldCheck(.request)
    check.text(lot, "lot", limit: 40)
    check.range(sequence, "operation_sequence", 0...10_000)
    if lot.isEmpty, supplierCode.isEmpty, sequence == 0 {
      check.refuse(MasterDataRejection.missingValue(field: "lot"))
    }
    if sequence == 0, !workOrderNumber.isEmpty {
      check.refuse(MasterDataRejection.missingValue(field: "operation_sequence"))
    }
    try check.pass()
    if !supplierCode.isEmpty {
      _ = try Suppliers.require(code: supplierCode, field: "supplier_code", in: tx)
    }
    let work = sequence == 0 ? nil : try step(of: origin, line, in: tx)
    let order = try SalesOrders.require(number: origin, in: tx)
    var found = DefectFinding(
      id: ID(0), documentNumber: documentNumber, originNumber: origin, originLine: line,
      sku: order.lines[try order.index(ofLine: line, field: "line_number")].sku, lot: lot,
      supplierCode: supplierCode, workOrderNumber: work?.number, operation: work?.operation,
      foundBy: actor, foundAt: now.instant)
    found = found.with(id: try DefectFindingTable.replace(found, of: order.id, in: tx))
    tx.record(
      DomainEvent(
        "defect.found", order.reference,
        [
          Fact("line", line), Fact("document", documentNumber), Fact("sku", found.sku),
          Fact("lot", lot), Fact("supplier", supplierCode),
          Fact("work_order", work?.number ?? ""), Fact("operation", work?.operation.name ?? ""),
          Fact("work_centre", work?.operation.workCentreCode ?? ""), Fact("actor", actor),
        ]))
    return found
  }

  // MARK: What it is about

  /// The order and the line that the goods were sold with.
  private func defect(in tx: Transaction) throws -> (origin: String, line: Int) {
    if let found = try ReturnTable.find(documentNumber, in: tx) {
      return (found.orderNumber, try returned(found))
    }
    if let found = try Complaints.find(number: documentNumber, in: tx) {
      return (found.orderNumber, try complained(found, in: tx))
    }
    guard try SalesOrders.isSeen(documentNumber, in: tx),
      let order = try SalesOrders.find(number: documentNumber, in: tx),
      let origin = try AfterSalesOrderTable.origin(of: order.id, in: tx)
    else {
      throw ReturnRejection.unknownDefect(field: "document_number", document: documentNumber)
        .ifNamed(documentNumber)
    }
    guard line == 0 || line == origin.line else {
      throw ReturnRejection.unknownLine(
        field: "line_number", number: documentNumber, line: line)
    }
    try require(origin.responsible)
    return (origin.number, origin.line)
  }

  /// The line that a complaint is about; of one about the whole the one that is named.
  private func complained(_ found: Complaint, in tx: Transaction) throws -> Int {
    guard line == 0 || found.line == 0 || line == found.line, line + found.line > 0 else {
      throw ReturnRejection.unknownLine(
        field: "line_number", number: found.number, line: line)
    }
    let order = try SalesOrders.require(number: found.orderNumber, in: tx)
    let asked = order.lines[try order.index(ofLine: max(line, found.line), field: "line_number")]
    guard asked.sourcing != .service else {
      throw OrdersRejection.lineIsService(
        field: "line_number", order: order.number, line: asked.number)
    }
    return asked.number
  }

  private func returned(_ found: CustomerReturn) throws -> Int {
    let only = found.lines.count == 1 ? found.lines[0].number : nil
    let index = try found.index(ofLine: line == 0 ? only ?? 0 : line, field: "line_number")
    let given = found.lines[index]
    guard given.received.isPositive else {
      throw ReturnRejection.stateForbids(
        number: found.number, state: found.state, action: "say what is wrong with it")
    }
    try require(given.responsible)
    return given.number
  }

  /// What customers just do not want is no defect.
  private func require(_ responsible: Responsible) throws {
    guard responsible != .customer else {
      throw ReturnRejection.noDefect(field: "document_number", document: documentNumber)
    }
  }

  private func step(
    of origin: String, _ line: Int, in tx: Transaction
  ) throws -> (number: String, operation: FaultyOperation) {
    let work: WorkOrder
    if workOrderNumber.isEmpty {
      let made = try WorkOrders.ofOrigin(DocumentReference(.salesOrder, origin), in: tx)
        .filter { $0.origin?.line == line && $0.good.isPositive }
      guard made.count == 1 else {
        throw MasterDataRejection.missingValue(field: "work_order_number")
      }
      work = made[0]
    } else {
      work = try WorkOrders.require(
        number: workOrderNumber, field: "work_order_number", in: tx)
    }
    guard let step = work.operations.first(where: { $0.sequence == sequence }) else {
      throw ProductionRejection.unknownOperation(
        field: "operation_sequence", number: work.number, sequence: sequence)
    }
    return (work.number, FaultyOperation(workCentreCode: step.workCentreCode, name: step.name))
  }
}

extension DefectFinding {
  fileprivate func with(id: ID<DefectFinding>) -> DefectFinding {
    DefectFinding(
      id: id, documentNumber: documentNumber, originNumber: originNumber, originLine: originLine,
      sku: sku, lot: lot, supplierCode: supplierCode, workOrderNumber: workOrderNumber,
      operation: operation, foundBy: foundBy, foundAt: foundAt)
  }
}
