/// What a company begins with and may write anew: e-mails in Chinese and English, letters to
/// customers and short notes to staff.
enum ShippedTemplates {
  static let all: [NoticeTemplate] =
    english + chinese + dunning + complaints + losses + prices
    + NoticeKind.all.filter(\.hasCustomer).flatMap(staff)

  static func email(
    _ type: String, _ locale: String, _ subject: String, _ body: String
  ) -> NoticeTemplate {
    NoticeTemplate(
      eventType: type, audience: .customer, channel: .email, locale: locale, subject: subject,
      body: body + "\n")
  }

  /// What happened, to which document and whose, in a few lines.
  private static func staff(_ kind: NoticeKind) -> [NoticeTemplate] {
    let (number, details) =
      switch kind.document {
      case .order: ("{{order.number}}", "{{order.total}}")
      case .refund: ("{{order.number}}", "{{refund.amount}}")
      case .shipment: ("{{shipment.number}}", "{{order.number}}")
      case .quote: ("{{quote.number}}", "{{quote.total}}")
      case .dunning: ("{{dunning.number}}", "{{dunning.total}}")
      case .complaint:
        ("{{complaint.number}}", "{{order.number}} {{complaint.severity}} {{complaint.category}}")
      case .prices: preconditionFailure("these have texts of their own")
      }
    let line =
      kind.document == .dunning
      ? "{{line.invoice}} {{line.due_on}} {{line.open}}"
      : "{{line.quantity}} {{line.unit}} {{line.sku}}"
    let body = """
      {{customer.code}} {{customer.name}}
      \(details)
      {{#event.reason}}
      {{event.reason}}
      {{/event.reason}}
      {{#event.comment}}
      {{event.comment}}
      {{/event.comment}}
      {{#event.role}}
      {{event.role}} {{event.due}}
      {{/event.role}}

      {{#lines}}
      \(line)
      {{/lines}}

      """
    return titles(of: kind.type).map { locale, title in
      NoticeTemplate(
        eventType: kind.type, audience: .staff, channel: .email, locale: locale,
        subject: "\(number): \(title)", body: body)
    }
  }

  private static func titles(of type: String) -> [(locale: String, title: String)] {
    let (english, chinese) =
      switch type {
      case "complaint.escalated": ("complaint overdue", "投诉超时升级")
      case "complaint.opened": ("complaint", "新投诉")
      case "complaint.paused": ("complaint waits", "投诉暂停计时")
      case "complaint.reopened": ("complaint open again", "投诉重新打开")
      case "complaint.resolved": ("complaint settled", "投诉已解决")
      case "complaint.resumed": ("complaint goes on", "投诉恢复计时")
      case "dunning.demand": ("payment demanded", "催款")
      case "dunning.final-demand": ("last demand for payment", "最后催款")
      case "dunning.reminder": ("payment reminder", "付款提醒")
      case "order.approval-escalated": ("approval overdue", "审批超时升级")
      case "order.approval-reminded": ("approval wanted (reminder)", "审批催办")
      case "order.approval-requested": ("approval wanted", "待审批")
      case "order.cancelled": ("cancelled", "已取消")
      case "order.change-applied": ("requested change made", "变更申请已执行")
      case "order.change-expired": ("requested change not decided in time", "变更申请已过期")
      case "order.change-rejected": ("requested change refused", "变更申请被驳回")
      case "order.change-requested": ("change asked for", "变更申请")
      case "order.change-returned": ("requested change sent back", "变更申请被退回")
      case "order.change-stale": ("requested change out of date", "变更申请已失效，需重新预演")
      case "order.change-withdrawn": ("requested change taken back", "变更申请已撤回")
      case "order.changed": ("changed", "已变更")
      case "order.confirmed": ("confirmed", "已确认")
      case "order.held": ("held", "已冻结")
      case "order.lines-cancelled": ("lines cancelled", "部分取消")
      case "order.refund-paid": ("refund paid", "退款已支付")
      case "order.refund-proposed": ("refund proposed", "待审退款")
      case "order.promise-changed": ("another day", "交期变更")
      case "order.rejected": ("rejected", "被驳回")
      case "order.returned": ("returned for changes", "退回修改")
      case "order.stage-overdue": ("overdue in its stage", "阶段超时")
      case "order.stage-reminded": ("soon due in its stage", "阶段将到期")
      case "order.submitted": ("submitted", "已提交")
      case "quote.created": ("quote made", "已报价")
      case "quote.revised": ("quote revised", "报价已修订")
      case "shipment.delivered": ("delivered", "已送达")
      case "shipment.dispatched": ("dispatched", "已发出")
      case "shipment.found": ("found again", "已找到")
      case "shipment.lost": ("lost", "已丢失")
      default: (type, type)
      }
    return [("en", english), ("zh-CN", chinese)]
  }

  private static let english = [
    email(
      "order.confirmed", "en", "Your order {{order.number}} is confirmed",
      """
      Dear {{customer.name}},

      thank you. We have confirmed your order {{order.number}}:

      {{#lines}}
      {{line.number}}. {{line.quantity}} {{line.unit}} {{line.description}}, {{line.amount}}\
      {{#line.promised_on}}, promised for {{line.promised_on}}{{/line.promised_on}}
      {{/lines}}

      Total with tax: {{order.total}}
      {{#order.requested_on}}
      You asked for delivery on {{order.requested_on}}.
      {{/order.requested_on}}

      {{company.name}}
      """),
    email(
      "order.cancelled", "en", "Your order {{order.number}} is cancelled",
      """
      Dear {{customer.name}},

      your order {{order.number}} is cancelled.
      What you have paid and is due to you we give back; you hear from us about it.

      {{company.name}}
      """),
    email(
      "order.changed", "en", "Your order {{order.number}} is changed",
      """
      Dear {{customer.name}},

      we have changed your order {{order.number}} as agreed. It is now:

      {{#lines}}
      {{line.number}}. {{line.quantity}} {{line.unit}} {{line.description}}, {{line.amount}}\
      {{#line.promised_on}}, promised for {{line.promised_on}}{{/line.promised_on}}
      {{/lines}}

      Total with tax: {{order.total}}
      {{#order.requested_on}}
      You asked for delivery on {{order.requested_on}}.
      {{/order.requested_on}}

      {{company.name}}
      """),
    email(
      "order.lines-cancelled", "en", "A part of your order {{order.number}} is cancelled",
      """
      Dear {{customer.name}},

      a part of your order {{order.number}} is cancelled. What is left of it:

      {{#lines}}
      {{line.number}}. {{line.quantity}} {{line.unit}} {{line.description}}
      {{/lines}}

      What you have paid and is due to you we give back; you hear from us about it.

      {{company.name}}
      """),
    email(
      "order.promise-changed", "en", "Another day for your order {{order.number}}",
      """
      Dear {{customer.name}},

      the day on which goods of your order {{order.number}} can leave has changed.
      As far as we know today:

      {{#lines}}
      {{line.number}}. {{line.quantity}} {{line.unit}} {{line.description}}\
      {{#line.expected_on}}, on {{line.expected_on}}{{/line.expected_on}}
      {{/lines}}

      {{company.name}}
      """),
    email(
      "order.refund-proposed", "en", "Refund for your order {{order.number}}",
      """
      Dear {{customer.name}},

      for your order {{order.number}} a refund of {{refund.amount}} is being checked.
      We tell you when it is paid.

      {{company.name}}
      """),
    email(
      "order.refund-paid", "en", "Refund for your order {{order.number}} is paid",
      """
      Dear {{customer.name}},

      we have paid back {{refund.amount}} for your order {{order.number}}.

      {{company.name}}
      """),
    email(
      "shipment.dispatched", "en", "Goods of your order {{order.number}} are on their way",
      """
      Dear {{customer.name}},

      shipment {{shipment.number}} of your order {{order.number}} has left us:

      {{#lines}}
      {{line.quantity}} {{line.unit}} {{line.sku}}
      {{/lines}}

      Cartons: {{shipment.cartons}}
      {{#shipment.carrier}}
      Carrier: {{shipment.carrier}}
      {{/shipment.carrier}}
      {{#shipment.tracking_number}}
      Tracking number: {{shipment.tracking_number}}
      {{/shipment.tracking_number}}

      {{company.name}}
      """),
    email(
      "shipment.delivered", "en", "Goods of your order {{order.number}} are delivered",
      """
      Dear {{customer.name}},

      shipment {{shipment.number}} of your order {{order.number}} was delivered on \
      {{shipment.delivered_on}}.

      {{company.name}}
      """),
    email(
      "quote.created", "en", "Our quote {{quote.number}}",
      """
      Dear {{customer.name}},

      we offer you, as quote {{quote.number}}, until {{quote.valid_until}}:

      {{#lines}}
      {{line.number}}. {{line.quantity}} {{line.unit}} {{line.description}}, {{line.amount}}
      {{/lines}}

      Total with tax: {{quote.total}}

      {{company.name}}
      """),
    email(
      "quote.revised", "en", "Our quote {{quote.number}}, revised",
      """
      Dear {{customer.name}},

      instead of what we offered before, we offer you, as quote {{quote.number}}, until \
      {{quote.valid_until}}:

      {{#lines}}
      {{line.number}}. {{line.quantity}} {{line.unit}} {{line.description}}, {{line.amount}}
      {{/lines}}

      Total with tax: {{quote.total}}

      {{company.name}}
      """),
  ]

  private static let chinese = [
    email(
      "order.confirmed", "zh-CN", "您的订单 {{order.number}} 已确认",
      """
      尊敬的{{customer.name}}：

      感谢您的订购，订单 {{order.number}} 已确认：

      {{#lines}}
      {{line.number}}. {{line.description}} {{line.quantity}} {{line.unit}}，{{line.amount}}\
      {{#line.promised_on}}，承诺交期 {{line.promised_on}}{{/line.promised_on}}
      {{/lines}}

      含税总额：{{order.total}}
      {{#order.requested_on}}
      您要求的交货日期：{{order.requested_on}}
      {{/order.requested_on}}

      {{company.name}}
      """),
    email(
      "order.cancelled", "zh-CN", "您的订单 {{order.number}} 已取消",
      """
      尊敬的{{customer.name}}：

      您的订单 {{order.number}} 已取消。应退款项我们会另行通知您。

      {{company.name}}
      """),
    email(
      "order.changed", "zh-CN", "您的订单 {{order.number}} 已变更",
      """
      尊敬的{{customer.name}}：

      订单 {{order.number}} 已按约定变更，现为：

      {{#lines}}
      {{line.number}}. {{line.description}} {{line.quantity}} {{line.unit}}，{{line.amount}}\
      {{#line.promised_on}}，承诺交期 {{line.promised_on}}{{/line.promised_on}}
      {{/lines}}

      含税总额：{{order.total}}
      {{#order.requested_on}}
      您要求的交货日期：{{order.requested_on}}
      {{/order.requested_on}}

      {{company.name}}
      """),
    email(
      "order.lines-cancelled", "zh-CN", "订单 {{order.number}} 部分取消",
      """
      尊敬的{{customer.name}}：

      订单 {{order.number}} 的一部分已取消，其余为：

      {{#lines}}
      {{line.number}}. {{line.description}} {{line.quantity}} {{line.unit}}
      {{/lines}}

      应退款项我们会另行通知您。

      {{company.name}}
      """),
    email(
      "order.promise-changed", "zh-CN", "订单 {{order.number}} 交期变更",
      """
      尊敬的{{customer.name}}：

      订单 {{order.number}} 的交期有变，目前预计：

      {{#lines}}
      {{line.number}}. {{line.description}} {{line.quantity}} {{line.unit}}\
      {{#line.expected_on}}，{{line.expected_on}}{{/line.expected_on}}
      {{/lines}}

      {{company.name}}
      """),
    email(
      "order.refund-proposed", "zh-CN", "订单 {{order.number}} 退款审核中",
      """
      尊敬的{{customer.name}}：

      订单 {{order.number}} 的退款 {{refund.amount}} 正在审核，付款后会通知您。

      {{company.name}}
      """),
    email(
      "order.refund-paid", "zh-CN", "订单 {{order.number}} 退款已支付",
      """
      尊敬的{{customer.name}}：

      订单 {{order.number}} 的退款 {{refund.amount}} 已支付。

      {{company.name}}
      """),
    email(
      "shipment.dispatched", "zh-CN", "订单 {{order.number}} 的货物已发出",
      """
      尊敬的{{customer.name}}：

      订单 {{order.number}} 的发货单 {{shipment.number}} 已发出：

      {{#lines}}
      {{line.sku}} {{line.quantity}} {{line.unit}}
      {{/lines}}

      箱数：{{shipment.cartons}}
      {{#shipment.carrier}}
      承运人：{{shipment.carrier}}
      {{/shipment.carrier}}
      {{#shipment.tracking_number}}
      运单号：{{shipment.tracking_number}}
      {{/shipment.tracking_number}}

      {{company.name}}
      """),
    email(
      "shipment.delivered", "zh-CN", "订单 {{order.number}} 的货物已送达",
      """
      尊敬的{{customer.name}}：

      订单 {{order.number}} 的发货单 {{shipment.number}} 已于 {{shipment.delivered_on}} 送达。

      {{company.name}}
      """),
    email(
      "quote.created", "zh-CN", "我们的报价 {{quote.number}}",
      """
      尊敬的{{customer.name}}：

      现报价如下（{{quote.number}}，有效期至 {{quote.valid_until}}）：

      {{#lines}}
      {{line.number}}. {{line.description}} {{line.quantity}} {{line.unit}}，{{line.amount}}
      {{/lines}}

      含税总额：{{quote.total}}

      {{company.name}}
      """),
    email(
      "quote.revised", "zh-CN", "我们的报价 {{quote.number}}（修订）",
      """
      尊敬的{{customer.name}}：

      此前的报价修订如下（{{quote.number}}，有效期至 {{quote.valid_until}}）：

      {{#lines}}
      {{line.number}}. {{line.description}} {{line.quantity}} {{line.unit}}，{{line.amount}}
      {{/lines}}

      含税总额：{{quote.total}}

      {{company.name}}
      """),
  ]
}
