import MasterData
import Storage
import Values

/// All SQL of `opportunity` and `opportunity_step`. An opportunity is in scope when its customer
/// is, when it is of an owner or store that is, and for who wrote it down.
enum OpportunityTable {
  static func insert(_ found: Opportunity, in tx: Transaction) throws -> ID<Opportunity> {
    try tx.insert(
      """
      INSERT INTO opportunity (number, version, state, customer_code, customer_name, title, note,
        owner, store_code, channel, source_code, currency, expected_minor, expected_close_on,
        stages_version, stage_code, steps, created_by, created_at, created_on)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, found.number, found.version, found.state, found.customerCode, found.customerName,
      found.title, found.note, found.owner, found.storeCode, found.channel, found.sourceCode,
      found.expected.currency, found.expected.minor, found.expectedCloseOn, found.stagesVersion,
      found.stage.code, found.steps, found.createdBy, found.createdAt, found.createdOn)
  }

  /// Writes all that may change, and counts the version up.
  static func update(_ found: Opportunity, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE opportunity SET version = version + 1, state = ?, title = ?, note = ?, owner = ?,
        store_code = ?, channel = ?, source_code = ?, currency = ?, expected_minor = ?,
        expected_close_on = ?, stages_version = ?, stage_code = ?, steps = ?, decided_on = ?
      WHERE id = ?
      """, found.state, found.title, found.note, found.owner, found.storeCode, found.channel,
      found.sourceCode, found.expected.currency, found.expected.minor, found.expectedCloseOn,
      found.stagesVersion, found.stage.code, found.steps, found.decidedOn, found.id)
  }

  static func insert(
    _ step: OpportunityStep, of opportunity: ID<Opportunity>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO opportunity_step (opportunity_id, step, stages_version, stage_code, state,
        actor, entered_at, reason_code, comment, quote_number)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, opportunity, step.step, step.stagesVersion, step.stageCode, step.state, step.actor,
      step.at, step.reasonCode, step.comment, step.quoteNumber)
  }

  /// A customer's opportunities are another's.
  static func give(allOf from: String, to customer: String, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE opportunity SET customer_code = ?, version = version + 1 WHERE customer_code = ?",
      customer, from)
  }

  /// Takes out of a customer's opportunities what may be about a person. Returns their numbers.
  static func erasePeople(of customer: String, in tx: Transaction) throws -> [String] {
    try tx.execute(
      """
      UPDATE opportunity_step SET comment = ''
      WHERE opportunity_id IN (SELECT id FROM opportunity WHERE customer_code = ?)
        AND comment <> ''
      """, customer)
    return try tx.all(
      """
      UPDATE opportunity SET customer_name = '', title = '', note = '' WHERE customer_code = ?
      RETURNING number
      """, customer
    ) { $0.text(0) }
  }

  // MARK: Questions

  /// The oldest first.
  static func steps(
    of opportunity: ID<Opportunity>, in snapshot: Snapshot
  ) throws -> [OpportunityStep] {
    try snapshot.all(
      """
      SELECT step, stages_version, stage_code, state, actor, entered_at, reason_code, comment,
        quote_number
      FROM opportunity_step WHERE opportunity_id = ? ORDER BY step LIMIT 1000
      """, opportunity
    ) { row in
      OpportunityStep(
        step: row.int(0), stagesVersion: row.int64(1), stageCode: row.text(2),
        state: try row.value(3), actor: row.text(4), at: row.instant(5), reasonCode: row.text(6),
        comment: row.text(7), quoteNumber: row.optionalText(8))
    }
  }

  /// Whatever the scope.
  static func fetch(_ number: String, in snapshot: Snapshot) throws -> Opportunity? {
    try snapshot.first(
      """
      SELECT o.id, o.number, o.version, o.customer_code, o.customer_name, o.title, o.note,
        o.owner, o.store_code, o.channel, o.source_code, o.expected_minor, o.currency,
        o.expected_close_on, o.stages_version, o.stage_code, s.name, s.probability_micros,
        o.state, o.steps, o.created_by, o.created_at, o.created_on, o.decided_on
      FROM opportunity AS o JOIN opportunity_stage AS s
        ON s.stages_version = o.stages_version AND s.code = o.stage_code
      WHERE o.number = ?
      """, number, map: opportunity)
  }

  static func isInScope(_ number: String, in snapshot: Snapshot) throws -> Bool {
    try snapshot.first(
      """
      SELECT 1 FROM view_opportunity_owner AS v
      WHERE v.number = ? AND in_scope(v.owner, v.store_code, NULL, v.author) LIMIT 1
      """, number
    ) { _ in true } ?? false
  }

  // Those in scope, the newest first: one index for each.

  static func all(_ range: Opportunities.Range, in snapshot: Snapshot) throws -> [Opportunity] {
    try snapshot.all(
      """
      SELECT o.id, o.number, o.version, o.customer_code, o.customer_name, o.title, o.note,
        o.owner, o.store_code, o.channel, o.source_code, o.expected_minor, o.currency,
        o.expected_close_on, o.stages_version, o.stage_code, s.name, s.probability_micros,
        o.state, o.steps, o.created_by, o.created_at, o.created_on, o.decided_on
      FROM opportunity AS o JOIN opportunity_stage AS s
        ON s.stages_version = o.stages_version AND s.code = o.stage_code
      WHERE o.id < ? AND (? = '' OR o.stage_code = ?)
        AND EXISTS (
          SELECT 1 FROM view_opportunity_owner AS v
          WHERE v.number = o.number AND in_scope(v.owner, v.store_code, NULL, v.author))
      ORDER BY o.id DESC LIMIT ?
      """, range.before, range.stage, range.stage, range.limit, map: opportunity)
  }

  static func inState(
    _ state: OpportunityState, _ range: Opportunities.Range, in snapshot: Snapshot
  ) throws -> [Opportunity] {
    try snapshot.all(
      """
      SELECT o.id, o.number, o.version, o.customer_code, o.customer_name, o.title, o.note,
        o.owner, o.store_code, o.channel, o.source_code, o.expected_minor, o.currency,
        o.expected_close_on, o.stages_version, o.stage_code, s.name, s.probability_micros,
        o.state, o.steps, o.created_by, o.created_at, o.created_on, o.decided_on
      FROM opportunity AS o JOIN opportunity_stage AS s
        ON s.stages_version = o.stages_version AND s.code = o.stage_code
      WHERE o.state = ? AND o.id < ? AND (? = '' OR o.stage_code = ?)
        AND EXISTS (
          SELECT 1 FROM view_opportunity_owner AS v
          WHERE v.number = o.number AND in_scope(v.owner, v.store_code, NULL, v.author))
      ORDER BY o.id DESC LIMIT ?
      """, state, range.before, range.stage, range.stage, range.limit, map: opportunity)
  }

  static func ofCustomer(
    _ customer: String, _ range: Opportunities.Range, in snapshot: Snapshot
  ) throws -> [Opportunity] {
    try snapshot.all(
      """
      SELECT o.id, o.number, o.version, o.customer_code, o.customer_name, o.title, o.note,
        o.owner, o.store_code, o.channel, o.source_code, o.expected_minor, o.currency,
        o.expected_close_on, o.stages_version, o.stage_code, s.name, s.probability_micros,
        o.state, o.steps, o.created_by, o.created_at, o.created_on, o.decided_on
      FROM opportunity AS o JOIN opportunity_stage AS s
        ON s.stages_version = o.stages_version AND s.code = o.stage_code
      WHERE o.customer_code = ? AND o.id < ? AND (? = '' OR o.stage_code = ?)
        AND (? IS NULL OR o.state = ?) AND (? = '' OR o.owner = ?)
        AND (? = '' OR o.store_code = ?)
        AND EXISTS (
          SELECT 1 FROM view_opportunity_owner AS v
          WHERE v.number = o.number AND in_scope(v.owner, v.store_code, NULL, v.author))
      ORDER BY o.id DESC LIMIT ?
      """, customer, range.before, range.stage, range.stage, range.state, range.state,
      range.owner, range.owner, range.store, range.store, range.limit, map: opportunity)
  }

  static func ofOwner(
    _ owner: String, _ range: Opportunities.Range, in snapshot: Snapshot
  ) throws -> [Opportunity] {
    try snapshot.all(
      """
      SELECT o.id, o.number, o.version, o.customer_code, o.customer_name, o.title, o.note,
        o.owner, o.store_code, o.channel, o.source_code, o.expected_minor, o.currency,
        o.expected_close_on, o.stages_version, o.stage_code, s.name, s.probability_micros,
        o.state, o.steps, o.created_by, o.created_at, o.created_on, o.decided_on
      FROM opportunity AS o JOIN opportunity_stage AS s
        ON s.stages_version = o.stages_version AND s.code = o.stage_code
      WHERE o.owner = ? AND o.id < ? AND (? = '' OR o.stage_code = ?)
        AND (? IS NULL OR o.state = ?) AND (? = '' OR o.store_code = ?)
        AND EXISTS (
          SELECT 1 FROM view_opportunity_owner AS v
          WHERE v.number = o.number AND in_scope(v.owner, v.store_code, NULL, v.author))
      ORDER BY o.id DESC LIMIT ?
      """, owner, range.before, range.stage, range.stage, range.state, range.state, range.store,
      range.store, range.limit, map: opportunity)
  }

  static func ofStore(
    _ store: String, _ range: Opportunities.Range, in snapshot: Snapshot
  ) throws -> [Opportunity] {
    try snapshot.all(
      """
      SELECT o.id, o.number, o.version, o.customer_code, o.customer_name, o.title, o.note,
        o.owner, o.store_code, o.channel, o.source_code, o.expected_minor, o.currency,
        o.expected_close_on, o.stages_version, o.stage_code, s.name, s.probability_micros,
        o.state, o.steps, o.created_by, o.created_at, o.created_on, o.decided_on
      FROM opportunity AS o JOIN opportunity_stage AS s
        ON s.stages_version = o.stages_version AND s.code = o.stage_code
      WHERE o.store_code = ? AND o.id < ? AND (? = '' OR o.stage_code = ?)
        AND (? IS NULL OR o.state = ?)
        AND EXISTS (
          SELECT 1 FROM view_opportunity_owner AS v
          WHERE v.number = o.number AND in_scope(v.owner, v.store_code, NULL, v.author))
      ORDER BY o.id DESC LIMIT ?
      """, store, range.before, range.stage, range.stage, range.state, range.state, range.limit,
      map: opportunity)
  }

  private static func opportunity(_ row: Row) throws -> Opportunity {
    Opportunity(
      id: row.id(0), number: row.text(1), version: row.int64(2), customerCode: row.text(3),
      customerName: row.text(4), title: row.text(5), note: row.text(6), owner: row.text(7),
      storeCode: row.text(8), channel: try row.optionalValue(9), sourceCode: row.text(10),
      expected: row.money(11, 12), expectedCloseOn: row.day(13),
      stage: OpportunityStage(
        code: row.text(15), name: row.text(16), probability: row.rate(17),
        state: try row.value(18)),
      stagesVersion: row.int64(14), steps: row.int(19), createdBy: row.text(20),
      createdAt: row.instant(21), createdOn: row.day(22), decidedOn: row.optionalDay(23))
  }
}
