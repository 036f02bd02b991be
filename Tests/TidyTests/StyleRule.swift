/// A rule of the house style that a machine can check. Its complaint names the place and the
/// remedy.
struct StyleRule: Sendable {
  let remedy: String
  /// Line numbers, from 1, that break the rule.
  let offences: @Sendable (SourceFile) -> [Int]

  /// "path:line: remedy" for every offence.
  func complaints(_ file: SourceFile) -> [String] {
    offences(file).map { "\(file.path):\($0): \(remedy)" }
  }

  /// Code lines (comments and literals aside) that match `pattern`, in the files where the rule
  /// applies.
  static func banned(
    _ pattern: String, _ remedy: String, where applies: @escaping @Sendable (SourceFile) -> Bool
  ) -> StyleRule {
    StyleRule(remedy: remedy) { file in
      guard applies(file), let regex = try? Regex(pattern) else { return [] }
      return file.code.enumerated().filter { $0.element.contains(regex) }.map { $0.offset + 1 }
    }
  }
}

let areas: Set = [
  "MasterData", "Finance", "Inventory", "Purchasing", "Production", "Orders", "Notifications",
  "Identity",
]

/// Escape hatches from the compiler's checks, each with the reason why it is safe.
let allowedEscapes: [String: String] = [
  "Sources/HTTP2/HeaderFields.swift": "written once in init, never freed",
  "Sources/HTTP2/SessionCallbacks.swift": "the callback tables are filled before they are shared",
  "Sources/HTTP2/Vigil.swift": "touched on its event loop only",
  "Sources/RPC/Call/WriterQueue.swift": "touched on its event loop only",
  "Sources/RPC/Client/ClientCall.swift": "touched on its event loop only",
  "Sources/RPC/Client/ClientConnection.swift": "touched on its event loop only",
  "Sources/RPC/Server/ServerCall.swift": "touched on its event loop only, handlers run there",
  "Sources/RPC/Server/ServerConnection.swift": "touched on its event loop only",
  "Sources/RPC/Server/ServerMetrics.swift": "a fixed pointer to atomics",
  "Sources/Storage/PageProtection.swift": "a fixed pointer to what C keeps in atomics",
  "Sources/RPC/Server/ServerLoop.swift": "what is not Sendable is touched on its event loop only",
]

extension StyleRule {
  static let all: [StyleRule] = [
    columns, fileLength, functionLength,
    banned("sqlite3?_|import CSQLite", "only Storage speaks to SQLite") {
      $0.room != "Storage" && !$0.path.hasPrefix("Tests/StorageTests") && $0.room != "joinery-bench"
    },
    banned("nghttp2_|NGHTTP2_", "only HTTP2/Session calls nghttp2") {
      $0.room != "HTTP2" && !$0.path.hasPrefix("Tests/HTTP2Tests")
        && !$0.path.hasPrefix("Tests/Interop/grpc-swift")
    },
    banned(
      #"\b(Date|UUID)\(|\.random\b|SystemRandomNumberGenerator|clock_gettime"#,
      "time and chance are injected: only Clock and Chance in joinery, the runtime and tests ask"
    ) {
      !$0.isTest && !["HTTP2", "RPC", "joinery-bench"].contains($0.room)
        && !["Sources/joinery/Clock.swift", "Sources/joinery/Chance.swift"].contains($0.path)
    },
    banned(
      #"\b(async|await|Mutex|Task)\b|\bactor [A-Z]"#,
      "an area is a function of database, input and moment: no concurrency in it"
    ) { areas.contains($0.room ?? "") },
    banned(#"^\s*(public|open) "#, "use package: only Messages and RPC are linked from outside") {
      !["Messages", "RPC"].contains($0.room ?? "RPC") && $0.path.hasPrefix("Sources/")
    },
    banned(#"\btry!|\bas!|[A-Za-z0-9_\])]!([^=]|$)"#, "handle the nil or the error") {
      !$0.isTest && !$0.isGenerated
    },
    banned(#"@unchecked|nonisolated\(unsafe\)"#, "give the reason in allowedEscapes") { file in
      !file.isTest && !file.isGenerated && !allowedEscapes.keys.contains(file.path)
    },
    banned(#"\bProcess\(\)"#, "tests run programs with ChildProcess, which says why") {
      $0.path.hasPrefix("Tests/")
    },
    banned("fatalError", "say what was impossible with preconditionFailure") {
      $0.path.hasPrefix("Sources/")
    },
    StyleRule(remedy: "finish it or name it in the closing note") { file in
      guard !file.isGenerated, !file.path.hasPrefix("Tests/TidyTests") else { return [] }
      return file.lines.enumerated().filter {
        $0.element.contains("TODO") || $0.element.contains("FIXME")
          || $0.element.contains("swift-format-ignore")
      }.map { $0.offset + 1 }
    },
    StyleRule(remedy: "a line with no room means a missing noun: name the file after it") { file in
      ["Utils", "Helpers", "Common", "Manager", "Placeholder", "Misc"].contains {
        file.name.contains($0)
      } ? [1] : []
    },
    StyleRule(remedy: "an import says who may see it, and Foundation stays out of areas") { file in
      guard areas.contains(file.room ?? "") else { return [] }
      return file.lines.enumerated().filter { $0.element.contains("import Foundation") }
        .map { $0.offset + 1 }
    },
  ]

  static let columns = StyleRule(remedy: "at most 100 columns") { file in
    file.isGenerated
      ? [] : file.lines.enumerated().filter { $0.element.count > 100 }.map { $0.offset + 1 }
  }

  static let fileLength = StyleRule(remedy: "at most 600 lines: is there a noun hiding in it?") {
    !$0.isGenerated && $0.lines.count > 600 ? [601] : []
  }

  /// A function ends at the first closing brace in the column where its declaration begins
  /// (swift-format sees to that).
  static let functionLength = StyleRule(remedy: "at most 70 lines a function: extract a step") {
    file in
    guard !file.isGenerated, let head = try? Regex(#"^\s*([a-z@()_]+ )*(func|init)\b"#) else {
      return []
    }
    return file.code.enumerated().compactMap { start, line in
      guard line.contains(head) else { return nil }
      let indent = line.prefix { $0 == " " }
      guard
        let end = file.lines[start...].firstIndex(where: {
          $0.hasPrefix(indent + "}") && !$0.hasPrefix(indent + "} ")
        })
      else { return nil }
      return end - start >= 70 ? start + 1 : nil
    }
  }
}
