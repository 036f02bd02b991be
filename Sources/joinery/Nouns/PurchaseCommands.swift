internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = PurchasingV1.PurchasingServiceMethods
private let states = Choice(PurchasingV1.RequisitionState.allCases, \.name)

/// `joinery purchase …`
struct PurchaseCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purchase", abstract: "Requisitions, purchase orders, receipts and bills.",
    subcommands: [
      Requisitions.self, Order.self, Show.self, List.self, Confirm.self, Reschedule.self,
      Cancel.self, Receive.self, Bill.self,
    ])

  struct Requisitions: RemoteCommand {
    typealias Response = PurchasingV1.ListRequisitionsResponse
    static let configuration = CommandConfiguration(abstract: "What somebody needs us to buy.")
    static let method = Methods.listRequisitions
    @Option(
      name: .long, help: ArgumentHelp("Only in this state: \(states.help)."),
      transform: states.callAsFunction)
    var state: PurchasingV1.RequisitionState?
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> PurchasingV1.ListRequisitionsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, state: state ?? .unspecified)
    }
  }

  struct Order: RemoteCommand {
    typealias Response = PurchasingV1.CreatePurchaseOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Order goods from a supplier, for requisitions or on its own.")
    static let method = Methods.createPurchaseOrder
    @Option(name: .shortAndLong, help: "Supplier.") var supplier: String
    @Option(name: .shortAndLong, help: "Warehouse that receives.") var warehouse: String
    @Option(name: .shortAndLong, help: "Number of a requisition to order; give it again for more.")
    var requisition: [String] = []
    @Option(
      name: .shortAndLong, help: ArgumentHelp("Goods to order beside.", valueName: "sku:quantity"))
    var line: [NamedQuantityArgument] = []
    @Option(name: .long, help: "When the goods are expected.") var expectedOn: DayArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PurchasingV1.CreatePurchaseOrderRequest {
      .init(
        supplierCode: supplier, warehouseCode: warehouse,
        lines: requisition.map { .init(requisitionNumber: $0) }
          + line.map { .init(sku: $0.sku, quantity: $0.quantity) },
        expectedOn: expectedOn?.message)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = PurchasingV1.GetPurchaseOrderResponse
    static let configuration = CommandConfiguration(abstract: "One purchase order.")
    static let method = Methods.getPurchaseOrder
    @Argument(help: "Purchase order number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> PurchasingV1.GetPurchaseOrderRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = PurchasingV1.ListPurchaseOrdersResponse
    static let configuration = CommandConfiguration(abstract: "Purchase orders, the newest first.")
    static let method = Methods.listPurchaseOrders
    @Option(name: .shortAndLong, help: "Only from this supplier.") var supplier: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> PurchasingV1.ListPurchaseOrdersRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, supplierCode: supplier)
    }
  }

  struct Reschedule: RemoteCommand {
    typealias Response = PurchasingV1.ReschedulePurchaseOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Record that what has not come is expected on another day.")
    static let method = Methods.reschedulePurchaseOrder
    @Argument(help: "Purchase order number.") var number: String
    @Option(name: .long, help: "When the goods are expected.") var expectedOn: DayArgument
    @Option(name: .long, help: "Why.") var reason: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PurchasingV1.ReschedulePurchaseOrderRequest {
      .init(number: number, expectedOn: expectedOn.message, reason: reason)
    }
  }

  struct Confirm: RemoteCommand {
    typealias Response = PurchasingV1.ConfirmPurchaseOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Record that the supplier has confirmed the order, perhaps for another day.")
    static let method = Methods.confirmPurchaseOrder
    @Argument(help: "Purchase order number.") var number: String
    @Option(name: .long, help: "The supplier's own number of it.") var reference: String = ""
    @Option(name: .long, help: "When the goods are expected; as it is when absent.")
    var expectedOn: DayArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PurchasingV1.ConfirmPurchaseOrderRequest {
      .init(number: number, supplierReference: reference, expectedOn: expectedOn?.message)
    }
  }

  struct Cancel: RemoteCommand {
    typealias Response = PurchasingV1.CancelPurchaseOrderResponse
    static let configuration = CommandConfiguration(abstract: "Cancel what has not been received.")
    static let method = Methods.cancelPurchaseOrder
    @Argument(help: "Purchase order number.") var number: String
    @Option(name: .long, help: "Why.") var reason: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PurchasingV1.CancelPurchaseOrderRequest {
      .init(number: number, reason: reason)
    }
  }

  struct Receive: RemoteCommand {
    typealias Response = PurchasingV1.ReceiveGoodsResponse
    static let configuration = CommandConfiguration(
      abstract: "Take goods in (all that is open when no line is given).")
    static let method = Methods.receiveGoods
    @Argument(help: "Purchase order number.") var number: String
    @Option(name: .shortAndLong, help: ArgumentHelp("A line.", valueName: "line:quantity"))
    var line: [NumberedQuantityArgument] = []
    @Option(name: .long, help: "Number of the supplier's delivery note.") var deliveryNote: String =
      ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PurchasingV1.ReceiveGoodsRequest {
      .init(
        purchaseOrderNumber: number,
        lines: line.map { .init(lineNumber: $0.line, quantity: $0.quantity) },
        deliveryNote: deliveryNote)
    }
  }

  struct Bill: RemoteCommand {
    typealias Response = PurchasingV1.EnterSupplierBillResponse
    static let configuration = CommandConfiguration(
      abstract: "Enter a supplier's bill (for all that is received when no line is given).")
    static let method = Methods.enterSupplierBill
    @Argument(help: "Purchase order number.") var number: String
    @Option(name: .long, help: "The supplier's number of the bill.") var billNumber: String
    @Option(name: .shortAndLong, help: ArgumentHelp("A line.", valueName: "line:quantity"))
    var line: [NumberedQuantityArgument] = []
    @Option(name: .long, help: "Tax on the bill.") var tax: MoneyArgument?
    @Option(name: .long, help: "Date on the bill.") var billedOn: DayArgument?
    @Option(name: .long, help: "When it is due.") var dueOn: DayArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PurchasingV1.EnterSupplierBillRequest {
      .init(
        purchaseOrderNumber: number, billNumber: billNumber, billedOn: billedOn?.message,
        dueOn: dueOn?.message,
        lines: line.map { .init(lineNumber: $0.line, quantity: $0.quantity) }, tax: tax?.message)
    }
  }
}

/// `joinery supplier …`
struct SupplierCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supplier", abstract: "Who sells to us.",
    subcommands: [Set.self, List.self, SetPrice.self])

  struct Set: RemoteCommand {
    typealias Response = PurchasingV1.UpsertSuppliersResponse
    static let configuration = CommandConfiguration(
      abstract: "Add or change a supplier.",
      discussion: "Of a supplier that is there already, only what is given changes.")
    static let method = Methods.upsertSuppliers
    @Argument(help: "Code.") var code: String
    @Option(name: .shortAndLong, help: "Name.") var name: String?
    @Option(name: .long, help: "Usual days from order to receipt.") var leadDays: Int32?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> PurchasingV1.UpsertSuppliersRequest {
      let given = [("name", name != nil), ("lead_days", leadDays != nil)]
      return .init(
        suppliers: [.init(code: code, name: name ?? "", leadDays: leadDays ?? 0)],
        updateMask: given.filter(\.1).map(\.0))
    }
  }

  struct List: RemoteCommand {
    typealias Response = PurchasingV1.ListSuppliersResponse
    static let configuration = CommandConfiguration(abstract: "Suppliers by code.")
    static let method = Methods.listSuppliers
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> PurchasingV1.ListSuppliersRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }
}
