extension ShippedTemplates {
  /// Answers to who complained, as their complaint goes on. What is asked of them, and what is
  /// waited for, depends on what it is about.
  static let complaints: [NoticeTemplate] = [
    answer(
      "complaint.opened", "We have your complaint {{complaint.number}}",
      """
      thank you for telling us. Your complaint about order {{order.number}} has the number \
      {{complaint.number}}\
      {{#complaint.due_on}}, and we want to have settled it by {{complaint.due_on}}\
      {{/complaint.due_on}}.
      {{#complaint.is.damage}}
      Please keep the goods and their packaging as they are, and send us photographs.
      {{/complaint.is.damage}}
      {{#complaint.is.missing_parts}}
      Please look for the list of parts in the carton and tell us what is not there.
      {{/complaint.is.missing_parts}}
      {{#complaint.is.billing}}
      Nothing that is in dispute need be paid until you have heard from us.
      {{/complaint.is.billing}}
      """),
    answer(
      "complaint.paused", "Your complaint {{complaint.number}} has to wait",
      """
      your complaint {{complaint.number}} about order {{order.number}} has to wait\
      {{#complaint.paused_until}}, until {{complaint.paused_until}} at most\
      {{/complaint.paused_until}}.
      {{#complaint.for.customer}}
      We need an answer of yours to go on.
      {{/complaint.for.customer}}
      {{#complaint.for.supplier}}
      We wait for an answer of the maker.
      {{/complaint.for.supplier}}
      {{#complaint.for.parts}}
      We wait for parts.
      {{/complaint.for.parts}}
      {{#complaint.for.appointment}}
      We wait for the day that you have agreed with us.
      {{/complaint.for.appointment}}
      {{#complaint.for.carrier}}
      We wait for an answer of the carrier.
      {{/complaint.for.carrier}}
      """),
    answer(
      "complaint.resumed", "Your complaint {{complaint.number}} goes on",
      """
      we go on with your complaint {{complaint.number}} about order {{order.number}}\
      {{#complaint.due_on}}, and want to have settled it by {{complaint.due_on}}\
      {{/complaint.due_on}}.
      """),
    answer(
      "complaint.resolved", "Your complaint {{complaint.number}} is settled",
      """
      your complaint {{complaint.number}} about order {{order.number}} is settled:

      {{complaint.resolution}}
      {{#complaint.document}}
      It stands in {{complaint.document}}.
      {{/complaint.document}}

      If it is not settled for you, please tell us.
      """),
    answer(
      "complaint.reopened", "Your complaint {{complaint.number}} is open again",
      """
      we look at your complaint {{complaint.number}} about order {{order.number}} again\
      {{#complaint.due_on}}, and want to have settled it by {{complaint.due_on}}\
      {{/complaint.due_on}}.
      """),
    reply(
      "complaint.opened", "已收到您的投诉 {{complaint.number}}",
      """
      感谢您的反馈。关于订单 {{order.number}} 的投诉已登记，编号 {{complaint.number}}\
      {{#complaint.due_on}}，我们将争取在 {{complaint.due_on}} 前解决{{/complaint.due_on}}。
      {{#complaint.is.damage}}
      请保留商品及包装原状，并拍照发给我们。
      {{/complaint.is.damage}}
      {{#complaint.is.missing_parts}}
      请对照包装内的清单，告知缺少的部件。
      {{/complaint.is.missing_parts}}
      {{#complaint.is.billing}}
      有争议的款项在我们答复之前无需支付。
      {{/complaint.is.billing}}
      """),
    reply(
      "complaint.paused", "您的投诉 {{complaint.number}} 需要等待",
      """
      关于订单 {{order.number}} 的投诉 {{complaint.number}} 需要等待\
      {{#complaint.paused_until}}，最迟至 {{complaint.paused_until}}{{/complaint.paused_until}}。
      {{#complaint.for.customer}}
      我们需要您的答复才能继续处理。
      {{/complaint.for.customer}}
      {{#complaint.for.supplier}}
      正在等待供应商答复。
      {{/complaint.for.supplier}}
      {{#complaint.for.parts}}
      正在等待配件。
      {{/complaint.for.parts}}
      {{#complaint.for.appointment}}
      正在等待与您约定的上门日期。
      {{/complaint.for.appointment}}
      {{#complaint.for.carrier}}
      正在等待承运商答复。
      {{/complaint.for.carrier}}
      """),
    reply(
      "complaint.resumed", "您的投诉 {{complaint.number}} 继续处理",
      """
      关于订单 {{order.number}} 的投诉 {{complaint.number}} 已继续处理\
      {{#complaint.due_on}}，我们将争取在 {{complaint.due_on}} 前解决{{/complaint.due_on}}。
      """),
    reply(
      "complaint.resolved", "您的投诉 {{complaint.number}} 已解决",
      """
      关于订单 {{order.number}} 的投诉 {{complaint.number}} 已解决：

      {{complaint.resolution}}
      {{#complaint.document}}
      相关单据：{{complaint.document}}。
      {{/complaint.document}}

      如果您认为尚未解决，请与我们联系。
      """),
    reply(
      "complaint.reopened", "您的投诉 {{complaint.number}} 已重新处理",
      """
      关于订单 {{order.number}} 的投诉 {{complaint.number}} 已重新处理\
      {{#complaint.due_on}}，我们将争取在 {{complaint.due_on}} 前解决{{/complaint.due_on}}。
      """),
  ]

  private static func answer(_ type: String, _ subject: String, _ body: String) -> NoticeTemplate {
    email(
      type, "en", subject,
      """
      Dear {{customer.name}},

      \(body)

      {{company.name}}
      """)
  }

  private static func reply(_ type: String, _ subject: String, _ body: String) -> NoticeTemplate {
    email(
      type, "zh-CN", subject,
      """
      尊敬的{{customer.name}}：

      \(body)

      {{company.name}}
      """)
  }
}
