package import Values

/// Everything that finance refuses, in the order in which it is checked.
package enum FinanceRejection: Rejection, Hashable {
  case amountNotPositive(field: String, given: Money)
  case amountNegative(field: String, given: Money)
  /// Money cannot have come in on a day that has not begun.
  case dayInFuture(field: String, given: Day, today: Day)
  /// Earnest money secures one contract.
  case earnestWithoutOrder(field: String)
  case dueBeforeIssue(dueOn: Day, issuedOn: Day)
  /// Nothing of the order is delivered and not yet invoiced.
  case nothingToInvoice(order: DocumentReference)
  case unknownInvoice(field: String, number: String)
  case unknownPayment(field: String, number: String)
  case unknownCreditNote(field: String, number: String)
  case unknownCreditGrant(field: String, id: Int64)
  /// Two rules would say how far ahead the orders of a class count.
  case duplicateHorizonClass(field: String, customerClass: String)
  case unknownCreditHorizon(field: String, version: Int64)
  /// There is nothing that more could be on top of.
  case noGroupLimit(field: String, customer: String)
  /// A payment of the same method already carries this reference: the gateway reported it twice.
  case duplicateExternalReference(
    field: String, method: PaymentMethod, reference: String, payment: String)
  /// Somebody used it for an invoice meanwhile, or gave it back.
  case notThatMuchHeld(document: DocumentReference, requested: Money, held: Money)
  /// So much of the line was not invoiced, or is credited already.
  case moreThanInvoiced(invoice: String, line: Int, requested: Quantity, left: Quantity)
  /// `requested` more than what is in use would pass the limit. Nothing was promised.
  case creditLimitExceeded(customer: String, use: CreditUse, requested: Money)
  /// The customers of a group together would pass its limit. Nothing was promised.
  case groupLimitExceeded(GroupCredit, requested: Money)
  /// Nothing is left to decide about it.
  case creditGrantDecided(id: Int64, state: CreditGrant.State)
  /// Four eyes: who asked for more credit does not decide about it, nor who stands in for them.
  case granterMayNotDecide(id: Int64, actor: String, granter: String)
  case unknownPayout(field: String, number: String)
  /// What the customer has on account and is not asked for already is less.
  case notThatMuchOnAccount(field: String?, customer: String, requested: Money, free: Money)
  /// Nothing is left to decide about it.
  case payoutDecided(number: String, state: Payout.State)
  /// Four eyes: who asked for a payout does not pay it, nor who stands in for them.
  case proposerMayNotPay(number: String, actor: String, proposer: String)
  /// No money came in that a bank could take back.
  case noMoneyReceived(number: String, method: PaymentMethod)
  /// It came in as a part of another one.
  case partOfPayment(number: String, source: String)
  /// Something of it was given back, forfeited or taken back before.
  case paymentSpent(number: String, kind: PaymentUseKind, amount: Money)
  /// It is no instrument, or is not held any more.
  case nothingToClear(number: String, clearing: Clearing?)
  /// The bank has not paid it.
  case notCleared(number: String, method: PaymentMethod)
  /// More than one account can count.
  case balanceTooLarge(Account, limit: Money)
}

extension FinanceRejection {
  package var kind: RejectionKind {
    switch self {
    case .amountNotPositive, .amountNegative, .dayInFuture, .earnestWithoutOrder, .dueBeforeIssue,
      .duplicateHorizonClass:
      .invalid
    case .unknownInvoice, .unknownPayment, .unknownCreditNote, .unknownCreditGrant,
      .unknownPayout, .unknownCreditHorizon:
      .notFound
    case .duplicateExternalReference: .alreadyExists
    case .granterMayNotDecide, .proposerMayNotPay: .denied
    case .noGroupLimit, .nothingToInvoice, .notThatMuchHeld, .moreThanInvoiced,
      .creditLimitExceeded, .groupLimitExceeded, .creditGrantDecided, .notThatMuchOnAccount,
      .payoutDecided, .noMoneyReceived, .partOfPayment, .paymentSpent, .nothingToClear,
      .notCleared, .balanceTooLarge:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .amountNotPositive: "AMOUNT_NOT_POSITIVE"
    case .amountNegative: "AMOUNT_NEGATIVE"
    case .dayInFuture: "DAY_IN_FUTURE"
    case .earnestWithoutOrder: "EARNEST_WITHOUT_ORDER"
    case .dueBeforeIssue: "DUE_BEFORE_ISSUE"
    case .nothingToInvoice: "NOTHING_TO_INVOICE"
    case .unknownInvoice: "UNKNOWN_INVOICE"
    case .unknownPayment: "UNKNOWN_PAYMENT"
    case .unknownCreditNote: "UNKNOWN_CREDIT_NOTE"
    case .duplicateExternalReference: "DUPLICATE_EXTERNAL_REFERENCE"
    case .notThatMuchHeld: "NOT_THAT_MUCH_HELD"
    case .moreThanInvoiced: "MORE_THAN_INVOICED"
    case .creditLimitExceeded: "CREDIT_LIMIT_EXCEEDED"
    case .groupLimitExceeded: "GROUP_LIMIT_EXCEEDED"
    case .unknownCreditGrant: "UNKNOWN_CREDIT_GRANT"
    case .duplicateHorizonClass: "DUPLICATE_HORIZON_CLASS"
    case .unknownCreditHorizon: "UNKNOWN_CREDIT_HORIZON"
    case .noGroupLimit: "NO_GROUP_LIMIT"
    case .creditGrantDecided: "CREDIT_GRANT_DECIDED"
    case .granterMayNotDecide: "GRANTER_MAY_NOT_DECIDE"
    case .unknownPayout: "UNKNOWN_PAYOUT"
    case .notThatMuchOnAccount: "NOT_THAT_MUCH_ON_ACCOUNT"
    case .payoutDecided: "PAYOUT_DECIDED"
    case .proposerMayNotPay: "PROPOSER_MAY_NOT_PAY"
    case .noMoneyReceived: "NO_MONEY_RECEIVED"
    case .partOfPayment: "PART_OF_PAYMENT"
    case .paymentSpent: "PAYMENT_SPENT"
    case .nothingToClear: "NOTHING_TO_CLEAR"
    case .notCleared: "NOT_CLEARED"
    case .balanceTooLarge: "BALANCE_TOO_LARGE"
    }
  }

  package var message: String {
    switch self {
    case .amountNotPositive(_, let given): "\(given) is not greater than 0"
    case .amountNegative(_, let given): "\(given) is less than 0"
    case .dayInFuture(_, let given, let today): "\(given) is after today, \(today)"
    case .earnestWithoutOrder: "Earnest money is for one order, and none is named"
    case .dueBeforeIssue(let dueOn, let issuedOn):
      "An invoice of \(issuedOn) cannot be due on \(dueOn)"
    case .nothingToInvoice(let order):
      "Nothing of \(order) is delivered and not yet invoiced"
    case .unknownInvoice(_, let number): "There is no invoice \(number)"
    case .unknownPayment(_, let number): "There is no payment \(number)"
    case .unknownCreditNote(_, let number): "There is no credit note \(number)"
    case .duplicateExternalReference(_, let method, let reference, let payment):
      "\(method.rawValue) \(reference) is already recorded"
        + (payment.isEmpty ? "" : " as \(payment)")
    case .notThatMuchHeld(let document, let requested, let held):
      "Of the money for \(document) no more than \(held) is left; \(requested) was asked for"
    case .moreThanInvoiced(let invoice, let line, let requested, let left):
      "Line \(line) of \(invoice) has \(left) left to credit; \(requested) was asked for"
    case .creditLimitExceeded(let customer, let use, let requested):
      "\(requested) more would pass the credit limit of \(customer): "
        + "limit \(use.limit), "
        + (use.temporary.minor > 0 ? "for a while \(use.temporary) more, " : "")
        + "in use \(use.total)"
    case .groupLimitExceeded(let group, let requested):
      "\(requested) more would pass the limit of the group of \(group.head): "
        + "limit \(group.limit), in use \(group.exposure)"
    case .duplicateHorizonClass(_, let customerClass):
      customerClass.isEmpty
        ? "More than one rule is for all others" : "More than one rule is for \(customerClass)"
    case .unknownCreditHorizon(_, let version): "There is no credit horizon \(version)"
    case .noGroupLimit(_, let customer): "\(customer) heads no group that has a limit"
    case .unknownCreditGrant(_, let id): "Nobody has asked for a credit limit \(id)"
    case .creditGrantDecided(let id, let state):
      "Credit limit \(id) is \(state.rawValue): nothing is left to decide"
    case .granterMayNotDecide(let id, let actor, let granter):
      "\(granter) asked for credit limit \(id); \(actor) may not decide about it"
    case .unknownPayout(_, let number): "There is no payout \(number)"
    case .notThatMuchOnAccount(_, let customer, let requested, let free):
      "\(customer) has \(free) on account that nobody has asked for; \(requested) was asked for"
    case .payoutDecided(let number, let state):
      "\(number) is \(state.rawValue): nothing is left to decide"
    case .proposerMayNotPay(let number, let actor, let proposer):
      actor == proposer
        ? "\(actor) asked for \(number); somebody else must pay it"
        : "\(actor) stands in for \(proposer), who asked for \(number), and may not pay it"
    case .noMoneyReceived(let number, let method):
      "\(number) was paid by \(method.rawValue): no bank takes that back"
    case .partOfPayment(let number, let source):
      "\(number) is a part of \(source), which is what came in"
    case .paymentSpent(let number, let kind, let amount):
      "\(amount) of \(number) was \(kind.words) already"
    case .nothingToClear(let number, let clearing):
      clearing.map { "\(number) is \($0.rawValue): nothing of it is to be cleared" }
        ?? "\(number) is no cheque and no bank acceptance"
    case .notCleared(let number, let method):
      "\(number) is a \(method.rawValue) that the bank has not paid yet"
    case .balanceTooLarge(let account, let limit):
      "No more than \(limit) can be debited or credited to account \(account.rawValue)"
    }
  }

  package var field: String? {
    switch self {
    case .amountNotPositive(let field, _), .amountNegative(let field, _),
      .dayInFuture(let field, _, _), .earnestWithoutOrder(let field), .unknownInvoice(let field, _),
      .unknownPayment(let field, _), .unknownCreditNote(let field, _),
      .duplicateExternalReference(let field, _, _, _), .unknownCreditGrant(let field, _),
      .noGroupLimit(let field, _), .unknownPayout(let field, _),
      .duplicateHorizonClass(let field, _), .unknownCreditHorizon(let field, _):
      field
    case .notThatMuchOnAccount(let field, _, _, _): field
    case .dueBeforeIssue, .nothingToInvoice, .notThatMuchHeld, .moreThanInvoiced,
      .creditLimitExceeded, .groupLimitExceeded, .creditGrantDecided, .granterMayNotDecide,
      .payoutDecided, .proposerMayNotPay, .noMoneyReceived, .partOfPayment, .paymentSpent,
      .nothingToClear, .notCleared, .balanceTooLarge:
      nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .amountNotPositive(_, let given), .amountNegative(_, let given): [Fact("given", given)]
    case .dayInFuture(_, let given, let today): [Fact("given", given), Fact("today", today)]
    case .earnestWithoutOrder: []
    case .dueBeforeIssue(let dueOn, let issuedOn):
      [Fact("due_on", dueOn), Fact("issued_on", issuedOn)]
    case .nothingToInvoice(let order): [Fact("order", order)]
    case .unknownInvoice(_, let number), .unknownPayment(_, let number),
      .unknownCreditNote(_, let number), .unknownPayout(_, let number):
      [Fact("number", number)]
    case .duplicateExternalReference(_, let method, let reference, let payment):
      [
        Fact("method", method.rawValue), Fact("external_reference", reference),
        Fact("payment", payment),
      ].filter { !$0.value.isEmpty }
    case .notThatMuchHeld(let document, let requested, let held):
      [Fact("document", document), Fact("requested", requested), Fact("held", held)]
    case .moreThanInvoiced(let invoice, let line, let requested, let left):
      [
        Fact("invoice", invoice), Fact("line", line), Fact("requested", requested),
        Fact("left", left),
      ]
    case .creditLimitExceeded(let customer, let use, let requested):
      [Fact("customer", customer)] + use.facts + [Fact("requested", requested)]
    case .groupLimitExceeded(let group, let requested):
      [Fact("group", group.head), Fact("credit_limit", group.limit)] + group.facts
        + [Fact("requested", requested)]
    case .duplicateHorizonClass(_, let customerClass): [Fact("customer_class", customerClass)]
    case .unknownCreditHorizon(_, let version): [Fact("version", version)]
    case .noGroupLimit(_, let customer): [Fact("customer", customer)]
    case .unknownCreditGrant(_, let id): [Fact("id", id)]
    case .creditGrantDecided(let id, let state): [Fact("id", id), Fact("state", state.rawValue)]
    case .granterMayNotDecide(let id, let actor, let granter):
      [Fact("id", id), Fact("actor", actor), Fact("granter", granter)]
    case .notThatMuchOnAccount(_, let customer, let requested, let free):
      [Fact("customer", customer), Fact("requested", requested), Fact("free", free)]
    case .payoutDecided(let number, let state):
      [Fact("payout", number), Fact("state", state.rawValue)]
    case .proposerMayNotPay(let number, let actor, let proposer):
      [Fact("payout", number), Fact("actor", actor), Fact("proposer", proposer)]
    case .noMoneyReceived(let number, let method):
      [Fact("payment", number), Fact("method", method.rawValue)]
    case .partOfPayment(let number, let source):
      [Fact("payment", number), Fact("source", source)]
    case .paymentSpent(let number, let kind, let amount):
      [Fact("payment", number), Fact("use", kind.rawValue), Fact("amount", amount)]
    case .nothingToClear(let number, let clearing):
      [Fact("payment", number), Fact("clearing", clearing?.rawValue ?? "")]
    case .notCleared(let number, let method):
      [Fact("payment", number), Fact("method", method.rawValue)]
    case .balanceTooLarge(let account, let limit):
      [Fact("account", account.rawValue), Fact("limit", limit)]
    }
  }
}
