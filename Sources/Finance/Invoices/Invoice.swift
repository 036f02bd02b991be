package import MasterData
package import Values

/// Where an invoice stands; derived from what is paid.
package enum InvoiceState: String, Hashable, Sendable, CaseIterable {
  case open = "OPEN"
  case partlyPaid = "PARTLY_PAID"
  case paid = "PAID"
}

/// What of an order is charged for: amounts are given, because only the order knows what earlier
/// invoices took of the line's total (DOMAIN 5.8).
package struct InvoiceLine: Hashable, Sendable {
  /// Line of the order.
  package let orderLine: Int
  package let description: String
  package let quantity: Quantity
  package let unit: String
  package let net: Money
  package let taxRate: Rate
  package let tax: Money
  /// Earned by work, not by goods.
  package let isService: Bool
  /// Owed for a breach of contract: a cancellation fee, which is for no line of the order (0).
  package let isCompensation: Bool
  /// The shipment that brought it, where the invoice tells that; nil for work.
  package let shipment: String?
  /// What of a reminder's cost it is; nil for goods, work and compensations.
  package let claim: ClaimKind?
  /// In the base currency; the lines of an invoice sum to what it is worth.
  package internal(set) var baseNet: Money
  package internal(set) var baseTax: Money

  package init(
    orderLine: Int, description: String, quantity: Quantity, unit: String, net: Money,
    taxRate: Rate, tax: Money, isService: Bool, isCompensation: Bool = false,
    shipment: String? = nil, claim: ClaimKind? = nil
  ) {
    self.orderLine = orderLine
    self.description = description
    self.quantity = quantity
    self.unit = unit
    self.net = net
    self.taxRate = taxRate
    self.tax = tax
    self.isService = isService
    self.isCompensation = isCompensation
    self.shipment = shipment
    self.claim = claim
    baseNet = net
    baseTax = tax
  }

  /// Where its net amount is booked.
  var income: Account {
    if let claim { return claim.income }
    return isCompensation ? .compensationIncome : isService ? .serviceRevenue : .revenue
  }

  /// Where a credit of it is booked.
  var reduction: Account { claim?.income ?? .salesReturns }
}

/// What reminding a customer costs it.
package enum ClaimKind: String, Hashable, Sendable, CaseIterable {
  case reminderFee = "REMINDER_FEE"
  case defaultInterest = "DEFAULT_INTEREST"

  var income: Account {
    switch self {
    case .reminderFee: .reminderFees
    case .defaultInterest: .defaultInterest
    }
  }
}

/// Net and tax of one rate on an invoice.
package struct TaxTotal: Hashable, Sendable {
  package let rate: Rate
  package internal(set) var net: Money
  package internal(set) var tax: Money
  /// In the base currency.
  package internal(set) var baseTax: Money
}

/// What a customer owes for delivered goods and work. Posted when it is made, and never changed but
/// by payments and credit notes.
package struct Invoice: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<Invoice>
  package let number: String
  package let customer: ID<Customer>
  package let customerCode: String
  /// What it is for: a sales order, or the letter whose claims it is.
  package let order: DocumentReference
  package let issuedOn: Day
  package let dueOn: Day
  package let text: String
  package let net: Money
  package let tax: Money
  package let gross: Money
  package internal(set) var paid: Money
  /// What its credit notes come to.
  package internal(set) var credited: Money
  /// Of its date; nil where its currency is that of the books.
  package let rate: ExchangeRate?
  /// In the base currency, as it stands in the books.
  package let baseGross: Money
  /// What of that is paid or credited.
  package internal(set) var basePaid: Money
  package internal(set) var lines: [InvoiceLine]
  /// What invoice the buyer asked for when it was issued; nil for nothing in particular.
  package internal(set) var requirement: InvoiceRequirement?
  /// Number of the consolidated invoice that it is a part of; nil where it is one by itself.
  package internal(set) var consolidated: String?

  /// The number of the sales order; nil where it is for none.
  package var salesOrder: String? { order.kind == .salesOrder ? order.number : nil }

  package var reference: DocumentReference { DocumentReference(.invoice, number) }

  /// What is still to be paid.
  package var open: Money {
    Money(minor: gross.minor - paid.minor - credited.minor, currency: gross.currency)
  }

  /// What that is worth in the base currency: nothing once nothing is open.
  package var baseOpen: Money {
    Money(minor: baseGross.minor - basePaid.minor, currency: baseGross.currency)
  }

  package var state: InvoiceState {
    if open.minor == 0 { .paid } else if open == gross { .open } else { .partlyPaid }
  }

  /// Sums per tax rate, the highest rate first.
  package func taxTotals() throws -> [TaxTotal] {
    var totals: [Rate: TaxTotal] = [:]
    for line in lines {
      let zero = Money.zero(gross.currency)
      var total =
        totals[line.taxRate]
        ?? TaxTotal(
          rate: line.taxRate, net: zero, tax: zero, baseTax: .zero(baseGross.currency))
      total.net = try total.net + line.net
      total.tax = try total.tax + line.tax
      total.baseTax = try total.baseTax + line.baseTax
      totals[line.taxRate] = total
    }
    return totals.values.sorted { $0.rate > $1.rate }
  }
}
