import Foundation
import Testing

@Suite("joinery takes orders from files", .serialized)
struct IntakeCommandTests {
  private func shop(_ folder: URL) async throws -> (ServerProcess, User) {
    let server = try ServerProcess(database: folder.appending(path: "shop.db"))
    let user = User(server.address, folder)
    for words in [
      ["company", "set-warehouse", "MAIN", "--name", "总仓"],
      ["product", "set", "CHAIR", "--name", "橡木椅"],
      ["company", "set-price-list", "RETAIL", "--name", "零售"],
      ["product", "set-price", "CHAIR", "499", "--list", "RETAIL", "--from", "2020-01-01"],
      [
        "customer", "set", "C-1", "--name", "张伟", "--credit-limit", "200000", "--net-days", "30",
      ],
      ["stock", "receive", "CHAIR", "200", "--warehouse", "MAIN", "--unit-cost", "210"],
    ] {
      let done = try await user.run(words)
      #expect(done.status == 0, "\(words): \(done.errors)")
    }
    return (server, user)
  }

  @Test("a table or JSON lines, with a verdict on what needs one; the same file again is nothing")
  func importing() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (server, user) = try await shop(folder)
    let table = folder.appending(path: "night.csv").path
    let rows = [
      "\u{FEFF}External_ID,customer,sku,quantity,note\r", #"W-1,C-1,CHAIR,1,"gift, please"#,
      #"wrap""#, "W-2,C-1,CHAIR,2,", #"W-2,C-1,CHAIR,1,"say ""hi""""#, "", "W-3,C-1,SOFA,1,",
    ]
    try Data(rows.joined(separator: "\n").utf8).write(to: URL(filePath: table))
    let dry = try await user.run("order", "import", table, "--warehouse", "MAIN", "--dry-run")
    #expect(dry.status == 1)
    #expect(dry.output.contains("2 placed, 0 waiting, 0 unchanged, 1 refused"), "\(dry.output)")
    let done = try await user.run("order", "import", table, "--warehouse", "MAIN")
    #expect(done.status == 1)
    // On the line of the file.
    #expect(done.output.contains("7  W-3"), "\(done.output)")
    #expect(done.output.contains("UNKNOWN_PRODUCT"))
    let again = try await user.run(
      "order", "import", table, "--warehouse", "MAIN", "--output", "json")
    let object = try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any]
    let counts = object?["counts"] as? [String: Any]
    #expect(counts?["unchanged"] as? String == "2")
    #expect((object?["verdicts"] as? [Any])?.count == 1)
    let report = try await user.run("validation", "report", "--by", "cause")
    #expect(report.output.contains("UNKNOWN_PRODUCT"))

    let lines = folder.appending(path: "shop.jsonl").path
    let line =
      #"{"externalId":"J-1","customerCode":"C-1","lines":[{"sku":"CHAIR","quantity":"3"}]}"#
    try Data((line + "\n").utf8).write(to: URL(filePath: lines))
    let all = try await user.run("order", "import", lines, "-w", "MAIN", "--all", "--atomic")
    #expect(all.status == 0, "\(all.errors)")
    #expect(all.output.contains("placed"))
    try Data((line + "\n{\"customer\": 1}").utf8).write(to: URL(filePath: lines))
    let wrong = try await user.run("order", "import", lines, "-w", "MAIN")
    #expect(wrong.status != 0)
    #expect(wrong.errors.contains("line 2"), "\(wrong.errors)")
    #expect(server.stop() == 0)
  }

  @Test(
    "what is asked for beside the goods comes by options and columns, and is edited from a file")
  func editing() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (server, user) = try await shop(folder)
    let placed = try await user.run(
      "order", "place", "-c", "C-1", "-w", "MAIN", "--line", "CHAIR:2", "--gift-wrap",
      "--packing", "eco", "--line-packing", "1:wooden-crate", "--invoice", "ordinary",
      "--invoice-to", "a@oak.example", "--care", "call-before", "--no-entry-before", "08:30")
    #expect(placed.status == 0, "\(placed.errors)")
    let lines = folder.appending(path: "night.csv").path
    try Data(
      """
      external_id,customer,sku,quantity,packing,care,line_gift_wrap
      W-1,C-1,CHAIR,1,reinforced,call-before take-old-away,yes

      """.utf8
    ).write(to: URL(filePath: lines))
    #expect(try await user.run("order", "import", lines, "-w", "MAIN").status == 0)
    let listed = try await user.run("order", "list", "--output", "json")
    let object = try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [String: Any]
    let orders = (object?["orders"] as? [[String: Any]])?.compactMap { $0["number"] as? String }
    let (number, first) = (try #require(orders?.first), try #require(orders?.last))
    for (order, text) in [(first, "wooden crate"), (number, "take old away")] {
      let shown = try await user.run("order", "show", order)
      #expect(shown.output.contains(text), "\(shown.output)")
    }

    let table = folder.appending(path: "edits.csv").path
    try Data(
      """
      number,expected_version,reason,line,quantity,packing,line_packing
      \(number),1,called,1,3,standard,eco
      \(first),7,called,1,3,,

      """.utf8
    ).write(to: URL(filePath: table))
    let dry = try await user.run("order", "edit", table, "--dry-run")
    #expect(dry.status == 1 && dry.output.contains("1 changed, 0 unchanged, 1 refused"))
    let none = try await user.run("order", "edit", table, "--atomic")
    #expect(none.status == 1 && none.output.contains("0 changed, 0 unchanged, 2 refused"))
    let done = try await user.run("order", "edit", table)
    #expect(done.output.contains("1 changed, 0 unchanged, 1 refused"), "\(done.output)")
    #expect(done.output.contains("VERSION_CONFLICT"))
    let again = try await user.run("order", "edit", table, "--output", "json")
    #expect(again.output.contains(#""unchanged": 1"#), "\(again.output)")
    let changed = try await user.run(
      "order", "change", number, "--no-remarks", "--packing", "eco", "--reason", "called")
    #expect(changed.status == 0, "\(changed.errors)")
    let diff = try await user.run("order", "diff", number, "1")
    #expect(diff.output.contains("reinforced") && diff.output.contains("delivery remarks"))
    let address = try await user.run("order", "address", first)
    #expect(address.output.contains("a@oak.example"), "\(address.output)")
    try Data("number,expected_version,reason,packing\nSO-1,1,x,gold\n".utf8)
      .write(to: URL(filePath: table))
    let wrong = try await user.run("order", "edit", table)
    #expect(wrong.status != 0 && wrong.errors.contains("line 2: packing"), "\(wrong.errors)")
    #expect(server.stop() == 0)
  }

  @Test("a marketplace's folder is taken up, answered beside it, and read again only for the rest")
  func pulling() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (server, user) = try await shop(folder)
    let set = try await user.run(
      "marketplace", "set", "TMALL", "--name", "天猫", "--customer", "C-1", "--warehouse", "MAIN",
      "--tolerance", "1%", "--status", "confirmed=WAIT_SEND")
    #expect(set.status == 0, "\(set.errors)")
    #expect(try await user.run("marketplace", "name", "TMALL", "tm-1=CHAIR").status == 0)
    let drop = folder.appending(path: "drop")
    try FileManager.default.createDirectory(at: drop, withIntermediateDirectories: true)
    let text = """
      order_id,sku,quantity,unit_price,recipient,phone,region,street,postcode
      77-1,tm-1,1,499,赵敏,13700001111,330106,文三路1号,310012
      77-2,tm-2,1,99,赵敏,13700001111,330106,文三路1号,310012

      """
    try Data(text.utf8).write(to: drop.appending(path: "orders.csv"))
    let answers = { (name: String) in
      try String(contentsOf: drop.appending(path: name), encoding: .utf8)
        .split(separator: "\n").map(String.init)
    }
    let pull = ["marketplace", "pull", drop.path, "--marketplace", "TMALL"]
    let first = try await user.run(pull)
    #expect(first.status == 1, "\(first.errors)")
    #expect(first.output.contains("orders.csv: 1 placed, 0 waiting, 0 unchanged, 1 refused"))
    let told = try answers("orders.csv.ack")
    #expect(told.count == 2)
    #expect(told[0].contains(#""orderId":"77-1","outcome":"placed","orderNumber":"SO-"#))
    #expect(told[1].contains("UNKNOWN_MARKETPLACE_SKU"))
    #expect(try answers("TMALL.status")[0].contains(#""status":"WAIT_SEND""#))

    let named = try await user.run("marketplace", "name", "TMALL", "tm-2=CHAIR")
    #expect(named.status == 0)
    let second = try await user.run(pull)
    #expect(second.output.contains("0 placed, 1 waiting, 1 unchanged"), "\(second.output)")
    #expect(try answers("orders.csv.ack")[1].contains(#""kind":"price""#))
    let third = try await user.run(pull)
    #expect(third.status == 0 && third.output.isEmpty, "\(third.output)")
    #expect(try answers("TMALL.status").count == 2)
    let offered = try answers("TMALL.stock")
    #expect(offered.first?.contains(#""sku":"tm-1","quantity":"#) == true)
    #expect(offered.count == 2)
    let forgotten = try await user.run("marketplace", "forget", "TMALL", "tm-2")
    #expect(forgotten.status == 0 && forgotten.output.contains("removed"), "\(forgotten.output)")
    let stock = try await user.run("marketplace", "stock", "TMALL", "--output", "json")
    #expect(stock.output.contains(#""externalSku": "tm-2""#), "\(stock.output)")
    let nowhere = try await user.run("marketplace", "pull", "/nowhere", "--marketplace", "TMALL")
    #expect(nowhere.status != 0 && nowhere.errors.contains("/nowhere"))
    #expect(server.stop() == 0)
  }
}
