import Foundation
import Testing

@Suite("joinery takes catalogues from files", .serialized)
struct ProductImportTests {
  @Test("all of a file is checked before any of it is written; the same file again is nothing")
  func importing() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(database: folder.appending(path: "shop.db"))
    let user = User(server.address, folder)
    let table = folder.appending(path: "catalogue.csv").path
    func write(_ rows: [String]) throws {
      try Data(rows.joined(separator: "\n").utf8).write(to: URL(filePath: table))
    }
    let head = "\u{FEFF}sku,name,name_english,kind,unit_code,tax_class,weight_grams\r"
    let good = [
      #"A-1,"橡木椅, 高",Oak chair,PRODUCT_KIND_STOCKED,pcs,STANDARD,8500"#,
      "A-2,灯,,PRODUCT_KIND_STOCKED,pcs,STANDARD,",
    ]
    try write([head] + good + ["A-3,,,PRODUCT_KIND_STOCKED,pcs,NONE,"])
    let dry = try await user.run("product", "import", table, "--dry-run")
    #expect(dry.status == 1)
    #expect(dry.output.contains("3 rows: 2 created, 0 updated, 0 unchanged, 1 refused"))
    // On the line of the file, with every fault.
    #expect(dry.output.contains("4  A-3"), "\(dry.output)")
    #expect(dry.output.contains("REQUIRED") && dry.output.contains("UNKNOWN_TAX_CLASS"))
    let refused = try await user.run("product", "import", table)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("nothing was written"))
    #expect(try await user.run("product", "show", "A-1").status == 1)
    let rest = try await user.run("product", "import", table, "--best-effort")
    #expect(rest.output.contains("2 created"), "\(rest.output) \(rest.errors)")
    #expect(try await user.run("product", "show", "A-1").output.contains("8500"))
    try write([head] + good)
    let again = try await user.run("product", "import", table, "--output", "json")
    #expect(again.status == 0)
    let told = try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any]
    #expect((told?["counts"] as? [String: Any])?["unchanged"] as? Int == 2)

    // Twice in a file is once too often, however far apart.
    let many = (1...600).map { "B-\($0),灯,,PRODUCT_KIND_STOCKED,pcs,STANDARD,\($0)" }
    try write([head] + many + ["B-1,灯,,PRODUCT_KIND_STOCKED,pcs,STANDARD,7"])
    let twice = try await user.run("product", "import", table, "--best-effort")
    #expect(twice.output.contains("600 created, 0 updated, 0 unchanged, 1 refused"))
    #expect(twice.output.contains("already in line 2"), "\(twice.output)")
    let still = try await user.run("product", "import", table, "--best-effort")
    #expect(still.output.contains("0 created, 0 updated, 600 unchanged, 1 refused"))

    try write(["barcode,sku,unit_code", "6901234567892,A-1,"])
    #expect(try await user.run("product", "import", table, "--rows", "barcodes").status == 0)
    let units = folder.appending(path: "units.jsonl").path
    try Data(#"{"sku": "A-1", "unitCode": "box", "baseQuantity": "6 pcs"}"#.utf8)
      .write(to: URL(filePath: units))
    #expect(try await user.run("product", "import", units, "--rows", "units").status == 0)
    let details = try await user.run("product", "details", "A-1")
    #expect(details.output.contains("box") && details.output.contains("6901234567892"))
    let scanned = try await user.run("product", "scan", "(01)06901234567892(10)L7")
    #expect(scanned.output.contains("L7"), "\(scanned.output) \(scanned.errors)")

    for (rows, words) in [
      (["sku,nme", "A,B"], "there is no column 'nme'"), (["sku,name", "A"], "line 2: 1 cells"),
      (["sku,weight_grams", "A,heavy"], "line 2"), (["sku,name", "\"A"], "quotes without an end"),
    ] {
      try write(rows)
      let wrong = try await user.run("product", "import", table)
      #expect(wrong.status != 0)
      #expect(wrong.errors.contains(words), "\(wrong.errors)")
    }
    #expect(server.stop() == 0)
  }
}
