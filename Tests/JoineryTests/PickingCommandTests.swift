import Foundation
import Testing

@Suite("From the shelf to the customer's page, at the terminal")
struct PickingCommandTests {
  @Test("a wave is prepared, picked short by a list, and followed by a link")
  func wave() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(database: folder.appending(path: "shop.db"))
    func joinery(_ line: String, input: String = "") async throws -> Binary.Result {
      try await Binary.run(
        line.split(separator: " ").map(String.init) + ["--server", server.address], input: input)
    }
    func done(_ line: String, says words: String = "", input: String = "") async throws {
      let answer = try await joinery(line, input: input)
      #expect(answer.status == 0, "\(line): \(answer.errors)")
      #expect(words.isEmpty || answer.output.contains(words), "\(line): \(answer.output)")
    }
    for line in [
      "company set-warehouse MAIN --name x", "product set CHAIR --name chair",
      "company set-price-list RETAIL --name x",
      "product set-price CHAIR 100 --list RETAIL --from 2026-01-01", "customer set C-1 --name Li",
      "stock receive CHAIR 3 --warehouse MAIN --unit-cost 40",
    ] {
      try await done(line)
    }
    let placed = try await joinery("order place -c C-1 -w MAIN --line CHAIR:3 --cod carrier")
    let order = try #require(placed.output.firstMatch(of: /SO-\d+-\d+/)).output
    try await done("shipment set-places MAIN --place CHAIR=B-07", says: "created")
    let wave = try await joinery("shipment wave MAIN --limit 5")
    let shipment = try #require(wave.output.firstMatch(of: /SH-\d+-\d+/)).output
    try await done("shipment pick-list MAIN --wave 1", says: "B-07")
    try await done("shipment pick \(shipment) --short 1:2:damaged", says: "picked")
    let bad = try await joinery("shipment pick \(shipment) --short 1:2:eaten")
    #expect(bad.status != 0)
    try await done("exceptions --kind short-pick", says: "\(order)")
    try await done("shipment short-picks --open", says: "damaged")
    try await done("shipment release-short-pick \(shipment) 1")

    let made = try await joinery("order link \(order) --valid-days 30")
    let token = try #require(made.output.firstMatch(of: /jl_[0-9a-z]+_[0-9a-z]+/)).output
    try await done("order track", says: "\(order)", input: "\(token)\n")
    try await done("order links \(order)")
    try await done("order revoke-links \(order)", says: "1")
    let ended = try await joinery("order track", input: "\(token)\n")
    #expect(ended.status != 0 && ended.errors.contains("The link opens nothing"))
  }
}
