internal import MasterData
package import Storage
package import Values

/// Says where a principal belongs, and how far its roles reach from there.
package struct SetScope: Sendable {
  package let name: String
  package let place: Place
  /// Of the roles that are named; the others keep theirs.
  package let reaches: [RoleReach]
  package let expectedVersion: Int64

  package init(name: String, place: Place, reaches: [RoleReach], expectedVersion: Int64 = 0) {
    self.name = name
    self.place = place
    self.reaches = reaches
    self.expectedVersion = expectedVersion
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Principal {
    let stored = try Principals.require(name: name, field: "name", in: tx)
    var check = FieldCheck(.request)
    try checkPlace(&check, in: tx)
    var wanted = Dictionary(uniqueKeysWithValues: stored.reaches.map { ($0.role, $0) })
    for (index, reach) in reaches.enumerated() {
      try self.check(reach, at: index, of: stored, &check, in: tx)
      wanted[reach.role] = reach
    }
    // What a role reaches must be somewhere.
    let needed = Set(wanted.values.flatMap(\.reaches))
    if needed.contains(.ownStore) { check.text(place.storeCode, "store_code", required: true) }
    if needed.contains(.ownDepartment) {
      check.text(place.department, "department", required: true)
    }
    if needed.contains(.ownWarehouse) {
      check.text(place.warehouseCode, "warehouse_code", required: true)
    }
    check.version(expectedVersion, stored: stored.version, code: name)
    try check.pass()
    let after = wanted.values.sorted { $0.role < $1.role }
    guard stored.place != place || stored.reaches != after else { return stored }
    var principal = stored
    principal.place = place
    try PrincipalTable.update(principal, in: tx)
    for reach in after { try PrincipalTable.setReach(reach, of: principal.id, in: tx) }
    tx.record(
      DomainEvent(
        "principal.scope-set", principal.reference,
        [
          Fact("department", place.department), Fact("store", place.storeCode),
          Fact("warehouse", place.warehouseCode), Fact("before", Self.text(stored.reaches)),
          Fact("after", Self.text(after)),
        ]))
    return try Principals.fetch(principal.id, in: tx)
  }

  private func checkPlace(_ check: inout FieldCheck, in tx: Transaction) throws {
    let codes = [
      (place.department, "department"), (place.storeCode, "store_code"),
      (place.warehouseCode, "warehouse_code"),
    ]
    for (code, field) in codes where !code.isEmpty { check.code(code, field) }
    let warehouse = place.warehouseCode
    if !warehouse.isEmpty, try Warehouses.find(code: warehouse, in: tx) == nil {
      check.refuse(
        MasterDataRejection.unknownWarehouse(
          field: "warehouse_code", code: String(warehouse.prefix(60))))
    }
  }

  private func check(
    _ reach: RoleReach, at index: Int, of principal: Principal, _ check: inout FieldCheck,
    in tx: Transaction
  ) throws {
    let field = "role_scopes[\(index)]"
    if let first = reaches.prefix(index).firstIndex(where: { $0.role == reach.role }) {
      check.refuse(
        MasterDataRejection.duplicateInBatch(
          field: "\(field).role", code: reach.role, firstRow: first))
    }
    guard principal.roles.contains(reach.role),
      let role = try RoleTable.find(reach.role, in: tx)
    else {
      check.refuse(
        IdentityRejection.roleNotGiven(
          field: "\(field).role", name: name, role: String(reach.role.prefix(60))
        ).ifNamed(reach.role))
      return
    }
    if reach.reaches.isEmpty {
      check.refuse(MasterDataRejection.missingValue(field: "\(field).scopes"))
    } else if FourEyes.hasPower(role), reach.reaches != [.all] {
      check.refuse(IdentityRejection.scopeOfPower(field: "\(field).scopes", role: role.name))
    }
  }

  private static func text(_ reaches: [RoleReach]) -> String {
    reaches.map { "\($0.role): \($0.storedText)" }.joined(separator: ", ")
  }
}
