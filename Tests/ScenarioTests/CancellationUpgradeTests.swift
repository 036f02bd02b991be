import Foundation
import Messages
import Services
import Storage
import TestKit
import Testing

@Suite("Scenario: cancellations that were asked for before they had steps")
struct CancellationUpgradeTests {
  /// An order of somebody who is no customer of ours any more, of which somebody was asked to agree
  /// to two cancellations: the first one two agreed to, of the second one of two has.
  private static let rows: [StaticString] = [
    """
    INSERT INTO sales_order (id, number, version, state, channel, customer_code, customer_name,
      warehouse_code, currency, shortage_rule, note, created_by, created_at, created_on, net_days,
      net_minor, tax_minor, gross_minor, deposit_required_minor, approval_explanation)
    VALUES (1, 'SO-2025-000001', 3, 'DRAFT', 'STORE', 'GONE', 'Gone', 'MAIN', 'CNY', 'WAIT', '',
      'li.na', 0, 20000, 0, 100, 13, 113, 0, '')
    """,
    """
    INSERT INTO sales_order_line (sales_order_id, line_number, sku, description, unit, ordered,
      unit_price_micros, discount_micros, net_minor, tax_rate_micros, tax_minor, currency, note,
      price_explanation)
    VALUES (1, 1, 'CHAIR', 'Chair', 'pcs', 2000000, 500000, 0, 100, 130000, 13, 'CNY', '', '')
    """,
    """
    INSERT INTO cancel_request (id, sales_order_id, base_version, reason_code, comment, role,
      amount_minor, fee_minor, forfeited_minor, currency, essence, requested_by, requested_at,
      state, decided_by, decided_at, decision)
    VALUES (1, 1, 1, 'PRICE', '', 'PLANNER', 50, 0, 0, 'CNY', '', 'zhao', 0, 'APPROVED', 'wang', 9,
      ''), (2, 1, 2, 'PRICE', '', 'SALES_MANAGER', 60, 5, 0, 'CNY', '', 'zhao', 10, 'PENDING',
      NULL, NULL, NULL)
    """,
    """
    INSERT INTO cancel_request_step (request_id, position, role, decided_by, decided_at)
    VALUES (1, 1, 'PLANNER', 'wang', 9), (1, 2, 'SALES_MANAGER', 'wang', 9),
      (2, 1, 'PLANNER', 'ping', 11), (2, 2, 'SALES_MANAGER', NULL, NULL)
    """,
    """
    INSERT INTO cancellation_rule (policy_version, position, share_micros, waives_earnest,
      approver_role)
    VALUES (1, 1, 0, 0, 'SALES_MANAGER')
    """,
  ]

  @Test("wait for who had not agreed yet, and tell who has")
  func migrated() async throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("joinery-cancellations-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let configuration = Database.Configuration(path: directory.path + "/shop.db")
    let migrations = Schema.migrations
    let first = try #require(
      migrations.firstIndex { $0.id.hasSuffix("-cancellation-steps") })
    let area = migrations[first].id.prefix { $0 != "-" }
    let before = migrations.enumerated().filter { index, migration in
      index < first || !migration.id.hasPrefix(area)
    }.map(\.element)
    let old = try Database.open(configuration, migrations: before, now: TestClock().now)
    try old.writeBlocking { tx in for row in Self.rows { try tx.execute(row) } }
    old.close()

    let shop = try await Shop.open(configuration)
    let request = try #require(
      try await shop.cancellations.listCancelRequests(.init()).requests.first)
    #expect(request.approverRole == "SALES_MANAGER" && request.approverRoles.count == 1)
    #expect(request.agreedBy == ["ping"])
    let steps = try await shop.approvals.getApprovals(
      .init(orderNumber: "SO-2025-000001")
    ).steps
    #expect(
      steps.map { "\($0.round) \($0.role) \($0.state) \($0.decidedBy)" } == [
        "1 PLANNER approved wang", "1 SALES_MANAGER approved wang", "2 PLANNER approved ping",
        "2 SALES_MANAGER open ",
      ])
    #expect(steps.allSatisfy { $0.cancellation && $0.rulesVersion == 0 })
    let waiting = try await shop.approvals.listApprovals(.init(role: "SALES_MANAGER")).approvals
    #expect(waiting.map(\.orderNumber) == ["SO-2025-000001"])
    let policy = try await shop.cancellations.getCancellationPolicy(.init(version: 1)).policy
    #expect(policy?.rules.map(\.approverRole) == ["SALES_MANAGER"])
    let approvals = try await shop.violations().filter { "\($0)".contains("approval") }
    #expect(approvals.isEmpty)
    _ = try await shop.cancellations.rejectCancellation(
      .init(orderNumber: "SO-2025-000001", reason: "no"),
      options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    #expect(try await shop.approvals.listApprovals(.init()).approvals.isEmpty)
    await shop.close()
  }
}
