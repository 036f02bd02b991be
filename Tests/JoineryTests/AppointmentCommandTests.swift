import Foundation
import Testing

@Suite("Vans and what others must agree to, at the terminal")
struct AppointmentCommandTests {
  @Test("a slot says its hours; what is too much for a cell has a table of its own")
  func slots() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(database: folder.appending(path: "shop.db"))
    func joinery(_ line: String) async throws -> String {
      let done = try await Binary.run(
        line.split(separator: " ").map(String.init) + ["--server", server.address])
      #expect(done.status == 0, "\(line): \(done.errors)")
      return done.output
    }
    for line in [
      "company set-warehouse MAIN --name x", "product set CHAIR --name chair",
      "company set-price-list RETAIL --name x",
      "product set-price CHAIR 100 --list RETAIL --from 2026-01-01",
      "customer set C-1 --name Li --credit-limit 20000 --net-days 30", "customer set C-1 --phone 1",
      "customer set-address C-1 --label Home --region 330106 --street 1",
      "customer set-address C-1 --label East --region 330212 --street 2",
      "stock receive CHAIR 8 --warehouse MAIN --unit-cost 40",
      "appointment set-slot VAN --warehouse MAIN --crew A --day 2099-12-01 --begins 09:05 "
        + "--ends 24:00 --stops 4",
      "order place -c C-1 -w MAIN --line CHAIR:5 --address 1 --schedule 1:2036-12-01:2 "
        + "--schedule 1:2036-12-01:3@2",
    ] {
      _ = try await joinery(line)
    }
    let offer = try await joinery("appointment offer SO-\(Self.year)-000001 --address 2")
    let header = offer.split(separator: "\n").first { $0.hasPrefix("code") }
    #expect(header?.contains("day  begins   ends  stops") == true, "\(offer)")
    #expect(offer.contains("2099-12-01   09:05  24:00"), "\(offer)")
    let booked = try await joinery("appointment book SO-\(Self.year)-000001 VAN --address 2")
    #expect(booked.contains("address id    2"), "\(booked)")
    let listed = try await joinery("appointment list")
    let tables = listed.components(separatedBy: "\nslot\n")
    #expect(tables.count == 2 && !tables[0].contains("09:05"), "\(listed)")
    #expect(tables.last?.hasPrefix("number") == true, "\(listed)")
    #expect(tables.last?.contains("09:05") == true, "\(listed)")
  }

  /// Numbers are of the year in which a document was made.
  private static let year = Calendar(identifier: .gregorian).component(.year, from: Date())
}
