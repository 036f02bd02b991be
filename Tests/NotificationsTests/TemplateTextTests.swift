import Notifications
import Testing
import Values

@Suite("Template text")
struct TemplateTextTests {
  private func text(
    _ text: String, of type: String = "order.confirmed"
  ) throws -> TemplateText {
    try TemplateText(text, of: try #require(NoticeKind.of(type)), field: "template.body") {
      known, given in known.first { $0.hasSuffix(given.suffix(4)) }
    }
  }

  private let values: NoticeValues = {
    var values = NoticeValues()
    values.values = ["order.number": "SO-1", "customer.name": "张伟", "order.requested_on": ""]
    values.lines = [
      ["line.sku": "CHAIR", "line.quantity": "4"], ["line.sku": "LAMP", "line.quantity": "1"],
    ]
    return values
  }()

  @Test(
    "values, lines and what is there only with its value",
    arguments: [
      ("{{order.number}} for {{ customer.name }}", "SO-1 for 张伟"),
      ("{{#lines}}{{line.quantity}} {{line.sku}}; {{/lines}}", "4 CHAIR; 1 LAMP; "),
      ("a\n{{#lines}}\n- {{line.sku}}\n{{/lines}}\nb", "a\n- CHAIR\n- LAMP\nb"),
      ("a\n{{#order.requested_on}}\non\n{{/order.requested_on}}\nb", "a\nb"),
      ("a{{#order.number}} with{{/order.number}}\nb", "a with\nb"),
      (
        "{{#lines}}\n{{#order.number}}\n{{line.sku}}/\n{{/order.number}}\n{{/lines}}",
        "CHAIR/\nLAMP/\n"
      ),
      ("x {{#order.number}}{{/order.number}}\ny", "x \ny"), ("no marks", "no marks"),
      ("{ {order.number} }", "{ {order.number} }"),
    ])
  func rendering(template: String, expected: String) throws {
    #expect(try text(template).rendered(values) == expected)
  }

  @Test("a value is text and never a mark")
  func valuesAreText() throws {
    var values = values
    values.values["customer.name"] = "{{order.number}} {{#lines}}"
    #expect(try text("{{customer.name}}").rendered(values) == "{{order.number}} {{#lines}}")
  }

  @Test(
    "marks that are not closed, close nothing or have no name are refused",
    arguments: [
      "{{order.number", "{{}}", "{{#}}", "{{order number}}", "{{#lines}}", "{{/lines}}",
      "{{#lines}}{{/order.number}}", "{{#lines}}{{#order.number}}{{/lines}}{{/order.number}}",
      "{{张}}",
    ])
  func malformed(template: String) throws {
    let refusal = #expect(throws: NotificationsRejection.self) { try text(template) }
    #expect(refusal?.reason == "MALFORMED_TEMPLATE")
    #expect(refusal?.field == "template.body")
  }

  @Test("an unknown value is refused with the nearest one, also that of a line outside lines")
  func unknown() throws {
    let refusal = #expect(throws: NotificationsRejection.self) { try text("{{order.nomber}}") }
    #expect(
      refusal
        == .unknownPlaceholder(
          field: "template.body", event: "order.confirmed", name: "order.nomber",
          nearest: "order.number"))
    for template in [
      "{{line.sku}}", "{{shipment.number}}", "{{#lines}}{{#lines}}{{/lines}}{{/lines}}",
    ] {
      let refusal = #expect(throws: NotificationsRejection.self) { try text(template) }
      #expect(refusal?.reason == "UNKNOWN_PLACEHOLDER")
    }
  }

  @Test(
    "languages instead of a wanted one",
    arguments: [
      ("zh-CN", ["zh-CN", "zh", "en"]), ("zh-TW", ["zh-TW", "zh", "zh-CN", "en"]),
      ("en-GB", ["en-GB", "en", "zh-CN"]), ("de", ["de", "en", "zh-CN"]),
    ])
  func locales(wanted: String, expected: [String]) {
    #expect(NoticeLocale.candidates(for: wanted) == expected)
  }

  @Test(
    "languages are small letters, countries capitals",
    arguments: [
      ("en", true), ("zh-CN", true), ("gsw", true), ("EN", false), ("zh-cn", false), ("", false),
      ("zh-", false), ("zh-CHN", false), ("e", false), ("zh-CN-x", false),
    ])
  func wellFormed(text: String, expected: Bool) {
    #expect(NoticeLocale.isWellFormed(text) == expected)
  }
}
