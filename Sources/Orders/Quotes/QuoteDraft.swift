import MasterData
import Storage
package import Values

/// A quote as the caller wants it: codes and quantities, nothing looked up yet.
package struct QuoteDraft: Hashable, Sendable {
  package struct Variant: Hashable, Sendable {
    package let title: String
    /// Without a customer, or with the quote's.
    package var order: OrderDraft

    package init(title: String, order: OrderDraft) {
      self.title = title
      self.order = order
    }
  }

  package internal(set) var variants: [Variant]
  /// Nil for `usualDays` from the day on which it is given.
  package let validUntil: Day?
  package let note: String

  package init(variants: [Variant], validUntil: Day? = nil, note: String = "") {
    self.variants = variants
    self.validUntil = validUntil
    self.note = note
  }

  static let variantLimit = 10
  static let noteLimit = 2_000
  /// How long a quote is valid when nobody says.
  static let usualDays = 30
  static let longestDays = 366

  /// The last day on which the customer can take what is given on `day`.
  func lastDay(from day: Day) -> Day { validUntil ?? day.adding(days: Self.usualDays) }

  /// What can be said without looking anything up.
  func checkShape(_ check: inout FieldCheck, on day: Day) {
    check.range(variants.count, "variants", 1...Self.variantLimit)
    check.range(lastDay(from: day), "valid_until", day...day.adding(days: Self.longestDays))
    check.text(note, "note", limit: Self.noteLimit)
    var titles: Set<String> = []
    for (index, variant) in variants.prefix(Self.variantLimit).enumerated() {
      var found = FieldCheck(FieldPath("variants", row: index))
      found.text(variant.title, "title", limit: 100, required: variants.count > 1)
      if !titles.insert(variant.title).inserted {
        found.refuse(
          QuoteRejection.duplicateTitle(field: found.path.field("title"), title: variant.title))
      }
      for violation in found.violations { check.refuse(violation) }
    }
  }

  /// The variants for a customer with their prices, each as an order would be checked and priced,
  /// all in one currency (nil: that of the first); what speaks against any of them is added to
  /// `check`.
  func priced(
    for customer: Customer, _ currency: Currency? = nil, by actor: String, roles: Set<String>,
    at now: Moment,
    _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> [QuoteVariant] {
    var priced: [QuoteVariant] = []
    let common = currency ?? variants.first?.order.currency(for: customer)
    for (index, variant) in variants.enumerated() {
      let path = FieldPath("variants", row: index)
      var draft = variant.order
      if draft.customerCode.isEmpty { draft.customerCode = customer.code }
      guard draft.customerCode == customer.code else {
        check.refuse(
          QuoteRejection.otherCustomer(
            field: path.field("order.customer_code"), customer: customer.code))
        continue
      }
      guard draft.blanketNumber.isEmpty else {
        check.refuse(
          BlanketRejection.notInQuote(
            field: path.field("order.blanket_number"), blanket: draft.blanketNumber))
        continue
      }
      let own = draft.currency(for: customer)
      if let common, own != common {
        check.refuse(
          CurrencyRejection.otherThanDocument(
            field: path.field("order.currency_code"), given: own, document: "The quote",
            expected: common))
        continue
      }
      do {
        let submission = try Submission.of(draft, by: roles, at: now, in: snapshot)
        var order = SalesOrder(
          draft: draft, number: "", currency: submission.priced.gross.currency, by: actor, at: now)
        order.take(submission)
        // What would be held is held when the customer takes the offer; what is refused is now.
        _ = try submission.findings(about: order, in: snapshot, at: now)
        // It is fixed when the customer takes the offer.
        order.delivery?.address = nil
        order.places = []
        order.state = .draft
        order.version = 0
        priced.append(
          QuoteVariant(
            number: index + 1, title: variant.title, order: order,
            largestDiscount: submission.priced.largestDiscount))
      } catch let several as Rejections {
        for refused in several.all { check.refuse(NestedRejection(refused, in: path)) }
      } catch let one as any Rejection {
        check.refuse(NestedRejection(one, in: path))
      }
    }
    return priced
  }
}

/// A refusal of a part of a request, its field named from the whole request.
private struct NestedRejection: Rejection {
  let refused: any Rejection
  let path: FieldPath

  init(_ refused: any Rejection, in path: FieldPath) {
    self.refused = refused
    self.path = path
  }

  var kind: RejectionKind { refused.kind }
  var reason: String { refused.reason }
  var message: String { refused.message }
  var field: String? { refused.field.map { path.field($0) } }
  var facts: [Fact] { refused.facts }
}
