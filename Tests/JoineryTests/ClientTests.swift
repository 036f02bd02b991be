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
    let usage = try await Binary.run("order", "cancel", "SO-1", "--reason", "boredom")
    #expect(usage.status == 64)
    #expect(usage.errors.contains("customer-wish"))
  }
}
