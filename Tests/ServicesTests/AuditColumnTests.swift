import Messages
import Storage
import TestKit
import Testing

@testable import Services

/// The audit tells what rows were before a command. What of it is about people it must know by the
/// names of columns: a table that is forgotten there would keep a person's words for ever.
@Suite("Which columns the audit knows to be about people")
struct AuditColumnTests {
  /// Columns that are named like a text about a customer, and hold none.
  private static let aboutTheCompany = words(
    // Names of its things, places and people, and its texts.
    """
    account.name api_key.label api_key.name bill_operation.name business_special_day.name
    cancel_reason.text company.name configuration_template.name customer_segment.name
    customer_segment.tags delegation.name duty_conflict.reason exchange_rate.source
    journal_entry.text marketplace.name
    notice_template.body notice_template.subject opportunity_stage.name order_edit.source
    order_finding.source order_intake.source order_view.name price_list.name principal.name
    past_promotion.name product.name product_accessory.note
    product_attribute.name product_family.name product_substitute.note promotion.name
    quote_reason.text quote_variant.title return_reason.text
    role.name role.title session.name stock_move.reason subject_key.subject supplier.name
    transfer_order.note
    warehouse.name withheld_grant.name work_centre.name work_order_operation.name
    """,
    // Why it decided as it did: that stays, to be accounted for.
    """
    allocation_policy.reason approval_policy.reason approval_step.comment
    assignment_policy.reason cancel_request.comment
    cancellation.comment cancellation_policy.reason carrier_coverage.reason carrier_tariff.reason
    change_policy.reason
    code_pattern_version.reason opportunity_stages.reason
    change_request.comment change_request.reason complaint_pause.reason
    credit_horizon.reason credit_note.text
    dunning_policy.reason dunning_stop.reason gift_card.reason
    gift_card_policy.reason invoice.text order_priority.reason order_refund.comment
    points_programme.reason price_suggestion.reason price_suggestion_policy.reason
    remittance.reason remittance_policy.reason carrier_claim.reason
    restoration.name restoration.reason
    return_policy.reason sales_order_cancellation.comment sales_order_cancellation.reason
    stage_policy.reason
    sales_order_hold.reason sales_order_version.reason shipment_carrier_choice.reason
    shortage_choice.comment
    validation_policy.reason warranty_policy.reason
    """,
    // Encrypted before it is stored.
    "notice.address notice.body notice.last_error notice.recipient notice.subject")

  private static func words(_ texts: String...) -> Set<String> {
    Set(texts.flatMap { $0.split { $0 == " " || $0 == "\n" }.map(String.init) })
  }

  @Test("each column that is named like a personal field is one, or is known not to be")
  func everyColumn() async throws {
    let shop = try await Shop.open()
    let fields = DescriptorPool.joinery.files.flatMap(\.messages).flatMap(\.fields)
    let names = Set(fields.filter(\.isPersonal).map(\.name))
    #expect(names.isSuperset(of: ["name", "phone", "signed_by", "place"]))
    let unknown = try await textColumns(shop).filter { column in
      names.contains(column.name) && !AuditChanges.filter.leavesOut.contains(column.table)
        && AuditChanges.personal[column.table]?.columns.contains(column.name) != true
    }
    let found = Set(unknown.map { "\($0.table).\($0.name)" })
    #expect(found.subtracting(Self.aboutTheCompany) == [])
    #expect(Self.aboutTheCompany.subtracting(found) == [])
    await shop.close()
  }

  @Test("what the audit calls a personal column is one that there is")
  func noColumnThatIsNot() async throws {
    let shop = try await Shop.open()
    let columns = Set(try await textColumns(shop).map { "\($0.table).\($0.name)" })
    for (table, personal) in AuditChanges.personal {
      for name in personal.columns.union(personal.subject.isEmpty ? [] : [personal.subject]) {
        #expect(columns.contains("\(table).\(name)"))
      }
    }
    await shop.close()
  }

  private func textColumns(_ shop: Shop) async throws -> [(table: String, name: String)] {
    try await shop.database.read { snapshot in
      try snapshot.all(
        """
        SELECT s.name, c.name FROM sqlite_schema s JOIN pragma_table_info(s.name) c
        WHERE s.type = 'table' AND c.type = 'TEXT' ORDER BY s.name, c.cid LIMIT 10000
        """
      ) { (table: $0.text(0), name: $0.text(1)) }
    }
  }
}
