package import Storage
package import Values

/// Which data scope a principal has by which permission.
package enum Scopes {
  /// Of each permission that it holds the scopes of all roles by which it does, its own and those
  /// of others in which it stands in: as far as they reach from where their holder belongs. Its own
  /// customers and drafts are always within.
  package static func byPermission(
    of principal: Principal, at now: Instant, in snapshot: Snapshot
  ) throws -> [String: DataScope] {
    var scopes: [String: DataScope] = [:]
    var known: [Held: DataScope] = [:]
    let holdings = try RoleTable.holdings(
      of: principal.id, but: Principals.administration, at: now, in: snapshot)
    for (permission, held) in holdings {
      let scope =
        try known[held]
        ?? held.scope(in: snapshot).union(DataScope(owners: [principal.name]))
      known[held] = scope
      scopes[permission] = scopes[permission]?.union(scope) ?? scope
    }
    return scopes
  }

  /// A role of somebody: how far it reaches, and from where.
  struct Held: Hashable {
    let reach: RoleReach
    /// Whose role it is.
    let holder: String
    let place: Place

    /// As it is told about `principal`, who may stand in for somebody.
    func name(for principal: Principal) -> String {
      holder == principal.name ? reach.role : "\(reach.role) of \(holder)"
    }

    func scope(in snapshot: Snapshot) throws -> DataScope {
      try reach.reaches.reduce(.nothing) { scope, reach in
        scope.union(try self.scope(of: reach, in: snapshot))
      }
    }

    private func scope(of reach: Reach, in snapshot: Snapshot) throws -> DataScope {
      switch reach {
      case .all: .all
      case .ownCustomers: DataScope(owners: [holder])
      case .ownStore: DataScope(stores: [place.storeCode])
      case .ownWarehouse: DataScope(warehouses: [place.warehouseCode])
      case .ownDepartment:
        DataScope(owners: try PrincipalTable.members(of: place.department, in: snapshot))
      }
    }
  }
}
