import MasterData
package import Storage
package import Values

/// What some customers thought of their deliveries.
package struct Satisfaction: Hashable, Sendable {
  package private(set) var count: Int64 = 0
  private var sum: Int64 = 0
  /// Scores of 9 and 10.
  package private(set) var promoters: Int64 = 0
  /// Scores of 0 to 6.
  package private(set) var detractors: Int64 = 0

  package init() {}

  package init(sumOf parts: [Satisfaction]) {
    for part in parts {
      count += part.count
      sum += part.sum
      promoters += part.promoters
      detractors += part.detractors
    }
  }

  mutating func add(_ score: Int, times: Int64) {
    count += times
    sum += Int64(score) * times
    if score >= 9 { promoters += times }
    if score <= 6 { detractors += times }
  }

  /// 875 is 8.75; 0 where nobody answered.
  package func averageHundredths() throws(ArithmeticError) -> Int64 {
    count == 0 ? 0 : try Rounding.quotient(Int128(sum) * 100, Int128(count))
  }

  /// The share of promoters less that of detractors, in per cent, from −100 to 100.
  package func netPromoterScore() throws(ArithmeticError) -> Int64 {
    count == 0 ? 0 : try Rounding.quotient(Int128(promoters - detractors) * 100, Int128(count))
  }
}

/// What a customer thought of a delivery.
package struct SatisfactionAnswer: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<SatisfactionAnswer>
  package let shipmentNumber: String
  /// 0–10.
  package let score: Int
  package let text: String
  package let answeredOn: Day
}

/// Takes down what a customer thinks of a delivery: once for each that has arrived.
package struct RecordSatisfaction: Sendable {
  package let shipmentNumber: String
  package let score: Int
  /// In its own words.
  package let text: String
  /// Who asks.
  package let actor: String

  package init(shipmentNumber: String, score: Int, text: String = "", by actor: String) {
    self.shipmentNumber = shipmentNumber
    self.score = score
    self.text = text
    self.actor = actor
  }

  /// The number of the order.
  package func run(in tx: Transaction, at now: Moment) throws -> String {
    var check = FieldCheck(.request)
    check.range(score, "score", 0...10)
    check.text(text, "text", limit: 2_000)
    try check.pass()
    let shipment = try Shipments.require(
      number: shipmentNumber, field: "shipment_number", in: tx)
    guard shipment.state == .delivered else {
      throw ComplaintRejection.notDelivered(
        field: "shipment_number", shipment: shipment.number, state: shipment.state)
    }
    guard try SatisfactionTable.insert(self, of: shipment, at: now, in: tx) else {
      throw ComplaintRejection.alreadyAnswered(field: "shipment_number", shipment: shipment.number)
    }
    // Its words stand in the answer, which can forget them; an event cannot.
    tx.record(
      DomainEvent(
        "shipment.rated", shipment.reference,
        related: DocumentReference(.salesOrder, shipment.orderNumber),
        [Fact("score", score), Fact("actor", actor)]))
    return shipment.orderNumber
  }
}

/// What customers of a store thought in a month.
package struct SatisfactionRow: Hashable, Sendable {
  /// Its first day.
  package let month: Day
  /// The home store of the customers; empty for none.
  package let storeCode: String
  package fileprivate(set) var satisfaction: Satisfaction
}

/// Questions about answers.
package enum Satisfactions {
  /// Of one customer's orders in scope.
  package static func of(customer: String, in snapshot: Snapshot) throws -> Satisfaction {
    var found = Satisfaction()
    for (score, count) in try SatisfactionTable.scores(of: customer, in: snapshot) {
      found.add(score, times: count)
    }
    return found
  }

  /// Of one customer, the newest first, from the one before `id` on.
  package static func answers(
    of customer: String, before id: ID<SatisfactionAnswer>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [SatisfactionAnswer] {
    try SatisfactionTable.list(of: customer, before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  /// Of orders in scope, by month and store. `from` nil for 90 days before the last, `until` nil
  /// for today.
  package static func report(
    from: Day?, until: Day?, on today: Day, in snapshot: Snapshot
  ) throws -> [SatisfactionRow] {
    let until = until ?? today
    let from = from ?? until.adding(days: -90)
    var check = FieldCheck(.request)
    check.range(from, "from", until.adding(days: -365)...until)
    try check.pass()
    var rows: [SatisfactionRow] = []
    for found in try SatisfactionTable.days(from: from, until: until, in: snapshot) {
      let month = found.day.adding(days: 1 - found.day.day)
      let index =
        rows.firstIndex { $0.month == month && $0.storeCode == found.store }
        ?? {
          rows.append(
            SatisfactionRow(month: month, storeCode: found.store, satisfaction: Satisfaction()))
          return rows.count - 1
        }()
      rows[index].satisfaction.add(found.score, times: found.count)
    }
    return rows.sorted { ($0.month, $0.storeCode) < ($1.month, $1.storeCode) }
  }
}

/// All SQL of `satisfaction`. Only its words are ever changed, when a person is forgotten.
enum SatisfactionTable {
  /// False when there is an answer already.
  static func insert(
    _ answer: RecordSatisfaction, of shipment: Shipment, at now: Moment, in tx: Transaction
  ) throws -> Bool {
    let id: ID<SatisfactionAnswer>? = try tx.insertIfAbsent(
      """
      INSERT INTO satisfaction (shipment_id, sales_order_id, score, text, recorded_by, answered_on)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (shipment_id) DO NOTHING
      """, shipment.id, shipment.order, Int64(answer.score), answer.text, answer.actor, now.day)
    return id != nil
  }

  static func erasePeople(of customer: String, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE satisfaction SET text = ''
      WHERE sales_order_id IN (SELECT id FROM sales_order WHERE customer_code = ?) AND text <> ''
      """, customer)
  }

  static func scores(
    of customer: String, in snapshot: Snapshot
  ) throws -> [(score: Int, count: Int64)] {
    try snapshot.all(
      """
      SELECT s.score, COUNT(*)
      FROM sales_order AS o JOIN satisfaction AS s ON s.sales_order_id = o.id
      WHERE o.customer_code = ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      GROUP BY s.score
      """, customer
    ) { (score: $0.int(0), count: $0.int64(1)) }
  }

  static func list(
    of customer: String, before id: ID<SatisfactionAnswer>, limit: Int, in snapshot: Snapshot
  ) throws -> [SatisfactionAnswer] {
    try snapshot.all(
      """
      SELECT s.id, h.number, s.score, s.text, s.answered_on
      FROM sales_order AS o
      JOIN satisfaction AS s ON s.sales_order_id = o.id
      JOIN shipment AS h ON h.id = s.shipment_id
      WHERE o.customer_code = ? AND s.id < ? ORDER BY s.id DESC LIMIT ?
      """, customer, id, limit
    ) { row in
      SatisfactionAnswer(
        id: row.id(0), shipmentNumber: row.text(1), score: row.int(2), text: row.text(3),
        answeredOn: row.day(4))
    }
  }

  static func days(
    from: Day, until: Day, in snapshot: Snapshot
  ) throws -> [(day: Day, store: String, score: Int, count: Int64)] {
    try snapshot.all(
      """
      SELECT s.answered_on, COALESCE(v.store_code, ''), s.score, COUNT(*)
      FROM satisfaction AS s
      JOIN sales_order AS o ON o.id = s.sales_order_id
      JOIN view_order_owner AS v ON v.number = o.number
      WHERE s.answered_on BETWEEN ? AND ?
        AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author)
      GROUP BY s.answered_on, v.store_code, s.score
      """, from, until
    ) { (day: $0.day(0), store: $0.text(1), score: $0.int(2), count: $0.int64(3)) }
  }
}
