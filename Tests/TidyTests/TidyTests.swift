import Foundation
import Testing

@Suite("Tidy: the house style")
struct TidyTests {
  let tree = SourceTree.current

  @Test("every source file keeps the style rules")
  func sourcesKeepTheRules() {
    let complaints = tree.swift.flatMap { file in StyleRule.all.flatMap { $0.complaints(file) } }
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
  }

  @Test("every table has its migration")
  func tablesHaveMigrations() throws {
    let statement = try Regex(
      #"(INSERT INTO|UPDATE|FROM) ([a-z_]+)"#, as: (Substring, Substring, Substring).self)
    let published = tree.swift.filter { $0.name.hasSuffix("Migrations.swift") && !$0.isTest }
      .flatMap(\.lines)
    for table in tree.swift where table.name.hasSuffix("Table.swift") && !table.isTest {
      let migrations = tree.swift.filter {
        $0.room == table.room && $0.name.hasSuffix("Migrations.swift")
      }
      .flatMap(\.lines)
      let names = Set(table.lines.flatMap { $0.matches(of: statement).map { String($0.output.2) } })
      // A room without migrations has tables for people only.
      guard !migrations.isEmpty else { continue }
      #expect(!names.isEmpty, "\(table.path): holds no SQL; rename it")
      // The engine's own functions that return rows are no tables of anybody.
      for name in names where name != "step" && name != "json_each" {
        // A view so named is there for the areas above, too.
        let places = name.hasPrefix("view_") ? published : migrations
        #expect(
          places.contains {
            $0.contains("CREATE TABLE \(name)") || $0.contains("CREATE VIEW \(name)")
          }
            || table.lines.contains { $0.contains("\(name) AS (") },
          "\(table.path): no migration of \(table.room ?? "") creates \(name)")
      }
    }
  }

  @Test("every rpc is called by a test")
  func methodsAreTested() throws {
    let declaration = try Regex(#"^\s*rpc ([A-Za-z]+)\("#, as: (Substring, Substring).self)
    let tests = tree.swift.filter(\.isTest).flatMap(\.lines).joined(separator: "\n")
    for proto in tree.protos {
      for line in proto.lines {
        guard let method = try declaration.prefixMatch(in: line)?.output.1 else { continue }
        let call = method.prefix(1).lowercased() + method.dropFirst() + "("
        #expect(tests.contains("." + call), "\(proto.path): no test calls \(method)")
      }
    }
  }

  @Test("the README names the two commands")
  func readmeNamesTheCommands() throws {
    let readme = try String(contentsOf: tree.root.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.contains("make demo"))
    #expect(readme.contains("make test"))
  }

  @Test(
    "the rules see what they forbid",
    arguments: [
      ("Sources/Orders/A.swift", "  let x = await y", "no concurrency"),
      ("Sources/Orders/A.swift", "import Foundation", "Foundation stays out"),
      ("Sources/Orders/A.swift", "  sqlite3_step(x)", "only Storage"),
      ("Sources/Orders/A.swift", "let x = try! f()", "handle the nil"),
      ("Sources/Orders/A.swift", "let x = y!.z", "handle the nil"),
      ("Sources/Orders/A.swift", "let now = Date()", "injected"),
      ("Sources/Orders/A.swift", "public struct A {}", "use package"),
      ("Sources/RPC/A.swift", "final class A: @unchecked Sendable {}", "allowedEscapes"),
      ("Tests/RPCTests/A.swift", "let openssl = Process()", "ChildProcess"),
      ("Sources/Orders/OrderUtils.swift", "", "missing noun"),
      ("Sources/Orders/A.swift", "// TO" + "DO later", "finish it"),
      ("Sources/Orders/A.swift", String(repeating: "x", count: 101), "100 columns"),
      ("Sources/Orders/A.swift", String(repeating: "x\n", count: 601), "600 lines"),
      (
        "Sources/Orders/A.swift",
        "  func f() {\n" + String(repeating: "    g()\n", count: 70) + "  }", "70 lines"
      ),
    ])
  func rulesFire(path: String, text: String, remedy: String) {
    let file = SourceFile(path: path, text: text)
    let complaints = StyleRule.all.flatMap { $0.complaints(file) }
    #expect(complaints.contains { $0.contains(remedy) }, "\(complaints)")
  }

  @Test(
    "the rules leave prose, literals and operators alone",
    arguments: [
      "// we await the Task with Date()", "let text = \"TASK await sqlite3_step public\"",
      "guard a != b else { return }", "let ok = !isEmpty",
    ])
  func rulesStaySilent(text: String) {
    let file = SourceFile(path: "Sources/Orders/A.swift", text: text)
    #expect(StyleRule.all.flatMap { $0.complaints(file) } == [])
  }
}
