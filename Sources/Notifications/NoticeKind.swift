internal import MasterData
internal import Orders

/// A kind of event that people are told of, and what a template may say about it.
package struct NoticeKind: Hashable, Sendable {
  /// What a template's lines are.
  package enum Document: Hashable, Sendable {
    case order, shipment, refund, quote, dunning, complaint, prices
  }

  /// As the event says it ("order.confirmed").
  package let type: String
  package let document: Document

  /// Who at a customer's is asked first.
  var contactRole: Contact.Role {
    switch document {
    case .order, .complaint, .prices: .general
    case .shipment: .site
    case .refund, .dunning: .accounts
    case .quote: .purchasing
    }
  }

  /// All there are, by type.
  package static let all: [NoticeKind] = [
    NoticeKind(type: "complaint.escalated", document: .complaint),
    NoticeKind(type: "complaint.opened", document: .complaint),
    NoticeKind(type: "complaint.paused", document: .complaint),
    NoticeKind(type: "complaint.reopened", document: .complaint),
    NoticeKind(type: "complaint.resolved", document: .complaint),
    NoticeKind(type: "complaint.resumed", document: .complaint),
    NoticeKind(type: "dunning.demand", document: .dunning),
    NoticeKind(type: "dunning.final-demand", document: .dunning),
    NoticeKind(type: "dunning.reminder", document: .dunning),
    NoticeKind(type: "order.approval-escalated", document: .order),
    NoticeKind(type: "order.approval-reminded", document: .order),
    NoticeKind(type: "order.approval-requested", document: .order),
    NoticeKind(type: "order.cancelled", document: .order),
    NoticeKind(type: "order.change-applied", document: .order),
    NoticeKind(type: "order.change-expired", document: .order),
    NoticeKind(type: "order.change-rejected", document: .order),
    NoticeKind(type: "order.change-requested", document: .order),
    NoticeKind(type: "order.change-returned", document: .order),
    NoticeKind(type: "order.change-stale", document: .order),
    NoticeKind(type: "order.change-withdrawn", document: .order),
    NoticeKind(type: "order.changed", document: .order),
    NoticeKind(type: "order.confirmed", document: .order),
    NoticeKind(type: "order.held", document: .order),
    NoticeKind(type: "order.lines-cancelled", document: .order),
    NoticeKind(type: "order.refund-paid", document: .refund),
    NoticeKind(type: "order.refund-proposed", document: .refund),
    NoticeKind(type: "order.promise-changed", document: .order),
    NoticeKind(type: "order.rejected", document: .order),
    NoticeKind(type: "order.returned", document: .order),
    NoticeKind(type: "order.stage-overdue", document: .order),
    NoticeKind(type: "order.stage-reminded", document: .order),
    NoticeKind(type: "order.submitted", document: .order),
    NoticeKind(type: "price-suggestion.approval-requested", document: .prices),
    NoticeKind(type: "price-suggestions.made", document: .prices),
    NoticeKind(type: "quote.created", document: .quote),
    NoticeKind(type: "quote.revised", document: .quote),
    NoticeKind(type: "shipment.delivered", document: .shipment),
    NoticeKind(type: "shipment.dispatched", document: .shipment),
    NoticeKind(type: "shipment.found", document: .shipment),
    NoticeKind(type: "shipment.lost", document: .shipment),
  ]

  package static func of(_ type: String) -> NoticeKind? { all.first { $0.type == type } }

  private static let common = [
    "company.name", "customer.code", "customer.name", "event.day", "event.comment", "event.reason",
    "event.role", "event.due",
  ]
  private static let order = [
    "order.number", "order.external_id", "order.net", "order.tax", "order.total", "order.deposit",
    "order.requested_on",
  ]
  private static let shipment = [
    "shipment.number", "shipment.carrier", "shipment.tracking_number", "shipment.cartons",
    "shipment.dispatched_on", "shipment.delivered_on",
  ]
  private static let refund = ["refund.amount", "refund.compensation"]
  private static let quote = ["quote.number", "quote.revision", "quote.total", "quote.valid_until"]
  private static let dunning = [
    "dunning.number", "dunning.level", "dunning.written_on", "dunning.total", "dunning.fee",
  ]
  private static let dunningLine = [
    "line.number", "line.invoice", "line.order", "line.due_on", "line.days", "line.open",
    "line.interest",
  ]
  private static let orderLine = [
    "line.number", "line.sku", "line.description", "line.quantity", "line.unit", "line.amount",
    "line.promised_on", "line.expected_on",
  ]
  private static let complaint =
    [
      "complaint.number", "complaint.category", "complaint.channel", "complaint.severity",
      "complaint.assignee", "complaint.level", "complaint.opened_on", "complaint.due_on",
      "complaint.paused_until", "complaint.resolution", "complaint.document",
    ] + ComplaintCategory.allCases.map(\.placeholder)
    + ComplaintChannel.allCases.map(\.placeholder)
    + ComplaintPause.Reason.allCases.map(\.placeholder)
  private static let shipmentLine = [
    "line.number", "line.sku", "line.description", "line.quantity", "line.unit",
  ]
  private static let prices = [
    "company.name", "event.day", "prices.suggested", "prices.waiting", "prices.beyond_band",
    "prices.not_shown",
  ]
  private static let priceLine = [
    "line.number", "line.sku", "line.description", "line.price_list", "line.unit", "line.minimum",
    "line.price", "line.suggested_price", "line.valid_from", "line.rule", "line.beyond_band",
    "line.accepted_by", "line.applied_from",
  ]

  /// It is about somebody's document, and may be told that customer.
  var hasCustomer: Bool { document != .prices }

  /// What may be decided about the goods, as the event says it.
  var resolutions: [String] {
    switch type {
    case "shipment.lost": ["redeliver", "cancel"]
    case "shipment.found": ["go on", "come back"]
    default: []
    }
  }

  /// Of what the event says was decided; a section is there for that decision alone.
  static func placeholder(ofResolution resolution: String) -> String? {
    switch resolution {
    case "redeliver": "shipment.is.redelivered"
    case "cancel": "shipment.is.cancelled"
    case "go on": "shipment.is.going_on"
    case "come back": "shipment.is.coming_back"
    default: nil
    }
  }

  /// Some role is to do something because of it.
  var hasRole: Bool {
    type.hasPrefix("order.approval-") || type.hasPrefix("order.stage-")
      || type == "order.submitted" || type == "complaint.escalated"
  }

  /// Of the whole document.
  package var placeholders: [String] {
    switch document {
    case .order: Self.common + Self.order
    case .shipment:
      Self.common + Self.order + Self.shipment
        + resolutions.compactMap(Self.placeholder(ofResolution:))
    case .refund: Self.common + Self.order + Self.refund
    case .quote: Self.common + Self.quote
    case .dunning: Self.common + Self.dunning
    case .complaint: Self.common + Self.order + Self.complaint
    case .prices: Self.prices
    }
  }

  /// Inside `{{#lines}}`, beside those of the document.
  package var linePlaceholders: [String] {
    switch document {
    case .order, .refund: Self.orderLine
    case .shipment:
      Self.shipmentLine + (type == "shipment.lost" ? ["line.expected_on"] : [])
    case .quote, .complaint: Self.orderLine.filter { !$0.hasSuffix("ed_on") }
    case .dunning: Self.dunningLine
    case .prices: Self.priceLine
    }
  }
}

// A section of a template is there for one category, way or reason alone:
// `{{#complaint.for.parts}}` where parts are waited for.
extension ComplaintCategory {
  var placeholder: String { "complaint.is.\(rawValue.lowercased())" }
}

extension ComplaintChannel {
  var placeholder: String { "complaint.by.\(rawValue.lowercased())" }
}

extension ComplaintPause.Reason {
  var placeholder: String { "complaint.for.\(rawValue.lowercased())" }
}
