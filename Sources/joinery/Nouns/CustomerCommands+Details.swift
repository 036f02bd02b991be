internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = CustomersV1.CustomerServiceMethods
private let roles = Choice(CustomersV1.ContactRole.allCases, \.name)
private let contactChannels = Choice(CustomersV1.ContactChannel.allCases, \.name)
private let purposes = Choice(CustomersV1.ContactPurpose.allCases, \.name)

/// Whom to talk to, where goods go, and temporary limits.
extension CustomerCommands {
  struct SetContact: RemoteCommand {
    typealias Response = CustomersV1.SetContactResponse
    static let configuration = CommandConfiguration(
      abstract: "Add somebody to talk to, or change what is known of them.",
      discussion: "joinery customer set-contact C-1 --role site --name 李娜 --phone 13900002222")
    static let method = Methods.setContact
    @Argument(help: "Customer code.") var customer: String
    @Option(name: .long, help: "Its number, to change it; added without.") var id: Int64 = 0
    @Option(
      name: .long, help: ArgumentHelp("What they are asked about: \(roles.help)."),
      transform: roles.callAsFunction)
    var role: CustomersV1.ContactRole = .general
    @Option(name: .shortAndLong, help: "Name.") var name: String
    @Option(name: .long, help: "Phone number.") var phone: String = ""
    @Option(name: .long, help: "E-mail address.") var email: String = ""
    @Flag(name: .long, help: "The one to ask first in that role.") var preferred = false
    @Option(name: .long, help: "Only if it still has this version.") var expectedVersion: Int64 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CustomersV1.SetContactRequest {
      .init(
        customerCode: customer,
        contact: .init(
          id: id, role: role, name: name, phone: phone, email: email, preferred: preferred,
          version: expectedVersion))
    }
  }

  struct RemoveContact: RemoteCommand {
    typealias Response = CustomersV1.RemoveContactResponse
    static let configuration = CommandConfiguration(abstract: "Remove somebody to talk to.")
    static let method = Methods.removeContact
    @Argument(help: "Customer code.") var customer: String
    @Argument(help: "The contact's number.") var id: Int64
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CustomersV1.RemoveContactRequest { .init(customerCode: customer, id: id) }
  }

  struct SetAddress: RemoteCommand {
    typealias Response = CustomersV1.SetAddressResponse
    static let configuration = CommandConfiguration(
      abstract: "Add an address, or change it.",
      discussion: """
          joinery customer set-address C-1 --label Home --region 330106 --street 文三路1号 \\
            --floor 4 --default-for-delivery
          joinery order place --customer C-1 --warehouse MAIN --line SOFA:1 --address 1

        The delivery zone follows from the region (joinery price set-zones), freight from the zone.
        """)
    static let method = Methods.setAddress
    @Argument(help: "Customer code.") var customer: String
    @Option(name: .long, help: "Its number, to change it; added without.") var id: Int64 = 0
    @Option(name: .long, help: "What the customer calls it.") var label: String
    @Option(name: .long, help: "ISO 3166-1 alpha-2.") var country: String = "CN"
    @Option(name: .long, help: "Six digits of GB/T 2260 in China; elsewhere as of ISO 3166-2.")
    var region: String = ""
    @Option(name: .long, help: "Street and house.") var street: String
    @Option(name: .long, help: "Postcode.") var postcode: String = ""
    @Option(name: .long, help: "Floor; 0 is the ground.") var floor: Int32 = 0
    @Flag(name: .long, help: "There is a lift.") var lift = false
    @Option(name: .long, help: "Number of the contact who takes the goods.")
    var contact: Int64 = 0
    @Flag(name: .long, help: "Goods go there unless something else is said.")
    var defaultForDelivery = false
    @Flag(name: .long, help: "Invoices go there unless something else is said.")
    var defaultForInvoice = false
    @Flag(name: .long, help: "No longer in use.") var retired = false
    @Option(name: .long, help: "Only if it still has this version.") var expectedVersion: Int64 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CustomersV1.SetAddressRequest {
      .init(
        customerCode: customer,
        address: .init(
          id: id, label: label, countryCode: country, regionCode: region, street: street,
          postcode: postcode, floor: floor, hasLift: lift, contactId: contact,
          defaultForDelivery: defaultForDelivery, defaultForInvoice: defaultForInvoice,
          retired: retired, version: expectedVersion))
    }
  }

  struct RemoveAddress: RemoteCommand {
    typealias Response = CustomersV1.RemoveAddressResponse
    static let configuration = CommandConfiguration(
      abstract: "Remove an address; orders that named it keep what they say.")
    static let method = Methods.removeAddress
    @Argument(help: "Customer code.") var customer: String
    @Argument(help: "The address's number.") var id: Int64
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CustomersV1.RemoveAddressRequest { .init(customerCode: customer, id: id) }
  }

  struct GrantCredit: RemoteCommand {
    typealias Response = CustomersV1.GrantCreditResponse
    static let configuration = CommandConfiguration(
      abstract: "Ask for credit on some days, or for another limit; somebody else decides.")
    static let method = Methods.grantCredit
    @Argument(help: "Customer code.") var customer: String
    @Option(
      name: .long,
      help: "On top of the limit, or with --group the group's; else with --limit in its place.")
    var amount: MoneyArgument
    @Option(name: .long, help: "The first day; today when absent.") var from: DayArgument?
    @Option(name: .long, help: "The last day.") var until: DayArgument?
    @Flag(name: .long, help: "As the customer's limit, from the approval on.") var limit = false
    @Flag(name: .long, help: "As the limit of the customer's group, from the approval on.")
    var groupLimit = false
    @Flag(name: .long, help: "On top of the limit of the group that the customer heads.")
    var group = false
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func validate() throws {
      guard [limit, groupLimit, group].filter(\.self).count <= 1 else {
        throw ValidationError("--limit, --group-limit and --group do not go together")
      }
      guard (until != nil) != (limit || groupLimit) else {
        throw ValidationError("Give --until for some days, or --limit, or --group-limit")
      }
    }
    func request() -> CustomersV1.GrantCreditRequest {
      .init(
        customerCode: customer, amount: amount.message, validFrom: from?.message,
        validUntil: until?.message, reason: reason,
        kind: limit
          ? .limit : groupLimit ? .groupLimit : group ? .temporaryGroup : .temporary)
    }
  }

  struct DecideCredit: RemoteCommand {
    typealias Response = CustomersV1.DecideCreditResponse
    static let configuration = CommandConfiguration(
      abstract: "Approve a limit that was asked for; with --refuse, refuse or withdraw it.")
    static let method = Methods.decideCredit
    @Argument(help: "The limit's number, as `customer show` lists it.") var id: Int64
    @Flag(name: .long, help: "Refuse a pending one, withdraw an approved one.") var refuse = false
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CustomersV1.DecideCreditRequest { .init(id: id, approve: !refuse) }
  }
}

/// What customers said about being contacted, and groups of them.
extension CustomerCommands {
  struct Consent: RemoteCommand {
    typealias Response = CustomersV1.RecordConsentResponse
    static let configuration = CommandConfiguration(
      abstract: "Write down that a customer consents to be contacted, or no longer does.")
    static let method = Methods.recordConsent
    @Argument(help: "Customer code.") var customer: String
    @Option(
      name: .long, help: ArgumentHelp("How: \(contactChannels.help)."),
      transform: contactChannels.callAsFunction)
    var channel: CustomersV1.ContactChannel
    @Option(
      name: .long, help: ArgumentHelp("What for: \(purposes.help)."),
      transform: purposes.callAsFunction)
    var purpose: CustomersV1.ContactPurpose
    @Flag(name: .long, help: "No longer, or not at all.") var withdraw = false
    @Option(name: .long, help: "Where it was said.") var source: String
    @Option(name: .long, help: "Version of the text that was agreed to.")
    var textVersion: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CustomersV1.RecordConsentRequest {
      .init(
        customerCode: customer,
        consent: .init(
          channel: channel, purpose: purpose, given: !withdraw, source: source,
          textVersion: textVersion))
    }
  }

  struct Consents: RemoteCommand {
    typealias Response = CustomersV1.ListConsentsResponse
    static let configuration = CommandConfiguration(
      abstract: "All that a customer ever said about being contacted, the newest first.")
    static let method = Methods.listConsents
    @Argument(help: "Customer code.") var customer: String
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> CustomersV1.ListConsentsRequest {
      .init(customerCode: customer, pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct MayContact: RemoteCommand {
    typealias Response = CustomersV1.MayContactResponse
    static let configuration = CommandConfiguration(
      abstract: "Whether a customer may be contacted so, and why.")
    static let method = Methods.mayContact
    @Argument(help: "Customer code.") var customer: String
    @Option(
      name: .long, help: ArgumentHelp("How: \(contactChannels.help)."),
      transform: contactChannels.callAsFunction)
    var channel: CustomersV1.ContactChannel
    @Option(
      name: .long, help: ArgumentHelp("What for: \(purposes.help)."),
      transform: purposes.callAsFunction)
    var purpose: CustomersV1.ContactPurpose
    @OptionGroup var connection: ConnectionOptions
    func request() -> CustomersV1.MayContactRequest {
      .init(customerCode: customer, channel: channel, purpose: purpose)
    }
  }

  struct Tag: RemoteCommand {
    typealias Response = CustomersV1.TagCustomerResponse
    static let configuration = CommandConfiguration(
      abstract: "Give a customer tags, and take them away.")
    static let method = Methods.tagCustomer
    @Argument(help: "Customer code.") var customer: String
    @Option(name: .long, help: "A tag to give; again for more.") var add: [String] = []
    @Option(name: .long, help: "A tag to take away; again for more.") var remove: [String] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CustomersV1.TagCustomerRequest {
      .init(customerCode: customer, add: add, remove: remove)
    }
  }

  struct SetSegment: RemoteCommand {
    typealias Response = CustomersV1.UpsertSegmentsResponse
    static let configuration = CommandConfiguration(
      abstract: "Add or change a segment: criteria that are looked at anew each time.",
      discussion: """
          joinery customer set-segment ASLEEP --name 沉睡客户 --class VIP --region 33 \\
            --turnover-at-least 10000 --not-ordered-for 180
          joinery customer list --segment ASLEEP
        """)
    static let method = Methods.upsertSegments
    @Argument(help: "Code.") var code: String
    @Option(name: .shortAndLong, help: "Name.") var name: String
    @Option(name: .customLong("class"), help: "One of these classes; again for more.")
    var classes: [String] = []
    @Option(name: .customLong("store"), help: "At home in one of these stores; again for more.")
    var stores: [String] = []
    @Option(name: .customLong("tag"), help: "All of these tags; again for more.")
    var tags: [String] = []
    @Option(
      name: .customLong("region"),
      help: "An address whose region begins with one of these, such as 33 or DE-BY.")
    var regions: [String] = []
    @Option(name: .long, help: "Invoiced with tax, at least.") var turnoverAtLeast: MoneyArgument?
    @Option(name: .long, help: "Invoiced with tax, less than this.")
    var turnoverBelow: MoneyArgument?
    @Option(name: .long, help: "Within so many days.") var turnoverDays: Int32 = 365
    @Option(name: .customLong("ordered-within"), help: "Ordered within so many days.")
    var orderedWithinDays: Int32 = 0
    @Option(name: .customLong("not-ordered-for"), help: "Not ordered for so many days.")
    var notOrderedForDays: Int32 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CustomersV1.UpsertSegmentsRequest {
      .init(segments: [
        .init(
          code: code, name: name, customerClasses: classes, storeCodes: stores, tags: tags,
          regionPrefixes: regions, turnoverAtLeast: turnoverAtLeast?.message,
          turnoverBelow: turnoverBelow?.message, turnoverDays: turnoverDays,
          orderedWithinDays: orderedWithinDays, notOrderedForDays: notOrderedForDays)
      ])
    }
  }

  struct Segments: RemoteCommand {
    typealias Response = CustomersV1.ListSegmentsResponse
    static let configuration = CommandConfiguration(abstract: "Segments by code.")
    static let method = Methods.listSegments
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> CustomersV1.ListSegmentsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }
}
