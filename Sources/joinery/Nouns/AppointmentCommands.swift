internal import ArgumentParser
internal import Messages
internal import RPC
internal import Values

private typealias Methods = OrdersV1.AppointmentServiceMethods
private let kinds = Choice(OrdersV1.SlotKind.allCases, \.name)
private let missers = Choice(OrdersV1.MissedBy.allCases, \.name)

/// `joinery appointment …`
struct AppointmentCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "appointment",
    abstract: "When goods are brought and put together: slots of crews, and who has them.",
    subcommands: [
      Offer.self, Book.self, Move.self, Release.self, Miss.self, Complete.self, Show.self,
      List.self, Slots.self, SetSlot.self, Times.self, SetTime.self,
    ])

  struct Offer: RemoteCommand {
    typealias Response = OrdersV1.OfferSlotsResponse
    static let configuration = CommandConfiguration(
      abstract: "Slots that an order could have, the earliest first, and why none before.")
    static let method = Methods.offerSlots
    @Argument(help: "Order number.") var order: String
    @Option(
      name: .long, help: ArgumentHelp("What is to be done: \(kinds.help)."),
      transform: kinds.callAsFunction)
    var kind: OrdersV1.SlotKind = .delivery
    @Option(name: .long, help: "Not before this day.") var from: DayArgument?
    @Option(name: .long, help: "Minutes that it takes; what the products say when absent.")
    var minutes: Int64 = 0
    @Option(name: .long, help: "How many.") var limit: Int32 = 10
    @Option(
      name: .long,
      help: "Id of the address to which parts of it go; where the order goes when absent.")
    var address: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.OfferSlotsRequest {
      .init(
        orderNumber: order, kind: kind, from: from?.message, minutes: minutes, limit: limit,
        addressId: address)
    }
  }

  struct Book: RemoteCommand {
    typealias Response = OrdersV1.BookAppointmentResponse
    static let configuration = CommandConfiguration(
      abstract: "Book a slot for an order: `book SO-2026-000001 HZ-A-0312`.")
    static let method = Methods.bookAppointment
    @Argument(help: "Order number.") var order: String
    @Argument(help: "Code of the slot.") var slot: String
    @Option(name: .long, help: "Minutes that it takes; what the products say when absent.")
    var minutes: Int64 = 0
    @Option(
      name: .long,
      help: "Id of the address to which parts of it go; where the order goes when absent.")
    var address: Int64 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.BookAppointmentRequest {
      .init(orderNumber: order, slotCode: slot, minutes: minutes, addressId: address)
    }
  }

  struct Move: RemoteCommand {
    typealias Response = OrdersV1.MoveAppointmentResponse
    static let configuration = CommandConfiguration(
      abstract: "Move an appointment to another slot.")
    static let method = Methods.moveAppointment
    @Argument(help: "Its number.") var number: String
    @Argument(help: "Code of the slot.") var slot: String
    @Option(name: .long, help: "Why.") var reason: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.MoveAppointmentRequest {
      .init(number: number, slotCode: slot, reason: reason)
    }
  }

  struct Release: RemoteCommand {
    typealias Response = OrdersV1.ReleaseAppointmentResponse
    static let configuration = CommandConfiguration(
      abstract: "Give an appointment up: its slot is free again.")
    static let method = Methods.releaseAppointment
    @Argument(help: "Its number.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ReleaseAppointmentRequest {
      .init(number: number, reason: reason)
    }
  }

  struct Miss: RemoteCommand {
    typealias Response = OrdersV1.MissAppointmentResponse
    static let configuration = CommandConfiguration(
      abstract: "Nothing came of an appointment; another slot may be booked.")
    static let method = Methods.missAppointment
    @Argument(help: "Its number.") var number: String
    @Option(
      name: .long, help: ArgumentHelp("Whose doing that was: \(missers.help)."),
      transform: missers.callAsFunction)
    var by: OrdersV1.MissedBy
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.MissAppointmentRequest {
      .init(number: number, missedBy: by, reason: reason)
    }
  }

  struct Complete: RemoteCommand {
    typealias Response = OrdersV1.CompleteInstallationResponse
    static let configuration = CommandConfiguration(
      abstract: "What was brought is put together; the services that waited for it are done.")
    static let method = Methods.completeInstallation
    @Argument(help: "Number of the appointment.") var number: String
    @Option(name: .long, help: "What the crew reports.") var report: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CompleteInstallationRequest {
      .init(number: number, report: report)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetAppointmentResponse
    static let configuration = CommandConfiguration(
      abstract: "One appointment: when, what it takes, and why not sooner.")
    static let method = Methods.getAppointment
    @Argument(help: "Its number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetAppointmentRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListAppointmentsResponse
    static let configuration = CommandConfiguration(abstract: "Appointments, the newest first.")
    static let method = Methods.listAppointments
    @Option(name: .long, help: "Only of this order.") var order: String = ""
    @Option(name: .long, help: "Only in this slot.") var slot: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListAppointmentsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, orderNumber: order, slotCode: slot)
    }
  }
}

// The master data of appointments.
extension AppointmentCommands {
  struct Slots: RemoteCommand {
    typealias Response = OrdersV1.ListDeliverySlotsResponse
    static let configuration = CommandConfiguration(
      abstract: "Slots by day and time, and what of them is booked.")
    static let method = Methods.listDeliverySlots
    @Option(name: .long, help: "Only of this warehouse.") var warehouse: String = ""
    @Option(
      name: .long, help: ArgumentHelp("Only of this kind: \(kinds.help)."),
      transform: kinds.callAsFunction)
    var kind: OrdersV1.SlotKind = .unspecified
    @Option(name: .long, help: "From this day on; today when absent.") var from: DayArgument?
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListDeliverySlotsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, warehouseCode: warehouse, kind: kind,
        from: from?.message)
    }
  }

  struct SetSlot: RemoteCommand {
    typealias Response = OrdersV1.UpsertDeliverySlotsResponse
    static let configuration = CommandConfiguration(
      abstract: "Add or change a slot, or one for each of some days.",
      discussion: """
        joinery appointment set-slot HZ-A --warehouse MAIN --crew A --zone HZ --day 2026-03-12 \\
          --begins 09:00 --ends 12:00 --stops 4 --volume 12000000 --days 30

        With --days the codes end with the day: HZ-A-20260312, HZ-A-20260313, …
        """)
    static let method = Methods.upsertDeliverySlots
    @Argument(help: "Names it for ever.") var code: String
    @Option(
      name: .long, help: ArgumentHelp("What the crew does: \(kinds.help)."),
      transform: kinds.callAsFunction)
    var kind: OrdersV1.SlotKind = .delivery
    @Option(name: .long, help: "The warehouse whose orders it serves.") var warehouse: String
    @Option(name: .long, help: "The crew.") var crew: String
    @Option(name: .long, help: "The delivery zone; any when absent.") var zone: String = ""
    @Option(name: .long, help: "The day.") var day: DayArgument
    @Option(name: .long, help: "So many days in a row.") var days: Int?
    @Option(name: .long, help: "When it begins.") var begins: ClockArgument
    @Option(name: .long, help: "When it ends; 24:00 for the end of the day.")
    var ends: ClockArgument
    @Option(name: .long, help: "How many customers; 0 for none any more.") var stops: Int32
    @Option(name: .long, help: "Minutes of work in all; no limit when absent.")
    var minutes: Int64?
    @Option(name: .long, help: "Room for goods in all, in cubic centimetres; no limit when absent.")
    var volume: Int64?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }

    func validate() throws {
      if let days, !(1...366).contains(days) { throw ValidationError("--days is 1 to 366") }
    }

    func request() -> OrdersV1.UpsertDeliverySlotsRequest {
      .init(slots: (0..<(days ?? 1)).map(slot))
    }

    private func slot(_ index: Int) -> OrdersV1.DeliverySlot {
      let date = day.message
      let first = Day(year: Int(date.year), month: Int(date.month), day: Int(date.day))
      let found = first?.adding(days: index)
      let suffix = days == nil ? "" : "-\((found?.description ?? "").replacing("-", with: ""))"
      return .init(
        code: code + suffix, kind: kind, warehouseCode: warehouse, zoneCode: zone, crewCode: crew,
        day: found.map {
          .init(year: Int32($0.year), month: Int32($0.month), day: Int32($0.day))
        }, beginsMinute: begins.minute, endsMinute: ends.minute, stops: stops, minutes: minutes,
        volumeCcm: volume)
    }
  }

  struct Times: RemoteCommand {
    typealias Response = OrdersV1.ListAssemblyTimesResponse
    static let configuration = CommandConfiguration(
      abstract: "How long it takes to put products together.")
    static let method = Methods.listAssemblyTimes
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListAssemblyTimesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct SetTime: RemoteCommand {
    typealias Response = OrdersV1.UpsertAssemblyTimesResponse
    static let configuration = CommandConfiguration(
      abstract: "Say how long it takes to put a product together: `set-time WARDROBE 90`.")
    static let method = Methods.upsertAssemblyTimes
    @Argument(help: "Sku.") var sku: String
    @Argument(help: "Minutes for each unit.") var minutes: Int64
    @Option(
      name: .long, help: "More for each cubic metre of what a customer chose of a configurable one."
    )
    var perCubicMetre: Int64 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.UpsertAssemblyTimesRequest {
      .init(times: [
        .init(sku: sku, minutes: minutes, minutesPerCubicMetre: perCubicMetre)
      ])
    }
  }
}

/// "09:30", up to "24:00".
struct ClockArgument: ExpressibleByArgument {
  /// After midnight.
  let minute: Int32

  init?(argument: String) {
    let parts = argument.split(separator: ":")
    guard parts.count == 2, parts[1].count == 2, let hour = Int32(parts[0]),
      let rest = Int32(parts[1]), (0...24).contains(hour), (0..<60).contains(rest),
      hour * 60 + rest <= 1_440
    else { return nil }
    minute = hour * 60 + rest
  }
}
