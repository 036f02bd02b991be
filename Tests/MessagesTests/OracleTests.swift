import ChildProcess
import Foundation
import RPC
import Testing

@testable import Messages

/// Random messages of every type, there and back, against Python's protobuf.
@Suite("Codec and JSON against Python's protobuf")
struct OracleTests {
  /// One random message as the oracle made it.
  private struct Case {
    let type: String
    let bytes: [UInt8]
    let cut: Int
    let isCutValid: Bool
    let json: String

    init(_ line: Substring) throws {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      try #require(parts.count == 5)
      type = String(parts[0])
      bytes = [UInt8](hex: parts[1])
      cut = try #require(Int(parts[2]))
      isCutValid = parts[3] == "valid"
      json = String(decoding: try #require(Data(base64Encoded: String(parts[4]))), as: UTF8.self)
    }
  }

  private let types: [String: any WireMessage.Type] = Dictionary(
    uniqueKeysWithValues: (Messages.GeneratedMessages.all + MessagesTests.GeneratedMessages.all)
      .map { ($0.fullName, $0) })

  @Test(
    "agrees on random messages of every type",
    .enabled(if: Oracle.available != nil, "needs Python's protobuf: make setup"))
  func randomMessages() throws {
    let oracle = try #require(Oracle.available)
    let cases = try oracle.run(
      ["generate", "20261121", "12"], input: types.keys.sorted().joined(separator: "\n")
    ).split(separator: "\n").map(Case.init)
    #expect(cases.count == types.count * 12)
    let results = try cases.map(result)
    let disagreements = try oracle.run(["verify"], input: results.joined(separator: "\n"))
    #expect(disagreements == "")
  }

  /// What our side makes of a message: re-encoded, read from Python's JSON, and written as JSON.
  private func result(_ test: Case) throws -> String {
    let type = try #require(types[test.type])
    let cut = Array(test.bytes.prefix(test.cut))
    let isCutValid = (try? type.init(wire: cut)) != nil
    #expect(isCutValid == test.isCutValid, "\(test.type) \(cut.hex)")
    let encoded = try type.init(wire: test.bytes).encoded()
    let isTestType = test.type.hasPrefix("everything.")
    let mapping = isTestType ? Self.testMapping : JSONMapping()
    let fromJSON = try mapping.bytes(fromJSON: test.json, as: test.type)
    let json = try mapping.json(test.bytes, as: test.type, pretty: false)
    let text = Data(json.utf8).base64EncodedString()
    return [test.type, test.bytes.hex, encoded.hex, fromJSON.hex, text].joined(separator: "\t")
  }

  /// The test's own descriptors are not embedded; protoc writes them anew.
  private static let testMapping: JSONMapping = {
    let output = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: output) }
    do {
      try ChildProcess(
        "protoc",
        [
          "--include_source_info", "-I", Oracle.root.appending(path: "Tests/Oracle").path, "-o",
          output.path, "everything.proto",
        ]
      ).wait()
      let bytes = [UInt8](try Data(contentsOf: output))
      return JSONMapping(try DescriptorPool(fileDescriptorSet: bytes))
    } catch {
      preconditionFailure("protoc is needed: \(error)")
    }
  }()
}
