import Messages
import RPC
import TestKit
import TestRandom
import Testing
import Values

/// A customer that several systems write.
struct SharedCustomer {
  var name: String
  var phone: String
  var version: Int64 = 1
  /// Seconds, and by whom: empty for somebody here.
  var written: (at: Int64, by: String)
  /// What systems call it.
  var ids: Set<String>
}

extension Workload {
  /// Two systems and somebody here change the same few customers, late and in any order: who wrote
  /// last wins, and everybody is told.
  mutating func sync() async throws {
    let number = random.number(1...4)
    let code = "SHARED-\(number)"
    let now = shop.clock.now.microseconds / 1_000_000
    if random.chance(30), let known = shared[code] {
      return try await writeHere(code, known, now)
    }
    let system = random.chance(50) ? "CRM" : "ERP"
    let id = "\(system):\(number)"
    let time = now - Int64(random.number(0...3)) * 600
    let name = "N\(random.number(1...3))"
    let phone = random.chance(50) ? "1390000000\(random.number(1...3))" : nil
    let request = CustomersV1.SyncCustomersRequest(customers: [
      .init(
        externalId: id, modifyTime: .init(seconds: time),
        code: shared[code]?.ids.contains(id) == true && random.chance(50) ? "" : code,
        name: name, phone: phone)
    ])
    let options = shop.command()
    let reply = try await shop.sync.syncCustomers(request, options: options)
    let verdict = try #require(reply.verdicts.first)
    #expect(verdict.outcome == expect(id, code, system, time, name, phone), "\(id) at \(time)")
    #expect(verdict.code == code && verdict.version == shared[code]?.version)
    if verdict.outcome == .stale {
      #expect(verdict.keptTime?.seconds == shared[code]?.written.at)
      #expect(verdict.keptFrom == shared[code]?.written.by)
    }
    repeatLast = { [shop] in
      let again = try await shop.sync.syncCustomers(request, options: options)
      #expect(again == reply)
    }
  }

  /// What becomes of a write, which the notebook then has.
  private mutating func expect(
    _ id: String, _ code: String, _ system: String, _ time: Int64, _ name: String,
    _ phone: String?
  ) -> CustomersV1.SyncOutcome {
    guard var known = shared[code] else {
      shared[code] = SharedCustomer(
        name: name, phone: phone ?? "", written: (time, system), ids: [id])
      return .created
    }
    known.ids.insert(id)
    defer { shared[code] = known }
    if time < known.written.at || time == known.written.at && system != known.written.by {
      return .stale
    }
    known.written = (time, system)
    let isSame = known.name == name && (phone ?? known.phone) == known.phone
    if isSame { return .unchanged }
    known.name = name
    known.phone = phone ?? known.phone
    known.version += 1
    return .updated
  }

  private mutating func writeHere(
    _ code: String, _ known: SharedCustomer, _ now: Int64
  ) async throws {
    let name = "H\(random.number(1...3))"
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [.init(code: code, name: name, phone: known.phone)]),
      options: shop.command())
    guard name != known.name else { return }
    shared[code]?.name = name
    shared[code]?.version += 1
    shared[code]?.written = (now, "")
  }

  /// Customers are as the last writer left them, and known by all their ids.
  func auditShared() async throws {
    for (code, known) in shared {
      let found = try await shop.customers.getCustomer(.init(code: code)).customer
      #expect(found?.name == known.name && found?.phone == known.phone, "\(code)")
      #expect(found?.version == known.version, "\(code)")
      let ids = try await shop.sync.listExternalIds(.init(customerCode: code)).externalIds
      #expect(Set(ids.map(\.externalId)) == known.ids, "\(code)")
    }
  }
}
