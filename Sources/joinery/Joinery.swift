internal import ArgumentParser
private import Foundation

@main
enum Program {
  /// The arguments as they were given, with what a server's settings say put in front.
  static func main() async {
    SuccessorProgram.note()
    let given = Array(CommandLine.arguments.dropFirst())
    var settings: ServeSettings?
    do {
      let layered = try ServeSettings(given, environment: ProcessInfo.processInfo.environment)
      settings = layered
      try CommandNames.check(layered.arguments, of: Joinery.self)
      var command = try Joinery.parseAsRoot(layered.arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      for note in settings?.notes(on: Joinery.fullMessage(for: error)) ?? [] {
        Terminal.standardError(note)
      }
      Joinery.exit(withError: error)
    }
  }
}

/// The one binary: the server, its tools, and a thin client of the same API as everyone else's.
struct Joinery: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "joinery",
    abstract: "Orders, stock, workshop and books of a furniture maker, from quote to cash.",
    discussion: """
      Start a server with `joinery serve`, then talk to it:

        joinery product list
        joinery order place --customer C-1001 --warehouse MAIN --line CHAIR-OAK:4
        joinery order show SO-2026-000001
        joinery call OrderService/GetOrder '{"number": "SO-2026-000001"}'

      Every client command takes --server (or JOINERY_SERVER), --output json for scripts, and \
      --dry-run where it would change something. Exit codes: 0 done, 1 refused by a rule, \
      2 unreachable or timed out, 64 wrong usage, 70 a fault of the server.
      """,
    version: Version.text,
    groupedSubcommands: [
      CommandGroup(
        name: "Server",
        subcommands: [
          Serve.self, ConfigCommands.self, Verify.self, BackupCommands.self,
          RestorationCommands.self, DatabaseCommands.self, RecoverAdministrator.self,
          AuditCommands.self,
        ]),
      CommandGroup(
        name: "Business",
        subcommands: [
          OpportunityCommands.self, QuoteCommands.self, BlanketCommands.self, PreorderCommands.self,
          OrderCommands.self, StageCommands.self,
          ApprovalCommands.self, ChangeCommands.self, DropShipCommands.self, PieceCommands.self,
          AppointmentCommands.self, ShipmentCommands.self, RemittanceCommands.self,
          ClaimCommands.self, CoverageCommands.self, TariffCommands.self,
          AssignmentCommands.self,
          ValidationCommands.self, MarketplaceCommands.self, CancellationCommands.self,
          ReturnCommands.self, ExchangeCommands.self, WarrantyCommands.self, RemakeCommands.self,
          DefectCommands.self,
          RepairCommands.self, ComplaintCommands.self,
          RefundCommands.self, PromiseCommands.self, AllocationCommands.self,
          ShortageCommands.self, Exceptions.self,
          InvoiceCommands.self, PaymentCommands.self, PayoutCommands.self, GiftCardCommands.self,
          PointsCommands.self,
          DunningCommands.self,
          StockCommands.self, TransferCommands.self, PurchaseCommands.self,
          WorkOrderCommands.self,
        ]),
      CommandGroup(
        name: "Master data and reports",
        subcommands: [
          ProductCommands.self, PriceCommands.self, ModelCommands.self, Configure.self,
          TemplateCommands.self,
          ConfigurationCommands.self, AttachmentCommands.self, CustomerCommands.self,
          SupplierCommands.self, CodeCommands.self, CompanyCommands.self, ExchangeRateCommands.self,
          ReportCommands.self, EventCommands.self, TillCommands.self,
        ]),
      CommandGroup(
        name: "Notices and rules",
        subcommands: [
          NoticeCommands.self, NoticeRuleCommands.self, NoticeTemplateCommands.self,
          WebhookCommands.self, RuleCommands.self,
        ]),
      CommandGroup(
        name: "Who may do what",
        subcommands: [
          Login.self, Logout.self, WhoAmI.self, PasswordCommand.self, PersonCommands.self,
          MachineCommands.self, PrincipalCommands.self, KeyCommands.self, RoleCommands.self,
          SessionCommands.self, FactorCommands.self, Confirm.self, DelegationCommands.self,
          GrantCommands.self, DutyCommands.self,
        ]),
      CommandGroup(name: "Any method", subcommands: [Call.self, Describe.self]),
    ])
}
