BEGIN TRANSACTION;
CREATE TABLE account (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_english TEXT NOT NULL,
  type TEXT NOT NULL CHECK (
    type = 'ASSET' OR type = 'LIABILITY' OR type = 'EQUITY' OR type = 'INCOME' OR
    type = 'EXPENSE')
) STRICT;
INSERT INTO "account" VALUES('1002','银行存款','Bank','ASSET');
INSERT INTO "account" VALUES('1122','应收账款','Accounts receivable','ASSET');
INSERT INTO "account" VALUES('1403','原材料','Raw materials','ASSET');
INSERT INTO "account" VALUES('1405','库存商品','Finished goods','ASSET');
INSERT INTO "account" VALUES('1406','发出商品','Goods dispatched','ASSET');
INSERT INTO "account" VALUES('1901','待处理财产损溢','Inventory differences','ASSET');
INSERT INTO "account" VALUES('2202','应付账款','Accounts payable','LIABILITY');
INSERT INTO "account" VALUES('2202.01','应付账款—暂估','Goods received not invoiced','LIABILITY');
INSERT INTO "account" VALUES('2204','合同负债','Customer deposits','LIABILITY');
INSERT INTO "account" VALUES('2221.01','应交税费—销项税额','Output VAT','LIABILITY');
INSERT INTO "account" VALUES('2221.02','应交税费—进项税额','Input VAT','LIABILITY');
INSERT INTO "account" VALUES('4001','实收资本','Capital','EQUITY');
INSERT INTO "account" VALUES('5001','生产成本','Work in progress','ASSET');
INSERT INTO "account" VALUES('5101','制造费用—已分配','Labour and overhead absorbed','EXPENSE');
INSERT INTO "account" VALUES('6001','主营业务收入','Revenue','INCOME');
INSERT INTO "account" VALUES('6001.02','主营业务收入—服务','Service revenue','INCOME');
INSERT INTO "account" VALUES('6401','主营业务成本','Cost of sales','EXPENSE');
INSERT INTO "account" VALUES('6401.01','采购价格差异','Purchase price variance','EXPENSE');
INSERT INTO "account" VALUES('6401.02','生产成本差异','Production variance','EXPENSE');
INSERT INTO "account" VALUES('6401.03','废品损失','Scrap loss','EXPENSE');
INSERT INTO "account" VALUES('2241','其他应付款','Other payables','LIABILITY');
INSERT INTO "account" VALUES('6301','营业外收入','Compensation income','INCOME');
INSERT INTO "account" VALUES('6711','营业外支出','Compensation paid','EXPENSE');
INSERT INTO "account" VALUES('6001.03','主营业务收入—销售退回','Sales returns','INCOME');
INSERT INTO "account" VALUES('2204.01','合同负债—礼品卡','Gift cards','LIABILITY');
INSERT INTO "account" VALUES('2204.02','合同负债—会员积分','Loyalty points','LIABILITY');
INSERT INTO "account" VALUES('6001.04','主营业务收入—积分递延','Revenue deferred as points','INCOME');
INSERT INTO "account" VALUES('6001.05','主营业务收入—未行使权利','Breakage of gift cards','INCOME');
INSERT INTO "account" VALUES('6603.01','财务费用—汇兑收益','Exchange gains','INCOME');
INSERT INTO "account" VALUES('6603.02','财务费用—汇兑损失','Exchange losses','EXPENSE');
INSERT INTO "account" VALUES('6051.01','其他业务收入—催收费','Reminder fees','INCOME');
INSERT INTO "account" VALUES('6603.03','财务费用—逾期利息','Default interest','INCOME');
INSERT INTO "account" VALUES('1221.01','其他应收款—代收货款','Collected by carriers','ASSET');
INSERT INTO "account" VALUES('2241.01','其他应付款—承运人','Owed to carriers','LIABILITY');
INSERT INTO "account" VALUES('6601.01','销售费用—代收手续费','Collection fees','EXPENSE');
INSERT INTO "account" VALUES('6702','信用减值损失','Credit losses','EXPENSE');
INSERT INTO "account" VALUES('1221.02','其他应收款—承运人索赔','Claims on carriers','ASSET');
INSERT INTO "account" VALUES('1121','应收票据','Bills receivable','ASSET');
INSERT INTO "account" VALUES('2241.02','其他应付款—退还承运人赔款','Owed back to carriers for claims','LIABILITY');
CREATE TABLE account_balance (
  account TEXT NOT NULL REFERENCES account (code),
  currency TEXT NOT NULL,
  debit_minor INTEGER NOT NULL CHECK (debit_minor >= 0),
  credit_minor INTEGER NOT NULL CHECK (credit_minor >= 0), base_debit_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_debit_minor >= 0), base_credit_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_credit_minor >= 0),
  PRIMARY KEY (account, currency)
) STRICT;
INSERT INTO "account_balance" VALUES('1405','CNY',40000,0,40000,0);
INSERT INTO "account_balance" VALUES('4001','CNY',0,40000,0,40000);
CREATE TABLE allocation_policy (
  version INTEGER PRIMARY KEY,
  criteria TEXT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO "allocation_policy" VALUES(1,'PRIORITY CONFIRMED','As shipped: first come, first served','',0);
CREATE TABLE api_key (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  principal_id INTEGER NOT NULL REFERENCES principal (id),
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  networks TEXT NOT NULL,
  certificate_subject TEXT,
  digest BLOB NOT NULL
, is_withheld INTEGER NOT NULL DEFAULT 0 CHECK (is_withheld BETWEEN 0 AND 1), store_code TEXT) STRICT;
CREATE TABLE appointment (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  order_number TEXT NOT NULL,
  slot_id INTEGER NOT NULL REFERENCES delivery_slot (id),
  kind TEXT NOT NULL CHECK (kind = 'DELIVERY' OR kind = 'INSTALLATION'),
  state TEXT NOT NULL CHECK (
    state = 'BOOKED' OR state = 'KEPT' OR state = 'MISSED' OR state = 'RELEASED'),
  minutes INTEGER NOT NULL CHECK (minutes >= 0),
  asked_minutes INTEGER CHECK (asked_minutes > 0),
  volume_ccm INTEGER NOT NULL CHECK (volume_ccm >= 0),
  explanation TEXT NOT NULL,
  booked_by TEXT NOT NULL,
  remark TEXT NOT NULL,
  missed_by TEXT CHECK (
    missed_by = 'CUSTOMER' OR missed_by = 'CREW' OR missed_by = 'GOODS'), overtaken INTEGER NOT NULL DEFAULT 0
  CHECK (overtaken IN (0, 1)), address_id INTEGER,
  CHECK ((missed_by IS NOT NULL) = (state = 'MISSED'))
) STRICT;
CREATE TABLE approval_policy (
  version INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO "approval_policy" VALUES(1,'As it was before rules had versions','',0);
CREATE TABLE approval_policy_rule (
  policy_version INTEGER NOT NULL REFERENCES approval_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  kind TEXT NOT NULL,
  customer_class TEXT,
  minimum_gross_minor INTEGER CHECK (minimum_gross_minor >= 0),
  currency TEXT,
  minimum_discount_micros INTEGER CHECK (minimum_discount_micros BETWEEN 0 AND 1000000),
  margin_below_micros INTEGER CHECK (margin_below_micros BETWEEN -1000000 AND 1000000),
  exempt_role TEXT,
  gross_below_minor INTEGER CHECK (gross_below_minor >= 0),
  window_hours INTEGER CHECK (window_hours > 0),
  country_code TEXT,
  region_prefix TEXT,
  product_class TEXT,
  is_parallel INTEGER NOT NULL CHECK (is_parallel IN (0, 1)),
  PRIMARY KEY (policy_version, position),
  CHECK ((country_code IS NULL) = (region_prefix IS NULL)),
  CHECK (window_hours IS NULL OR minimum_gross_minor IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO "approval_policy_rule" VALUES(1,1,'ORDER','VIP',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "approval_policy_rule" VALUES(1,2,'ORDER',NULL,500000,'CNY',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE approval_policy_step (
  policy_version INTEGER NOT NULL,
  rule INTEGER NOT NULL,
  position INTEGER NOT NULL CHECK (position > 0),
  role TEXT NOT NULL,
  due_hours INTEGER CHECK (due_hours > 0),
  remind_hours INTEGER CHECK (remind_hours > 0),
  escalation_role TEXT,
  PRIMARY KEY (policy_version, rule, position),
  FOREIGN KEY (policy_version, rule)
    REFERENCES approval_policy_rule (policy_version, position),
  CHECK (escalation_role IS NULL OR due_hours IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO "approval_policy_step" VALUES(1,2,1,'GENERAL_MANAGER',NULL,NULL,NULL);
CREATE TABLE approval_round (
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  round INTEGER NOT NULL CHECK (round > 0),
  policy_version INTEGER NOT NULL REFERENCES approval_policy (version),
  asked_by TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  is_change INTEGER NOT NULL CHECK (is_change IN (0, 1)),
  gross_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  discount_micros INTEGER NOT NULL,
  margin_micros INTEGER,
  region TEXT NOT NULL,
  is_refused INTEGER NOT NULL CHECK (is_refused IN (0, 1)), change_request_id INTEGER
  REFERENCES change_request (id), is_by_maker INTEGER NOT NULL DEFAULT 0
  CHECK (is_by_maker IN (0, 1)), cancel_request_id INTEGER
  REFERENCES cancel_request (id),
  PRIMARY KEY (sales_order_id, round)
) STRICT, WITHOUT ROWID;
CREATE TABLE approval_step (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL,
  round INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  kind TEXT NOT NULL,
  rule INTEGER NOT NULL CHECK (rule >= 0),
  position INTEGER NOT NULL CHECK (position > 0),
  follows INTEGER NOT NULL CHECK (follows IN (0, 1)),
  role TEXT NOT NULL,
  due_hours INTEGER,
  remind_hours INTEGER,
  escalation_role TEXT,
  state TEXT NOT NULL CHECK (
    state = 'WAITING' OR state = 'OPEN' OR state = 'APPROVED' OR state = 'REJECTED' OR
    state = 'RETURNED' OR state = 'DROPPED'),
  opened_at INTEGER,
  remind_at INTEGER,
  due_at INTEGER,
  next_at INTEGER,
  reminded_at INTEGER,
  escalated_at INTEGER,
  decided_by TEXT,
  standing_in_for TEXT NOT NULL,
  decided_at INTEGER,
  comment TEXT NOT NULL,
  decided_round INTEGER,
  UNIQUE (sales_order_id, round, number),
  FOREIGN KEY (sales_order_id, round) REFERENCES approval_round (sales_order_id, round),
  CHECK ((decided_by IS NOT NULL)
    = (state = 'APPROVED' OR state = 'REJECTED' OR state = 'RETURNED')),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  CHECK (next_at IS NULL OR state = 'OPEN'),
  CHECK (decided_round < round OR decided_round IS NULL)
) STRICT;
CREATE TABLE assembly_time (
  sku TEXT PRIMARY KEY,
  product_id INTEGER NOT NULL UNIQUE REFERENCES product (id),
  minutes INTEGER NOT NULL CHECK (minutes >= 0),
  cubic_metre_minutes INTEGER NOT NULL CHECK (cubic_metre_minutes >= 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE assignment_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE assignment_rule (
  policy_version INTEGER NOT NULL REFERENCES assignment_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  channel TEXT,
  customer_class TEXT,
  store_code TEXT,
  zone_code TEXT,
  product_class TEXT,
  is_made INTEGER NOT NULL CHECK (is_made IN (0, 1)),
  -- Codes with blanks between, the first choice first.
  warehouse_codes TEXT NOT NULL CHECK (warehouse_codes <> ''),
  choice TEXT NOT NULL CHECK (choice IN ('COMPLETE', 'FIRST')),
  PRIMARY KEY (policy_version, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE attachment (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
  media_type TEXT NOT NULL,
  content BLOB NOT NULL CHECK (length(content) BETWEEN 1 AND 1048576),
  added_by TEXT NOT NULL,
  added_at INTEGER NOT NULL
) STRICT;
CREATE TABLE audit_checkpoint (
  size INTEGER PRIMARY KEY CHECK (size > 0),
  at INTEGER NOT NULL,
  chain_head BLOB NOT NULL,
  tree_root BLOB NOT NULL,
  public_key BLOB NOT NULL,
  signature BLOB NOT NULL
) STRICT;
INSERT INTO "audit_checkpoint" VALUES(7,1795494815840677,X'0E3414D57F67DFD6813FFFC8205EB6354B2AE83403DB1E006550BB9896A34F03',X'A66D4D6BC35457F42D3E7678695B204DA7811DD1A9549A22D410F159F0E5C61F',X'EA6BEBC1DFE57C3ADA8524FBC06FEB1B88BC397654D478C500BC16E907E4ECF4',X'1E053A64FEFDC19CA91FE6DB38643FC1708B6FF214058B0DABBE6232BDADC577CBD8A3F7A4F16E97B9607A810B599E34C2DEDBB7ECA864629A028F4A30DEEC02');
CREATE TABLE audit_tile (
  number INTEGER PRIMARY KEY,
  root BLOB NOT NULL
) STRICT;
CREATE TABLE automation_feed (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  place INTEGER NOT NULL CHECK (place >= 0)
) STRICT;
INSERT INTO "automation_feed" VALUES(1,0);
CREATE TABLE automation_rule (
  code TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  event_type TEXT NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  since INTEGER NOT NULL CHECK (since >= 0),
  definition BLOB NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (code, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE automation_run (
  id INTEGER PRIMARY KEY,
  rule_code TEXT NOT NULL,
  rule_version INTEGER NOT NULL,
  place INTEGER NOT NULL,
  event_type TEXT NOT NULL,
  order_number TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (
    verdict = 'DONE' OR verdict = 'REFUSED' OR verdict = 'FORBIDDEN' OR
    verdict = 'LOOP' OR verdict = 'LIMIT' OR verdict = 'FAILED'),
  refusal TEXT NOT NULL,
  depth INTEGER NOT NULL CHECK (depth >= 0),
  command_sequence INTEGER UNIQUE REFERENCES command (sequence),
  ran_at INTEGER NOT NULL,
  needs_attention INTEGER NOT NULL CHECK (needs_attention IN (0, 1)),
  settled_by TEXT NOT NULL,
  -- Exactly once.
  UNIQUE (place, rule_code, rule_version),
  FOREIGN KEY (rule_code, rule_version) REFERENCES automation_rule (code, version),
  CHECK (verdict <> 'DONE' OR command_sequence IS NOT NULL),
  CHECK (verdict <> 'DONE' OR refusal = '')
) STRICT;
CREATE TABLE bill_component (
  bill_id INTEGER NOT NULL REFERENCES bill_of_material (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  scrap_micros INTEGER NOT NULL CHECK (scrap_micros BETWEEN 0 AND 999999),
  PRIMARY KEY (bill_id, line_no),
  UNIQUE (bill_id, product_id)
) STRICT;
CREATE TABLE bill_of_material (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  UNIQUE (product_id, version)
) STRICT;
CREATE TABLE bill_operation (
  bill_id INTEGER NOT NULL REFERENCES bill_of_material (id),
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  name TEXT NOT NULL,
  work_centre_id INTEGER NOT NULL REFERENCES work_centre (id),
  work_centre_code TEXT NOT NULL,
  setup_minutes INTEGER NOT NULL CHECK (setup_minutes >= 0),
  unit_minutes INTEGER NOT NULL CHECK (unit_minutes >= 0),
  PRIMARY KEY (bill_id, sequence)
) STRICT;
CREATE TABLE blanket (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  customer_code TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER NOT NULL CHECK (valid_until >= valid_from),
  note TEXT NOT NULL,
  close_reason TEXT,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE blanket_delivery (
  id INTEGER PRIMARY KEY,
  blanket_id INTEGER NOT NULL REFERENCES blanket (id),
  due_on INTEGER NOT NULL,
  sales_order_id INTEGER UNIQUE REFERENCES sales_order (id)
) STRICT;
CREATE TABLE blanket_delivery_part (
  delivery_id INTEGER NOT NULL REFERENCES blanket_delivery (id),
  product_id INTEGER NOT NULL REFERENCES product (id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (delivery_id, product_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE blanket_line (
  blanket_id INTEGER NOT NULL REFERENCES blanket (id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  description TEXT NOT NULL,
  unit TEXT NOT NULL,
  agreed INTEGER NOT NULL CHECK (agreed > 0),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  currency TEXT NOT NULL,
  tax_included INTEGER NOT NULL CHECK (tax_included IN (0, 1)),
  price_explanation TEXT NOT NULL,
  PRIMARY KEY (blanket_id, line_number),
  UNIQUE (blanket_id, product_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE blanket_schedule (
  blanket_id INTEGER PRIMARY KEY REFERENCES blanket (id),
  channel TEXT NOT NULL,
  warehouse_code TEXT NOT NULL,
  address_id INTEGER
) STRICT;
CREATE TABLE business_hours (
  weekday INTEGER PRIMARY KEY CHECK (weekday BETWEEN 1 AND 7),
  opens INTEGER NOT NULL CHECK (opens BETWEEN 0 AND 1439),
  closes INTEGER NOT NULL CHECK (closes BETWEEN 1 AND 1440),
  CHECK (opens < closes)
) STRICT;
INSERT INTO "business_hours" VALUES(1,540,1080);
INSERT INTO "business_hours" VALUES(2,540,1080);
INSERT INTO "business_hours" VALUES(3,540,1080);
INSERT INTO "business_hours" VALUES(4,540,1080);
INSERT INTO "business_hours" VALUES(5,540,1080);
CREATE TABLE business_special_day (
  day INTEGER PRIMARY KEY,
  opens INTEGER CHECK (opens BETWEEN 0 AND 1439),
  closes INTEGER CHECK (closes BETWEEN 1 AND 1440),
  name TEXT NOT NULL,
  CHECK ((opens IS NULL) = (closes IS NULL)),
  CHECK (opens IS NULL OR opens < closes)
) STRICT;
CREATE TABLE cancel_reason (
  position INTEGER PRIMARY KEY CHECK (position > 0),
  code TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL,
  fault TEXT NOT NULL CHECK (
    fault = 'CUSTOMER' OR fault = 'SELLER' OR fault = 'NOBODY')
) STRICT;
INSERT INTO "cancel_reason" VALUES(1,'CUSTOMER_WISH','The customer no longer wants it','CUSTOMER');
INSERT INTO "cancel_reason" VALUES(2,'TOO_LATE','It takes too long','NOBODY');
INSERT INTO "cancel_reason" VALUES(3,'PRICE','Found cheaper elsewhere','CUSTOMER');
INSERT INTO "cancel_reason" VALUES(4,'NOT_AVAILABLE','The goods cannot be had','SELLER');
INSERT INTO "cancel_reason" VALUES(5,'ENTRY_ERROR','Entered twice or wrongly','NOBODY');
INSERT INTO "cancel_reason" VALUES(6,'NOT_PAID','It was not paid','CUSTOMER');
CREATE TABLE cancel_request (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  base_version INTEGER NOT NULL,
  reason_code TEXT NOT NULL,
  comment TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  fee_minor INTEGER NOT NULL,
  forfeited_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  essence TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (
    state = 'PENDING' OR state = 'APPROVED' OR state = 'REJECTED'),
  decided_by TEXT,
  decided_at INTEGER,
  decision TEXT, short_line INTEGER,
  CHECK ((state = 'PENDING') = (decided_by IS NULL))
) STRICT;
CREATE TABLE cancel_request_line (
  request_id INTEGER NOT NULL REFERENCES cancel_request (id),
  position INTEGER NOT NULL CHECK (position > 0),
  line_number INTEGER NOT NULL,
  quantity INTEGER CHECK (quantity > 0),
  unit TEXT, schedule_number INTEGER
  CHECK (schedule_number > 0),
  PRIMARY KEY (request_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE cancellation (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  reason_code TEXT NOT NULL,
  fault TEXT NOT NULL,
  stage TEXT NOT NULL,
  policy_version INTEGER NOT NULL REFERENCES cancellation_policy (version),
  comment TEXT NOT NULL,
  cancelled_by TEXT NOT NULL,
  approved_by TEXT,
  cancelled_on INTEGER NOT NULL,
  cancelled_at INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  fee_minor INTEGER NOT NULL CHECK (fee_minor BETWEEN 0 AND amount_minor),
  fee_paid_minor INTEGER NOT NULL CHECK (fee_paid_minor BETWEEN 0 AND fee_minor),
  forfeited_minor INTEGER NOT NULL CHECK (forfeited_minor >= 0),
  compensation_minor INTEGER NOT NULL CHECK (compensation_minor >= 0),
  sunk_minor INTEGER NOT NULL CHECK (sunk_minor >= 0),
  held_minor INTEGER NOT NULL,
  refund_minor INTEGER NOT NULL CHECK (refund_minor >= 0),
  kept_minor INTEGER NOT NULL CHECK (kept_minor >= 0),
  currency TEXT NOT NULL,
  fee_invoice TEXT,
  explanation TEXT NOT NULL,
  CHECK (held_minor = forfeited_minor + fee_paid_minor + refund_minor + kept_minor)
) STRICT;
CREATE TABLE cancellation_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  earnest_cap_micros INTEGER NOT NULL CHECK (earnest_cap_micros BETWEEN 0 AND 1000000),
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO "cancellation_policy" VALUES(1,-719162,200000,'As shipped: cancelling is free','',0);
CREATE TABLE cancellation_rule (
  policy_version INTEGER NOT NULL REFERENCES cancellation_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  stage TEXT CHECK (
    stage = 'CONFIRMED' OR stage = 'IN_WORK' OR stage = 'MADE' OR stage = 'SET_APART'),
  sourcing TEXT CHECK (sourcing = 'STOCK' OR sourcing = 'MAKE' OR sourcing = 'SERVICE'),
  customer_class TEXT,
  share_micros INTEGER NOT NULL CHECK (share_micros BETWEEN 0 AND 1000000),
  fixed_minor INTEGER CHECK (fixed_minor >= 0),
  minimum_minor INTEGER CHECK (minimum_minor >= 0),
  maximum_minor INTEGER CHECK (maximum_minor >= minimum_minor OR minimum_minor IS NULL),
  waives_earnest INTEGER NOT NULL CHECK (waives_earnest IN (0, 1)),
  approval_from_minor INTEGER CHECK (approval_from_minor >= 0),
  currency TEXT, product_class TEXT, is_forbidden INTEGER NOT NULL DEFAULT 0
  CHECK (is_forbidden IN (0, 1)), is_parallel INTEGER NOT NULL DEFAULT 0
  CHECK (is_parallel IN (0, 1)), window_hours INTEGER CHECK (window_hours > 0),
  PRIMARY KEY (policy_version, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE cancellation_rule_step (
  policy_version INTEGER NOT NULL,
  rule INTEGER NOT NULL,
  position INTEGER NOT NULL CHECK (position > 0),
  role TEXT NOT NULL,
  due_hours INTEGER CHECK (due_hours > 0),
  remind_hours INTEGER CHECK (remind_hours > 0),
  escalation_role TEXT,
  PRIMARY KEY (policy_version, rule, position),
  FOREIGN KEY (policy_version, rule)
    REFERENCES cancellation_rule (policy_version, position),
  CHECK (escalation_role IS NULL OR due_hours IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE TABLE "carrier_claim" (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  shipment_number TEXT NOT NULL,
  order_number TEXT NOT NULL,
  carrier TEXT NOT NULL,
  cause TEXT NOT NULL CHECK (cause = 'LOST' OR cause = 'DAMAGED'),
  state TEXT NOT NULL CHECK (
    state = 'OPEN' OR state = 'FILED' OR state = 'ACCEPTED' OR state = 'REJECTED' OR
    state = 'PAID' OR state = 'WITHDRAWN' OR state = 'OWED_BACK' OR state = 'PAID_BACK' OR
    state = 'WAIVED'),
  basis TEXT NOT NULL CHECK (basis = 'COST' OR basis = 'SALES_VALUE'),
  claimed_minor INTEGER NOT NULL CHECK (claimed_minor >= 0),
  currency TEXT NOT NULL,
  accepted_minor INTEGER,
  reference TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  opened_on INTEGER NOT NULL,
  -- How often something that was posted of it was taken back.
  reversals INTEGER NOT NULL DEFAULT 0,
  -- Since when its goods are there, while its carrier knows of it and has not paid.
  turned_up_on INTEGER CHECK (
    turned_up_on IS NULL OR state = 'FILED' OR state = 'ACCEPTED' OR state = 'REJECTED'),
  UNIQUE (shipment_id, cause),
  CHECK ((accepted_minor IS NOT NULL) = (
    state = 'ACCEPTED' OR state = 'PAID' OR state = 'OWED_BACK' OR state = 'PAID_BACK' OR
    state = 'WAIVED')),
  CHECK (accepted_minor IS NULL OR accepted_minor BETWEEN 1 AND claimed_minor)
) STRICT;
CREATE TABLE carrier_claim_line (
  claim_id INTEGER NOT NULL REFERENCES carrier_claim (id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
  sales_minor INTEGER NOT NULL CHECK (sales_minor >= 0),
  currency TEXT NOT NULL,
  PRIMARY KEY (claim_id, line_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE carrier_claim_terms (
  carrier TEXT PRIMARY KEY,
  basis TEXT NOT NULL CHECK (basis = 'COST' OR basis = 'SALES_VALUE')
) STRICT, WITHOUT ROWID;
CREATE TABLE carrier_coverage (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE carrier_coverage_row (
  version INTEGER NOT NULL REFERENCES carrier_coverage (version),
  zone_code TEXT NOT NULL,
  position INTEGER NOT NULL CHECK (position > 0),
  carrier TEXT NOT NULL,
  PRIMARY KEY (version, zone_code, position),
  UNIQUE (version, zone_code, carrier)
) STRICT, WITHOUT ROWID;
CREATE TABLE carrier_event (
  id INTEGER PRIMARY KEY,
  carrier TEXT NOT NULL,
  event_id TEXT NOT NULL,
  tracking_number TEXT NOT NULL,
  shipment_number TEXT NOT NULL,
  shipment_id INTEGER REFERENCES shipment (id),
  status TEXT NOT NULL CHECK (
    status = 'ACCEPTED' OR status = 'IN_TRANSIT' OR status = 'OUT_FOR_DELIVERY' OR
    status = 'EXCEPTION' OR status = 'REFUSED' OR status = 'DELIVERED'),
  occurred_at INTEGER NOT NULL,
  place TEXT NOT NULL,
  text TEXT NOT NULL,
  told_at INTEGER NOT NULL, trouble TEXT
  CHECK (trouble IS NULL OR (status = 'EXCEPTION' AND (
    trouble = 'LATE' OR trouble = 'LOST' OR trouble = 'DAMAGED' OR trouble = 'ADDRESS'))),
  UNIQUE (carrier, event_id)
) STRICT;
CREATE TABLE carrier_tariff (
  id INTEGER PRIMARY KEY,
  carrier TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (
    mode = 'OWN_TRUCK' OR mode = 'ROAD' OR mode = 'PARCEL' OR mode = 'EXPRESS' OR
    mode = 'RAIL' OR mode = 'AIR' OR mode = 'SEA'),
  version INTEGER NOT NULL CHECK (version > 0),
  valid_from INTEGER NOT NULL,
  currency TEXT NOT NULL,
  basis TEXT NOT NULL CHECK (basis = 'WEIGHT' OR basis = 'VOLUME'),
  rounded_up_to INTEGER NOT NULL CHECK (rounded_up_to > 0),
  ccm_per_kilogram INTEGER CHECK (ccm_per_kilogram > 0),
  minimum_minor INTEGER NOT NULL CHECK (minimum_minor >= 0),
  fuel_surcharge_micros INTEGER NOT NULL CHECK (fuel_surcharge_micros >= 0),
  max_carton_grams INTEGER CHECK (max_carton_grams > 0),
  max_carton_length_mm INTEGER CHECK (max_carton_length_mm > 0),
  max_carton_ccm INTEGER CHECK (max_carton_ccm > 0),
  takes_fragile INTEGER NOT NULL CHECK (takes_fragile IN (0, 1)),
  collects_cash INTEGER NOT NULL CHECK (collects_cash IN (0, 1)),
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  UNIQUE (carrier, mode, version)
) STRICT;
CREATE TABLE carrier_tariff_step (
  tariff_id INTEGER NOT NULL,
  zone_code TEXT NOT NULL,
  position INTEGER NOT NULL CHECK (position > 0),
  up_to INTEGER CHECK (up_to > 0),
  base_minor INTEGER NOT NULL CHECK (base_minor >= 0),
  each_micros INTEGER NOT NULL CHECK (each_micros >= 0),
  currency TEXT NOT NULL,
  PRIMARY KEY (tariff_id, zone_code, position),
  FOREIGN KEY (tariff_id, zone_code) REFERENCES carrier_tariff_zone (tariff_id, zone_code)
) STRICT, WITHOUT ROWID;
CREATE TABLE carrier_tariff_zone (
  tariff_id INTEGER NOT NULL REFERENCES carrier_tariff (id),
  zone_code TEXT NOT NULL,
  transit_days INTEGER NOT NULL CHECK (transit_days >= 0),
  PRIMARY KEY (tariff_id, zone_code)
) STRICT, WITHOUT ROWID;
CREATE TABLE carton_load (
  shipment_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  unit INTEGER NOT NULL CHECK (unit > 0),
  carton INTEGER NOT NULL CHECK (carton > 0),
  loaded_by TEXT NOT NULL,
  loaded_at INTEGER NOT NULL,
  PRIMARY KEY (shipment_id, line_number, unit, carton),
  FOREIGN KEY (shipment_id, line_number) REFERENCES shipment_line (shipment_id, line_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE cash_on_delivery (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  collector TEXT NOT NULL CHECK (collector = 'OWN_CREW' OR collector = 'CARRIER'),
  currency TEXT NOT NULL,
  due_minor INTEGER CHECK (due_minor >= 0),
  owed_minor INTEGER NOT NULL DEFAULT 0,
  collected_minor INTEGER NOT NULL DEFAULT 0,
  remitted_minor INTEGER NOT NULL DEFAULT 0 CHECK (remitted_minor >= 0),
  written_off_minor INTEGER NOT NULL DEFAULT 0 CHECK (written_off_minor >= 0),
  CHECK (owed_minor BETWEEN 0 AND COALESCE(due_minor, 0)),
  CHECK (collected_minor BETWEEN 0 AND owed_minor),
  CHECK (remitted_minor + written_off_minor <= collected_minor),
  CHECK (collector = 'CARRIER' OR remitted_minor + written_off_minor = 0)
) STRICT;
CREATE TABLE cash_on_delivery_payment (
  payment_number TEXT PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES cash_on_delivery (shipment_id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE change_policy (
  version INTEGER PRIMARY KEY,
  expire_hours INTEGER CHECK (expire_hours > 0),
  slack_days INTEGER NOT NULL CHECK (slack_days BETWEEN 0 AND 60),
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO "change_policy" VALUES(1,90,0,'As shipped: requests end after two weeks','',0);
CREATE TABLE change_policy_rule (
  policy_version INTEGER NOT NULL REFERENCES change_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  kinds TEXT NOT NULL,
  stages TEXT NOT NULL,
  minimum_minor INTEGER CHECK (minimum_minor >= 0),
  currency TEXT,
  role TEXT NOT NULL,
  due_hours INTEGER CHECK (due_hours > 0),
  remind_hours INTEGER CHECK (remind_hours > 0),
  escalation_role TEXT,
  PRIMARY KEY (policy_version, position),
  CHECK ((minimum_minor IS NULL) = (currency IS NULL)),
  CHECK (escalation_role IS NULL OR due_hours IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE TABLE change_request (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  number INTEGER NOT NULL CHECK (number > 0),
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (
    state = 'PENDING' OR state = 'RETURNED' OR state = 'STALE' OR state = 'APPLIED' OR
    state = 'REJECTED' OR state = 'WITHDRAWN' OR state = 'EXPIRED'),
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  roles TEXT NOT NULL,
  reason TEXT NOT NULL,
  expires_at INTEGER,
  round INTEGER,
  sets_day INTEGER NOT NULL CHECK (sets_day IN (0, 1)),
  requested_on INTEGER,
  sets_delivery INTEGER NOT NULL CHECK (sets_delivery IN (0, 1)),
  delivery_zone TEXT,
  delivery_floor INTEGER,
  delivery_lift INTEGER,
  delivery_assembly INTEGER,
  delivery_address_id INTEGER,
  sets_discount INTEGER NOT NULL CHECK (sets_discount IN (0, 1)),
  discount_micros INTEGER,
  discount_minor INTEGER,
  is_repriced INTEGER NOT NULL CHECK (is_repriced IN (0, 1)),
  base_version INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  gross_minor INTEGER NOT NULL,
  sunk_minor INTEGER NOT NULL,
  unapplied_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  ready_before INTEGER,
  ready_after INTEGER,
  differences TEXT NOT NULL,
  verdicts TEXT NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  comment TEXT NOT NULL,
  applied_version INTEGER, instructions TEXT NOT NULL DEFAULT '', reduction_reason TEXT NOT NULL DEFAULT '', fee_minor INTEGER NOT NULL DEFAULT 0, forfeited_minor INTEGER NOT NULL DEFAULT 0, compensation_minor INTEGER NOT NULL DEFAULT 0, fee_explanation TEXT NOT NULL DEFAULT '',
  UNIQUE (sales_order_id, number),
  CHECK ((state = 'APPLIED') = (applied_version IS NOT NULL)),
  CHECK (applied_version > base_version OR applied_version IS NULL),
  CHECK (expires_at IS NULL OR state = 'PENDING' OR state = 'RETURNED' OR state = 'STALE'),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL))
) STRICT;
CREATE TABLE change_request_line (
  request_id INTEGER NOT NULL REFERENCES change_request (id),
  position INTEGER NOT NULL CHECK (position > 0),
  line_number INTEGER,
  is_removed INTEGER NOT NULL CHECK (is_removed IN (0, 1)),
  sku TEXT NOT NULL,
  quantity INTEGER,
  unit TEXT NOT NULL,
  discount_micros INTEGER,
  note TEXT NOT NULL,
  model_version INTEGER,
  settings TEXT, instructions TEXT NOT NULL DEFAULT '', schedules TEXT, begun_work TEXT NOT NULL DEFAULT 'KEPT_AS_STOCK', rework TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (request_id, position),
  CHECK (line_number IS NOT NULL OR sku <> '' AND quantity IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE TABLE charge_rule (
  position INTEGER PRIMARY KEY CHECK (position > 0),
  charge TEXT NOT NULL,
  sku TEXT NOT NULL,
  occasion TEXT NOT NULL CHECK (
    occasion = 'ALWAYS' OR occasion = 'DELIVERY' OR occasion = 'STAIRS' OR
    occasion = 'ASSEMBLY'),
  zone TEXT,
  channel TEXT,
  customer_class TEXT,
  below_minor INTEGER CHECK (below_minor >= 0),
  base_minor INTEGER CHECK (base_minor >= 0),
  kilogram_micros INTEGER CHECK (kilogram_micros >= 0),
  cubic_metre_micros INTEGER CHECK (cubic_metre_micros >= 0),
  piece_micros INTEGER CHECK (piece_micros >= 0),
  floor_micros INTEGER CHECK (floor_micros >= 0),
  share_micros INTEGER NOT NULL CHECK (share_micros BETWEEN 0 AND 1000000),
  cap_minor INTEGER CHECK (cap_minor >= 0),
  currency TEXT NOT NULL
) STRICT;
CREATE TABLE code_pattern (
  version INTEGER NOT NULL REFERENCES code_pattern_version (version),
  position INTEGER NOT NULL CHECK (position > 0),
  kind TEXT NOT NULL,
  class_code TEXT NOT NULL,
  pattern TEXT NOT NULL,
  PRIMARY KEY (version, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE code_pattern_version (
  version INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO "code_pattern_version" VALUES(1,'as shipped','',0);
CREATE TABLE command (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  peer TEXT NOT NULL,
  method TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request BLOB NOT NULL,
  status INTEGER NOT NULL,
  reply BLOB NOT NULL,
  hash BLOB NOT NULL, format INTEGER NOT NULL DEFAULT 1, kind INTEGER NOT NULL DEFAULT 0, credential TEXT NOT NULL DEFAULT '', certificate TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', trace TEXT NOT NULL DEFAULT '', changes BLOB NOT NULL DEFAULT x'', occurrences INTEGER NOT NULL DEFAULT 1, scope TEXT NOT NULL DEFAULT 'all',
  UNIQUE (actor, idempotency_key)
) STRICT;
INSERT INTO "command" VALUES(1,1795494815714113,'setup','127.0.0.1:33108','joinery.catalog.v1.CatalogService/UpsertWarehouses','01a20bd4-a7d3-7dc5-b865-53407b58fad0',X'0A0E0A044D41494E1206E680BBE4BB93',0,X'0A0812044D41494E1801',X'D0ECAC66AA56577635A79D018FCA800129DCA9F9D9E2D817D0B822CC0DE515D0',2,0,'','','','',X'',1,'all');
INSERT INTO "command" VALUES(2,1795494815735916,'setup','127.0.0.1:33108','joinery.catalog.v1.CatalogService/UpsertProducts','01a20bd4-a7f4-7d6f-ad9e-0899bacfaae0',X'0A1F0A044C414D501206E58FB0E781AF20012A0370637332085354414E44415244',0,X'0A0812044C414D501801',X'42E787CC6DBDF91DDC66B4F0B2CE63A2B0E9C9B188B5C49CD0795729D006C64B',2,0,'','','','',X'',1,'all');
INSERT INTO "command" VALUES(3,1795494815808825,'setup','127.0.0.1:33108','joinery.catalog.v1.CatalogService/UpsertPriceLists','01a20bd4-a840-7bee-a59f-6615b1278476',X'0A100A0652455441494C1206E99BB6E594AE',0,X'0A0A120652455441494C1801',X'F014E92B79E9943547EB308791D3DA34FCAC034A89508C52D93F8C32B6018565',2,0,'','','','',X'',1,'all');
INSERT INTO "command" VALUES(4,1795494815812795,'setup','127.0.0.1:33108','joinery.catalog.v1.CatalogService/UpsertPrices','01a20bd4-a844-7725-975d-c7d89996ca4f',X'0A230A0652455441494C12044C414D501A0A0A03434E5910C0BD9A2F2A0708E40F10011801',0,X'0A0812044C414D501801',X'8DEE7A49A8966304CD994B016499DE434A20D0C3DF4B995EBDCFF3408822540F',2,0,'','','','',X'',1,'all');
INSERT INTO "command" VALUES(5,1795494815821200,'setup','127.0.0.1:33108','joinery.customers.v1.CustomerService/UpsertCustomers','01a20bd4-a84c-799c-8c42-7fc651d90fa3',X'0A3E0A03432D3112377365616C65643A5277483238654361317955623430662F66556B767751536B706B6332717147384D59515A64585433556A364844773D3D',0,X'0A071203432D311801',X'0BDAD918693DB1796035F1835C14F6A791D713FAF1057E21C10C4F367F2DF96D',2,0,'','','','',X'',1,'all');
INSERT INTO "command" VALUES(6,1795494815824927,'setup','127.0.0.1:33108','joinery.inventory.v1.InventoryService/ReceiveStock','01a20bd4-a850-716d-80d2-0fdb3f8a468d',X'0A044C414D5012044D41494E1A050880ADE204220A0A03434E591080B489132A0D6F70656E696E672073746F636B',0,X'0A440A044C414D5012044D41494E1A0A0880ADE2041203706373220512037063732A0A0880ADE2041203706373320512037063733A090A03434E5910C0B80242051203706373',X'50AC7A3FDAFFA741A37C10E5B3F7B995D51E280CE9A46360210410D4EF680906',2,0,'','','','',X'',1,'all');
INSERT INTO "command" VALUES(7,1795494815828885,'setup','127.0.0.1:33108','joinery.orders.v1.OrderService/PlaceOrder','01a20bd4-a854-7428-b6a3-f1cf6cacc7fd',X'0A25080112066B6570742D311A03432D3122044D41494E2A0C0A044C414D50120408C0843D3801',0,X'0A86050A0E534F2D323032362D3030303030311003180120012A066B6570742D313203432D313A377365616C65643A5277483238654361317955623430662F66556B767751536B706B6332717147384D59515A64585433556A364844773D3D42044D41494E4AE102080112044C414D501A06E58FB0E781AF20012A0908C0843D1203706373320512037063733A0908C0843D1203706373420512037063734A051203706373520512037063735A0A0A03434E5910C0BD9A2F6A080A03434E5910AC4D70D0F7077A080A03434E5910870A8A01F5010A9C010A1247454E4552414C5F50524943455F4C49535412405072696365206C6973742052455441494C20666F72206576657279626F64793A20393920434E5920706572207063732073696E636520323032302D30312D30311A140A0A70726963655F6C697374120652455441494C1A140A0A756E69745F70726963651206393920434E591A180A0A76616C69645F66726F6D120A323032302D30312D30310A540A06414D4F554E54122631207063733A2039392E303020434E5920616E6420313325207461782031322E383720434E591A100A036E6574120939392E303020434E591A100A03746178120931322E383720434E5952080A03434E5910AC4D5A080A03434E5910870A62080A03434E5910B3576A050A03434E59727822760A740A104E4F5F415050524F56414C5F52554C45122F4E6F2072756C6520666974733A20746865206F72646572206E65656473206E6F626F6479277320617070726F76616C1A1A0A0E637573746F6D65725F636C61737312085354414E444152441A130A0567726F7373120A3131312E383720434E5980010192010573657475709A010C089FA794D8061088909F8B03A2010410011801',X'0E3414D57F67DFD6813FFFC8205EB6354B2AE83403DB1E006550BB9896A34F03',2,0,'','','','',X'',1,'all');
CREATE TABLE company (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  base_currency TEXT NOT NULL,
  time_zone TEXT NOT NULL
, credit_alone_minor INTEGER CHECK (credit_alone_minor >= 0), credit_alone_raised_by TEXT, credit_alone_before_minor INTEGER
  CHECK ((credit_alone_raised_by IS NULL) = (credit_alone_before_minor IS NULL))
  CHECK (credit_alone_before_minor < credit_alone_minor), converts_prices INTEGER NOT NULL DEFAULT 0
  CHECK (converts_prices = 0 OR converts_prices = 1), gs1_prefix TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "company" VALUES(1,'Joinery','CNY','Asia/Shanghai',NULL,NULL,NULL,0,'');
CREATE TABLE complaint (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (
    state = 'OPEN' OR state = 'IN_PROGRESS' OR state = 'RESOLVED'),
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  line_number INTEGER NOT NULL CHECK (line_number >= 0),
  category TEXT NOT NULL,
  severity TEXT NOT NULL,
  text TEXT NOT NULL,
  assignee TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  level INTEGER NOT NULL CHECK (level >= 0),
  escalation_role TEXT NOT NULL,
  resolution TEXT NOT NULL,
  document_kind TEXT,
  document_number TEXT,
  resolved_at INTEGER, in_business_hours INTEGER NOT NULL DEFAULT 0
  CHECK (in_business_hours IN (0, 1)), paused_until INTEGER, channel TEXT CHECK (
  channel = 'PHONE' OR channel = 'STORE' OR channel = 'WECHAT' OR channel = 'EMAIL' OR
  channel = 'WEB' OR channel = 'MARKETPLACE' OR channel = 'CREW'),
  CHECK ((state = 'RESOLVED') = (resolved_at IS NOT NULL)),
  CHECK (state <> 'IN_PROGRESS' OR assignee <> ''),
  CHECK ((document_kind IS NULL) = (document_number IS NULL))
) STRICT;
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
CREATE TABLE complaint_term (
  severity TEXT PRIMARY KEY CHECK (
    severity = 'LOW' OR severity = 'NORMAL' OR severity = 'HIGH' OR severity = 'CRITICAL'),
  hours INTEGER NOT NULL CHECK (hours > 0),
  escalation_role TEXT NOT NULL
, in_business_hours INTEGER NOT NULL DEFAULT 0
  CHECK (in_business_hours IN (0, 1))) STRICT, WITHOUT ROWID;
INSERT INTO "complaint_term" VALUES('CRITICAL',4,'GENERAL_MANAGER',0);
INSERT INTO "complaint_term" VALUES('HIGH',24,'SALES_MANAGER',0);
INSERT INTO "complaint_term" VALUES('LOW',168,'SALES_MANAGER',0);
INSERT INTO "complaint_term" VALUES('NORMAL',72,'SALES_MANAGER',0);
CREATE TABLE configuration_draft (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  product_id INTEGER NOT NULL REFERENCES product (id),
  model_version INTEGER NOT NULL,
  content TEXT NOT NULL,
  customer_code TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  started_by TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE configuration_template (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  name TEXT NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  model_version INTEGER NOT NULL,
  settings TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  UNIQUE (code, version)
) STRICT;
CREATE TABLE consolidated_invoice (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  customer_code TEXT NOT NULL,
  issued_on INTEGER NOT NULL,
  due_on INTEGER NOT NULL CHECK (due_on >= issued_on),
  through_on INTEGER NOT NULL CHECK (through_on <= issued_on),
  currency TEXT NOT NULL,
  parts INTEGER NOT NULL CHECK (parts > 0)
) STRICT;
CREATE TABLE coupon (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  promotion_code TEXT NOT NULL REFERENCES promotion (code),
  customer_code TEXT,
  valid_until INTEGER,
  usage_limit INTEGER NOT NULL CHECK (usage_limit > 0),
  customer_limit INTEGER CHECK (customer_limit > 0),
  redeemed INTEGER NOT NULL CHECK (redeemed BETWEEN 0 AND usage_limit)
) STRICT;
CREATE TABLE coupon_redemption (
  coupon_id INTEGER NOT NULL REFERENCES coupon (id),
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  customer_code TEXT NOT NULL,
  PRIMARY KEY (coupon_id, sales_order_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE "credit_exposure" (
  document_kind TEXT NOT NULL,
  document_number TEXT NOT NULL,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL, shipped_minor INTEGER NOT NULL DEFAULT 0
  CHECK (shipped_minor BETWEEN 0 AND amount_minor), wanted TEXT, wanted_until INTEGER
  CHECK ((wanted_until IS NULL) = (wanted IS NULL)), checked_on INTEGER,
  PRIMARY KEY (document_kind, document_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE "credit_grant" (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER NOT NULL CHECK (valid_until >= valid_from),
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = 'PENDING' OR state = 'APPROVED' OR state = 'REFUSED' OR state = 'WITHDRAWN'),
  granted_by TEXT NOT NULL,
  decided_by TEXT CHECK (decided_by <> granted_by),
  kind TEXT NOT NULL CHECK (
    kind = 'TEMPORARY' OR kind = 'LIMIT' OR kind = 'GROUP_LIMIT' OR kind = 'TEMPORARY_GROUP'),
  CHECK ((state = 'PENDING') = (decided_by IS NULL))
) STRICT;
CREATE TABLE credit_horizon (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE credit_horizon_rule (
  version INTEGER NOT NULL REFERENCES credit_horizon (version),
  customer_class TEXT NOT NULL,
  days INTEGER NOT NULL CHECK (days BETWEEN 0 AND 3650),
  PRIMARY KEY (version, customer_class)
) STRICT, WITHOUT ROWID;
CREATE TABLE credit_note (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  cause_kind TEXT NOT NULL,
  cause_number TEXT NOT NULL,
  issued_on INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  text TEXT NOT NULL,
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  gross_minor INTEGER NOT NULL CHECK (gross_minor = net_minor + tax_minor),
  released_minor INTEGER NOT NULL CHECK (released_minor BETWEEN 0 AND gross_minor),
  currency TEXT NOT NULL
, base_gross_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_gross_minor >= 0), base_difference_minor INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE credit_note_line (
  credit_note_id INTEGER NOT NULL REFERENCES credit_note (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  invoice_line_no INTEGER NOT NULL,
  quantity_micros INTEGER NOT NULL CHECK (quantity_micros > 0),
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0), base_net_minor INTEGER CHECK (base_net_minor >= 0), base_tax_minor INTEGER CHECK (base_tax_minor >= 0),
  PRIMARY KEY (credit_note_id, line_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE credit_total (
  customer_id INTEGER PRIMARY KEY REFERENCES customer (id),
  exposure_minor INTEGER NOT NULL CHECK (exposure_minor >= 0)
, invoiced_minor INTEGER NOT NULL DEFAULT 0
  CHECK (invoiced_minor BETWEEN 0 AND exposure_minor), shipped_minor INTEGER NOT NULL DEFAULT 0
  CHECK (shipped_minor >= 0), uncleared_minor INTEGER NOT NULL DEFAULT 0
  CHECK (uncleared_minor >= 0)) STRICT;
CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  customer_class TEXT NOT NULL,
  phone TEXT NOT NULL,
  address TEXT NOT NULL,
  credit_limit_minor INTEGER NOT NULL CHECK (credit_limit_minor >= 0),
  currency TEXT NOT NULL,
  net_days INTEGER NOT NULL CHECK (net_days >= 0),
  deposit_micros INTEGER NOT NULL CHECK (deposit_micros BETWEEN 0 AND 1000000),
  price_list_code TEXT REFERENCES price_list (code),
  version INTEGER NOT NULL CHECK (version > 0)
, owner TEXT NOT NULL DEFAULT '', store_code TEXT NOT NULL DEFAULT '', parent_code TEXT REFERENCES customer (code), group_limit_minor INTEGER CHECK (group_limit_minor >= 0), trading_currency TEXT, modified_at INTEGER NOT NULL DEFAULT 0, modified_by_system TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "customer" VALUES(1,'C-1','陈静','STANDARD','','',0,'CNY',0,0,NULL,1,'','',NULL,NULL,NULL,1795494815821200,'');
CREATE TABLE customer_address (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  label TEXT NOT NULL,
  country_code TEXT NOT NULL,
  region_code TEXT NOT NULL,
  street TEXT NOT NULL,
  postcode TEXT NOT NULL,
  floor INTEGER NOT NULL CHECK (floor >= 0),
  has_lift INTEGER NOT NULL CHECK (has_lift IN (0, 1)),
  contact_id INTEGER REFERENCES customer_contact (id),
  is_delivery_default INTEGER NOT NULL CHECK (is_delivery_default IN (0, 1)),
  is_invoice_default INTEGER NOT NULL CHECK (is_invoice_default IN (0, 1)),
  is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1)),
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK (is_retired = 0 OR is_delivery_default + is_invoice_default = 0)
) STRICT;
CREATE TABLE customer_alias (
  code TEXT PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id)
) STRICT;
CREATE TABLE customer_consent (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  channel TEXT NOT NULL CHECK (
    channel = 'PHONE' OR channel = 'SMS' OR channel = 'EMAIL' OR channel = 'WECHAT' OR
    channel = 'POST' OR channel = 'APP'),
  purpose TEXT NOT NULL CHECK (
    purpose = 'ORDER' OR purpose = 'MARKETING' OR purpose = 'SURVEY' OR
    purpose = 'PROFILING'),
  is_given INTEGER NOT NULL CHECK (is_given IN (0, 1)),
  said_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  text_version TEXT NOT NULL CHECK (is_given = 0 OR text_version <> ''),
  recorded_by TEXT NOT NULL,
  recorded_at INTEGER NOT NULL CHECK (recorded_at >= said_at)
) STRICT;
CREATE TABLE customer_contact (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  role TEXT NOT NULL CHECK (
    role = 'GENERAL' OR role = 'PURCHASING' OR role = 'ACCOUNTS' OR role = 'SITE' OR
    role = 'SERVICE'),
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  is_preferred INTEGER NOT NULL CHECK (is_preferred IN (0, 1)),
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE TABLE customer_part_number (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  last INTEGER NOT NULL
) STRICT;
INSERT INTO "customer_part_number" VALUES(1,0);
CREATE TABLE customer_return (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (
    state = 'REQUESTED' OR state = 'APPROVED' OR state = 'REJECTED' OR
    state = 'CANCELLED' OR state = 'RECEIVED' OR state = 'INSPECTED' OR state = 'CREDITED'),
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  note TEXT NOT NULL,
  policy_version INTEGER NOT NULL REFERENCES return_policy (version),
  explanation TEXT NOT NULL,
  approver_role TEXT,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  decided_by TEXT,
  decision TEXT NOT NULL,
  warehouse_code TEXT,
  received_on INTEGER,
  credited_by TEXT,
  credited_minor INTEGER NOT NULL CHECK (credited_minor >= 0),
  fee_minor INTEGER NOT NULL CHECK (fee_minor BETWEEN 0 AND credited_minor),
  currency TEXT NOT NULL,
  fee_invoice TEXT, requested_on INTEGER NOT NULL DEFAULT 0,
  CHECK ((warehouse_code IS NULL) = (received_on IS NULL)),
  CHECK ((state = 'CREDITED') = (credited_by IS NOT NULL))
) STRICT;
CREATE TABLE customer_return_line (
  return_id INTEGER NOT NULL REFERENCES customer_return (id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  reason_code TEXT NOT NULL,
  responsible TEXT NOT NULL,
  rule INTEGER NOT NULL CHECK (rule > 0),
  fee_micros INTEGER NOT NULL CHECK (fee_micros BETWEEN 0 AND 1000000),
  requested INTEGER NOT NULL CHECK (requested > 0),
  received INTEGER NOT NULL CHECK (received BETWEEN 0 AND requested),
  grade_a INTEGER NOT NULL CHECK (grade_a >= 0),
  grade_b INTEGER NOT NULL CHECK (grade_b >= 0),
  grade_c INTEGER NOT NULL CHECK (grade_c >= 0),
  cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
  scrap_minor INTEGER NOT NULL CHECK (scrap_minor BETWEEN 0 AND cost_minor),
  currency TEXT NOT NULL, written_down_minor INTEGER NOT NULL DEFAULT 0
  CHECK (written_down_minor BETWEEN 0 AND cost_minor), written_down_here_minor INTEGER NOT NULL
  DEFAULT 0 CHECK (written_down_here_minor BETWEEN 0 AND written_down_minor
    AND (grade_b > 0 OR written_down_here_minor = 0)), gone_cost_minor INTEGER NOT NULL DEFAULT 0
  CHECK (gone_cost_minor BETWEEN 0 AND cost_minor),
  PRIMARY KEY (return_id, line_number),
  CHECK (grade_a + grade_b + grade_c <= received)
) STRICT, WITHOUT ROWID;
CREATE TABLE customer_segment (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  classes TEXT NOT NULL,
  stores TEXT NOT NULL,
  tags TEXT NOT NULL,
  region_prefixes TEXT NOT NULL,
  turnover_at_least_minor INTEGER CHECK (turnover_at_least_minor >= 0),
  turnover_below_minor INTEGER CHECK (turnover_below_minor >= 0),
  currency TEXT NOT NULL,
  turnover_days INTEGER NOT NULL CHECK (turnover_days > 0),
  ordered_within_days INTEGER CHECK (ordered_within_days > 0),
  not_ordered_for_days INTEGER CHECK (not_ordered_for_days > 0),
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE TABLE customer_tag (
  tag TEXT NOT NULL,
  customer_code TEXT NOT NULL REFERENCES customer (code),
  PRIMARY KEY (tag, customer_code)
) STRICT, WITHOUT ROWID;
CREATE TABLE defect_finding (
  id INTEGER PRIMARY KEY,
  document_number TEXT NOT NULL,
  origin_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  origin_line INTEGER NOT NULL CHECK (origin_line > 0),
  lot TEXT NOT NULL,
  supplier_code TEXT NOT NULL,
  work_order_number TEXT,
  work_centre_code TEXT,
  operation TEXT,
  found_by TEXT NOT NULL,
  found_at INTEGER NOT NULL,
  UNIQUE (document_number, origin_line),
  CHECK (lot <> '' OR supplier_code <> '' OR work_order_number IS NOT NULL),
  CHECK ((work_order_number IS NULL) = (work_centre_code IS NULL)),
  CHECK ((work_order_number IS NULL) = (operation IS NULL))
) STRICT;
CREATE TABLE delegation (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  delegator_id INTEGER NOT NULL REFERENCES principal (id),
  delegate_id INTEGER NOT NULL REFERENCES principal (id),
  role_id INTEGER NOT NULL REFERENCES role (id),
  begins_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL CHECK (ends_at > begins_at),
  revoked_at INTEGER,
  CHECK (delegator_id <> delegate_id)
) STRICT;
CREATE TABLE delivery_proof (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  signed_by TEXT NOT NULL,
  signed_at INTEGER NOT NULL,
  place TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  return_id INTEGER REFERENCES customer_return (id)
) STRICT;
CREATE TABLE delivery_proof_attachment (
  shipment_id INTEGER NOT NULL REFERENCES delivery_proof (shipment_id),
  position INTEGER NOT NULL CHECK (position > 0),
  digest TEXT NOT NULL,
  PRIMARY KEY (shipment_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE delivery_proof_line (
  shipment_id INTEGER NOT NULL REFERENCES delivery_proof (shipment_id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  refused INTEGER NOT NULL CHECK (refused >= 0),
  reason_code TEXT NOT NULL,
  cartons INTEGER NOT NULL CHECK (cartons >= 0),
  PRIMARY KEY (shipment_id, line_number),
  CHECK ((refused > 0) = (reason_code <> ''))
) STRICT, WITHOUT ROWID;
CREATE TABLE delivery_proof_serial (
  shipment_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  serial TEXT NOT NULL,
  PRIMARY KEY (shipment_id, line_number, serial),
  FOREIGN KEY (shipment_id, line_number)
    REFERENCES delivery_proof_line (shipment_id, line_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE delivery_slot (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind = 'DELIVERY' OR kind = 'INSTALLATION'),
  warehouse_code TEXT NOT NULL,
  zone_code TEXT NOT NULL,
  crew_code TEXT NOT NULL,
  slot_on INTEGER NOT NULL,
  begins_minute INTEGER NOT NULL CHECK (begins_minute BETWEEN 0 AND 1439),
  ends_minute INTEGER NOT NULL CHECK (ends_minute BETWEEN 1 AND 1440),
  stops INTEGER NOT NULL CHECK (stops BETWEEN 0 AND 10000),
  minutes INTEGER CHECK (minutes > 0),
  volume_ccm INTEGER CHECK (volume_ccm > 0),
  booked_stops INTEGER NOT NULL DEFAULT 0,
  booked_minutes INTEGER NOT NULL DEFAULT 0,
  booked_volume_ccm INTEGER NOT NULL DEFAULT 0,
  CHECK (begins_minute < ends_minute),
  CHECK (booked_stops BETWEEN 0 AND stops),
  CHECK (booked_minutes >= 0 AND (minutes IS NULL OR booked_minutes <= minutes)),
  CHECK (booked_volume_ccm >= 0 AND (volume_ccm IS NULL OR booked_volume_ccm <= volume_ccm))
) STRICT;
CREATE TABLE "delivery_zone" (
  country_code TEXT NOT NULL,
  postcode_prefix TEXT NOT NULL,
  region_prefix TEXT NOT NULL,
  zone_code TEXT NOT NULL,
  PRIMARY KEY (country_code, postcode_prefix, region_prefix),
  CHECK (postcode_prefix = '' OR region_prefix = '')
) STRICT, WITHOUT ROWID;
CREATE TABLE document_number (
  kind TEXT NOT NULL,
  year INTEGER NOT NULL,
  last INTEGER NOT NULL CHECK (last > 0),
  PRIMARY KEY (kind, year)
) STRICT, WITHOUT ROWID;
INSERT INTO "document_number" VALUES('JOURNAL_ENTRY',2026,1);
INSERT INTO "document_number" VALUES('SALES_ORDER',2026,1);
INSERT INTO "document_number" VALUES('STOCK_ADJUSTMENT',2026,1);
CREATE TABLE drop_shipment (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  purchase_order_number TEXT NOT NULL,
  receipt_number TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE dunning_letter (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  policy_version INTEGER NOT NULL,
  level INTEGER NOT NULL,
  fee_minor INTEGER NOT NULL CHECK (fee_minor >= 0),
  currency TEXT NOT NULL,
  written_on INTEGER NOT NULL,
  written_by TEXT NOT NULL,
  written_at INTEGER NOT NULL,
  FOREIGN KEY (policy_version, level) REFERENCES dunning_level (policy_version, level)
) STRICT;
CREATE TABLE dunning_letter_line (
  letter_id INTEGER NOT NULL REFERENCES dunning_letter (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  invoice_number TEXT NOT NULL,
  order_number TEXT NOT NULL,
  level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 9),
  due_on INTEGER NOT NULL,
  open_minor INTEGER NOT NULL CHECK (open_minor > 0),
  interest_minor INTEGER NOT NULL CHECK (interest_minor >= 0),
  currency TEXT NOT NULL, is_booked INTEGER NOT NULL DEFAULT 0
  CHECK (is_booked IN (0, 1)),
  PRIMARY KEY (letter_id, line_no),
  -- Once for each level, whatever happens.
  UNIQUE (invoice_id, level)
) STRICT, WITHOUT ROWID;
CREATE TABLE dunning_level (
  policy_version INTEGER NOT NULL REFERENCES dunning_policy (version),
  level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 9),
  after_days INTEGER NOT NULL CHECK (after_days > 0),
  letter TEXT NOT NULL CHECK (
    letter = 'REMINDER' OR letter = 'DEMAND' OR letter = 'FINAL_DEMAND'),
  fee_minor INTEGER NOT NULL CHECK (fee_minor >= 0),
  interest_micros INTEGER NOT NULL CHECK (interest_micros BETWEEN 0 AND 1000000),
  blocks_orders INTEGER NOT NULL CHECK (blocks_orders IN (0, 1)),
  PRIMARY KEY (policy_version, level)
) STRICT, WITHOUT ROWID;
CREATE TABLE dunning_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  minimum_minor INTEGER NOT NULL CHECK (minimum_minor >= 0),
  currency TEXT NOT NULL,
  spares_complaints INTEGER NOT NULL CHECK (spares_complaints IN (0, 1)),
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
, claims_fee INTEGER NOT NULL DEFAULT 0
  CHECK (claims_fee IN (0, 1)), fee_tax_micros INTEGER NOT NULL DEFAULT 0
  CHECK (fee_tax_micros BETWEEN 0 AND 1000000), claims_interest INTEGER NOT NULL DEFAULT 0
  CHECK (claims_interest IN (0, 1)), interest_tax_micros INTEGER NOT NULL DEFAULT 0
  CHECK (interest_tax_micros BETWEEN 0 AND 1000000), claim_net_days INTEGER NOT NULL DEFAULT 0
  CHECK (claim_net_days BETWEEN 0 AND 365)) STRICT;
CREATE TABLE dunning_stop (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  invoice_id INTEGER REFERENCES invoice (id),
  invoice_number TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (
    reason = 'DISPUTE' OR reason = 'COMPLAINT' OR reason = 'INSTALMENTS' OR
    reason = 'INSOLVENCY' OR reason = 'OTHER'),
  note TEXT NOT NULL,
  until_on INTEGER NOT NULL,
  stopped_by TEXT NOT NULL,
  stopped_at INTEGER NOT NULL,
  lifted_by TEXT,
  lifted_at INTEGER,
  CHECK ((lifted_by IS NULL) = (lifted_at IS NULL)),
  CHECK ((invoice_id IS NULL) = (invoice_number = ''))
) STRICT;
CREATE TABLE duty_conflict (
  first TEXT NOT NULL,
  second TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (first, second)
) STRICT, WITHOUT ROWID;
INSERT INTO "duty_conflict" VALUES('giftcards.replace','payments.write','Hands out new gift cards and pays with them');
INSERT INTO "duty_conflict" VALUES('identity.write','orders.approve','Gives itself what it then approves');
INSERT INTO "duty_conflict" VALUES('identity.write','payments.write','Makes up a person and pays it');
INSERT INTO "duty_conflict" VALUES('identity.write','purchasing.bill','Makes up a person and books its bills');
INSERT INTO "duty_conflict" VALUES('orders.cancel','payments.refund','Cancels orders and pays the money out');
INSERT INTO "duty_conflict" VALUES('orders.configure','orders.create','Sets the limits that its own orders must keep');
INSERT INTO "duty_conflict" VALUES('orders.create','orders.approve','Approves what it sells');
INSERT INTO "duty_conflict" VALUES('payments.write','finance.configure','Takes money and sets the accounts it is booked to');
INSERT INTO "duty_conflict" VALUES('payments.write','invoices.write','Takes money and writes off what it was for');
INSERT INTO "duty_conflict" VALUES('prices.write','orders.create','Sells at prices of its own making');
INSERT INTO "duty_conflict" VALUES('purchasing.receive','purchasing.bill','Takes in what never came and books the bill');
INSERT INTO "duty_conflict" VALUES('purchasing.write','purchasing.receive','Orders goods and says that they came');
INSERT INTO "duty_conflict" VALUES('returns.create','returns.approve','Approves what it takes back');
INSERT INTO "duty_conflict" VALUES('returns.create','returns.receive','Takes back goods that never came');
INSERT INTO "duty_conflict" VALUES('returns.receive','returns.credit','Takes in what never came and credits it');
INSERT INTO "duty_conflict" VALUES('stock.adjust','shipments.write','Ships goods and counts them away');
INSERT INTO "duty_conflict" VALUES('suppliers.write','purchasing.bill','Makes up a supplier and books its bills');
INSERT INTO "duty_conflict" VALUES('suppliers.write','purchasing.write','Makes up a supplier and orders from it');
CREATE TABLE "event" (
  place INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL REFERENCES command (sequence),
  type TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_number TEXT NOT NULL,
  root_kind TEXT NOT NULL,
  root_number TEXT NOT NULL,
  facts TEXT NOT NULL,
  CHECK (place >> 20 = sequence)
) STRICT;
INSERT INTO "event" VALUES(5242880,5,'customer.created','MASTER_DATA','customer/C-1','MASTER_DATA','customer/C-1','		code	C-1	version	1');
INSERT INTO "event" VALUES(6291456,6,'stock.received','STOCK_ADJUSTMENT','SA-2026-000001','STOCK_ADJUSTMENT','SA-2026-000001','		sku	LAMP	warehouse	MAIN	quantity	10	unit	pcs	value	400.00 CNY	reason	opening stock');
INSERT INTO "event" VALUES(7340032,7,'order.created','SALES_ORDER','SO-2026-000001','SALES_ORDER','SO-2026-000001','		channel	STORE	customer	C-1	actor	setup	external_id	kept-1');
INSERT INTO "event" VALUES(7340033,7,'order.confirmed','SALES_ORDER','SO-2026-000001','SALES_ORDER','SO-2026-000001','		gross	111.87 CNY');
CREATE TABLE exchange (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  return_id INTEGER NOT NULL UNIQUE REFERENCES customer_return (id),
  sales_order_id INTEGER NOT NULL UNIQUE REFERENCES sales_order (id),
  origin_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  carried_minor INTEGER NOT NULL CHECK (carried_minor >= 0),
  currency TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  CHECK (sales_order_id <> origin_order_id)
) STRICT;
CREATE TABLE exchange_rate (
  currency TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  base_currency TEXT NOT NULL,
  rate_micros INTEGER NOT NULL CHECK (rate_micros > 0),
  rate_units INTEGER NOT NULL CHECK (rate_units > 0),
  source TEXT NOT NULL,
  PRIMARY KEY (currency, valid_from),
  CHECK (currency <> base_currency)
) STRICT, WITHOUT ROWID;
CREATE TABLE external_id (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('CUSTOMER', 'CONTACT', 'ADDRESS')),
  external_id TEXT NOT NULL,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  part_id INTEGER,
  modified_at INTEGER NOT NULL,
  is_removed INTEGER NOT NULL CHECK (is_removed IN (0, 1)),
  CHECK ((kind = 'CUSTOMER') = (part_id IS NULL))
) STRICT;
CREATE TABLE gift_card (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  code_digest BLOB NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (
    state = 'ACTIVE' OR state = 'BLOCKED' OR state = 'REPLACED'),
  customer_id INTEGER REFERENCES customer (id),
  value_minor INTEGER NOT NULL CHECK (value_minor >= 0),
  balance_minor INTEGER NOT NULL CHECK (balance_minor >= 0),
  currency TEXT NOT NULL,
  method TEXT,
  external_reference TEXT,
  issued_on INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  issued_by TEXT NOT NULL,
  expires_on INTEGER CHECK (expires_on >= issued_on OR replaces IS NOT NULL),
  replaces INTEGER UNIQUE REFERENCES gift_card (id),
  reason TEXT NOT NULL,
  UNIQUE (method, external_reference),
  CHECK (state <> 'REPLACED' OR balance_minor = 0),
  CHECK ((method IS NULL) = (replaces IS NOT NULL)),
  CHECK (replaces <> id)
) STRICT;
CREATE TABLE gift_card_attempt (
  actor TEXT PRIMARY KEY,
  failures INTEGER NOT NULL CHECK (failures > 0),
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE gift_card_move (
  id INTEGER PRIMARY KEY,
  card_id INTEGER NOT NULL REFERENCES gift_card (id),
  kind TEXT NOT NULL CHECK (
    kind = 'SOLD' OR kind = 'REDEEMED' OR kind = 'RETURNED' OR kind = 'MOVED_OUT' OR
    kind = 'MOVED_IN' OR kind = 'EXPIRED'),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  -- The payment that was made with it, also where a part of that was carried on.
  payment_id INTEGER REFERENCES payment (id),
  moved_on INTEGER NOT NULL,
  moved_at INTEGER NOT NULL,
  CHECK ((kind = 'REDEEMED' OR kind = 'RETURNED') = (payment_id IS NOT NULL))
) STRICT;
CREATE TABLE gift_card_policy (
  version INTEGER PRIMARY KEY,
  valid_months INTEGER NOT NULL CHECK (valid_months BETWEEN 0 AND 1200),
  highest_minor INTEGER CHECK (highest_minor > 0),
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE goods_receipt (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  purchase_order_id INTEGER NOT NULL REFERENCES purchase_order (id),
  supplier_id INTEGER NOT NULL REFERENCES supplier (id),
  delivery_note TEXT,
  received_at INTEGER NOT NULL,
  received_on INTEGER NOT NULL,
  UNIQUE (supplier_id, delivery_note)
) STRICT;
CREATE TABLE goods_receipt_line (
  id INTEGER PRIMARY KEY,
  goods_receipt_id INTEGER NOT NULL REFERENCES goods_receipt (id),
  order_line_id INTEGER NOT NULL REFERENCES purchase_order_line (id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  value_minor INTEGER NOT NULL CHECK (value_minor >= 0),
  currency TEXT NOT NULL,
  UNIQUE (goods_receipt_id, order_line_id)
) STRICT;
CREATE TABLE invoice (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  customer_code TEXT NOT NULL,
  order_kind TEXT NOT NULL,
  order_number TEXT NOT NULL,
  issued_on INTEGER NOT NULL,
  due_on INTEGER NOT NULL CHECK (due_on >= issued_on),
  text TEXT NOT NULL,
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  gross_minor INTEGER NOT NULL CHECK (gross_minor = net_minor + tax_minor),
  paid_minor INTEGER NOT NULL CHECK (paid_minor BETWEEN 0 AND gross_minor),
  currency TEXT NOT NULL
, credited_minor INTEGER NOT NULL DEFAULT 0
  CHECK (credited_minor >= 0 AND credited_minor <= paid_minor), rate_micros INTEGER CHECK (rate_micros > 0), rate_units INTEGER CHECK (rate_units > 0), base_currency TEXT, base_gross_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_gross_minor >= 0), base_paid_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_paid_minor BETWEEN 0 AND base_gross_minor), base_credited_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_credited_minor >= 0), requirement TEXT, consolidated_id INTEGER REFERENCES consolidated_invoice (id)) STRICT;
CREATE TABLE invoice_line (
  id INTEGER PRIMARY KEY,
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  order_line INTEGER NOT NULL,
  description TEXT NOT NULL,
  quantity_micros INTEGER NOT NULL,
  unit TEXT NOT NULL,
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_rate_micros INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  is_service INTEGER NOT NULL CHECK (is_service IN (0, 1)), is_compensation INTEGER NOT NULL DEFAULT 0
  CHECK (is_compensation IN (0, 1)), base_net_minor INTEGER CHECK (base_net_minor >= 0), base_tax_minor INTEGER CHECK (base_tax_minor >= 0), shipment_number TEXT, claim TEXT
  CHECK (claim = 'REMINDER_FEE' OR claim = 'DEFAULT_INTEREST'),
  UNIQUE (invoice_id, line_no)
) STRICT;
CREATE TABLE joinery_migration (
  position INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  sql TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;
INSERT INTO "joinery_migration" VALUES(1,'masterdata-0001-company','CREATE TABLE company (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  base_currency TEXT NOT NULL,
  time_zone TEXT NOT NULL
) STRICT;
INSERT INTO company (id, name, base_currency, time_zone)
VALUES (1, ''Joinery'', ''CNY'', ''Asia/Shanghai'');

CREATE TABLE document_number (
  kind TEXT NOT NULL,
  year INTEGER NOT NULL,
  last INTEGER NOT NULL CHECK (last > 0),
  PRIMARY KEY (kind, year)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_term (
  id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL CHECK (subject IN (''PRODUCT'', ''CUSTOMER'')),
  term TEXT NOT NULL,
  code TEXT NOT NULL,
  UNIQUE (subject, term, code)
) STRICT;
CREATE INDEX search_term_code ON search_term (subject, code);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(2,'masterdata-0002-product','CREATE TABLE tax_rate (
  id INTEGER PRIMARY KEY,
  tax_class TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  rate_micros INTEGER NOT NULL CHECK (rate_micros BETWEEN 0 AND 1000000),
  UNIQUE (tax_class, valid_from)
) STRICT;
-- Day 0: they hold for documents of any year until a company sets others.
INSERT INTO tax_rate (tax_class, valid_from, rate_micros) VALUES
  (''STANDARD'', 0, 130000), (''REDUCED'', 0, 90000), (''SERVICE'', 0, 60000), (''ZERO'', 0, 0);

CREATE TABLE product (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_english TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (
    kind = ''STOCKED'' OR kind = ''MADE_TO_ORDER'' OR kind = ''RAW_MATERIAL'' OR
    kind = ''SERVICE''),
  unit TEXT NOT NULL,
  tax_class TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;

CREATE TABLE warehouse (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(3,'masterdata-0003-price','CREATE TABLE price_list (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  customer_class TEXT,
  priority INTEGER NOT NULL
) STRICT;

CREATE TABLE price (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES product (id),
  price_list_id INTEGER NOT NULL REFERENCES price_list (id),
  minimum_quantity_micros INTEGER NOT NULL CHECK (minimum_quantity_micros >= 0),
  valid_from INTEGER NOT NULL,
  valid_until INTEGER CHECK (valid_until >= valid_from),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  currency TEXT NOT NULL,
  -- The product comes first: a price is looked up by product.
  UNIQUE (product_id, price_list_id, minimum_quantity_micros, valid_from)
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(4,'masterdata-0004-party','CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  customer_class TEXT NOT NULL,
  phone TEXT NOT NULL,
  address TEXT NOT NULL,
  credit_limit_minor INTEGER NOT NULL CHECK (credit_limit_minor >= 0),
  currency TEXT NOT NULL,
  net_days INTEGER NOT NULL CHECK (net_days >= 0),
  deposit_micros INTEGER NOT NULL CHECK (deposit_micros BETWEEN 0 AND 1000000),
  price_list_code TEXT REFERENCES price_list (code),
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;

CREATE TABLE supplier (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  lead_days INTEGER NOT NULL CHECK (lead_days >= 0),
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(5,'masterdata-0005-price-kinds','ALTER TABLE price_list ADD COLUMN customer_code TEXT REFERENCES customer (code);
ALTER TABLE price_list ADD COLUMN channel TEXT;
ALTER TABLE price_list ADD COLUMN breaks TEXT NOT NULL DEFAULT ''SLAB''
  CHECK (breaks = ''SLAB'' OR breaks = ''GRADUATED'');
ALTER TABLE price_list ADD COLUMN across_lines INTEGER NOT NULL DEFAULT 0
  CHECK (across_lines IN (0, 1));
ALTER TABLE price_list ADD COLUMN tax_included INTEGER NOT NULL DEFAULT 0
  CHECK (tax_included IN (0, 1));',1795494813746568);
INSERT INTO "joinery_migration" VALUES(6,'masterdata-0006-product-measures','ALTER TABLE product ADD COLUMN weight_grams INTEGER CHECK (weight_grams >= 0);
ALTER TABLE product ADD COLUMN volume_cm3 INTEGER CHECK (volume_cm3 >= 0);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(7,'masterdata-0007-model','CREATE TABLE model_version (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES product (id),
  version INTEGER NOT NULL CHECK (version > 0),
  currency TEXT NOT NULL,
  definition TEXT NOT NULL,
  published_by TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  UNIQUE (product_id, version)
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(8,'masterdata-0008-configuration','CREATE TABLE configuration_template (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  name TEXT NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  model_version INTEGER NOT NULL,
  settings TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  UNIQUE (code, version)
) STRICT;

CREATE TABLE configuration_draft (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  product_id INTEGER NOT NULL REFERENCES product (id),
  model_version INTEGER NOT NULL,
  content TEXT NOT NULL,
  customer_code TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  started_by TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX configuration_draft_expiry ON configuration_draft (expires_at, id);
CREATE INDEX configuration_draft_customer ON configuration_draft (customer_code)
  WHERE customer_code <> '''';

CREATE TABLE attachment (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
  media_type TEXT NOT NULL,
  content BLOB NOT NULL CHECK (length(content) BETWEEN 1 AND 1048576),
  added_by TEXT NOT NULL,
  added_at INTEGER NOT NULL
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(9,'masterdata-0009-customer-owner','ALTER TABLE customer ADD COLUMN owner TEXT NOT NULL DEFAULT '''';
ALTER TABLE customer ADD COLUMN store_code TEXT NOT NULL DEFAULT '''';
CREATE INDEX customer_owner ON customer (owner, code) WHERE owner <> '''';
CREATE INDEX customer_store ON customer (store_code, code) WHERE store_code <> '''';
-- Codes of customers that were merged into others: further names of those.
CREATE TABLE customer_alias (
  code TEXT PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id)
) STRICT;
CREATE INDEX customer_alias_customer ON customer_alias (customer_id);
CREATE VIEW view_customer_owner AS SELECT id, code, owner, store_code FROM customer;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(10,'masterdata-0010-search-terms','CREATE TABLE search_term_version (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;
INSERT INTO search_term_version (id, version) VALUES (1, 1);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(11,'masterdata-0011-contact','-- Numbers of contacts and addresses, of which none is given twice.
CREATE TABLE customer_part_number (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  last INTEGER NOT NULL
) STRICT;
INSERT INTO customer_part_number (id, last) VALUES (1, 0);

CREATE TABLE customer_contact (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  role TEXT NOT NULL CHECK (
    role = ''GENERAL'' OR role = ''PURCHASING'' OR role = ''ACCOUNTS'' OR role = ''SITE'' OR
    role = ''SERVICE''),
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  is_preferred INTEGER NOT NULL CHECK (is_preferred IN (0, 1)),
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX customer_contact_customer ON customer_contact (customer_id, id);
CREATE UNIQUE INDEX customer_contact_preferred ON customer_contact (customer_id, role)
  WHERE is_preferred = 1;

CREATE TABLE customer_address (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  label TEXT NOT NULL,
  country_code TEXT NOT NULL,
  region_code TEXT NOT NULL,
  street TEXT NOT NULL,
  postcode TEXT NOT NULL,
  floor INTEGER NOT NULL CHECK (floor >= 0),
  has_lift INTEGER NOT NULL CHECK (has_lift IN (0, 1)),
  contact_id INTEGER REFERENCES customer_contact (id),
  is_delivery_default INTEGER NOT NULL CHECK (is_delivery_default IN (0, 1)),
  is_invoice_default INTEGER NOT NULL CHECK (is_invoice_default IN (0, 1)),
  is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1)),
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK (is_retired = 0 OR is_delivery_default + is_invoice_default = 0)
) STRICT;
CREATE INDEX customer_address_customer ON customer_address (customer_id, id);
CREATE INDEX customer_address_contact ON customer_address (contact_id)
  WHERE contact_id IS NOT NULL;
CREATE UNIQUE INDEX customer_address_delivery ON customer_address (customer_id)
  WHERE is_delivery_default = 1;
CREATE UNIQUE INDEX customer_address_invoice ON customer_address (customer_id)
  WHERE is_invoice_default = 1;

CREATE TABLE delivery_zone (
  country_code TEXT NOT NULL,
  region_prefix TEXT NOT NULL,
  zone_code TEXT NOT NULL,
  PRIMARY KEY (country_code, region_prefix)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer_consent (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  channel TEXT NOT NULL CHECK (
    channel = ''PHONE'' OR channel = ''SMS'' OR channel = ''EMAIL'' OR channel = ''WECHAT'' OR
    channel = ''POST'' OR channel = ''APP''),
  purpose TEXT NOT NULL CHECK (
    purpose = ''ORDER'' OR purpose = ''MARKETING'' OR purpose = ''SURVEY'' OR
    purpose = ''PROFILING''),
  is_given INTEGER NOT NULL CHECK (is_given IN (0, 1)),
  said_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  text_version TEXT NOT NULL CHECK (is_given = 0 OR text_version <> ''''),
  recorded_by TEXT NOT NULL,
  recorded_at INTEGER NOT NULL CHECK (recorded_at >= said_at)
) STRICT;
CREATE INDEX customer_consent_customer ON customer_consent (customer_id, id);
CREATE INDEX customer_consent_newest
  ON customer_consent (customer_id, channel, purpose, said_at, id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(12,'masterdata-0012-segment','CREATE TABLE customer_tag (
  tag TEXT NOT NULL,
  customer_code TEXT NOT NULL REFERENCES customer (code),
  PRIMARY KEY (tag, customer_code)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_tag_customer ON customer_tag (customer_code, tag);

CREATE TABLE customer_segment (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  classes TEXT NOT NULL,
  stores TEXT NOT NULL,
  tags TEXT NOT NULL,
  region_prefixes TEXT NOT NULL,
  turnover_at_least_minor INTEGER CHECK (turnover_at_least_minor >= 0),
  turnover_below_minor INTEGER CHECK (turnover_below_minor >= 0),
  currency TEXT NOT NULL,
  turnover_days INTEGER NOT NULL CHECK (turnover_days > 0),
  ordered_within_days INTEGER CHECK (ordered_within_days > 0),
  not_ordered_for_days INTEGER CHECK (not_ordered_for_days > 0),
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(13,'masterdata-0013-customer-group','ALTER TABLE customer ADD COLUMN parent_code TEXT REFERENCES customer (code);
ALTER TABLE customer ADD COLUMN group_limit_minor INTEGER CHECK (group_limit_minor >= 0);
CREATE INDEX customer_parent ON customer (parent_code) WHERE parent_code IS NOT NULL;
CREATE VIEW view_customer_group AS
  SELECT id, code, parent_code, group_limit_minor FROM customer;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(14,'masterdata-0014-substitute','CREATE TABLE product_substitute (
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  substitute_id INTEGER NOT NULL REFERENCES product (id),
  substitute_sku TEXT NOT NULL,
  rank INTEGER NOT NULL CHECK (rank > 0),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  valid_from INTEGER NOT NULL,
  valid_until INTEGER CHECK (valid_until >= valid_from),
  note TEXT NOT NULL,
  PRIMARY KEY (product_id, substitute_id),
  CHECK (product_id <> substitute_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_substitute_rank
  ON product_substitute (product_id, rank, substitute_sku);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(15,'masterdata-0015-credit-alone','ALTER TABLE company ADD COLUMN credit_alone_minor INTEGER CHECK (credit_alone_minor >= 0);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(16,'masterdata-0016-product-unit','ALTER TABLE product ADD COLUMN description TEXT NOT NULL DEFAULT '''';
ALTER TABLE product ADD COLUMN description_english TEXT NOT NULL DEFAULT '''';
ALTER TABLE product ADD COLUMN length_mm INTEGER CHECK (length_mm > 0);
ALTER TABLE product ADD COLUMN width_mm INTEGER CHECK (width_mm > 0);
ALTER TABLE product ADD COLUMN height_mm INTEGER CHECK (height_mm > 0);
ALTER TABLE product ADD COLUMN has_units INTEGER NOT NULL DEFAULT 0
  CHECK (has_units IN (0, 1));

CREATE TABLE product_unit (
  product_id INTEGER NOT NULL REFERENCES product (id),
  code TEXT NOT NULL,
  base_quantity INTEGER NOT NULL CHECK (base_quantity > 0),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1)),
  PRIMARY KEY (product_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE product_barcode (
  gtin TEXT PRIMARY KEY CHECK (length(gtin) = 14),
  product_id INTEGER NOT NULL REFERENCES product (id),
  unit TEXT NOT NULL,
  is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX product_barcode_product ON product_barcode (product_id, gtin);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(17,'masterdata-0017-product-family','CREATE TABLE product_family (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_english TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;

CREATE TABLE product_attribute (
  family_id INTEGER NOT NULL REFERENCES product_family (id),
  position INTEGER NOT NULL CHECK (position > 0),
  value_position INTEGER NOT NULL CHECK (value_position >= 0),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  name_english TEXT NOT NULL,
  PRIMARY KEY (family_id, position, value_position)
) STRICT, WITHOUT ROWID;

CREATE TABLE product_variant (
  product_id INTEGER PRIMARY KEY REFERENCES product (id),
  sku TEXT NOT NULL,
  family_id INTEGER NOT NULL REFERENCES product_family (id),
  choices TEXT NOT NULL,
  UNIQUE (family_id, choices)
) STRICT;
CREATE INDEX product_variant_family ON product_variant (family_id, sku);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(18,'masterdata-0018-product-carton','ALTER TABLE product ADD COLUMN has_cartons INTEGER NOT NULL DEFAULT 0
  CHECK (has_cartons IN (0, 1));
CREATE TABLE product_carton (
  product_id INTEGER NOT NULL REFERENCES product (id),
  number INTEGER NOT NULL CHECK (number > 0),
  weight_grams INTEGER NOT NULL CHECK (weight_grams > 0),
  length_mm INTEGER NOT NULL CHECK (length_mm > 0),
  width_mm INTEGER NOT NULL CHECK (width_mm > 0),
  height_mm INTEGER NOT NULL CHECK (height_mm > 0),
  contents TEXT NOT NULL,
  PRIMARY KEY (product_id, number)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(19,'masterdata-0019-product-lifecycle','ALTER TABLE product ADD COLUMN announced_on INTEGER;
ALTER TABLE product ADD COLUMN orderable_from INTEGER;
ALTER TABLE product ADD COLUMN orderable_until INTEGER;
ALTER TABLE product ADD COLUMN discontinued_on INTEGER;
ALTER TABLE product ADD COLUMN served_until INTEGER;
ALTER TABLE product ADD COLUMN successor_sku TEXT NOT NULL DEFAULT '''';
CREATE TABLE product_accessory (
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  accessory_id INTEGER NOT NULL REFERENCES product (id),
  accessory_sku TEXT NOT NULL,
  rank INTEGER NOT NULL CHECK (rank > 0),
  note TEXT NOT NULL,
  is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1)),
  PRIMARY KEY (product_id, accessory_id),
  CHECK (product_id <> accessory_id)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(20,'masterdata-0020-credit-alone-raised','ALTER TABLE company ADD COLUMN credit_alone_raised_by TEXT;
ALTER TABLE company ADD COLUMN credit_alone_before_minor INTEGER
  CHECK ((credit_alone_raised_by IS NULL) = (credit_alone_before_minor IS NULL))
  CHECK (credit_alone_before_minor < credit_alone_minor);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(21,'masterdata-0021-product-class','ALTER TABLE product ADD COLUMN product_class TEXT NOT NULL DEFAULT ''''',1795494813746568);
INSERT INTO "joinery_migration" VALUES(22,'masterdata-0022-business-hours','CREATE TABLE business_hours (
  weekday INTEGER PRIMARY KEY CHECK (weekday BETWEEN 1 AND 7),
  opens INTEGER NOT NULL CHECK (opens BETWEEN 0 AND 1439),
  closes INTEGER NOT NULL CHECK (closes BETWEEN 1 AND 1440),
  CHECK (opens < closes)
) STRICT;
INSERT INTO business_hours (weekday, opens, closes) VALUES
  (1, 540, 1080), (2, 540, 1080), (3, 540, 1080), (4, 540, 1080), (5, 540, 1080);

CREATE TABLE business_special_day (
  day INTEGER PRIMARY KEY,
  opens INTEGER CHECK (opens BETWEEN 0 AND 1439),
  closes INTEGER CHECK (closes BETWEEN 1 AND 1440),
  name TEXT NOT NULL,
  CHECK ((opens IS NULL) = (closes IS NULL)),
  CHECK (opens IS NULL OR opens < closes)
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(23,'masterdata-0023-assembly-time','CREATE TABLE assembly_time (
  sku TEXT PRIMARY KEY,
  product_id INTEGER NOT NULL UNIQUE REFERENCES product (id),
  minutes INTEGER NOT NULL CHECK (minutes >= 0),
  cubic_metre_minutes INTEGER NOT NULL CHECK (cubic_metre_minutes >= 0)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(24,'masterdata-0024-pack-price','ALTER TABLE price ADD COLUMN pack_unit TEXT;
ALTER TABLE price ADD COLUMN pack_price_micros INTEGER;
ALTER TABLE price ADD COLUMN pack_base_micros INTEGER;
ALTER TABLE price ADD COLUMN pack_quantity_micros INTEGER;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(25,'masterdata-0025-currency','CREATE TABLE exchange_rate (
  currency TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  base_currency TEXT NOT NULL,
  rate_micros INTEGER NOT NULL CHECK (rate_micros > 0),
  rate_units INTEGER NOT NULL CHECK (rate_units > 0),
  source TEXT NOT NULL,
  PRIMARY KEY (currency, valid_from),
  CHECK (currency <> base_currency)
) STRICT, WITHOUT ROWID;

ALTER TABLE company ADD COLUMN converts_prices INTEGER NOT NULL DEFAULT 0
  CHECK (converts_prices = 0 OR converts_prices = 1);
ALTER TABLE customer ADD COLUMN trading_currency TEXT;
ALTER TABLE price_list ADD COLUMN currency TEXT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(26,'masterdata-0026-zone-of-postcode','CREATE TABLE delivery_zone_next (
  country_code TEXT NOT NULL,
  postcode_prefix TEXT NOT NULL,
  region_prefix TEXT NOT NULL,
  zone_code TEXT NOT NULL,
  PRIMARY KEY (country_code, postcode_prefix, region_prefix),
  CHECK (postcode_prefix = '''' OR region_prefix = '''')
) STRICT, WITHOUT ROWID;
INSERT INTO delivery_zone_next (country_code, postcode_prefix, region_prefix, zone_code)
SELECT country_code, '''', region_prefix, zone_code FROM delivery_zone;
DROP TABLE delivery_zone;
ALTER TABLE delivery_zone_next RENAME TO delivery_zone;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(27,'masterdata-0027-code-patterns','CREATE TABLE code_pattern_version (
  version INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO code_pattern_version (version, reason, made_by, made_at)
VALUES (1, ''as shipped'', '''', 0);

CREATE TABLE code_pattern (
  version INTEGER NOT NULL REFERENCES code_pattern_version (version),
  position INTEGER NOT NULL CHECK (position > 0),
  kind TEXT NOT NULL,
  class_code TEXT NOT NULL,
  pattern TEXT NOT NULL,
  PRIMARY KEY (version, position)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(28,'masterdata-0028-external-ids','CREATE TABLE external_id (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN (''CUSTOMER'', ''CONTACT'', ''ADDRESS'')),
  external_id TEXT NOT NULL,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  part_id INTEGER,
  modified_at INTEGER NOT NULL,
  is_removed INTEGER NOT NULL CHECK (is_removed IN (0, 1)),
  CHECK ((kind = ''CUSTOMER'') = (part_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX external_id_live ON external_id (external_id, kind)
  WHERE is_removed = 0;
CREATE INDEX external_id_customer ON external_id (customer_id, external_id, id);

ALTER TABLE customer ADD COLUMN modified_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN modified_by_system TEXT NOT NULL DEFAULT '''';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(29,'masterdata-0029-model-terms','ALTER TABLE price ADD COLUMN model_terms TEXT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(30,'masterdata-0030-fragile-cartons','ALTER TABLE product_carton ADD COLUMN is_fragile INTEGER NOT NULL DEFAULT 0
  CHECK (is_fragile IN (0, 1));',1795494813746568);
INSERT INTO "joinery_migration" VALUES(31,'masterdata-0031-company-prefix','ALTER TABLE company ADD COLUMN gs1_prefix TEXT NOT NULL DEFAULT '''';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(32,'masterdata-0032-product-customs','ALTER TABLE product ADD COLUMN hs_code TEXT NOT NULL DEFAULT '''';
ALTER TABLE product ADD COLUMN origin_country_code TEXT NOT NULL DEFAULT '''';
ALTER TABLE product ADD COLUMN net_weight_grams INTEGER CHECK (net_weight_grams > 0);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(33,'masterdata-0033-class-in-group','DROP VIEW view_customer_group;
CREATE VIEW view_customer_group AS
  SELECT id, code, parent_code, group_limit_minor, customer_class FROM customer;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(34,'finance-0001-ledger','CREATE TABLE account (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_english TEXT NOT NULL,
  type TEXT NOT NULL CHECK (
    type = ''ASSET'' OR type = ''LIABILITY'' OR type = ''EQUITY'' OR type = ''INCOME'' OR
    type = ''EXPENSE'')
) STRICT;
INSERT INTO account (code, name, name_english, type) VALUES
  (''1002'', ''银行存款'', ''Bank'', ''ASSET''),
  (''1122'', ''应收账款'', ''Accounts receivable'', ''ASSET''),
  (''1403'', ''原材料'', ''Raw materials'', ''ASSET''),
  (''1405'', ''库存商品'', ''Finished goods'', ''ASSET''),
  (''1406'', ''发出商品'', ''Goods dispatched'', ''ASSET''),
  (''1901'', ''待处理财产损溢'', ''Inventory differences'', ''ASSET''),
  (''2202'', ''应付账款'', ''Accounts payable'', ''LIABILITY''),
  (''2202.01'', ''应付账款—暂估'', ''Goods received not invoiced'', ''LIABILITY''),
  (''2204'', ''合同负债'', ''Customer deposits'', ''LIABILITY''),
  (''2221.01'', ''应交税费—销项税额'', ''Output VAT'', ''LIABILITY''),
  (''2221.02'', ''应交税费—进项税额'', ''Input VAT'', ''LIABILITY''),
  (''4001'', ''实收资本'', ''Capital'', ''EQUITY''),
  (''5001'', ''生产成本'', ''Work in progress'', ''ASSET''),
  (''5101'', ''制造费用—已分配'', ''Labour and overhead absorbed'', ''EXPENSE''),
  (''6001'', ''主营业务收入'', ''Revenue'', ''INCOME''),
  (''6001.02'', ''主营业务收入—服务'', ''Service revenue'', ''INCOME''),
  (''6401'', ''主营业务成本'', ''Cost of sales'', ''EXPENSE''),
  (''6401.01'', ''采购价格差异'', ''Purchase price variance'', ''EXPENSE''),
  (''6401.02'', ''生产成本差异'', ''Production variance'', ''EXPENSE''),
  (''6401.03'', ''废品损失'', ''Scrap loss'', ''EXPENSE'');

CREATE TABLE account_balance (
  account TEXT NOT NULL REFERENCES account (code),
  currency TEXT NOT NULL,
  debit_minor INTEGER NOT NULL CHECK (debit_minor >= 0),
  credit_minor INTEGER NOT NULL CHECK (credit_minor >= 0),
  PRIMARY KEY (account, currency)
) STRICT;

CREATE TABLE journal_entry (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  posted_on INTEGER NOT NULL,
  posted_at INTEGER NOT NULL,
  event TEXT NOT NULL,
  origin_kind TEXT NOT NULL,
  origin_number TEXT NOT NULL,
  origin_line INTEGER NOT NULL,
  occurrence INTEGER NOT NULL,
  text TEXT NOT NULL,
  -- Nothing is posted twice. The document comes first: its entries are looked up by it.
  UNIQUE (origin_kind, origin_number, origin_line, event, occurrence)
) STRICT;
CREATE INDEX journal_entry_posted_on ON journal_entry (posted_on);

CREATE TABLE journal_line (
  id INTEGER PRIMARY KEY,
  entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  debit_account TEXT NOT NULL REFERENCES account (code),
  credit_account TEXT NOT NULL REFERENCES account (code),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  party_code TEXT,
  UNIQUE (entry_id, line_no),
  CHECK (debit_account <> credit_account)
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(35,'finance-0002-credit','CREATE TABLE credit_exposure (
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  document_kind TEXT NOT NULL,
  document_number TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  PRIMARY KEY (customer_id, document_kind, document_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE credit_total (
  customer_id INTEGER PRIMARY KEY REFERENCES customer (id),
  exposure_minor INTEGER NOT NULL CHECK (exposure_minor >= 0)
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(36,'finance-0003-invoice','CREATE TABLE invoice (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  customer_code TEXT NOT NULL,
  order_kind TEXT NOT NULL,
  order_number TEXT NOT NULL,
  issued_on INTEGER NOT NULL,
  due_on INTEGER NOT NULL CHECK (due_on >= issued_on),
  text TEXT NOT NULL,
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  gross_minor INTEGER NOT NULL CHECK (gross_minor = net_minor + tax_minor),
  paid_minor INTEGER NOT NULL CHECK (paid_minor BETWEEN 0 AND gross_minor),
  currency TEXT NOT NULL
) STRICT;
CREATE INDEX invoice_order ON invoice (order_kind, order_number);
CREATE INDEX invoice_customer ON invoice (customer_id);
CREATE INDEX invoice_due ON invoice (customer_id, due_on, id)
  WHERE paid_minor < gross_minor;
CREATE INDEX invoice_unpaid ON invoice (id) WHERE paid_minor < gross_minor;

CREATE TABLE invoice_line (
  id INTEGER PRIMARY KEY,
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  order_line INTEGER NOT NULL,
  description TEXT NOT NULL,
  quantity_micros INTEGER NOT NULL,
  unit TEXT NOT NULL,
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_rate_micros INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  is_service INTEGER NOT NULL CHECK (is_service IN (0, 1)),
  UNIQUE (invoice_id, line_no)
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(37,'finance-0004-payment','CREATE TABLE payment (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  customer_code TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  method TEXT NOT NULL CHECK (
    method = ''CASH'' OR method = ''CARD'' OR method = ''BANK_TRANSFER'' OR method = ''ALIPAY'' OR
    method = ''WECHAT_PAY'' OR method = ''OTHER''),
  external_reference TEXT,
  earmark_kind TEXT,
  earmark_number TEXT,
  received_on INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  applied_minor INTEGER NOT NULL CHECK (applied_minor BETWEEN 0 AND amount_minor),
  UNIQUE (method, external_reference),
  CHECK ((earmark_kind IS NULL) = (earmark_number IS NULL))
) STRICT;
CREATE INDEX payment_earmark ON payment (earmark_kind, earmark_number);
CREATE INDEX payment_free ON payment (customer_id, id)
  WHERE earmark_kind IS NULL AND applied_minor < amount_minor;

CREATE TABLE payment_application (
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payment (id),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  applied_on INTEGER NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;
CREATE INDEX payment_application_payment ON payment_application (payment_id);
CREATE INDEX payment_application_invoice ON payment_application (invoice_id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(38,'finance-0005-receivable','CREATE INDEX invoice_receivable ON invoice (customer_code, due_on)
  WHERE paid_minor < gross_minor;
CREATE VIEW view_receivable AS
  SELECT number, customer_code, due_on, gross_minor - paid_minor AS open_minor, currency
  FROM invoice WHERE paid_minor < gross_minor;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(39,'finance-0006-payment-owner','CREATE INDEX payment_customer ON payment (customer_id, id);
CREATE VIEW view_payment_owner AS
  SELECT p.number, c.owner, c.store_code
  FROM payment AS p JOIN view_customer_owner AS c ON c.id = p.customer_id;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(40,'finance-0007-credit-grant','CREATE TABLE credit_grant (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER NOT NULL CHECK (valid_until >= valid_from),
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = ''PENDING'' OR state = ''APPROVED'' OR state = ''REFUSED'' OR state = ''WITHDRAWN''),
  granted_by TEXT NOT NULL,
  decided_by TEXT CHECK (decided_by <> granted_by),
  CHECK ((state = ''PENDING'') = (decided_by IS NULL))
) STRICT;
CREATE INDEX credit_grant_customer ON credit_grant (customer_id, id);
CREATE INDEX credit_grant_day ON credit_grant (customer_id, valid_until)
  WHERE state = ''APPROVED'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(41,'finance-0008-deposit','INSERT INTO account (code, name, name_english, type) VALUES
  (''2241'', ''其他应付款'', ''Other payables'', ''LIABILITY''),
  (''6301'', ''营业外收入'', ''Compensation income'', ''INCOME''),
  (''6711'', ''营业外支出'', ''Compensation paid'', ''EXPENSE'');

ALTER TABLE payment ADD COLUMN kind TEXT NOT NULL DEFAULT ''PREPAYMENT''
  CHECK (kind = ''PREPAYMENT'' OR kind = ''EARNEST'');
ALTER TABLE payment ADD COLUMN settled_minor INTEGER NOT NULL DEFAULT 0
  CHECK (settled_minor >= 0);
ALTER TABLE invoice_line ADD COLUMN is_compensation INTEGER NOT NULL DEFAULT 0
  CHECK (is_compensation IN (0, 1));

CREATE TABLE payment_use (
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payment (id),
  kind TEXT NOT NULL CHECK (kind = ''FORFEITED'' OR kind = ''REFUNDED''),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  used_on INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX payment_use_payment ON payment_use (payment_id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(42,'finance-0009-credit-note','INSERT INTO account (code, name, name_english, type) VALUES
  (''6001.03'', ''主营业务收入—销售退回'', ''Sales returns'', ''INCOME'');

ALTER TABLE invoice ADD COLUMN credited_minor INTEGER NOT NULL DEFAULT 0
  CHECK (credited_minor >= 0 AND credited_minor <= paid_minor);

CREATE TABLE credit_note (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  cause_kind TEXT NOT NULL,
  cause_number TEXT NOT NULL,
  issued_on INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  text TEXT NOT NULL,
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  gross_minor INTEGER NOT NULL CHECK (gross_minor = net_minor + tax_minor),
  released_minor INTEGER NOT NULL CHECK (released_minor BETWEEN 0 AND gross_minor),
  currency TEXT NOT NULL
) STRICT;
CREATE INDEX credit_note_invoice ON credit_note (invoice_id);
CREATE INDEX credit_note_cause ON credit_note (cause_kind, cause_number);

CREATE TABLE credit_note_line (
  credit_note_id INTEGER NOT NULL REFERENCES credit_note (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  invoice_line_no INTEGER NOT NULL,
  quantity_micros INTEGER NOT NULL CHECK (quantity_micros > 0),
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  PRIMARY KEY (credit_note_id, line_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX credit_note_line_invoice ON credit_note_line (invoice_id, invoice_line_no);

CREATE TABLE payment_release (
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payment (id),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  released_on INTEGER NOT NULL,
  released_at INTEGER NOT NULL
) STRICT;
CREATE INDEX payment_release_payment ON payment_release (payment_id);
CREATE INDEX payment_release_invoice ON payment_release (invoice_id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(43,'finance-0010-exposure-by-document','CREATE TABLE credit_exposure_next (
  document_kind TEXT NOT NULL,
  document_number TEXT NOT NULL,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  PRIMARY KEY (document_kind, document_number)
) STRICT, WITHOUT ROWID;
INSERT INTO credit_exposure_next
  (document_kind, document_number, customer_id, amount_minor, currency)
SELECT document_kind, document_number, customer_id, amount_minor, currency
FROM credit_exposure ORDER BY document_kind, document_number;
DROP TABLE credit_exposure;
ALTER TABLE credit_exposure_next RENAME TO credit_exposure;

ALTER TABLE credit_total ADD COLUMN invoiced_minor INTEGER NOT NULL DEFAULT 0
  CHECK (invoiced_minor BETWEEN 0 AND exposure_minor);
UPDATE credit_total SET invoiced_minor = invoiced.minor
FROM (
  SELECT customer_id, sum(amount_minor) AS minor FROM credit_exposure
  WHERE document_kind = ''INVOICE'' GROUP BY customer_id) AS invoiced
WHERE invoiced.customer_id = credit_total.customer_id;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(44,'finance-0011-carried-payment','CREATE TABLE payment_use_next (
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payment (id),
  kind TEXT NOT NULL CHECK (
    kind = ''FORFEITED'' OR kind = ''REFUNDED'' OR kind = ''CARRIED''),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  used_on INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  carried_to INTEGER UNIQUE REFERENCES payment (id),
  CHECK ((kind = ''CARRIED'') = (carried_to IS NOT NULL)),
  CHECK (carried_to <> payment_id)
) STRICT;
INSERT INTO payment_use_next (id, payment_id, kind, amount_minor, currency, used_on, used_at)
SELECT id, payment_id, kind, amount_minor, currency, used_on, used_at FROM payment_use;
DROP TABLE payment_use;
ALTER TABLE payment_use_next RENAME TO payment_use;
CREATE INDEX payment_use_payment ON payment_use (payment_id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(45,'finance-0012-credit-kind','ALTER TABLE credit_grant ADD COLUMN kind TEXT NOT NULL DEFAULT ''TEMPORARY''
  CHECK (kind = ''TEMPORARY'' OR kind = ''LIMIT'' OR kind = ''GROUP_LIMIT'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(46,'finance-0013-gift-cards','INSERT INTO account (code, name, name_english, type) VALUES
  (''2204.01'', ''合同负债—礼品卡'', ''Gift cards'', ''LIABILITY''),
  (''2204.02'', ''合同负债—会员积分'', ''Loyalty points'', ''LIABILITY''),
  (''6001.04'', ''主营业务收入—积分递延'', ''Revenue deferred as points'', ''INCOME''),
  (''6001.05'', ''主营业务收入—未行使权利'', ''Breakage of gift cards'', ''INCOME'');

ALTER TABLE payment ADD COLUMN voucher TEXT
  CHECK (voucher = ''GIFT_CARD'' OR voucher = ''POINTS'');

CREATE TABLE gift_card (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  code_digest BLOB NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (
    state = ''ACTIVE'' OR state = ''BLOCKED'' OR state = ''REPLACED''),
  customer_id INTEGER REFERENCES customer (id),
  value_minor INTEGER NOT NULL CHECK (value_minor >= 0),
  balance_minor INTEGER NOT NULL CHECK (balance_minor >= 0),
  currency TEXT NOT NULL,
  method TEXT,
  external_reference TEXT,
  issued_on INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  issued_by TEXT NOT NULL,
  expires_on INTEGER CHECK (expires_on >= issued_on OR replaces IS NOT NULL),
  replaces INTEGER UNIQUE REFERENCES gift_card (id),
  reason TEXT NOT NULL,
  UNIQUE (method, external_reference),
  CHECK (state <> ''REPLACED'' OR balance_minor = 0),
  CHECK ((method IS NULL) = (replaces IS NOT NULL)),
  CHECK (replaces <> id)
) STRICT;
CREATE INDEX gift_card_customer ON gift_card (customer_id, id);
CREATE INDEX gift_card_state ON gift_card (state, id);
CREATE INDEX gift_card_ending ON gift_card (expires_on, id) WHERE balance_minor > 0;

CREATE TABLE gift_card_move (
  id INTEGER PRIMARY KEY,
  card_id INTEGER NOT NULL REFERENCES gift_card (id),
  kind TEXT NOT NULL CHECK (
    kind = ''SOLD'' OR kind = ''REDEEMED'' OR kind = ''RETURNED'' OR kind = ''MOVED_OUT'' OR
    kind = ''MOVED_IN'' OR kind = ''EXPIRED''),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  -- The payment that was made with it, also where a part of that was carried on.
  payment_id INTEGER REFERENCES payment (id),
  moved_on INTEGER NOT NULL,
  moved_at INTEGER NOT NULL,
  CHECK ((kind = ''REDEEMED'' OR kind = ''RETURNED'') = (payment_id IS NOT NULL))
) STRICT;
CREATE INDEX gift_card_move_card ON gift_card_move (card_id);
CREATE INDEX gift_card_move_payment ON gift_card_move (payment_id) WHERE payment_id IS NOT NULL;

CREATE TABLE gift_card_policy (
  version INTEGER PRIMARY KEY,
  valid_months INTEGER NOT NULL CHECK (valid_months BETWEEN 0 AND 1200),
  highest_minor INTEGER CHECK (highest_minor > 0),
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;

-- Codes that were none, by who gave them.
CREATE TABLE gift_card_attempt (
  actor TEXT PRIMARY KEY,
  failures INTEGER NOT NULL CHECK (failures > 0),
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(47,'finance-0014-points','CREATE TABLE points_programme (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  moment TEXT NOT NULL CHECK (moment = ''DELIVERY'' OR moment = ''INVOICE''),
  value_micros INTEGER NOT NULL CHECK (value_micros > 0),
  fair_micros INTEGER NOT NULL CHECK (fair_micros BETWEEN 0 AND value_micros),
  currency TEXT NOT NULL,
  minimum_points INTEGER NOT NULL CHECK (minimum_points >= 0),
  valid_months INTEGER NOT NULL CHECK (valid_months BETWEEN 0 AND 1200),
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX points_programme_day ON points_programme (valid_from, version);
CREATE TABLE points_rate (
  version INTEGER NOT NULL REFERENCES points_programme (version),
  customer_class TEXT NOT NULL,
  points_micros INTEGER NOT NULL CHECK (points_micros > 0),
  PRIMARY KEY (version, customer_class)
) STRICT, WITHOUT ROWID;

CREATE TABLE points_account (
  customer_id INTEGER PRIMARY KEY REFERENCES customer (id),
  balance INTEGER NOT NULL,
  -- Taken back when they had been used already.
  owed INTEGER NOT NULL CHECK (owed >= 0)
) STRICT;

-- What an order has earned so far, by the terms of its first time.
CREATE TABLE points_order (
  order_number TEXT PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  version INTEGER NOT NULL REFERENCES points_programme (version),
  points_micros INTEGER NOT NULL CHECK (points_micros > 0),
  gross_minor INTEGER NOT NULL CHECK (gross_minor >= 0),
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  points INTEGER NOT NULL CHECK (points >= 0),
  currency TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX points_order_customer ON points_order (customer_id);

CREATE TABLE points_grant (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  order_number TEXT,
  granted_on INTEGER NOT NULL,
  expires_on INTEGER CHECK (expires_on >= granted_on),
  granted INTEGER NOT NULL CHECK (granted > 0),
  remaining INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND granted),
  liability_minor INTEGER NOT NULL CHECK (liability_minor >= 0),
  currency TEXT NOT NULL,
  CHECK (remaining > 0 OR liability_minor = 0)
) STRICT;
CREATE INDEX points_grant_open ON points_grant (customer_id, expires_on, id)
  WHERE remaining > 0;
CREATE INDEX points_grant_ending ON points_grant (expires_on, id) WHERE remaining > 0;
CREATE INDEX points_grant_customer ON points_grant (customer_id);

CREATE TABLE points_entry (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  kind TEXT NOT NULL CHECK (
    kind = ''EARNED'' OR kind = ''TAKEN_BACK'' OR kind = ''REDEEMED'' OR kind = ''RETURNED'' OR
    kind = ''EXPIRED'' OR kind = ''OFFSET''),
  points INTEGER NOT NULL CHECK (points > 0),
  -- None for points that had been used when they were taken back.
  grant_id INTEGER REFERENCES points_grant (id),
  liability_minor INTEGER NOT NULL CHECK (liability_minor >= 0),
  currency TEXT NOT NULL,
  order_number TEXT,
  payment_id INTEGER REFERENCES payment (id),
  entered_on INTEGER NOT NULL,
  entered_at INTEGER NOT NULL,
  CHECK (grant_id IS NOT NULL OR kind = ''TAKEN_BACK''),
  CHECK ((payment_id IS NOT NULL) = (kind = ''REDEEMED'' OR kind = ''RETURNED''))
) STRICT;
CREATE INDEX points_entry_customer ON points_entry (customer_id, id);
CREATE INDEX points_entry_grant ON points_entry (grant_id);
CREATE INDEX points_entry_payment ON points_entry (payment_id) WHERE payment_id IS NOT NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(48,'finance-0015-base-amounts','INSERT INTO account (code, name, name_english, type) VALUES
  (''6603.01'', ''财务费用—汇兑收益'', ''Exchange gains'', ''INCOME''),
  (''6603.02'', ''财务费用—汇兑损失'', ''Exchange losses'', ''EXPENSE'');

CREATE TABLE journal_line_next (
  id INTEGER PRIMARY KEY,
  entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  debit_account TEXT NOT NULL REFERENCES account (code),
  credit_account TEXT NOT NULL REFERENCES account (code),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  currency TEXT NOT NULL,
  base_minor INTEGER NOT NULL CHECK (base_minor >= 0),
  party_code TEXT,
  UNIQUE (entry_id, line_no),
  CHECK (debit_account <> credit_account),
  CHECK (amount_minor > 0 OR base_minor > 0)
) STRICT;
INSERT INTO journal_line_next (id, entry_id, line_no, debit_account, credit_account,
  amount_minor, currency, base_minor, party_code)
SELECT id, entry_id, line_no, debit_account, credit_account, amount_minor, currency,
  amount_minor, party_code
FROM journal_line;
DROP TABLE journal_line;
ALTER TABLE journal_line_next RENAME TO journal_line;

ALTER TABLE account_balance ADD COLUMN base_debit_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_debit_minor >= 0);
ALTER TABLE account_balance ADD COLUMN base_credit_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_credit_minor >= 0);
UPDATE account_balance
SET base_debit_minor = debit_minor, base_credit_minor = credit_minor;

-- A rate is null where the currency is that of the books.
ALTER TABLE invoice ADD COLUMN rate_micros INTEGER CHECK (rate_micros > 0);
ALTER TABLE invoice ADD COLUMN rate_units INTEGER CHECK (rate_units > 0);
ALTER TABLE invoice ADD COLUMN base_currency TEXT;
ALTER TABLE invoice ADD COLUMN base_gross_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_gross_minor >= 0);
ALTER TABLE invoice ADD COLUMN base_paid_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_paid_minor BETWEEN 0 AND base_gross_minor);
ALTER TABLE invoice ADD COLUMN base_credited_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_credited_minor >= 0);
UPDATE invoice SET base_gross_minor = gross_minor, base_paid_minor = paid_minor,
  base_credited_minor = credited_minor;
ALTER TABLE invoice_line ADD COLUMN base_net_minor INTEGER CHECK (base_net_minor >= 0);
ALTER TABLE invoice_line ADD COLUMN base_tax_minor INTEGER CHECK (base_tax_minor >= 0);

ALTER TABLE payment ADD COLUMN rate_micros INTEGER CHECK (rate_micros > 0);
ALTER TABLE payment ADD COLUMN rate_units INTEGER CHECK (rate_units > 0);
ALTER TABLE payment ADD COLUMN base_currency TEXT;
ALTER TABLE payment ADD COLUMN base_amount_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_amount_minor >= 0);
ALTER TABLE payment ADD COLUMN base_applied_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_applied_minor BETWEEN 0 AND base_amount_minor);
UPDATE payment SET base_amount_minor = amount_minor, base_applied_minor = applied_minor;

-- What it was worth as money, and as part of the invoice.
ALTER TABLE payment_application ADD COLUMN payment_base_minor INTEGER NOT NULL DEFAULT 0
  CHECK (payment_base_minor >= 0);
ALTER TABLE payment_application ADD COLUMN invoice_base_minor INTEGER NOT NULL DEFAULT 0
  CHECK (invoice_base_minor >= 0);
UPDATE payment_application
SET payment_base_minor = amount_minor, invoice_base_minor = amount_minor;
ALTER TABLE payment_release ADD COLUMN payment_base_minor INTEGER NOT NULL DEFAULT 0
  CHECK (payment_base_minor >= 0);
ALTER TABLE payment_release ADD COLUMN invoice_base_minor INTEGER NOT NULL DEFAULT 0
  CHECK (invoice_base_minor >= 0);
UPDATE payment_release
SET payment_base_minor = amount_minor, invoice_base_minor = amount_minor;
-- What it was worth when it came in, and when it was used.
ALTER TABLE payment_use ADD COLUMN payment_base_minor INTEGER NOT NULL DEFAULT 0
  CHECK (payment_base_minor >= 0);
ALTER TABLE payment_use ADD COLUMN used_base_minor INTEGER NOT NULL DEFAULT 0
  CHECK (used_base_minor >= 0);
UPDATE payment_use SET payment_base_minor = amount_minor, used_base_minor = amount_minor;

-- `base_difference_minor`: what was left of the invoice in the books alone.
ALTER TABLE credit_note ADD COLUMN base_gross_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_gross_minor >= 0);
ALTER TABLE credit_note ADD COLUMN base_difference_minor INTEGER NOT NULL DEFAULT 0;
UPDATE credit_note SET base_gross_minor = gross_minor;
ALTER TABLE credit_note_line ADD COLUMN base_net_minor INTEGER CHECK (base_net_minor >= 0);
ALTER TABLE credit_note_line ADD COLUMN base_tax_minor INTEGER CHECK (base_tax_minor >= 0);

DROP VIEW view_receivable;
CREATE VIEW view_receivable AS
  SELECT number, customer_code, due_on, base_gross_minor - base_paid_minor AS open_minor,
    COALESCE(base_currency, currency) AS currency
  FROM invoice WHERE paid_minor < gross_minor;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(49,'finance-0016-invoice-requirement','ALTER TABLE invoice ADD COLUMN requirement TEXT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(50,'finance-0017-open-invoice','CREATE VIEW view_open_invoice AS
  SELECT id, number, customer_id, customer_code, order_number, due_on,
    gross_minor - paid_minor AS open_minor, currency,
    base_gross_minor - base_paid_minor AS base_open_minor,
    COALESCE(base_currency, currency) AS base_currency
  FROM invoice WHERE paid_minor < gross_minor;
CREATE VIEW view_invoice_age AS
  SELECT i.customer_id, i.due_on, i.issued_on,
    COALESCE(i.base_currency, i.currency) AS currency, i.base_gross_minor AS minor
  FROM invoice AS i
  UNION ALL
  SELECT i.customer_id, i.due_on, a.applied_on, COALESCE(i.base_currency, i.currency),
    -a.invoice_base_minor
  FROM payment_application AS a JOIN invoice AS i ON i.id = a.invoice_id
  UNION ALL
  SELECT i.customer_id, i.due_on, r.released_on, COALESCE(i.base_currency, i.currency),
    r.invoice_base_minor
  FROM payment_release AS r JOIN invoice AS i ON i.id = r.invoice_id
  UNION ALL
  SELECT i.customer_id, i.due_on, n.issued_on, COALESCE(i.base_currency, i.currency),
    -n.base_gross_minor - n.base_difference_minor
  FROM credit_note AS n JOIN invoice AS i ON i.id = n.invoice_id;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(51,'finance-0018-consolidated-invoices','CREATE TABLE consolidated_invoice (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  customer_code TEXT NOT NULL,
  issued_on INTEGER NOT NULL,
  due_on INTEGER NOT NULL CHECK (due_on >= issued_on),
  through_on INTEGER NOT NULL CHECK (through_on <= issued_on),
  currency TEXT NOT NULL,
  parts INTEGER NOT NULL CHECK (parts > 0)
) STRICT;
CREATE INDEX consolidated_invoice_customer ON consolidated_invoice (customer_id, id);

ALTER TABLE invoice ADD COLUMN consolidated_id INTEGER REFERENCES consolidated_invoice (id);
CREATE INDEX invoice_consolidated ON invoice (consolidated_id, id)
  WHERE consolidated_id IS NOT NULL;
ALTER TABLE invoice_line ADD COLUMN shipment_number TEXT;

-- For whoever asks whose one is.
CREATE VIEW view_consolidated_invoice_owner AS
  SELECT i.number, c.owner, c.store_code
  FROM consolidated_invoice AS i JOIN view_customer_owner AS c ON c.id = i.customer_id;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(52,'finance-0019-claims','INSERT INTO account (code, name, name_english, type) VALUES
  (''6051.01'', ''其他业务收入—催收费'', ''Reminder fees'', ''INCOME''),
  (''6603.03'', ''财务费用—逾期利息'', ''Default interest'', ''INCOME'');
ALTER TABLE invoice_line ADD COLUMN claim TEXT
  CHECK (claim = ''REMINDER_FEE'' OR claim = ''DEFAULT_INTEREST'');

DROP VIEW view_open_invoice;
CREATE VIEW view_open_invoice AS
  SELECT id, number, customer_id, customer_code, order_kind, order_number, due_on,
    gross_minor - paid_minor AS open_minor, currency,
    base_gross_minor - base_paid_minor AS base_open_minor,
    COALESCE(base_currency, currency) AS base_currency
  FROM invoice WHERE paid_minor < gross_minor;
-- What letters claim and is booked, by letter.
CREATE VIEW view_claim AS
  SELECT i.order_number AS letter_number, i.customer_id, i.currency, l.claim, l.net_minor
  FROM invoice AS i JOIN invoice_line AS l ON l.invoice_id = i.id
  WHERE i.order_kind = ''DUNNING_LETTER'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(53,'finance-0020-temporary-group-limits','CREATE TABLE credit_grant_next (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER NOT NULL CHECK (valid_until >= valid_from),
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = ''PENDING'' OR state = ''APPROVED'' OR state = ''REFUSED'' OR state = ''WITHDRAWN''),
  granted_by TEXT NOT NULL,
  decided_by TEXT CHECK (decided_by <> granted_by),
  kind TEXT NOT NULL CHECK (
    kind = ''TEMPORARY'' OR kind = ''LIMIT'' OR kind = ''GROUP_LIMIT'' OR kind = ''TEMPORARY_GROUP''),
  CHECK ((state = ''PENDING'') = (decided_by IS NULL))
) STRICT;
INSERT INTO credit_grant_next (id, customer_id, amount_minor, currency, valid_from,
  valid_until, reason, state, granted_by, decided_by, kind)
SELECT id, customer_id, amount_minor, currency, valid_from, valid_until, reason, state,
  granted_by, decided_by, kind
FROM credit_grant;
DROP TABLE credit_grant;
ALTER TABLE credit_grant_next RENAME TO credit_grant;
CREATE INDEX credit_grant_customer ON credit_grant (customer_id, id);
CREATE INDEX credit_grant_day ON credit_grant (customer_id, valid_until)
  WHERE state = ''APPROVED'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(54,'finance-0021-payouts','CREATE TABLE payout (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  customer_code TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = ''PROPOSED'' OR state = ''PAID'' OR state = ''DECLINED''),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  method TEXT,
  external_reference TEXT NOT NULL DEFAULT '''',
  comment TEXT NOT NULL DEFAULT '''',
  CHECK ((state = ''PROPOSED'') = (decided_by IS NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  CHECK ((state = ''PAID'') = (method IS NOT NULL))
) STRICT;
CREATE INDEX payout_state ON payout (state, id);
CREATE INDEX payout_customer ON payout (customer_id, id);
ALTER TABLE payment_use ADD COLUMN payout_id INTEGER REFERENCES payout (id);
CREATE INDEX payment_use_payout ON payment_use (payout_id) WHERE payout_id IS NOT NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(55,'finance-0022-collections','INSERT INTO account (code, name, name_english, type) VALUES
  (''1221.01'', ''其他应收款—代收货款'', ''Collected by carriers'', ''ASSET''),
  (''2241.01'', ''其他应付款—承运人'', ''Owed to carriers'', ''LIABILITY''),
  (''6601.01'', ''销售费用—代收手续费'', ''Collection fees'', ''EXPENSE''),
  (''6702'', ''信用减值损失'', ''Credit losses'', ''EXPENSE'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(56,'finance-0023-carrier-claims','INSERT INTO account (code, name, name_english, type) VALUES
  (''1221.02'', ''其他应收款—承运人索赔'', ''Claims on carriers'', ''ASSET'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(57,'finance-0024-shipped-exposure','ALTER TABLE credit_exposure ADD COLUMN shipped_minor INTEGER NOT NULL DEFAULT 0
  CHECK (shipped_minor BETWEEN 0 AND amount_minor);
ALTER TABLE credit_total ADD COLUMN shipped_minor INTEGER NOT NULL DEFAULT 0
  CHECK (shipped_minor >= 0);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(58,'finance-0025-dishonoured-payments','CREATE TABLE payment_use_next (
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payment (id),
  kind TEXT NOT NULL CHECK (
    kind = ''FORFEITED'' OR kind = ''REFUNDED'' OR kind = ''CARRIED'' OR kind = ''DISHONOURED''),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  used_on INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  carried_to INTEGER UNIQUE REFERENCES payment (id),
  payment_base_minor INTEGER NOT NULL DEFAULT 0 CHECK (payment_base_minor >= 0),
  used_base_minor INTEGER NOT NULL DEFAULT 0 CHECK (used_base_minor >= 0),
  payout_id INTEGER REFERENCES payout (id),
  CHECK ((kind = ''CARRIED'') = (carried_to IS NOT NULL)),
  CHECK (carried_to <> payment_id)
) STRICT;
INSERT INTO payment_use_next (id, payment_id, kind, amount_minor, currency, used_on, used_at,
  carried_to, payment_base_minor, used_base_minor, payout_id)
SELECT id, payment_id, kind, amount_minor, currency, used_on, used_at, carried_to,
  payment_base_minor, used_base_minor, payout_id
FROM payment_use ORDER BY id;
DROP TABLE payment_use;
ALTER TABLE payment_use_next RENAME TO payment_use;
CREATE INDEX payment_use_payment ON payment_use (payment_id);
CREATE INDEX payment_use_payout ON payment_use (payout_id) WHERE payout_id IS NOT NULL;

ALTER TABLE payment_release ADD COLUMN cause TEXT NOT NULL DEFAULT ''CREDITED''
  CHECK (cause = ''CREDITED'' OR cause = ''DISHONOURED'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(59,'finance-0026-instruments','INSERT INTO account (code, name, name_english, type) VALUES
  (''1121'', ''应收票据'', ''Bills receivable'', ''ASSET'');

ALTER TABLE payment ADD COLUMN instrument TEXT
  CHECK (instrument = ''CHEQUE'' OR instrument = ''BANK_ACCEPTANCE'');
ALTER TABLE payment ADD COLUMN clearing TEXT
  CHECK (clearing = ''HELD'' OR clearing = ''CLEARED'' OR clearing = ''DISHONOURED'')
  CHECK (clearing IS NULL OR instrument IS NOT NULL);
CREATE INDEX payment_held ON payment (earmark_kind, earmark_number) WHERE clearing = ''HELD'';

ALTER TABLE credit_total ADD COLUMN uncleared_minor INTEGER NOT NULL DEFAULT 0
  CHECK (uncleared_minor >= 0);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(60,'finance-0027-carrier-claims-payable','INSERT INTO account (code, name, name_english, type) VALUES
  (''2241.02'', ''其他应付款—退还承运人赔款'', ''Owed back to carriers for claims'', ''LIABILITY'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(61,'finance-0028-credit-horizon','CREATE TABLE credit_horizon (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE credit_horizon_rule (
  version INTEGER NOT NULL REFERENCES credit_horizon (version),
  customer_class TEXT NOT NULL,
  days INTEGER NOT NULL CHECK (days BETWEEN 0 AND 3650),
  PRIMARY KEY (version, customer_class)
) STRICT, WITHOUT ROWID;

ALTER TABLE credit_exposure ADD COLUMN wanted TEXT;
ALTER TABLE credit_exposure ADD COLUMN wanted_until INTEGER
  CHECK ((wanted_until IS NULL) = (wanted IS NULL));
ALTER TABLE credit_exposure ADD COLUMN checked_on INTEGER;
CREATE INDEX credit_exposure_wanted ON credit_exposure (customer_id, wanted_until)
  WHERE wanted_until IS NOT NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(62,'inventory-0001-stock','CREATE TABLE stock_location (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (
    kind = ''STOCK'' OR kind = ''SUPPLIER'' OR kind = ''OPENING'' OR kind = ''TRANSIT'' OR
    kind = ''CUSTOMER'' OR kind = ''PRODUCTION'' OR kind = ''LOSS'' OR kind = ''SCRAP''),
  warehouse_id INTEGER REFERENCES warehouse (id),
  warehouse_code TEXT,
  CHECK ((kind = ''STOCK'') = (warehouse_id IS NOT NULL)),
  CHECK ((warehouse_id IS NULL) = (warehouse_code IS NULL))
) STRICT;
CREATE UNIQUE INDEX stock_location_warehouse ON stock_location (warehouse_id)
  WHERE kind = ''STOCK'';
INSERT INTO stock_location (id, code, kind) VALUES
  (1, ''SUPPLIER'', ''SUPPLIER''), (2, ''CUSTOMER'', ''CUSTOMER''), (3, ''TRANSIT'', ''TRANSIT''),
  (4, ''PRODUCTION'', ''PRODUCTION''), (5, ''LOSS'', ''LOSS''), (6, ''SCRAP'', ''SCRAP''),
  (7, ''OPENING'', ''OPENING'');

CREATE TABLE stock_balance (
  product_id INTEGER NOT NULL REFERENCES product (id),
  location_id INTEGER NOT NULL REFERENCES stock_location (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  account TEXT NOT NULL,
  guarded INTEGER NOT NULL CHECK (guarded IN (0, 1)),
  on_hand INTEGER NOT NULL,
  reserved INTEGER NOT NULL DEFAULT 0,
  value_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  PRIMARY KEY (product_id, location_id),
  CHECK (reserved >= 0 AND (guarded = 1 OR reserved = 0)),
  CHECK (guarded = 0 OR reserved <= on_hand),
  CHECK (guarded = 0 OR (value_minor >= 0 AND (on_hand > 0 OR value_minor = 0)))
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_balance_sku ON stock_balance (sku, location_id) WHERE guarded = 1;

CREATE TABLE stock_move (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES product (id),
  from_location_id INTEGER NOT NULL REFERENCES stock_location (id),
  to_location_id INTEGER NOT NULL REFERENCES stock_location (id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  value_minor INTEGER NOT NULL CHECK (value_minor >= 0),
  currency TEXT NOT NULL,
  cause TEXT NOT NULL,
  origin_kind TEXT NOT NULL,
  origin_number TEXT NOT NULL,
  origin_line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  moved_at INTEGER NOT NULL,
  moved_on INTEGER NOT NULL,
  CHECK (from_location_id <> to_location_id)
) STRICT;
CREATE INDEX stock_move_product ON stock_move (product_id, id);
CREATE INDEX stock_move_origin ON stock_move (origin_kind, origin_number, id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(63,'inventory-0002-reservation','CREATE TABLE reservation (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES product (id),
  location_id INTEGER NOT NULL REFERENCES stock_location (id),
  wanted INTEGER NOT NULL CHECK (wanted > 0),
  held INTEGER NOT NULL CHECK (held >= 0),
  priority INTEGER NOT NULL,
  origin_kind TEXT NOT NULL,
  origin_number TEXT NOT NULL,
  origin_line INTEGER NOT NULL,
  peg_kind TEXT,
  peg_number TEXT,
  root_kind TEXT,
  root_number TEXT,
  created_at INTEGER NOT NULL,
  UNIQUE (origin_kind, origin_number, origin_line, product_id),
  CHECK (held <= wanted),
  CHECK ((peg_kind IS NULL) = (peg_number IS NULL)),
  CHECK ((root_kind IS NULL) = (root_number IS NULL))
) STRICT;
CREATE INDEX reservation_queue
  ON reservation (product_id, location_id, priority, id DESC);
CREATE INDEX reservation_waiting
  ON reservation (product_id, location_id, priority DESC, id) WHERE held < wanted;
CREATE INDEX reservation_waiting_age ON reservation (product_id, id) WHERE held < wanted;
CREATE INDEX reservation_peg ON reservation (peg_kind, peg_number)
  WHERE peg_number IS NOT NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(64,'inventory-0003-document-place','CREATE VIEW view_stock_document_place AS
  SELECT m.origin_kind AS kind, m.origin_number AS number, l.warehouse_code
  FROM stock_move AS m JOIN stock_location AS l ON l.id = m.from_location_id
  UNION ALL
  SELECT m.origin_kind, m.origin_number, l.warehouse_code
  FROM stock_move AS m JOIN stock_location AS l ON l.id = m.to_location_id;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(65,'inventory-0004-reservation-ahead','CREATE INDEX reservation_ahead
  ON reservation (product_id, location_id, priority DESC, id, wanted, held)
  WHERE held < wanted AND peg_number IS NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(66,'inventory-0005-quarantine','DROP VIEW view_stock_document_place;
CREATE TABLE stock_location_next (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (
    kind = ''STOCK'' OR kind = ''QUARANTINE'' OR kind = ''SUPPLIER'' OR kind = ''OPENING'' OR
    kind = ''TRANSIT'' OR kind = ''CUSTOMER'' OR kind = ''PRODUCTION'' OR kind = ''LOSS'' OR
    kind = ''SCRAP''),
  warehouse_id INTEGER REFERENCES warehouse (id),
  warehouse_code TEXT,
  CHECK ((kind = ''STOCK'' OR kind = ''QUARANTINE'') = (warehouse_id IS NOT NULL)),
  CHECK ((warehouse_id IS NULL) = (warehouse_code IS NULL))
) STRICT;
INSERT INTO stock_location_next (id, code, kind, warehouse_id, warehouse_code)
SELECT id, code, kind, warehouse_id, warehouse_code FROM stock_location;
DROP TABLE stock_location;
ALTER TABLE stock_location_next RENAME TO stock_location;
CREATE UNIQUE INDEX stock_location_warehouse ON stock_location (warehouse_id)
  WHERE kind = ''STOCK'';
CREATE UNIQUE INDEX stock_location_quarantine ON stock_location (warehouse_id)
  WHERE kind = ''QUARANTINE'';
CREATE VIEW view_stock_document_place AS
  SELECT m.origin_kind AS kind, m.origin_number AS number, l.warehouse_code
  FROM stock_move AS m JOIN stock_location AS l ON l.id = m.from_location_id
  UNION ALL
  SELECT m.origin_kind, m.origin_number, l.warehouse_code
  FROM stock_move AS m JOIN stock_location AS l ON l.id = m.to_location_id;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(67,'inventory-0006-reservation-block','DROP INDEX reservation_queue;
CREATE INDEX reservation_by_block ON reservation (id >> 10, product_id, location_id);
CREATE VIEW reservation_block AS
  WITH RECURSIVE block (number) AS (
    SELECT min(id) >> 10 FROM reservation
    UNION ALL
    SELECT (
      SELECT id >> 10 FROM reservation WHERE id >= (block.number + 1) << 10
      ORDER BY id LIMIT 1)
    FROM block WHERE block.number IS NOT NULL
  )
  SELECT number FROM block WHERE number IS NOT NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(68,'inventory-0007-showroom','DROP VIEW view_stock_document_place;
CREATE TABLE stock_location_next (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (
    kind = ''STOCK'' OR kind = ''QUARANTINE'' OR kind = ''SHOWROOM'' OR kind = ''LENT'' OR
    kind = ''SUPPLIER'' OR kind = ''OPENING'' OR kind = ''TRANSIT'' OR kind = ''CUSTOMER'' OR
    kind = ''PRODUCTION'' OR kind = ''LOSS'' OR kind = ''SCRAP''),
  warehouse_id INTEGER REFERENCES warehouse (id),
  warehouse_code TEXT,
  CHECK ((kind = ''STOCK'' OR kind = ''QUARANTINE'' OR kind = ''SHOWROOM'' OR kind = ''LENT'')
    = (warehouse_id IS NOT NULL)),
  CHECK ((warehouse_id IS NULL) = (warehouse_code IS NULL))
) STRICT;
INSERT INTO stock_location_next (id, code, kind, warehouse_id, warehouse_code)
SELECT id, code, kind, warehouse_id, warehouse_code FROM stock_location;
DROP TABLE stock_location;
ALTER TABLE stock_location_next RENAME TO stock_location;
CREATE UNIQUE INDEX stock_location_warehouse ON stock_location (warehouse_id)
  WHERE kind = ''STOCK'';
CREATE UNIQUE INDEX stock_location_quarantine ON stock_location (warehouse_id)
  WHERE kind = ''QUARANTINE'';
CREATE UNIQUE INDEX stock_location_showroom ON stock_location (warehouse_id)
  WHERE kind = ''SHOWROOM'';
CREATE UNIQUE INDEX stock_location_lent ON stock_location (warehouse_id)
  WHERE kind = ''LENT'';
CREATE VIEW view_stock_document_place AS
  SELECT m.origin_kind AS kind, m.origin_number AS number, l.warehouse_code
  FROM stock_move AS m JOIN stock_location AS l ON l.id = m.from_location_id
  UNION ALL
  SELECT m.origin_kind, m.origin_number, l.warehouse_code
  FROM stock_move AS m JOIN stock_location AS l ON l.id = m.to_location_id;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(69,'inventory-0008-transfers','DROP VIEW view_stock_document_place;
CREATE TABLE stock_location_next (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (
    kind = ''STOCK'' OR kind = ''QUARANTINE'' OR kind = ''SHOWROOM'' OR kind = ''LENT'' OR
    kind = ''TRANSFER'' OR kind = ''SUPPLIER'' OR kind = ''OPENING'' OR kind = ''TRANSIT'' OR
    kind = ''CUSTOMER'' OR kind = ''PRODUCTION'' OR kind = ''LOSS'' OR kind = ''SCRAP''),
  warehouse_id INTEGER REFERENCES warehouse (id),
  warehouse_code TEXT,
  CHECK ((kind = ''STOCK'' OR kind = ''QUARANTINE'' OR kind = ''SHOWROOM'' OR kind = ''LENT'' OR
    kind = ''TRANSFER'') = (warehouse_id IS NOT NULL)),
  CHECK ((warehouse_id IS NULL) = (warehouse_code IS NULL))
) STRICT;
INSERT INTO stock_location_next (id, code, kind, warehouse_id, warehouse_code)
SELECT id, code, kind, warehouse_id, warehouse_code FROM stock_location;
DROP TABLE stock_location;
ALTER TABLE stock_location_next RENAME TO stock_location;
CREATE UNIQUE INDEX stock_location_warehouse ON stock_location (warehouse_id, kind)
  WHERE warehouse_id IS NOT NULL;
CREATE VIEW view_stock_document_place AS
  SELECT m.origin_kind AS kind, m.origin_number AS number, l.warehouse_code
  FROM stock_move AS m JOIN stock_location AS l ON l.id = m.from_location_id
  UNION ALL
  SELECT m.origin_kind, m.origin_number, l.warehouse_code
  FROM stock_move AS m JOIN stock_location AS l ON l.id = m.to_location_id;

CREATE TABLE transfer_order (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  from_warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
  from_warehouse_code TEXT NOT NULL,
  to_warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
  to_warehouse_code TEXT NOT NULL,
  created_on INTEGER NOT NULL,
  expected_on INTEGER,
  note TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state IN (''REQUESTED'', ''PARTLY_DISPATCHED'', ''IN_TRANSIT'', ''RECEIVED'', ''CANCELLED'')),
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK (from_warehouse_id <> to_warehouse_id)
) STRICT;
CREATE INDEX transfer_order_open ON transfer_order (id)
  WHERE state NOT IN (''RECEIVED'', ''CANCELLED'');

CREATE TABLE transfer_order_line (
  id INTEGER PRIMARY KEY,
  transfer_order_id INTEGER NOT NULL REFERENCES transfer_order (id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  ordered INTEGER NOT NULL CHECK (ordered > 0),
  cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  dispatched INTEGER NOT NULL DEFAULT 0 CHECK (dispatched >= 0),
  received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
  lost INTEGER NOT NULL DEFAULT 0 CHECK (lost >= 0),
  UNIQUE (transfer_order_id, line_number),
  CHECK (dispatched <= ordered - cancelled),
  CHECK (received <= dispatched - lost)
) STRICT;
CREATE INDEX transfer_order_line_under_way ON transfer_order_line (product_id)
  WHERE dispatched > received + lost;

CREATE VIEW view_transfer_order_place AS
  SELECT number, from_warehouse_code AS warehouse_code FROM transfer_order
  UNION ALL
  SELECT number, to_warehouse_code FROM transfer_order;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(70,'purchasing-0001-order','CREATE TABLE supplier_price (
  id INTEGER PRIMARY KEY,
  supplier_id INTEGER NOT NULL REFERENCES supplier (id),
  supplier_code TEXT NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  currency TEXT NOT NULL,
  lead_days INTEGER NOT NULL CHECK (lead_days >= 0),
  preferred INTEGER NOT NULL CHECK (preferred IN (0, 1)),
  UNIQUE (supplier_id, product_id)
) STRICT;
CREATE UNIQUE INDEX supplier_price_preferred ON supplier_price (product_id)
  WHERE preferred = 1;

CREATE TABLE purchase_order (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  supplier_id INTEGER NOT NULL REFERENCES supplier (id),
  supplier_code TEXT NOT NULL,
  warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
  warehouse_code TEXT NOT NULL,
  currency TEXT NOT NULL,
  ordered_on INTEGER NOT NULL,
  expected_on INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (
    state IN (''ORDERED'', ''PARTLY_RECEIVED'', ''RECEIVED'', ''BILLED'', ''CANCELLED'')),
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE INDEX purchase_order_supplier ON purchase_order (supplier_id, id);
CREATE INDEX purchase_order_state ON purchase_order (state, id);

CREATE TABLE purchase_order_line (
  id INTEGER PRIMARY KEY,
  purchase_order_id INTEGER NOT NULL REFERENCES purchase_order (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  ordered INTEGER NOT NULL CHECK (ordered > 0),
  cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
  billed INTEGER NOT NULL DEFAULT 0 CHECK (billed >= 0),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  requisition_number TEXT,
  UNIQUE (purchase_order_id, line_no),
  CHECK (received <= ordered - cancelled),
  CHECK (billed <= received)
) STRICT;
CREATE INDEX purchase_order_line_open ON purchase_order_line (product_id)
  WHERE ordered > received + cancelled;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(71,'purchasing-0002-requisition','CREATE TABLE requisition (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
  warehouse_code TEXT NOT NULL,
  needed_on INTEGER,
  origin_kind TEXT NOT NULL,
  origin_number TEXT NOT NULL,
  origin_line INTEGER NOT NULL,
  root_kind TEXT,
  root_number TEXT,
  pegged INTEGER NOT NULL CHECK (pegged IN (0, 1)),
  order_line_id INTEGER UNIQUE REFERENCES purchase_order_line (id),
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  CHECK (state = CASE WHEN order_line_id IS NOT NULL THEN ''ORDERED''
    WHEN pegged = 1 THEN ''OPEN'' ELSE ''CANCELLED'' END),
  CHECK ((root_kind IS NULL) = (root_number IS NULL))
) STRICT;
CREATE INDEX requisition_state ON requisition (state, id);
CREATE INDEX requisition_origin ON requisition (origin_kind, origin_number, origin_line);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(72,'purchasing-0003-receipt-and-bill','CREATE TABLE goods_receipt (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  purchase_order_id INTEGER NOT NULL REFERENCES purchase_order (id),
  supplier_id INTEGER NOT NULL REFERENCES supplier (id),
  delivery_note TEXT,
  received_at INTEGER NOT NULL,
  received_on INTEGER NOT NULL,
  UNIQUE (supplier_id, delivery_note)
) STRICT;
CREATE INDEX goods_receipt_order ON goods_receipt (purchase_order_id);

CREATE TABLE goods_receipt_line (
  id INTEGER PRIMARY KEY,
  goods_receipt_id INTEGER NOT NULL REFERENCES goods_receipt (id),
  order_line_id INTEGER NOT NULL REFERENCES purchase_order_line (id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  value_minor INTEGER NOT NULL CHECK (value_minor >= 0),
  currency TEXT NOT NULL,
  UNIQUE (goods_receipt_id, order_line_id)
) STRICT;
CREATE INDEX goods_receipt_line_order ON goods_receipt_line (order_line_id);

CREATE TABLE supplier_bill (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  purchase_order_id INTEGER NOT NULL REFERENCES purchase_order (id),
  supplier_id INTEGER NOT NULL REFERENCES supplier (id),
  bill_number TEXT NOT NULL,
  billed_on INTEGER NOT NULL,
  due_on INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  UNIQUE (supplier_id, bill_number)
) STRICT;
CREATE INDEX supplier_bill_order ON supplier_bill (purchase_order_id);

CREATE TABLE supplier_bill_line (
  id INTEGER PRIMARY KEY,
  supplier_bill_id INTEGER NOT NULL REFERENCES supplier_bill (id),
  order_line_id INTEGER NOT NULL REFERENCES purchase_order_line (id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  net_minor INTEGER NOT NULL,
  received_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  UNIQUE (supplier_bill_id, order_line_id)
) STRICT;
CREATE INDEX supplier_bill_line_order ON supplier_bill_line (order_line_id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(73,'purchasing-0004-requisition-record','CREATE VIEW requisition_record AS
  SELECT r.id, r.number, r.state, r.product_id, r.sku, r.unit, r.quantity, r.warehouse_id,
    r.warehouse_code, r.needed_on, r.origin_kind, r.origin_number, r.origin_line,
    r.root_kind, r.root_number, r.pegged, s.supplier_code AS preferred_supplier_code,
    o.number AS purchase_order_number
  FROM requisition AS r
  LEFT JOIN supplier_price AS s ON s.product_id = r.product_id AND s.preferred = 1
  LEFT JOIN purchase_order_line AS l ON l.id = r.order_line_id
  LEFT JOIN purchase_order AS o ON o.id = l.purchase_order_id;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(74,'purchasing-0005-order-place','CREATE VIEW view_purchase_order_place AS SELECT number, warehouse_code FROM purchase_order;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(75,'purchasing-0006-requisition-root','CREATE INDEX requisition_root ON requisition (root_kind, root_number)
  WHERE root_number IS NOT NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(76,'purchasing-0007-requisition-open','CREATE INDEX requisition_open ON requisition (product_id, warehouse_id, quantity)
  WHERE state = ''OPEN'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(77,'purchasing-0008-order-expected','CREATE INDEX purchase_order_expected ON purchase_order (expected_on, id)
  WHERE state NOT IN (''RECEIVED'', ''BILLED'', ''CANCELLED'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(78,'purchasing-0009-direct-order','ALTER TABLE purchase_order ADD COLUMN confirmed_on INTEGER;
ALTER TABLE purchase_order ADD COLUMN supplier_reference TEXT NOT NULL DEFAULT '''';
ALTER TABLE purchase_order ADD COLUMN direct_kind TEXT;
ALTER TABLE purchase_order ADD COLUMN direct_number TEXT;
ALTER TABLE purchase_order ADD COLUMN direct_line INTEGER;
CREATE INDEX purchase_order_direct
  ON purchase_order (direct_number, direct_line, direct_kind)
  WHERE direct_number IS NOT NULL;
CREATE VIEW view_direct_purchase AS
  SELECT o.id, o.number, o.warehouse_code, o.direct_kind, o.direct_number, o.direct_line,
    SUM(l.ordered) AS ordered, SUM(l.cancelled) AS cancelled, SUM(l.received) AS received
  FROM purchase_order AS o JOIN purchase_order_line AS l ON l.purchase_order_id = o.id
  WHERE o.direct_number IS NOT NULL GROUP BY o.id;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(79,'purchasing-0010-whose-goods','CREATE VIEW view_direct_supplier AS
  SELECT o.direct_kind, o.direct_number, o.direct_line, MIN(o.supplier_code) AS supplier_code
  FROM purchase_order AS o JOIN purchase_order_line AS l ON l.purchase_order_id = o.id
  WHERE o.direct_number IS NOT NULL AND l.received > 0
  GROUP BY o.direct_number, o.direct_line, o.direct_kind;
CREATE VIEW view_only_supplier AS
  SELECT l.sku, MIN(o.supplier_code) AS supplier_code
  FROM purchase_order_line AS l JOIN purchase_order AS o ON o.id = l.purchase_order_id
  WHERE l.received > 0
  GROUP BY l.sku HAVING MIN(o.supplier_code) = MAX(o.supplier_code);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(80,'production-0001-bill','CREATE TABLE work_centre (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  hourly_rate_minor INTEGER NOT NULL CHECK (hourly_rate_minor >= 0),
  currency TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;

CREATE TABLE bill_of_material (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  UNIQUE (product_id, version)
) STRICT;

CREATE TABLE bill_component (
  bill_id INTEGER NOT NULL REFERENCES bill_of_material (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  scrap_micros INTEGER NOT NULL CHECK (scrap_micros BETWEEN 0 AND 999999),
  PRIMARY KEY (bill_id, line_no),
  UNIQUE (bill_id, product_id)
) STRICT;

CREATE TABLE bill_operation (
  bill_id INTEGER NOT NULL REFERENCES bill_of_material (id),
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  name TEXT NOT NULL,
  work_centre_id INTEGER NOT NULL REFERENCES work_centre (id),
  work_centre_code TEXT NOT NULL,
  setup_minutes INTEGER NOT NULL CHECK (setup_minutes >= 0),
  unit_minutes INTEGER NOT NULL CHECK (unit_minutes >= 0),
  PRIMARY KEY (bill_id, sequence)
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(81,'production-0002-work-order','CREATE TABLE work_order (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  good INTEGER NOT NULL DEFAULT 0 CHECK (good >= 0),
  scrapped INTEGER NOT NULL DEFAULT 0 CHECK (scrapped >= 0),
  warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
  warehouse_code TEXT NOT NULL,
  origin_kind TEXT,
  origin_number TEXT,
  origin_line INTEGER,
  pegged INTEGER NOT NULL CHECK (pegged IN (0, 1)),
  root_kind TEXT,
  root_number TEXT,
  due_on INTEGER,
  hold TEXT CHECK (hold IN (''DEPOSIT'')),
  state TEXT NOT NULL CHECK (
    state = ''PLANNED'' OR state = ''RELEASED'' OR state = ''IN_PROGRESS'' OR
    state = ''COMPLETED'' OR state = ''CLOSED'' OR state = ''CANCELLED''),
  currency TEXT NOT NULL,
  material_minor INTEGER NOT NULL DEFAULT 0 CHECK (material_minor >= 0),
  labour_minor INTEGER NOT NULL DEFAULT 0 CHECK (labour_minor >= 0),
  output_minor INTEGER NOT NULL DEFAULT 0 CHECK (output_minor >= 0),
  scrap_minor INTEGER NOT NULL DEFAULT 0 CHECK (scrap_minor >= 0),
  variance_minor INTEGER NOT NULL DEFAULT 0 CHECK (variance_minor >= 0),
  planned_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
  CHECK ((origin_kind IS NULL) = (origin_number IS NULL)),
  CHECK ((origin_kind IS NULL) = (origin_line IS NULL)),
  CHECK (pegged = 0 OR origin_kind IS NOT NULL),
  CHECK ((root_kind IS NULL) = (root_number IS NULL)),
  CHECK (hold IS NULL OR state IN (''PLANNED'', ''CANCELLED'')),
  CHECK (material_minor + labour_minor - output_minor - scrap_minor - variance_minor >= 0)
) STRICT;
CREATE INDEX work_order_state ON work_order (state, id);
CREATE INDEX work_order_origin ON work_order (origin_kind, origin_number, origin_line)
  WHERE origin_number IS NOT NULL;
CREATE INDEX work_order_root ON work_order (root_kind, root_number, id)
  WHERE root_number IS NOT NULL;

CREATE TABLE work_order_component (
  work_order_id INTEGER NOT NULL REFERENCES work_order (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  required INTEGER NOT NULL CHECK (required > 0),
  issued INTEGER NOT NULL DEFAULT 0 CHECK (issued >= 0),
  cost_minor INTEGER NOT NULL DEFAULT 0 CHECK (cost_minor >= 0),
  supply_number TEXT,
  PRIMARY KEY (work_order_id, line_no)
) STRICT;

CREATE TABLE work_order_operation (
  work_order_id INTEGER NOT NULL REFERENCES work_order (id),
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  name TEXT NOT NULL,
  work_centre_code TEXT NOT NULL,
  hourly_rate_minor INTEGER NOT NULL CHECK (hourly_rate_minor >= 0),
  planned_minutes INTEGER NOT NULL CHECK (planned_minutes >= 0),
  reported_minutes INTEGER NOT NULL DEFAULT 0 CHECK (reported_minutes >= 0),
  cost_minor INTEGER NOT NULL DEFAULT 0 CHECK (cost_minor >= 0),
  done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
  PRIMARY KEY (work_order_id, sequence)
) STRICT;

CREATE TABLE time_report (
  id INTEGER PRIMARY KEY,
  work_order_id INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes >= 0),
  cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
  reported_at INTEGER NOT NULL,
  FOREIGN KEY (work_order_id, sequence)
    REFERENCES work_order_operation (work_order_id, sequence)
) STRICT;
CREATE INDEX time_report_operation ON time_report (work_order_id, sequence);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(82,'production-0003-replacement','ALTER TABLE work_order ADD COLUMN replacement_number TEXT;
CREATE VIEW work_order_record AS
  SELECT id, number, state, product_id, sku, unit, quantity, good, scrapped, warehouse_id,
    warehouse_code, origin_kind, origin_number, origin_line, pegged, root_kind, root_number,
    due_on, hold, material_minor, labour_minor, output_minor, scrap_minor, variance_minor,
    currency, replacement_number, version
  FROM work_order;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(83,'production-0004-configuration','CREATE TABLE work_order_configuration (
  work_order_id INTEGER PRIMARY KEY REFERENCES work_order (id),
  configuration TEXT NOT NULL
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(84,'production-0005-work-order-place','CREATE VIEW view_work_order_place AS SELECT number, warehouse_code FROM work_order;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(85,'production-0006-stopped-work','CREATE TABLE stopped_work (
  root_kind TEXT NOT NULL,
  root_number TEXT NOT NULL,
  PRIMARY KEY (root_kind, root_number)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(86,'production-0007-work-for-stock','CREATE INDEX work_order_for_stock ON work_order (product_id, warehouse_id, id)
  WHERE pegged = 0 AND state IN (''PLANNED'', ''RELEASED'', ''IN_PROGRESS'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(87,'production-0008-inspection','ALTER TABLE work_centre ADD COLUMN inspects INTEGER NOT NULL DEFAULT 0
  CHECK (inspects IN (0, 1));
ALTER TABLE work_order_operation ADD COLUMN is_inspection INTEGER NOT NULL DEFAULT 0
  CHECK (is_inspection IN (0, 1));
CREATE VIEW view_work_in_hand AS
  SELECT w.root_kind, w.root_number, w.number, COALESCE((
      SELECT o.is_inspection FROM work_order_operation AS o
      WHERE o.work_order_id = w.id AND o.done = 0 ORDER BY o.sequence LIMIT 1), 0)
      AS waits_for_inspection
  FROM work_order AS w
  WHERE w.pegged = 1 AND (w.state = ''RELEASED'' OR w.state = ''IN_PROGRESS'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(88,'production-0009-rework','CREATE TABLE work_order_configuration_next (
  work_order_id INTEGER NOT NULL REFERENCES work_order (id),
  rework INTEGER NOT NULL CHECK (rework >= 0),
  configuration TEXT,
  PRIMARY KEY (work_order_id, rework)
) STRICT;
INSERT INTO work_order_configuration_next (work_order_id, rework, configuration)
SELECT work_order_id, 0, configuration FROM work_order_configuration;
DROP TABLE work_order_configuration;
ALTER TABLE work_order_configuration_next RENAME TO work_order_configuration;

CREATE TABLE work_order_component_next (
  work_order_id INTEGER NOT NULL REFERENCES work_order (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  required INTEGER NOT NULL CHECK (required >= 0),
  issued INTEGER NOT NULL DEFAULT 0 CHECK (issued >= 0),
  cost_minor INTEGER NOT NULL DEFAULT 0 CHECK (cost_minor >= 0),
  supply_number TEXT,
  spoiled INTEGER NOT NULL DEFAULT 0 CHECK (spoiled >= 0),
  PRIMARY KEY (work_order_id, line_no),
  CHECK (spoiled <= issued AND spoiled <= required)
) STRICT;
INSERT INTO work_order_component_next (
  work_order_id, line_no, product_id, sku, unit, required, issued, cost_minor, supply_number)
SELECT
  work_order_id, line_no, product_id, sku, unit, required, issued, cost_minor, supply_number
FROM work_order_component;
DROP TABLE work_order_component;
ALTER TABLE work_order_component_next RENAME TO work_order_component;

ALTER TABLE work_order_operation ADD COLUMN rework INTEGER NOT NULL DEFAULT 0
  CHECK (rework >= 0);
ALTER TABLE work_order_operation ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0
  CHECK (dropped = 0 OR dropped = 1);
DROP VIEW view_work_in_hand;
CREATE VIEW view_work_in_hand AS
  SELECT w.root_kind, w.root_number, w.number, COALESCE((
      SELECT o.is_inspection FROM work_order_operation AS o
      WHERE o.work_order_id = w.id AND o.done = 0 AND o.dropped = 0
      ORDER BY o.sequence LIMIT 1), 0)
      AS waits_for_inspection
  FROM work_order AS w
  WHERE w.pegged = 1 AND (w.state = ''RELEASED'' OR w.state = ''IN_PROGRESS'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(89,'orders-0001-sales-order','CREATE TABLE sales_order (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (
    state = ''DRAFT'' OR state = ''SUBMITTED'' OR state = ''CONFIRMED'' OR
    state = ''PARTLY_SHIPPED'' OR state = ''SHIPPED'' OR state = ''DELIVERED'' OR
    state = ''CLOSED'' OR state = ''CANCELLED''),
  channel TEXT NOT NULL,
  external_id TEXT,
  customer_code TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  warehouse_code TEXT NOT NULL,
  currency TEXT NOT NULL,
  requested_on INTEGER,
  shortage_rule TEXT NOT NULL CHECK (shortage_rule IN (''WAIT'', ''REFUSE'')),
  note TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_on INTEGER NOT NULL,
  net_days INTEGER NOT NULL CHECK (net_days >= 0),
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  gross_minor INTEGER NOT NULL,
  deposit_required_minor INTEGER NOT NULL
    CHECK (deposit_required_minor BETWEEN 0 AND gross_minor),
  approver_role TEXT,
  decided_by TEXT,
  approval_explanation TEXT NOT NULL,
  CHECK (gross_minor = net_minor + tax_minor),
  CHECK (decided_by IS NULL OR approver_role IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX sales_order_external_id ON sales_order (external_id, channel)
  WHERE external_id IS NOT NULL;
CREATE INDEX sales_order_day ON sales_order (created_on, id);
CREATE INDEX sales_order_customer ON sales_order (customer_code, created_on, id);
CREATE INDEX sales_order_state ON sales_order (state, created_on, id);
CREATE INDEX sales_order_channel ON sales_order (channel, created_on, id);

CREATE TABLE sales_order_line (
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  product_id INTEGER REFERENCES product (id),
  sku TEXT NOT NULL,
  description TEXT NOT NULL,
  unit TEXT NOT NULL,
  sourcing TEXT CHECK (
    sourcing = ''STOCK'' OR sourcing = ''MAKE'' OR sourcing = ''SERVICE''),
  ordered INTEGER NOT NULL CHECK (ordered > 0),
  cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  shipped INTEGER NOT NULL DEFAULT 0 CHECK (shipped >= 0),
  delivered INTEGER NOT NULL DEFAULT 0 CHECK (delivered BETWEEN 0 AND shipped),
  invoiced INTEGER NOT NULL DEFAULT 0 CHECK (invoiced BETWEEN 0 AND delivered),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  discount_micros INTEGER NOT NULL CHECK (discount_micros BETWEEN 0 AND 1000000),
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_rate_micros INTEGER NOT NULL CHECK (tax_rate_micros BETWEEN 0 AND 1000000),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  currency TEXT NOT NULL,
  note TEXT NOT NULL,
  price_explanation TEXT NOT NULL,
  PRIMARY KEY (sales_order_id, line_number),
  CHECK (shipped + cancelled <= ordered)
) STRICT, WITHOUT ROWID;

CREATE TABLE sales_order_cancellation (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  line_number INTEGER NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  reason TEXT NOT NULL,
  comment TEXT NOT NULL,
  cancelled_by TEXT NOT NULL,
  cancelled_at INTEGER NOT NULL,
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number)
) STRICT;
CREATE INDEX sales_order_cancellation_line
  ON sales_order_cancellation (sales_order_id, line_number);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(90,'orders-0002-approval-rule','CREATE TABLE approval_rule (
  position INTEGER PRIMARY KEY CHECK (position > 0),
  customer_class TEXT,
  minimum_gross_minor INTEGER CHECK (minimum_gross_minor >= 0),
  currency TEXT,
  approver_role TEXT,
  CHECK ((minimum_gross_minor IS NULL) = (currency IS NULL))
) STRICT;
INSERT INTO approval_rule
  (position, customer_class, minimum_gross_minor, currency, approver_role)
VALUES (1, ''VIP'', NULL, NULL, NULL), (2, NULL, 500000, ''CNY'', ''GENERAL_MANAGER'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(91,'orders-0003-shipment','CREATE TABLE shipment (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  order_number TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = ''PREPARED'' OR state = ''PICKED'' OR state = ''PACKED'' OR state = ''DISPATCHED'' OR
    state = ''DELIVERED'' OR state = ''CANCELLED''),
  cartons INTEGER NOT NULL DEFAULT 0 CHECK (cartons >= 0),
  carrier TEXT NOT NULL DEFAULT '''',
  tracking_number TEXT NOT NULL DEFAULT '''',
  dispatched_on INTEGER,
  delivered_on INTEGER,
  received_by TEXT NOT NULL DEFAULT ''''
) STRICT;
CREATE INDEX shipment_order ON shipment (sales_order_id, id);

CREATE TABLE shipment_line (
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  sales_order_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  cost_minor INTEGER CHECK (cost_minor >= 0),
  currency TEXT NOT NULL,
  PRIMARY KEY (shipment_id, line_number),
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number)
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(92,'orders-0004-pricing','CREATE TABLE pricing_rules (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  has_tax_policies INTEGER NOT NULL DEFAULT 0 CHECK (has_tax_policies IN (0, 1))
) STRICT;
INSERT INTO pricing_rules (id) VALUES (1);

CREATE TABLE tax_policy_rule (
  position INTEGER PRIMARY KEY CHECK (position > 0),
  channel TEXT,
  customer_class TEXT,
  tax_included INTEGER NOT NULL CHECK (tax_included IN (0, 1)),
  tax_scope TEXT NOT NULL CHECK (tax_scope = ''LINE'' OR tax_scope = ''DOCUMENT''),
  rounding TEXT NOT NULL CHECK (rounding = ''HALF_AWAY'' OR rounding = ''HALF_EVEN'')
) STRICT;

ALTER TABLE sales_order ADD COLUMN tax_included INTEGER NOT NULL DEFAULT 0
  CHECK (tax_included IN (0, 1));
ALTER TABLE sales_order ADD COLUMN tax_scope TEXT NOT NULL DEFAULT ''LINE''
  CHECK (tax_scope = ''LINE'' OR tax_scope = ''DOCUMENT'');
ALTER TABLE sales_order ADD COLUMN rounding TEXT NOT NULL DEFAULT ''HALF_AWAY''
  CHECK (rounding = ''HALF_AWAY'' OR rounding = ''HALF_EVEN'');
ALTER TABLE sales_order ADD COLUMN discount_micros INTEGER
  CHECK (discount_micros BETWEEN 0 AND 1000000);
ALTER TABLE sales_order ADD COLUMN discount_minor INTEGER CHECK (discount_minor >= 0);
ALTER TABLE sales_order_line ADD COLUMN reduction_minor INTEGER NOT NULL DEFAULT 0
  CHECK (reduction_minor >= 0);

CREATE TABLE sales_order_adjustment (
  sales_order_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  position INTEGER NOT NULL CHECK (position > 0),
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  PRIMARY KEY (sales_order_id, line_number, position),
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(93,'orders-0005-approval-bands','ALTER TABLE approval_rule ADD COLUMN minimum_discount_micros INTEGER
  CHECK (minimum_discount_micros BETWEEN 0 AND 1000000);
ALTER TABLE approval_rule ADD COLUMN margin_below_micros INTEGER
  CHECK (margin_below_micros BETWEEN -1000000 AND 1000000);
ALTER TABLE approval_rule ADD COLUMN exempt_role TEXT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(94,'orders-0006-promotion','ALTER TABLE pricing_rules ADD COLUMN has_promotions INTEGER NOT NULL DEFAULT 0
  CHECK (has_promotions IN (0, 1));
ALTER TABLE sales_order ADD COLUMN coupon_codes TEXT NOT NULL DEFAULT '''';

CREATE TABLE promotion (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER CHECK (valid_until >= valid_from),
  last_day INTEGER NOT NULL,
  channel TEXT,
  customer_class TEXT,
  stacking_group TEXT NOT NULL,
  is_exclusive INTEGER NOT NULL CHECK (is_exclusive IN (0, 1)),
  priority INTEGER NOT NULL,
  full_price_only INTEGER NOT NULL CHECK (full_price_only IN (0, 1)),
  needs_coupon INTEGER NOT NULL CHECK (needs_coupon IN (0, 1)),
  is_set INTEGER NOT NULL CHECK (is_set IN (0, 1)),
  minimum_quantity INTEGER NOT NULL CHECK (minimum_quantity >= 0),
  minimum_amount_minor INTEGER CHECK (minimum_amount_minor >= 0),
  share_micros INTEGER CHECK (share_micros BETWEEN 1 AND 1000000),
  amount_minor INTEGER CHECK (amount_minor >= 0),
  set_price_minor INTEGER CHECK (set_price_minor >= 0),
  cap_minor INTEGER CHECK (cap_minor >= 0),
  currency TEXT,
  CHECK ((share_micros IS NULL) + (amount_minor IS NULL) + (set_price_minor IS NULL) = 2),
  CHECK (set_price_minor IS NULL OR is_set = 1)
) STRICT;
CREATE INDEX promotion_last_day ON promotion (last_day, valid_from);

CREATE TABLE promotion_item (
  promotion_id INTEGER NOT NULL REFERENCES promotion (id),
  position INTEGER NOT NULL CHECK (position > 0),
  sku TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity >= 0),
  PRIMARY KEY (promotion_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE coupon (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  promotion_code TEXT NOT NULL REFERENCES promotion (code),
  customer_code TEXT,
  valid_until INTEGER,
  usage_limit INTEGER NOT NULL CHECK (usage_limit > 0),
  customer_limit INTEGER CHECK (customer_limit > 0),
  redeemed INTEGER NOT NULL CHECK (redeemed BETWEEN 0 AND usage_limit)
) STRICT;

CREATE TABLE coupon_redemption (
  coupon_id INTEGER NOT NULL REFERENCES coupon (id),
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  customer_code TEXT NOT NULL,
  PRIMARY KEY (coupon_id, sales_order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX coupon_redemption_customer ON coupon_redemption (coupon_id, customer_code);
CREATE INDEX coupon_redemption_order ON coupon_redemption (sales_order_id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(95,'orders-0007-charge','ALTER TABLE pricing_rules ADD COLUMN has_charges INTEGER NOT NULL DEFAULT 0
  CHECK (has_charges IN (0, 1));

CREATE TABLE charge_rule (
  position INTEGER PRIMARY KEY CHECK (position > 0),
  charge TEXT NOT NULL,
  sku TEXT NOT NULL,
  occasion TEXT NOT NULL CHECK (
    occasion = ''ALWAYS'' OR occasion = ''DELIVERY'' OR occasion = ''STAIRS'' OR
    occasion = ''ASSEMBLY''),
  zone TEXT,
  channel TEXT,
  customer_class TEXT,
  below_minor INTEGER CHECK (below_minor >= 0),
  base_minor INTEGER CHECK (base_minor >= 0),
  kilogram_micros INTEGER CHECK (kilogram_micros >= 0),
  cubic_metre_micros INTEGER CHECK (cubic_metre_micros >= 0),
  piece_micros INTEGER CHECK (piece_micros >= 0),
  floor_micros INTEGER CHECK (floor_micros >= 0),
  share_micros INTEGER NOT NULL CHECK (share_micros BETWEEN 0 AND 1000000),
  cap_minor INTEGER CHECK (cap_minor >= 0),
  currency TEXT NOT NULL
) STRICT;

ALTER TABLE sales_order ADD COLUMN delivery_zone TEXT;
ALTER TABLE sales_order ADD COLUMN delivery_floor INTEGER CHECK (delivery_floor >= 0);
ALTER TABLE sales_order ADD COLUMN delivery_lift INTEGER CHECK (delivery_lift IN (0, 1));
ALTER TABLE sales_order ADD COLUMN delivery_assembly INTEGER
  CHECK (delivery_assembly IN (0, 1));
ALTER TABLE sales_order_line ADD COLUMN charge TEXT NOT NULL DEFAULT '''';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(96,'orders-0008-configuration','CREATE TABLE sales_order_configuration (
  sales_order_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  model_version INTEGER NOT NULL CHECK (model_version >= 0),
  settings TEXT NOT NULL,
  configuration TEXT,
  PRIMARY KEY (sales_order_id, line_number),
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(97,'orders-0009-order-owner','CREATE VIEW view_order_owner AS
  SELECT o.number, o.warehouse_code, c.owner, c.store_code,
    CASE o.state WHEN ''DRAFT'' THEN o.created_by END AS author
  FROM sales_order AS o LEFT JOIN view_customer_owner AS c ON c.code = o.customer_code;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(98,'orders-0010-quote','CREATE TABLE quote (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (
    state = ''OPEN'' OR state = ''WON'' OR state = ''LOST'' OR state = ''LAPSED''),
  customer_code TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  currency TEXT NOT NULL,
  gross_minor INTEGER NOT NULL CHECK (gross_minor >= 0),
  revisions INTEGER NOT NULL CHECK (revisions > 0),
  valid_until INTEGER NOT NULL,
  won_variant INTEGER CHECK (won_variant > 0),
  order_number TEXT UNIQUE REFERENCES sales_order (number),
  reason_code TEXT NOT NULL,
  comment TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_on INTEGER NOT NULL,
  decided_on INTEGER,
  CHECK ((state = ''WON'') = (order_number IS NOT NULL)),
  CHECK ((state = ''WON'') = (won_variant IS NOT NULL)),
  CHECK ((state = ''OPEN'') = (decided_on IS NULL)),
  CHECK (state <> ''LOST'' OR reason_code <> '''')
) STRICT;
CREATE INDEX quote_customer ON quote (customer_code, id);
CREATE INDEX quote_state ON quote (state, id);
CREATE INDEX quote_day ON quote (created_on);
CREATE INDEX quote_open ON quote (valid_until, id) WHERE state = ''OPEN'';

CREATE TABLE quote_revision (
  quote_id INTEGER NOT NULL REFERENCES quote (id),
  revision INTEGER NOT NULL CHECK (revision > 0),
  valid_until INTEGER NOT NULL,
  note TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_roles TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (quote_id, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE quote_variant (
  quote_id INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  variant_number INTEGER NOT NULL CHECK (variant_number > 0),
  title TEXT NOT NULL,
  channel TEXT NOT NULL,
  external_id TEXT,
  warehouse_code TEXT NOT NULL,
  requested_on INTEGER,
  shortage_rule TEXT NOT NULL CHECK (shortage_rule IN (''WAIT'', ''REFUSE'')),
  note TEXT NOT NULL,
  discount_micros INTEGER CHECK (discount_micros BETWEEN 0 AND 1000000),
  discount_minor INTEGER CHECK (discount_minor >= 0),
  coupon_codes TEXT NOT NULL,
  delivery_zone TEXT,
  delivery_floor INTEGER CHECK (delivery_floor >= 0),
  delivery_lift INTEGER CHECK (delivery_lift IN (0, 1)),
  delivery_assembly INTEGER CHECK (delivery_assembly IN (0, 1)),
  net_days INTEGER NOT NULL CHECK (net_days >= 0),
  tax_included INTEGER NOT NULL CHECK (tax_included IN (0, 1)),
  tax_scope TEXT NOT NULL CHECK (tax_scope = ''LINE'' OR tax_scope = ''DOCUMENT''),
  rounding TEXT NOT NULL CHECK (rounding = ''HALF_AWAY'' OR rounding = ''HALF_EVEN''),
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  gross_minor INTEGER NOT NULL,
  deposit_required_minor INTEGER NOT NULL
    CHECK (deposit_required_minor BETWEEN 0 AND gross_minor),
  largest_discount_micros INTEGER NOT NULL
    CHECK (largest_discount_micros BETWEEN 0 AND 1000000),
  approver_role TEXT,
  decided_by TEXT,
  approval_explanation TEXT NOT NULL,
  PRIMARY KEY (quote_id, revision, variant_number),
  FOREIGN KEY (quote_id, revision) REFERENCES quote_revision (quote_id, revision),
  CHECK (gross_minor = net_minor + tax_minor),
  CHECK (decided_by IS NULL OR approver_role IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE quote_line (
  quote_id INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  variant_number INTEGER NOT NULL,
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  description TEXT NOT NULL,
  unit TEXT NOT NULL,
  sourcing TEXT NOT NULL CHECK (
    sourcing = ''STOCK'' OR sourcing = ''MAKE'' OR sourcing = ''SERVICE''),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  discount_micros INTEGER NOT NULL CHECK (discount_micros BETWEEN 0 AND 1000000),
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_rate_micros INTEGER NOT NULL CHECK (tax_rate_micros BETWEEN 0 AND 1000000),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  note TEXT NOT NULL,
  charge TEXT NOT NULL,
  price_explanation TEXT NOT NULL,
  adjustments TEXT NOT NULL,
  model_version INTEGER CHECK (model_version >= 0),
  settings TEXT,
  configuration TEXT,
  PRIMARY KEY (quote_id, revision, variant_number, line_number),
  FOREIGN KEY (quote_id, revision, variant_number)
    REFERENCES quote_variant (quote_id, revision, variant_number),
  CHECK ((model_version IS NULL) = (settings IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE quote_reason (
  position INTEGER PRIMARY KEY CHECK (position > 0),
  code TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome = ''WON'' OR outcome = ''LOST'')
) STRICT;
INSERT INTO quote_reason (position, code, text, outcome) VALUES
  (1, ''GOOD_PRICE'', ''The price was right'', ''WON''),
  (2, ''DESIGN'', ''Design and quality'', ''WON''),
  (3, ''SHORT_WAIT'', ''Sooner than others'', ''WON''),
  (4, ''TRUST'', ''Advice and service'', ''WON''),
  (5, ''TOO_EXPENSIVE'', ''Too expensive'', ''LOST''),
  (6, ''TOO_LATE'', ''It would have taken too long'', ''LOST''),
  (7, ''COMPETITOR'', ''Bought elsewhere'', ''LOST''),
  (8, ''NOT_SUITABLE'', ''Not what was looked for'', ''LOST''),
  (9, ''NOT_NEEDED'', ''Plans have changed'', ''LOST'');

CREATE VIEW view_quote_owner AS
  SELECT q.number, c.owner, c.store_code, q.created_by AS author
  FROM quote AS q LEFT JOIN view_customer_owner AS c ON c.code = q.customer_code;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(99,'orders-0011-change','ALTER TABLE sales_order ADD COLUMN priced_on INTEGER;

CREATE TABLE sales_order_version (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  version INTEGER NOT NULL CHECK (version > 0),
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  requested_on INTEGER,
  discount_micros INTEGER,
  discount_minor INTEGER,
  delivery_zone TEXT,
  delivery_floor INTEGER,
  delivery_lift INTEGER,
  delivery_assembly INTEGER,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  gross_minor INTEGER NOT NULL,
  deposit_required_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  UNIQUE (sales_order_id, version)
) STRICT;

CREATE TABLE sales_order_version_line (
  version_id INTEGER NOT NULL REFERENCES sales_order_version (id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  ordered INTEGER NOT NULL CHECK (ordered > 0),
  unit_price_micros INTEGER NOT NULL,
  discount_micros INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  charge TEXT NOT NULL,
  PRIMARY KEY (version_id, line_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE sales_order_hold (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  kind TEXT NOT NULL CHECK (
    kind = ''CREDIT'' OR kind = ''PRICE'' OR kind = ''ADDRESS'' OR kind = ''FRAUD'' OR
    kind = ''MATERIAL'' OR kind = ''CUSTOMER''),
  reason TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  released_by TEXT,
  released_at INTEGER,
  release_reason TEXT,
  CHECK ((released_by IS NULL) = (released_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX sales_order_hold_open ON sales_order_hold (sales_order_id, kind)
  WHERE released_at IS NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(100,'orders-0012-blanket','CREATE TABLE blanket (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  customer_code TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER NOT NULL CHECK (valid_until >= valid_from),
  note TEXT NOT NULL,
  close_reason TEXT,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX blanket_customer ON blanket (customer_code, id);

CREATE TABLE blanket_line (
  blanket_id INTEGER NOT NULL REFERENCES blanket (id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  description TEXT NOT NULL,
  unit TEXT NOT NULL,
  agreed INTEGER NOT NULL CHECK (agreed > 0),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  currency TEXT NOT NULL,
  tax_included INTEGER NOT NULL CHECK (tax_included IN (0, 1)),
  price_explanation TEXT NOT NULL,
  PRIMARY KEY (blanket_id, line_number),
  UNIQUE (blanket_id, product_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE sales_order ADD COLUMN blanket_number TEXT;
CREATE INDEX sales_order_blanket ON sales_order (blanket_number, id)
  WHERE blanket_number IS NOT NULL;

ALTER TABLE quote_revision ADD COLUMN created_on INTEGER NOT NULL DEFAULT 0;
UPDATE quote_revision
SET created_on = (SELECT q.created_on FROM quote AS q WHERE q.id = quote_id);

CREATE VIEW view_blanket_owner AS
  SELECT b.number, c.owner, c.store_code, b.created_by AS author
  FROM blanket AS b LEFT JOIN view_customer_owner AS c ON c.code = b.customer_code;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(101,'orders-0014-delivery-address','CREATE TABLE sales_order_address (
  sales_order_id INTEGER PRIMARY KEY REFERENCES sales_order (id),
  address_id INTEGER NOT NULL,
  label TEXT NOT NULL,
  country_code TEXT NOT NULL,
  region_code TEXT NOT NULL,
  street TEXT NOT NULL,
  postcode TEXT NOT NULL,
  contact_name TEXT NOT NULL,
  contact_phone TEXT NOT NULL
) STRICT;
ALTER TABLE sales_order_version ADD COLUMN delivery_address_id INTEGER;
ALTER TABLE quote_variant ADD COLUMN delivery_address_id INTEGER;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(102,'orders-0015-cancellation','CREATE TABLE cancel_reason (
  position INTEGER PRIMARY KEY CHECK (position > 0),
  code TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL,
  fault TEXT NOT NULL CHECK (
    fault = ''CUSTOMER'' OR fault = ''SELLER'' OR fault = ''NOBODY'')
) STRICT;
INSERT INTO cancel_reason (position, code, text, fault) VALUES
  (1, ''CUSTOMER_WISH'', ''The customer no longer wants it'', ''CUSTOMER''),
  (2, ''TOO_LATE'', ''It takes too long'', ''NOBODY''),
  (3, ''PRICE'', ''Found cheaper elsewhere'', ''CUSTOMER''),
  (4, ''NOT_AVAILABLE'', ''The goods cannot be had'', ''SELLER''),
  (5, ''ENTRY_ERROR'', ''Entered twice or wrongly'', ''NOBODY''),
  (6, ''NOT_PAID'', ''It was not paid'', ''CUSTOMER'');

CREATE TABLE cancellation_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  earnest_cap_micros INTEGER NOT NULL CHECK (earnest_cap_micros BETWEEN 0 AND 1000000),
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX cancellation_policy_day ON cancellation_policy (valid_from, version);
INSERT INTO cancellation_policy
  (version, valid_from, earnest_cap_micros, reason, made_by, made_at)
VALUES (1, -719162, 200000, ''As shipped: cancelling is free'', '''', 0);

CREATE TABLE cancellation_rule (
  policy_version INTEGER NOT NULL REFERENCES cancellation_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  stage TEXT CHECK (
    stage = ''CONFIRMED'' OR stage = ''IN_WORK'' OR stage = ''MADE'' OR stage = ''SET_APART''),
  sourcing TEXT CHECK (sourcing = ''STOCK'' OR sourcing = ''MAKE'' OR sourcing = ''SERVICE''),
  customer_class TEXT,
  share_micros INTEGER NOT NULL CHECK (share_micros BETWEEN 0 AND 1000000),
  fixed_minor INTEGER CHECK (fixed_minor >= 0),
  minimum_minor INTEGER CHECK (minimum_minor >= 0),
  maximum_minor INTEGER CHECK (maximum_minor >= minimum_minor OR minimum_minor IS NULL),
  waives_earnest INTEGER NOT NULL CHECK (waives_earnest IN (0, 1)),
  approver_role TEXT,
  approval_from_minor INTEGER CHECK (approval_from_minor >= 0),
  currency TEXT,
  PRIMARY KEY (policy_version, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE cancellation (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  reason_code TEXT NOT NULL,
  fault TEXT NOT NULL,
  stage TEXT NOT NULL,
  policy_version INTEGER NOT NULL REFERENCES cancellation_policy (version),
  comment TEXT NOT NULL,
  cancelled_by TEXT NOT NULL,
  approved_by TEXT,
  cancelled_on INTEGER NOT NULL,
  cancelled_at INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  fee_minor INTEGER NOT NULL CHECK (fee_minor BETWEEN 0 AND amount_minor),
  fee_paid_minor INTEGER NOT NULL CHECK (fee_paid_minor BETWEEN 0 AND fee_minor),
  forfeited_minor INTEGER NOT NULL CHECK (forfeited_minor >= 0),
  compensation_minor INTEGER NOT NULL CHECK (compensation_minor >= 0),
  sunk_minor INTEGER NOT NULL CHECK (sunk_minor >= 0),
  held_minor INTEGER NOT NULL,
  refund_minor INTEGER NOT NULL CHECK (refund_minor >= 0),
  kept_minor INTEGER NOT NULL CHECK (kept_minor >= 0),
  currency TEXT NOT NULL,
  fee_invoice TEXT,
  explanation TEXT NOT NULL,
  CHECK (held_minor = forfeited_minor + fee_paid_minor + refund_minor + kept_minor)
) STRICT;
CREATE INDEX cancellation_order ON cancellation (sales_order_id);
CREATE INDEX cancellation_day ON cancellation (cancelled_on);
ALTER TABLE sales_order_cancellation
  ADD COLUMN cancellation_id INTEGER REFERENCES cancellation (id);
ALTER TABLE sales_order_cancellation ADD COLUMN amount_minor INTEGER;
CREATE INDEX sales_order_cancellation_whole ON sales_order_cancellation (cancellation_id)
  WHERE cancellation_id IS NOT NULL;

CREATE TABLE cancel_request (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  base_version INTEGER NOT NULL,
  reason_code TEXT NOT NULL,
  comment TEXT NOT NULL,
  role TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  fee_minor INTEGER NOT NULL,
  forfeited_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  essence TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (
    state = ''PENDING'' OR state = ''APPROVED'' OR state = ''REJECTED''),
  decided_by TEXT,
  decided_at INTEGER,
  decision TEXT,
  CHECK ((state = ''PENDING'') = (decided_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX cancel_request_pending ON cancel_request (sales_order_id)
  WHERE state = ''PENDING'';
CREATE INDEX cancel_request_waiting ON cancel_request (id) WHERE state = ''PENDING'';

CREATE TABLE cancel_request_line (
  request_id INTEGER NOT NULL REFERENCES cancel_request (id),
  position INTEGER NOT NULL CHECK (position > 0),
  line_number INTEGER NOT NULL,
  quantity INTEGER CHECK (quantity > 0),
  unit TEXT,
  PRIMARY KEY (request_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_refund (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  state TEXT NOT NULL CHECK (
    state = ''PROPOSED'' OR state = ''PAID'' OR state = ''DECLINED''),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  compensation_minor INTEGER NOT NULL CHECK (compensation_minor >= 0),
  currency TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  method TEXT,
  external_reference TEXT,
  comment TEXT,
  CHECK (amount_minor + compensation_minor > 0),
  CHECK ((state = ''PROPOSED'') = (decided_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX order_refund_proposed ON order_refund (sales_order_id)
  WHERE state = ''PROPOSED'';
CREATE INDEX order_refund_state ON order_refund (state, id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(103,'orders-0016-validation','CREATE TABLE validation_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX validation_policy_day ON validation_policy (valid_from, version);
INSERT INTO validation_policy (version, valid_from, reason, made_by, made_at)
VALUES (1, -719162, ''As shipped: nothing is looked for'', '''', 0);
ALTER TABLE pricing_rules ADD COLUMN has_validation INTEGER NOT NULL DEFAULT 0
  CHECK (has_validation IN (0, 1));

CREATE TABLE validation_rule (
  policy_version INTEGER NOT NULL REFERENCES validation_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  code TEXT NOT NULL,
  channel TEXT,
  customer_class TEXT,
  sourcing TEXT CHECK (sourcing = ''STOCK'' OR sourcing = ''MAKE'' OR sourcing = ''SERVICE''),
  condition TEXT NOT NULL CHECK (
    condition = ''REQUIRED'' OR condition = ''FORMAT'' OR condition = ''REGION'' OR
    condition = ''QUANTITY'' OR condition = ''AMOUNT'' OR condition = ''DUPLICATE''),
  element TEXT,
  patterns TEXT,
  country_code TEXT,
  postcode_prefix TEXT,
  region_prefix TEXT,
  factor_micros INTEGER CHECK (factor_micros > 0),
  minimum_history INTEGER CHECK (minimum_history > 0),
  least_spread_micros INTEGER CHECK (least_spread_micros >= 0),
  hours INTEGER CHECK (hours > 0),
  hold TEXT,
  PRIMARY KEY (policy_version, position),
  UNIQUE (policy_version, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE sales_order_hold_next (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  kind TEXT NOT NULL CHECK (
    kind = ''CREDIT'' OR kind = ''PRICE'' OR kind = ''ADDRESS'' OR kind = ''FRAUD'' OR
    kind = ''MATERIAL'' OR kind = ''CUSTOMER'' OR kind = ''DUPLICATE'' OR kind = ''OUTLIER'' OR
    kind = ''DATA''),
  reason TEXT NOT NULL,
  explanation TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  released_by TEXT,
  released_at INTEGER,
  release_reason TEXT,
  CHECK ((released_by IS NULL) = (released_at IS NULL))
) STRICT;
INSERT INTO sales_order_hold_next (id, sales_order_id, kind, reason, explanation, set_by,
  set_at, released_by, released_at, release_reason)
SELECT id, sales_order_id, kind, reason, '''', set_by, set_at, released_by, released_at,
  release_reason
FROM sales_order_hold;
DROP TABLE sales_order_hold;
ALTER TABLE sales_order_hold_next RENAME TO sales_order_hold;
CREATE UNIQUE INDEX sales_order_hold_open ON sales_order_hold (sales_order_id, kind)
  WHERE released_at IS NULL;

ALTER TABLE sales_order ADD COLUMN line_fingerprint INTEGER;
CREATE INDEX sales_order_fingerprint
  ON sales_order (customer_code, line_fingerprint, created_at)
  WHERE line_fingerprint IS NOT NULL;

CREATE TABLE order_finding (
  id INTEGER PRIMARY KEY,
  found_on INTEGER NOT NULL,
  cause TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome = ''HELD'' OR outcome = ''REFUSED''),
  hold TEXT,
  channel TEXT NOT NULL,
  source TEXT NOT NULL,
  sales_order_id INTEGER REFERENCES sales_order (id),
  external_id TEXT NOT NULL,
  policy_version INTEGER REFERENCES validation_policy (version),
  warehouse_code TEXT NOT NULL,
  made_by TEXT NOT NULL,
  CHECK ((outcome = ''HELD'') = (sales_order_id IS NOT NULL)),
  CHECK ((outcome = ''HELD'') = (hold IS NOT NULL))
) STRICT;
CREATE INDEX order_finding_day ON order_finding (found_on, id);
CREATE INDEX order_finding_cause ON order_finding (cause, id);
CREATE UNIQUE INDEX order_finding_refusal
  ON order_finding (found_on, cause, external_id, channel) WHERE outcome = ''REFUSED'';
CREATE INDEX order_finding_order ON order_finding (sales_order_id)
  WHERE sales_order_id IS NOT NULL;

CREATE TABLE order_intake (
  channel TEXT NOT NULL,
  external_id TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  sales_order_id INTEGER NOT NULL UNIQUE REFERENCES sales_order (id),
  source TEXT NOT NULL,
  PRIMARY KEY (external_id, channel)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(104,'orders-0017-marketplaces','CREATE TABLE marketplace (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  customer_code TEXT NOT NULL,
  warehouse_code TEXT NOT NULL,
  tolerance_micros INTEGER NOT NULL CHECK (tolerance_micros BETWEEN 0 AND 1000000)
) STRICT, WITHOUT ROWID;
CREATE TABLE marketplace_status (
  marketplace_code TEXT NOT NULL REFERENCES marketplace (code),
  state TEXT NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (marketplace_code, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE marketplace_product (
  marketplace_code TEXT NOT NULL REFERENCES marketplace (code),
  external_sku TEXT NOT NULL,
  sku TEXT NOT NULL,
  PRIMARY KEY (marketplace_code, external_sku)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(105,'orders-0018-promises','CREATE TABLE order_promise (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  promised_on INTEGER,
  expected_on INTEGER,
  state TEXT NOT NULL CHECK (state = ''WAITING'' OR state = ''READY'' OR state = ''GONE''),
  agreed INTEGER NOT NULL CHECK (agreed IN (0, 1)),
  late INTEGER NOT NULL CHECK (late IN (0, 1)),
  checked_on INTEGER NOT NULL,
  UNIQUE (sales_order_id, line_number),
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number),
  CHECK (late = 0 OR (state = ''WAITING'' AND expected_on IS NOT NULL))
) STRICT;
CREATE INDEX order_promise_late ON order_promise (id) WHERE late = 1;
CREATE INDEX order_promise_unknown ON order_promise (id)
  WHERE state = ''WAITING'' AND expected_on IS NULL;
CREATE INDEX order_promise_checked ON order_promise (checked_on, id) WHERE state = ''WAITING'';

CREATE TABLE order_promise_place (
  product_id INTEGER NOT NULL,
  warehouse_code TEXT NOT NULL,
  promise_id INTEGER NOT NULL REFERENCES order_promise (id),
  PRIMARY KEY (product_id, warehouse_code, promise_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_promise_place_promise ON order_promise_place (promise_id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(106,'orders-0019-allocation','CREATE TABLE allocation_policy (
  version INTEGER PRIMARY KEY,
  criteria TEXT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO allocation_policy (version, criteria, reason, made_by, made_at)
VALUES (1, ''PRIORITY CONFIRMED'', ''As shipped: first come, first served'', '''', 0);

CREATE TABLE priority_rule (
  policy_version INTEGER NOT NULL REFERENCES allocation_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  customer_class TEXT,
  from_gross_minor INTEGER CHECK (from_gross_minor >= 0),
  currency TEXT,
  within_days INTEGER CHECK (within_days >= 0),
  sku TEXT,
  points INTEGER NOT NULL CHECK (points BETWEEN -1000 AND 1000 AND points <> 0),
  PRIMARY KEY (policy_version, position),
  CHECK ((from_gross_minor IS NULL) = (currency IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE order_priority (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  score INTEGER,
  reason TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at INTEGER NOT NULL
) STRICT;
CREATE INDEX order_priority_order ON order_priority (sales_order_id, id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(107,'orders-0020-shortage','CREATE TABLE shortage_choice (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  choice TEXT NOT NULL CHECK (
    choice = ''WAIT'' OR choice = ''SUBSTITUTE'' OR choice = ''PART_SHIP'' OR choice = ''CANCEL''),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  substitute_line INTEGER,
  agreed_on INTEGER,
  comment TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number),
  CHECK ((choice = ''SUBSTITUTE'') = (substitute_line IS NOT NULL))
) STRICT;
CREATE INDEX shortage_choice_line ON shortage_choice (sales_order_id, line_number);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(108,'orders-0021-exceptions','CREATE INDEX order_promise_short ON order_promise (id)
  WHERE state = ''WAITING'' AND late = 0 AND expected_on IS NOT NULL;
CREATE INDEX sales_order_hold_lasting ON sales_order_hold (id) WHERE released_at IS NULL;
CREATE INDEX shipment_packed ON shipment (id) WHERE state = ''PACKED'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(109,'orders-0022-preorders','CREATE TABLE presale (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL UNIQUE REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  opens_on INTEGER NOT NULL,
  closes_on INTEGER NOT NULL CHECK (closes_on >= opens_on),
  releases_on INTEGER NOT NULL,
  limit_micros INTEGER NOT NULL CHECK (limit_micros > 0),
  customer_limit_micros INTEGER CHECK (customer_limit_micros > 0),
  deposit_micros INTEGER NOT NULL CHECK (deposit_micros BETWEEN 1 AND 1000000),
  deposit_kind TEXT NOT NULL CHECK (
    deposit_kind = ''PREPAYMENT'' OR deposit_kind = ''EARNEST''),
  deposit_days INTEGER NOT NULL CHECK (deposit_days BETWEEN 0 AND 365)
) STRICT;

CREATE TABLE preorder (
  sales_order_id INTEGER PRIMARY KEY REFERENCES sales_order (id),
  deposit_kind TEXT NOT NULL CHECK (
    deposit_kind = ''PREPAYMENT'' OR deposit_kind = ''EARNEST''),
  due_on INTEGER NOT NULL
) STRICT;
CREATE INDEX preorder_due ON preorder (due_on);

CREATE TABLE preorder_product (
  presale_id INTEGER NOT NULL REFERENCES presale (id),
  sales_order_id INTEGER NOT NULL REFERENCES preorder (sales_order_id),
  PRIMARY KEY (presale_id, sales_order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX preorder_product_order ON preorder_product (sales_order_id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(110,'orders-0023-schedules','CREATE TABLE blanket_schedule (
  blanket_id INTEGER PRIMARY KEY REFERENCES blanket (id),
  channel TEXT NOT NULL,
  warehouse_code TEXT NOT NULL,
  address_id INTEGER
) STRICT;

CREATE TABLE blanket_delivery (
  id INTEGER PRIMARY KEY,
  blanket_id INTEGER NOT NULL REFERENCES blanket (id),
  due_on INTEGER NOT NULL,
  sales_order_id INTEGER UNIQUE REFERENCES sales_order (id)
) STRICT;
CREATE INDEX blanket_delivery_blanket ON blanket_delivery (blanket_id, due_on);
CREATE INDEX blanket_delivery_due ON blanket_delivery (due_on) WHERE sales_order_id IS NULL;

CREATE TABLE blanket_delivery_part (
  delivery_id INTEGER NOT NULL REFERENCES blanket_delivery (id),
  product_id INTEGER NOT NULL REFERENCES product (id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (delivery_id, product_id)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(111,'orders-0024-asked-quantity','ALTER TABLE sales_order_line ADD COLUMN asked_quantity INTEGER;
ALTER TABLE sales_order_line ADD COLUMN asked_unit TEXT;
ALTER TABLE quote_line ADD COLUMN asked_quantity INTEGER;
ALTER TABLE quote_line ADD COLUMN asked_unit TEXT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(112,'orders-0025-approvals','CREATE TABLE approval_policy (
  version INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO approval_policy (version, reason, made_by, made_at)
VALUES (1, ''As it was before rules had versions'', '''', 0);

CREATE TABLE approval_policy_rule (
  policy_version INTEGER NOT NULL REFERENCES approval_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  kind TEXT NOT NULL,
  customer_class TEXT,
  minimum_gross_minor INTEGER CHECK (minimum_gross_minor >= 0),
  currency TEXT,
  minimum_discount_micros INTEGER CHECK (minimum_discount_micros BETWEEN 0 AND 1000000),
  margin_below_micros INTEGER CHECK (margin_below_micros BETWEEN -1000000 AND 1000000),
  exempt_role TEXT,
  gross_below_minor INTEGER CHECK (gross_below_minor >= 0),
  window_hours INTEGER CHECK (window_hours > 0),
  country_code TEXT,
  region_prefix TEXT,
  product_class TEXT,
  is_parallel INTEGER NOT NULL CHECK (is_parallel IN (0, 1)),
  PRIMARY KEY (policy_version, position),
  CHECK ((country_code IS NULL) = (region_prefix IS NULL)),
  CHECK (window_hours IS NULL OR minimum_gross_minor IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO approval_policy_rule (policy_version, position, kind, customer_class,
  minimum_gross_minor, currency, minimum_discount_micros, margin_below_micros, exempt_role,
  is_parallel)
SELECT 1, position, ''ORDER'', customer_class, minimum_gross_minor, currency,
  minimum_discount_micros, margin_below_micros, exempt_role, 0
FROM approval_rule;

CREATE TABLE approval_policy_step (
  policy_version INTEGER NOT NULL,
  rule INTEGER NOT NULL,
  position INTEGER NOT NULL CHECK (position > 0),
  role TEXT NOT NULL,
  due_hours INTEGER CHECK (due_hours > 0),
  remind_hours INTEGER CHECK (remind_hours > 0),
  escalation_role TEXT,
  PRIMARY KEY (policy_version, rule, position),
  FOREIGN KEY (policy_version, rule)
    REFERENCES approval_policy_rule (policy_version, position),
  CHECK (escalation_role IS NULL OR due_hours IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO approval_policy_step (policy_version, rule, position, role)
SELECT 1, position, 1, approver_role FROM approval_rule WHERE approver_role IS NOT NULL;
DROP TABLE approval_rule;

CREATE TABLE approval_round (
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  round INTEGER NOT NULL CHECK (round > 0),
  policy_version INTEGER NOT NULL REFERENCES approval_policy (version),
  asked_by TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  is_change INTEGER NOT NULL CHECK (is_change IN (0, 1)),
  gross_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  discount_micros INTEGER NOT NULL,
  margin_micros INTEGER,
  region TEXT NOT NULL,
  is_refused INTEGER NOT NULL CHECK (is_refused IN (0, 1)),
  PRIMARY KEY (sales_order_id, round)
) STRICT, WITHOUT ROWID;
INSERT INTO approval_round (sales_order_id, round, policy_version, asked_by, asked_at,
  is_change, gross_minor, currency, discount_micros, region, is_refused)
SELECT id, 1, 1, created_by, created_at, 0, gross_minor, currency, 0, '''', 0
FROM sales_order WHERE state = ''SUBMITTED'' AND approver_role IS NOT NULL;

-- next_at: when the sweep has to look at it. decided_round: an earlier round, whose decision
-- still counts.
CREATE TABLE approval_step (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL,
  round INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  kind TEXT NOT NULL,
  rule INTEGER NOT NULL CHECK (rule >= 0),
  position INTEGER NOT NULL CHECK (position > 0),
  follows INTEGER NOT NULL CHECK (follows IN (0, 1)),
  role TEXT NOT NULL,
  due_hours INTEGER,
  remind_hours INTEGER,
  escalation_role TEXT,
  state TEXT NOT NULL CHECK (
    state = ''WAITING'' OR state = ''OPEN'' OR state = ''APPROVED'' OR state = ''REJECTED'' OR
    state = ''RETURNED'' OR state = ''DROPPED''),
  opened_at INTEGER,
  remind_at INTEGER,
  due_at INTEGER,
  next_at INTEGER,
  reminded_at INTEGER,
  escalated_at INTEGER,
  decided_by TEXT,
  standing_in_for TEXT NOT NULL,
  decided_at INTEGER,
  comment TEXT NOT NULL,
  decided_round INTEGER,
  UNIQUE (sales_order_id, round, number),
  FOREIGN KEY (sales_order_id, round) REFERENCES approval_round (sales_order_id, round),
  CHECK ((decided_by IS NOT NULL)
    = (state = ''APPROVED'' OR state = ''REJECTED'' OR state = ''RETURNED'')),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  CHECK (next_at IS NULL OR state = ''OPEN''),
  CHECK (decided_round < round OR decided_round IS NULL)
) STRICT;
CREATE INDEX approval_step_open ON approval_step (id) WHERE state = ''OPEN'';
CREATE INDEX approval_step_next ON approval_step (next_at, id) WHERE next_at IS NOT NULL;
INSERT INTO approval_step (sales_order_id, round, number, kind, rule, position, follows, role,
  state, opened_at, decided_by, standing_in_for, decided_at, comment)
SELECT id, 1, 1, ''ORDER'', 0, 1, 0, approver_role,
  CASE WHEN decided_by IS NULL THEN ''OPEN'' ELSE ''APPROVED'' END, created_at, decided_by, '''',
  CASE WHEN decided_by IS NULL THEN NULL ELSE created_at END, ''''
FROM sales_order WHERE state = ''SUBMITTED'' AND approver_role IS NOT NULL;

CREATE INDEX sales_order_priced ON sales_order (customer_code, priced_on)
  WHERE priced_on IS NOT NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(113,'orders-0026-cancellation-by-product','ALTER TABLE cancellation_rule ADD COLUMN product_class TEXT;
ALTER TABLE cancellation_rule ADD COLUMN is_forbidden INTEGER NOT NULL DEFAULT 0
  CHECK (is_forbidden IN (0, 1));',1795494813746568);
INSERT INTO "joinery_migration" VALUES(114,'orders-0027-appointments','CREATE TABLE delivery_slot (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind = ''DELIVERY'' OR kind = ''INSTALLATION''),
  warehouse_code TEXT NOT NULL,
  zone_code TEXT NOT NULL,
  crew_code TEXT NOT NULL,
  slot_on INTEGER NOT NULL,
  begins_minute INTEGER NOT NULL CHECK (begins_minute BETWEEN 0 AND 1439),
  ends_minute INTEGER NOT NULL CHECK (ends_minute BETWEEN 1 AND 1440),
  stops INTEGER NOT NULL CHECK (stops BETWEEN 0 AND 10000),
  minutes INTEGER CHECK (minutes > 0),
  volume_ccm INTEGER CHECK (volume_ccm > 0),
  booked_stops INTEGER NOT NULL DEFAULT 0,
  booked_minutes INTEGER NOT NULL DEFAULT 0,
  booked_volume_ccm INTEGER NOT NULL DEFAULT 0,
  CHECK (begins_minute < ends_minute),
  CHECK (booked_stops BETWEEN 0 AND stops),
  CHECK (booked_minutes >= 0 AND (minutes IS NULL OR booked_minutes <= minutes)),
  CHECK (booked_volume_ccm >= 0 AND (volume_ccm IS NULL OR booked_volume_ccm <= volume_ccm))
) STRICT;
CREATE INDEX delivery_slot_offer
  ON delivery_slot (warehouse_code, kind, slot_on, begins_minute, id);
CREATE INDEX delivery_slot_day ON delivery_slot (slot_on, begins_minute, id);
CREATE INDEX delivery_slot_crew ON delivery_slot (crew_code, slot_on);

CREATE TABLE appointment (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  order_number TEXT NOT NULL,
  slot_id INTEGER NOT NULL REFERENCES delivery_slot (id),
  kind TEXT NOT NULL CHECK (kind = ''DELIVERY'' OR kind = ''INSTALLATION''),
  state TEXT NOT NULL CHECK (
    state = ''BOOKED'' OR state = ''KEPT'' OR state = ''MISSED'' OR state = ''RELEASED''),
  minutes INTEGER NOT NULL CHECK (minutes >= 0),
  asked_minutes INTEGER CHECK (asked_minutes > 0),
  volume_ccm INTEGER NOT NULL CHECK (volume_ccm >= 0),
  explanation TEXT NOT NULL,
  booked_by TEXT NOT NULL,
  remark TEXT NOT NULL,
  missed_by TEXT CHECK (
    missed_by = ''CUSTOMER'' OR missed_by = ''CREW'' OR missed_by = ''GOODS''),
  CHECK ((missed_by IS NOT NULL) = (state = ''MISSED''))
) STRICT;
CREATE UNIQUE INDEX appointment_booked ON appointment (sales_order_id, kind)
  WHERE state = ''BOOKED'';
CREATE INDEX appointment_order ON appointment (sales_order_id, id);
CREATE INDEX appointment_slot ON appointment (slot_id, id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(115,'orders-0028-carriers','CREATE TABLE carrier_event (
  id INTEGER PRIMARY KEY,
  carrier TEXT NOT NULL,
  event_id TEXT NOT NULL,
  tracking_number TEXT NOT NULL,
  shipment_number TEXT NOT NULL,
  shipment_id INTEGER REFERENCES shipment (id),
  status TEXT NOT NULL CHECK (
    status = ''ACCEPTED'' OR status = ''IN_TRANSIT'' OR status = ''OUT_FOR_DELIVERY'' OR
    status = ''EXCEPTION'' OR status = ''REFUSED'' OR status = ''DELIVERED''),
  occurred_at INTEGER NOT NULL,
  place TEXT NOT NULL,
  text TEXT NOT NULL,
  told_at INTEGER NOT NULL,
  UNIQUE (carrier, event_id)
) STRICT;
CREATE INDEX carrier_event_shipment ON carrier_event (shipment_id, occurred_at, id);
CREATE INDEX carrier_event_unmatched ON carrier_event (id) WHERE shipment_id IS NULL;
CREATE INDEX carrier_event_waiting ON carrier_event (carrier, id) WHERE shipment_id IS NULL;
CREATE INDEX shipment_tracking ON shipment (tracking_number) WHERE tracking_number <> '''';

ALTER TABLE shipment ADD COLUMN carrier_status TEXT CHECK (
  carrier_status = ''ACCEPTED'' OR carrier_status = ''IN_TRANSIT'' OR
  carrier_status = ''OUT_FOR_DELIVERY'' OR carrier_status = ''EXCEPTION'' OR
  carrier_status = ''REFUSED'' OR carrier_status = ''DELIVERED'');

CREATE TABLE delivery_proof (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  signed_by TEXT NOT NULL,
  signed_at INTEGER NOT NULL,
  place TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  return_id INTEGER REFERENCES customer_return (id)
) STRICT;
CREATE TABLE delivery_proof_attachment (
  shipment_id INTEGER NOT NULL REFERENCES delivery_proof (shipment_id),
  position INTEGER NOT NULL CHECK (position > 0),
  digest TEXT NOT NULL,
  PRIMARY KEY (shipment_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE delivery_proof_line (
  shipment_id INTEGER NOT NULL REFERENCES delivery_proof (shipment_id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  refused INTEGER NOT NULL CHECK (refused >= 0),
  reason_code TEXT NOT NULL,
  cartons INTEGER NOT NULL CHECK (cartons >= 0),
  PRIMARY KEY (shipment_id, line_number),
  CHECK ((refused > 0) = (reason_code <> ''''))
) STRICT, WITHOUT ROWID;
CREATE TABLE delivery_proof_serial (
  shipment_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  serial TEXT NOT NULL,
  PRIMARY KEY (shipment_id, line_number, serial),
  FOREIGN KEY (shipment_id, line_number)
    REFERENCES delivery_proof_line (shipment_id, line_number)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(116,'orders-0029-loading','CREATE TABLE carton_load (
  shipment_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  unit INTEGER NOT NULL CHECK (unit > 0),
  carton INTEGER NOT NULL CHECK (carton > 0),
  loaded_by TEXT NOT NULL,
  loaded_at INTEGER NOT NULL,
  PRIMARY KEY (shipment_id, line_number, unit, carton),
  FOREIGN KEY (shipment_id, line_number) REFERENCES shipment_line (shipment_id, line_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE shipping_set (
  sales_order_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (sales_order_id, line_number),
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(117,'orders-0030-coverage','CREATE TABLE carrier_coverage (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX carrier_coverage_day ON carrier_coverage (valid_from, version);
CREATE TABLE carrier_coverage_row (
  version INTEGER NOT NULL REFERENCES carrier_coverage (version),
  zone_code TEXT NOT NULL,
  position INTEGER NOT NULL CHECK (position > 0),
  carrier TEXT NOT NULL,
  PRIMARY KEY (version, zone_code, position),
  UNIQUE (version, zone_code, carrier)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(118,'orders-0031-drop-shipments','ALTER TABLE sales_order_line ADD COLUMN drop_shipped INTEGER NOT NULL DEFAULT 0
  CHECK (drop_shipped IN (0, 1));
CREATE TABLE drop_shipment (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  purchase_order_number TEXT NOT NULL,
  receipt_number TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX drop_shipment_purchase ON drop_shipment (purchase_order_number);
ALTER TABLE pricing_rules ADD COLUMN has_presales INTEGER NOT NULL DEFAULT 0
  CHECK (has_presales IN (0, 1));
UPDATE pricing_rules SET has_presales = 1 WHERE EXISTS (SELECT 1 FROM presale);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(119,'orders-0032-promotion-limit','ALTER TABLE pricing_rules ADD COLUMN promotion_share_micros INTEGER
  CHECK (promotion_share_micros BETWEEN 1 AND 1000000);
ALTER TABLE pricing_rules ADD COLUMN promotion_minor INTEGER CHECK (promotion_minor >= 0);
ALTER TABLE pricing_rules ADD COLUMN promotion_currency TEXT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(120,'orders-0033-showroom','CREATE TABLE showroom_piece (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  warehouse_code TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = ''SHOWN'' OR state = ''LENT'' OR state = ''SOLD'' OR state = ''RESHELVED''),
  condition TEXT NOT NULL,
  discount_micros INTEGER NOT NULL CHECK (discount_micros BETWEEN 0 AND 1000000),
  shown_on INTEGER NOT NULL,
  shown_by TEXT NOT NULL,
  order_number TEXT UNIQUE,
  CHECK ((state = ''SOLD'') = (order_number IS NOT NULL))
) STRICT;

CREATE TABLE showroom_loan (
  id INTEGER PRIMARY KEY,
  piece_id INTEGER NOT NULL REFERENCES showroom_piece (id),
  customer_code TEXT NOT NULL,
  lent_on INTEGER NOT NULL,
  due_back_on INTEGER NOT NULL CHECK (due_back_on >= lent_on),
  returned_on INTEGER
) STRICT;
CREATE INDEX showroom_loan_piece ON showroom_loan (piece_id);
CREATE UNIQUE INDEX showroom_loan_open ON showroom_loan (piece_id) WHERE returned_on IS NULL;
CREATE INDEX showroom_loan_customer ON showroom_loan (customer_code);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(121,'orders-0034-repairs','CREATE TABLE repair (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL UNIQUE REFERENCES sales_order (id),
  origin_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  origin_line INTEGER NOT NULL CHECK (origin_line > 0),
  component TEXT NOT NULL,
  reason_code TEXT NOT NULL,
  responsible TEXT NOT NULL,
  is_free INTEGER NOT NULL CHECK (is_free IN (0, 1)),
  waived_minor INTEGER NOT NULL CHECK (waived_minor >= 0),
  currency TEXT NOT NULL,
  explanation TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL
) STRICT;
CREATE INDEX repair_origin ON repair (origin_order_id, id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(122,'orders-0035-validation-payment','CREATE TABLE validation_rule_next (
  policy_version INTEGER NOT NULL REFERENCES validation_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  code TEXT NOT NULL,
  channel TEXT,
  customer_class TEXT,
  sourcing TEXT CHECK (sourcing = ''STOCK'' OR sourcing = ''MAKE'' OR sourcing = ''SERVICE''),
  condition TEXT NOT NULL CHECK (
    condition = ''REQUIRED'' OR condition = ''FORMAT'' OR condition = ''REGION'' OR
    condition = ''QUANTITY'' OR condition = ''AMOUNT'' OR condition = ''DUPLICATE'' OR
    condition = ''OVERDUE'' OR condition = ''TERMS''),
  element TEXT,
  patterns TEXT,
  country_code TEXT,
  postcode_prefix TEXT,
  region_prefix TEXT,
  factor_micros INTEGER CHECK (factor_micros > 0),
  minimum_history INTEGER CHECK (minimum_history > 0),
  least_spread_micros INTEGER CHECK (least_spread_micros >= 0),
  hours INTEGER CHECK (hours > 0),
  overdue_days INTEGER CHECK (overdue_days >= 0),
  most_net_days INTEGER CHECK (most_net_days >= 0),
  least_deposit_micros INTEGER CHECK (least_deposit_micros BETWEEN 0 AND 1000000),
  fewer_closed INTEGER CHECK (fewer_closed > 0),
  hold TEXT,
  PRIMARY KEY (policy_version, position),
  UNIQUE (policy_version, code)
) STRICT, WITHOUT ROWID;
INSERT INTO validation_rule_next (policy_version, position, code, channel, customer_class,
  sourcing, condition, element, patterns, country_code, postcode_prefix, region_prefix,
  factor_micros, minimum_history, least_spread_micros, hours, hold)
SELECT policy_version, position, code, channel, customer_class, sourcing, condition, element,
  patterns, country_code, postcode_prefix, region_prefix, factor_micros, minimum_history,
  least_spread_micros, hours, hold
FROM validation_rule;
DROP TABLE validation_rule;
ALTER TABLE validation_rule_next RENAME TO validation_rule;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(123,'orders-0036-change-requests','CREATE TABLE change_policy (
  version INTEGER PRIMARY KEY,
  expire_hours INTEGER CHECK (expire_hours > 0),
  slack_days INTEGER NOT NULL CHECK (slack_days BETWEEN 0 AND 60),
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO change_policy (version, expire_hours, slack_days, reason, made_by, made_at)
VALUES (1, 90, 0, ''As shipped: requests end after two weeks'', '''', 0);

-- kinds and stages: words with blanks between; empty for any.
CREATE TABLE change_policy_rule (
  policy_version INTEGER NOT NULL REFERENCES change_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  kinds TEXT NOT NULL,
  stages TEXT NOT NULL,
  minimum_minor INTEGER CHECK (minimum_minor >= 0),
  currency TEXT,
  role TEXT NOT NULL,
  due_hours INTEGER CHECK (due_hours > 0),
  remind_hours INTEGER CHECK (remind_hours > 0),
  escalation_role TEXT,
  PRIMARY KEY (policy_version, position),
  CHECK ((minimum_minor IS NULL) = (currency IS NULL)),
  CHECK (escalation_role IS NULL OR due_hours IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- roles: of who asked, then. What is set and NULL is taken away. round: the present one of the
-- order''s approval rounds; none where nobody had to agree.
CREATE TABLE change_request (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  number INTEGER NOT NULL CHECK (number > 0),
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (
    state = ''PENDING'' OR state = ''RETURNED'' OR state = ''STALE'' OR state = ''APPLIED'' OR
    state = ''REJECTED'' OR state = ''WITHDRAWN'' OR state = ''EXPIRED''),
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  roles TEXT NOT NULL,
  reason TEXT NOT NULL,
  expires_at INTEGER,
  round INTEGER,
  sets_day INTEGER NOT NULL CHECK (sets_day IN (0, 1)),
  requested_on INTEGER,
  sets_delivery INTEGER NOT NULL CHECK (sets_delivery IN (0, 1)),
  delivery_zone TEXT,
  delivery_floor INTEGER,
  delivery_lift INTEGER,
  delivery_assembly INTEGER,
  delivery_address_id INTEGER,
  sets_discount INTEGER NOT NULL CHECK (sets_discount IN (0, 1)),
  discount_micros INTEGER,
  discount_minor INTEGER,
  is_repriced INTEGER NOT NULL CHECK (is_repriced IN (0, 1)),
  base_version INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  gross_minor INTEGER NOT NULL,
  sunk_minor INTEGER NOT NULL,
  unapplied_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  ready_before INTEGER,
  ready_after INTEGER,
  differences TEXT NOT NULL,
  verdicts TEXT NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  comment TEXT NOT NULL,
  applied_version INTEGER,
  UNIQUE (sales_order_id, number),
  CHECK ((state = ''APPLIED'') = (applied_version IS NOT NULL)),
  CHECK (applied_version > base_version OR applied_version IS NULL),
  CHECK (expires_at IS NULL OR state = ''PENDING'' OR state = ''RETURNED'' OR state = ''STALE''),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX change_request_pending ON change_request (sales_order_id)
  WHERE state = ''PENDING'';
CREATE INDEX change_request_open ON change_request (id)
  WHERE state = ''PENDING'' OR state = ''RETURNED'' OR state = ''STALE'';
CREATE INDEX change_request_state ON change_request (state, id);
CREATE INDEX change_request_expiry ON change_request (expires_at, id)
  WHERE expires_at IS NOT NULL;

-- line_number: of the line to change; none for one that is added.
CREATE TABLE change_request_line (
  request_id INTEGER NOT NULL REFERENCES change_request (id),
  position INTEGER NOT NULL CHECK (position > 0),
  line_number INTEGER,
  is_removed INTEGER NOT NULL CHECK (is_removed IN (0, 1)),
  sku TEXT NOT NULL,
  quantity INTEGER,
  unit TEXT NOT NULL,
  discount_micros INTEGER,
  note TEXT NOT NULL,
  model_version INTEGER,
  settings TEXT,
  PRIMARY KEY (request_id, position),
  CHECK (line_number IS NOT NULL OR sku <> '''' AND quantity IS NOT NULL)
) STRICT, WITHOUT ROWID;

ALTER TABLE approval_round ADD COLUMN change_request_id INTEGER
  REFERENCES change_request (id);
CREATE INDEX approval_round_request ON approval_round (change_request_id)
  WHERE change_request_id IS NOT NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(124,'orders-0037-currency','ALTER TABLE sales_order ADD COLUMN rate_micros INTEGER CHECK (rate_micros > 0);
ALTER TABLE sales_order ADD COLUMN rate_units INTEGER CHECK (rate_units > 0);
ALTER TABLE sales_order ADD COLUMN base_currency TEXT;
ALTER TABLE sales_order ADD COLUMN base_gross_minor INTEGER CHECK (base_gross_minor >= 0);

ALTER TABLE quote_variant ADD COLUMN rate_micros INTEGER CHECK (rate_micros > 0);
ALTER TABLE quote_variant ADD COLUMN rate_units INTEGER CHECK (rate_units > 0);
ALTER TABLE quote_variant ADD COLUMN base_currency TEXT;
ALTER TABLE quote_variant ADD COLUMN base_gross_minor INTEGER CHECK (base_gross_minor >= 0);

ALTER TABLE order_refund ADD COLUMN base_currency TEXT;
ALTER TABLE order_refund ADD COLUMN base_compensation_minor INTEGER
  CHECK (base_compensation_minor >= 0);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(125,'orders-0038-order-views','CREATE TABLE order_view (
  id INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  shared_role TEXT,
  saved_at INTEGER NOT NULL,
  customer_code TEXT,
  state TEXT,
  channel TEXT,
  number_prefix TEXT,
  created_from INTEGER,
  created_until INTEGER,
  created_within_days INTEGER CHECK (created_within_days > 0),
  currency TEXT,
  gross_from_minor INTEGER,
  gross_until_minor INTEGER,
  sku TEXT,
  salesperson TEXT,
  store_code TEXT,
  hold_kind TEXT,
  requested_from INTEGER,
  requested_until INTEGER,
  expected_from INTEGER,
  expected_until INTEGER,
  UNIQUE (owner, name),
  CHECK (created_from IS NULL OR created_within_days IS NULL),
  CHECK ((currency IS NULL) = (gross_from_minor IS NULL AND gross_until_minor IS NULL))
) STRICT;
CREATE INDEX order_view_shared ON order_view (shared_role, name, owner)
  WHERE shared_role IS NOT NULL;
CREATE INDEX order_view_customer ON order_view (customer_code)
  WHERE customer_code IS NOT NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(126,'orders-0039-marketplace-stock','ALTER TABLE marketplace ADD COLUMN share_micros INTEGER NOT NULL DEFAULT 1000000
  CHECK (share_micros BETWEEN 0 AND 1000000);
ALTER TABLE marketplace ADD COLUMN keep_back_units INTEGER NOT NULL DEFAULT 0
  CHECK (keep_back_units >= 0);
ALTER TABLE marketplace ADD COLUMN at_most_units INTEGER CHECK (at_most_units >= 0);
ALTER TABLE marketplace_product ADD COLUMN share_micros INTEGER
  CHECK (share_micros BETWEEN 0 AND 1000000);
ALTER TABLE marketplace_product ADD COLUMN keep_back_units INTEGER
  CHECK (keep_back_units >= 0 AND share_micros IS NOT NULL
    OR keep_back_units IS NULL AND share_micros IS NULL);
ALTER TABLE marketplace_product ADD COLUMN at_most_units INTEGER
  CHECK (at_most_units >= 0 AND share_micros IS NOT NULL OR at_most_units IS NULL);

CREATE TABLE marketplace_offer (
  marketplace_code TEXT NOT NULL REFERENCES marketplace (code),
  external_sku TEXT NOT NULL,
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity >= 0),
  since INTEGER NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  PRIMARY KEY (marketplace_code, external_sku),
  UNIQUE (marketplace_code, sequence)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(127,'orders-0040-instructions','ALTER TABLE sales_order ADD COLUMN instructions TEXT;
ALTER TABLE sales_order_line ADD COLUMN instructions TEXT;
ALTER TABLE sales_order_version ADD COLUMN instructions TEXT;
ALTER TABLE sales_order_version_line ADD COLUMN instructions TEXT;
ALTER TABLE change_request ADD COLUMN instructions TEXT NOT NULL DEFAULT '''';
ALTER TABLE change_request_line ADD COLUMN instructions TEXT NOT NULL DEFAULT '''';
ALTER TABLE quote_variant ADD COLUMN instructions TEXT;
ALTER TABLE quote_line ADD COLUMN instructions TEXT;
ALTER TABLE shipment ADD COLUMN instructions TEXT;
ALTER TABLE shipment_line ADD COLUMN instructions TEXT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(128,'orders-0041-late-exceptions','ALTER TABLE appointment ADD COLUMN overtaken INTEGER NOT NULL DEFAULT 0
  CHECK (overtaken IN (0, 1));
CREATE INDEX appointment_overtaken ON appointment (id)
  WHERE overtaken = 1 AND state = ''BOOKED'';
CREATE INDEX shipment_trouble ON shipment (id)
  WHERE state = ''DISPATCHED'' AND (carrier_status = ''EXCEPTION'' OR carrier_status = ''REFUSED'');

-- What suppliers bring alone keeps no appointment of our van from here on.
CREATE TABLE idle_appointment AS
  SELECT a.id, a.slot_id, a.minutes, a.volume_ccm FROM appointment AS a
  WHERE a.kind = ''DELIVERY'' AND a.state = ''BOOKED'' AND NOT EXISTS (
    SELECT 1 FROM sales_order_line AS l
    WHERE l.sales_order_id = a.sales_order_id AND l.sourcing <> ''SERVICE''
      AND l.drop_shipped = 0 AND l.delivered < l.ordered - l.cancelled);
UPDATE delivery_slot SET
  booked_stops = booked_stops
    - (SELECT COUNT(*) FROM idle_appointment AS i WHERE i.slot_id = delivery_slot.id),
  booked_minutes = booked_minutes - (
    SELECT COALESCE(SUM(i.minutes), 0) FROM idle_appointment AS i
    WHERE i.slot_id = delivery_slot.id),
  booked_volume_ccm = booked_volume_ccm - (
    SELECT COALESCE(SUM(i.volume_ccm), 0) FROM idle_appointment AS i
    WHERE i.slot_id = delivery_slot.id)
WHERE id IN (SELECT i.slot_id FROM idle_appointment AS i);
UPDATE appointment SET state = ''RELEASED'' WHERE id IN (SELECT i.id FROM idle_appointment AS i);
DROP TABLE idle_appointment;

UPDATE appointment SET overtaken = 1
WHERE kind = ''DELIVERY'' AND state = ''BOOKED'' AND EXISTS (
  SELECT 1 FROM order_promise AS p
  JOIN sales_order_line AS l
    ON l.sales_order_id = p.sales_order_id AND l.line_number = p.line_number
  WHERE p.sales_order_id = appointment.sales_order_id AND p.state = ''WAITING''
    AND l.drop_shipped = 0
    AND (p.expected_on IS NULL OR p.expected_on > (
      SELECT s.slot_on FROM delivery_slot AS s WHERE s.id = appointment.slot_id)));',1795494813746568);
INSERT INTO "joinery_migration" VALUES(129,'orders-0042-order-edits','CREATE TABLE order_edit (
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  fingerprint BLOB NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  source TEXT NOT NULL,
  PRIMARY KEY (sales_order_id, fingerprint)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(130,'orders-0043-opportunities','CREATE TABLE opportunity_stages (
  version INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE opportunity_stage (
  stages_version INTEGER NOT NULL REFERENCES opportunity_stages (version),
  position INTEGER NOT NULL CHECK (position > 0),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  probability_micros INTEGER NOT NULL CHECK (probability_micros BETWEEN 0 AND 1000000),
  state TEXT NOT NULL CHECK (state IN (''OPEN'', ''WON'', ''LOST'')),
  PRIMARY KEY (stages_version, position),
  UNIQUE (stages_version, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX opportunity_stage_code ON opportunity_stage (code, stages_version);

INSERT INTO opportunity_stages (version, reason, made_by, made_at)
VALUES (1, ''as shipped'', '''', 0);
INSERT INTO opportunity_stage
  (stages_version, position, code, name, probability_micros, state)
VALUES
  (1, 1, ''NEW'', ''New'', 100000, ''OPEN''),
  (1, 2, ''NEEDS'', ''Needs are known'', 250000, ''OPEN''),
  (1, 3, ''OFFER'', ''Offer is made'', 500000, ''OPEN''),
  (1, 4, ''NEGOTIATION'', ''In negotiation'', 750000, ''OPEN''),
  (1, 5, ''WON'', ''Won'', 1000000, ''WON''),
  (1, 6, ''LOST'', ''Lost'', 0, ''LOST'');

CREATE TABLE opportunity (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (state IN (''OPEN'', ''WON'', ''LOST'')),
  customer_code TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  title TEXT NOT NULL,
  note TEXT NOT NULL,
  owner TEXT NOT NULL,
  store_code TEXT NOT NULL,
  channel TEXT,
  source_code TEXT NOT NULL,
  currency TEXT NOT NULL,
  expected_minor INTEGER NOT NULL CHECK (expected_minor >= 0),
  expected_close_on INTEGER NOT NULL,
  stages_version INTEGER NOT NULL,
  stage_code TEXT NOT NULL,
  steps INTEGER NOT NULL CHECK (steps > 0),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_on INTEGER NOT NULL,
  decided_on INTEGER,
  FOREIGN KEY (stages_version, stage_code)
    REFERENCES opportunity_stage (stages_version, code)
) STRICT;
CREATE INDEX opportunity_customer ON opportunity (customer_code, id);
CREATE INDEX opportunity_owner ON opportunity (owner, id);
CREATE INDEX opportunity_store ON opportunity (store_code, id);
CREATE INDEX opportunity_state ON opportunity (state, id);
CREATE INDEX opportunity_created ON opportunity (created_on);

CREATE TABLE opportunity_step (
  opportunity_id INTEGER NOT NULL REFERENCES opportunity (id),
  step INTEGER NOT NULL CHECK (step > 0),
  stages_version INTEGER NOT NULL,
  stage_code TEXT NOT NULL,
  state TEXT NOT NULL,
  actor TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  reason_code TEXT NOT NULL,
  comment TEXT NOT NULL,
  quote_number TEXT,
  PRIMARY KEY (opportunity_id, step)
) STRICT, WITHOUT ROWID;

ALTER TABLE quote ADD COLUMN opportunity_number TEXT;
CREATE INDEX quote_opportunity ON quote (opportunity_number, id)
  WHERE opportunity_number IS NOT NULL;

CREATE VIEW view_opportunity_owner AS
  SELECT o.number, o.owner, o.store_code, o.created_by AS author FROM opportunity AS o
  UNION ALL
  SELECT o.number, c.owner, c.store_code, NULL
  FROM opportunity AS o JOIN view_customer_owner AS c ON c.code = o.customer_code;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(131,'orders-0044-stages','CREATE TABLE stage_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  still_on_hold TEXT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE stage_term (
  policy_version INTEGER NOT NULL REFERENCES stage_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  stage TEXT NOT NULL,
  channel TEXT,
  customer_class TEXT,
  hours INTEGER NOT NULL CHECK (hours > 0),
  in_business_hours INTEGER NOT NULL CHECK (in_business_hours IN (0, 1)),
  remind_before_hours INTEGER NOT NULL CHECK (remind_before_hours >= 0),
  escalation_role TEXT NOT NULL,
  PRIMARY KEY (policy_version, position),
  CHECK (remind_before_hours < hours)
) STRICT, WITHOUT ROWID;

-- How far the orders that were open before the first policy are looked through, state by state.
CREATE TABLE stage_enrolment (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  state TEXT,
  created_on INTEGER NOT NULL,
  sales_order_id INTEGER NOT NULL
) STRICT;
INSERT INTO stage_enrolment (id, state, created_on, sales_order_id)
VALUES (1, ''DRAFT'', -2147483648, 0);

CREATE TABLE order_stage_visit (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  stage TEXT NOT NULL CHECK (
    stage = ''CREATED'' OR stage = ''IN_REVIEW'' OR stage = ''CONFIRMED'' OR
    stage = ''IN_PRODUCTION'' OR stage = ''QUALITY_CHECK'' OR stage = ''PICKING'' OR
    stage = ''SHIPPED'' OR stage = ''IN_DELIVERY'' OR stage = ''DELIVERED''),
  entered_at INTEGER NOT NULL,
  entered_before INTEGER NOT NULL CHECK (entered_before IN (0, 1)),
  policy_version INTEGER NOT NULL REFERENCES stage_policy (version),
  term INTEGER,
  due_at INTEGER,
  -- When it is to be told of next.
  next_at INTEGER,
  still_at INTEGER,
  -- Microseconds that were left of its clock when that stopped.
  remaining INTEGER CHECK (remaining >= 0),
  -- Microseconds that it stood still before, of the time that counts.
  held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
  reminded_at INTEGER,
  escalated_at INTEGER,
  left_at INTEGER CHECK (left_at >= entered_at),
  -- Microseconds for which its clock ran.
  spent INTEGER CHECK (spent >= 0),
  CHECK ((left_at IS NULL) = (spent IS NULL)),
  CHECK (term IS NOT NULL OR (due_at IS NULL AND remaining IS NULL)),
  CHECK (remaining IS NULL OR (still_at IS NOT NULL AND due_at IS NULL)),
  CHECK (next_at IS NULL OR due_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX order_stage_visit_open ON order_stage_visit (sales_order_id)
  WHERE left_at IS NULL;
CREATE INDEX order_stage_visit_order ON order_stage_visit (sales_order_id, id);
CREATE INDEX order_stage_visit_due ON order_stage_visit (due_at, id)
  WHERE left_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX order_stage_visit_next ON order_stage_visit (next_at, id)
  WHERE left_at IS NULL AND next_at IS NOT NULL;
CREATE INDEX order_stage_visit_still ON order_stage_visit (still_at, id)
  WHERE left_at IS NULL AND still_at IS NOT NULL;
CREATE INDEX order_stage_visit_present ON order_stage_visit (stage, due_at, id)
  WHERE left_at IS NULL;
CREATE INDEX order_stage_visit_left ON order_stage_visit (stage, left_at)
  WHERE left_at IS NOT NULL;

ALTER TABLE order_view ADD COLUMN stage TEXT;

-- What is true of an order beside its state (`OrderStage.Facts`), as far as its state asks.
CREATE VIEW view_order_stage_facts AS
  SELECT o.id, CASE
    WHEN o.state = ''CONFIRMED'' OR o.state = ''PARTLY_SHIPPED'' THEN
      CASE WHEN EXISTS (
        SELECT 1 FROM view_work_in_hand AS w
        WHERE w.root_kind = ''SALES_ORDER'' AND w.root_number = o.number
          AND w.waits_for_inspection = 0) THEN 1 ELSE 0 END
      + CASE WHEN EXISTS (
        SELECT 1 FROM view_work_in_hand AS w
        WHERE w.root_kind = ''SALES_ORDER'' AND w.root_number = o.number
          AND w.waits_for_inspection = 1) THEN 2 ELSE 0 END
      + CASE WHEN EXISTS (
        SELECT 1 FROM shipment AS s
        WHERE s.sales_order_id = o.id
          AND (s.state = ''PREPARED'' OR s.state = ''PICKED'' OR s.state = ''PACKED''))
        THEN 4 ELSE 0 END
    WHEN o.state = ''SHIPPED'' THEN
      CASE WHEN EXISTS (
          SELECT 1 FROM shipment AS s
          WHERE s.sales_order_id = o.id AND s.state = ''DISPATCHED'')
        AND NOT EXISTS (
          SELECT 1 FROM shipment AS s
          WHERE s.sales_order_id = o.id AND s.state = ''DISPATCHED''
            AND COALESCE(s.carrier_status, ''ACCEPTED'') = ''ACCEPTED'')
        THEN 8 ELSE 0 END
    ELSE 0 END AS facts
  FROM sales_order AS o;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(132,'orders-0045-invoiced-together','ALTER TABLE sales_order ADD COLUMN is_invoiced_together INTEGER NOT NULL DEFAULT 0
  CHECK (is_invoiced_together IN (0, 1));
UPDATE sales_order SET is_invoiced_together = 1
WHERE (instructions LIKE ''INVOICE	%'' OR instructions LIKE ''%
INVOICE	%'')
  AND (instructions LIKE ''%	1
DELIVERY	%''
    OR instructions LIKE ''%	1'' AND instructions NOT LIKE ''%
DELIVERY	%'');
CREATE INDEX sales_order_invoiced_together ON sales_order (customer_code, id)
  WHERE is_invoiced_together = 1 AND state <> ''CLOSED'' AND state <> ''CANCELLED'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(133,'orders-0046-price-suggestions','CREATE TABLE price_suggestion_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE price_rule (
  policy_version INTEGER NOT NULL REFERENCES price_suggestion_policy (version),
  rule_number INTEGER NOT NULL CHECK (rule_number > 0),
  code TEXT NOT NULL,
  price_list_code TEXT NOT NULL REFERENCES price_list (code),
  product_class TEXT NOT NULL,
  sku TEXT NOT NULL,
  supplier_code TEXT NOT NULL,
  window_days INTEGER NOT NULL CHECK (window_days BETWEEN 1 AND 366),
  change_micros INTEGER
    CHECK (change_micros BETWEEN -900000 AND 1000000 AND change_micros <> 0),
  target_margin_micros INTEGER CHECK (target_margin_micros BETWEEN 0 AND 950000),
  ending_step_minor INTEGER CHECK (ending_step_minor > 0),
  ending_minor INTEGER CHECK (ending_minor >= 0 AND ending_minor < ending_step_minor),
  currency TEXT,
  most_down_micros INTEGER NOT NULL CHECK (most_down_micros BETWEEN 0 AND 900000),
  most_up_micros INTEGER NOT NULL CHECK (most_up_micros BETWEEN 0 AND 1000000),
  farthest_down_micros INTEGER NOT NULL CHECK (farthest_down_micros BETWEEN 0 AND 900000),
  farthest_up_micros INTEGER NOT NULL CHECK (farthest_up_micros BETWEEN 0 AND 1000000),
  floor_margin_micros INTEGER CHECK (floor_margin_micros BETWEEN 0 AND 950000),
  minimum_days INTEGER NOT NULL CHECK (minimum_days BETWEEN 1 AND 366),
  expires_after_days INTEGER NOT NULL CHECK (expires_after_days BETWEEN 1 AND 90),
  beyond_band INTEGER NOT NULL CHECK (beyond_band IN (0, 1)),
  applies_within_band INTEGER NOT NULL CHECK (applies_within_band IN (0, 1)),
  PRIMARY KEY (policy_version, rule_number),
  UNIQUE (policy_version, code),
  CHECK ((change_micros IS NULL) <> (target_margin_micros IS NULL)),
  CHECK ((ending_step_minor IS NULL) = (currency IS NULL)),
  CHECK ((ending_step_minor IS NULL) = (ending_minor IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE price_condition (
  policy_version INTEGER NOT NULL,
  rule_number INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  fact TEXT NOT NULL CHECK (
    fact = ''COVER_DAYS'' OR fact = ''STOCK_AGE_DAYS'' OR fact = ''UNITS_SOLD'' OR
    fact = ''SELL_THROUGH'' OR fact = ''MARGIN'' OR fact = ''DAYS_TO_END'' OR
    fact = ''INCOMING_UNITS'' OR fact = ''AVAILABLE_UNITS''),
  bound TEXT NOT NULL CHECK (bound = ''AT_LEAST'' OR bound = ''AT_MOST''),
  value_micros INTEGER NOT NULL,
  PRIMARY KEY (policy_version, rule_number, number),
  FOREIGN KEY (policy_version, rule_number)
    REFERENCES price_rule (policy_version, rule_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE price_suggestion (
  id INTEGER PRIMARY KEY,
  price_list_id INTEGER NOT NULL REFERENCES price_list (id),
  price_list_code TEXT NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  minimum_quantity_micros INTEGER NOT NULL CHECK (minimum_quantity_micros >= 0),
  base_unit TEXT NOT NULL,
  unit TEXT NOT NULL,
  currency TEXT NOT NULL,
  price_micros INTEGER NOT NULL CHECK (price_micros >= 0),
  price_from INTEGER NOT NULL,
  list_price_micros INTEGER NOT NULL CHECK (list_price_micros >= 0),
  suggested_micros INTEGER NOT NULL CHECK (suggested_micros > 0),
  beyond_band INTEGER NOT NULL CHECK (beyond_band IN (0, 1)),
  policy_version INTEGER NOT NULL,
  rule_code TEXT NOT NULL,
  suggested_on INTEGER NOT NULL,
  valid_from INTEGER NOT NULL CHECK (valid_from > price_from),
  expires_on INTEGER NOT NULL CHECK (expires_on >= suggested_on),
  on_hand INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  incoming INTEGER NOT NULL,
  units_sold INTEGER NOT NULL,
  window_days INTEGER NOT NULL,
  stock_age_days INTEGER,
  days_to_end INTEGER,
  unit_cost_micros INTEGER,
  tax_rate_micros INTEGER NOT NULL,
  explanation TEXT NOT NULL,
  cost_explanation TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = ''OPEN'' OR state = ''PENDING'' OR state = ''ACCEPTED'' OR state = ''REJECTED'' OR
    state = ''EXPIRED'' OR state = ''STALE''),
  accepted_by TEXT,
  decided_by TEXT,
  decided_at INTEGER,
  decided_on INTEGER,
  reason TEXT NOT NULL,
  applied_from INTEGER,
  base_cost_micros INTEGER,
  base_currency TEXT,
  FOREIGN KEY (policy_version, rule_code) REFERENCES price_rule (policy_version, code),
  CHECK (suggested_micros <> price_micros),
  CHECK ((state = ''ACCEPTED'') = (applied_from IS NOT NULL)),
  CHECK (state <> ''PENDING'' OR beyond_band = 1 AND accepted_by IS NOT NULL),
  CHECK (state <> ''ACCEPTED'' OR accepted_by IS NOT NULL),
  CHECK ((decided_at IS NULL) = (decided_on IS NULL)),
  CHECK ((base_cost_micros IS NULL) = (base_currency IS NULL))
) STRICT;
-- One for each price, whatever happens.
CREATE UNIQUE INDEX price_suggestion_open
  ON price_suggestion (product_id, price_list_id, minimum_quantity_micros)
  WHERE state = ''OPEN'' OR state = ''PENDING'';
CREATE INDEX price_suggestion_price
  ON price_suggestion (product_id, price_list_id, minimum_quantity_micros, state, id);
CREATE INDEX price_suggestion_sku ON price_suggestion (sku, id);
CREATE INDEX price_suggestion_state ON price_suggestion (state, id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(134,'orders-0047-assignment','CREATE TABLE assignment_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE assignment_rule (
  policy_version INTEGER NOT NULL REFERENCES assignment_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  channel TEXT,
  customer_class TEXT,
  store_code TEXT,
  zone_code TEXT,
  product_class TEXT,
  is_made INTEGER NOT NULL CHECK (is_made IN (0, 1)),
  -- Codes with blanks between, the first choice first.
  warehouse_codes TEXT NOT NULL CHECK (warehouse_codes <> ''''),
  choice TEXT NOT NULL CHECK (choice IN (''COMPLETE'', ''FIRST'')),
  PRIMARY KEY (policy_version, position)
) STRICT, WITHOUT ROWID;

-- Of an order that named none. Who writes a draft anew may name another one afterwards.
CREATE TABLE order_assignment (
  sales_order_id INTEGER PRIMARY KEY REFERENCES sales_order (id),
  warehouse_code TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  rule INTEGER NOT NULL,
  explanation TEXT NOT NULL,
  FOREIGN KEY (policy_version, rule) REFERENCES assignment_rule (policy_version, position)
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(135,'orders-0048-reductions','-- rule: position of the rule that decided about it, from 1; 0 for none. is_reduction: it was
-- taken from what is ordered, not added to what is cancelled.
ALTER TABLE sales_order_cancellation ADD COLUMN rule INTEGER CHECK (rule >= 0);
ALTER TABLE sales_order_cancellation ADD COLUMN is_reduction INTEGER NOT NULL DEFAULT 0
  CHECK (is_reduction IN (0, 1));

-- The line whose shortage it is to settle.
ALTER TABLE cancel_request ADD COLUMN short_line INTEGER;
CREATE TABLE cancel_request_step (
  request_id INTEGER NOT NULL REFERENCES cancel_request (id),
  position INTEGER NOT NULL CHECK (position > 0),
  role TEXT NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  PRIMARY KEY (request_id, position),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO cancel_request_step (request_id, position, role)
SELECT id, 1, role FROM cancel_request WHERE state = ''PENDING'';

ALTER TABLE change_request ADD COLUMN reduction_reason TEXT NOT NULL DEFAULT '''';
ALTER TABLE change_request ADD COLUMN fee_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE change_request ADD COLUMN forfeited_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE change_request ADD COLUMN compensation_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE change_request ADD COLUMN fee_explanation TEXT NOT NULL DEFAULT '''';

ALTER TABLE sales_order_version_line ADD COLUMN configuration TEXT NOT NULL DEFAULT '''';

-- Until now whoever changed a confirmed order decided about the change.
ALTER TABLE approval_round ADD COLUMN is_by_maker INTEGER NOT NULL DEFAULT 0
  CHECK (is_by_maker IN (0, 1));
UPDATE approval_round SET is_by_maker = 1
WHERE is_change = 1 AND change_request_id IS NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(136,'orders-0049-pricing-editions','ALTER TABLE pricing_rules ADD COLUMN edition INTEGER NOT NULL DEFAULT 0;
ALTER TABLE promotion ADD COLUMN since_edition INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sales_order ADD COLUMN pricing_basis TEXT;
ALTER TABLE quote_variant ADD COLUMN pricing_basis TEXT;

CREATE TABLE past_promotion_limit (
  until_edition INTEGER PRIMARY KEY,
  share_micros INTEGER,
  amount_minor INTEGER,
  currency TEXT
) STRICT;

CREATE TABLE past_charge_set (
  until_edition INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE past_charge_rule (
  until_edition INTEGER NOT NULL REFERENCES past_charge_set (until_edition),
  position INTEGER NOT NULL CHECK (position > 0),
  charge TEXT NOT NULL,
  sku TEXT NOT NULL,
  occasion TEXT NOT NULL,
  zone TEXT,
  channel TEXT,
  customer_class TEXT,
  below_minor INTEGER,
  base_minor INTEGER,
  kilogram_micros INTEGER,
  cubic_metre_micros INTEGER,
  piece_micros INTEGER,
  floor_micros INTEGER,
  share_micros INTEGER NOT NULL,
  cap_minor INTEGER,
  currency TEXT NOT NULL,
  PRIMARY KEY (until_edition, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE past_promotion (
  id INTEGER PRIMARY KEY,
  since_edition INTEGER NOT NULL,
  until_edition INTEGER NOT NULL CHECK (until_edition > since_edition),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER,
  channel TEXT,
  customer_class TEXT,
  stacking_group TEXT NOT NULL,
  is_exclusive INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  full_price_only INTEGER NOT NULL,
  needs_coupon INTEGER NOT NULL,
  is_set INTEGER NOT NULL,
  minimum_quantity INTEGER NOT NULL,
  minimum_amount_minor INTEGER,
  share_micros INTEGER,
  amount_minor INTEGER,
  set_price_minor INTEGER,
  cap_minor INTEGER,
  currency TEXT,
  UNIQUE (code, until_edition)
) STRICT;
CREATE INDEX past_promotion_edition ON past_promotion (until_edition, since_edition);
CREATE TABLE past_promotion_item (
  past_promotion_id INTEGER NOT NULL REFERENCES past_promotion (id),
  position INTEGER NOT NULL CHECK (position > 0),
  sku TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY (past_promotion_id, position)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(137,'orders-0050-validation-credit','CREATE TABLE validation_rule_next (
  policy_version INTEGER NOT NULL REFERENCES validation_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  code TEXT NOT NULL,
  channel TEXT,
  customer_class TEXT,
  sourcing TEXT CHECK (sourcing = ''STOCK'' OR sourcing = ''MAKE'' OR sourcing = ''SERVICE''),
  condition TEXT NOT NULL CHECK (
    condition = ''REQUIRED'' OR condition = ''FORMAT'' OR condition = ''REGION'' OR
    condition = ''QUANTITY'' OR condition = ''AMOUNT'' OR condition = ''DUPLICATE'' OR
    condition = ''OVERDUE'' OR condition = ''TERMS'' OR condition = ''NEWCOMER'' OR
    condition = ''REQUESTED_DAY'' OR condition = ''CREDIT''),
  element TEXT,
  patterns TEXT,
  country_code TEXT,
  postcode_prefix TEXT,
  region_prefix TEXT,
  factor_micros INTEGER CHECK (factor_micros > 0),
  minimum_history INTEGER CHECK (minimum_history > 0),
  least_spread_micros INTEGER CHECK (least_spread_micros >= 0),
  hours INTEGER CHECK (hours > 0),
  overdue_days INTEGER CHECK (overdue_days >= 0),
  most_net_days INTEGER CHECK (most_net_days >= 0),
  least_deposit_micros INTEGER CHECK (least_deposit_micros BETWEEN 0 AND 1000000),
  fewer_closed INTEGER CHECK (fewer_closed > 0),
  fewer_orders INTEGER CHECK (fewer_orders > 0),
  most_quantity INTEGER CHECK (most_quantity > 0),
  most_amount_minor INTEGER CHECK (most_amount_minor > 0),
  currency TEXT,
  earliest_days INTEGER,
  latest_days INTEGER CHECK (latest_days >= earliest_days),
  share_micros INTEGER CHECK (share_micros BETWEEN 1 AND 1000000),
  at_dispatch INTEGER NOT NULL CHECK (at_dispatch IN (0, 1)),
  hold TEXT,
  PRIMARY KEY (policy_version, position),
  UNIQUE (policy_version, code),
  CHECK ((most_amount_minor IS NULL) = (currency IS NULL)),
  CHECK (at_dispatch = 0 OR condition = ''OVERDUE'' OR condition = ''CREDIT'')
) STRICT, WITHOUT ROWID;
INSERT INTO validation_rule_next (policy_version, position, code, channel, customer_class,
  sourcing, condition, element, patterns, country_code, postcode_prefix, region_prefix,
  factor_micros, minimum_history, least_spread_micros, hours, overdue_days, most_net_days,
  least_deposit_micros, fewer_closed, at_dispatch, hold)
SELECT policy_version, position, code, channel, customer_class, sourcing, condition, element,
  patterns, country_code, postcode_prefix, region_prefix, factor_micros, minimum_history,
  least_spread_micros, hours, overdue_days, most_net_days, least_deposit_micros, fewer_closed,
  0, hold
FROM validation_rule;
DROP TABLE validation_rule;
ALTER TABLE validation_rule_next RENAME TO validation_rule;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(138,'orders-0051-cash-on-delivery','CREATE TABLE cash_on_delivery (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  collector TEXT NOT NULL CHECK (collector = ''OWN_CREW'' OR collector = ''CARRIER''),
  currency TEXT NOT NULL,
  due_minor INTEGER CHECK (due_minor >= 0),
  owed_minor INTEGER NOT NULL DEFAULT 0,
  collected_minor INTEGER NOT NULL DEFAULT 0,
  remitted_minor INTEGER NOT NULL DEFAULT 0 CHECK (remitted_minor >= 0),
  written_off_minor INTEGER NOT NULL DEFAULT 0 CHECK (written_off_minor >= 0),
  CHECK (owed_minor BETWEEN 0 AND COALESCE(due_minor, 0)),
  CHECK (collected_minor BETWEEN 0 AND owed_minor),
  CHECK (remitted_minor + written_off_minor <= collected_minor),
  CHECK (collector = ''CARRIER'' OR remitted_minor + written_off_minor = 0)
) STRICT;
-- What is still to come.
CREATE INDEX cash_on_delivery_uncollected ON cash_on_delivery (shipment_id)
  WHERE collected_minor < owed_minor;

CREATE TABLE cash_on_delivery_payment (
  payment_number TEXT PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES cash_on_delivery (shipment_id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cash_on_delivery_payment_shipment ON cash_on_delivery_payment (shipment_id);

CREATE TABLE remittance (
  id INTEGER PRIMARY KEY,
  carrier TEXT NOT NULL,
  statement TEXT NOT NULL,
  row_id TEXT NOT NULL,
  shipment_number TEXT NOT NULL,
  tracking_number TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  fee_minor INTEGER NOT NULL CHECK (fee_minor BETWEEN 0 AND amount_minor),
  currency TEXT NOT NULL,
  shipment_id INTEGER REFERENCES cash_on_delivery (shipment_id),
  credited_minor INTEGER NOT NULL CHECK (credited_minor BETWEEN 0 AND amount_minor),
  state TEXT NOT NULL CHECK (
    state = ''MATCHED'' OR state = ''SHORT'' OR state = ''OVER'' OR state = ''UNKNOWN'' OR
    state = ''SETTLED''),
  imported_at INTEGER NOT NULL,
  settled_by TEXT,
  reason TEXT NOT NULL DEFAULT '''',
  UNIQUE (carrier, statement, row_id),
  CHECK (shipment_id IS NOT NULL OR credited_minor = 0)
) STRICT;
CREATE INDEX remittance_shipment ON remittance (shipment_id) WHERE shipment_id IS NOT NULL;
CREATE INDEX remittance_open ON remittance (id)
  WHERE state = ''SHORT'' OR state = ''OVER'' OR state = ''UNKNOWN'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(139,'orders-0052-line-schedules','ALTER TABLE sales_order_line ADD COLUMN schedules TEXT;
ALTER TABLE sales_order_version_line ADD COLUMN schedules TEXT;
ALTER TABLE change_request_line ADD COLUMN schedules TEXT;
ALTER TABLE quote_line ADD COLUMN schedules TEXT;
ALTER TABLE shipment_line ADD COLUMN schedule_number INTEGER;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(140,'orders-0053-begun-work','ALTER TABLE change_request_line ADD COLUMN begun_work TEXT NOT NULL DEFAULT ''KEPT_AS_STOCK'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(141,'orders-0054-product-priority','ALTER TABLE priority_rule ADD COLUMN product_class TEXT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(142,'orders-0055-warnings','CREATE TABLE sales_order_hold_next (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  kind TEXT NOT NULL CHECK (
    kind = ''CREDIT'' OR kind = ''PRICE'' OR kind = ''ADDRESS'' OR kind = ''FRAUD'' OR
    kind = ''MATERIAL'' OR kind = ''CUSTOMER'' OR kind = ''DUPLICATE'' OR kind = ''OUTLIER'' OR
    kind = ''DATA'' OR kind = ''WARNING''),
  reason TEXT NOT NULL,
  explanation TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  released_by TEXT,
  released_at INTEGER,
  release_reason TEXT,
  CHECK ((released_by IS NULL) = (released_at IS NULL))
) STRICT;
INSERT INTO sales_order_hold_next (id, sales_order_id, kind, reason, explanation, set_by,
  set_at, released_by, released_at, release_reason)
SELECT id, sales_order_id, kind, reason, explanation, set_by, set_at, released_by,
  released_at, release_reason
FROM sales_order_hold;
DROP TABLE sales_order_hold;
ALTER TABLE sales_order_hold_next RENAME TO sales_order_hold;
CREATE UNIQUE INDEX sales_order_hold_open ON sales_order_hold (sales_order_id, kind)
  WHERE released_at IS NULL;
CREATE INDEX sales_order_hold_lasting ON sales_order_hold (id) WHERE released_at IS NULL;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(143,'orders-0056-carrier-claims','ALTER TABLE shipment ADD COLUMN lost_at INTEGER
  CHECK (lost_at IS NULL OR state = ''CANCELLED'');
-- When the goods of a lost one came back to us.
ALTER TABLE shipment ADD COLUMN recovered_at INTEGER
  CHECK (recovered_at IS NULL OR lost_at IS NOT NULL);
CREATE INDEX shipment_lost ON shipment (id) WHERE lost_at IS NOT NULL;
-- By when it was to arrive, since it left.
ALTER TABLE shipment ADD COLUMN due_on INTEGER;
UPDATE shipment SET due_on = (
  SELECT o.requested_on FROM sales_order AS o WHERE o.id = shipment.sales_order_id)
WHERE state = ''DISPATCHED'';
CREATE INDEX shipment_due ON shipment (due_on, id)
  WHERE state = ''DISPATCHED'' AND due_on IS NOT NULL;
ALTER TABLE carrier_event ADD COLUMN trouble TEXT
  CHECK (trouble IS NULL OR (status = ''EXCEPTION'' AND (
    trouble = ''LATE'' OR trouble = ''LOST'' OR trouble = ''DAMAGED'' OR trouble = ''ADDRESS'')));

CREATE TABLE carrier_claim (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  shipment_number TEXT NOT NULL,
  order_number TEXT NOT NULL,
  carrier TEXT NOT NULL,
  cause TEXT NOT NULL CHECK (cause = ''LOST'' OR cause = ''DAMAGED''),
  state TEXT NOT NULL CHECK (
    state = ''OPEN'' OR state = ''FILED'' OR state = ''ACCEPTED'' OR state = ''REJECTED'' OR
    state = ''PAID'' OR state = ''WITHDRAWN''),
  basis TEXT NOT NULL CHECK (basis = ''COST'' OR basis = ''SALES_VALUE''),
  claimed_minor INTEGER NOT NULL CHECK (claimed_minor >= 0),
  currency TEXT NOT NULL,
  accepted_minor INTEGER,
  reference TEXT NOT NULL DEFAULT '''',
  reason TEXT NOT NULL DEFAULT '''',
  opened_on INTEGER NOT NULL,
  -- How often it was withdrawn after it had been accepted.
  reversals INTEGER NOT NULL DEFAULT 0,
  UNIQUE (shipment_id, cause),
  CHECK ((accepted_minor IS NOT NULL) = (state = ''ACCEPTED'' OR state = ''PAID'')),
  CHECK (accepted_minor IS NULL OR accepted_minor BETWEEN 1 AND claimed_minor)
) STRICT;
CREATE INDEX carrier_claim_open ON carrier_claim (id)
  WHERE state <> ''PAID'' AND state <> ''WITHDRAWN'';

CREATE TABLE carrier_claim_line (
  claim_id INTEGER NOT NULL REFERENCES carrier_claim (id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
  sales_minor INTEGER NOT NULL CHECK (sales_minor >= 0),
  currency TEXT NOT NULL,
  PRIMARY KEY (claim_id, line_number)
) STRICT, WITHOUT ROWID;

-- By what a carrier is claimed from; the empty one for all others.
CREATE TABLE carrier_claim_terms (
  carrier TEXT PRIMARY KEY,
  basis TEXT NOT NULL CHECK (basis = ''COST'' OR basis = ''SALES_VALUE'')
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(144,'orders-0057-orders-paid-at-door','ALTER TABLE sales_order ADD COLUMN cash_collector TEXT
  CHECK (cash_collector = ''OWN_CREW'' OR cash_collector = ''CARRIER'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(145,'orders-0058-cancellation-steps','CREATE TABLE cancellation_rule_step (
  policy_version INTEGER NOT NULL,
  rule INTEGER NOT NULL,
  position INTEGER NOT NULL CHECK (position > 0),
  role TEXT NOT NULL,
  due_hours INTEGER CHECK (due_hours > 0),
  remind_hours INTEGER CHECK (remind_hours > 0),
  escalation_role TEXT,
  PRIMARY KEY (policy_version, rule, position),
  FOREIGN KEY (policy_version, rule)
    REFERENCES cancellation_rule (policy_version, position),
  CHECK (escalation_role IS NULL OR due_hours IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO cancellation_rule_step (policy_version, rule, position, role)
SELECT policy_version, position, 1, approver_role FROM cancellation_rule
WHERE approver_role IS NOT NULL;
ALTER TABLE cancellation_rule DROP COLUMN approver_role;
ALTER TABLE cancellation_rule ADD COLUMN is_parallel INTEGER NOT NULL DEFAULT 0
  CHECK (is_parallel IN (0, 1));
ALTER TABLE cancellation_rule ADD COLUMN window_hours INTEGER CHECK (window_hours > 0);

-- What was asked before requests had steps was decided at once, by one role.
INSERT INTO cancel_request_step (request_id, position, role, decided_by, decided_at)
SELECT r.id, 1, r.role, CASE WHEN r.state = ''APPROVED'' THEN r.decided_by END,
  CASE WHEN r.state = ''APPROVED'' THEN r.decided_at END
FROM cancel_request AS r
WHERE NOT EXISTS (SELECT 1 FROM cancel_request_step AS s WHERE s.request_id = r.id);

ALTER TABLE approval_round ADD COLUMN cancel_request_id INTEGER
  REFERENCES cancel_request (id);
INSERT INTO approval_round (sales_order_id, round, policy_version, asked_by, asked_at,
  is_change, gross_minor, currency, discount_micros, region, is_refused, is_by_maker,
  cancel_request_id)
SELECT r.sales_order_id,
  (SELECT coalesce(max(w.round), 0) FROM approval_round AS w
    WHERE w.sales_order_id = r.sales_order_id)
    + row_number() OVER (PARTITION BY r.sales_order_id ORDER BY r.id),
  (SELECT max(version) FROM approval_policy), r.requested_by, r.requested_at, 0,
  r.amount_minor, r.currency, 0, '''', 0, r.state <> ''PENDING'', r.id
FROM cancel_request AS r;
CREATE UNIQUE INDEX approval_round_cancellation ON approval_round (cancel_request_id)
  WHERE cancel_request_id IS NOT NULL;

INSERT INTO approval_step (sales_order_id, round, number, kind, rule, position, follows, role,
  state, opened_at, decided_by, standing_in_for, decided_at, comment)
SELECT w.sales_order_id, w.round, s.position, ''CANCEL'', s.position, 1, 0, s.role,
  CASE WHEN s.decided_by IS NOT NULL THEN ''APPROVED''
    WHEN r.state = ''PENDING'' THEN ''OPEN'' ELSE ''DROPPED'' END,
  r.requested_at, s.decided_by, '''', s.decided_at, ''''
FROM cancel_request_step AS s
JOIN cancel_request AS r ON r.id = s.request_id
JOIN approval_round AS w ON w.cancel_request_id = r.id
ORDER BY r.id, s.position;
DROP TABLE cancel_request_step;
ALTER TABLE cancel_request DROP COLUMN role;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(146,'orders-0059-cancelled-schedules','ALTER TABLE cancel_request_line ADD COLUMN schedule_number INTEGER
  CHECK (schedule_number > 0);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(147,'orders-0060-shipped-exposure','UPDATE credit_exposure SET shipped_minor = min(amount_minor, gone.minor)
FROM (
  SELECT o.number,
    CASE WHEN o.base_currency IS NULL THEN sum(part.minor) ELSE
      CAST((2 * sum(part.minor) * o.rate_micros
          * CASE WHEN o.base_currency IN (''JPY'', ''KRW'', ''VND'') THEN 1 ELSE 100 END
          + o.rate_units * 1000000
            * CASE WHEN o.currency IN (''JPY'', ''KRW'', ''VND'') THEN 1 ELSE 100 END)
        / (2 * o.rate_units * 1000000
          * CASE WHEN o.currency IN (''JPY'', ''KRW'', ''VND'') THEN 1 ELSE 100 END) AS INTEGER)
    END AS minor
  FROM (
    SELECT l.sales_order_id AS id, CAST(
        (2 * l.net_minor * l.shipped + l.ordered) / (2 * l.ordered)
        - (2 * l.net_minor * l.invoiced + l.ordered) / (2 * l.ordered)
        + (2 * l.tax_minor * l.shipped + l.ordered) / (2 * l.ordered)
        - (2 * l.tax_minor * l.invoiced + l.ordered) / (2 * l.ordered) AS INTEGER) AS minor
    FROM sales_order_line AS l WHERE l.shipped > l.invoiced
  ) AS part
  JOIN sales_order AS o ON o.id = part.id
  GROUP BY o.id
) AS gone
WHERE document_kind = ''SALES_ORDER'' AND document_number = gone.number AND gone.minor > 0;
UPDATE credit_total SET shipped_minor = gone.minor
FROM (
  SELECT customer_id, sum(shipped_minor) AS minor FROM credit_exposure
  WHERE shipped_minor > 0 GROUP BY customer_id
) AS gone
WHERE gone.customer_id = credit_total.customer_id;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(148,'orders-0061-carrier-rates','CREATE TABLE carrier_tariff (
  id INTEGER PRIMARY KEY,
  carrier TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (
    mode = ''OWN_TRUCK'' OR mode = ''ROAD'' OR mode = ''PARCEL'' OR mode = ''EXPRESS'' OR
    mode = ''RAIL'' OR mode = ''AIR'' OR mode = ''SEA''),
  version INTEGER NOT NULL CHECK (version > 0),
  valid_from INTEGER NOT NULL,
  currency TEXT NOT NULL,
  basis TEXT NOT NULL CHECK (basis = ''WEIGHT'' OR basis = ''VOLUME''),
  rounded_up_to INTEGER NOT NULL CHECK (rounded_up_to > 0),
  ccm_per_kilogram INTEGER CHECK (ccm_per_kilogram > 0),
  minimum_minor INTEGER NOT NULL CHECK (minimum_minor >= 0),
  fuel_surcharge_micros INTEGER NOT NULL CHECK (fuel_surcharge_micros >= 0),
  max_carton_grams INTEGER CHECK (max_carton_grams > 0),
  max_carton_length_mm INTEGER CHECK (max_carton_length_mm > 0),
  max_carton_ccm INTEGER CHECK (max_carton_ccm > 0),
  takes_fragile INTEGER NOT NULL CHECK (takes_fragile IN (0, 1)),
  collects_cash INTEGER NOT NULL CHECK (collects_cash IN (0, 1)),
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  UNIQUE (carrier, mode, version)
) STRICT;
CREATE INDEX carrier_tariff_day ON carrier_tariff (carrier, mode, valid_from, version);

CREATE TABLE carrier_tariff_zone (
  tariff_id INTEGER NOT NULL REFERENCES carrier_tariff (id),
  zone_code TEXT NOT NULL,
  transit_days INTEGER NOT NULL CHECK (transit_days >= 0),
  PRIMARY KEY (tariff_id, zone_code)
) STRICT, WITHOUT ROWID;
CREATE TABLE carrier_tariff_step (
  tariff_id INTEGER NOT NULL,
  zone_code TEXT NOT NULL,
  position INTEGER NOT NULL CHECK (position > 0),
  up_to INTEGER CHECK (up_to > 0),
  base_minor INTEGER NOT NULL CHECK (base_minor >= 0),
  each_micros INTEGER NOT NULL CHECK (each_micros >= 0),
  currency TEXT NOT NULL,
  PRIMARY KEY (tariff_id, zone_code, position),
  FOREIGN KEY (tariff_id, zone_code) REFERENCES carrier_tariff_zone (tariff_id, zone_code)
) STRICT, WITHOUT ROWID;

CREATE TABLE shipment_carrier_choice (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  tariff_id INTEGER NOT NULL REFERENCES carrier_tariff (id),
  cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
  currency TEXT NOT NULL,
  arrives_on INTEGER,
  is_late INTEGER NOT NULL CHECK (is_late IN (0, 1)),
  explanation TEXT NOT NULL,
  better_offers INTEGER NOT NULL CHECK (better_offers >= 0),
  reason TEXT NOT NULL,
  chosen_by TEXT NOT NULL,
  chosen_at INTEGER NOT NULL
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(149,'orders-0062-carton-numbers','CREATE TABLE shipment_carton (
  sscc TEXT PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  position INTEGER NOT NULL CHECK (position > 0),
  line_number INTEGER,
  unit INTEGER CHECK (unit > 0),
  carton INTEGER CHECK (carton > 0),
  UNIQUE (shipment_id, position),
  UNIQUE (shipment_id, line_number, unit, carton),
  CHECK ((line_number IS NULL) = (unit IS NULL)),
  CHECK ((line_number IS NULL) = (carton IS NULL)),
  FOREIGN KEY (shipment_id, line_number) REFERENCES shipment_line (shipment_id, line_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE sscc_serial (
  gs1_prefix TEXT PRIMARY KEY,
  next INTEGER NOT NULL CHECK (next >= 0)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(150,'orders-0063-trade-terms','ALTER TABLE sales_order ADD COLUMN incoterm TEXT CHECK (
  incoterm = ''EXW'' OR incoterm = ''FCA'' OR incoterm = ''CPT'' OR incoterm = ''CIP'' OR
  incoterm = ''DAP'' OR incoterm = ''DPU'' OR incoterm = ''DDP'' OR incoterm = ''FAS'' OR
  incoterm = ''FOB'' OR incoterm = ''CFR'' OR incoterm = ''CIF'');
ALTER TABLE sales_order ADD COLUMN named_place TEXT NOT NULL DEFAULT '''';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(151,'orders-0064-portal-links','CREATE TABLE portal_link (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > made_at),
  revoked_by TEXT,
  revoked_at INTEGER,
  CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
) STRICT;
CREATE INDEX portal_link_order ON portal_link (sales_order_id, id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(152,'orders-0065-short-picks','CREATE TABLE short_pick (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  shipment_number TEXT NOT NULL,
  order_number TEXT NOT NULL,
  line_number INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  warehouse_code TEXT NOT NULL,
  asked INTEGER NOT NULL,
  found INTEGER NOT NULL CHECK (found >= 0 AND found < asked),
  -- What of the rest was set apart in stock until somebody has looked.
  held INTEGER NOT NULL CHECK (held BETWEEN 0 AND asked - found),
  cause TEXT NOT NULL CHECK (
    cause = ''NOT_FOUND'' OR cause = ''DAMAGED'' OR cause = ''WRONG_GOODS''),
  picked_by TEXT NOT NULL,
  picked_at INTEGER NOT NULL,
  closed_by TEXT,
  closed_at INTEGER,
  UNIQUE (shipment_id, line_number),
  CHECK ((closed_by IS NULL) = (closed_at IS NULL))
) STRICT;
CREATE INDEX short_pick_open ON short_pick (id) WHERE closed_at IS NULL;
CREATE INDEX short_pick_place ON short_pick (product_id, warehouse_code)
  WHERE closed_at IS NULL;
CREATE INDEX short_pick_order ON short_pick (order_number, id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(153,'orders-0066-pick-waves','CREATE TABLE pick_wave (
  id INTEGER PRIMARY KEY,
  warehouse_code TEXT NOT NULL,
  due_by INTEGER NOT NULL,
  zone_code TEXT NOT NULL,
  carrier TEXT NOT NULL,
  prepared_by TEXT NOT NULL,
  prepared_at INTEGER NOT NULL
) STRICT;

CREATE TABLE pick_wave_shipment (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  wave_id INTEGER NOT NULL REFERENCES pick_wave (id)
) STRICT;
CREATE INDEX pick_wave_shipment_wave ON pick_wave_shipment (wave_id);
CREATE INDEX shipment_prepared ON shipment (id) WHERE state = ''PREPARED'';

CREATE TABLE pick_place (
  warehouse_code TEXT NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  code TEXT NOT NULL,
  PRIMARY KEY (warehouse_code, product_id)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(154,'orders-0067-remittance-proposals','CREATE TABLE remittance_policy (
  version INTEGER PRIMARY KEY,
  alone_minor INTEGER CHECK (alone_minor >= 0),
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;

ALTER TABLE remittance ADD COLUMN proposed_settlement TEXT
  CHECK (proposed_settlement = ''WRITE_OFF'' OR proposed_settlement = ''PAY_BACK'');
ALTER TABLE remittance ADD COLUMN proposed_minor INTEGER CHECK (proposed_minor > 0)
  CHECK ((proposed_minor IS NULL) = (proposed_settlement IS NULL));
ALTER TABLE remittance ADD COLUMN proposed_by TEXT
  CHECK ((proposed_by IS NULL) = (proposed_settlement IS NULL))
  CHECK (state <> ''SETTLED'' OR settled_by IS NULL OR proposed_by <> settled_by);
ALTER TABLE remittance ADD COLUMN proposed_at INTEGER
  CHECK ((proposed_at IS NULL) = (proposed_settlement IS NULL));',1795494813746568);
INSERT INTO "joinery_migration" VALUES(155,'orders-0068-delivery-places','CREATE TABLE sales_order_place (
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  address_id INTEGER NOT NULL,
  zone TEXT NOT NULL,
  floor INTEGER NOT NULL CHECK (floor >= 0),
  has_lift INTEGER NOT NULL CHECK (has_lift IN (0, 1)),
  assembly INTEGER NOT NULL CHECK (assembly IN (0, 1)),
  label TEXT NOT NULL,
  country_code TEXT NOT NULL,
  region_code TEXT NOT NULL,
  street TEXT NOT NULL,
  postcode TEXT NOT NULL,
  contact_name TEXT NOT NULL,
  contact_phone TEXT NOT NULL,
  PRIMARY KEY (sales_order_id, address_id)
) STRICT, WITHOUT ROWID;
ALTER TABLE shipment ADD COLUMN address_id INTEGER;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(156,'orders-0069-wanted-exposure','UPDATE credit_exposure SET wanted_until = o.requested_on,
  wanted = o.requested_on || char(9) || (amount_minor - shipped_minor)
FROM sales_order AS o
WHERE document_kind = ''SALES_ORDER'' AND document_number = o.number
  AND o.requested_on IS NOT NULL AND amount_minor > shipped_minor
  AND NOT EXISTS (
    SELECT 1 FROM sales_order_line AS l
    WHERE l.sales_order_id = o.id AND (l.schedules IS NOT NULL OR l.drop_shipped = 1));',1795494813746568);
INSERT INTO "joinery_migration" VALUES(157,'orders-0070-claims-owed-back','CREATE TABLE carrier_claim_next (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  shipment_number TEXT NOT NULL,
  order_number TEXT NOT NULL,
  carrier TEXT NOT NULL,
  cause TEXT NOT NULL CHECK (cause = ''LOST'' OR cause = ''DAMAGED''),
  state TEXT NOT NULL CHECK (
    state = ''OPEN'' OR state = ''FILED'' OR state = ''ACCEPTED'' OR state = ''REJECTED'' OR
    state = ''PAID'' OR state = ''WITHDRAWN'' OR state = ''OWED_BACK'' OR state = ''PAID_BACK'' OR
    state = ''WAIVED''),
  basis TEXT NOT NULL CHECK (basis = ''COST'' OR basis = ''SALES_VALUE''),
  claimed_minor INTEGER NOT NULL CHECK (claimed_minor >= 0),
  currency TEXT NOT NULL,
  accepted_minor INTEGER,
  reference TEXT NOT NULL DEFAULT '''',
  reason TEXT NOT NULL DEFAULT '''',
  opened_on INTEGER NOT NULL,
  -- How often something that was posted of it was taken back.
  reversals INTEGER NOT NULL DEFAULT 0,
  -- Since when its goods are there, while its carrier knows of it and has not paid.
  turned_up_on INTEGER CHECK (
    turned_up_on IS NULL OR state = ''FILED'' OR state = ''ACCEPTED'' OR state = ''REJECTED''),
  UNIQUE (shipment_id, cause),
  CHECK ((accepted_minor IS NOT NULL) = (
    state = ''ACCEPTED'' OR state = ''PAID'' OR state = ''OWED_BACK'' OR state = ''PAID_BACK'' OR
    state = ''WAIVED'')),
  CHECK (accepted_minor IS NULL OR accepted_minor BETWEEN 1 AND claimed_minor)
) STRICT;
INSERT INTO carrier_claim_next (id, number, shipment_id, shipment_number, order_number, carrier,
  cause, state, basis, claimed_minor, currency, accepted_minor, reference, reason, opened_on,
  reversals)
SELECT id, number, shipment_id, shipment_number, order_number, carrier, cause, state, basis,
  claimed_minor, currency, accepted_minor, reference, reason, opened_on, reversals
FROM carrier_claim ORDER BY id;
DROP TABLE carrier_claim;
ALTER TABLE carrier_claim_next RENAME TO carrier_claim;
CREATE INDEX carrier_claim_open ON carrier_claim (id)
  WHERE state <> ''PAID'' AND state <> ''WITHDRAWN'' AND state <> ''PAID_BACK'' AND
    state <> ''WAIVED'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(158,'orders-0071-rework','ALTER TABLE change_request_line ADD COLUMN rework TEXT NOT NULL DEFAULT '''';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(159,'orders-0072-appointment-places','ALTER TABLE appointment ADD COLUMN address_id INTEGER;
DROP INDEX appointment_booked;
CREATE UNIQUE INDEX appointment_booked
  ON appointment (sales_order_id, kind, COALESCE(address_id, 0)) WHERE state = ''BOOKED'';
CREATE VIEW view_van_promise AS
  SELECT p.sales_order_id, p.line_number, p.expected_on
  FROM order_promise AS p
  JOIN sales_order_line AS l
    ON l.sales_order_id = p.sales_order_id AND l.line_number = p.line_number
  WHERE p.state = ''WAITING'' AND l.drop_shipped = 0 AND l.schedules IS NULL
    AND NOT EXISTS (
      SELECT 1 FROM shortage_choice AS c
      WHERE c.sales_order_id = p.sales_order_id AND c.line_number = p.line_number
        AND c.choice = ''PART_SHIP''
        AND NOT EXISTS (
          SELECT 1 FROM shortage_choice AS later
          WHERE later.sales_order_id = c.sales_order_id AND later.line_number = c.line_number
            AND later.id > c.id AND later.choice = ''WAIT''));
UPDATE appointment SET overtaken = EXISTS (
  SELECT 1 FROM view_van_promise AS p
  WHERE p.sales_order_id = appointment.sales_order_id
    AND (p.expected_on IS NULL OR p.expected_on > (
      SELECT s.slot_on FROM delivery_slot AS s WHERE s.id = appointment.slot_id)))
WHERE state = ''BOOKED'' AND kind = ''DELIVERY'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(160,'aftersales-0001-return','CREATE TABLE return_reason (
  position INTEGER PRIMARY KEY CHECK (position > 0),
  code TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL,
  responsible TEXT NOT NULL CHECK (
    responsible = ''CUSTOMER'' OR responsible = ''SELLER'' OR responsible = ''WORKSHOP'' OR
    responsible = ''CARRIER'' OR responsible = ''SUPPLIER'')
) STRICT;
INSERT INTO return_reason (position, code, text, responsible) VALUES
  (1, ''CHANGED_MIND'', ''The customer does not want it any more'', ''CUSTOMER''),
  (2, ''WRONG_GOODS'', ''Something else was ordered'', ''SELLER''),
  (3, ''DEFECT'', ''It was made badly'', ''WORKSHOP''),
  (4, ''DAMAGED'', ''It was damaged on the way'', ''CARRIER''),
  (5, ''BAD_MATERIAL'', ''It was bad when it came from the supplier'', ''SUPPLIER'');

CREATE TABLE return_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX return_policy_day ON return_policy (valid_from, version);
INSERT INTO return_policy (version, valid_from, reason, made_by, made_at)
VALUES (1, -719162, ''As shipped: seven days, and defects'', '''', 0);

CREATE TABLE return_rule (
  policy_version INTEGER NOT NULL REFERENCES return_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  reason_code TEXT,
  is_defect INTEGER CHECK (is_defect IN (0, 1)),
  sourcing TEXT CHECK (sourcing = ''STOCK'' OR sourcing = ''MAKE''),
  within_days INTEGER CHECK (within_days >= 0),
  allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
  fee_micros INTEGER NOT NULL CHECK (fee_micros BETWEEN 0 AND 1000000),
  approver_role TEXT,
  PRIMARY KEY (policy_version, position)
) STRICT, WITHOUT ROWID;
INSERT INTO return_rule (policy_version, position, is_defect, sourcing, within_days, allowed,
  fee_micros, approver_role)
VALUES
  (1, 1, 1, NULL, NULL, 1, 0, ''SALES_MANAGER''),
  (1, 2, 0, ''MAKE'', NULL, 0, 0, NULL),
  (1, 3, 0, ''STOCK'', 7, 1, 0, NULL);

CREATE TABLE customer_return (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (
    state = ''REQUESTED'' OR state = ''APPROVED'' OR state = ''REJECTED'' OR
    state = ''CANCELLED'' OR state = ''RECEIVED'' OR state = ''INSPECTED'' OR state = ''CREDITED''),
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  note TEXT NOT NULL,
  policy_version INTEGER NOT NULL REFERENCES return_policy (version),
  explanation TEXT NOT NULL,
  approver_role TEXT,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  decided_by TEXT,
  decision TEXT NOT NULL,
  warehouse_code TEXT,
  received_on INTEGER,
  credited_by TEXT,
  credited_minor INTEGER NOT NULL CHECK (credited_minor >= 0),
  fee_minor INTEGER NOT NULL CHECK (fee_minor BETWEEN 0 AND credited_minor),
  currency TEXT NOT NULL,
  fee_invoice TEXT,
  CHECK ((warehouse_code IS NULL) = (received_on IS NULL)),
  CHECK ((state = ''CREDITED'') = (credited_by IS NOT NULL))
) STRICT;
CREATE INDEX customer_return_order ON customer_return (sales_order_id, id);
CREATE INDEX customer_return_state ON customer_return (state, id);
CREATE INDEX customer_return_day ON customer_return (received_on)
  WHERE received_on IS NOT NULL;

CREATE TABLE customer_return_line (
  return_id INTEGER NOT NULL REFERENCES customer_return (id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  reason_code TEXT NOT NULL,
  responsible TEXT NOT NULL,
  rule INTEGER NOT NULL CHECK (rule > 0),
  fee_micros INTEGER NOT NULL CHECK (fee_micros BETWEEN 0 AND 1000000),
  requested INTEGER NOT NULL CHECK (requested > 0),
  received INTEGER NOT NULL CHECK (received BETWEEN 0 AND requested),
  grade_a INTEGER NOT NULL CHECK (grade_a >= 0),
  grade_b INTEGER NOT NULL CHECK (grade_b >= 0),
  grade_c INTEGER NOT NULL CHECK (grade_c >= 0),
  cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
  scrap_minor INTEGER NOT NULL CHECK (scrap_minor BETWEEN 0 AND cost_minor),
  currency TEXT NOT NULL,
  PRIMARY KEY (return_id, line_number),
  CHECK (grade_a + grade_b + grade_c <= received)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_return_line_order
  ON customer_return_line (sales_order_id, line_number);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(161,'aftersales-0002-warranty','CREATE TABLE warranty_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX warranty_policy_day ON warranty_policy (valid_from, version);
INSERT INTO warranty_policy (version, valid_from, reason, made_by, made_at)
VALUES (1, -719162, ''As shipped: two years'', '''', 0);

CREATE TABLE warranty_rule (
  policy_version INTEGER NOT NULL REFERENCES warranty_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  sku TEXT,
  sourcing TEXT CHECK (sourcing = ''STOCK'' OR sourcing = ''MAKE''),
  component TEXT,
  months INTEGER NOT NULL CHECK (months BETWEEN 0 AND 1200),
  PRIMARY KEY (policy_version, position)
) STRICT, WITHOUT ROWID;
INSERT INTO warranty_rule (policy_version, position, months) VALUES (1, 1, 24);

CREATE TABLE remake (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL UNIQUE REFERENCES sales_order (id),
  origin_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  origin_line INTEGER NOT NULL CHECK (origin_line > 0),
  component TEXT NOT NULL,
  reason_code TEXT NOT NULL,
  responsible TEXT NOT NULL,
  is_free INTEGER NOT NULL CHECK (is_free IN (0, 1)),
  explanation TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  requested_on INTEGER NOT NULL,
  CHECK (sales_order_id <> origin_order_id)
) STRICT;
CREATE INDEX remake_origin ON remake (origin_order_id, id);
CREATE INDEX remake_day ON remake (requested_on);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(162,'aftersales-0003-complaint','CREATE TABLE complaint_term (
  severity TEXT PRIMARY KEY CHECK (
    severity = ''LOW'' OR severity = ''NORMAL'' OR severity = ''HIGH'' OR severity = ''CRITICAL''),
  hours INTEGER NOT NULL CHECK (hours > 0),
  escalation_role TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO complaint_term (severity, hours, escalation_role) VALUES
  (''LOW'', 168, ''SALES_MANAGER''), (''NORMAL'', 72, ''SALES_MANAGER''),
  (''HIGH'', 24, ''SALES_MANAGER''), (''CRITICAL'', 4, ''GENERAL_MANAGER'');

CREATE TABLE complaint (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (
    state = ''OPEN'' OR state = ''IN_PROGRESS'' OR state = ''RESOLVED''),
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  line_number INTEGER NOT NULL CHECK (line_number >= 0),
  category TEXT NOT NULL,
  severity TEXT NOT NULL,
  text TEXT NOT NULL,
  assignee TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  level INTEGER NOT NULL CHECK (level >= 0),
  escalation_role TEXT NOT NULL,
  resolution TEXT NOT NULL,
  document_kind TEXT,
  document_number TEXT,
  resolved_at INTEGER,
  CHECK ((state = ''RESOLVED'') = (resolved_at IS NOT NULL)),
  CHECK (state <> ''IN_PROGRESS'' OR assignee <> ''''),
  CHECK ((document_kind IS NULL) = (document_number IS NULL))
) STRICT;
CREATE INDEX complaint_order ON complaint (sales_order_id, id);
CREATE INDEX complaint_state ON complaint (state, id);
CREATE INDEX complaint_due ON complaint (due_at) WHERE resolved_at IS NULL;

CREATE TABLE satisfaction (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL UNIQUE REFERENCES shipment (id),
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 10),
  text TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  answered_on INTEGER NOT NULL
) STRICT;
CREATE INDEX satisfaction_order ON satisfaction (sales_order_id, id);
CREATE INDEX satisfaction_day ON satisfaction (answered_on);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(163,'aftersales-0004-exchange','CREATE TABLE exchange (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  return_id INTEGER NOT NULL UNIQUE REFERENCES customer_return (id),
  sales_order_id INTEGER NOT NULL UNIQUE REFERENCES sales_order (id),
  origin_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  carried_minor INTEGER NOT NULL CHECK (carried_minor >= 0),
  currency TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  CHECK (sales_order_id <> origin_order_id)
) STRICT;
CREATE INDEX exchange_origin ON exchange (origin_order_id, id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(164,'aftersales-0005-write-down','ALTER TABLE return_rule ADD COLUMN write_down_micros INTEGER NOT NULL DEFAULT 0
  CHECK (write_down_micros BETWEEN 0 AND 1000000);
ALTER TABLE customer_return_line ADD COLUMN written_down_minor INTEGER NOT NULL DEFAULT 0
  CHECK (written_down_minor BETWEEN 0 AND cost_minor);
ALTER TABLE customer_return_line ADD COLUMN written_down_here_minor INTEGER NOT NULL
  DEFAULT 0 CHECK (written_down_here_minor BETWEEN 0 AND written_down_minor
    AND (grade_b > 0 OR written_down_here_minor = 0));',1795494813746568);
INSERT INTO "joinery_migration" VALUES(165,'aftersales-0006-dunning','ALTER TABLE pricing_rules ADD COLUMN has_dunning INTEGER NOT NULL DEFAULT 0
  CHECK (has_dunning IN (0, 1));

CREATE TABLE dunning_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  minimum_minor INTEGER NOT NULL CHECK (minimum_minor >= 0),
  currency TEXT NOT NULL,
  spares_complaints INTEGER NOT NULL CHECK (spares_complaints IN (0, 1)),
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX dunning_policy_day ON dunning_policy (valid_from, version);

CREATE TABLE dunning_level (
  policy_version INTEGER NOT NULL REFERENCES dunning_policy (version),
  level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 9),
  after_days INTEGER NOT NULL CHECK (after_days > 0),
  letter TEXT NOT NULL CHECK (
    letter = ''REMINDER'' OR letter = ''DEMAND'' OR letter = ''FINAL_DEMAND''),
  fee_minor INTEGER NOT NULL CHECK (fee_minor >= 0),
  interest_micros INTEGER NOT NULL CHECK (interest_micros BETWEEN 0 AND 1000000),
  blocks_orders INTEGER NOT NULL CHECK (blocks_orders IN (0, 1)),
  PRIMARY KEY (policy_version, level)
) STRICT, WITHOUT ROWID;

CREATE TABLE dunning_letter (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  policy_version INTEGER NOT NULL,
  level INTEGER NOT NULL,
  fee_minor INTEGER NOT NULL CHECK (fee_minor >= 0),
  currency TEXT NOT NULL,
  written_on INTEGER NOT NULL,
  written_by TEXT NOT NULL,
  written_at INTEGER NOT NULL,
  FOREIGN KEY (policy_version, level) REFERENCES dunning_level (policy_version, level)
) STRICT;
CREATE INDEX dunning_letter_customer ON dunning_letter (customer_id, id);

CREATE TABLE dunning_letter_line (
  letter_id INTEGER NOT NULL REFERENCES dunning_letter (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  invoice_number TEXT NOT NULL,
  order_number TEXT NOT NULL,
  level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 9),
  due_on INTEGER NOT NULL,
  open_minor INTEGER NOT NULL CHECK (open_minor > 0),
  interest_minor INTEGER NOT NULL CHECK (interest_minor >= 0),
  currency TEXT NOT NULL,
  PRIMARY KEY (letter_id, line_no),
  -- Once for each level, whatever happens.
  UNIQUE (invoice_id, level)
) STRICT, WITHOUT ROWID;

CREATE TABLE dunning_stop (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  invoice_id INTEGER REFERENCES invoice (id),
  invoice_number TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (
    reason = ''DISPUTE'' OR reason = ''COMPLAINT'' OR reason = ''INSTALMENTS'' OR
    reason = ''INSOLVENCY'' OR reason = ''OTHER''),
  note TEXT NOT NULL,
  until_on INTEGER NOT NULL,
  stopped_by TEXT NOT NULL,
  stopped_at INTEGER NOT NULL,
  lifted_by TEXT,
  lifted_at INTEGER,
  CHECK ((lifted_by IS NULL) = (lifted_at IS NULL)),
  CHECK ((invoice_id IS NULL) = (invoice_number = ''''))
) STRICT;
CREATE INDEX dunning_stop_customer ON dunning_stop (customer_id, until_on)
  WHERE lifted_at IS NULL;

CREATE TABLE payment_promise (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  invoice_number TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  open_minor INTEGER NOT NULL CHECK (open_minor >= amount_minor),
  currency TEXT NOT NULL,
  promised_on INTEGER NOT NULL,
  note TEXT NOT NULL,
  noted_by TEXT NOT NULL,
  noted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX payment_promise_invoice ON payment_promise (invoice_id, id);
CREATE INDEX payment_promise_customer ON payment_promise (customer_id, id);

CREATE VIEW view_dunning_letter_owner AS
  SELECT d.number, c.owner, c.store_code
  FROM dunning_letter AS d JOIN view_customer_owner AS c ON c.id = d.customer_id;

-- What is open, how far its customer was reminded of it, and what holds that back.
CREATE VIEW view_dunning AS
  SELECT i.id, i.number, i.customer_id, i.customer_code, i.order_number, i.due_on,
    i.open_minor, i.currency, i.base_open_minor, i.base_currency,
    COALESCE((SELECT MAX(l.level) FROM dunning_letter_line AS l
      WHERE l.invoice_id = i.id), 0) AS level,
    COALESCE((SELECT d.number FROM dunning_letter_line AS l
      JOIN dunning_letter AS d ON d.id = l.letter_id
      WHERE l.invoice_id = i.id ORDER BY l.level DESC LIMIT 1), '''') AS letter_number,
    COALESCE((SELECT v.blocks_orders FROM dunning_letter_line AS l
      JOIN dunning_letter AS d ON d.id = l.letter_id
      JOIN dunning_level AS v
        ON v.policy_version = d.policy_version AND v.level = l.level
      WHERE l.invoice_id = i.id ORDER BY l.level DESC LIMIT 1), 0) AS blocks_orders,
    (SELECT MAX(s.until_on) FROM dunning_stop AS s
      WHERE s.customer_id = i.customer_id AND s.lifted_at IS NULL
        AND (s.invoice_id IS NULL OR s.invoice_id = i.id)) AS stopped_until,
    (SELECT p.promised_on FROM payment_promise AS p
      WHERE p.invoice_id = i.id ORDER BY p.id DESC LIMIT 1) AS promised_on,
    EXISTS (SELECT 1 FROM sales_order AS o
      JOIN complaint AS c ON c.sales_order_id = o.id
      WHERE o.number = i.order_number AND c.resolved_at IS NULL) AS has_complaint
  FROM view_open_invoice AS i;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(166,'aftersales-0007-complaint-pause','ALTER TABLE complaint_term ADD COLUMN in_business_hours INTEGER NOT NULL DEFAULT 0
  CHECK (in_business_hours IN (0, 1));
ALTER TABLE complaint ADD COLUMN in_business_hours INTEGER NOT NULL DEFAULT 0
  CHECK (in_business_hours IN (0, 1));
ALTER TABLE complaint ADD COLUMN paused_until INTEGER;

CREATE TABLE complaint_pause (
  id INTEGER PRIMARY KEY,
  complaint_id INTEGER NOT NULL REFERENCES complaint (id),
  reason TEXT NOT NULL CHECK (
    reason = ''CUSTOMER'' OR reason = ''SUPPLIER'' OR reason = ''PARTS'' OR
    reason = ''APPOINTMENT'' OR reason = ''CARRIER''),
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
CREATE INDEX complaint_pause_day ON complaint_pause (paused_at);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(167,'aftersales-0008-defect-finding','CREATE TABLE defect_finding (
  id INTEGER PRIMARY KEY,
  document_number TEXT NOT NULL,
  origin_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  origin_line INTEGER NOT NULL CHECK (origin_line > 0),
  lot TEXT NOT NULL,
  supplier_code TEXT NOT NULL,
  work_order_number TEXT,
  work_centre_code TEXT,
  operation TEXT,
  found_by TEXT NOT NULL,
  found_at INTEGER NOT NULL,
  UNIQUE (document_number, origin_line),
  CHECK (lot <> '''' OR supplier_code <> '''' OR work_order_number IS NOT NULL),
  CHECK ((work_order_number IS NULL) = (work_centre_code IS NULL)),
  CHECK ((work_order_number IS NULL) = (operation IS NULL))
) STRICT;
CREATE INDEX defect_finding_order ON defect_finding (origin_order_id, id);
CREATE INDEX defect_finding_lot ON defect_finding (lot, id) WHERE lot <> '''';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(168,'aftersales-0009-dunning-claims','ALTER TABLE dunning_policy ADD COLUMN claims_fee INTEGER NOT NULL DEFAULT 0
  CHECK (claims_fee IN (0, 1));
ALTER TABLE dunning_policy ADD COLUMN fee_tax_micros INTEGER NOT NULL DEFAULT 0
  CHECK (fee_tax_micros BETWEEN 0 AND 1000000);
ALTER TABLE dunning_policy ADD COLUMN claims_interest INTEGER NOT NULL DEFAULT 0
  CHECK (claims_interest IN (0, 1));
ALTER TABLE dunning_policy ADD COLUMN interest_tax_micros INTEGER NOT NULL DEFAULT 0
  CHECK (interest_tax_micros BETWEEN 0 AND 1000000);
ALTER TABLE dunning_policy ADD COLUMN claim_net_days INTEGER NOT NULL DEFAULT 0
  CHECK (claim_net_days BETWEEN 0 AND 365);
ALTER TABLE dunning_letter_line ADD COLUMN is_booked INTEGER NOT NULL DEFAULT 0
  CHECK (is_booked IN (0, 1));

DROP VIEW view_dunning;
CREATE VIEW view_dunning AS
  SELECT i.id, i.number, i.customer_id, i.customer_code, i.order_number, i.due_on,
    i.open_minor, i.currency, i.base_open_minor, i.base_currency,
    COALESCE((SELECT MAX(l.level) FROM dunning_letter_line AS l
      WHERE l.invoice_id = i.id), 0) AS level,
    COALESCE((SELECT d.number FROM dunning_letter_line AS l
      JOIN dunning_letter AS d ON d.id = l.letter_id
      WHERE l.invoice_id = i.id ORDER BY l.level DESC LIMIT 1), '''') AS letter_number,
    COALESCE((SELECT v.blocks_orders FROM dunning_letter_line AS l
      JOIN dunning_letter AS d ON d.id = l.letter_id
      JOIN dunning_level AS v
        ON v.policy_version = d.policy_version AND v.level = l.level
      WHERE l.invoice_id = i.id ORDER BY l.level DESC LIMIT 1), 0) AS blocks_orders,
    (SELECT MAX(s.until_on) FROM dunning_stop AS s
      WHERE s.customer_id = i.customer_id AND s.lifted_at IS NULL
        AND (s.invoice_id IS NULL OR s.invoice_id = i.id)) AS stopped_until,
    (SELECT p.promised_on FROM payment_promise AS p
      WHERE p.invoice_id = i.id ORDER BY p.id DESC LIMIT 1) AS promised_on,
    EXISTS (SELECT 1 FROM sales_order AS o
      JOIN complaint AS c ON c.sales_order_id = o.id
      WHERE o.number = i.order_number AND c.resolved_at IS NULL) AS has_complaint
  FROM view_open_invoice AS i WHERE i.order_kind <> ''DUNNING_LETTER'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(169,'aftersales-0010-units','ALTER TABLE customer_return ADD COLUMN requested_on INTEGER NOT NULL DEFAULT 0;
UPDATE customer_return SET requested_on = requested_at / 86400000000;
ALTER TABLE customer_return_line ADD COLUMN gone_cost_minor INTEGER NOT NULL DEFAULT 0
  CHECK (gone_cost_minor BETWEEN 0 AND cost_minor);
UPDATE customer_return_line
SET gone_cost_minor = CASE WHEN grade_a + grade_c = received THEN cost_minor
  ELSE CAST(round(CAST(cost_minor AS REAL) * (grade_a + grade_c) / received) AS INTEGER) END
WHERE received > 0;
ALTER TABLE warranty_policy ADD COLUMN approver_role TEXT NOT NULL
  DEFAULT ''SALES_MANAGER'';
ALTER TABLE warranty_policy ADD COLUMN free_limit_minor INTEGER
  CHECK (free_limit_minor >= 0);
ALTER TABLE warranty_policy ADD COLUMN free_limit_currency TEXT
  CHECK ((free_limit_minor IS NULL) = (free_limit_currency IS NULL));
CREATE INDEX remake_line ON remake (origin_order_id, origin_line);
CREATE INDEX repair_line ON repair (origin_order_id, origin_line);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(170,'aftersales-0011-serial','CREATE INDEX delivery_proof_serial_number ON delivery_proof_serial (serial);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(171,'aftersales-0012-complaint-channel','ALTER TABLE complaint ADD COLUMN channel TEXT CHECK (
  channel = ''PHONE'' OR channel = ''STORE'' OR channel = ''WECHAT'' OR channel = ''EMAIL'' OR
  channel = ''WEB'' OR channel = ''MARKETPLACE'' OR channel = ''CREW'');
CREATE INDEX complaint_opened ON complaint (opened_at);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(172,'commands-0001-command','CREATE TABLE command (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  peer TEXT NOT NULL,
  method TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request BLOB NOT NULL,
  status INTEGER NOT NULL,
  reply BLOB NOT NULL,
  hash BLOB NOT NULL,
  UNIQUE (actor, idempotency_key)
) STRICT;
CREATE TABLE event (
  sequence INTEGER NOT NULL REFERENCES command (sequence),
  ordinal INTEGER NOT NULL,
  type TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_number TEXT NOT NULL,
  root_kind TEXT NOT NULL,
  root_number TEXT NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (sequence, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_by_root ON event (root_number, sequence, ordinal);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(173,'commands-0002-audit','-- Entries of before keep the format that their hashes cover.
ALTER TABLE command ADD COLUMN format INTEGER NOT NULL DEFAULT 1;
ALTER TABLE command ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE command ADD COLUMN credential TEXT NOT NULL DEFAULT '''';
ALTER TABLE command ADD COLUMN certificate TEXT NOT NULL DEFAULT '''';
ALTER TABLE command ADD COLUMN reason TEXT NOT NULL DEFAULT '''';
ALTER TABLE command ADD COLUMN trace TEXT NOT NULL DEFAULT '''';
ALTER TABLE command ADD COLUMN changes BLOB NOT NULL DEFAULT x'''';
ALTER TABLE command ADD COLUMN occurrences INTEGER NOT NULL DEFAULT 1;
CREATE TABLE audit_checkpoint (
  size INTEGER PRIMARY KEY CHECK (size > 0),
  at INTEGER NOT NULL,
  chain_head BLOB NOT NULL,
  tree_root BLOB NOT NULL,
  public_key BLOB NOT NULL,
  signature BLOB NOT NULL
) STRICT;
-- Roots of the complete subtrees of 256 entries, from 0.
CREATE TABLE audit_tile (
  number INTEGER PRIMARY KEY,
  root BLOB NOT NULL
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(174,'commands-0003-subject-key','CREATE TABLE subject_key (
  subject TEXT PRIMARY KEY,
  sealed_with BLOB NOT NULL,
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(175,'commands-0004-scope','ALTER TABLE command ADD COLUMN scope TEXT NOT NULL DEFAULT ''all'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(176,'commands-0005-seals-in-use','CREATE INDEX subject_key_seal ON subject_key (sealed_with) WHERE bytes <> x'''';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(177,'commands-0006-event-place','CREATE TABLE placed_event (
  place INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL REFERENCES command (sequence),
  type TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_number TEXT NOT NULL,
  root_kind TEXT NOT NULL,
  root_number TEXT NOT NULL,
  facts TEXT NOT NULL,
  CHECK (place >> 20 = sequence)
) STRICT;
INSERT INTO placed_event
  (place, sequence, type, subject_kind, subject_number, root_kind, root_number, facts)
SELECT sequence << 20 | ordinal, sequence, type, subject_kind, subject_number, root_kind,
  root_number, facts
FROM event ORDER BY sequence, ordinal;
DROP TABLE event;
ALTER TABLE placed_event RENAME TO event;
CREATE INDEX event_by_root ON event (root_number, place);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(178,'tills-0001-terminal-command','CREATE TABLE terminal_command (
  terminal TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  fingerprint BLOB NOT NULL,
  command INTEGER NOT NULL REFERENCES command (sequence),
  PRIMARY KEY (terminal, number)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(179,'identity-0001-principal','CREATE TABLE principal (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind = ''PERSON'' OR kind = ''SERVICE'' OR kind = ''TILL''),
  display_name TEXT NOT NULL,
  is_disabled INTEGER NOT NULL CHECK (is_disabled BETWEEN 0 AND 1),
  certificate_subject TEXT UNIQUE,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK (kind <> ''PERSON'' OR certificate_subject IS NULL)
) STRICT;

CREATE TABLE role (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;

CREATE TABLE role_permission (
  role_id INTEGER NOT NULL REFERENCES role (id),
  permission TEXT NOT NULL,
  PRIMARY KEY (role_id, permission)
) STRICT, WITHOUT ROWID;
CREATE INDEX role_permission_permission ON role_permission (permission);

CREATE TABLE principal_role (
  principal_id INTEGER NOT NULL REFERENCES principal (id),
  role_id INTEGER NOT NULL REFERENCES role (id),
  PRIMARY KEY (principal_id, role_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX principal_role_role ON principal_role (role_id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(180,'identity-0002-password','-- The parameters of scrypt stand beside each hash, so that they can be raised.
CREATE TABLE password (
  principal_id INTEGER PRIMARY KEY REFERENCES principal (id),
  salt BLOB NOT NULL,
  hash BLOB NOT NULL,
  rounds INTEGER NOT NULL CHECK (rounds > 1),
  block_size INTEGER NOT NULL CHECK (block_size > 0),
  parallelism INTEGER NOT NULL CHECK (parallelism > 0),
  must_change INTEGER NOT NULL CHECK (must_change BETWEEN 0 AND 1),
  changed_at INTEGER NOT NULL,
  failures INTEGER NOT NULL CHECK (failures >= 0),
  locked_until INTEGER
) STRICT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(181,'identity-0003-session','CREATE TABLE session (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  principal_id INTEGER NOT NULL REFERENCES principal (id),
  created_at INTEGER NOT NULL,
  refreshed_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  access_expires_at INTEGER NOT NULL CHECK (access_expires_at <= expires_at),
  peer TEXT NOT NULL,
  end_reason TEXT,
  ended_at INTEGER,
  access_digest BLOB NOT NULL,
  refresh_digest BLOB NOT NULL,
  CHECK ((end_reason IS NULL) = (ended_at IS NULL))
) STRICT;
CREATE INDEX session_principal ON session (principal_id, id);

-- Refresh tokens that must not come again.
CREATE TABLE spent_refresh (
  session_id INTEGER NOT NULL REFERENCES session (id),
  digest BLOB NOT NULL,
  PRIMARY KEY (session_id, digest)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(182,'identity-0004-api-key','CREATE TABLE api_key (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  principal_id INTEGER NOT NULL REFERENCES principal (id),
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  networks TEXT NOT NULL,
  certificate_subject TEXT,
  digest BLOB NOT NULL
) STRICT;
CREATE INDEX api_key_principal ON api_key (principal_id, id);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(183,'identity-0005-shipped-roles','INSERT INTO role (id, name, title, version) VALUES
  (1, ''ADMINISTRATOR'', ''Who may do what; settings and master data'', 1),
  (2, ''AUDITOR'', ''Reads everything, changes nothing'', 1),
  (3, ''CUSTOMER_SERVICE'', ''Customers, and what becomes of their orders'', 1),
  (4, ''FINANCE'', ''Invoices, payments, books'', 1),
  (5, ''GENERAL_MANAGER'', ''Approves what passes the limits of others'', 1),
  (6, ''INTEGRATION'', ''Web shops and marketplaces'', 1),
  (7, ''PRODUCTION_PLANNER'', ''Bills of material, work centres, work orders'', 1),
  (8, ''PURCHASER'', ''Suppliers, requisitions, purchase orders'', 1),
  (9, ''SALES'', ''Quotes and orders'', 1),
  (10, ''SALES_MANAGER'', ''Orders, prices and approvals'', 1),
  (11, ''TILL'', ''A terminal in a shop'', 1),
  (12, ''WAREHOUSE'', ''Stock, goods in and goods out'', 1),
  (13, ''WORKSHOP'', ''Reports what was made'', 1);

INSERT INTO role_permission (role_id, permission) VALUES
  (1, ''identity.read''), (1, ''identity.write''), (1, ''audit.verify''), (1, ''events.read''),
  (1, ''tills.read''), (1, ''catalog.read''), (1, ''catalog.write''), (1, ''finance.configure''),
  (1, ''orders.configure''), (1, ''production.configure''), (1, ''production.read''),
  (1, ''prices.read''), (1, ''prices.write''), (1, ''customers.read''), (1, ''customers.write''),
  (1, ''stock.read''), (1, ''stock.write''), (1, ''suppliers.write''), (1, ''purchasing.read''),
  (1, ''orders.read''), (1, ''finance.read''),

  (2, ''identity.read''), (2, ''audit.verify''), (2, ''events.read''), (2, ''tills.read''),
  (2, ''catalog.read''), (2, ''prices.read''), (2, ''customers.read''), (2, ''orders.read''),
  (2, ''finance.read''), (2, ''stock.read''), (2, ''production.read''), (2, ''purchasing.read''),

  (3, ''customers.read''), (3, ''customers.write''), (3, ''orders.read''), (3, ''orders.create''),
  (3, ''orders.cancel''), (3, ''catalog.read''), (3, ''prices.read''), (3, ''stock.read''),

  (4, ''finance.read''), (4, ''finance.configure''), (4, ''payments.write''),
  (4, ''invoices.write''), (4, ''purchasing.bill''), (4, ''purchasing.read''), (4, ''orders.read''),
  (4, ''customers.read''), (4, ''catalog.read''), (4, ''prices.read''), (4, ''stock.read''),

  (5, ''orders.approve''), (5, ''orders.read''), (5, ''orders.cancel''), (5, ''customers.read''),
  (5, ''catalog.read''), (5, ''prices.read''), (5, ''finance.read''), (5, ''stock.read''),
  (5, ''production.read''), (5, ''purchasing.read''), (5, ''events.read''),

  (6, ''catalog.read''), (6, ''prices.read''), (6, ''stock.read''), (6, ''customers.read''),
  (6, ''customers.write''), (6, ''orders.create''), (6, ''orders.confirm''), (6, ''orders.cancel''),
  (6, ''orders.read''), (6, ''payments.write''), (6, ''events.read''),

  (7, ''production.configure''), (7, ''production.plan''), (7, ''production.read''),
  (7, ''production.report''), (7, ''catalog.read''), (7, ''stock.read''), (7, ''orders.read''),
  (7, ''purchasing.read''),

  (8, ''suppliers.write''), (8, ''purchasing.read''), (8, ''purchasing.write''), (8, ''catalog.read''),
  (8, ''stock.read''), (8, ''production.read''),

  (9, ''orders.create''), (9, ''orders.confirm''), (9, ''orders.cancel''), (9, ''orders.read''),
  (9, ''customers.read''), (9, ''customers.write''), (9, ''catalog.read''), (9, ''prices.read''),
  (9, ''stock.read''),

  (10, ''orders.create''), (10, ''orders.confirm''), (10, ''orders.cancel''), (10, ''orders.read''),
  (10, ''orders.approve''), (10, ''orders.configure''), (10, ''customers.read''),
  (10, ''customers.write''), (10, ''catalog.read''), (10, ''prices.read''), (10, ''prices.write''),
  (10, ''stock.read''), (10, ''finance.read''), (10, ''events.read''),

  (11, ''tills.sync''), (11, ''tills.read''), (11, ''catalog.read''), (11, ''prices.read''),
  (11, ''stock.read''), (11, ''customers.read''), (11, ''customers.write''), (11, ''orders.create''),
  (11, ''orders.confirm''), (11, ''orders.read''), (11, ''payments.write''),

  (12, ''stock.read''), (12, ''stock.write''), (12, ''stock.adjust''), (12, ''shipments.write''),
  (12, ''purchasing.receive''), (12, ''purchasing.read''), (12, ''orders.read''),
  (12, ''catalog.read''),

  (13, ''production.read''), (13, ''production.report''), (13, ''catalog.read''),
  (13, ''stock.read'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(184,'identity-0006-field-permissions','INSERT INTO role_permission (role_id, permission)
SELECT id, ''cost.read'' FROM role WHERE name IN (
  ''ADMINISTRATOR'', ''AUDITOR'', ''FINANCE'', ''GENERAL_MANAGER'', ''PRODUCTION_PLANNER'', ''PURCHASER'',
  ''SALES_MANAGER'');
INSERT INTO role_permission (role_id, permission)
SELECT id, ''credit.read'' FROM role WHERE name IN (
  ''ADMINISTRATOR'', ''AUDITOR'', ''FINANCE'', ''GENERAL_MANAGER'', ''SALES_MANAGER'');
INSERT INTO role_permission (role_id, permission)
SELECT id, ''personal.read'' FROM role WHERE name IN (
  ''ADMINISTRATOR'', ''AUDITOR'', ''CUSTOMER_SERVICE'', ''FINANCE'', ''GENERAL_MANAGER'', ''INTEGRATION'',
  ''SALES'', ''SALES_MANAGER'', ''TILL'', ''WAREHOUSE'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(185,'identity-0007-second-factor','-- The secret is encrypted with the key that seal_key names; not where that is empty.
CREATE TABLE second_factor (
  principal_id INTEGER PRIMARY KEY REFERENCES principal (id),
  seal_key BLOB NOT NULL,
  secret BLOB NOT NULL,
  added_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  last_step INTEGER NOT NULL CHECK (last_step >= 0)
) STRICT;

CREATE TABLE recovery_code (
  principal_id INTEGER NOT NULL REFERENCES principal (id),
  digest BLOB NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (principal_id, digest)
) STRICT, WITHOUT ROWID;

ALTER TABLE session ADD COLUMN second_factor_at INTEGER;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(186,'identity-0008-login-habit','-- Where a person has logged in before, with the attempts that failed there since.
CREATE TABLE known_network (
  principal_id INTEGER NOT NULL REFERENCES principal (id),
  network TEXT NOT NULL,
  last_at INTEGER NOT NULL,
  failures INTEGER NOT NULL CHECK (failures >= 0),
  locked_until INTEGER,
  PRIMARY KEY (principal_id, network)
) STRICT, WITHOUT ROWID;

-- How often a person has logged in at an hour of the day, by UTC.
CREATE TABLE login_hour (
  principal_id INTEGER NOT NULL REFERENCES principal (id),
  hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
  logins INTEGER NOT NULL CHECK (logins > 0),
  PRIMARY KEY (principal_id, hour)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(187,'identity-0009-four-eyes','CREATE TABLE delegation (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  delegator_id INTEGER NOT NULL REFERENCES principal (id),
  delegate_id INTEGER NOT NULL REFERENCES principal (id),
  role_id INTEGER NOT NULL REFERENCES role (id),
  begins_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL CHECK (ends_at > begins_at),
  revoked_at INTEGER,
  CHECK (delegator_id <> delegate_id)
) STRICT;
CREATE INDEX delegation_delegate ON delegation (delegate_id, ends_at);
CREATE INDEX delegation_delegator ON delegation (delegator_id, ends_at);

-- Power over who may do what that works once another administrator has agreed.
CREATE TABLE withheld_grant (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind = ''ROLE'' OR kind = ''KEY'' OR kind = ''PERMISSION''),
  principal_id INTEGER REFERENCES principal (id),
  role_id INTEGER REFERENCES role (id),
  key_id INTEGER REFERENCES api_key (id),
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  is_approved INTEGER CHECK (is_approved BETWEEN 0 AND 1),
  CHECK ((decided_by IS NULL) = (is_approved IS NULL))
) STRICT;
CREATE INDEX withheld_grant_open ON withheld_grant (id) WHERE is_approved IS NULL;

ALTER TABLE api_key ADD COLUMN
  is_withheld INTEGER NOT NULL DEFAULT 0 CHECK (is_withheld BETWEEN 0 AND 1);

CREATE TABLE duty_conflict (
  first TEXT NOT NULL,
  second TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (first, second)
) STRICT, WITHOUT ROWID;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(188,'identity-0010-shipped-duty-conflicts','INSERT INTO duty_conflict (first, second, reason) VALUES
  (''identity.write'', ''orders.approve'', ''Gives itself what it then approves''),
  (''identity.write'', ''payments.write'', ''Makes up a person and pays it''),
  (''identity.write'', ''purchasing.bill'', ''Makes up a person and books its bills''),
  (''orders.configure'', ''orders.create'', ''Sets the limits that its own orders must keep''),
  (''orders.create'', ''orders.approve'', ''Approves what it sells''),
  (''payments.write'', ''finance.configure'', ''Takes money and sets the accounts it is booked to''),
  (''payments.write'', ''invoices.write'', ''Takes money and writes off what it was for''),
  (''prices.write'', ''orders.create'', ''Sells at prices of its own making''),
  (''purchasing.receive'', ''purchasing.bill'', ''Takes in what never came and books the bill''),
  (''purchasing.write'', ''purchasing.receive'', ''Orders goods and says that they came''),
  (''stock.adjust'', ''shipments.write'', ''Ships goods and counts them away''),
  (''suppliers.write'', ''purchasing.bill'', ''Makes up a supplier and books its bills''),
  (''suppliers.write'', ''purchasing.write'', ''Makes up a supplier and orders from it'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(189,'identity-0011-audit-permission','INSERT INTO role_permission (role_id, permission)
SELECT id, ''audit.read'' FROM role WHERE name = ''AUDITOR'' OR name = ''ADMINISTRATOR'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(190,'identity-0012-data-scope','-- Where a principal belongs; empty for nowhere.
ALTER TABLE principal ADD COLUMN department TEXT NOT NULL DEFAULT '''';
ALTER TABLE principal ADD COLUMN store_code TEXT NOT NULL DEFAULT '''';
ALTER TABLE principal ADD COLUMN warehouse_code TEXT NOT NULL DEFAULT '''';
CREATE INDEX principal_department ON principal (department, name) WHERE department <> '''';
-- How far the role reaches: words of Reach, blanks between them.
ALTER TABLE principal_role ADD COLUMN scope TEXT NOT NULL DEFAULT ''ALL'';
ALTER TABLE api_key ADD COLUMN store_code TEXT;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(191,'identity-0013-merge-permission','INSERT INTO role_permission (role_id, permission)
SELECT id, ''customers.merge'' FROM role
WHERE name IN (''ADMINISTRATOR'', ''CUSTOMER_SERVICE'', ''SALES_MANAGER'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(192,'identity-0014-subject-permissions','INSERT INTO role_permission (role_id, permission)
SELECT id, ''customers.erase'' FROM role WHERE name = ''ADMINISTRATOR'';
INSERT INTO role_permission (role_id, permission)
SELECT id, ''customers.export'' FROM role
WHERE name = ''ADMINISTRATOR'' OR name = ''CUSTOMER_SERVICE'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(193,'identity-0015-change-permissions','INSERT INTO role_permission (role_id, permission)
SELECT id, ''orders.change'' FROM role
WHERE name IN (''CUSTOMER_SERVICE'', ''GENERAL_MANAGER'', ''SALES'', ''SALES_MANAGER'');
INSERT INTO role_permission (role_id, permission)
SELECT id, ''orders.hold'' FROM role
WHERE name IN (''CUSTOMER_SERVICE'', ''FINANCE'', ''GENERAL_MANAGER'', ''PRODUCTION_PLANNER'',
  ''SALES'', ''SALES_MANAGER'', ''WAREHOUSE'');
INSERT INTO role_permission (role_id, permission)
SELECT id, ''orders.release'' FROM role
WHERE name IN (''FINANCE'', ''GENERAL_MANAGER'', ''SALES_MANAGER'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(194,'identity-0017-credit-permissions','INSERT INTO role_permission (role_id, permission)
SELECT id, ''credit.grant'' FROM role
WHERE name IN (''FINANCE'', ''GENERAL_MANAGER'', ''SALES_MANAGER'');
INSERT INTO role_permission (role_id, permission)
SELECT id, ''credit.approve'' FROM role WHERE name IN (''FINANCE'', ''GENERAL_MANAGER'');
INSERT INTO role_permission (role_id, permission)
SELECT id, ''customers.segment'' FROM role
WHERE name IN (''ADMINISTRATOR'', ''CUSTOMER_SERVICE'', ''GENERAL_MANAGER'', ''SALES_MANAGER'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(195,'identity-0018-refund-permission','INSERT INTO role_permission (role_id, permission)
SELECT id, ''payments.refund'' FROM role WHERE name = ''FINANCE'';
INSERT INTO duty_conflict (first, second, reason) VALUES
  (''orders.cancel'', ''payments.refund'', ''Cancels orders and pays the money out'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(196,'identity-0019-return-permissions','INSERT INTO role_permission (role_id, permission)
SELECT id, ''returns.create'' FROM role WHERE name IN (''CUSTOMER_SERVICE'', ''SALES'', ''TILL'');
INSERT INTO role_permission (role_id, permission)
SELECT id, ''returns.approve'' FROM role WHERE name IN (''GENERAL_MANAGER'', ''SALES_MANAGER'');
INSERT INTO role_permission (role_id, permission)
SELECT id, ''returns.receive'' FROM role WHERE name = ''WAREHOUSE'';
INSERT INTO role_permission (role_id, permission)
SELECT id, ''complaints.write'' FROM role
WHERE name IN (''CUSTOMER_SERVICE'', ''GENERAL_MANAGER'', ''SALES'', ''SALES_MANAGER'');
INSERT INTO role_permission (role_id, permission)
SELECT id, ''returns.credit'' FROM role WHERE name = ''FINANCE'';
INSERT INTO duty_conflict (first, second, reason) VALUES
  (''returns.create'', ''returns.approve'', ''Approves what it takes back''),
  (''returns.create'', ''returns.receive'', ''Takes back goods that never came''),
  (''returns.receive'', ''returns.credit'', ''Takes in what never came and credits it'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(197,'identity-0020-notice-permissions','INSERT INTO role_permission (role_id, permission)
SELECT id, ''notices.read'' FROM role
WHERE name IN (''ADMINISTRATOR'', ''AUDITOR'', ''CUSTOMER_SERVICE'', ''GENERAL_MANAGER'', ''SALES'',
  ''SALES_MANAGER'');
INSERT INTO role_permission (role_id, permission)
SELECT id, ''notices.write'' FROM role WHERE name IN (''ADMINISTRATOR'', ''CUSTOMER_SERVICE'');
INSERT INTO role_permission (role_id, permission)
SELECT id, ''notices.configure'' FROM role WHERE name = ''ADMINISTRATOR'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(198,'identity-0021-restoration','CREATE TABLE restoration (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  backup TEXT NOT NULL,
  backup_at INTEGER NOT NULL,
  chosen_at INTEGER,
  reached_at INTEGER NOT NULL,
  records INTEGER NOT NULL,
  left_out INTEGER,
  known_until INTEGER NOT NULL,
  last_sequence INTEGER,
  last_method TEXT,
  last_principal TEXT,
  last_at INTEGER,
  restored_by TEXT NOT NULL,
  restored_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN (''PENDING'', ''APPROVED'', ''REJECTED'')),
  agreed_by TEXT,
  decided_by TEXT,
  decided_at INTEGER,
  CHECK ((state = ''PENDING'') = (decided_by IS NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL))
) STRICT;
INSERT INTO role_permission (role_id, permission)
SELECT id, ''operations.read'' FROM role WHERE name IN (''ADMINISTRATOR'', ''AUDITOR'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(199,'identity-0022-repeated-refresh','ALTER TABLE session ADD COLUMN repeat_digest BLOB;
ALTER TABLE session ADD COLUMN repeat_key BLOB;
ALTER TABLE session ADD COLUMN repeat_until INTEGER;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(200,'identity-0023-gift-card-permission','INSERT INTO role_permission (role_id, permission)
SELECT id, ''giftcards.replace'' FROM role WHERE name IN (''GENERAL_MANAGER'', ''SALES_MANAGER'');
INSERT INTO duty_conflict (first, second, reason) VALUES
  (''giftcards.replace'', ''payments.write'', ''Hands out new gift cards and pays with them'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(201,'identity-0024-dunning-permission','INSERT INTO role_permission (role_id, permission)
SELECT id, ''dunning.write'' FROM role WHERE name IN (''FINANCE'', ''GENERAL_MANAGER'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(202,'identity-0025-automation-permissions','INSERT INTO role_permission (role_id, permission)
SELECT id, ''automation.read'' FROM role
WHERE name IN (''ADMINISTRATOR'', ''AUDITOR'', ''GENERAL_MANAGER'');
INSERT INTO role_permission (role_id, permission)
SELECT id, ''automation.configure'' FROM role WHERE name = ''ADMINISTRATOR'';',1795494813746568);
INSERT INTO "joinery_migration" VALUES(203,'identity-0026-dunning-waiver','INSERT INTO role_permission (role_id, permission)
SELECT id, ''dunning.waive'' FROM role WHERE name IN (''GENERAL_MANAGER'', ''SALES_MANAGER'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(204,'identity-0027-price-approval','INSERT INTO role_permission (role_id, permission)
SELECT id, ''prices.approve'' FROM role WHERE name IN (''FINANCE'', ''GENERAL_MANAGER'');',1795494813746568);
INSERT INTO "joinery_migration" VALUES(205,'notifications-0001-notice','-- Every version that was ever written.
CREATE TABLE notice_template (
  event_type TEXT NOT NULL,
  audience TEXT NOT NULL CHECK (audience IN (''CUSTOMER'', ''STAFF'')),
  channel TEXT NOT NULL CHECK (channel IN (''EMAIL'', ''SMS'', ''WECHAT'')),
  locale TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (event_type, audience, channel, locale, version)
) STRICT, WITHOUT ROWID;

-- since: the place in the log of events from which on it holds.
CREATE TABLE notice_rule (
  code TEXT PRIMARY KEY,
  event_type TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN (''EMAIL'', ''SMS'', ''WECHAT'')),
  audience TEXT NOT NULL CHECK (audience IN (''CUSTOMER'', ''STAFF'')),
  purpose TEXT NOT NULL,
  locale TEXT NOT NULL,
  addresses TEXT NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active BETWEEN 0 AND 1),
  version INTEGER NOT NULL CHECK (version > 0),
  since INTEGER NOT NULL CHECK (since >= 0),
  CHECK ((audience = ''STAFF'') = (addresses <> ''''))
) STRICT, WITHOUT ROWID;

CREATE TABLE webhook (
  code TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  events TEXT NOT NULL,
  key_name TEXT NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active BETWEEN 0 AND 1),
  version INTEGER NOT NULL CHECK (version > 0),
  since INTEGER NOT NULL CHECK (since >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE notice_preference (
  customer_code TEXT PRIMARY KEY,
  locale TEXT NOT NULL,
  channel TEXT CHECK (channel IN (''EMAIL'', ''SMS'', ''WECHAT''))
) STRICT, WITHOUT ROWID;

-- place: of the event. lane: what is sent apart from others. Texts are encrypted about the
-- customer.
CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  place INTEGER NOT NULL,
  event_type TEXT NOT NULL,
  root_kind TEXT NOT NULL,
  root_number TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN (''EMAIL'', ''WEBHOOK'', ''SMS'', ''WECHAT'')),
  origin TEXT NOT NULL,
  recipient TEXT NOT NULL,
  lane TEXT NOT NULL,
  customer_code TEXT NOT NULL,
  locale TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state IN (''PENDING'', ''SENT'', ''DEAD'', ''SUPPRESSED'', ''DISCARDED'')),
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  settled_at INTEGER,
  version INTEGER NOT NULL CHECK (version > 0),
  address TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  last_error TEXT NOT NULL,
  UNIQUE (place, channel, recipient),
  CHECK ((state = ''PENDING'') = (settled_at IS NULL))
) STRICT;
CREATE INDEX notice_root ON notice (root_number, id);
CREATE INDEX notice_customer ON notice (customer_code, id) WHERE customer_code <> '''';
CREATE INDEX notice_origin ON notice (origin, id);
CREATE INDEX notice_state ON notice (state, id);
CREATE INDEX notice_lane ON notice (lane, due_at, id) WHERE state = ''PENDING'';
CREATE INDEX notice_due ON notice (due_at) WHERE state = ''PENDING'';
CREATE INDEX notice_turn ON notice (recipient, root_number, id) WHERE state = ''PENDING'';

CREATE TABLE notice_feed (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  place INTEGER NOT NULL CHECK (place >= 0)
) STRICT;
INSERT INTO notice_feed (id, place) VALUES (1, 0);

-- Whose document each is about, for data scopes.
CREATE VIEW notice_owner AS
  SELECT n.*, n.root_kind IN (''SALES_ORDER'', ''QUOTE'') AS is_somebodys,
    coalesce(o.owner, q.owner) AS owner, coalesce(o.store_code, q.store_code) AS store_code,
    o.warehouse_code, coalesce(o.author, q.author) AS author
  FROM notice AS n
  LEFT JOIN view_order_owner AS o
    ON n.root_kind = ''SALES_ORDER'' AND o.number = n.root_number
  LEFT JOIN view_quote_owner AS q ON n.root_kind = ''QUOTE'' AND q.number = n.root_number;',1795494813746568);
INSERT INTO "joinery_migration" VALUES(206,'notifications-0002-quiet-hours','ALTER TABLE notice_rule ADD COLUMN role TEXT NOT NULL DEFAULT '''';
ALTER TABLE notice_rule ADD COLUMN store_code TEXT NOT NULL DEFAULT '''';
ALTER TABLE notice_rule ADD COLUMN quiet_from INTEGER
  CHECK (quiet_from BETWEEN 0 AND 1439);
ALTER TABLE notice_rule ADD COLUMN quiet_until INTEGER
  CHECK (quiet_until BETWEEN 0 AND 1439);
ALTER TABLE notice_rule ADD COLUMN hourly_limit INTEGER CHECK (hourly_limit > 0);
ALTER TABLE notice_preference ADD COLUMN quiet_from INTEGER
  CHECK (quiet_from BETWEEN 0 AND 1439);
ALTER TABLE notice_preference ADD COLUMN quiet_until INTEGER
  CHECK (quiet_until BETWEEN 0 AND 1439);
CREATE INDEX notice_recipient ON notice (recipient, due_at);',1795494813746568);
INSERT INTO "joinery_migration" VALUES(207,'automation-0001-rule','-- Every version that was ever written; `definition` is the message. since: the place in the
-- log of events from which on it looks.
CREATE TABLE automation_rule (
  code TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  event_type TEXT NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  since INTEGER NOT NULL CHECK (since >= 0),
  definition BLOB NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (code, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE automation_run (
  id INTEGER PRIMARY KEY,
  rule_code TEXT NOT NULL,
  rule_version INTEGER NOT NULL,
  place INTEGER NOT NULL,
  event_type TEXT NOT NULL,
  order_number TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (
    verdict = ''DONE'' OR verdict = ''REFUSED'' OR verdict = ''FORBIDDEN'' OR
    verdict = ''LOOP'' OR verdict = ''LIMIT'' OR verdict = ''FAILED''),
  refusal TEXT NOT NULL,
  depth INTEGER NOT NULL CHECK (depth >= 0),
  command_sequence INTEGER UNIQUE REFERENCES command (sequence),
  ran_at INTEGER NOT NULL,
  needs_attention INTEGER NOT NULL CHECK (needs_attention IN (0, 1)),
  settled_by TEXT NOT NULL,
  -- Exactly once.
  UNIQUE (place, rule_code, rule_version),
  FOREIGN KEY (rule_code, rule_version) REFERENCES automation_rule (code, version),
  CHECK (verdict <> ''DONE'' OR command_sequence IS NOT NULL),
  CHECK (verdict <> ''DONE'' OR refusal = '''')
) STRICT;
CREATE INDEX automation_run_order ON automation_run (order_number, id);
CREATE INDEX automation_run_rule ON automation_run (rule_code, id);
CREATE INDEX automation_run_attention ON automation_run (id) WHERE needs_attention = 1;

CREATE TABLE automation_feed (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  place INTEGER NOT NULL CHECK (place >= 0)
) STRICT;
INSERT INTO automation_feed (id, place) VALUES (1, 0);',1795494813746568);
CREATE TABLE journal_entry (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  posted_on INTEGER NOT NULL,
  posted_at INTEGER NOT NULL,
  event TEXT NOT NULL,
  origin_kind TEXT NOT NULL,
  origin_number TEXT NOT NULL,
  origin_line INTEGER NOT NULL,
  occurrence INTEGER NOT NULL,
  text TEXT NOT NULL,
  -- Nothing is posted twice. The document comes first: its entries are looked up by it.
  UNIQUE (origin_kind, origin_number, origin_line, event, occurrence)
) STRICT;
INSERT INTO "journal_entry" VALUES(1,'JE-2026-000001',20781,1795494815824927,'STOCK_OPENED','STOCK_ADJUSTMENT','SA-2026-000001',0,1,'10 pcs LAMP from OPENING to MAIN/STOCK: opening stock');
CREATE TABLE "journal_line" (
  id INTEGER PRIMARY KEY,
  entry_id INTEGER NOT NULL REFERENCES journal_entry (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  debit_account TEXT NOT NULL REFERENCES account (code),
  credit_account TEXT NOT NULL REFERENCES account (code),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  currency TEXT NOT NULL,
  base_minor INTEGER NOT NULL CHECK (base_minor >= 0),
  party_code TEXT,
  UNIQUE (entry_id, line_no),
  CHECK (debit_account <> credit_account),
  CHECK (amount_minor > 0 OR base_minor > 0)
) STRICT;
INSERT INTO "journal_line" VALUES(1,1,1,'1405','4001',40000,'CNY',40000,NULL);
CREATE TABLE known_network (
  principal_id INTEGER NOT NULL REFERENCES principal (id),
  network TEXT NOT NULL,
  last_at INTEGER NOT NULL,
  failures INTEGER NOT NULL CHECK (failures >= 0),
  locked_until INTEGER,
  PRIMARY KEY (principal_id, network)
) STRICT, WITHOUT ROWID;
CREATE TABLE login_hour (
  principal_id INTEGER NOT NULL REFERENCES principal (id),
  hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
  logins INTEGER NOT NULL CHECK (logins > 0),
  PRIMARY KEY (principal_id, hour)
) STRICT, WITHOUT ROWID;
CREATE TABLE marketplace (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  customer_code TEXT NOT NULL,
  warehouse_code TEXT NOT NULL,
  tolerance_micros INTEGER NOT NULL CHECK (tolerance_micros BETWEEN 0 AND 1000000)
, share_micros INTEGER NOT NULL DEFAULT 1000000
  CHECK (share_micros BETWEEN 0 AND 1000000), keep_back_units INTEGER NOT NULL DEFAULT 0
  CHECK (keep_back_units >= 0), at_most_units INTEGER CHECK (at_most_units >= 0)) STRICT, WITHOUT ROWID;
CREATE TABLE marketplace_offer (
  marketplace_code TEXT NOT NULL REFERENCES marketplace (code),
  external_sku TEXT NOT NULL,
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity >= 0),
  since INTEGER NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  PRIMARY KEY (marketplace_code, external_sku),
  UNIQUE (marketplace_code, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE marketplace_product (
  marketplace_code TEXT NOT NULL REFERENCES marketplace (code),
  external_sku TEXT NOT NULL,
  sku TEXT NOT NULL, share_micros INTEGER
  CHECK (share_micros BETWEEN 0 AND 1000000), keep_back_units INTEGER
  CHECK (keep_back_units >= 0 AND share_micros IS NOT NULL
    OR keep_back_units IS NULL AND share_micros IS NULL), at_most_units INTEGER
  CHECK (at_most_units >= 0 AND share_micros IS NOT NULL OR at_most_units IS NULL),
  PRIMARY KEY (marketplace_code, external_sku)
) STRICT, WITHOUT ROWID;
CREATE TABLE marketplace_status (
  marketplace_code TEXT NOT NULL REFERENCES marketplace (code),
  state TEXT NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (marketplace_code, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE model_version (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES product (id),
  version INTEGER NOT NULL CHECK (version > 0),
  currency TEXT NOT NULL,
  definition TEXT NOT NULL,
  published_by TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  UNIQUE (product_id, version)
) STRICT;
CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  place INTEGER NOT NULL,
  event_type TEXT NOT NULL,
  root_kind TEXT NOT NULL,
  root_number TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('EMAIL', 'WEBHOOK', 'SMS', 'WECHAT')),
  origin TEXT NOT NULL,
  recipient TEXT NOT NULL,
  lane TEXT NOT NULL,
  customer_code TEXT NOT NULL,
  locale TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state IN ('PENDING', 'SENT', 'DEAD', 'SUPPRESSED', 'DISCARDED')),
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  settled_at INTEGER,
  version INTEGER NOT NULL CHECK (version > 0),
  address TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  last_error TEXT NOT NULL,
  UNIQUE (place, channel, recipient),
  CHECK ((state = 'PENDING') = (settled_at IS NULL))
) STRICT;
CREATE TABLE notice_feed (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  place INTEGER NOT NULL CHECK (place >= 0)
) STRICT;
INSERT INTO "notice_feed" VALUES(1,0);
CREATE TABLE notice_preference (
  customer_code TEXT PRIMARY KEY,
  locale TEXT NOT NULL,
  channel TEXT CHECK (channel IN ('EMAIL', 'SMS', 'WECHAT'))
, quiet_from INTEGER
  CHECK (quiet_from BETWEEN 0 AND 1439), quiet_until INTEGER
  CHECK (quiet_until BETWEEN 0 AND 1439)) STRICT, WITHOUT ROWID;
CREATE TABLE notice_rule (
  code TEXT PRIMARY KEY,
  event_type TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('EMAIL', 'SMS', 'WECHAT')),
  audience TEXT NOT NULL CHECK (audience IN ('CUSTOMER', 'STAFF')),
  purpose TEXT NOT NULL,
  locale TEXT NOT NULL,
  addresses TEXT NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active BETWEEN 0 AND 1),
  version INTEGER NOT NULL CHECK (version > 0),
  since INTEGER NOT NULL CHECK (since >= 0), role TEXT NOT NULL DEFAULT '', store_code TEXT NOT NULL DEFAULT '', quiet_from INTEGER
  CHECK (quiet_from BETWEEN 0 AND 1439), quiet_until INTEGER
  CHECK (quiet_until BETWEEN 0 AND 1439), hourly_limit INTEGER CHECK (hourly_limit > 0),
  CHECK ((audience = 'STAFF') = (addresses <> ''))
) STRICT, WITHOUT ROWID;
CREATE TABLE notice_template (
  event_type TEXT NOT NULL,
  audience TEXT NOT NULL CHECK (audience IN ('CUSTOMER', 'STAFF')),
  channel TEXT NOT NULL CHECK (channel IN ('EMAIL', 'SMS', 'WECHAT')),
  locale TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (event_type, audience, channel, locale, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE opportunity (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (state IN ('OPEN', 'WON', 'LOST')),
  customer_code TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  title TEXT NOT NULL,
  note TEXT NOT NULL,
  owner TEXT NOT NULL,
  store_code TEXT NOT NULL,
  channel TEXT,
  source_code TEXT NOT NULL,
  currency TEXT NOT NULL,
  expected_minor INTEGER NOT NULL CHECK (expected_minor >= 0),
  expected_close_on INTEGER NOT NULL,
  stages_version INTEGER NOT NULL,
  stage_code TEXT NOT NULL,
  steps INTEGER NOT NULL CHECK (steps > 0),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_on INTEGER NOT NULL,
  decided_on INTEGER,
  FOREIGN KEY (stages_version, stage_code)
    REFERENCES opportunity_stage (stages_version, code)
) STRICT;
CREATE TABLE opportunity_stage (
  stages_version INTEGER NOT NULL REFERENCES opportunity_stages (version),
  position INTEGER NOT NULL CHECK (position > 0),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  probability_micros INTEGER NOT NULL CHECK (probability_micros BETWEEN 0 AND 1000000),
  state TEXT NOT NULL CHECK (state IN ('OPEN', 'WON', 'LOST')),
  PRIMARY KEY (stages_version, position),
  UNIQUE (stages_version, code)
) STRICT, WITHOUT ROWID;
INSERT INTO "opportunity_stage" VALUES(1,1,'NEW','New',100000,'OPEN');
INSERT INTO "opportunity_stage" VALUES(1,2,'NEEDS','Needs are known',250000,'OPEN');
INSERT INTO "opportunity_stage" VALUES(1,3,'OFFER','Offer is made',500000,'OPEN');
INSERT INTO "opportunity_stage" VALUES(1,4,'NEGOTIATION','In negotiation',750000,'OPEN');
INSERT INTO "opportunity_stage" VALUES(1,5,'WON','Won',1000000,'WON');
INSERT INTO "opportunity_stage" VALUES(1,6,'LOST','Lost',0,'LOST');
CREATE TABLE opportunity_stages (
  version INTEGER PRIMARY KEY,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO "opportunity_stages" VALUES(1,'as shipped','',0);
CREATE TABLE opportunity_step (
  opportunity_id INTEGER NOT NULL REFERENCES opportunity (id),
  step INTEGER NOT NULL CHECK (step > 0),
  stages_version INTEGER NOT NULL,
  stage_code TEXT NOT NULL,
  state TEXT NOT NULL,
  actor TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  reason_code TEXT NOT NULL,
  comment TEXT NOT NULL,
  quote_number TEXT,
  PRIMARY KEY (opportunity_id, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE order_assignment (
  sales_order_id INTEGER PRIMARY KEY REFERENCES sales_order (id),
  warehouse_code TEXT NOT NULL,
  policy_version INTEGER NOT NULL,
  rule INTEGER NOT NULL,
  explanation TEXT NOT NULL,
  FOREIGN KEY (policy_version, rule) REFERENCES assignment_rule (policy_version, position)
) STRICT;
CREATE TABLE order_edit (
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  fingerprint BLOB NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  source TEXT NOT NULL,
  PRIMARY KEY (sales_order_id, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE TABLE order_finding (
  id INTEGER PRIMARY KEY,
  found_on INTEGER NOT NULL,
  cause TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome = 'HELD' OR outcome = 'REFUSED'),
  hold TEXT,
  channel TEXT NOT NULL,
  source TEXT NOT NULL,
  sales_order_id INTEGER REFERENCES sales_order (id),
  external_id TEXT NOT NULL,
  policy_version INTEGER REFERENCES validation_policy (version),
  warehouse_code TEXT NOT NULL,
  made_by TEXT NOT NULL,
  CHECK ((outcome = 'HELD') = (sales_order_id IS NOT NULL)),
  CHECK ((outcome = 'HELD') = (hold IS NOT NULL))
) STRICT;
CREATE TABLE order_intake (
  channel TEXT NOT NULL,
  external_id TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  sales_order_id INTEGER NOT NULL UNIQUE REFERENCES sales_order (id),
  source TEXT NOT NULL,
  PRIMARY KEY (external_id, channel)
) STRICT, WITHOUT ROWID;
CREATE TABLE order_priority (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  score INTEGER,
  reason TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at INTEGER NOT NULL
) STRICT;
CREATE TABLE order_promise (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  promised_on INTEGER,
  expected_on INTEGER,
  state TEXT NOT NULL CHECK (state = 'WAITING' OR state = 'READY' OR state = 'GONE'),
  agreed INTEGER NOT NULL CHECK (agreed IN (0, 1)),
  late INTEGER NOT NULL CHECK (late IN (0, 1)),
  checked_on INTEGER NOT NULL,
  UNIQUE (sales_order_id, line_number),
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number),
  CHECK (late = 0 OR (state = 'WAITING' AND expected_on IS NOT NULL))
) STRICT;
CREATE TABLE order_promise_place (
  product_id INTEGER NOT NULL,
  warehouse_code TEXT NOT NULL,
  promise_id INTEGER NOT NULL REFERENCES order_promise (id),
  PRIMARY KEY (product_id, warehouse_code, promise_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE order_refund (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  state TEXT NOT NULL CHECK (
    state = 'PROPOSED' OR state = 'PAID' OR state = 'DECLINED'),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  compensation_minor INTEGER NOT NULL CHECK (compensation_minor >= 0),
  currency TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  method TEXT,
  external_reference TEXT,
  comment TEXT, base_currency TEXT, base_compensation_minor INTEGER
  CHECK (base_compensation_minor >= 0),
  CHECK (amount_minor + compensation_minor > 0),
  CHECK ((state = 'PROPOSED') = (decided_by IS NULL))
) STRICT;
CREATE TABLE order_stage_visit (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  stage TEXT NOT NULL CHECK (
    stage = 'CREATED' OR stage = 'IN_REVIEW' OR stage = 'CONFIRMED' OR
    stage = 'IN_PRODUCTION' OR stage = 'QUALITY_CHECK' OR stage = 'PICKING' OR
    stage = 'SHIPPED' OR stage = 'IN_DELIVERY' OR stage = 'DELIVERED'),
  entered_at INTEGER NOT NULL,
  entered_before INTEGER NOT NULL CHECK (entered_before IN (0, 1)),
  policy_version INTEGER NOT NULL REFERENCES stage_policy (version),
  term INTEGER,
  due_at INTEGER,
  -- When it is to be told of next.
  next_at INTEGER,
  still_at INTEGER,
  -- Microseconds that were left of its clock when that stopped.
  remaining INTEGER CHECK (remaining >= 0),
  -- Microseconds that it stood still before, of the time that counts.
  held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
  reminded_at INTEGER,
  escalated_at INTEGER,
  left_at INTEGER CHECK (left_at >= entered_at),
  -- Microseconds for which its clock ran.
  spent INTEGER CHECK (spent >= 0),
  CHECK ((left_at IS NULL) = (spent IS NULL)),
  CHECK (term IS NOT NULL OR (due_at IS NULL AND remaining IS NULL)),
  CHECK (remaining IS NULL OR (still_at IS NOT NULL AND due_at IS NULL)),
  CHECK (next_at IS NULL OR due_at IS NOT NULL)
) STRICT;
CREATE TABLE order_view (
  id INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  shared_role TEXT,
  saved_at INTEGER NOT NULL,
  customer_code TEXT,
  state TEXT,
  channel TEXT,
  number_prefix TEXT,
  created_from INTEGER,
  created_until INTEGER,
  created_within_days INTEGER CHECK (created_within_days > 0),
  currency TEXT,
  gross_from_minor INTEGER,
  gross_until_minor INTEGER,
  sku TEXT,
  salesperson TEXT,
  store_code TEXT,
  hold_kind TEXT,
  requested_from INTEGER,
  requested_until INTEGER,
  expected_from INTEGER,
  expected_until INTEGER, stage TEXT,
  UNIQUE (owner, name),
  CHECK (created_from IS NULL OR created_within_days IS NULL),
  CHECK ((currency IS NULL) = (gross_from_minor IS NULL AND gross_until_minor IS NULL))
) STRICT;
CREATE TABLE password (
  principal_id INTEGER PRIMARY KEY REFERENCES principal (id),
  salt BLOB NOT NULL,
  hash BLOB NOT NULL,
  rounds INTEGER NOT NULL CHECK (rounds > 1),
  block_size INTEGER NOT NULL CHECK (block_size > 0),
  parallelism INTEGER NOT NULL CHECK (parallelism > 0),
  must_change INTEGER NOT NULL CHECK (must_change BETWEEN 0 AND 1),
  changed_at INTEGER NOT NULL,
  failures INTEGER NOT NULL CHECK (failures >= 0),
  locked_until INTEGER
) STRICT;
CREATE TABLE past_charge_rule (
  until_edition INTEGER NOT NULL REFERENCES past_charge_set (until_edition),
  position INTEGER NOT NULL CHECK (position > 0),
  charge TEXT NOT NULL,
  sku TEXT NOT NULL,
  occasion TEXT NOT NULL,
  zone TEXT,
  channel TEXT,
  customer_class TEXT,
  below_minor INTEGER,
  base_minor INTEGER,
  kilogram_micros INTEGER,
  cubic_metre_micros INTEGER,
  piece_micros INTEGER,
  floor_micros INTEGER,
  share_micros INTEGER NOT NULL,
  cap_minor INTEGER,
  currency TEXT NOT NULL,
  PRIMARY KEY (until_edition, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE past_charge_set (
  until_edition INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE past_promotion (
  id INTEGER PRIMARY KEY,
  since_edition INTEGER NOT NULL,
  until_edition INTEGER NOT NULL CHECK (until_edition > since_edition),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER,
  channel TEXT,
  customer_class TEXT,
  stacking_group TEXT NOT NULL,
  is_exclusive INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  full_price_only INTEGER NOT NULL,
  needs_coupon INTEGER NOT NULL,
  is_set INTEGER NOT NULL,
  minimum_quantity INTEGER NOT NULL,
  minimum_amount_minor INTEGER,
  share_micros INTEGER,
  amount_minor INTEGER,
  set_price_minor INTEGER,
  cap_minor INTEGER,
  currency TEXT,
  UNIQUE (code, until_edition)
) STRICT;
CREATE TABLE past_promotion_item (
  past_promotion_id INTEGER NOT NULL REFERENCES past_promotion (id),
  position INTEGER NOT NULL CHECK (position > 0),
  sku TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY (past_promotion_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE past_promotion_limit (
  until_edition INTEGER PRIMARY KEY,
  share_micros INTEGER,
  amount_minor INTEGER,
  currency TEXT
) STRICT;
CREATE TABLE payment (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  customer_code TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  method TEXT NOT NULL CHECK (
    method = 'CASH' OR method = 'CARD' OR method = 'BANK_TRANSFER' OR method = 'ALIPAY' OR
    method = 'WECHAT_PAY' OR method = 'OTHER'),
  external_reference TEXT,
  earmark_kind TEXT,
  earmark_number TEXT,
  received_on INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  applied_minor INTEGER NOT NULL CHECK (applied_minor BETWEEN 0 AND amount_minor), kind TEXT NOT NULL DEFAULT 'PREPAYMENT'
  CHECK (kind = 'PREPAYMENT' OR kind = 'EARNEST'), settled_minor INTEGER NOT NULL DEFAULT 0
  CHECK (settled_minor >= 0), voucher TEXT
  CHECK (voucher = 'GIFT_CARD' OR voucher = 'POINTS'), rate_micros INTEGER CHECK (rate_micros > 0), rate_units INTEGER CHECK (rate_units > 0), base_currency TEXT, base_amount_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_amount_minor >= 0), base_applied_minor INTEGER NOT NULL DEFAULT 0
  CHECK (base_applied_minor BETWEEN 0 AND base_amount_minor), instrument TEXT
  CHECK (instrument = 'CHEQUE' OR instrument = 'BANK_ACCEPTANCE'), clearing TEXT
  CHECK (clearing = 'HELD' OR clearing = 'CLEARED' OR clearing = 'DISHONOURED')
  CHECK (clearing IS NULL OR instrument IS NOT NULL),
  UNIQUE (method, external_reference),
  CHECK ((earmark_kind IS NULL) = (earmark_number IS NULL))
) STRICT;
CREATE TABLE payment_application (
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payment (id),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  applied_on INTEGER NOT NULL,
  applied_at INTEGER NOT NULL
, payment_base_minor INTEGER NOT NULL DEFAULT 0
  CHECK (payment_base_minor >= 0), invoice_base_minor INTEGER NOT NULL DEFAULT 0
  CHECK (invoice_base_minor >= 0)) STRICT;
CREATE TABLE payment_promise (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  invoice_number TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  open_minor INTEGER NOT NULL CHECK (open_minor >= amount_minor),
  currency TEXT NOT NULL,
  promised_on INTEGER NOT NULL,
  note TEXT NOT NULL,
  noted_by TEXT NOT NULL,
  noted_at INTEGER NOT NULL
) STRICT;
CREATE TABLE payment_release (
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payment (id),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  released_on INTEGER NOT NULL,
  released_at INTEGER NOT NULL
, payment_base_minor INTEGER NOT NULL DEFAULT 0
  CHECK (payment_base_minor >= 0), invoice_base_minor INTEGER NOT NULL DEFAULT 0
  CHECK (invoice_base_minor >= 0), cause TEXT NOT NULL DEFAULT 'CREDITED'
  CHECK (cause = 'CREDITED' OR cause = 'DISHONOURED')) STRICT;
CREATE TABLE "payment_use" (
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payment (id),
  kind TEXT NOT NULL CHECK (
    kind = 'FORFEITED' OR kind = 'REFUNDED' OR kind = 'CARRIED' OR kind = 'DISHONOURED'),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  used_on INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  carried_to INTEGER UNIQUE REFERENCES payment (id),
  payment_base_minor INTEGER NOT NULL DEFAULT 0 CHECK (payment_base_minor >= 0),
  used_base_minor INTEGER NOT NULL DEFAULT 0 CHECK (used_base_minor >= 0),
  payout_id INTEGER REFERENCES payout (id),
  CHECK ((kind = 'CARRIED') = (carried_to IS NOT NULL)),
  CHECK (carried_to <> payment_id)
) STRICT;
CREATE TABLE payout (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  customer_code TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = 'PROPOSED' OR state = 'PAID' OR state = 'DECLINED'),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  method TEXT,
  external_reference TEXT NOT NULL DEFAULT '',
  comment TEXT NOT NULL DEFAULT '',
  CHECK ((state = 'PROPOSED') = (decided_by IS NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
  CHECK ((state = 'PAID') = (method IS NOT NULL))
) STRICT;
CREATE TABLE pick_place (
  warehouse_code TEXT NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  code TEXT NOT NULL,
  PRIMARY KEY (warehouse_code, product_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE pick_wave (
  id INTEGER PRIMARY KEY,
  warehouse_code TEXT NOT NULL,
  due_by INTEGER NOT NULL,
  zone_code TEXT NOT NULL,
  carrier TEXT NOT NULL,
  prepared_by TEXT NOT NULL,
  prepared_at INTEGER NOT NULL
) STRICT;
CREATE TABLE pick_wave_shipment (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  wave_id INTEGER NOT NULL REFERENCES pick_wave (id)
) STRICT;
CREATE TABLE points_account (
  customer_id INTEGER PRIMARY KEY REFERENCES customer (id),
  balance INTEGER NOT NULL,
  -- Taken back when they had been used already.
  owed INTEGER NOT NULL CHECK (owed >= 0)
) STRICT;
CREATE TABLE points_entry (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  kind TEXT NOT NULL CHECK (
    kind = 'EARNED' OR kind = 'TAKEN_BACK' OR kind = 'REDEEMED' OR kind = 'RETURNED' OR
    kind = 'EXPIRED' OR kind = 'OFFSET'),
  points INTEGER NOT NULL CHECK (points > 0),
  -- None for points that had been used when they were taken back.
  grant_id INTEGER REFERENCES points_grant (id),
  liability_minor INTEGER NOT NULL CHECK (liability_minor >= 0),
  currency TEXT NOT NULL,
  order_number TEXT,
  payment_id INTEGER REFERENCES payment (id),
  entered_on INTEGER NOT NULL,
  entered_at INTEGER NOT NULL,
  CHECK (grant_id IS NOT NULL OR kind = 'TAKEN_BACK'),
  CHECK ((payment_id IS NOT NULL) = (kind = 'REDEEMED' OR kind = 'RETURNED'))
) STRICT;
CREATE TABLE points_grant (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  order_number TEXT,
  granted_on INTEGER NOT NULL,
  expires_on INTEGER CHECK (expires_on >= granted_on),
  granted INTEGER NOT NULL CHECK (granted > 0),
  remaining INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND granted),
  liability_minor INTEGER NOT NULL CHECK (liability_minor >= 0),
  currency TEXT NOT NULL,
  CHECK (remaining > 0 OR liability_minor = 0)
) STRICT;
CREATE TABLE points_order (
  order_number TEXT PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id),
  version INTEGER NOT NULL REFERENCES points_programme (version),
  points_micros INTEGER NOT NULL CHECK (points_micros > 0),
  gross_minor INTEGER NOT NULL CHECK (gross_minor >= 0),
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  points INTEGER NOT NULL CHECK (points >= 0),
  currency TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE points_programme (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  moment TEXT NOT NULL CHECK (moment = 'DELIVERY' OR moment = 'INVOICE'),
  value_micros INTEGER NOT NULL CHECK (value_micros > 0),
  fair_micros INTEGER NOT NULL CHECK (fair_micros BETWEEN 0 AND value_micros),
  currency TEXT NOT NULL,
  minimum_points INTEGER NOT NULL CHECK (minimum_points >= 0),
  valid_months INTEGER NOT NULL CHECK (valid_months BETWEEN 0 AND 1200),
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE points_rate (
  version INTEGER NOT NULL REFERENCES points_programme (version),
  customer_class TEXT NOT NULL,
  points_micros INTEGER NOT NULL CHECK (points_micros > 0),
  PRIMARY KEY (version, customer_class)
) STRICT, WITHOUT ROWID;
CREATE TABLE portal_link (
  id INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > made_at),
  revoked_by TEXT,
  revoked_at INTEGER,
  CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
) STRICT;
CREATE TABLE preorder (
  sales_order_id INTEGER PRIMARY KEY REFERENCES sales_order (id),
  deposit_kind TEXT NOT NULL CHECK (
    deposit_kind = 'PREPAYMENT' OR deposit_kind = 'EARNEST'),
  due_on INTEGER NOT NULL
) STRICT;
CREATE TABLE preorder_product (
  presale_id INTEGER NOT NULL REFERENCES presale (id),
  sales_order_id INTEGER NOT NULL REFERENCES preorder (sales_order_id),
  PRIMARY KEY (presale_id, sales_order_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE presale (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL UNIQUE REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  opens_on INTEGER NOT NULL,
  closes_on INTEGER NOT NULL CHECK (closes_on >= opens_on),
  releases_on INTEGER NOT NULL,
  limit_micros INTEGER NOT NULL CHECK (limit_micros > 0),
  customer_limit_micros INTEGER CHECK (customer_limit_micros > 0),
  deposit_micros INTEGER NOT NULL CHECK (deposit_micros BETWEEN 1 AND 1000000),
  deposit_kind TEXT NOT NULL CHECK (
    deposit_kind = 'PREPAYMENT' OR deposit_kind = 'EARNEST'),
  deposit_days INTEGER NOT NULL CHECK (deposit_days BETWEEN 0 AND 365)
) STRICT;
CREATE TABLE price (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES product (id),
  price_list_id INTEGER NOT NULL REFERENCES price_list (id),
  minimum_quantity_micros INTEGER NOT NULL CHECK (minimum_quantity_micros >= 0),
  valid_from INTEGER NOT NULL,
  valid_until INTEGER CHECK (valid_until >= valid_from),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  currency TEXT NOT NULL, pack_unit TEXT, pack_price_micros INTEGER, pack_base_micros INTEGER, pack_quantity_micros INTEGER, model_terms TEXT,
  -- The product comes first: a price is looked up by product.
  UNIQUE (product_id, price_list_id, minimum_quantity_micros, valid_from)
) STRICT;
INSERT INTO "price" VALUES(1,1,1,0,18262,NULL,99000000,'CNY',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE price_condition (
  policy_version INTEGER NOT NULL,
  rule_number INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  fact TEXT NOT NULL CHECK (
    fact = 'COVER_DAYS' OR fact = 'STOCK_AGE_DAYS' OR fact = 'UNITS_SOLD' OR
    fact = 'SELL_THROUGH' OR fact = 'MARGIN' OR fact = 'DAYS_TO_END' OR
    fact = 'INCOMING_UNITS' OR fact = 'AVAILABLE_UNITS'),
  bound TEXT NOT NULL CHECK (bound = 'AT_LEAST' OR bound = 'AT_MOST'),
  value_micros INTEGER NOT NULL,
  PRIMARY KEY (policy_version, rule_number, number),
  FOREIGN KEY (policy_version, rule_number)
    REFERENCES price_rule (policy_version, rule_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE price_list (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  customer_class TEXT,
  priority INTEGER NOT NULL
, customer_code TEXT REFERENCES customer (code), channel TEXT, breaks TEXT NOT NULL DEFAULT 'SLAB'
  CHECK (breaks = 'SLAB' OR breaks = 'GRADUATED'), across_lines INTEGER NOT NULL DEFAULT 0
  CHECK (across_lines IN (0, 1)), tax_included INTEGER NOT NULL DEFAULT 0
  CHECK (tax_included IN (0, 1)), currency TEXT) STRICT;
INSERT INTO "price_list" VALUES(1,'RETAIL','零售',NULL,0,NULL,NULL,'SLAB',0,0,NULL);
CREATE TABLE price_rule (
  policy_version INTEGER NOT NULL REFERENCES price_suggestion_policy (version),
  rule_number INTEGER NOT NULL CHECK (rule_number > 0),
  code TEXT NOT NULL,
  price_list_code TEXT NOT NULL REFERENCES price_list (code),
  product_class TEXT NOT NULL,
  sku TEXT NOT NULL,
  supplier_code TEXT NOT NULL,
  window_days INTEGER NOT NULL CHECK (window_days BETWEEN 1 AND 366),
  change_micros INTEGER
    CHECK (change_micros BETWEEN -900000 AND 1000000 AND change_micros <> 0),
  target_margin_micros INTEGER CHECK (target_margin_micros BETWEEN 0 AND 950000),
  ending_step_minor INTEGER CHECK (ending_step_minor > 0),
  ending_minor INTEGER CHECK (ending_minor >= 0 AND ending_minor < ending_step_minor),
  currency TEXT,
  most_down_micros INTEGER NOT NULL CHECK (most_down_micros BETWEEN 0 AND 900000),
  most_up_micros INTEGER NOT NULL CHECK (most_up_micros BETWEEN 0 AND 1000000),
  farthest_down_micros INTEGER NOT NULL CHECK (farthest_down_micros BETWEEN 0 AND 900000),
  farthest_up_micros INTEGER NOT NULL CHECK (farthest_up_micros BETWEEN 0 AND 1000000),
  floor_margin_micros INTEGER CHECK (floor_margin_micros BETWEEN 0 AND 950000),
  minimum_days INTEGER NOT NULL CHECK (minimum_days BETWEEN 1 AND 366),
  expires_after_days INTEGER NOT NULL CHECK (expires_after_days BETWEEN 1 AND 90),
  beyond_band INTEGER NOT NULL CHECK (beyond_band IN (0, 1)),
  applies_within_band INTEGER NOT NULL CHECK (applies_within_band IN (0, 1)),
  PRIMARY KEY (policy_version, rule_number),
  UNIQUE (policy_version, code),
  CHECK ((change_micros IS NULL) <> (target_margin_micros IS NULL)),
  CHECK ((ending_step_minor IS NULL) = (currency IS NULL)),
  CHECK ((ending_step_minor IS NULL) = (ending_minor IS NULL))
) STRICT, WITHOUT ROWID;
CREATE TABLE price_suggestion (
  id INTEGER PRIMARY KEY,
  price_list_id INTEGER NOT NULL REFERENCES price_list (id),
  price_list_code TEXT NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  minimum_quantity_micros INTEGER NOT NULL CHECK (minimum_quantity_micros >= 0),
  base_unit TEXT NOT NULL,
  unit TEXT NOT NULL,
  currency TEXT NOT NULL,
  price_micros INTEGER NOT NULL CHECK (price_micros >= 0),
  price_from INTEGER NOT NULL,
  list_price_micros INTEGER NOT NULL CHECK (list_price_micros >= 0),
  suggested_micros INTEGER NOT NULL CHECK (suggested_micros > 0),
  beyond_band INTEGER NOT NULL CHECK (beyond_band IN (0, 1)),
  policy_version INTEGER NOT NULL,
  rule_code TEXT NOT NULL,
  suggested_on INTEGER NOT NULL,
  valid_from INTEGER NOT NULL CHECK (valid_from > price_from),
  expires_on INTEGER NOT NULL CHECK (expires_on >= suggested_on),
  on_hand INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  incoming INTEGER NOT NULL,
  units_sold INTEGER NOT NULL,
  window_days INTEGER NOT NULL,
  stock_age_days INTEGER,
  days_to_end INTEGER,
  unit_cost_micros INTEGER,
  tax_rate_micros INTEGER NOT NULL,
  explanation TEXT NOT NULL,
  cost_explanation TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = 'OPEN' OR state = 'PENDING' OR state = 'ACCEPTED' OR state = 'REJECTED' OR
    state = 'EXPIRED' OR state = 'STALE'),
  accepted_by TEXT,
  decided_by TEXT,
  decided_at INTEGER,
  decided_on INTEGER,
  reason TEXT NOT NULL,
  applied_from INTEGER,
  base_cost_micros INTEGER,
  base_currency TEXT,
  FOREIGN KEY (policy_version, rule_code) REFERENCES price_rule (policy_version, code),
  CHECK (suggested_micros <> price_micros),
  CHECK ((state = 'ACCEPTED') = (applied_from IS NOT NULL)),
  CHECK (state <> 'PENDING' OR beyond_band = 1 AND accepted_by IS NOT NULL),
  CHECK (state <> 'ACCEPTED' OR accepted_by IS NOT NULL),
  CHECK ((decided_at IS NULL) = (decided_on IS NULL)),
  CHECK ((base_cost_micros IS NULL) = (base_currency IS NULL))
) STRICT;
CREATE TABLE price_suggestion_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE pricing_rules (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  has_tax_policies INTEGER NOT NULL DEFAULT 0 CHECK (has_tax_policies IN (0, 1))
, has_promotions INTEGER NOT NULL DEFAULT 0
  CHECK (has_promotions IN (0, 1)), has_charges INTEGER NOT NULL DEFAULT 0
  CHECK (has_charges IN (0, 1)), has_validation INTEGER NOT NULL DEFAULT 0
  CHECK (has_validation IN (0, 1)), has_presales INTEGER NOT NULL DEFAULT 0
  CHECK (has_presales IN (0, 1)), promotion_share_micros INTEGER
  CHECK (promotion_share_micros BETWEEN 1 AND 1000000), promotion_minor INTEGER CHECK (promotion_minor >= 0), promotion_currency TEXT, edition INTEGER NOT NULL DEFAULT 0, has_dunning INTEGER NOT NULL DEFAULT 0
  CHECK (has_dunning IN (0, 1))) STRICT;
INSERT INTO "pricing_rules" VALUES(1,0,0,0,0,0,NULL,NULL,NULL,0,0);
CREATE TABLE principal (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind = 'PERSON' OR kind = 'SERVICE' OR kind = 'TILL'),
  display_name TEXT NOT NULL,
  is_disabled INTEGER NOT NULL CHECK (is_disabled BETWEEN 0 AND 1),
  certificate_subject TEXT UNIQUE,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0), department TEXT NOT NULL DEFAULT '', store_code TEXT NOT NULL DEFAULT '', warehouse_code TEXT NOT NULL DEFAULT '',
  CHECK (kind <> 'PERSON' OR certificate_subject IS NULL)
) STRICT;
CREATE TABLE principal_role (
  principal_id INTEGER NOT NULL REFERENCES principal (id),
  role_id INTEGER NOT NULL REFERENCES role (id), scope TEXT NOT NULL DEFAULT 'ALL',
  PRIMARY KEY (principal_id, role_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE priority_rule (
  policy_version INTEGER NOT NULL REFERENCES allocation_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  customer_class TEXT,
  from_gross_minor INTEGER CHECK (from_gross_minor >= 0),
  currency TEXT,
  within_days INTEGER CHECK (within_days >= 0),
  sku TEXT,
  points INTEGER NOT NULL CHECK (points BETWEEN -1000 AND 1000 AND points <> 0), product_class TEXT,
  PRIMARY KEY (policy_version, position),
  CHECK ((from_gross_minor IS NULL) = (currency IS NULL))
) STRICT, WITHOUT ROWID;
CREATE TABLE product (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_english TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (
    kind = 'STOCKED' OR kind = 'MADE_TO_ORDER' OR kind = 'RAW_MATERIAL' OR
    kind = 'SERVICE'),
  unit TEXT NOT NULL,
  tax_class TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0)
, weight_grams INTEGER CHECK (weight_grams >= 0), volume_cm3 INTEGER CHECK (volume_cm3 >= 0), description TEXT NOT NULL DEFAULT '', description_english TEXT NOT NULL DEFAULT '', length_mm INTEGER CHECK (length_mm > 0), width_mm INTEGER CHECK (width_mm > 0), height_mm INTEGER CHECK (height_mm > 0), has_units INTEGER NOT NULL DEFAULT 0
  CHECK (has_units IN (0, 1)), has_cartons INTEGER NOT NULL DEFAULT 0
  CHECK (has_cartons IN (0, 1)), announced_on INTEGER, orderable_from INTEGER, orderable_until INTEGER, discontinued_on INTEGER, served_until INTEGER, successor_sku TEXT NOT NULL DEFAULT '', product_class TEXT NOT NULL DEFAULT '', hs_code TEXT NOT NULL DEFAULT '', origin_country_code TEXT NOT NULL DEFAULT '', net_weight_grams INTEGER CHECK (net_weight_grams > 0)) STRICT;
INSERT INTO "product" VALUES(1,'LAMP','台灯','','STOCKED','pcs','STANDARD',1,NULL,NULL,'','',NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,'','','','',NULL);
CREATE TABLE product_accessory (
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  accessory_id INTEGER NOT NULL REFERENCES product (id),
  accessory_sku TEXT NOT NULL,
  rank INTEGER NOT NULL CHECK (rank > 0),
  note TEXT NOT NULL,
  is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1)),
  PRIMARY KEY (product_id, accessory_id),
  CHECK (product_id <> accessory_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE product_attribute (
  family_id INTEGER NOT NULL REFERENCES product_family (id),
  position INTEGER NOT NULL CHECK (position > 0),
  value_position INTEGER NOT NULL CHECK (value_position >= 0),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  name_english TEXT NOT NULL,
  PRIMARY KEY (family_id, position, value_position)
) STRICT, WITHOUT ROWID;
CREATE TABLE product_barcode (
  gtin TEXT PRIMARY KEY CHECK (length(gtin) = 14),
  product_id INTEGER NOT NULL REFERENCES product (id),
  unit TEXT NOT NULL,
  is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE TABLE product_carton (
  product_id INTEGER NOT NULL REFERENCES product (id),
  number INTEGER NOT NULL CHECK (number > 0),
  weight_grams INTEGER NOT NULL CHECK (weight_grams > 0),
  length_mm INTEGER NOT NULL CHECK (length_mm > 0),
  width_mm INTEGER NOT NULL CHECK (width_mm > 0),
  height_mm INTEGER NOT NULL CHECK (height_mm > 0),
  contents TEXT NOT NULL, is_fragile INTEGER NOT NULL DEFAULT 0
  CHECK (is_fragile IN (0, 1)),
  PRIMARY KEY (product_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE product_family (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_english TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE TABLE product_substitute (
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  substitute_id INTEGER NOT NULL REFERENCES product (id),
  substitute_sku TEXT NOT NULL,
  rank INTEGER NOT NULL CHECK (rank > 0),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  valid_from INTEGER NOT NULL,
  valid_until INTEGER CHECK (valid_until >= valid_from),
  note TEXT NOT NULL,
  PRIMARY KEY (product_id, substitute_id),
  CHECK (product_id <> substitute_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE product_unit (
  product_id INTEGER NOT NULL REFERENCES product (id),
  code TEXT NOT NULL,
  base_quantity INTEGER NOT NULL CHECK (base_quantity > 0),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1)),
  PRIMARY KEY (product_id, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE product_variant (
  product_id INTEGER PRIMARY KEY REFERENCES product (id),
  sku TEXT NOT NULL,
  family_id INTEGER NOT NULL REFERENCES product_family (id),
  choices TEXT NOT NULL,
  UNIQUE (family_id, choices)
) STRICT;
CREATE TABLE promotion (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_until INTEGER CHECK (valid_until >= valid_from),
  last_day INTEGER NOT NULL,
  channel TEXT,
  customer_class TEXT,
  stacking_group TEXT NOT NULL,
  is_exclusive INTEGER NOT NULL CHECK (is_exclusive IN (0, 1)),
  priority INTEGER NOT NULL,
  full_price_only INTEGER NOT NULL CHECK (full_price_only IN (0, 1)),
  needs_coupon INTEGER NOT NULL CHECK (needs_coupon IN (0, 1)),
  is_set INTEGER NOT NULL CHECK (is_set IN (0, 1)),
  minimum_quantity INTEGER NOT NULL CHECK (minimum_quantity >= 0),
  minimum_amount_minor INTEGER CHECK (minimum_amount_minor >= 0),
  share_micros INTEGER CHECK (share_micros BETWEEN 1 AND 1000000),
  amount_minor INTEGER CHECK (amount_minor >= 0),
  set_price_minor INTEGER CHECK (set_price_minor >= 0),
  cap_minor INTEGER CHECK (cap_minor >= 0),
  currency TEXT, since_edition INTEGER NOT NULL DEFAULT 0,
  CHECK ((share_micros IS NULL) + (amount_minor IS NULL) + (set_price_minor IS NULL) = 2),
  CHECK (set_price_minor IS NULL OR is_set = 1)
) STRICT;
CREATE TABLE promotion_item (
  promotion_id INTEGER NOT NULL REFERENCES promotion (id),
  position INTEGER NOT NULL CHECK (position > 0),
  sku TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity >= 0),
  PRIMARY KEY (promotion_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE purchase_order (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  supplier_id INTEGER NOT NULL REFERENCES supplier (id),
  supplier_code TEXT NOT NULL,
  warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
  warehouse_code TEXT NOT NULL,
  currency TEXT NOT NULL,
  ordered_on INTEGER NOT NULL,
  expected_on INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (
    state IN ('ORDERED', 'PARTLY_RECEIVED', 'RECEIVED', 'BILLED', 'CANCELLED')),
  version INTEGER NOT NULL CHECK (version > 0)
, confirmed_on INTEGER, supplier_reference TEXT NOT NULL DEFAULT '', direct_kind TEXT, direct_number TEXT, direct_line INTEGER) STRICT;
CREATE TABLE purchase_order_line (
  id INTEGER PRIMARY KEY,
  purchase_order_id INTEGER NOT NULL REFERENCES purchase_order (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  ordered INTEGER NOT NULL CHECK (ordered > 0),
  cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
  billed INTEGER NOT NULL DEFAULT 0 CHECK (billed >= 0),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  requisition_number TEXT,
  UNIQUE (purchase_order_id, line_no),
  CHECK (received <= ordered - cancelled),
  CHECK (billed <= received)
) STRICT;
CREATE TABLE quote (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (
    state = 'OPEN' OR state = 'WON' OR state = 'LOST' OR state = 'LAPSED'),
  customer_code TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  currency TEXT NOT NULL,
  gross_minor INTEGER NOT NULL CHECK (gross_minor >= 0),
  revisions INTEGER NOT NULL CHECK (revisions > 0),
  valid_until INTEGER NOT NULL,
  won_variant INTEGER CHECK (won_variant > 0),
  order_number TEXT UNIQUE REFERENCES sales_order (number),
  reason_code TEXT NOT NULL,
  comment TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_on INTEGER NOT NULL,
  decided_on INTEGER, opportunity_number TEXT,
  CHECK ((state = 'WON') = (order_number IS NOT NULL)),
  CHECK ((state = 'WON') = (won_variant IS NOT NULL)),
  CHECK ((state = 'OPEN') = (decided_on IS NULL)),
  CHECK (state <> 'LOST' OR reason_code <> '')
) STRICT;
CREATE TABLE quote_line (
  quote_id INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  variant_number INTEGER NOT NULL,
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  description TEXT NOT NULL,
  unit TEXT NOT NULL,
  sourcing TEXT NOT NULL CHECK (
    sourcing = 'STOCK' OR sourcing = 'MAKE' OR sourcing = 'SERVICE'),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  discount_micros INTEGER NOT NULL CHECK (discount_micros BETWEEN 0 AND 1000000),
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_rate_micros INTEGER NOT NULL CHECK (tax_rate_micros BETWEEN 0 AND 1000000),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  note TEXT NOT NULL,
  charge TEXT NOT NULL,
  price_explanation TEXT NOT NULL,
  adjustments TEXT NOT NULL,
  model_version INTEGER CHECK (model_version >= 0),
  settings TEXT,
  configuration TEXT, asked_quantity INTEGER, asked_unit TEXT, instructions TEXT, schedules TEXT,
  PRIMARY KEY (quote_id, revision, variant_number, line_number),
  FOREIGN KEY (quote_id, revision, variant_number)
    REFERENCES quote_variant (quote_id, revision, variant_number),
  CHECK ((model_version IS NULL) = (settings IS NULL))
) STRICT, WITHOUT ROWID;
CREATE TABLE quote_reason (
  position INTEGER PRIMARY KEY CHECK (position > 0),
  code TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome = 'WON' OR outcome = 'LOST')
) STRICT;
INSERT INTO "quote_reason" VALUES(1,'GOOD_PRICE','The price was right','WON');
INSERT INTO "quote_reason" VALUES(2,'DESIGN','Design and quality','WON');
INSERT INTO "quote_reason" VALUES(3,'SHORT_WAIT','Sooner than others','WON');
INSERT INTO "quote_reason" VALUES(4,'TRUST','Advice and service','WON');
INSERT INTO "quote_reason" VALUES(5,'TOO_EXPENSIVE','Too expensive','LOST');
INSERT INTO "quote_reason" VALUES(6,'TOO_LATE','It would have taken too long','LOST');
INSERT INTO "quote_reason" VALUES(7,'COMPETITOR','Bought elsewhere','LOST');
INSERT INTO "quote_reason" VALUES(8,'NOT_SUITABLE','Not what was looked for','LOST');
INSERT INTO "quote_reason" VALUES(9,'NOT_NEEDED','Plans have changed','LOST');
CREATE TABLE quote_revision (
  quote_id INTEGER NOT NULL REFERENCES quote (id),
  revision INTEGER NOT NULL CHECK (revision > 0),
  valid_until INTEGER NOT NULL,
  note TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_roles TEXT NOT NULL,
  created_at INTEGER NOT NULL, created_on INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (quote_id, revision)
) STRICT, WITHOUT ROWID;
CREATE TABLE quote_variant (
  quote_id INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  variant_number INTEGER NOT NULL CHECK (variant_number > 0),
  title TEXT NOT NULL,
  channel TEXT NOT NULL,
  external_id TEXT,
  warehouse_code TEXT NOT NULL,
  requested_on INTEGER,
  shortage_rule TEXT NOT NULL CHECK (shortage_rule IN ('WAIT', 'REFUSE')),
  note TEXT NOT NULL,
  discount_micros INTEGER CHECK (discount_micros BETWEEN 0 AND 1000000),
  discount_minor INTEGER CHECK (discount_minor >= 0),
  coupon_codes TEXT NOT NULL,
  delivery_zone TEXT,
  delivery_floor INTEGER CHECK (delivery_floor >= 0),
  delivery_lift INTEGER CHECK (delivery_lift IN (0, 1)),
  delivery_assembly INTEGER CHECK (delivery_assembly IN (0, 1)),
  net_days INTEGER NOT NULL CHECK (net_days >= 0),
  tax_included INTEGER NOT NULL CHECK (tax_included IN (0, 1)),
  tax_scope TEXT NOT NULL CHECK (tax_scope = 'LINE' OR tax_scope = 'DOCUMENT'),
  rounding TEXT NOT NULL CHECK (rounding = 'HALF_AWAY' OR rounding = 'HALF_EVEN'),
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  gross_minor INTEGER NOT NULL,
  deposit_required_minor INTEGER NOT NULL
    CHECK (deposit_required_minor BETWEEN 0 AND gross_minor),
  largest_discount_micros INTEGER NOT NULL
    CHECK (largest_discount_micros BETWEEN 0 AND 1000000),
  approver_role TEXT,
  decided_by TEXT,
  approval_explanation TEXT NOT NULL, delivery_address_id INTEGER, rate_micros INTEGER CHECK (rate_micros > 0), rate_units INTEGER CHECK (rate_units > 0), base_currency TEXT, base_gross_minor INTEGER CHECK (base_gross_minor >= 0), instructions TEXT, pricing_basis TEXT,
  PRIMARY KEY (quote_id, revision, variant_number),
  FOREIGN KEY (quote_id, revision) REFERENCES quote_revision (quote_id, revision),
  CHECK (gross_minor = net_minor + tax_minor),
  CHECK (decided_by IS NULL OR approver_role IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE TABLE recovery_code (
  principal_id INTEGER NOT NULL REFERENCES principal (id),
  digest BLOB NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (principal_id, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE remake (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL UNIQUE REFERENCES sales_order (id),
  origin_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  origin_line INTEGER NOT NULL CHECK (origin_line > 0),
  component TEXT NOT NULL,
  reason_code TEXT NOT NULL,
  responsible TEXT NOT NULL,
  is_free INTEGER NOT NULL CHECK (is_free IN (0, 1)),
  explanation TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  requested_on INTEGER NOT NULL,
  CHECK (sales_order_id <> origin_order_id)
) STRICT;
CREATE TABLE remittance (
  id INTEGER PRIMARY KEY,
  carrier TEXT NOT NULL,
  statement TEXT NOT NULL,
  row_id TEXT NOT NULL,
  shipment_number TEXT NOT NULL,
  tracking_number TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  fee_minor INTEGER NOT NULL CHECK (fee_minor BETWEEN 0 AND amount_minor),
  currency TEXT NOT NULL,
  shipment_id INTEGER REFERENCES cash_on_delivery (shipment_id),
  credited_minor INTEGER NOT NULL CHECK (credited_minor BETWEEN 0 AND amount_minor),
  state TEXT NOT NULL CHECK (
    state = 'MATCHED' OR state = 'SHORT' OR state = 'OVER' OR state = 'UNKNOWN' OR
    state = 'SETTLED'),
  imported_at INTEGER NOT NULL,
  settled_by TEXT,
  reason TEXT NOT NULL DEFAULT '', proposed_settlement TEXT
  CHECK (proposed_settlement = 'WRITE_OFF' OR proposed_settlement = 'PAY_BACK'), proposed_minor INTEGER CHECK (proposed_minor > 0)
  CHECK ((proposed_minor IS NULL) = (proposed_settlement IS NULL)), proposed_by TEXT
  CHECK ((proposed_by IS NULL) = (proposed_settlement IS NULL))
  CHECK (state <> 'SETTLED' OR settled_by IS NULL OR proposed_by <> settled_by), proposed_at INTEGER
  CHECK ((proposed_at IS NULL) = (proposed_settlement IS NULL)),
  UNIQUE (carrier, statement, row_id),
  CHECK (shipment_id IS NOT NULL OR credited_minor = 0)
) STRICT;
CREATE TABLE remittance_policy (
  version INTEGER PRIMARY KEY,
  alone_minor INTEGER CHECK (alone_minor >= 0),
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE repair (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL UNIQUE REFERENCES sales_order (id),
  origin_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  origin_line INTEGER NOT NULL CHECK (origin_line > 0),
  component TEXT NOT NULL,
  reason_code TEXT NOT NULL,
  responsible TEXT NOT NULL,
  is_free INTEGER NOT NULL CHECK (is_free IN (0, 1)),
  waived_minor INTEGER NOT NULL CHECK (waived_minor >= 0),
  currency TEXT NOT NULL,
  explanation TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL
) STRICT;
CREATE TABLE requisition (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
  warehouse_code TEXT NOT NULL,
  needed_on INTEGER,
  origin_kind TEXT NOT NULL,
  origin_number TEXT NOT NULL,
  origin_line INTEGER NOT NULL,
  root_kind TEXT,
  root_number TEXT,
  pegged INTEGER NOT NULL CHECK (pegged IN (0, 1)),
  order_line_id INTEGER UNIQUE REFERENCES purchase_order_line (id),
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  CHECK (state = CASE WHEN order_line_id IS NOT NULL THEN 'ORDERED'
    WHEN pegged = 1 THEN 'OPEN' ELSE 'CANCELLED' END),
  CHECK ((root_kind IS NULL) = (root_number IS NULL))
) STRICT;
CREATE TABLE reservation (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES product (id),
  location_id INTEGER NOT NULL REFERENCES stock_location (id),
  wanted INTEGER NOT NULL CHECK (wanted > 0),
  held INTEGER NOT NULL CHECK (held >= 0),
  priority INTEGER NOT NULL,
  origin_kind TEXT NOT NULL,
  origin_number TEXT NOT NULL,
  origin_line INTEGER NOT NULL,
  peg_kind TEXT,
  peg_number TEXT,
  root_kind TEXT,
  root_number TEXT,
  created_at INTEGER NOT NULL,
  UNIQUE (origin_kind, origin_number, origin_line, product_id),
  CHECK (held <= wanted),
  CHECK ((peg_kind IS NULL) = (peg_number IS NULL)),
  CHECK ((root_kind IS NULL) = (root_number IS NULL))
) STRICT;
INSERT INTO "reservation" VALUES(1,1,8,1000000,1000000,0,'SALES_ORDER','SO-2026-000001',1,NULL,NULL,NULL,NULL,1795494815828885);
CREATE TABLE restoration (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  backup TEXT NOT NULL,
  backup_at INTEGER NOT NULL,
  chosen_at INTEGER,
  reached_at INTEGER NOT NULL,
  records INTEGER NOT NULL,
  left_out INTEGER,
  known_until INTEGER NOT NULL,
  last_sequence INTEGER,
  last_method TEXT,
  last_principal TEXT,
  last_at INTEGER,
  restored_by TEXT NOT NULL,
  restored_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('PENDING', 'APPROVED', 'REJECTED')),
  agreed_by TEXT,
  decided_by TEXT,
  decided_at INTEGER,
  CHECK ((state = 'PENDING') = (decided_by IS NULL)),
  CHECK ((decided_by IS NULL) = (decided_at IS NULL))
) STRICT;
CREATE TABLE return_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO "return_policy" VALUES(1,-719162,'As shipped: seven days, and defects','',0);
CREATE TABLE return_reason (
  position INTEGER PRIMARY KEY CHECK (position > 0),
  code TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL,
  responsible TEXT NOT NULL CHECK (
    responsible = 'CUSTOMER' OR responsible = 'SELLER' OR responsible = 'WORKSHOP' OR
    responsible = 'CARRIER' OR responsible = 'SUPPLIER')
) STRICT;
INSERT INTO "return_reason" VALUES(1,'CHANGED_MIND','The customer does not want it any more','CUSTOMER');
INSERT INTO "return_reason" VALUES(2,'WRONG_GOODS','Something else was ordered','SELLER');
INSERT INTO "return_reason" VALUES(3,'DEFECT','It was made badly','WORKSHOP');
INSERT INTO "return_reason" VALUES(4,'DAMAGED','It was damaged on the way','CARRIER');
INSERT INTO "return_reason" VALUES(5,'BAD_MATERIAL','It was bad when it came from the supplier','SUPPLIER');
CREATE TABLE return_rule (
  policy_version INTEGER NOT NULL REFERENCES return_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  reason_code TEXT,
  is_defect INTEGER CHECK (is_defect IN (0, 1)),
  sourcing TEXT CHECK (sourcing = 'STOCK' OR sourcing = 'MAKE'),
  within_days INTEGER CHECK (within_days >= 0),
  allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
  fee_micros INTEGER NOT NULL CHECK (fee_micros BETWEEN 0 AND 1000000),
  approver_role TEXT, write_down_micros INTEGER NOT NULL DEFAULT 0
  CHECK (write_down_micros BETWEEN 0 AND 1000000),
  PRIMARY KEY (policy_version, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "return_rule" VALUES(1,1,NULL,1,NULL,NULL,1,0,'SALES_MANAGER',0);
INSERT INTO "return_rule" VALUES(1,2,NULL,0,'MAKE',NULL,0,0,NULL,0);
INSERT INTO "return_rule" VALUES(1,3,NULL,0,'STOCK',7,1,0,NULL,0);
CREATE TABLE role (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
INSERT INTO "role" VALUES(1,'ADMINISTRATOR','Who may do what; settings and master data',1);
INSERT INTO "role" VALUES(2,'AUDITOR','Reads everything, changes nothing',1);
INSERT INTO "role" VALUES(3,'CUSTOMER_SERVICE','Customers, and what becomes of their orders',1);
INSERT INTO "role" VALUES(4,'FINANCE','Invoices, payments, books',1);
INSERT INTO "role" VALUES(5,'GENERAL_MANAGER','Approves what passes the limits of others',1);
INSERT INTO "role" VALUES(6,'INTEGRATION','Web shops and marketplaces',1);
INSERT INTO "role" VALUES(7,'PRODUCTION_PLANNER','Bills of material, work centres, work orders',1);
INSERT INTO "role" VALUES(8,'PURCHASER','Suppliers, requisitions, purchase orders',1);
INSERT INTO "role" VALUES(9,'SALES','Quotes and orders',1);
INSERT INTO "role" VALUES(10,'SALES_MANAGER','Orders, prices and approvals',1);
INSERT INTO "role" VALUES(11,'TILL','A terminal in a shop',1);
INSERT INTO "role" VALUES(12,'WAREHOUSE','Stock, goods in and goods out',1);
INSERT INTO "role" VALUES(13,'WORKSHOP','Reports what was made',1);
CREATE TABLE role_permission (
  role_id INTEGER NOT NULL REFERENCES role (id),
  permission TEXT NOT NULL,
  PRIMARY KEY (role_id, permission)
) STRICT, WITHOUT ROWID;
INSERT INTO "role_permission" VALUES(1,'audit.read');
INSERT INTO "role_permission" VALUES(2,'audit.read');
INSERT INTO "role_permission" VALUES(1,'audit.verify');
INSERT INTO "role_permission" VALUES(2,'audit.verify');
INSERT INTO "role_permission" VALUES(1,'automation.configure');
INSERT INTO "role_permission" VALUES(1,'automation.read');
INSERT INTO "role_permission" VALUES(2,'automation.read');
INSERT INTO "role_permission" VALUES(5,'automation.read');
INSERT INTO "role_permission" VALUES(1,'catalog.read');
INSERT INTO "role_permission" VALUES(2,'catalog.read');
INSERT INTO "role_permission" VALUES(3,'catalog.read');
INSERT INTO "role_permission" VALUES(4,'catalog.read');
INSERT INTO "role_permission" VALUES(5,'catalog.read');
INSERT INTO "role_permission" VALUES(6,'catalog.read');
INSERT INTO "role_permission" VALUES(7,'catalog.read');
INSERT INTO "role_permission" VALUES(8,'catalog.read');
INSERT INTO "role_permission" VALUES(9,'catalog.read');
INSERT INTO "role_permission" VALUES(10,'catalog.read');
INSERT INTO "role_permission" VALUES(11,'catalog.read');
INSERT INTO "role_permission" VALUES(12,'catalog.read');
INSERT INTO "role_permission" VALUES(13,'catalog.read');
INSERT INTO "role_permission" VALUES(1,'catalog.write');
INSERT INTO "role_permission" VALUES(3,'complaints.write');
INSERT INTO "role_permission" VALUES(5,'complaints.write');
INSERT INTO "role_permission" VALUES(9,'complaints.write');
INSERT INTO "role_permission" VALUES(10,'complaints.write');
INSERT INTO "role_permission" VALUES(1,'cost.read');
INSERT INTO "role_permission" VALUES(2,'cost.read');
INSERT INTO "role_permission" VALUES(4,'cost.read');
INSERT INTO "role_permission" VALUES(5,'cost.read');
INSERT INTO "role_permission" VALUES(7,'cost.read');
INSERT INTO "role_permission" VALUES(8,'cost.read');
INSERT INTO "role_permission" VALUES(10,'cost.read');
INSERT INTO "role_permission" VALUES(4,'credit.approve');
INSERT INTO "role_permission" VALUES(5,'credit.approve');
INSERT INTO "role_permission" VALUES(4,'credit.grant');
INSERT INTO "role_permission" VALUES(5,'credit.grant');
INSERT INTO "role_permission" VALUES(10,'credit.grant');
INSERT INTO "role_permission" VALUES(1,'credit.read');
INSERT INTO "role_permission" VALUES(2,'credit.read');
INSERT INTO "role_permission" VALUES(4,'credit.read');
INSERT INTO "role_permission" VALUES(5,'credit.read');
INSERT INTO "role_permission" VALUES(10,'credit.read');
INSERT INTO "role_permission" VALUES(1,'customers.erase');
INSERT INTO "role_permission" VALUES(1,'customers.export');
INSERT INTO "role_permission" VALUES(3,'customers.export');
INSERT INTO "role_permission" VALUES(1,'customers.merge');
INSERT INTO "role_permission" VALUES(3,'customers.merge');
INSERT INTO "role_permission" VALUES(10,'customers.merge');
INSERT INTO "role_permission" VALUES(1,'customers.read');
INSERT INTO "role_permission" VALUES(2,'customers.read');
INSERT INTO "role_permission" VALUES(3,'customers.read');
INSERT INTO "role_permission" VALUES(4,'customers.read');
INSERT INTO "role_permission" VALUES(5,'customers.read');
INSERT INTO "role_permission" VALUES(6,'customers.read');
INSERT INTO "role_permission" VALUES(9,'customers.read');
INSERT INTO "role_permission" VALUES(10,'customers.read');
INSERT INTO "role_permission" VALUES(11,'customers.read');
INSERT INTO "role_permission" VALUES(1,'customers.segment');
INSERT INTO "role_permission" VALUES(3,'customers.segment');
INSERT INTO "role_permission" VALUES(5,'customers.segment');
INSERT INTO "role_permission" VALUES(10,'customers.segment');
INSERT INTO "role_permission" VALUES(1,'customers.write');
INSERT INTO "role_permission" VALUES(3,'customers.write');
INSERT INTO "role_permission" VALUES(6,'customers.write');
INSERT INTO "role_permission" VALUES(9,'customers.write');
INSERT INTO "role_permission" VALUES(10,'customers.write');
INSERT INTO "role_permission" VALUES(11,'customers.write');
INSERT INTO "role_permission" VALUES(5,'dunning.waive');
INSERT INTO "role_permission" VALUES(10,'dunning.waive');
INSERT INTO "role_permission" VALUES(4,'dunning.write');
INSERT INTO "role_permission" VALUES(5,'dunning.write');
INSERT INTO "role_permission" VALUES(1,'events.read');
INSERT INTO "role_permission" VALUES(2,'events.read');
INSERT INTO "role_permission" VALUES(5,'events.read');
INSERT INTO "role_permission" VALUES(6,'events.read');
INSERT INTO "role_permission" VALUES(10,'events.read');
INSERT INTO "role_permission" VALUES(1,'finance.configure');
INSERT INTO "role_permission" VALUES(4,'finance.configure');
INSERT INTO "role_permission" VALUES(1,'finance.read');
INSERT INTO "role_permission" VALUES(2,'finance.read');
INSERT INTO "role_permission" VALUES(4,'finance.read');
INSERT INTO "role_permission" VALUES(5,'finance.read');
INSERT INTO "role_permission" VALUES(10,'finance.read');
INSERT INTO "role_permission" VALUES(5,'giftcards.replace');
INSERT INTO "role_permission" VALUES(10,'giftcards.replace');
INSERT INTO "role_permission" VALUES(1,'identity.read');
INSERT INTO "role_permission" VALUES(2,'identity.read');
INSERT INTO "role_permission" VALUES(1,'identity.write');
INSERT INTO "role_permission" VALUES(4,'invoices.write');
INSERT INTO "role_permission" VALUES(1,'notices.configure');
INSERT INTO "role_permission" VALUES(1,'notices.read');
INSERT INTO "role_permission" VALUES(2,'notices.read');
INSERT INTO "role_permission" VALUES(3,'notices.read');
INSERT INTO "role_permission" VALUES(5,'notices.read');
INSERT INTO "role_permission" VALUES(9,'notices.read');
INSERT INTO "role_permission" VALUES(10,'notices.read');
INSERT INTO "role_permission" VALUES(1,'notices.write');
INSERT INTO "role_permission" VALUES(3,'notices.write');
INSERT INTO "role_permission" VALUES(1,'operations.read');
INSERT INTO "role_permission" VALUES(2,'operations.read');
INSERT INTO "role_permission" VALUES(5,'orders.approve');
INSERT INTO "role_permission" VALUES(10,'orders.approve');
INSERT INTO "role_permission" VALUES(3,'orders.cancel');
INSERT INTO "role_permission" VALUES(5,'orders.cancel');
INSERT INTO "role_permission" VALUES(6,'orders.cancel');
INSERT INTO "role_permission" VALUES(9,'orders.cancel');
INSERT INTO "role_permission" VALUES(10,'orders.cancel');
INSERT INTO "role_permission" VALUES(3,'orders.change');
INSERT INTO "role_permission" VALUES(5,'orders.change');
INSERT INTO "role_permission" VALUES(9,'orders.change');
INSERT INTO "role_permission" VALUES(10,'orders.change');
INSERT INTO "role_permission" VALUES(1,'orders.configure');
INSERT INTO "role_permission" VALUES(10,'orders.configure');
INSERT INTO "role_permission" VALUES(6,'orders.confirm');
INSERT INTO "role_permission" VALUES(9,'orders.confirm');
INSERT INTO "role_permission" VALUES(10,'orders.confirm');
INSERT INTO "role_permission" VALUES(11,'orders.confirm');
INSERT INTO "role_permission" VALUES(3,'orders.create');
INSERT INTO "role_permission" VALUES(6,'orders.create');
INSERT INTO "role_permission" VALUES(9,'orders.create');
INSERT INTO "role_permission" VALUES(10,'orders.create');
INSERT INTO "role_permission" VALUES(11,'orders.create');
INSERT INTO "role_permission" VALUES(3,'orders.hold');
INSERT INTO "role_permission" VALUES(4,'orders.hold');
INSERT INTO "role_permission" VALUES(5,'orders.hold');
INSERT INTO "role_permission" VALUES(7,'orders.hold');
INSERT INTO "role_permission" VALUES(9,'orders.hold');
INSERT INTO "role_permission" VALUES(10,'orders.hold');
INSERT INTO "role_permission" VALUES(12,'orders.hold');
INSERT INTO "role_permission" VALUES(1,'orders.read');
INSERT INTO "role_permission" VALUES(2,'orders.read');
INSERT INTO "role_permission" VALUES(3,'orders.read');
INSERT INTO "role_permission" VALUES(4,'orders.read');
INSERT INTO "role_permission" VALUES(5,'orders.read');
INSERT INTO "role_permission" VALUES(6,'orders.read');
INSERT INTO "role_permission" VALUES(7,'orders.read');
INSERT INTO "role_permission" VALUES(9,'orders.read');
INSERT INTO "role_permission" VALUES(10,'orders.read');
INSERT INTO "role_permission" VALUES(11,'orders.read');
INSERT INTO "role_permission" VALUES(12,'orders.read');
INSERT INTO "role_permission" VALUES(4,'orders.release');
INSERT INTO "role_permission" VALUES(5,'orders.release');
INSERT INTO "role_permission" VALUES(10,'orders.release');
INSERT INTO "role_permission" VALUES(4,'payments.refund');
INSERT INTO "role_permission" VALUES(4,'payments.write');
INSERT INTO "role_permission" VALUES(6,'payments.write');
INSERT INTO "role_permission" VALUES(11,'payments.write');
INSERT INTO "role_permission" VALUES(1,'personal.read');
INSERT INTO "role_permission" VALUES(2,'personal.read');
INSERT INTO "role_permission" VALUES(3,'personal.read');
INSERT INTO "role_permission" VALUES(4,'personal.read');
INSERT INTO "role_permission" VALUES(5,'personal.read');
INSERT INTO "role_permission" VALUES(6,'personal.read');
INSERT INTO "role_permission" VALUES(9,'personal.read');
INSERT INTO "role_permission" VALUES(10,'personal.read');
INSERT INTO "role_permission" VALUES(11,'personal.read');
INSERT INTO "role_permission" VALUES(12,'personal.read');
INSERT INTO "role_permission" VALUES(4,'prices.approve');
INSERT INTO "role_permission" VALUES(5,'prices.approve');
INSERT INTO "role_permission" VALUES(1,'prices.read');
INSERT INTO "role_permission" VALUES(2,'prices.read');
INSERT INTO "role_permission" VALUES(3,'prices.read');
INSERT INTO "role_permission" VALUES(4,'prices.read');
INSERT INTO "role_permission" VALUES(5,'prices.read');
INSERT INTO "role_permission" VALUES(6,'prices.read');
INSERT INTO "role_permission" VALUES(9,'prices.read');
INSERT INTO "role_permission" VALUES(10,'prices.read');
INSERT INTO "role_permission" VALUES(11,'prices.read');
INSERT INTO "role_permission" VALUES(1,'prices.write');
INSERT INTO "role_permission" VALUES(10,'prices.write');
INSERT INTO "role_permission" VALUES(1,'production.configure');
INSERT INTO "role_permission" VALUES(7,'production.configure');
INSERT INTO "role_permission" VALUES(7,'production.plan');
INSERT INTO "role_permission" VALUES(1,'production.read');
INSERT INTO "role_permission" VALUES(2,'production.read');
INSERT INTO "role_permission" VALUES(5,'production.read');
INSERT INTO "role_permission" VALUES(7,'production.read');
INSERT INTO "role_permission" VALUES(8,'production.read');
INSERT INTO "role_permission" VALUES(13,'production.read');
INSERT INTO "role_permission" VALUES(7,'production.report');
INSERT INTO "role_permission" VALUES(13,'production.report');
INSERT INTO "role_permission" VALUES(4,'purchasing.bill');
INSERT INTO "role_permission" VALUES(1,'purchasing.read');
INSERT INTO "role_permission" VALUES(2,'purchasing.read');
INSERT INTO "role_permission" VALUES(4,'purchasing.read');
INSERT INTO "role_permission" VALUES(5,'purchasing.read');
INSERT INTO "role_permission" VALUES(7,'purchasing.read');
INSERT INTO "role_permission" VALUES(8,'purchasing.read');
INSERT INTO "role_permission" VALUES(12,'purchasing.read');
INSERT INTO "role_permission" VALUES(12,'purchasing.receive');
INSERT INTO "role_permission" VALUES(8,'purchasing.write');
INSERT INTO "role_permission" VALUES(5,'returns.approve');
INSERT INTO "role_permission" VALUES(10,'returns.approve');
INSERT INTO "role_permission" VALUES(3,'returns.create');
INSERT INTO "role_permission" VALUES(9,'returns.create');
INSERT INTO "role_permission" VALUES(11,'returns.create');
INSERT INTO "role_permission" VALUES(4,'returns.credit');
INSERT INTO "role_permission" VALUES(12,'returns.receive');
INSERT INTO "role_permission" VALUES(12,'shipments.write');
INSERT INTO "role_permission" VALUES(12,'stock.adjust');
INSERT INTO "role_permission" VALUES(1,'stock.read');
INSERT INTO "role_permission" VALUES(2,'stock.read');
INSERT INTO "role_permission" VALUES(3,'stock.read');
INSERT INTO "role_permission" VALUES(4,'stock.read');
INSERT INTO "role_permission" VALUES(5,'stock.read');
INSERT INTO "role_permission" VALUES(6,'stock.read');
INSERT INTO "role_permission" VALUES(7,'stock.read');
INSERT INTO "role_permission" VALUES(8,'stock.read');
INSERT INTO "role_permission" VALUES(9,'stock.read');
INSERT INTO "role_permission" VALUES(10,'stock.read');
INSERT INTO "role_permission" VALUES(11,'stock.read');
INSERT INTO "role_permission" VALUES(12,'stock.read');
INSERT INTO "role_permission" VALUES(13,'stock.read');
INSERT INTO "role_permission" VALUES(1,'stock.write');
INSERT INTO "role_permission" VALUES(12,'stock.write');
INSERT INTO "role_permission" VALUES(1,'suppliers.write');
INSERT INTO "role_permission" VALUES(8,'suppliers.write');
INSERT INTO "role_permission" VALUES(1,'tills.read');
INSERT INTO "role_permission" VALUES(2,'tills.read');
INSERT INTO "role_permission" VALUES(11,'tills.read');
INSERT INTO "role_permission" VALUES(11,'tills.sync');
CREATE TABLE sales_order (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (
    state = 'DRAFT' OR state = 'SUBMITTED' OR state = 'CONFIRMED' OR
    state = 'PARTLY_SHIPPED' OR state = 'SHIPPED' OR state = 'DELIVERED' OR
    state = 'CLOSED' OR state = 'CANCELLED'),
  channel TEXT NOT NULL,
  external_id TEXT,
  customer_code TEXT NOT NULL,
  customer_name TEXT NOT NULL,
  warehouse_code TEXT NOT NULL,
  currency TEXT NOT NULL,
  requested_on INTEGER,
  shortage_rule TEXT NOT NULL CHECK (shortage_rule IN ('WAIT', 'REFUSE')),
  note TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_on INTEGER NOT NULL,
  net_days INTEGER NOT NULL CHECK (net_days >= 0),
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  gross_minor INTEGER NOT NULL,
  deposit_required_minor INTEGER NOT NULL
    CHECK (deposit_required_minor BETWEEN 0 AND gross_minor),
  approver_role TEXT,
  decided_by TEXT,
  approval_explanation TEXT NOT NULL, tax_included INTEGER NOT NULL DEFAULT 0
  CHECK (tax_included IN (0, 1)), tax_scope TEXT NOT NULL DEFAULT 'LINE'
  CHECK (tax_scope = 'LINE' OR tax_scope = 'DOCUMENT'), rounding TEXT NOT NULL DEFAULT 'HALF_AWAY'
  CHECK (rounding = 'HALF_AWAY' OR rounding = 'HALF_EVEN'), discount_micros INTEGER
  CHECK (discount_micros BETWEEN 0 AND 1000000), discount_minor INTEGER CHECK (discount_minor >= 0), coupon_codes TEXT NOT NULL DEFAULT '', delivery_zone TEXT, delivery_floor INTEGER CHECK (delivery_floor >= 0), delivery_lift INTEGER CHECK (delivery_lift IN (0, 1)), delivery_assembly INTEGER
  CHECK (delivery_assembly IN (0, 1)), priced_on INTEGER, blanket_number TEXT, line_fingerprint INTEGER, rate_micros INTEGER CHECK (rate_micros > 0), rate_units INTEGER CHECK (rate_units > 0), base_currency TEXT, base_gross_minor INTEGER CHECK (base_gross_minor >= 0), instructions TEXT, is_invoiced_together INTEGER NOT NULL DEFAULT 0
  CHECK (is_invoiced_together IN (0, 1)), pricing_basis TEXT, cash_collector TEXT
  CHECK (cash_collector = 'OWN_CREW' OR cash_collector = 'CARRIER'), incoterm TEXT CHECK (
  incoterm = 'EXW' OR incoterm = 'FCA' OR incoterm = 'CPT' OR incoterm = 'CIP' OR
  incoterm = 'DAP' OR incoterm = 'DPU' OR incoterm = 'DDP' OR incoterm = 'FAS' OR
  incoterm = 'FOB' OR incoterm = 'CFR' OR incoterm = 'CIF'), named_place TEXT NOT NULL DEFAULT '',
  CHECK (gross_minor = net_minor + tax_minor),
  CHECK (decided_by IS NULL OR approver_role IS NOT NULL)
) STRICT;
INSERT INTO "sales_order" VALUES(1,'SO-2026-000001',1,'CONFIRMED','STORE','kept-1','C-1','陈静','MAIN','CNY',NULL,'WAIT','','setup',1795494815828885,20781,0,9900,1287,11187,0,NULL,NULL,'NO_APPROVAL_RULE	No rule fits: the order needs nobody''s approval	customer_class	STANDARD	gross	111.87 CNY',0,'LINE','HALF_AWAY',NULL,NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'basis	0	STANDARD	0',NULL,NULL,'');
CREATE TABLE sales_order_address (
  sales_order_id INTEGER PRIMARY KEY REFERENCES sales_order (id),
  address_id INTEGER NOT NULL,
  label TEXT NOT NULL,
  country_code TEXT NOT NULL,
  region_code TEXT NOT NULL,
  street TEXT NOT NULL,
  postcode TEXT NOT NULL,
  contact_name TEXT NOT NULL,
  contact_phone TEXT NOT NULL
) STRICT;
CREATE TABLE sales_order_adjustment (
  sales_order_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  position INTEGER NOT NULL CHECK (position > 0),
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  PRIMARY KEY (sales_order_id, line_number, position),
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE sales_order_cancellation (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  line_number INTEGER NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  reason TEXT NOT NULL,
  comment TEXT NOT NULL,
  cancelled_by TEXT NOT NULL,
  cancelled_at INTEGER NOT NULL, cancellation_id INTEGER REFERENCES cancellation (id), amount_minor INTEGER, rule INTEGER CHECK (rule >= 0), is_reduction INTEGER NOT NULL DEFAULT 0
  CHECK (is_reduction IN (0, 1)),
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number)
) STRICT;
CREATE TABLE sales_order_configuration (
  sales_order_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  model_version INTEGER NOT NULL CHECK (model_version >= 0),
  settings TEXT NOT NULL,
  configuration TEXT,
  PRIMARY KEY (sales_order_id, line_number),
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE "sales_order_hold" (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  kind TEXT NOT NULL CHECK (
    kind = 'CREDIT' OR kind = 'PRICE' OR kind = 'ADDRESS' OR kind = 'FRAUD' OR
    kind = 'MATERIAL' OR kind = 'CUSTOMER' OR kind = 'DUPLICATE' OR kind = 'OUTLIER' OR
    kind = 'DATA' OR kind = 'WARNING'),
  reason TEXT NOT NULL,
  explanation TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at INTEGER NOT NULL,
  released_by TEXT,
  released_at INTEGER,
  release_reason TEXT,
  CHECK ((released_by IS NULL) = (released_at IS NULL))
) STRICT;
CREATE TABLE sales_order_line (
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  product_id INTEGER REFERENCES product (id),
  sku TEXT NOT NULL,
  description TEXT NOT NULL,
  unit TEXT NOT NULL,
  sourcing TEXT CHECK (
    sourcing = 'STOCK' OR sourcing = 'MAKE' OR sourcing = 'SERVICE'),
  ordered INTEGER NOT NULL CHECK (ordered > 0),
  cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  shipped INTEGER NOT NULL DEFAULT 0 CHECK (shipped >= 0),
  delivered INTEGER NOT NULL DEFAULT 0 CHECK (delivered BETWEEN 0 AND shipped),
  invoiced INTEGER NOT NULL DEFAULT 0 CHECK (invoiced BETWEEN 0 AND delivered),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  discount_micros INTEGER NOT NULL CHECK (discount_micros BETWEEN 0 AND 1000000),
  net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
  tax_rate_micros INTEGER NOT NULL CHECK (tax_rate_micros BETWEEN 0 AND 1000000),
  tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
  currency TEXT NOT NULL,
  note TEXT NOT NULL,
  price_explanation TEXT NOT NULL, reduction_minor INTEGER NOT NULL DEFAULT 0
  CHECK (reduction_minor >= 0), charge TEXT NOT NULL DEFAULT '', asked_quantity INTEGER, asked_unit TEXT, drop_shipped INTEGER NOT NULL DEFAULT 0
  CHECK (drop_shipped IN (0, 1)), instructions TEXT, schedules TEXT,
  PRIMARY KEY (sales_order_id, line_number),
  CHECK (shipped + cancelled <= ordered)
) STRICT, WITHOUT ROWID;
INSERT INTO "sales_order_line" VALUES(1,1,1,'LAMP','台灯','pcs','STOCK',1000000,0,0,0,0,99000000,0,9900,130000,1287,'CNY','','GENERAL_PRICE_LIST	Price list RETAIL for everybody: 99 CNY per pcs since 2020-01-01	price_list	RETAIL	unit_price	99 CNY	valid_from	2020-01-01
AMOUNT	1 pcs: 99.00 CNY and 13% tax 12.87 CNY	net	99.00 CNY	tax	12.87 CNY',0,'',NULL,NULL,0,NULL,NULL);
CREATE TABLE sales_order_place (
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  address_id INTEGER NOT NULL,
  zone TEXT NOT NULL,
  floor INTEGER NOT NULL CHECK (floor >= 0),
  has_lift INTEGER NOT NULL CHECK (has_lift IN (0, 1)),
  assembly INTEGER NOT NULL CHECK (assembly IN (0, 1)),
  label TEXT NOT NULL,
  country_code TEXT NOT NULL,
  region_code TEXT NOT NULL,
  street TEXT NOT NULL,
  postcode TEXT NOT NULL,
  contact_name TEXT NOT NULL,
  contact_phone TEXT NOT NULL,
  PRIMARY KEY (sales_order_id, address_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE sales_order_version (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  version INTEGER NOT NULL CHECK (version > 0),
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  requested_on INTEGER,
  discount_micros INTEGER,
  discount_minor INTEGER,
  delivery_zone TEXT,
  delivery_floor INTEGER,
  delivery_lift INTEGER,
  delivery_assembly INTEGER,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  gross_minor INTEGER NOT NULL,
  deposit_required_minor INTEGER NOT NULL,
  currency TEXT NOT NULL, delivery_address_id INTEGER, instructions TEXT,
  UNIQUE (sales_order_id, version)
) STRICT;
CREATE TABLE sales_order_version_line (
  version_id INTEGER NOT NULL REFERENCES sales_order_version (id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  ordered INTEGER NOT NULL CHECK (ordered > 0),
  unit_price_micros INTEGER NOT NULL,
  discount_micros INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  charge TEXT NOT NULL, instructions TEXT, configuration TEXT NOT NULL DEFAULT '', schedules TEXT,
  PRIMARY KEY (version_id, line_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE satisfaction (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL UNIQUE REFERENCES shipment (id),
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 10),
  text TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  answered_on INTEGER NOT NULL
) STRICT;
CREATE TABLE search_term (
  id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL CHECK (subject IN ('PRODUCT', 'CUSTOMER')),
  term TEXT NOT NULL,
  code TEXT NOT NULL,
  UNIQUE (subject, term, code)
) STRICT;
INSERT INTO "search_term" VALUES(1,'PRODUCT','lamp','LAMP');
INSERT INTO "search_term" VALUES(2,'PRODUCT','taideng','LAMP');
INSERT INTO "search_term" VALUES(3,'PRODUCT','td','LAMP');
INSERT INTO "search_term" VALUES(4,'PRODUCT','台灯','LAMP');
INSERT INTO "search_term" VALUES(5,'CUSTOMER','c-1','C-1');
INSERT INTO "search_term" VALUES(6,'CUSTOMER','chenjing','C-1');
INSERT INTO "search_term" VALUES(7,'CUSTOMER','cj','C-1');
INSERT INTO "search_term" VALUES(8,'CUSTOMER','陈静','C-1');
CREATE TABLE search_term_version (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;
INSERT INTO "search_term_version" VALUES(1,2);
CREATE TABLE second_factor (
  principal_id INTEGER PRIMARY KEY REFERENCES principal (id),
  seal_key BLOB NOT NULL,
  secret BLOB NOT NULL,
  added_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  last_step INTEGER NOT NULL CHECK (last_step >= 0)
) STRICT;
CREATE TABLE session (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  principal_id INTEGER NOT NULL REFERENCES principal (id),
  created_at INTEGER NOT NULL,
  refreshed_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  access_expires_at INTEGER NOT NULL CHECK (access_expires_at <= expires_at),
  peer TEXT NOT NULL,
  end_reason TEXT,
  ended_at INTEGER,
  access_digest BLOB NOT NULL,
  refresh_digest BLOB NOT NULL, second_factor_at INTEGER, repeat_digest BLOB, repeat_key BLOB, repeat_until INTEGER,
  CHECK ((end_reason IS NULL) = (ended_at IS NULL))
) STRICT;
CREATE TABLE shipment (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
  order_number TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = 'PREPARED' OR state = 'PICKED' OR state = 'PACKED' OR state = 'DISPATCHED' OR
    state = 'DELIVERED' OR state = 'CANCELLED'),
  cartons INTEGER NOT NULL DEFAULT 0 CHECK (cartons >= 0),
  carrier TEXT NOT NULL DEFAULT '',
  tracking_number TEXT NOT NULL DEFAULT '',
  dispatched_on INTEGER,
  delivered_on INTEGER,
  received_by TEXT NOT NULL DEFAULT ''
, carrier_status TEXT CHECK (
  carrier_status = 'ACCEPTED' OR carrier_status = 'IN_TRANSIT' OR
  carrier_status = 'OUT_FOR_DELIVERY' OR carrier_status = 'EXCEPTION' OR
  carrier_status = 'REFUSED' OR carrier_status = 'DELIVERED'), instructions TEXT, lost_at INTEGER
  CHECK (lost_at IS NULL OR state = 'CANCELLED'), recovered_at INTEGER
  CHECK (recovered_at IS NULL OR lost_at IS NOT NULL), due_on INTEGER, address_id INTEGER) STRICT;
CREATE TABLE shipment_carrier_choice (
  shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
  tariff_id INTEGER NOT NULL REFERENCES carrier_tariff (id),
  cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
  currency TEXT NOT NULL,
  arrives_on INTEGER,
  is_late INTEGER NOT NULL CHECK (is_late IN (0, 1)),
  explanation TEXT NOT NULL,
  better_offers INTEGER NOT NULL CHECK (better_offers >= 0),
  reason TEXT NOT NULL,
  chosen_by TEXT NOT NULL,
  chosen_at INTEGER NOT NULL
) STRICT;
CREATE TABLE shipment_carton (
  sscc TEXT PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  position INTEGER NOT NULL CHECK (position > 0),
  line_number INTEGER,
  unit INTEGER CHECK (unit > 0),
  carton INTEGER CHECK (carton > 0),
  UNIQUE (shipment_id, position),
  UNIQUE (shipment_id, line_number, unit, carton),
  CHECK ((line_number IS NULL) = (unit IS NULL)),
  CHECK ((line_number IS NULL) = (carton IS NULL)),
  FOREIGN KEY (shipment_id, line_number) REFERENCES shipment_line (shipment_id, line_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE shipment_line (
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  sales_order_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  cost_minor INTEGER CHECK (cost_minor >= 0),
  currency TEXT NOT NULL, instructions TEXT, schedule_number INTEGER,
  PRIMARY KEY (shipment_id, line_number),
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number)
) STRICT;
CREATE TABLE shipping_set (
  sales_order_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (sales_order_id, line_number),
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE short_pick (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES shipment (id),
  shipment_number TEXT NOT NULL,
  order_number TEXT NOT NULL,
  line_number INTEGER NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  warehouse_code TEXT NOT NULL,
  asked INTEGER NOT NULL,
  found INTEGER NOT NULL CHECK (found >= 0 AND found < asked),
  -- What of the rest was set apart in stock until somebody has looked.
  held INTEGER NOT NULL CHECK (held BETWEEN 0 AND asked - found),
  cause TEXT NOT NULL CHECK (
    cause = 'NOT_FOUND' OR cause = 'DAMAGED' OR cause = 'WRONG_GOODS'),
  picked_by TEXT NOT NULL,
  picked_at INTEGER NOT NULL,
  closed_by TEXT,
  closed_at INTEGER,
  UNIQUE (shipment_id, line_number),
  CHECK ((closed_by IS NULL) = (closed_at IS NULL))
) STRICT;
CREATE TABLE shortage_choice (
  id INTEGER PRIMARY KEY,
  sales_order_id INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  choice TEXT NOT NULL CHECK (
    choice = 'WAIT' OR choice = 'SUBSTITUTE' OR choice = 'PART_SHIP' OR choice = 'CANCEL'),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  substitute_line INTEGER,
  agreed_on INTEGER,
  comment TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  FOREIGN KEY (sales_order_id, line_number)
    REFERENCES sales_order_line (sales_order_id, line_number),
  CHECK ((choice = 'SUBSTITUTE') = (substitute_line IS NOT NULL))
) STRICT;
CREATE TABLE showroom_loan (
  id INTEGER PRIMARY KEY,
  piece_id INTEGER NOT NULL REFERENCES showroom_piece (id),
  customer_code TEXT NOT NULL,
  lent_on INTEGER NOT NULL,
  due_back_on INTEGER NOT NULL CHECK (due_back_on >= lent_on),
  returned_on INTEGER
) STRICT;
CREATE TABLE showroom_piece (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL CHECK (version > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  warehouse_code TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state = 'SHOWN' OR state = 'LENT' OR state = 'SOLD' OR state = 'RESHELVED'),
  condition TEXT NOT NULL,
  discount_micros INTEGER NOT NULL CHECK (discount_micros BETWEEN 0 AND 1000000),
  shown_on INTEGER NOT NULL,
  shown_by TEXT NOT NULL,
  order_number TEXT UNIQUE,
  CHECK ((state = 'SOLD') = (order_number IS NOT NULL))
) STRICT;
CREATE TABLE spent_refresh (
  session_id INTEGER NOT NULL REFERENCES session (id),
  digest BLOB NOT NULL,
  PRIMARY KEY (session_id, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE sscc_serial (
  gs1_prefix TEXT PRIMARY KEY,
  next INTEGER NOT NULL CHECK (next >= 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE stage_enrolment (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  state TEXT,
  created_on INTEGER NOT NULL,
  sales_order_id INTEGER NOT NULL
) STRICT;
INSERT INTO "stage_enrolment" VALUES(1,'DRAFT',-2147483648,0);
CREATE TABLE stage_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  still_on_hold TEXT NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE stage_term (
  policy_version INTEGER NOT NULL REFERENCES stage_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  stage TEXT NOT NULL,
  channel TEXT,
  customer_class TEXT,
  hours INTEGER NOT NULL CHECK (hours > 0),
  in_business_hours INTEGER NOT NULL CHECK (in_business_hours IN (0, 1)),
  remind_before_hours INTEGER NOT NULL CHECK (remind_before_hours >= 0),
  escalation_role TEXT NOT NULL,
  PRIMARY KEY (policy_version, position),
  CHECK (remind_before_hours < hours)
) STRICT, WITHOUT ROWID;
CREATE TABLE stock_balance (
  product_id INTEGER NOT NULL REFERENCES product (id),
  location_id INTEGER NOT NULL REFERENCES stock_location (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  account TEXT NOT NULL,
  guarded INTEGER NOT NULL CHECK (guarded IN (0, 1)),
  on_hand INTEGER NOT NULL,
  reserved INTEGER NOT NULL DEFAULT 0,
  value_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  PRIMARY KEY (product_id, location_id),
  CHECK (reserved >= 0 AND (guarded = 1 OR reserved = 0)),
  CHECK (guarded = 0 OR reserved <= on_hand),
  CHECK (guarded = 0 OR (value_minor >= 0 AND (on_hand > 0 OR value_minor = 0)))
) STRICT, WITHOUT ROWID;
INSERT INTO "stock_balance" VALUES(1,7,'LAMP','pcs','4001',0,-10000000,0,-40000,'CNY');
INSERT INTO "stock_balance" VALUES(1,8,'LAMP','pcs','1405',1,10000000,1000000,40000,'CNY');
CREATE TABLE "stock_location" (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (
    kind = 'STOCK' OR kind = 'QUARANTINE' OR kind = 'SHOWROOM' OR kind = 'LENT' OR
    kind = 'TRANSFER' OR kind = 'SUPPLIER' OR kind = 'OPENING' OR kind = 'TRANSIT' OR
    kind = 'CUSTOMER' OR kind = 'PRODUCTION' OR kind = 'LOSS' OR kind = 'SCRAP'),
  warehouse_id INTEGER REFERENCES warehouse (id),
  warehouse_code TEXT,
  CHECK ((kind = 'STOCK' OR kind = 'QUARANTINE' OR kind = 'SHOWROOM' OR kind = 'LENT' OR
    kind = 'TRANSFER') = (warehouse_id IS NOT NULL)),
  CHECK ((warehouse_id IS NULL) = (warehouse_code IS NULL))
) STRICT;
INSERT INTO "stock_location" VALUES(1,'SUPPLIER','SUPPLIER',NULL,NULL);
INSERT INTO "stock_location" VALUES(2,'CUSTOMER','CUSTOMER',NULL,NULL);
INSERT INTO "stock_location" VALUES(3,'TRANSIT','TRANSIT',NULL,NULL);
INSERT INTO "stock_location" VALUES(4,'PRODUCTION','PRODUCTION',NULL,NULL);
INSERT INTO "stock_location" VALUES(5,'LOSS','LOSS',NULL,NULL);
INSERT INTO "stock_location" VALUES(6,'SCRAP','SCRAP',NULL,NULL);
INSERT INTO "stock_location" VALUES(7,'OPENING','OPENING',NULL,NULL);
INSERT INTO "stock_location" VALUES(8,'MAIN/STOCK','STOCK',1,'MAIN');
CREATE TABLE stock_move (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES product (id),
  from_location_id INTEGER NOT NULL REFERENCES stock_location (id),
  to_location_id INTEGER NOT NULL REFERENCES stock_location (id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  value_minor INTEGER NOT NULL CHECK (value_minor >= 0),
  currency TEXT NOT NULL,
  cause TEXT NOT NULL,
  origin_kind TEXT NOT NULL,
  origin_number TEXT NOT NULL,
  origin_line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  moved_at INTEGER NOT NULL,
  moved_on INTEGER NOT NULL,
  CHECK (from_location_id <> to_location_id)
) STRICT;
INSERT INTO "stock_move" VALUES(1,1,7,8,10000000,40000,'CNY','OPENING_STOCK','STOCK_ADJUSTMENT','SA-2026-000001',0,'opening stock',1795494815824927,20781);
CREATE TABLE stopped_work (
  root_kind TEXT NOT NULL,
  root_number TEXT NOT NULL,
  PRIMARY KEY (root_kind, root_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE subject_key (
  subject TEXT PRIMARY KEY,
  sealed_with BLOB NOT NULL,
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "subject_key" VALUES('C-1',X'',X'5FB7C666D770F7197B4B5DF27E8F38FA8E1D20FBE8C46E891A6558DD50FF641E515A8D643B56B8637FB680BD5E33DA0F6F3D63F0441F9A0C961CFB473B78769A');
CREATE TABLE supplier (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  lead_days INTEGER NOT NULL CHECK (lead_days >= 0),
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
CREATE TABLE supplier_bill (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  purchase_order_id INTEGER NOT NULL REFERENCES purchase_order (id),
  supplier_id INTEGER NOT NULL REFERENCES supplier (id),
  bill_number TEXT NOT NULL,
  billed_on INTEGER NOT NULL,
  due_on INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  UNIQUE (supplier_id, bill_number)
) STRICT;
CREATE TABLE supplier_bill_line (
  id INTEGER PRIMARY KEY,
  supplier_bill_id INTEGER NOT NULL REFERENCES supplier_bill (id),
  order_line_id INTEGER NOT NULL REFERENCES purchase_order_line (id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  net_minor INTEGER NOT NULL,
  received_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  UNIQUE (supplier_bill_id, order_line_id)
) STRICT;
CREATE TABLE supplier_price (
  id INTEGER PRIMARY KEY,
  supplier_id INTEGER NOT NULL REFERENCES supplier (id),
  supplier_code TEXT NOT NULL,
  product_id INTEGER NOT NULL REFERENCES product (id),
  unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
  currency TEXT NOT NULL,
  lead_days INTEGER NOT NULL CHECK (lead_days >= 0),
  preferred INTEGER NOT NULL CHECK (preferred IN (0, 1)),
  UNIQUE (supplier_id, product_id)
) STRICT;
CREATE TABLE tax_policy_rule (
  position INTEGER PRIMARY KEY CHECK (position > 0),
  channel TEXT,
  customer_class TEXT,
  tax_included INTEGER NOT NULL CHECK (tax_included IN (0, 1)),
  tax_scope TEXT NOT NULL CHECK (tax_scope = 'LINE' OR tax_scope = 'DOCUMENT'),
  rounding TEXT NOT NULL CHECK (rounding = 'HALF_AWAY' OR rounding = 'HALF_EVEN')
) STRICT;
CREATE TABLE tax_rate (
  id INTEGER PRIMARY KEY,
  tax_class TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  rate_micros INTEGER NOT NULL CHECK (rate_micros BETWEEN 0 AND 1000000),
  UNIQUE (tax_class, valid_from)
) STRICT;
INSERT INTO "tax_rate" VALUES(1,'STANDARD',0,130000);
INSERT INTO "tax_rate" VALUES(2,'REDUCED',0,90000);
INSERT INTO "tax_rate" VALUES(3,'SERVICE',0,60000);
INSERT INTO "tax_rate" VALUES(4,'ZERO',0,0);
CREATE TABLE terminal_command (
  terminal TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  fingerprint BLOB NOT NULL,
  command INTEGER NOT NULL REFERENCES command (sequence),
  PRIMARY KEY (terminal, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE time_report (
  id INTEGER PRIMARY KEY,
  work_order_id INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes >= 0),
  cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
  reported_at INTEGER NOT NULL,
  FOREIGN KEY (work_order_id, sequence)
    REFERENCES work_order_operation (work_order_id, sequence)
) STRICT;
CREATE TABLE transfer_order (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  from_warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
  from_warehouse_code TEXT NOT NULL,
  to_warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
  to_warehouse_code TEXT NOT NULL,
  created_on INTEGER NOT NULL,
  expected_on INTEGER,
  note TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state IN ('REQUESTED', 'PARTLY_DISPATCHED', 'IN_TRANSIT', 'RECEIVED', 'CANCELLED')),
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK (from_warehouse_id <> to_warehouse_id)
) STRICT;
CREATE TABLE transfer_order_line (
  id INTEGER PRIMARY KEY,
  transfer_order_id INTEGER NOT NULL REFERENCES transfer_order (id),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  ordered INTEGER NOT NULL CHECK (ordered > 0),
  cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  dispatched INTEGER NOT NULL DEFAULT 0 CHECK (dispatched >= 0),
  received INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
  lost INTEGER NOT NULL DEFAULT 0 CHECK (lost >= 0),
  UNIQUE (transfer_order_id, line_number),
  CHECK (dispatched <= ordered - cancelled),
  CHECK (received <= dispatched - lost)
) STRICT;
CREATE TABLE validation_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO "validation_policy" VALUES(1,-719162,'As shipped: nothing is looked for','',0);
CREATE TABLE "validation_rule" (
  policy_version INTEGER NOT NULL REFERENCES validation_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  code TEXT NOT NULL,
  channel TEXT,
  customer_class TEXT,
  sourcing TEXT CHECK (sourcing = 'STOCK' OR sourcing = 'MAKE' OR sourcing = 'SERVICE'),
  condition TEXT NOT NULL CHECK (
    condition = 'REQUIRED' OR condition = 'FORMAT' OR condition = 'REGION' OR
    condition = 'QUANTITY' OR condition = 'AMOUNT' OR condition = 'DUPLICATE' OR
    condition = 'OVERDUE' OR condition = 'TERMS' OR condition = 'NEWCOMER' OR
    condition = 'REQUESTED_DAY' OR condition = 'CREDIT'),
  element TEXT,
  patterns TEXT,
  country_code TEXT,
  postcode_prefix TEXT,
  region_prefix TEXT,
  factor_micros INTEGER CHECK (factor_micros > 0),
  minimum_history INTEGER CHECK (minimum_history > 0),
  least_spread_micros INTEGER CHECK (least_spread_micros >= 0),
  hours INTEGER CHECK (hours > 0),
  overdue_days INTEGER CHECK (overdue_days >= 0),
  most_net_days INTEGER CHECK (most_net_days >= 0),
  least_deposit_micros INTEGER CHECK (least_deposit_micros BETWEEN 0 AND 1000000),
  fewer_closed INTEGER CHECK (fewer_closed > 0),
  fewer_orders INTEGER CHECK (fewer_orders > 0),
  most_quantity INTEGER CHECK (most_quantity > 0),
  most_amount_minor INTEGER CHECK (most_amount_minor > 0),
  currency TEXT,
  earliest_days INTEGER,
  latest_days INTEGER CHECK (latest_days >= earliest_days),
  share_micros INTEGER CHECK (share_micros BETWEEN 1 AND 1000000),
  at_dispatch INTEGER NOT NULL CHECK (at_dispatch IN (0, 1)),
  hold TEXT,
  PRIMARY KEY (policy_version, position),
  UNIQUE (policy_version, code),
  CHECK ((most_amount_minor IS NULL) = (currency IS NULL)),
  CHECK (at_dispatch = 0 OR condition = 'OVERDUE' OR condition = 'CREDIT')
) STRICT, WITHOUT ROWID;
CREATE TABLE warehouse (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0)
) STRICT;
INSERT INTO "warehouse" VALUES(1,'MAIN','总仓',1);
CREATE TABLE warranty_policy (
  version INTEGER PRIMARY KEY,
  valid_from INTEGER NOT NULL,
  reason TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL
, approver_role TEXT NOT NULL
  DEFAULT 'SALES_MANAGER', free_limit_minor INTEGER
  CHECK (free_limit_minor >= 0), free_limit_currency TEXT
  CHECK ((free_limit_minor IS NULL) = (free_limit_currency IS NULL))) STRICT;
INSERT INTO "warranty_policy" VALUES(1,-719162,'As shipped: two years','',0,'SALES_MANAGER',NULL,NULL);
CREATE TABLE warranty_rule (
  policy_version INTEGER NOT NULL REFERENCES warranty_policy (version),
  position INTEGER NOT NULL CHECK (position > 0),
  sku TEXT,
  sourcing TEXT CHECK (sourcing = 'STOCK' OR sourcing = 'MAKE'),
  component TEXT,
  months INTEGER NOT NULL CHECK (months BETWEEN 0 AND 1200),
  PRIMARY KEY (policy_version, position)
) STRICT, WITHOUT ROWID;
INSERT INTO "warranty_rule" VALUES(1,1,NULL,NULL,NULL,24);
CREATE TABLE webhook (
  code TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  events TEXT NOT NULL,
  key_name TEXT NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active BETWEEN 0 AND 1),
  version INTEGER NOT NULL CHECK (version > 0),
  since INTEGER NOT NULL CHECK (since >= 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE withheld_grant (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind = 'ROLE' OR kind = 'KEY' OR kind = 'PERMISSION'),
  principal_id INTEGER REFERENCES principal (id),
  role_id INTEGER REFERENCES role (id),
  key_id INTEGER REFERENCES api_key (id),
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  is_approved INTEGER CHECK (is_approved BETWEEN 0 AND 1),
  CHECK ((decided_by IS NULL) = (is_approved IS NULL))
) STRICT;
CREATE TABLE work_centre (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  hourly_rate_minor INTEGER NOT NULL CHECK (hourly_rate_minor >= 0),
  currency TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0)
, inspects INTEGER NOT NULL DEFAULT 0
  CHECK (inspects IN (0, 1))) STRICT;
CREATE TABLE work_order (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  good INTEGER NOT NULL DEFAULT 0 CHECK (good >= 0),
  scrapped INTEGER NOT NULL DEFAULT 0 CHECK (scrapped >= 0),
  warehouse_id INTEGER NOT NULL REFERENCES warehouse (id),
  warehouse_code TEXT NOT NULL,
  origin_kind TEXT,
  origin_number TEXT,
  origin_line INTEGER,
  pegged INTEGER NOT NULL CHECK (pegged IN (0, 1)),
  root_kind TEXT,
  root_number TEXT,
  due_on INTEGER,
  hold TEXT CHECK (hold IN ('DEPOSIT')),
  state TEXT NOT NULL CHECK (
    state = 'PLANNED' OR state = 'RELEASED' OR state = 'IN_PROGRESS' OR
    state = 'COMPLETED' OR state = 'CLOSED' OR state = 'CANCELLED'),
  currency TEXT NOT NULL,
  material_minor INTEGER NOT NULL DEFAULT 0 CHECK (material_minor >= 0),
  labour_minor INTEGER NOT NULL DEFAULT 0 CHECK (labour_minor >= 0),
  output_minor INTEGER NOT NULL DEFAULT 0 CHECK (output_minor >= 0),
  scrap_minor INTEGER NOT NULL DEFAULT 0 CHECK (scrap_minor >= 0),
  variance_minor INTEGER NOT NULL DEFAULT 0 CHECK (variance_minor >= 0),
  planned_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0), replacement_number TEXT,
  CHECK ((origin_kind IS NULL) = (origin_number IS NULL)),
  CHECK ((origin_kind IS NULL) = (origin_line IS NULL)),
  CHECK (pegged = 0 OR origin_kind IS NOT NULL),
  CHECK ((root_kind IS NULL) = (root_number IS NULL)),
  CHECK (hold IS NULL OR state IN ('PLANNED', 'CANCELLED')),
  CHECK (material_minor + labour_minor - output_minor - scrap_minor - variance_minor >= 0)
) STRICT;
CREATE TABLE "work_order_component" (
  work_order_id INTEGER NOT NULL REFERENCES work_order (id),
  line_no INTEGER NOT NULL CHECK (line_no > 0),
  product_id INTEGER NOT NULL REFERENCES product (id),
  sku TEXT NOT NULL,
  unit TEXT NOT NULL,
  required INTEGER NOT NULL CHECK (required >= 0),
  issued INTEGER NOT NULL DEFAULT 0 CHECK (issued >= 0),
  cost_minor INTEGER NOT NULL DEFAULT 0 CHECK (cost_minor >= 0),
  supply_number TEXT,
  spoiled INTEGER NOT NULL DEFAULT 0 CHECK (spoiled >= 0),
  PRIMARY KEY (work_order_id, line_no),
  CHECK (spoiled <= issued AND spoiled <= required)
) STRICT;
CREATE TABLE "work_order_configuration" (
  work_order_id INTEGER NOT NULL REFERENCES work_order (id),
  rework INTEGER NOT NULL CHECK (rework >= 0),
  configuration TEXT,
  PRIMARY KEY (work_order_id, rework)
) STRICT;
CREATE TABLE work_order_operation (
  work_order_id INTEGER NOT NULL REFERENCES work_order (id),
  sequence INTEGER NOT NULL CHECK (sequence > 0),
  name TEXT NOT NULL,
  work_centre_code TEXT NOT NULL,
  hourly_rate_minor INTEGER NOT NULL CHECK (hourly_rate_minor >= 0),
  planned_minutes INTEGER NOT NULL CHECK (planned_minutes >= 0),
  reported_minutes INTEGER NOT NULL DEFAULT 0 CHECK (reported_minutes >= 0),
  cost_minor INTEGER NOT NULL DEFAULT 0 CHECK (cost_minor >= 0),
  done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)), is_inspection INTEGER NOT NULL DEFAULT 0
  CHECK (is_inspection IN (0, 1)), rework INTEGER NOT NULL DEFAULT 0
  CHECK (rework >= 0), dropped INTEGER NOT NULL DEFAULT 0
  CHECK (dropped = 0 OR dropped = 1),
  PRIMARY KEY (work_order_id, sequence)
) STRICT;
CREATE INDEX search_term_code ON search_term (subject, code);
CREATE INDEX configuration_draft_expiry ON configuration_draft (expires_at, id);
CREATE INDEX configuration_draft_customer ON configuration_draft (customer_code)
  WHERE customer_code <> '';
CREATE INDEX customer_owner ON customer (owner, code) WHERE owner <> '';
CREATE INDEX customer_store ON customer (store_code, code) WHERE store_code <> '';
CREATE INDEX customer_alias_customer ON customer_alias (customer_id);
CREATE VIEW view_customer_owner AS SELECT id, code, owner, store_code FROM customer;
CREATE INDEX customer_contact_customer ON customer_contact (customer_id, id);
CREATE UNIQUE INDEX customer_contact_preferred ON customer_contact (customer_id, role)
  WHERE is_preferred = 1;
CREATE INDEX customer_address_customer ON customer_address (customer_id, id);
CREATE INDEX customer_address_contact ON customer_address (contact_id)
  WHERE contact_id IS NOT NULL;
CREATE UNIQUE INDEX customer_address_delivery ON customer_address (customer_id)
  WHERE is_delivery_default = 1;
CREATE UNIQUE INDEX customer_address_invoice ON customer_address (customer_id)
  WHERE is_invoice_default = 1;
CREATE INDEX customer_consent_customer ON customer_consent (customer_id, id);
CREATE INDEX customer_consent_newest
  ON customer_consent (customer_id, channel, purpose, said_at, id);
CREATE INDEX customer_tag_customer ON customer_tag (customer_code, tag);
CREATE INDEX customer_parent ON customer (parent_code) WHERE parent_code IS NOT NULL;
CREATE INDEX product_substitute_rank
  ON product_substitute (product_id, rank, substitute_sku);
CREATE INDEX product_barcode_product ON product_barcode (product_id, gtin);
CREATE INDEX product_variant_family ON product_variant (family_id, sku);
CREATE UNIQUE INDEX external_id_live ON external_id (external_id, kind)
  WHERE is_removed = 0;
CREATE INDEX external_id_customer ON external_id (customer_id, external_id, id);
CREATE VIEW view_customer_group AS
  SELECT id, code, parent_code, group_limit_minor, customer_class FROM customer;
CREATE INDEX journal_entry_posted_on ON journal_entry (posted_on);
CREATE INDEX invoice_order ON invoice (order_kind, order_number);
CREATE INDEX invoice_customer ON invoice (customer_id);
CREATE INDEX invoice_due ON invoice (customer_id, due_on, id)
  WHERE paid_minor < gross_minor;
CREATE INDEX invoice_unpaid ON invoice (id) WHERE paid_minor < gross_minor;
CREATE INDEX payment_earmark ON payment (earmark_kind, earmark_number);
CREATE INDEX payment_free ON payment (customer_id, id)
  WHERE earmark_kind IS NULL AND applied_minor < amount_minor;
CREATE INDEX payment_application_payment ON payment_application (payment_id);
CREATE INDEX payment_application_invoice ON payment_application (invoice_id);
CREATE INDEX invoice_receivable ON invoice (customer_code, due_on)
  WHERE paid_minor < gross_minor;
CREATE INDEX payment_customer ON payment (customer_id, id);
CREATE VIEW view_payment_owner AS
  SELECT p.number, c.owner, c.store_code
  FROM payment AS p JOIN view_customer_owner AS c ON c.id = p.customer_id;
CREATE INDEX credit_note_invoice ON credit_note (invoice_id);
CREATE INDEX credit_note_cause ON credit_note (cause_kind, cause_number);
CREATE INDEX credit_note_line_invoice ON credit_note_line (invoice_id, invoice_line_no);
CREATE INDEX payment_release_payment ON payment_release (payment_id);
CREATE INDEX payment_release_invoice ON payment_release (invoice_id);
CREATE INDEX gift_card_customer ON gift_card (customer_id, id);
CREATE INDEX gift_card_state ON gift_card (state, id);
CREATE INDEX gift_card_ending ON gift_card (expires_on, id) WHERE balance_minor > 0;
CREATE INDEX gift_card_move_card ON gift_card_move (card_id);
CREATE INDEX gift_card_move_payment ON gift_card_move (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX points_programme_day ON points_programme (valid_from, version);
CREATE INDEX points_order_customer ON points_order (customer_id);
CREATE INDEX points_grant_open ON points_grant (customer_id, expires_on, id)
  WHERE remaining > 0;
CREATE INDEX points_grant_ending ON points_grant (expires_on, id) WHERE remaining > 0;
CREATE INDEX points_grant_customer ON points_grant (customer_id);
CREATE INDEX points_entry_customer ON points_entry (customer_id, id);
CREATE INDEX points_entry_grant ON points_entry (grant_id);
CREATE INDEX points_entry_payment ON points_entry (payment_id) WHERE payment_id IS NOT NULL;
CREATE VIEW view_receivable AS
  SELECT number, customer_code, due_on, base_gross_minor - base_paid_minor AS open_minor,
    COALESCE(base_currency, currency) AS currency
  FROM invoice WHERE paid_minor < gross_minor;
CREATE VIEW view_invoice_age AS
  SELECT i.customer_id, i.due_on, i.issued_on,
    COALESCE(i.base_currency, i.currency) AS currency, i.base_gross_minor AS minor
  FROM invoice AS i
  UNION ALL
  SELECT i.customer_id, i.due_on, a.applied_on, COALESCE(i.base_currency, i.currency),
    -a.invoice_base_minor
  FROM payment_application AS a JOIN invoice AS i ON i.id = a.invoice_id
  UNION ALL
  SELECT i.customer_id, i.due_on, r.released_on, COALESCE(i.base_currency, i.currency),
    r.invoice_base_minor
  FROM payment_release AS r JOIN invoice AS i ON i.id = r.invoice_id
  UNION ALL
  SELECT i.customer_id, i.due_on, n.issued_on, COALESCE(i.base_currency, i.currency),
    -n.base_gross_minor - n.base_difference_minor
  FROM credit_note AS n JOIN invoice AS i ON i.id = n.invoice_id;
CREATE INDEX consolidated_invoice_customer ON consolidated_invoice (customer_id, id);
CREATE INDEX invoice_consolidated ON invoice (consolidated_id, id)
  WHERE consolidated_id IS NOT NULL;
CREATE VIEW view_consolidated_invoice_owner AS
  SELECT i.number, c.owner, c.store_code
  FROM consolidated_invoice AS i JOIN view_customer_owner AS c ON c.id = i.customer_id;
CREATE VIEW view_open_invoice AS
  SELECT id, number, customer_id, customer_code, order_kind, order_number, due_on,
    gross_minor - paid_minor AS open_minor, currency,
    base_gross_minor - base_paid_minor AS base_open_minor,
    COALESCE(base_currency, currency) AS base_currency
  FROM invoice WHERE paid_minor < gross_minor;
CREATE VIEW view_claim AS
  SELECT i.order_number AS letter_number, i.customer_id, i.currency, l.claim, l.net_minor
  FROM invoice AS i JOIN invoice_line AS l ON l.invoice_id = i.id
  WHERE i.order_kind = 'DUNNING_LETTER';
CREATE INDEX credit_grant_customer ON credit_grant (customer_id, id);
CREATE INDEX credit_grant_day ON credit_grant (customer_id, valid_until)
  WHERE state = 'APPROVED';
CREATE INDEX payout_state ON payout (state, id);
CREATE INDEX payout_customer ON payout (customer_id, id);
CREATE INDEX payment_use_payment ON payment_use (payment_id);
CREATE INDEX payment_use_payout ON payment_use (payout_id) WHERE payout_id IS NOT NULL;
CREATE INDEX payment_held ON payment (earmark_kind, earmark_number) WHERE clearing = 'HELD';
CREATE INDEX credit_exposure_wanted ON credit_exposure (customer_id, wanted_until)
  WHERE wanted_until IS NOT NULL;
CREATE INDEX stock_balance_sku ON stock_balance (sku, location_id) WHERE guarded = 1;
CREATE INDEX stock_move_product ON stock_move (product_id, id);
CREATE INDEX stock_move_origin ON stock_move (origin_kind, origin_number, id);
CREATE INDEX reservation_waiting
  ON reservation (product_id, location_id, priority DESC, id) WHERE held < wanted;
CREATE INDEX reservation_waiting_age ON reservation (product_id, id) WHERE held < wanted;
CREATE INDEX reservation_peg ON reservation (peg_kind, peg_number)
  WHERE peg_number IS NOT NULL;
CREATE INDEX reservation_ahead
  ON reservation (product_id, location_id, priority DESC, id, wanted, held)
  WHERE held < wanted AND peg_number IS NULL;
CREATE INDEX reservation_by_block ON reservation (id >> 10, product_id, location_id);
CREATE VIEW reservation_block AS
  WITH RECURSIVE block (number) AS (
    SELECT min(id) >> 10 FROM reservation
    UNION ALL
    SELECT (
      SELECT id >> 10 FROM reservation WHERE id >= (block.number + 1) << 10
      ORDER BY id LIMIT 1)
    FROM block WHERE block.number IS NOT NULL
  )
  SELECT number FROM block WHERE number IS NOT NULL;
CREATE UNIQUE INDEX stock_location_warehouse ON stock_location (warehouse_id, kind)
  WHERE warehouse_id IS NOT NULL;
CREATE VIEW view_stock_document_place AS
  SELECT m.origin_kind AS kind, m.origin_number AS number, l.warehouse_code
  FROM stock_move AS m JOIN stock_location AS l ON l.id = m.from_location_id
  UNION ALL
  SELECT m.origin_kind, m.origin_number, l.warehouse_code
  FROM stock_move AS m JOIN stock_location AS l ON l.id = m.to_location_id;
CREATE INDEX transfer_order_open ON transfer_order (id)
  WHERE state NOT IN ('RECEIVED', 'CANCELLED');
CREATE INDEX transfer_order_line_under_way ON transfer_order_line (product_id)
  WHERE dispatched > received + lost;
CREATE VIEW view_transfer_order_place AS
  SELECT number, from_warehouse_code AS warehouse_code FROM transfer_order
  UNION ALL
  SELECT number, to_warehouse_code FROM transfer_order;
CREATE UNIQUE INDEX supplier_price_preferred ON supplier_price (product_id)
  WHERE preferred = 1;
CREATE INDEX purchase_order_supplier ON purchase_order (supplier_id, id);
CREATE INDEX purchase_order_state ON purchase_order (state, id);
CREATE INDEX purchase_order_line_open ON purchase_order_line (product_id)
  WHERE ordered > received + cancelled;
CREATE INDEX requisition_state ON requisition (state, id);
CREATE INDEX requisition_origin ON requisition (origin_kind, origin_number, origin_line);
CREATE INDEX goods_receipt_order ON goods_receipt (purchase_order_id);
CREATE INDEX goods_receipt_line_order ON goods_receipt_line (order_line_id);
CREATE INDEX supplier_bill_order ON supplier_bill (purchase_order_id);
CREATE INDEX supplier_bill_line_order ON supplier_bill_line (order_line_id);
CREATE VIEW requisition_record AS
  SELECT r.id, r.number, r.state, r.product_id, r.sku, r.unit, r.quantity, r.warehouse_id,
    r.warehouse_code, r.needed_on, r.origin_kind, r.origin_number, r.origin_line,
    r.root_kind, r.root_number, r.pegged, s.supplier_code AS preferred_supplier_code,
    o.number AS purchase_order_number
  FROM requisition AS r
  LEFT JOIN supplier_price AS s ON s.product_id = r.product_id AND s.preferred = 1
  LEFT JOIN purchase_order_line AS l ON l.id = r.order_line_id
  LEFT JOIN purchase_order AS o ON o.id = l.purchase_order_id;
CREATE VIEW view_purchase_order_place AS SELECT number, warehouse_code FROM purchase_order;
CREATE INDEX requisition_root ON requisition (root_kind, root_number)
  WHERE root_number IS NOT NULL;
CREATE INDEX requisition_open ON requisition (product_id, warehouse_id, quantity)
  WHERE state = 'OPEN';
CREATE INDEX purchase_order_expected ON purchase_order (expected_on, id)
  WHERE state NOT IN ('RECEIVED', 'BILLED', 'CANCELLED');
CREATE INDEX purchase_order_direct
  ON purchase_order (direct_number, direct_line, direct_kind)
  WHERE direct_number IS NOT NULL;
CREATE VIEW view_direct_purchase AS
  SELECT o.id, o.number, o.warehouse_code, o.direct_kind, o.direct_number, o.direct_line,
    SUM(l.ordered) AS ordered, SUM(l.cancelled) AS cancelled, SUM(l.received) AS received
  FROM purchase_order AS o JOIN purchase_order_line AS l ON l.purchase_order_id = o.id
  WHERE o.direct_number IS NOT NULL GROUP BY o.id;
CREATE VIEW view_direct_supplier AS
  SELECT o.direct_kind, o.direct_number, o.direct_line, MIN(o.supplier_code) AS supplier_code
  FROM purchase_order AS o JOIN purchase_order_line AS l ON l.purchase_order_id = o.id
  WHERE o.direct_number IS NOT NULL AND l.received > 0
  GROUP BY o.direct_number, o.direct_line, o.direct_kind;
CREATE VIEW view_only_supplier AS
  SELECT l.sku, MIN(o.supplier_code) AS supplier_code
  FROM purchase_order_line AS l JOIN purchase_order AS o ON o.id = l.purchase_order_id
  WHERE l.received > 0
  GROUP BY l.sku HAVING MIN(o.supplier_code) = MAX(o.supplier_code);
CREATE INDEX work_order_state ON work_order (state, id);
CREATE INDEX work_order_origin ON work_order (origin_kind, origin_number, origin_line)
  WHERE origin_number IS NOT NULL;
CREATE INDEX work_order_root ON work_order (root_kind, root_number, id)
  WHERE root_number IS NOT NULL;
CREATE INDEX time_report_operation ON time_report (work_order_id, sequence);
CREATE VIEW work_order_record AS
  SELECT id, number, state, product_id, sku, unit, quantity, good, scrapped, warehouse_id,
    warehouse_code, origin_kind, origin_number, origin_line, pegged, root_kind, root_number,
    due_on, hold, material_minor, labour_minor, output_minor, scrap_minor, variance_minor,
    currency, replacement_number, version
  FROM work_order;
CREATE VIEW view_work_order_place AS SELECT number, warehouse_code FROM work_order;
CREATE INDEX work_order_for_stock ON work_order (product_id, warehouse_id, id)
  WHERE pegged = 0 AND state IN ('PLANNED', 'RELEASED', 'IN_PROGRESS');
CREATE VIEW view_work_in_hand AS
  SELECT w.root_kind, w.root_number, w.number, COALESCE((
      SELECT o.is_inspection FROM work_order_operation AS o
      WHERE o.work_order_id = w.id AND o.done = 0 AND o.dropped = 0
      ORDER BY o.sequence LIMIT 1), 0)
      AS waits_for_inspection
  FROM work_order AS w
  WHERE w.pegged = 1 AND (w.state = 'RELEASED' OR w.state = 'IN_PROGRESS');
CREATE UNIQUE INDEX sales_order_external_id ON sales_order (external_id, channel)
  WHERE external_id IS NOT NULL;
CREATE INDEX sales_order_day ON sales_order (created_on, id);
CREATE INDEX sales_order_customer ON sales_order (customer_code, created_on, id);
CREATE INDEX sales_order_state ON sales_order (state, created_on, id);
CREATE INDEX sales_order_channel ON sales_order (channel, created_on, id);
CREATE INDEX sales_order_cancellation_line
  ON sales_order_cancellation (sales_order_id, line_number);
CREATE INDEX shipment_order ON shipment (sales_order_id, id);
CREATE INDEX promotion_last_day ON promotion (last_day, valid_from);
CREATE INDEX coupon_redemption_customer ON coupon_redemption (coupon_id, customer_code);
CREATE INDEX coupon_redemption_order ON coupon_redemption (sales_order_id);
CREATE VIEW view_order_owner AS
  SELECT o.number, o.warehouse_code, c.owner, c.store_code,
    CASE o.state WHEN 'DRAFT' THEN o.created_by END AS author
  FROM sales_order AS o LEFT JOIN view_customer_owner AS c ON c.code = o.customer_code;
CREATE INDEX quote_customer ON quote (customer_code, id);
CREATE INDEX quote_state ON quote (state, id);
CREATE INDEX quote_day ON quote (created_on);
CREATE INDEX quote_open ON quote (valid_until, id) WHERE state = 'OPEN';
CREATE VIEW view_quote_owner AS
  SELECT q.number, c.owner, c.store_code, q.created_by AS author
  FROM quote AS q LEFT JOIN view_customer_owner AS c ON c.code = q.customer_code;
CREATE INDEX blanket_customer ON blanket (customer_code, id);
CREATE INDEX sales_order_blanket ON sales_order (blanket_number, id)
  WHERE blanket_number IS NOT NULL;
CREATE VIEW view_blanket_owner AS
  SELECT b.number, c.owner, c.store_code, b.created_by AS author
  FROM blanket AS b LEFT JOIN view_customer_owner AS c ON c.code = b.customer_code;
CREATE INDEX cancellation_policy_day ON cancellation_policy (valid_from, version);
CREATE INDEX cancellation_order ON cancellation (sales_order_id);
CREATE INDEX cancellation_day ON cancellation (cancelled_on);
CREATE INDEX sales_order_cancellation_whole ON sales_order_cancellation (cancellation_id)
  WHERE cancellation_id IS NOT NULL;
CREATE UNIQUE INDEX cancel_request_pending ON cancel_request (sales_order_id)
  WHERE state = 'PENDING';
CREATE INDEX cancel_request_waiting ON cancel_request (id) WHERE state = 'PENDING';
CREATE UNIQUE INDEX order_refund_proposed ON order_refund (sales_order_id)
  WHERE state = 'PROPOSED';
CREATE INDEX order_refund_state ON order_refund (state, id);
CREATE INDEX validation_policy_day ON validation_policy (valid_from, version);
CREATE INDEX sales_order_fingerprint
  ON sales_order (customer_code, line_fingerprint, created_at)
  WHERE line_fingerprint IS NOT NULL;
CREATE INDEX order_finding_day ON order_finding (found_on, id);
CREATE INDEX order_finding_cause ON order_finding (cause, id);
CREATE UNIQUE INDEX order_finding_refusal
  ON order_finding (found_on, cause, external_id, channel) WHERE outcome = 'REFUSED';
CREATE INDEX order_finding_order ON order_finding (sales_order_id)
  WHERE sales_order_id IS NOT NULL;
CREATE INDEX order_promise_late ON order_promise (id) WHERE late = 1;
CREATE INDEX order_promise_unknown ON order_promise (id)
  WHERE state = 'WAITING' AND expected_on IS NULL;
CREATE INDEX order_promise_checked ON order_promise (checked_on, id) WHERE state = 'WAITING';
CREATE INDEX order_promise_place_promise ON order_promise_place (promise_id);
CREATE INDEX order_priority_order ON order_priority (sales_order_id, id);
CREATE INDEX shortage_choice_line ON shortage_choice (sales_order_id, line_number);
CREATE INDEX order_promise_short ON order_promise (id)
  WHERE state = 'WAITING' AND late = 0 AND expected_on IS NOT NULL;
CREATE INDEX shipment_packed ON shipment (id) WHERE state = 'PACKED';
CREATE INDEX preorder_due ON preorder (due_on);
CREATE INDEX preorder_product_order ON preorder_product (sales_order_id);
CREATE INDEX blanket_delivery_blanket ON blanket_delivery (blanket_id, due_on);
CREATE INDEX blanket_delivery_due ON blanket_delivery (due_on) WHERE sales_order_id IS NULL;
CREATE INDEX approval_step_open ON approval_step (id) WHERE state = 'OPEN';
CREATE INDEX approval_step_next ON approval_step (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX sales_order_priced ON sales_order (customer_code, priced_on)
  WHERE priced_on IS NOT NULL;
CREATE INDEX delivery_slot_offer
  ON delivery_slot (warehouse_code, kind, slot_on, begins_minute, id);
CREATE INDEX delivery_slot_day ON delivery_slot (slot_on, begins_minute, id);
CREATE INDEX delivery_slot_crew ON delivery_slot (crew_code, slot_on);
CREATE INDEX appointment_order ON appointment (sales_order_id, id);
CREATE INDEX appointment_slot ON appointment (slot_id, id);
CREATE INDEX carrier_event_shipment ON carrier_event (shipment_id, occurred_at, id);
CREATE INDEX carrier_event_unmatched ON carrier_event (id) WHERE shipment_id IS NULL;
CREATE INDEX carrier_event_waiting ON carrier_event (carrier, id) WHERE shipment_id IS NULL;
CREATE INDEX shipment_tracking ON shipment (tracking_number) WHERE tracking_number <> '';
CREATE INDEX carrier_coverage_day ON carrier_coverage (valid_from, version);
CREATE INDEX drop_shipment_purchase ON drop_shipment (purchase_order_number);
CREATE INDEX showroom_loan_piece ON showroom_loan (piece_id);
CREATE UNIQUE INDEX showroom_loan_open ON showroom_loan (piece_id) WHERE returned_on IS NULL;
CREATE INDEX showroom_loan_customer ON showroom_loan (customer_code);
CREATE INDEX repair_origin ON repair (origin_order_id, id);
CREATE UNIQUE INDEX change_request_pending ON change_request (sales_order_id)
  WHERE state = 'PENDING';
CREATE INDEX change_request_open ON change_request (id)
  WHERE state = 'PENDING' OR state = 'RETURNED' OR state = 'STALE';
CREATE INDEX change_request_state ON change_request (state, id);
CREATE INDEX change_request_expiry ON change_request (expires_at, id)
  WHERE expires_at IS NOT NULL;
CREATE INDEX approval_round_request ON approval_round (change_request_id)
  WHERE change_request_id IS NOT NULL;
CREATE INDEX order_view_shared ON order_view (shared_role, name, owner)
  WHERE shared_role IS NOT NULL;
CREATE INDEX order_view_customer ON order_view (customer_code)
  WHERE customer_code IS NOT NULL;
CREATE INDEX appointment_overtaken ON appointment (id)
  WHERE overtaken = 1 AND state = 'BOOKED';
CREATE INDEX shipment_trouble ON shipment (id)
  WHERE state = 'DISPATCHED' AND (carrier_status = 'EXCEPTION' OR carrier_status = 'REFUSED');
CREATE INDEX opportunity_stage_code ON opportunity_stage (code, stages_version);
CREATE INDEX opportunity_customer ON opportunity (customer_code, id);
CREATE INDEX opportunity_owner ON opportunity (owner, id);
CREATE INDEX opportunity_store ON opportunity (store_code, id);
CREATE INDEX opportunity_state ON opportunity (state, id);
CREATE INDEX opportunity_created ON opportunity (created_on);
CREATE INDEX quote_opportunity ON quote (opportunity_number, id)
  WHERE opportunity_number IS NOT NULL;
CREATE VIEW view_opportunity_owner AS
  SELECT o.number, o.owner, o.store_code, o.created_by AS author FROM opportunity AS o
  UNION ALL
  SELECT o.number, c.owner, c.store_code, NULL
  FROM opportunity AS o JOIN view_customer_owner AS c ON c.code = o.customer_code;
CREATE UNIQUE INDEX order_stage_visit_open ON order_stage_visit (sales_order_id)
  WHERE left_at IS NULL;
CREATE INDEX order_stage_visit_order ON order_stage_visit (sales_order_id, id);
CREATE INDEX order_stage_visit_due ON order_stage_visit (due_at, id)
  WHERE left_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX order_stage_visit_next ON order_stage_visit (next_at, id)
  WHERE left_at IS NULL AND next_at IS NOT NULL;
CREATE INDEX order_stage_visit_still ON order_stage_visit (still_at, id)
  WHERE left_at IS NULL AND still_at IS NOT NULL;
CREATE INDEX order_stage_visit_present ON order_stage_visit (stage, due_at, id)
  WHERE left_at IS NULL;
CREATE INDEX order_stage_visit_left ON order_stage_visit (stage, left_at)
  WHERE left_at IS NOT NULL;
CREATE VIEW view_order_stage_facts AS
  SELECT o.id, CASE
    WHEN o.state = 'CONFIRMED' OR o.state = 'PARTLY_SHIPPED' THEN
      CASE WHEN EXISTS (
        SELECT 1 FROM view_work_in_hand AS w
        WHERE w.root_kind = 'SALES_ORDER' AND w.root_number = o.number
          AND w.waits_for_inspection = 0) THEN 1 ELSE 0 END
      + CASE WHEN EXISTS (
        SELECT 1 FROM view_work_in_hand AS w
        WHERE w.root_kind = 'SALES_ORDER' AND w.root_number = o.number
          AND w.waits_for_inspection = 1) THEN 2 ELSE 0 END
      + CASE WHEN EXISTS (
        SELECT 1 FROM shipment AS s
        WHERE s.sales_order_id = o.id
          AND (s.state = 'PREPARED' OR s.state = 'PICKED' OR s.state = 'PACKED'))
        THEN 4 ELSE 0 END
    WHEN o.state = 'SHIPPED' THEN
      CASE WHEN EXISTS (
          SELECT 1 FROM shipment AS s
          WHERE s.sales_order_id = o.id AND s.state = 'DISPATCHED')
        AND NOT EXISTS (
          SELECT 1 FROM shipment AS s
          WHERE s.sales_order_id = o.id AND s.state = 'DISPATCHED'
            AND COALESCE(s.carrier_status, 'ACCEPTED') = 'ACCEPTED')
        THEN 8 ELSE 0 END
    ELSE 0 END AS facts
  FROM sales_order AS o;
CREATE INDEX sales_order_invoiced_together ON sales_order (customer_code, id)
  WHERE is_invoiced_together = 1 AND state <> 'CLOSED' AND state <> 'CANCELLED';
CREATE UNIQUE INDEX price_suggestion_open
  ON price_suggestion (product_id, price_list_id, minimum_quantity_micros)
  WHERE state = 'OPEN' OR state = 'PENDING';
CREATE INDEX price_suggestion_price
  ON price_suggestion (product_id, price_list_id, minimum_quantity_micros, state, id);
CREATE INDEX price_suggestion_sku ON price_suggestion (sku, id);
CREATE INDEX price_suggestion_state ON price_suggestion (state, id);
CREATE INDEX past_promotion_edition ON past_promotion (until_edition, since_edition);
CREATE INDEX cash_on_delivery_uncollected ON cash_on_delivery (shipment_id)
  WHERE collected_minor < owed_minor;
CREATE INDEX cash_on_delivery_payment_shipment ON cash_on_delivery_payment (shipment_id);
CREATE INDEX remittance_shipment ON remittance (shipment_id) WHERE shipment_id IS NOT NULL;
CREATE INDEX remittance_open ON remittance (id)
  WHERE state = 'SHORT' OR state = 'OVER' OR state = 'UNKNOWN';
CREATE UNIQUE INDEX sales_order_hold_open ON sales_order_hold (sales_order_id, kind)
  WHERE released_at IS NULL;
CREATE INDEX sales_order_hold_lasting ON sales_order_hold (id) WHERE released_at IS NULL;
CREATE INDEX shipment_lost ON shipment (id) WHERE lost_at IS NOT NULL;
CREATE INDEX shipment_due ON shipment (due_on, id)
  WHERE state = 'DISPATCHED' AND due_on IS NOT NULL;
CREATE UNIQUE INDEX approval_round_cancellation ON approval_round (cancel_request_id)
  WHERE cancel_request_id IS NOT NULL;
CREATE INDEX carrier_tariff_day ON carrier_tariff (carrier, mode, valid_from, version);
CREATE INDEX portal_link_order ON portal_link (sales_order_id, id);
CREATE INDEX short_pick_open ON short_pick (id) WHERE closed_at IS NULL;
CREATE INDEX short_pick_place ON short_pick (product_id, warehouse_code)
  WHERE closed_at IS NULL;
CREATE INDEX short_pick_order ON short_pick (order_number, id);
CREATE INDEX pick_wave_shipment_wave ON pick_wave_shipment (wave_id);
CREATE INDEX shipment_prepared ON shipment (id) WHERE state = 'PREPARED';
CREATE INDEX carrier_claim_open ON carrier_claim (id)
  WHERE state <> 'PAID' AND state <> 'WITHDRAWN' AND state <> 'PAID_BACK' AND
    state <> 'WAIVED';
CREATE UNIQUE INDEX appointment_booked
  ON appointment (sales_order_id, kind, COALESCE(address_id, 0)) WHERE state = 'BOOKED';
CREATE VIEW view_van_promise AS
  SELECT p.sales_order_id, p.line_number, p.expected_on
  FROM order_promise AS p
  JOIN sales_order_line AS l
    ON l.sales_order_id = p.sales_order_id AND l.line_number = p.line_number
  WHERE p.state = 'WAITING' AND l.drop_shipped = 0 AND l.schedules IS NULL
    AND NOT EXISTS (
      SELECT 1 FROM shortage_choice AS c
      WHERE c.sales_order_id = p.sales_order_id AND c.line_number = p.line_number
        AND c.choice = 'PART_SHIP'
        AND NOT EXISTS (
          SELECT 1 FROM shortage_choice AS later
          WHERE later.sales_order_id = c.sales_order_id AND later.line_number = c.line_number
            AND later.id > c.id AND later.choice = 'WAIT'));
CREATE INDEX return_policy_day ON return_policy (valid_from, version);
CREATE INDEX customer_return_order ON customer_return (sales_order_id, id);
CREATE INDEX customer_return_state ON customer_return (state, id);
CREATE INDEX customer_return_day ON customer_return (received_on)
  WHERE received_on IS NOT NULL;
CREATE INDEX customer_return_line_order
  ON customer_return_line (sales_order_id, line_number);
CREATE INDEX warranty_policy_day ON warranty_policy (valid_from, version);
CREATE INDEX remake_origin ON remake (origin_order_id, id);
CREATE INDEX remake_day ON remake (requested_on);
CREATE INDEX complaint_order ON complaint (sales_order_id, id);
CREATE INDEX complaint_state ON complaint (state, id);
CREATE INDEX complaint_due ON complaint (due_at) WHERE resolved_at IS NULL;
CREATE INDEX satisfaction_order ON satisfaction (sales_order_id, id);
CREATE INDEX satisfaction_day ON satisfaction (answered_on);
CREATE INDEX exchange_origin ON exchange (origin_order_id, id);
CREATE INDEX dunning_policy_day ON dunning_policy (valid_from, version);
CREATE INDEX dunning_letter_customer ON dunning_letter (customer_id, id);
CREATE INDEX dunning_stop_customer ON dunning_stop (customer_id, until_on)
  WHERE lifted_at IS NULL;
CREATE INDEX payment_promise_invoice ON payment_promise (invoice_id, id);
CREATE INDEX payment_promise_customer ON payment_promise (customer_id, id);
CREATE VIEW view_dunning_letter_owner AS
  SELECT d.number, c.owner, c.store_code
  FROM dunning_letter AS d JOIN view_customer_owner AS c ON c.id = d.customer_id;
CREATE INDEX complaint_pause_complaint ON complaint_pause (complaint_id, id);
CREATE INDEX complaint_pause_day ON complaint_pause (paused_at);
CREATE INDEX defect_finding_order ON defect_finding (origin_order_id, id);
CREATE INDEX defect_finding_lot ON defect_finding (lot, id) WHERE lot <> '';
CREATE VIEW view_dunning AS
  SELECT i.id, i.number, i.customer_id, i.customer_code, i.order_number, i.due_on,
    i.open_minor, i.currency, i.base_open_minor, i.base_currency,
    COALESCE((SELECT MAX(l.level) FROM dunning_letter_line AS l
      WHERE l.invoice_id = i.id), 0) AS level,
    COALESCE((SELECT d.number FROM dunning_letter_line AS l
      JOIN dunning_letter AS d ON d.id = l.letter_id
      WHERE l.invoice_id = i.id ORDER BY l.level DESC LIMIT 1), '') AS letter_number,
    COALESCE((SELECT v.blocks_orders FROM dunning_letter_line AS l
      JOIN dunning_letter AS d ON d.id = l.letter_id
      JOIN dunning_level AS v
        ON v.policy_version = d.policy_version AND v.level = l.level
      WHERE l.invoice_id = i.id ORDER BY l.level DESC LIMIT 1), 0) AS blocks_orders,
    (SELECT MAX(s.until_on) FROM dunning_stop AS s
      WHERE s.customer_id = i.customer_id AND s.lifted_at IS NULL
        AND (s.invoice_id IS NULL OR s.invoice_id = i.id)) AS stopped_until,
    (SELECT p.promised_on FROM payment_promise AS p
      WHERE p.invoice_id = i.id ORDER BY p.id DESC LIMIT 1) AS promised_on,
    EXISTS (SELECT 1 FROM sales_order AS o
      JOIN complaint AS c ON c.sales_order_id = o.id
      WHERE o.number = i.order_number AND c.resolved_at IS NULL) AS has_complaint
  FROM view_open_invoice AS i WHERE i.order_kind <> 'DUNNING_LETTER';
CREATE INDEX remake_line ON remake (origin_order_id, origin_line);
CREATE INDEX repair_line ON repair (origin_order_id, origin_line);
CREATE INDEX delivery_proof_serial_number ON delivery_proof_serial (serial);
CREATE INDEX complaint_opened ON complaint (opened_at);
CREATE INDEX subject_key_seal ON subject_key (sealed_with) WHERE bytes <> x'';
CREATE INDEX event_by_root ON event (root_number, place);
CREATE INDEX role_permission_permission ON role_permission (permission);
CREATE INDEX principal_role_role ON principal_role (role_id);
CREATE INDEX session_principal ON session (principal_id, id);
CREATE INDEX api_key_principal ON api_key (principal_id, id);
CREATE INDEX delegation_delegate ON delegation (delegate_id, ends_at);
CREATE INDEX delegation_delegator ON delegation (delegator_id, ends_at);
CREATE INDEX withheld_grant_open ON withheld_grant (id) WHERE is_approved IS NULL;
CREATE INDEX principal_department ON principal (department, name) WHERE department <> '';
CREATE INDEX notice_root ON notice (root_number, id);
CREATE INDEX notice_customer ON notice (customer_code, id) WHERE customer_code <> '';
CREATE INDEX notice_origin ON notice (origin, id);
CREATE INDEX notice_state ON notice (state, id);
CREATE INDEX notice_lane ON notice (lane, due_at, id) WHERE state = 'PENDING';
CREATE INDEX notice_due ON notice (due_at) WHERE state = 'PENDING';
CREATE INDEX notice_turn ON notice (recipient, root_number, id) WHERE state = 'PENDING';
CREATE VIEW notice_owner AS
  SELECT n.*, n.root_kind IN ('SALES_ORDER', 'QUOTE') AS is_somebodys,
    coalesce(o.owner, q.owner) AS owner, coalesce(o.store_code, q.store_code) AS store_code,
    o.warehouse_code, coalesce(o.author, q.author) AS author
  FROM notice AS n
  LEFT JOIN view_order_owner AS o
    ON n.root_kind = 'SALES_ORDER' AND o.number = n.root_number
  LEFT JOIN view_quote_owner AS q ON n.root_kind = 'QUOTE' AND q.number = n.root_number;
CREATE INDEX notice_recipient ON notice (recipient, due_at);
CREATE INDEX automation_run_order ON automation_run (order_number, id);
CREATE INDEX automation_run_rule ON automation_run (rule_code, id);
CREATE INDEX automation_run_attention ON automation_run (id) WHERE needs_attention = 1;
COMMIT;
