private import CSQLite
private import Foundation

/// What the figures were measured on.
enum Machine {
  static var description: String {
    let processors = lines("/proc/cpuinfo").filter { $0.hasPrefix("model name") }
    let model = processors.first.flatMap { $0.split(separator: ":").last }.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    let kernel = lines("/proc/sys/kernel/osrelease").first ?? "unknown"
    let engine = String(cString: sqlite3_libversion())
    return "\(model ?? "unknown processor"), \(processors.count) cores, Linux \(kernel), "
      + "SQLite \(engine)"
  }

  private static func lines(_ path: String) -> [String] {
    let text = try? String(contentsOfFile: path, encoding: .utf8)
    return text?.split(separator: "\n").map(String.init) ?? []
  }
}
