internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.CarrierClaimServiceMethods
private let claimStates = Choice(OrdersV1.ClaimState.allCases, \.name)
private let bases = Choice(OrdersV1.ClaimBasis.allCases, \.name)

extension ShipmentCommands {
  struct Lost: RemoteCommand {
    typealias Response = OrdersV1.ReportLossResponse
    static let configuration = CommandConfiguration(
      abstract: "Give up a shipment that is lost: bring its goods again, or cancel them.",
      discussion: """
        joinery shipment lost SH-2026-000001 --redeliver
        joinery shipment lost SH-2026-000001 --cancel not-available

        Its goods leave the books, and a claim on its carrier is open (joinery claim list).
        """)
    static let method = Methods.reportLoss
    @Argument(help: "Shipment number.") var number: String
    @Flag(name: .long, help: "Its goods are held, made or bought anew.") var redeliver = false
    @Option(
      name: .long, help: ArgumentHelp("Its goods are cancelled, for a reason.", valueName: "reason")
    )
    var cancel: String?
    @Option(name: .long, help: "A remark for the record.") var comment: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }

    func validate() throws {
      guard redeliver == (cancel == nil) else {
        throw ValidationError("say either --redeliver or --cancel REASON")
      }
    }

    func request() -> OrdersV1.ReportLossRequest {
      .init(
        shipmentNumber: number, resolution: redeliver ? .redeliver : .cancel,
        reason: cancel?.asCode ?? "", comment: comment)
    }
  }
}

extension ShipmentCommands {
  struct Found: RemoteCommand {
    typealias Response = OrdersV1.ReportFoundResponse
    static let configuration = CommandConfiguration(
      abstract: "A shipment that was given up as lost has turned up.",
      discussion: """
        joinery shipment found SH-2026-000001 --go-on      # to the customer
        joinery shipment found SH-2026-000001 --come-back  # to our shelves

        What its carrier says it has delivered is delivered by --go-on.
        """)
    static let method = Methods.reportFound
    @Argument(help: "Shipment number.") var number: String
    @Flag(
      name: .long,
      help: "Its goods go on to the customer; what was promised in their place is given up.")
    var goOn = false
    @Flag(name: .long, help: "Its goods come back to our shelves.") var comeBack = false
    @Option(name: .long, help: "A remark for the record.") var comment: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }

    func validate() throws {
      guard goOn != comeBack else {
        throw ValidationError("say either --go-on or --come-back")
      }
    }

    func request() -> OrdersV1.ReportFoundRequest {
      .init(shipmentNumber: number, resolution: goOn ? .goOn : .comeBack, comment: comment)
    }
  }
}

/// `joinery claim …`
struct ClaimCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claim", abstract: "What is claimed from carriers for lost and damaged goods.",
    discussion: """
      A claim opens by itself: when a carrier reports a shipment as lost, when somebody gives one \
      up (joinery shipment lost), and when goods are refused at the door for what the carrier did.

        joinery claim list --state open
        joinery claim file SH-2026-000001/LOST --reference DB-CLAIM-7
        joinery claim accept SH-2026-000001/LOST --amount 300.00
        joinery claim pay SH-2026-000001/LOST
        joinery claim set-terms sales-value --carrier 德邦
        joinery claim terms

      When the goods turn up after the carrier has paid, the money is owed back to it:

        joinery claim list --state owed-back
        joinery claim pay-back SH-2026-000001/LOST
        joinery claim waive SH-2026-000001/LOST --reason "they let us keep it"
      """,
    subcommands: [
      List.self, File.self, Accept.self, Reject.self, Pay.self, Withdraw.self, Reopen.self,
      OweBack.self, PayBack.self, Waive.self, Terms.self, SetTerms.self,
    ])

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListClaimsResponse
    static let configuration = CommandConfiguration(abstract: "Claims, the oldest first.")
    static let method = Methods.listClaims
    @Option(name: .long, help: "On this carrier only.") var carrier: String = ""
    @Option(
      name: .long, help: ArgumentHelp("In this state: \(claimStates.help)."),
      transform: claimStates.callAsFunction)
    var state: OrdersV1.ClaimState?
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListClaimsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, carrier: carrier,
        state: state ?? .unspecified)
    }
  }

  struct File: RemoteCommand {
    typealias Response = OrdersV1.AdvanceClaimResponse
    static let configuration = CommandConfiguration(abstract: "The carrier was told of it.")
    static let method = Methods.advanceClaim
    @Argument(help: "Claim number.") var number: String
    @Option(name: .long, help: "The carrier's own number of it.") var reference: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.AdvanceClaimRequest {
      .init(number: number, to: .filed, reference: reference)
    }
  }

  struct Accept: RemoteCommand {
    typealias Response = OrdersV1.AdvanceClaimResponse
    static let configuration = CommandConfiguration(
      abstract: "The carrier accepts it, in full or in part.")
    static let method = Methods.advanceClaim
    @Argument(help: "Claim number.") var number: String
    @Option(name: .long, help: "How much of it; all when absent.") var amount: MoneyArgument?
    @Option(name: .long, help: "Why.") var reason: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.AdvanceClaimRequest {
      .init(number: number, to: .accepted, accepted: amount?.message, reason: reason)
    }
  }

  struct Reject: RemoteCommand {
    typealias Response = OrdersV1.AdvanceClaimResponse
    static let configuration = CommandConfiguration(abstract: "The carrier does not accept it.")
    static let method = Methods.advanceClaim
    @Argument(help: "Claim number.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.AdvanceClaimRequest {
      .init(number: number, to: .rejected, reason: reason)
    }
  }

  struct Pay: RemoteCommand {
    typealias Response = OrdersV1.AdvanceClaimResponse
    static let configuration = CommandConfiguration(
      abstract: "The carrier has paid what it accepted.")
    static let method = Methods.advanceClaim
    @Argument(help: "Claim number.") var number: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.AdvanceClaimRequest { .init(number: number, to: .paid) }
  }

  struct Withdraw: RemoteCommand {
    typealias Response = OrdersV1.AdvanceClaimResponse
    static let configuration = CommandConfiguration(abstract: "It is not asked for any more.")
    static let method = Methods.advanceClaim
    @Argument(help: "Claim number.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.AdvanceClaimRequest {
      .init(number: number, to: .withdrawn, reason: reason)
    }
  }

  struct Reopen: RemoteCommand {
    typealias Response = OrdersV1.AdvanceClaimResponse
    static let configuration = CommandConfiguration(
      abstract: "One that was withdrawn or paid back is asked for again.")
    static let method = Methods.advanceClaim
    @Argument(help: "Claim number.") var number: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.AdvanceClaimRequest { .init(number: number, to: .open) }
  }

  struct OweBack: RemoteCommand {
    typealias Response = OrdersV1.AdvanceClaimResponse
    static let configuration = CommandConfiguration(
      abstract: "The carrier is to have back what it paid, for another reason than goods found.")
    static let method = Methods.advanceClaim
    @Argument(help: "Claim number.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.AdvanceClaimRequest {
      .init(number: number, to: .owedBack, reason: reason)
    }
  }

  struct PayBack: RemoteCommand {
    typealias Response = OrdersV1.AdvanceClaimResponse
    static let configuration = CommandConfiguration(
      abstract: "The carrier has its money back.")
    static let method = Methods.advanceClaim
    @Argument(help: "Claim number.") var number: String
    @Option(name: .long, help: "A remark.") var reason: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.AdvanceClaimRequest {
      .init(number: number, to: .paidBack, reason: reason)
    }
  }

  struct Waive: RemoteCommand {
    typealias Response = OrdersV1.AdvanceClaimResponse
    static let configuration = CommandConfiguration(
      abstract: "The carrier does not want its money back.")
    static let method = Methods.advanceClaim
    @Argument(help: "Claim number.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.AdvanceClaimRequest {
      .init(number: number, to: .waived, reason: reason)
    }
  }

  struct Terms: RemoteCommand {
    typealias Response = OrdersV1.ListClaimTermsResponse
    static let configuration = CommandConfiguration(
      abstract: "By what goods are claimed: from carriers with terms of their own, and all others.")
    static let method = Methods.listClaimTerms
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListClaimTermsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct SetTerms: RemoteCommand {
    typealias Response = OrdersV1.SetClaimTermsResponse
    static let configuration = CommandConfiguration(
      abstract: "Say by what goods are claimed from carriers.")
    static let method = Methods.setClaimTerms
    @Argument(
      help: ArgumentHelp("By what: \(bases.help)."), transform: bases.callAsFunction)
    var basis: OrdersV1.ClaimBasis
    @Option(name: .long, help: "From this carrier; from all others when absent.")
    var carrier: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetClaimTermsRequest { .init(carrier: carrier, basis: basis) }
  }
}
