internal import MasterData
package import Storage
package import Values

/// Two permissions that one person should not hold, since it could do wrong with nobody noticing.
package struct DutyConflict: Hashable, Sendable {
  package let first: String
  package let second: String
  /// What could happen, for people.
  package let reason: String

  package init(first: String, second: String, reason: String) {
    self.first = first
    self.second = second
    self.reason = reason
  }

  /// Pairs that a company keeps.
  package static let limit = 200
}

/// Somebody who holds both of a pair.
package struct DutyFinding: Hashable, Sendable {
  package let principal: String
  package let conflict: DutyConflict
  /// By which it holds one or the other, sorted; those of others in which it stands in are among
  /// them.
  package let roles: [String]
}

/// All SQL of `duty_conflict`, and who holds both of one.
package enum DutyConflicts {
  /// By the permissions.
  package static func list(in snapshot: Snapshot) throws -> [DutyConflict] {
    try snapshot.all(
      "SELECT first, second, reason FROM duty_conflict ORDER BY first, second LIMIT 1000"
    ) { DutyConflict(first: $0.text(0), second: $0.text(1), reason: $0.text(2)) }
  }

  /// By the principal's name; of principals that are let in, at most `limit`.
  package static func findings(
    at now: Instant, limit: Int, in snapshot: Snapshot
  ) throws -> [DutyFinding] {
    try snapshot.all(
      """
      WITH held AS (
        SELECT pr.principal_id AS holder, rp.permission AS permission, pr.role_id AS role_id
        FROM principal_role AS pr JOIN role_permission AS rp ON rp.role_id = pr.role_id
        UNION
        SELECT d.delegate_id, rp.permission, d.role_id
        FROM delegation AS d
        JOIN principal AS g ON g.id = d.delegator_id AND g.is_disabled = 0
        JOIN principal_role AS pr
          ON pr.principal_id = d.delegator_id AND pr.role_id = d.role_id
        JOIN role_permission AS rp ON rp.role_id = d.role_id
        WHERE d.revoked_at IS NULL AND d.begins_at <= ? AND d.ends_at > ?
          AND rp.permission <> ?)
      SELECT p.name, c.first, c.second, c.reason, (
        SELECT group_concat(name, ' ') FROM (
          SELECT DISTINCT r.name AS name FROM held AS h JOIN role AS r ON r.id = h.role_id
          WHERE h.holder = p.id AND (h.permission = c.first OR h.permission = c.second)
          ORDER BY r.name))
      FROM duty_conflict AS c
      JOIN principal AS p ON p.is_disabled = 0
      WHERE EXISTS (SELECT 1 FROM held WHERE holder = p.id AND permission = c.first)
        AND EXISTS (SELECT 1 FROM held WHERE holder = p.id AND permission = c.second)
      ORDER BY p.name, c.first, c.second LIMIT ?
      """, now, now, Principals.administration, limit
    ) { row in
      DutyFinding(
        principal: row.text(0),
        conflict: DutyConflict(first: row.text(1), second: row.text(2), reason: row.text(3)),
        roles: row.text(4).split(separator: " ").map(String.init))
    }
  }
}

/// Keeps exactly these pairs.
package struct ReplaceDutyConflicts: Sendable {
  package let conflicts: [DutyConflict]
  /// Every permission that a method of the API asks for.
  package let known: Set<String>

  package init(_ conflicts: [DutyConflict], known: Set<String>) {
    self.conflicts = conflicts
    self.known = known
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    var check = FieldCheck(.request)
    if conflicts.count > DutyConflict.limit {
      check.refuse(
        IdentityRejection.tooMany(
          field: "conflicts", count: conflicts.count, limit: DutyConflict.limit))
    }
    for (index, conflict) in conflicts.prefix(DutyConflict.limit).enumerated() {
      for (name, permission) in [("first", conflict.first), ("second", conflict.second)]
      where !known.contains(permission) {
        check.refuse(
          IdentityRejection.unknownPermission(
            field: "conflicts[\(index)].\(name)", given: permission))
      }
      check.text(conflict.reason, "conflicts[\(index)].reason", limit: 200, required: true)
    }
    try check.pass()
    let before = try DutyConflicts.list(in: tx)
    try tx.execute("DELETE FROM duty_conflict")
    for conflict in conflicts {
      try tx.execute(
        """
        INSERT INTO duty_conflict (first, second, reason) VALUES (?, ?, ?)
        ON CONFLICT (first, second) DO UPDATE SET reason = excluded.reason
        """, conflict.first, conflict.second, conflict.reason)
    }
    let after = try DutyConflicts.list(in: tx)
    guard before != after else { return }
    let names = { (list: [DutyConflict]) in list.map { "\($0.first)+\($0.second)" } }
    tx.record(
      DomainEvent(
        "duty-conflicts.replaced", DocumentReference(.masterData, "duty-conflicts"),
        [
          Fact("added", names(after.filter { !before.contains($0) }).joined(separator: " ")),
          Fact("removed", names(before.filter { !after.contains($0) }).joined(separator: " ")),
        ]))
  }
}
