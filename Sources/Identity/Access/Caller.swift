/// Who asks for something: a person, a till or a service, with the roles it acts in. Recorded with
/// every command.
package struct Caller: Hashable, Sendable {
  /// Name as recorded in the audit, 1–100 characters ("wang.fang", "till-7").
  package let name: String
  /// Roles it acts in, in capitals ("GENERAL_MANAGER").
  package let roles: Set<String>
  /// Names of those for whom it stands in, in some of the roles.
  package let standsInFor: Set<String>

  package init(name: String, roles: Set<String> = [], standsInFor: Set<String> = []) {
    self.name = name
    self.roles = roles
    self.standsInFor = standsInFor
  }
}
