internal import ArgumentParser
internal import Messages
internal import RPC
internal import Values

private typealias Methods = ProductionV1.ProductionServiceMethods
private let states = Choice(ProductionV1.WorkOrderState.allCases, \.name)

/// `joinery work-order …`
struct WorkOrderCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work-order", abstract: "What the workshop makes.",
    subcommands: [
      Plan.self, Release.self, Issue.self, Report.self, Complete.self, Close.self, Cancel.self,
      Show.self, List.self, Bill.self, SetBill.self, SetWorkCentre.self,
    ])

  struct Plan: RemoteCommand {
    typealias Response = ProductionV1.PlanWorkOrderResponse
    static let configuration = CommandConfiguration(abstract: "Plan a work order for stock.")
    static let method = Methods.planWorkOrder
    @Argument(help: "Product to make.") var sku: String
    @Argument(help: "How much.") var quantity: QuantityArgument
    @Option(name: .shortAndLong, help: "Warehouse.") var warehouse: String
    @Option(name: .long, help: "When it must be ready.") var dueOn: DayArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> ProductionV1.PlanWorkOrderRequest {
      .init(
        sku: sku, quantity: quantity.message, warehouseCode: warehouse, dueOn: dueOn?.message)
    }
  }

  struct Release: RemoteCommand {
    typealias Response = ProductionV1.ReleaseWorkOrderResponse
    static let configuration = CommandConfiguration(abstract: "Give a work order to the workshop.")
    static let method = Methods.releaseWorkOrder
    @Argument(help: "Work order number.") var number: String
    @Option(name: .long, help: "Release although material is missing, for this reason.")
    var overrideReason: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> ProductionV1.ReleaseWorkOrderRequest {
      .init(number: number, overrideReason: overrideReason)
    }
  }

  struct Issue: RemoteCommand {
    typealias Response = ProductionV1.IssueMaterialsResponse
    static let configuration = CommandConfiguration(
      abstract: "Take material (all that is reserved when none is named).")
    static let method = Methods.issueMaterials
    @Argument(help: "Work order number.") var number: String
    @Option(name: .shortAndLong, help: ArgumentHelp("A component.", valueName: "sku:quantity"))
    var component: [NamedQuantityArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> ProductionV1.IssueMaterialsRequest {
      .init(
        number: number, components: component.map { .init(sku: $0.sku, quantity: $0.quantity) })
    }
  }

  struct Report: RemoteCommand {
    typealias Response = ProductionV1.ReportOperationResponse
    static let configuration = CommandConfiguration(abstract: "Record the minutes of an operation.")
    static let method = Methods.reportOperation
    @Argument(help: "Work order number.") var number: String
    @Argument(help: "Operation.") var sequence: Int32
    @Option(name: .shortAndLong, help: "Minutes worked.") var minutes: QuantityArgument
    @Flag(name: .long, help: "The operation is finished.") var done = false
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> ProductionV1.ReportOperationRequest {
      .init(
        number: number, sequence: sequence, minutesMicros: minutes.message.micros, done: done)
    }
  }

  struct Complete: RemoteCommand {
    typealias Response = ProductionV1.CompleteWorkOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Record what came out (all that is open, as good, when nothing is given).")
    static let method = Methods.completeWorkOrder
    @Argument(help: "Work order number.") var number: String
    @Option(name: .long, help: "What is good.") var good: QuantityArgument?
    @Option(name: .long, help: "What was scrapped.") var scrapped: QuantityArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> ProductionV1.CompleteWorkOrderRequest {
      .init(number: number, good: good?.message, scrapped: scrapped?.message)
    }
  }

  struct Close: RemoteCommand {
    typealias Response = ProductionV1.CloseWorkOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "End a work order; the rest of its cost is variance, what it owes is planned anew.")
    static let method = Methods.closeWorkOrder
    @Argument(help: "Work order number.") var number: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> ProductionV1.CloseWorkOrderRequest { .init(number: number) }
  }

  struct Cancel: RemoteCommand {
    typealias Response = ProductionV1.CancelWorkOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Call off a work order that has used nothing yet; what it owes is planned anew.")
    static let method = Methods.cancelWorkOrder
    @Argument(help: "Work order number.") var number: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> ProductionV1.CancelWorkOrderRequest { .init(number: number) }
  }

  struct Show: RemoteCommand {
    typealias Response = ProductionV1.GetWorkOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "One work order with material and operations.")
    static let method = Methods.getWorkOrder
    @Argument(help: "Work order number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> ProductionV1.GetWorkOrderRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = ProductionV1.ListWorkOrdersResponse
    static let configuration = CommandConfiguration(abstract: "Work orders, the newest first.")
    static let method = Methods.listWorkOrders
    @Option(
      name: .long, help: ArgumentHelp("Only in this state: \(states.help)."),
      transform: states.callAsFunction)
    var state: ProductionV1.WorkOrderState?
    @Option(name: .long, help: "Only for this sales order.") var order: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> ProductionV1.ListWorkOrdersRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, state: state ?? .unspecified,
        orderNumber: order)
    }
  }

  struct Bill: RemoteCommand {
    typealias Response = ProductionV1.GetBillOfMaterialResponse
    static let configuration = CommandConfiguration(
      commandName: "bill-of-material", abstract: "What goes into a product and how it is made.")
    static let method = Methods.getBillOfMaterial
    @Argument(help: "Product.") var sku: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> ProductionV1.GetBillOfMaterialRequest { .init(sku: sku) }
  }
}
