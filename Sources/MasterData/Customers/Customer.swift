package import Values

/// When a customer pays.
package struct PaymentTerms: Hashable, Sendable {
  /// Days from the invoice to its due date; 0 means that goods leave only when they are paid.
  package var netDays: Int
  /// Share of an order that is due before the workshop starts.
  package var deposit: Rate

  package init(netDays: Int = 0, deposit: Rate = .zero) {
    self.netDays = netDays
    self.deposit = deposit
  }
}

/// Somebody who buys.
package struct Customer: Hashable, Sendable {
  package let id: ID<Customer>
  /// Names the customer for ever.
  package let code: String
  /// Empty once the person is erased.
  package var name: String
  /// Class for prices and approvals: "STANDARD", "VIP", ….
  package var customerClass: String
  /// As dialled; may be empty.
  package var phone: String
  /// Where to deliver; may be empty.
  package var address: String
  /// How much may be owed and on order at most, tax included.
  package var creditLimit: Money
  package var terms: PaymentTerms
  /// In which it buys, unless an order says that of the books.
  package var currency: Currency
  /// Code of the customer's own price list.
  package var priceList: String?
  /// Counts the changes of the row, from 1.
  package var version: Int64
  /// Name of the salesperson whose customer it is; empty for nobody's.
  package var owner = ""
  /// Code of the store where it is at home; empty for none.
  package var storeCode = ""
  /// Code of the customer to whose group it belongs; nil for none.
  package var parentCode: String?
  /// How much it and all below it may owe and have on order together; nil for any.
  package var groupLimit: Money?

  /// Of the books: limits are counted in it.
  package var baseCurrency: Currency { creditLimit.currency }

  /// Whether its documents may be in a currency.
  package func trades(in currency: Currency) -> Bool {
    currency == self.currency || currency == baseCurrency
  }

  /// Whether the person behind the code is erased.
  package var isErased: Bool { name.isEmpty }

  /// The class of a customer of whom nothing else is said.
  package static let standardClass = "STANDARD"
}
