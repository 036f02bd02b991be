import Testing

@testable import RPC

@Suite("Limits by name")
struct LimitNamesTests {
  @Test("every bound has its name")
  func complete() {
    let properties = Mirror(reflecting: RPCLimits()).children.compactMap(\.label)
    #expect(Set(RPCLimits.names) == Set(properties) && RPCLimits.names.count == properties.count)
  }

  @Test("values of each kind")
  func values() throws {
    var limits = RPCLimits()
    try limits.set("maxHandlers", to: "7")
    try limits.set("maxConnectionsPerAddress", to: "8")
    try limits.set("prefaceTimeout", to: "250ms")
    try limits.set("requestTimeout", to: "2m")
    try limits.set("keepaliveTime", to: "none")
    try limits.set("maxConnectionAge", to: "90s")
    try limits.set("keepaliveWithoutCalls", to: "true")
    #expect(limits.maxHandlers == 7 && limits.maxConnectionsPerAddress == 8)
    #expect(limits.prefaceTimeout == .milliseconds(250) && limits.requestTimeout == .seconds(120))
    #expect(limits.keepaliveTime == nil && limits.maxConnectionAge == .seconds(90))
    #expect(limits.keepaliveWithoutCalls)
    try limits.set("maxConnectionsPerAddress", to: "none")
    #expect(limits.maxConnectionsPerAddress == nil)
  }

  @Test(
    "what is no value is refused, and changes nothing",
    arguments: [
      ("maxHandlers", "-1"), ("maxHandlers", "1k"), ("maxHandlers", ""),
      ("maxHandlers", "2147483648"), ("maxConnectionsPerAddress", "few"), ("prefaceTimeout", "5"),
      ("prefaceTimeout", "none"), ("prefaceTimeout", "-5s"), ("keepaliveTime", "5h"),
      ("keepaliveWithoutCalls", "yes"), ("maxhandlers", "7"),
    ])
  func refusals(name: String, text: String) {
    var limits = RPCLimits()
    #expect(throws: RPCLimits.LimitError.self) { try limits.set(name, to: text) }
    #expect("\(limits)" == "\(RPCLimits())")
  }
}
