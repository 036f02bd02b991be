extension ShippedTemplates {
  /// Letters about overdue invoices, each kind in both languages.
  static let dunning: [NoticeTemplate] = [
    letter(
      "dunning.reminder", "en", "A reminder: invoices that are due",
      begins: "perhaps it was forgotten: these invoices were due.",
      ends: "If you have paid meanwhile, please take no notice of this letter."),
    letter(
      "dunning.demand", "en", "Please pay: overdue invoices",
      begins: "we have not received what was due. Please pay within seven days:",
      ends: "If you do not agree with an invoice, please tell us."),
    letter(
      "dunning.final-demand", "en", "Last demand: overdue invoices",
      begins: "in spite of our letters these invoices are not paid. This is our last demand:",
      ends: "Without payment within seven days others will collect it, at your cost."),
    brief(
      "dunning.reminder", "付款提醒：到期发票", begins: "以下发票已到期，敬请安排付款：",
      ends: "如您已付款，请忽略本函。"),
    brief(
      "dunning.demand", "催款：逾期发票", begins: "我们尚未收到以下款项，请在七日内支付：",
      ends: "如对发票有异议，请与我们联系。"),
    brief(
      "dunning.final-demand", "最后催款：逾期发票", begins: "经多次提醒，以下发票仍未支付，现作最后催告：",
      ends: "如七日内仍未付款，我们将委托他人追收，费用由贵方承担。"),
  ]

  private static func letter(
    _ type: String, _ locale: String, _ subject: String, begins: String, ends: String
  ) -> NoticeTemplate {
    email(
      type, locale, "\(subject) ({{dunning.number}})",
      """
      Dear {{customer.name}},

      \(begins)

      {{#lines}}
      {{line.number}}. {{line.invoice}} (order {{line.order}}), due on {{line.due_on}}, \
      {{line.days}} days ago: {{line.open}}\
      {{#line.interest}}, with interest of {{line.interest}}{{/line.interest}}
      {{/lines}}

      To be paid: {{dunning.total}}
      {{#dunning.fee}}
      Besides, for this letter: {{dunning.fee}}
      {{/dunning.fee}}

      \(ends)

      {{company.name}}
      """)
  }

  private static func brief(
    _ type: String, _ subject: String, begins: String, ends: String
  ) -> NoticeTemplate {
    email(
      type, "zh-CN", "\(subject)（{{dunning.number}}）",
      """
      尊敬的{{customer.name}}：

      \(begins)

      {{#lines}}
      {{line.number}}. {{line.invoice}}（订单 {{line.order}}），到期日 {{line.due_on}}，\
      逾期 {{line.days}} 天：{{line.open}}\
      {{#line.interest}}，利息 {{line.interest}}{{/line.interest}}
      {{/lines}}

      应付合计：{{dunning.total}}
      {{#dunning.fee}}
      另收催款费：{{dunning.fee}}
      {{/dunning.fee}}

      \(ends)

      {{company.name}}
      """)
  }
}
