internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.CashOnDeliveryServiceMethods

// What `joinery remittance` says about differences that take two people.
extension RemittanceCommands {
  struct Approve: RemoteCommand {
    typealias Response = OrdersV1.ApproveRemittanceResponse
    static let configuration = CommandConfiguration(
      abstract: "Settle a row as somebody else has asked for.")
    static let method = Methods.approveRemittance
    @OptionGroup var row: Row
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ApproveRemittanceRequest {
      .init(carrier: row.carrier, statement: row.statement, rowId: row.row)
    }
  }

  struct Decline: RemoteCommand {
    typealias Response = OrdersV1.DeclineRemittanceResponse
    static let configuration = CommandConfiguration(
      abstract: "Do not settle a row as somebody has asked for: it waits as before.")
    static let method = Methods.declineRemittance
    @OptionGroup var row: Row
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.DeclineRemittanceRequest {
      .init(carrier: row.carrier, statement: row.statement, rowId: row.row, reason: reason)
    }
  }

  struct Policy: RemoteCommand {
    typealias Response = OrdersV1.GetRemittancePolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "Which differences one person alone may settle.")
    static let method = Methods.getRemittancePolicy
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetRemittancePolicyRequest { .init() }
  }

  struct SetPolicy: RemoteCommand {
    typealias Response = OrdersV1.SetRemittancePolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "Set up to which difference one person alone may write off or pay back.",
      discussion: """
        Without an amount any. Who raises it may settle no more alone than before, until somebody \
        else has set it too.
        """)
    static let method = Methods.setRemittancePolicy
    @Option(name: .long, help: "The highest such difference; 0 for none.")
    var aloneUpTo: MoneyArgument?
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetRemittancePolicyRequest {
      .init(aloneUpTo: aloneUpTo?.message, reason: reason)
    }
  }
}
