import Foundation
import Testing

@Suite("A lost parcel, at the terminal")
struct LostShipmentCommandTests {
  @Test("a parcel is reported, given up, claimed and found, and is due at the door all the while")
  func lostAndFound() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(database: folder.appending(path: "shop.db"))
    func joinery(_ line: String) async throws -> Binary.Result {
      try await Binary.run(
        line.split(separator: " ").map(String.init) + ["--server", server.address])
    }
    func done(_ line: String, says words: String = "") async throws {
      let answer = try await joinery(line)
      #expect(answer.status == 0, "\(line): \(answer.errors)")
      #expect(words.isEmpty || answer.output.contains(words), "\(line): \(answer.output)")
    }
    for line in [
      "company set-warehouse MAIN --name x", "product set CHAIR --name chair",
      "company set-price-list RETAIL --name x",
      "product set-price CHAIR 100 --list RETAIL --from 2026-01-01", "customer set C-1 --name Li",
      "stock receive CHAIR 8 --warehouse MAIN --unit-cost 40",
    ] {
      try await done(line)
    }
    let placed = try await joinery("order place -c C-1 -w MAIN --line CHAIR:2 --cod carrier")
    let order = try #require(placed.output.firstMatch(of: /SO-\d+-\d+/)).output
    let prepared = try await joinery("shipment prepare \(order)")
    let shipment = try #require(prepared.output.firstMatch(of: /SH-\d+-\d+/)).output
    for line in [
      "shipment pick \(shipment)", "shipment pack \(shipment) --cartons 1",
      "shipment dispatch \(shipment) --carrier DEBON", "order show \(order)",
    ] {
      try await done(line)
    }
    try await done(
      "shipment report DEBON --event 9 --shipment \(shipment) --status exception --trouble lost "
        + "--at 2026-01-21T09:30:00+08:00", says: "applied")
    try await done("claim list --state open", says: "\(shipment)/LOST")
    let both = try await joinery("shipment lost \(shipment) --redeliver --cancel NOT_AVAILABLE")
    #expect(both.errors.contains("say either --redeliver or --cancel REASON"))
    try await done("shipment lost \(shipment) --redeliver", says: "lost")
    try await done("claim file \(shipment)/LOST --reference DB-CLAIM-7", says: "DB-CLAIM-7")
    try await done("claim accept \(shipment)/LOST --amount 30.00", says: "30.00 CNY")
    try await done("exceptions --kind claim-open", says: "\(shipment)/LOST")
    try await done("shipment found \(shipment) --go-on", says: "dispatched")
    try await done("claim withdraw \(shipment)/LOST --reason found", says: "withdrawn")
    try await done("claim reopen \(shipment)/LOST", says: "open")
    try await done("claim set-terms sales-value --carrier DEBON")
    let terms = try await joinery("claim terms --output json")
    #expect(terms.output.contains("CLAIM_BASIS_COST") && terms.output.contains("DEBON"))
    try await done("shipment deliver \(shipment)", says: "delivered")
    let early = try await joinery("claim pay \(shipment)/LOST")
    #expect(early.status != 0 && early.errors.contains("is WITHDRAWN: cannot pay it"))
    for step in ["reopen", "file", "accept", "pay"] {
      try await done("claim \(step) \(shipment)/LOST")
    }
    try await done("claim owe-back \(shipment)/LOST --reason found", says: "owed back")
    try await done("claim list --state owed-back", says: "\(shipment)/LOST")
    try await done("exceptions --kind claim-open", says: "to have back what it paid")
    try await done("claim pay-back \(shipment)/LOST", says: "paid back")
    let late = try await joinery("claim waive \(shipment)/LOST --reason kind")
    #expect(late.status != 0 && late.errors.contains("is PAID_BACK: cannot waive it"))
  }
}
