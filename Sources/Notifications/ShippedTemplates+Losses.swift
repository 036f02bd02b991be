extension ShippedTemplates {
  /// What customers are told of goods that were lost on the way, and what happens next.
  static let losses: [NoticeTemplate] = [
    email(
      "shipment.lost", "en", "A delivery of your order {{order.number}} is lost",
      """
      Dear {{customer.name}},

      we are sorry: delivery {{shipment.number}} of your order {{order.number}} was lost on its \
      way to you:

      {{#lines}}
      {{line.quantity}} {{line.unit}} {{line.description}}\
      {{#line.expected_on}}, can leave again on {{line.expected_on}}{{/line.expected_on}}
      {{/lines}}

      {{#shipment.is.redelivered}}
      We send it once more. You need not do anything, and pay nothing for it.
      {{/shipment.is.redelivered}}
      {{#shipment.is.cancelled}}
      We do not send it again and take it off your order.
      What you have paid and is due to you we give back; you hear from us about it.
      {{/shipment.is.cancelled}}

      {{company.name}}
      """),
    email(
      "shipment.found", "en", "A delivery of your order {{order.number}} has turned up",
      """
      Dear {{customer.name}},

      delivery {{shipment.number}} of your order {{order.number}}, which was lost on its way to \
      you, has turned up:

      {{#lines}}
      {{line.quantity}} {{line.unit}} {{line.description}}
      {{/lines}}

      {{#shipment.is.going_on}}
      It goes on to you, or is with you already. Nothing else comes in its place.
      {{/shipment.is.going_on}}
      {{#shipment.is.coming_back}}
      It comes back to us. For you nothing changes.
      {{/shipment.is.coming_back}}

      {{company.name}}
      """),
    email(
      "shipment.lost", "zh-CN", "订单 {{order.number}} 的货物在途中丢失",
      """
      尊敬的{{customer.name}}：

      非常抱歉，订单 {{order.number}} 的发货单 {{shipment.number}} 在途中丢失：

      {{#lines}}
      {{line.description}} {{line.quantity}} {{line.unit}}\
      {{#line.expected_on}}，预计 {{line.expected_on}} 可再次发出{{/line.expected_on}}
      {{/lines}}

      {{#shipment.is.redelivered}}
      我们将重新发货，您无需办理任何手续，也无需另付费用。
      {{/shipment.is.redelivered}}
      {{#shipment.is.cancelled}}
      我们不再补发，这些商品将从订单中取消。应退款项我们会另行通知您。
      {{/shipment.is.cancelled}}

      {{company.name}}
      """),
    email(
      "shipment.found", "zh-CN", "订单 {{order.number}} 丢失的货物已找到",
      """
      尊敬的{{customer.name}}：

      订单 {{order.number}} 曾在途中丢失的发货单 {{shipment.number}} 已找到：

      {{#lines}}
      {{line.description}} {{line.quantity}} {{line.unit}}
      {{/lines}}

      {{#shipment.is.going_on}}
      货物将继续送达，或已经送到；不再另行补发。
      {{/shipment.is.going_on}}
      {{#shipment.is.coming_back}}
      货物将退回我们的仓库，原有安排不变。
      {{/shipment.is.coming_back}}

      {{company.name}}
      """),
  ]
}
