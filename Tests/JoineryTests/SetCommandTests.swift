import Foundation
import Testing

@Suite("Setting one thing, at the terminal")
struct SetCommandTests {
  @Test("a supplier and a marketplace keep what is not said")
  func keepOthers() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(database: folder.appending(path: "shop.db"))
    func joinery(_ line: String) async throws -> Binary.Result {
      try await Binary.run(
        line.split(separator: " ").map(String.init) + ["--server", server.address])
    }
    for line in [
      "company set-warehouse MAIN --name x", "customer set TMALL --name Tmall",
      "supplier set OAK --name Oakworks --lead-days 5", "supplier set OAK --lead-days 9",
      "marketplace set TMALL --name Cat --customer TMALL --warehouse MAIN --tolerance 1% "
        + "--status shipped=SENT --share 50% --at-most 8",
      "marketplace set TMALL --keep-back 3", "marketplace set TMALL --name Dog",
    ] {
      let answer = try await joinery(line)
      #expect(answer.status == 0, "\(line): \(answer.errors)")
    }
    let suppliers = try await joinery("supplier list").output
    #expect(suppliers.contains("Oakworks") && suppliers.contains("9"))
    let shown = try await joinery("marketplace list --output json").output
      .filter { !$0.isWhitespace }
    for part in [
      "\"name\":\"Dog\"", "\"customerCode\":\"TMALL\"", "\"toleranceMicros\":\"10000\"",
      "\"word\":\"SENT\"", "\"shareMicros\":\"500000\"", "\"keepBackUnits\":\"3\"",
      "\"atMostUnits\":\"8\"",
    ] {
      #expect(shown.contains(part), "\(part) in \(shown)")
    }
    let unnamed = try await joinery("supplier set PINE --lead-days 3")
    #expect(unnamed.status != 0 && unnamed.output.contains("suppliers[0].name"))
  }
}
