internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = FinanceV1.FinanceServiceMethods
private let paymentMethods = Choice(FinanceV1.PaymentMethod.allCases, \.name)

/// `joinery invoice …`
struct InvoiceCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invoice", abstract: "What customers owe.",
    subcommands: [
      Create.self, Consolidate.self, Waiting.self, Consolidated.self, Show.self, List.self,
    ])

  struct Create: RemoteCommand {
    typealias Response = OrdersV1.InvoiceOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Invoice what is delivered of an order and not invoiced yet.")
    static let method = OrdersV1.OrderServiceMethods.invoiceOrder
    @Argument(help: "Order number.") var order: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.InvoiceOrderRequest { .init(number: order) }
  }

  struct Consolidate: RemoteCommand {
    typealias Response = FinanceV1.ConsolidateInvoicesResponse
    static let configuration = CommandConfiguration(
      abstract: "One invoice for several orders, for customers who ask for it: once a month, say.",
      discussion: """
        joinery invoice waiting --customer HOTEL
        joinery invoice consolidate --customer HOTEL --through 2026-03-31 --dry-run
        joinery invoice consolidate --through 2026-03-31

        Called again it finds nothing to do. With --dry-run it shows the invoices that it would \
        write.
        """)
    static let method = Methods.consolidateInvoices
    @Option(name: .shortAndLong, help: "Only this customer's; all that ask for it when absent.")
    var customer: String = ""
    @Option(
      name: .long, help: "What was delivered up to and including this day; today when absent.")
    var through: DayArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.ConsolidateInvoicesRequest {
      .init(customerCode: customer, through: through?.message)
    }
  }

  struct Waiting: RemoteCommand {
    typealias Response = FinanceV1.ListUninvoicedDeliveriesResponse
    static let configuration = CommandConfiguration(
      abstract: "What is delivered and waits for a consolidated invoice.")
    static let method = Methods.listUninvoicedDeliveries
    @Option(name: .shortAndLong, help: "Only this customer's.") var customer: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.ListUninvoicedDeliveriesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, customerCode: customer)
    }
  }

  struct Consolidated: RemoteCommand {
    typealias Response = FinanceV1.ListConsolidatedInvoicesResponse
    static let configuration = CommandConfiguration(
      abstract: "Consolidated invoices, the newest first.")
    static let method = Methods.listConsolidatedInvoices
    @Option(name: .shortAndLong, help: "Only this customer's.") var customer: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.ListConsolidatedInvoicesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, customerCode: customer)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = FinanceV1.GetInvoiceResponse
    static let configuration = CommandConfiguration(
      abstract: "One invoice, a consolidated one as a whole, or a part of one (IN-…/2).")
    static let method = Methods.getInvoice
    @Argument(help: "Invoice number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.GetInvoiceRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = FinanceV1.ListInvoicesResponse
    static let configuration = CommandConfiguration(abstract: "Invoices, the newest first.")
    static let method = Methods.listInvoices
    @Option(name: .shortAndLong, help: "Only this customer's.") var customer: String = ""
    @Option(name: .long, help: "Only of this order.") var order: String = ""
    @Flag(name: .long, help: "Only those that are not paid.") var unpaid = false
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.ListInvoicesRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, customerCode: customer,
        orderNumber: order, unpaidOnly: unpaid)
    }
  }
}

/// `joinery payment …`
struct PaymentCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "payment", abstract: "Money from customers.",
    subcommands: [Receive.self, Show.self, Clear.self, Dishonour.self])

  struct Clear: RemoteCommand {
    typealias Response = FinanceV1.ClearPaymentResponse
    static let configuration = CommandConfiguration(
      abstract: "The bank has paid a cheque or a bank acceptance.")
    static let method = Methods.clearPayment
    @Argument(help: "Payment number.") var number: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.ClearPaymentRequest { .init(number: number) }
  }

  struct Dishonour: RemoteCommand {
    typealias Response = FinanceV1.DishonourPaymentResponse
    static let configuration = CommandConfiguration(
      abstract: "Take back a payment that was not honoured after all.",
      discussion: """
        joinery payment dishonour PY-2026-000009 --reason "insufficient funds"

        What it paid is open again, an order that was closed is delivered again, and one that has \
        not left as a whole is held.
        """)
    static let method = Methods.dishonourPayment
    @Argument(help: "Payment number.") var number: String
    @Option(name: .long, help: "Why, as the bank says it.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.DishonourPaymentRequest { .init(number: number, reason: reason) }
  }

  struct Receive: RemoteCommand {
    typealias Response = FinanceV1.ReceivePaymentResponse
    static let configuration = CommandConfiguration(
      abstract: "Record money and apply it to what is owed.")
    static let method = Methods.receivePayment
    @Argument(help: "Amount, such as 1299.00.") var amount: MoneyArgument
    @Option(name: .long, help: "Order it is for, as a deposit or in full.") var order: String = ""
    @Option(name: .shortAndLong, help: "Customer; may be left out when --order is given.")
    var customer: String = ""
    @Option(
      name: .long, help: ArgumentHelp("How: \(paymentMethods.help)."),
      transform: paymentMethods.callAsFunction)
    var method: FinanceV1.PaymentMethod = .bankTransfer
    @Option(name: .long, help: "The bank's or gateway's id of it.") var reference: String = ""
    @Option(name: .long, help: "Day of receipt; today when absent.") var receivedOn: DayArgument?
    @Flag(
      name: .long,
      help: "Earnest money (定金): forfeited when the customer backs out, owed twice when we do.")
    var earnest = false
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.ReceivePaymentRequest {
      .init(
        customerCode: customer, amount: amount.message, method: method,
        externalReference: reference, orderNumber: order, receivedOn: receivedOn?.message,
        kind: earnest ? .earnest : .prepayment)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = FinanceV1.GetPaymentResponse
    static let configuration = CommandConfiguration(
      abstract: "One payment and what it was applied to.")
    static let method = Methods.getPayment
    @Argument(help: "Payment number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.GetPaymentRequest { .init(number: number) }
  }
}

/// `joinery report …`
struct ReportCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "The books and other questions.",
    subcommands: [TrialBalance.self, Journal.self, Receivables.self, Verify.self])

  struct TrialBalance: RemoteCommand {
    typealias Response = FinanceV1.GetTrialBalanceResponse
    static let configuration = CommandConfiguration(
      abstract: "Debits, credits and balance of every account.")
    static let method = Methods.getTrialBalance
    @Option(name: .long, help: "Up to and including this day.") var through: DayArgument?
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.GetTrialBalanceRequest { .init(through: through?.message) }
  }

  struct Journal: RemoteCommand {
    typealias Response = FinanceV1.ListJournalEntriesResponse
    static let configuration = CommandConfiguration(abstract: "Journal entries, oldest first.")
    static let method = Methods.listJournalEntries
    @Option(name: .long, help: "Only of this order and all that was done for it.")
    var order: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.ListJournalEntriesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, orderNumber: order)
    }
  }

  struct Receivables: RemoteCommand {
    typealias Response = ReportsV1.GetAgedReceivablesResponse
    static let configuration = CommandConfiguration(
      abstract: "What customers owe, by how long it is overdue.")
    static let method = ReportsV1.ReportServiceMethods.getAgedReceivables
    @Option(name: .long, help: "As the books closed on this day; today when absent.")
    var asOf: DayArgument?
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> ReportsV1.GetAgedReceivablesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, asOf: asOf?.message)
    }
  }

  struct Verify: RemoteCommand {
    typealias Response = ReportsV1.VerifyResponse
    static let configuration = CommandConfiguration(
      abstract: "Check audit chain and every invariant on the running server.")
    static let method = ReportsV1.ReportServiceMethods.verify
    @OptionGroup var connection: ConnectionOptions
    func request() -> ReportsV1.VerifyRequest { .init() }
    func judge(_ response: ReportsV1.VerifyResponse) throws {
      if !response.violations.isEmpty { throw ExitCode(1) }
    }
  }
}
