extension ShippedTemplates {
  /// What staff are told of prices that rules suggest.
  static let prices: [NoticeTemplate] = [
    note(
      "price-suggestions.made", "en",
      "New prices suggested: {{prices.suggested}}, to be decided: {{prices.waiting}}",
      beyondBand: """
        Beyond the band, so that somebody else must approve what is accepted: \
        {{prices.beyond_band}}
        """,
      more: "Not shown: {{prices.not_shown}} (joinery price suggestions --state open)"),
    note(
      "price-suggestion.approval-requested", "en",
      "{{#lines}}{{line.sku}}: {{/lines}}new price to be approved", beyondBand: "", more: ""),
    note(
      "price-suggestions.made", "zh-CN",
      "{{prices.suggested}} 条新的调价建议，{{prices.waiting}} 条待处理",
      beyondBand: "{{prices.beyond_band}} 条超出调价范围：接受后还须另一人批准。",
      more: "{{prices.not_shown}} 条未列出（joinery price suggestions --state open）"),
    note(
      "price-suggestion.approval-requested", "zh-CN",
      "{{#lines}}{{line.sku}}：{{/lines}}调价待批准", beyondBand: "", more: ""),
  ]

  private static func note(
    _ type: String, _ locale: String, _ subject: String, beyondBand: String, more: String
  ) -> NoticeTemplate {
    let counted = """
      {{#prices.beyond_band}}
      \(beyondBand)
      {{/prices.beyond_band}}
      {{#prices.not_shown}}
      \(more)
      {{/prices.not_shown}}

      """
    let (from, beyond, by, applied) =
      locale == "en"
      ? ("from", "beyond the band", "accepted by", "in force from")
      : ("自", "超出范围", "接受人", "已生效，自")
    let lines = """
      {{#lines}}
      {{line.number}}. {{line.sku}} {{line.description}}, {{line.price_list}}\
      {{#line.minimum}}, {{line.minimum}} {{line.unit}}{{/line.minimum}}: \
      {{line.price}} → {{line.suggested_price}}, \(from) {{line.valid_from}} ({{line.rule}})\
      {{#line.beyond_band}}, \(beyond){{/line.beyond_band}}\
      {{#line.applied_from}}, \(applied) {{line.applied_from}}{{/line.applied_from}}\
      {{#line.accepted_by}}, \(by) {{line.accepted_by}}{{/line.accepted_by}}
      {{/lines}}

      """
    return NoticeTemplate(
      eventType: type, audience: .staff, channel: .email, locale: locale, subject: subject,
      body: (beyondBand.isEmpty ? "" : counted) + lines)
  }
}
