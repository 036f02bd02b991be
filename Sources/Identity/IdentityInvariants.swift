package import Storage
package import Values

/// What must hold of identity at every commit, beyond what its tables enforce by themselves.
package enum IdentityInvariants {
  package static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try credentials(in: snapshot) + sessions(in: snapshot) + restorations(in: snapshot)
  }

  /// A password that a service has, or a key of a person, would let somebody in by a way that
  /// nobody looks after.
  private static func credentials(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT p.name, 'password' FROM password AS w
      JOIN principal AS p ON p.id = w.principal_id WHERE p.kind <> 'PERSON'
      UNION ALL
      SELECT p.name, 'key' FROM api_key AS k
      JOIN principal AS p ON p.id = k.principal_id WHERE p.kind = 'PERSON'
      UNION ALL
      SELECT p.name, 'session' FROM session AS s
      JOIN principal AS p ON p.id = s.principal_id WHERE p.kind <> 'PERSON'
      UNION ALL
      SELECT p.name, 'second factor' FROM second_factor AS f
      JOIN principal AS p ON p.id = f.principal_id WHERE p.kind <> 'PERSON'
      ORDER BY 1, 2 LIMIT 100
      """
    ) { row in
      InvariantViolation(
        "identity.credential-fits-kind", "A principal has a credential that is not for its kind",
        [Fact("principal", row.text(0)), Fact("credential", row.text(1))])
    }
  }

  private static func sessions(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT p.name, s.name FROM session AS s JOIN principal AS p ON p.id = s.principal_id
      WHERE p.is_disabled = 1 AND s.end_reason IS NULL
      ORDER BY s.id LIMIT 100
      """
    ) { row in
      InvariantViolation(
        "identity.disabled-has-no-session", "A disabled principal has a session that did not end",
        [Fact("principal", row.text(0)), Fact("session", row.text(1))])
    }
  }

  /// Two have agreed, or the only one who could.
  private static func restorations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try RestorationTable.approvedByOne(in: snapshot).map { name in
      InvariantViolation(
        "identity.restoration-has-four-eyes", "One has agreed twice to a restoration",
        [Fact("restoration", name)])
    }
  }
}
