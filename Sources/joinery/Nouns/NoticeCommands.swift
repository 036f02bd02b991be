internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = NotificationsV1.NotificationServiceMethods
private let states = Choice(NotificationsV1.NoticeState.allCases, \.name)
private let channels = Choice(NotificationsV1.NoticeChannel.allCases, \.name)

/// `joinery notice …`
struct NoticeCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notice", abstract: "What customers, staff and programs were told.",
    subcommands: [
      List.self, Show.self, Retry.self, Discard.self, Prefer.self, Preference.self,
    ])

  struct List: RemoteCommand {
    typealias Response = NotificationsV1.ListNoticesResponse
    static let configuration = CommandConfiguration(abstract: "Notices, the newest first.")
    static let method = Methods.listNotices
    @Option(name: .long, help: "Only in this state: \(states.help).") var state: String?
    @Option(name: .long, help: "Only about this order, quote or other document.")
    var document: String?
    @Option(name: .shortAndLong, help: "Only about this customer.") var customer: String?
    @Option(name: .long, help: "Only to this webhook.") var webhook: String?
    @Option(name: .long, help: "Only by this rule.") var rule: String?
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func validate() throws {
      if webhook != nil, rule != nil { throw ValidationError("give --webhook or --rule") }
    }
    func request() throws -> NotificationsV1.ListNoticesRequest {
      .init(
        state: try state.map { try states($0) } ?? .unspecified, documentNumber: document ?? "",
        customerCode: customer ?? "",
        origin: webhook.map { "webhook \($0)" } ?? rule.map { "rule \($0)" } ?? "",
        pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = NotificationsV1.GetNoticeResponse
    static let configuration = CommandConfiguration(abstract: "One notice with its text.")
    static let method = Methods.getNotice
    @Argument(help: "Its id.") var id: Int64
    @OptionGroup var connection: ConnectionOptions
    func request() -> NotificationsV1.GetNoticeRequest { .init(id: id) }
  }

  struct Retry: RemoteCommand {
    typealias Response = NotificationsV1.RetryNoticeResponse
    static let configuration = CommandConfiguration(
      abstract: "Send a notice that is dead or discarded after all, or one that waits now.")
    static let method = Methods.retryNotice
    @Argument(help: "Its id.") var id: Int64
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> NotificationsV1.RetryNoticeRequest { .init(id: id) }
  }

  struct Discard: RemoteCommand {
    typealias Response = NotificationsV1.DiscardNoticeResponse
    static let configuration = CommandConfiguration(
      abstract: "Decide that a notice that is dead or waits is not sent.")
    static let method = Methods.discardNotice
    @Argument(help: "Its id.") var id: Int64
    @Option(name: .shortAndLong, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> NotificationsV1.DiscardNoticeRequest { .init(id: id, reason: reason) }
  }

  struct Prefer: RemoteCommand {
    typealias Response = NotificationsV1.SetNoticePreferenceResponse
    static let configuration = CommandConfiguration(
      abstract: "Write down in which language a customer wants to be told, and how.")
    static let method = Methods.setNoticePreference
    @Argument(help: "Customer.") var customer: String
    @Option(name: .long, help: "en, zh-CN or another; that of the rule when absent.")
    var locale: String?
    @Option(name: .long, help: "By this channel alone: \(channels.help).") var channel: String?
    @Option(name: .long, help: ArgumentHelp("Never then.", valueName: "22:00-07:00"))
    var quiet: QuietHoursArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() throws -> NotificationsV1.SetNoticePreferenceRequest {
      .init(
        preference: .init(
          customerCode: customer, locale: locale ?? "",
          channel: try channel.map { try channels($0) } ?? .unspecified,
          quietHours: quiet?.message))
    }
  }

  struct Preference: RemoteCommand {
    typealias Response = NotificationsV1.GetNoticePreferenceResponse
    static let configuration = CommandConfiguration(
      abstract: "How a customer wants to be told.")
    static let method = Methods.getNoticePreference
    @Argument(help: "Customer.") var customer: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> NotificationsV1.GetNoticePreferenceRequest {
      .init(customerCode: customer)
    }
  }
}

/// `joinery webhook …`
struct WebhookCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "webhook", abstract: "Programs that are told of events by signed requests.",
    subcommands: [Set.self, List.self, Test.self])

  struct Set: RemoteCommand {
    typealias Response = NotificationsV1.SetWebhookResponse
    static let configuration = CommandConfiguration(
      abstract: "Say which program is told of which events, from now on.")
    static let method = Methods.setWebhook
    @Argument(help: "Code.") var code: String
    @Option(name: .long, help: "Where requests go: https://….") var url: String
    @Option(
      name: .long, help: "Type (order.confirmed) or noun (order.*); give it again for more.")
    var event: [String]
    @Option(name: .long, help: "Name of the server's --webhook-key to sign with.")
    var keyName: String
    @Flag(name: .long, help: "Tell it nothing any more.") var inactive = false
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> NotificationsV1.SetWebhookRequest {
      .init(
        webhook: .init(
          code: code, url: url, events: event, keyName: keyName, active: !inactive))
    }
  }

  struct List: RemoteCommand {
    typealias Response = NotificationsV1.ListWebhooksResponse
    static let configuration = CommandConfiguration(abstract: "All webhooks.")
    static let method = Methods.listWebhooks
    @OptionGroup var connection: ConnectionOptions
    func request() -> NotificationsV1.ListWebhooksRequest { .init() }
  }

  struct Test: RemoteCommand {
    typealias Response = NotificationsV1.TestWebhookResponse
    static let configuration = CommandConfiguration(
      abstract: "Send a webhook an event webhook.tested.",
      discussion: "What became of it: joinery notice list --webhook CODE.")
    static let method = Methods.testWebhook
    @Argument(help: "Code.") var code: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> NotificationsV1.TestWebhookRequest { .init(code: code) }
  }
}
