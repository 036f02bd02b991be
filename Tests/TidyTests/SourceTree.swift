import Foundation

/// One text file of the repository.
struct SourceFile: Sendable {
  /// Path from the package root ("Sources/Orders/PlaceOrder.swift").
  let path: String
  let lines: [Substring]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  var name: String { String(path.split(separator: "/").last ?? "") }
  /// The target ("Orders"); nil outside Sources.
  var room: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }
  var isGenerated: Bool { path.contains("/Generated/") || path.hasPrefix("Sources/CMessages/") }
  var isTest: Bool { path.hasPrefix("Tests/") || room == "TestKit" }

  /// Each line without its `//` comment and without the contents of plain string literals, so that
  /// a rule about code does not fire on prose. Multi-line literals are blanked from their opening
  /// to their closing quotes.
  var code: [String] {
    var inText = false
    return lines.map { line in
      let quotes = line.components(separatedBy: "\"\"\"").count - 1
      defer { if quotes % 2 == 1 { inText.toggle() } }
      return inText || quotes > 0 ? "" : Self.withoutTextAndComment(line)
    }
  }

  private static func withoutTextAndComment(_ line: Substring) -> String {
    var result = ""
    var inLiteral = false
    var previous: Character = " "
    for character in line {
      if character == "\"", previous != "\\" { inLiteral.toggle() }
      if !inLiteral, character == "/", previous == "/" {
        result.removeLast()
        break
      }
      if !inLiteral || character == "\"" { result.append(character) }
      previous = character
    }
    return result
  }
}

/// The repository as the style rules see it.
struct SourceTree: Sendable {
  let root: URL
  let swift: [SourceFile]
  let protos: [SourceFile]

  static let current = SourceTree(
    root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent())

  init(root: URL) {
    self.root = root
    swift = Self.files(under: ["Sources", "Tests", "proto"], suffix: ".swift", root: root)
    protos = Self.files(under: ["proto/joinery"], suffix: ".proto", root: root)
  }

  private static func files(under folders: [String], suffix: String, root: URL) -> [SourceFile] {
    folders.flatMap { folder -> [SourceFile] in
      let found = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
      let paths = (found?.allObjects as? [String] ?? []).filter {
        $0.hasSuffix(suffix) && !$0.contains(".build")
      }
      return paths.sorted().compactMap { path in
        let full = folder + "/" + path
        guard let text = try? String(contentsOf: root.appending(path: full), encoding: .utf8)
        else { return nil }
        return SourceFile(path: full, text: text)
      }
    }
  }
}
