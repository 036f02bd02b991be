import Testing

@testable import RPC

@Suite("Endpoint")
struct EndpointTests {
  @Test(
    "reads addresses and socket paths, and writes them the same way",
    arguments: [
      ("127.0.0.1:50051", .tcp(host: "127.0.0.1", port: 50051)),
      ("[::1]:0", .tcp(host: "::1", port: 0)),
      ("joinery.example:65535", .tcp(host: "joinery.example", port: 65535)),
      ("unix:/run/joinery.sock", .unix(path: "/run/joinery.sock")),
      ("unix:joinery.sock", .unix(path: "joinery.sock")),
    ] as [(String, Endpoint)])
  func reads(text: String, endpoint: Endpoint) {
    #expect(Endpoint(text) == endpoint)
    #expect(endpoint.description == text)
  }

  @Test("the URL form of a socket path")
  func socketURL() {
    #expect(Endpoint("unix:///run/joinery.sock") == .unix(path: "/run/joinery.sock"))
  }

  @Test(
    "refuses the rest",
    arguments: [
      "", "localhost", ":80", "host:", "host:-1", "host:65536", "host:http", "::1:80", "[::1]",
      "unix:", "unix://",
    ])
  func refuses(text: String) {
    #expect(Endpoint(text) == nil)
  }

  @Test(
    "knows what stays on this machine",
    arguments: [
      ("127.0.0.1:1", true), ("127.9.9.9:1", true), ("localhost:1", true), ("[::1]:1", true),
      ("unix:/s", true), ("0.0.0.0:1", false), ("[::]:1", false), ("10.0.0.1:1", false),
      ("127.0.0.1.example:1", false), ("127.example:1", false), ("127.0.0.256:1", false),
      ("joinery:1", false),
    ])
  func local(text: String, isLocal: Bool) {
    #expect(Endpoint(text)?.isLocal == isLocal)
  }
}
