import Foundation
import Testing

@Suite("joinery as a client", .serialized)
struct ClientTests {
  @Test("tables for people, JSON for scripts, the same key once")
  func tablesAndJSON() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(database: folder.appending(path: "shop.db"))
    for _ in 1...2 {
      let set = try await Binary.run(
        "product", "set", "CHAIR", "--name", "橡木椅", "--name-english", "Oak chair", "--key",
        "same", "--server", server.address)
      #expect(set.status == 0, "\(set.errors)")
      #expect(set.output.contains("created"))
    }
    let table = try await Binary.run("product", "list", "--server", server.address)
    #expect(table.output.contains("橡木椅"))
    let json = try await Binary.run(
      "product", "show", "CHAIR", "--output", "json", "--server", server.address)
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    let product = object?["product"] as? [String: Any]
    #expect(product?["nameEnglish"] as? String == "Oak chair")
    #expect(server.stop() == 0)
  }

  @Test("any method by name with JSON in and out; refusals name field and rule")
  func anyMethod() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(database: folder.appending(path: "shop.db"))
    let upsert = try await Binary.run(
      "call", "CatalogService/UpsertPriceLists", "-", "--server", server.address,
      input: #"{"priceLists": [{"code": "RETAIL", "name": "零售"}]}"#)
    #expect(upsert.status == 0, "\(upsert.errors)")
    #expect(upsert.output.contains("ROW_OUTCOME_CREATED"))
    let wrongField = try await Binary.run(
      "call", "GetProduct", #"{"sqq": "CHAIR"}"#, "--server", server.address)
    #expect(wrongField.status != 0)
    #expect(wrongField.errors.contains("sku"), "\(wrongField.errors)")
    let unknown = try await Binary.run(
      "call", "GetProduct", #"{"sku": "CHAIR"}"#, "--server", server.address)
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("UNKNOWN_PRODUCT"), "\(unknown.errors)")
    let typo = try await Binary.run("call", "PlaceOder", "{}", "--server", server.address)
    #expect(typo.errors.contains("PlaceOrder"), "\(typo.errors)")
    #expect(server.stop() == 0)
  }

  @Test("a refused row is a refusal, a dry run says so, and no text steers the terminal")
  func outcomes() async throws {
    let folder = try Binary.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ServerProcess(database: folder.appending(path: "shop.db"))
    let refused = try await Binary.run(
      "customer", "set", "C-1", "--name", "Li", "--credit-limit=-5", "--server", server.address)
    #expect(refused.status == 1)
    #expect(refused.output.contains("-5.00 CNY is not between 0 and"), "\(refused.output)")
    let dry = try await Binary.run(
      "customer", "set", "C-1", "--name", "Li", "--dry-run", "--server", server.address)
    #expect(dry.status == 0)
    #expect(dry.errors.contains("nothing was changed"), "\(dry.errors)")
    let steering = try await Binary.run("order", "show", "\u{1B}[2J", "--server", server.address)
    #expect(steering.status == 1)
    #expect(!steering.errors.contains("\u{1B}"))
    let endless = try await Binary.run(
      "order", "show", String(repeating: "9", count: 10_000), "--server", server.address)
    #expect(endless.errors.contains("[UNKNOWN_ORDER]"), "\(endless.errors)")
    let line = #"{"sku": "NOTHING", "quantity": "1 pcs"}"#
    let many = try await Binary.run(
      "call", "PlaceOrder", "-", "--server", server.address,
      input: """
        {"order": {"channel": "CHANNEL_STORE", "customerCode": "C-1", "warehouseCode": "MAIN",
        "lines": [\(Array(repeating: line, count: 500).joined(separator: ", "))]}}
        """)
    #expect(many.errors.contains("(and 501 more)"), "\(many.errors.prefix(200))")
    #expect(many.errors.contains("order.lines[3].sku"), "\(many.errors.prefix(200))")
    for option in ["--actor=张伟", "--key=a b"] {
      let unsendable = try await Binary.run(
        "product", "set", "P", "--name", "P", option, "--server", server.address)
      #expect(unsendable.status == 64, "\(unsendable.errors)")
    }
    #expect(server.stop() == 0)
  }

  @Test("describe is the manual, and a server that is not there is said to be so")
  func describeAndUnreachable() async throws {
    let described = try await Binary.run("describe", "PlaceOrder")
    #expect(described.output.contains("what a till calls"))
    #expect(described.output.contains("external_id"))
    let list = try await Binary.run("describe")
    #expect(list.output.contains("joinery.finance.v1.FinanceService.GetTrialBalance"))
    let unreachable = try await Binary.run("order", "list", "--server", "127.0.0.1:1")
    #expect(unreachable.status == 2)
    #expect(unreachable.errors.contains("cannot reach 127.0.0.1:1"))
    let usage = try await Binary.run("order", "hold", "SO-1", "--kind", "boredom", "--reason", "x")
    #expect(usage.status == 64)
    #expect(usage.errors.contains("credit, price, address"))
  }

  @Test(
    "describe takes the names that people write, and those that the help tells",
    arguments: [
      ("CarrierTariff", "message joinery.orders.v1.CarrierTariff"),
      ("orders.v1.OrderEdit", "message joinery.orders.v1.OrderEdit"),
      ("catalog.v1.Product", "message joinery.catalog.v1.Product"),
      ("customers.v1.ExternalCustomer", "message joinery.customers.v1.ExternalCustomer"),
      ("ReviseQuoteRequest", "message joinery.orders.v1.ReviseQuoteRequest"),
      ("CashOnDeliveryService", "joinery.orders.v1.CashOnDeliveryService.RecordCollection"),
      ("UpsertProducts", "joinery.catalog.v1.CatalogService.UpsertProducts"),
    ])
  func describes(_ name: String, _ told: String) async throws {
    let described = try await Binary.run("describe", name)
    #expect(described.output.contains(told), "\(described.output) \(described.errors)")
  }

  @Test(
    "a command that there is not is named, and so is what may be meant",
    arguments: [
      ("warehouse set MAIN --name x", "'warehouse'; there are: company set-warehouse"),
      ("prodct list", "'prodct'; did you mean 'product'?"),
      ("product lst --prefix x", "'product lst'; did you mean 'product list'?"),
      ("nonsense", "There is no command 'nonsense'\n"),
    ])
  func unknownCommand(_ words: String, _ told: String) async throws {
    let refused = try await Binary.run(words.split(separator: " ").map(String.init))
    #expect(refused.status == 64)
    #expect(refused.errors.contains(told), "\(refused.errors)")
  }
}
