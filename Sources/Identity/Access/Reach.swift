/// Whose data a role lets a principal see and touch.
package enum Reach: String, Hashable, Sendable, CaseIterable {
  /// Customers whose salesperson it is.
  case ownCustomers = "OWN_CUSTOMERS"
  /// Customers who are at home in its store.
  case ownStore = "OWN_STORE"
  /// Customers whose salesperson is of its department.
  case ownDepartment = "OWN_DEPARTMENT"
  /// What lies in its warehouse, comes there, is made there and leaves from there.
  case ownWarehouse = "OWN_WAREHOUSE"
  /// Everybody's; of a role of which nothing was said.
  case all = "ALL"
}

/// How far one role of a principal reaches.
package struct RoleReach: Hashable, Sendable {
  /// Name of the role.
  package let role: String
  /// What is in one of them is in reach; in the order of their declaration, each once.
  package let reaches: [Reach]

  package init(role: String, reaches: [Reach]) {
    self.role = role
    self.reaches = Reach.allCases.filter(reaches.contains)
  }

  /// As stored.
  init(role: String, storedText: String) {
    self.init(
      role: role, reaches: storedText.split(separator: " ").compactMap { Reach(rawValue: "\($0)") })
  }

  var storedText: String { reaches.map(\.rawValue).joined(separator: " ") }
}

/// Where a principal belongs; each empty for nowhere.
package struct Place: Hashable, Sendable {
  package var department: String
  package var storeCode: String
  package var warehouseCode: String

  package init(department: String = "", storeCode: String = "", warehouseCode: String = "") {
    self.department = department
    self.storeCode = storeCode
    self.warehouseCode = warehouseCode
  }
}
