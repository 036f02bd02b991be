extension AfterSalesMigrations {
  /// By which way complaints came, of those from before nobody knows, and their report.
  static let complaintChannels: StaticString = """
    ALTER TABLE complaint ADD COLUMN channel TEXT CHECK (
      channel = 'PHONE' OR channel = 'STORE' OR channel = 'WECHAT' OR channel = 'EMAIL' OR
      channel = 'WEB' OR channel = 'MARKETPLACE' OR channel = 'CREW');
    CREATE INDEX complaint_opened ON complaint (opened_at);
    """

  /// Clocks of complaints may count business hours, and stand still for a while. What was opened
  /// before counts all hours.
  static let complaintPauses: StaticString = """
    ALTER TABLE complaint_term ADD COLUMN in_business_hours INTEGER NOT NULL DEFAULT 0
      CHECK (in_business_hours IN (0, 1));
    ALTER TABLE complaint ADD COLUMN in_business_hours INTEGER NOT NULL DEFAULT 0
      CHECK (in_business_hours IN (0, 1));
    ALTER TABLE complaint ADD COLUMN paused_until INTEGER;

    CREATE TABLE complaint_pause (
      id INTEGER PRIMARY KEY,
      complaint_id INTEGER NOT NULL REFERENCES complaint (id),
      reason TEXT NOT NULL CHECK (
        reason = 'CUSTOMER' OR reason = 'SUPPLIER' OR reason = 'PARTS' OR
        reason = 'APPOINTMENT' OR reason = 'CARRIER'),
      note TEXT NOT NULL,
      paused_by TEXT NOT NULL,
      paused_at INTEGER NOT NULL,
      until_at INTEGER NOT NULL CHECK (until_at > paused_at),
      remaining INTEGER NOT NULL CHECK (remaining >= 0),
      resumed_by TEXT,
      resumed_at INTEGER CHECK (resumed_at BETWEEN paused_at AND until_at),
      CHECK ((resumed_by IS NULL) = (resumed_at IS NULL))
    ) STRICT;
    CREATE INDEX complaint_pause_complaint ON complaint_pause (complaint_id, id);
    CREATE INDEX complaint_pause_day ON complaint_pause (paused_at);
    """
}
