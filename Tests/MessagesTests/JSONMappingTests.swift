import Messages
import Testing

/// Messages as people and scripts write them.
@Suite("JSON mapping")
struct JSONMappingTests {
  private let mapping = JSONMapping()

  /// The bytes of the JSON text, as JSON again on one line.
  private func reread(_ text: String, as message: String) throws -> String {
    try mapping.json(mapping.bytes(fromJSON: text, as: message), as: message, pretty: false)
  }

  @Test(
    "prints values as people write them and understands the object form",
    arguments: [
      ("joinery.type.v1.Money", #""1299.00 CNY""#, #""1299.00 CNY""#),
      ("joinery.type.v1.Money", #""-0.5 CNY""#, #""-0.50 CNY""#),
      ("joinery.type.v1.Money", #""1299 JPY""#, #""1299 JPY""#),
      (
        "joinery.type.v1.Money", #"{"currencyCode":"CNY","minor_units":"129900"}"#,
        #""1299.00 CNY""#
      ),
      ("joinery.type.v1.Money", #"{"minorUnits":5}"#, #"{"minorUnits":"5"}"#),
      ("joinery.type.v1.Money", "{}", "{}"),
      (
        "joinery.type.v1.Money", #"{"currencyCode":"CNY","minorUnits":"-9223372036854775808"}"#,
        #""-92233720368547758.08 CNY""#
      ),
      ("joinery.type.v1.UnitPrice", #""12.5 CNY""#, #""12.5 CNY""#),
      ("joinery.type.v1.Quantity", #""3 pcs""#, #""3 pcs""#),
      ("joinery.type.v1.ExchangeRate", #""7.1234560 CNY/USD""#, #""7.123456 CNY/USD""#),
      ("joinery.type.v1.ExchangeRate", #""4.7325 CNY/100 JPY""#, #""4.7325 CNY/100 JPY""#),
      (
        "joinery.type.v1.ExchangeRate",
        #"{"currencyCode":"USD","baseCurrencyCode":"CNY","micros":"7120000","units":1}"#,
        #""7.12 CNY/USD""#
      ),
      (
        "joinery.type.v1.ExchangeRate",
        #"{"currencyCode":"USD","baseCurrencyCode":"CNY","micros":"7"}"#,
        #"{"currencyCode":"USD","baseCurrencyCode":"CNY","micros":"7"}"#
      ),
      ("joinery.type.v1.Quantity", #""2.500000 m2""#, #""2.5 m2""#),
      ("joinery.type.v1.Quantity", "3", #""3""#),
      ("google.type.Date", #""2026-11-21""#, #""2026-11-21""#),
      ("google.type.Date", #"{"year":2026,"month":11}"#, #"{"year":2026,"month":11}"#),
      (
        "google.protobuf.Timestamp", #""2026-11-21T09:30:00.5+08:00""#,
        #""2026-11-21T01:30:00.500Z""#
      ),
      ("google.protobuf.Timestamp", #""0001-01-01T00:00:00Z""#, #""0001-01-01T00:00:00Z""#),
      (
        "google.protobuf.Timestamp", #""9999-12-31T23:59:59.999999999Z""#,
        #""9999-12-31T23:59:59.999999999Z""#
      ),
      ("google.protobuf.Timestamp", #""2024-02-29T23:59:59Z""#, #""2024-02-29T23:59:59Z""#),
      ("google.protobuf.Duration", #""-1.5s""#, #""-1.5s""#),
      ("google.protobuf.FieldMask", #""name,creditLimit""#, #""name,creditLimit""#),
      ("google.protobuf.FieldMask", #"{"paths":["a","b_c"]}"#, #""a,bC""#),
      // What has no text.
      ("google.protobuf.FieldMask", #"{"paths":[","]}"#, #"{"paths":[","]}"#),
      ("google.protobuf.FieldMask", #"{"paths":["a__b",""]}"#, #"{"paths":["a__b",""]}"#),
      ("google.protobuf.Timestamp", #"{"nanos":-1}"#, #"{"nanos":-1}"#),
      ("google.protobuf.Duration", #"{"nanos":2000000000}"#, #"{"nanos":2000000000}"#),
    ])
  func textForms(message: String, input: String, output: String) throws {
    #expect(try reread(input, as: message) == output)
  }

  @Test(
    "follows protobuf's rules",
    arguments: [
      (
        "joinery.orders.v1.CancelOrderRequest",
        #"{"number":"SO-1","expected_version":"0","reason":1,"lineNumbers":[1,"2",3.0,4e0]}"#,
        #"{"number":"SO-1","expectedVersion":"0","reason":"#
      ),
      (
        "google.rpc.ErrorInfo", #"{"metadata":{"b":"2","a":""}}"#, #"{"metadata":{"a":"","b":"2"}}"#
      ),
      ("google.rpc.ErrorInfo", #"{"reason":null,"domain":""}"#, "{}"),
      (
        "grpc.reflection.v1.FileDescriptorResponse", #"{"fileDescriptorProto":["-_8","AA=="]}"#,
        #"{"fileDescriptorProto":["+/8=","AA=="]}"#
      ),
      (
        "grpc.reflection.v1.ServerReflectionRequest", #"{"listServices":""}"#,
        #"{"listServices":""}"#
      ),
      ("grpc.health.v1.HealthCheckResponse", #"{"status":99}"#, #"{"status":99}"#),
      ("google.rpc.ErrorInfo", #"{"reason":"\u4e2d\ud83d\ude00\n"}"#, #"{"reason":"中😀\n"}"#),
    ])
  func rules(message: String, input: String, output: String) throws {
    #expect(try reread(input, as: message).hasPrefix(output))
  }

  @Test(
    "names the field and what was expected",
    arguments: [
      (
        "joinery.type.v1.Explanation", #"{"steps":[{},{"ruel":"x"}]}"#, "steps[1].ruel",
        "did you mean rule?"
      ),
      (
        "joinery.type.v1.Explanation", #"{"steps":{}}"#, "steps",
        "expected an array, found an object"
      ),
      ("joinery.type.v1.Explanation", #"{"steps":[{"rule":7}]}"#, "steps[0].rule", "expected text"),
      (
        "google.type.Date", #"{"year":2147483648}"#, "year",
        "from -2147483648 to 2147483647, found 2147483648"
      ),
      ("google.type.Date", #"{"year":1.5}"#, "year", "whole number"),
      ("google.type.Date", #""2026-02-30""#, "", "expected a date such as"),
      ("google.type.Date", #"{"year":1,"year":2}"#, "year", "given twice"),
      (
        "joinery.type.v1.Money", #"{"currency_code":"A","currencyCode":"B"}"#, "currencyCode",
        "given as currency_code, too"
      ),
      ("joinery.type.v1.Money", #""12.345 CNY""#, "", "expected an amount such as"),
      ("joinery.type.v1.Money", #""1e30 CNY""#, "", "expected an amount such as"),
      ("joinery.type.v1.Money", "7", "", "expected an amount such as \"1299.00 CNY\", found 7"),
      (
        "grpc.health.v1.HealthCheckResponse", #"{"status":"SERVIN"}"#, "status",
        "did you mean SERVING?"
      ),
      (
        "grpc.reflection.v1.ServerReflectionRequest",
        #"{"listServices":"","fileByFilename":"x"}"#, "fileByFilename", "only one of"
      ),
      ("google.protobuf.Timestamp", #""2026-11-21""#, "", "expected a time such as"),
      ("google.protobuf.Timestamp", #""2026-11-21T24:00:00Z""#, "", "expected a time such as"),
      ("google.rpc.ErrorInfo", #"{"reason":"a"#, "", "a string is not closed"),
      ("google.rpc.ErrorInfo", "{\n  \"reason\": tru}", "", "line 2, column 13"),
      ("google.rpc.ErrorInfo", #"{"reason":"\ud800"}"#, "", "surrogate"),
      ("google.rpc.ErrorInfo", "{} {}", "", "expected the end"),
      (
        "google.rpc.ErrorInfo", String(repeating: "[", count: 100_000), "",
        "nested more than 100 deep"
      ),
      ("joinery.NoSuch", "{}", "", "there is no message type joinery.NoSuch"),
    ])
  func errors(message: String, input: String, path: String, problem: String) {
    let error = #expect(throws: JSONMappingError.self) {
      try mapping.bytes(fromJSON: input, as: message)
    }
    #expect(error?.path == path)
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
  }

  @Test("prints defaults when asked to, and indents")
  func defaults() throws {
    let text = try JSONMapping(printsDefaults: true).json(GoogleRPC.ErrorInfo(reason: "R"))
    #expect(
      text == """
        {
          "reason": "R",
          "domain": "",
          "metadata": {}
        }
        """)
  }

  @Test("refuses bytes that are not the message and bottomless nesting")
  func damagedBytes() {
    #expect(throws: JSONMappingError.self) {
      try mapping.json([0x0A, 0x05, 0x41], as: "google.rpc.ErrorInfo")
    }
    #expect(throws: JSONMappingError.self) {
      try mapping.json([0x0A, 0x01, 0xFF], as: "google.rpc.ErrorInfo")
    }
    // DescriptorProto.nested_type is a DescriptorProto.
    var nested: [UInt8] = []
    for _ in 0..<200 { nested = [0x1A] + varint(nested.count) + nested }
    #expect(throws: JSONMappingError.self) {
      try mapping.json(nested, as: "google.protobuf.DescriptorProto")
    }
  }

  private func varint(_ value: Int) -> [UInt8] {
    value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
  }
}
