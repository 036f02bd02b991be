import Foundation
import Testing

@Suite("A hotel's parts and a carrier's statement, at the terminal")
struct DeliveryCommandTests {
  @Test("parts of a line stand in a table of their own; a statement may say plain amounts")
  func partsAndStatement() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(database: folder.appending(path: "shop.db"))
    func joinery(_ line: String) async throws -> Binary.Result {
      try await Binary.run(
        line.split(separator: " ").map(String.init) + ["--server", server.address])
    }
    for line in [
      "company set-warehouse MAIN --name x", "product set CHAIR --name chair",
      "company set-price-list RETAIL --name x",
      "product set-price CHAIR 100 --list RETAIL --from 2026-01-01",
      "customer set C-1 --name Li --credit-limit 20000 --net-days 30", "customer set C-1 --phone 1",
      "stock receive CHAIR 8 --warehouse MAIN --unit-cost 40",
    ] {
      let done = try await joinery(line)
      #expect(done.status == 0, "\(line): \(done.errors)")
    }
    let placed = try await joinery(
      "order place -c C-1 -w MAIN --line CHAIR:30 --schedule 1:2036-12-01:8 "
        + "--schedule 1:2037-01-15:22"
    )
    let parts =
      placed.output.components(separatedBy: "\nschedules\n").last?
      .components(separatedBy: "\n\n").first?.split(separator: "\n") ?? []
    #expect(parts.count == 3, "\(placed.output)")
    let header = try #require(parts.first)
    #expect(header.hasPrefix("line number  schedule number  requested on"), "\(parts)")
    #expect(parts.last?.contains("2037-01-15") == true && parts.last?.contains("22 pcs") == true)

    let statement = folder.appending(path: "statement.csv")
    try Data("row_id,tracking_number,amount,fee\n1,DB-1,451.10,20\n2,DB-2,9 CNY,\n".utf8)
      .write(to: statement)
    let taken = try await joinery("remittance import DEBON ST-1 --file \(statement.path)")
    #expect(taken.status == 0, "\(taken.errors)")
    let listed = try await joinery("remittance list --open")
    #expect(listed.output.contains("451.10 CNY") && listed.output.contains("9.00 CNY"))
  }
}
