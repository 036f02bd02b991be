import RPC
import Testing

@testable import Operations
@testable import Storage

@Suite("Metrics for Prometheus")
struct MetricsTextTests {
  @Test("every line is a comment or a sample, and every sample's metric is described before it")
  func format() throws {
    var calls = ServerMetrics()
    calls.connectionsOpen = 3
    let text = MetricsText(
      calls, Statistics(), watchers: 2, isReady: true, shipping: .init(isWhole: true, latest: 1795)
    ).body
    var described: Set<Substring> = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.hasPrefix("# TYPE ") {
        described.insert(words[2])
      } else if !line.hasPrefix("# HELP ") {
        #expect(words.count == 2)
        let name = words[0].prefix { $0 != "{" }
        #expect(described.contains(name), "\(name)")
        #expect(Double(words[1]) != nil, "\(line)")
      }
    }
    #expect(text.contains("\njoinery_ready 1\n"))
    #expect(text.contains("\njoinery_connections 3\n"))
    #expect(text.contains("\njoinery_event_watchers 2\n"))
    #expect(text.contains("\njoinery_log_shipped 1\n"))
    #expect(text.contains("\njoinery_log_shipped_commit_time_seconds 1795\n"))
    #expect(text.contains("\nprocess_resident_memory_bytes "))
    #expect(
      MetricsText(calls, Statistics(), watchers: 0, isReady: false).body.contains(
        "\njoinery_ready 0\n"))
  }
}
