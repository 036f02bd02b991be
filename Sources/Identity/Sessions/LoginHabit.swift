import Storage
import Values

/// What is unusual about a login, measured by those of the same person before.
package enum UnusualLogin: String, Hashable, Sendable, CaseIterable {
  /// From none of the networks from which it has logged in, of which there are some.
  case network = "NETWORK"
  /// At an hour of the day around which it has never logged in, though often at others.
  case hour = "HOUR"
  /// Again, after more logins than a human being needs.
  case rate = "RATE"
}

/// Where, when and how often a person logs in.
enum LoginHabit {
  /// Networks that are remembered of one person.
  static let networkLimit = 20
  /// Logins that make a habit of hours, and how far from those another may be.
  static let habitualLogins = 20
  static let hourTolerance = 2
  /// Logins within so many seconds after which a further one is unusual.
  static let rateLimit = 10
  static let rateSeconds: Int64 = 600

  /// What is unusual; nothing about the first login of all.
  static func judge(
    _ person: ID<Principal>, from network: String, at now: Instant, in snapshot: Snapshot
  ) throws -> [UnusualLogin] {
    var found: [UnusualLogin] = []
    if try LoginHabitTable.knowsAny(of: person, in: snapshot),
      try !LoginHabitTable.knows(network, of: person, in: snapshot)
    {
      found.append(.network)
    }
    let hours = try LoginHabitTable.hours(of: person, in: snapshot)
    let present = hour(now)
    let isNear = (-hourTolerance...hourTolerance).contains {
      hours[(present + $0 + 24) % 24] != nil
    }
    if !isNear, hours.values.reduce(0, +) >= habitualLogins { found.append(.hour) }
    let recent = try SessionTable.count(
      of: person, since: now.adding(seconds: -rateSeconds), in: snapshot)
    if recent >= rateLimit { found.append(.rate) }
    return found
  }

  /// Learns from a login that went through.
  static func note(
    _ person: ID<Principal>, from network: String, at now: Instant, in tx: Transaction
  ) throws {
    try LoginHabitTable.note(network, of: person, limit: networkLimit, at: now, in: tx)
    try LoginHabitTable.note(hour: hour(now), of: person, in: tx)
  }

  private static func hour(_ now: Instant) -> Int {
    Int(((now.microseconds / 3_600_000_000) % 24 + 24) % 24)
  }
}
