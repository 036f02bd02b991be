internal import ArgumentParser
private import Foundation
internal import Messages
internal import RPC

private typealias Methods = NotificationsV1.NotificationServiceMethods
private let channels = Choice(NotificationsV1.NoticeChannel.allCases, \.name)
private let purposes = Choice(NotificationsV1.NoticePurpose.allCases, \.name)

/// `joinery notice-rule …`
struct NoticeRuleCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notice-rule", abstract: "Who is told of which events by which channel.",
    subcommands: [Set.self, List.self])

  struct Set: RemoteCommand {
    typealias Response = NotificationsV1.SetNoticeRuleResponse
    static let configuration = CommandConfiguration(
      abstract: "Say who is told of an event, from now on: the customer, or mailboxes.")
    static let method = Methods.setNoticeRule
    @Argument(help: "Code.") var code: String
    @Option(name: .long, help: "Type of the event (order.confirmed).") var event: String
    @Option(name: .long, help: "How: \(channels.help).") var channel = "email"
    @Option(
      name: .long,
      help: "Mailbox of a department or somebody of the house; again for more. (the customer)")
    var to: [String] = []
    @Option(name: .long, help: "What for: \(purposes.help).") var purpose = "order"
    @Option(name: .long, help: "Language where the customer has none of its own.")
    var locale = "zh-CN"
    @Option(name: .long, help: "Mailboxes: only of what this role is to decide.") var role = ""
    @Option(name: .long, help: "Mailboxes: only of customers of this store.") var store = ""
    @Option(name: .long, help: ArgumentHelp("Send nothing then.", valueName: "22:00-07:00"))
    var quiet: QuietHoursArgument?
    @Option(name: .long, help: "To one recipient within an hour at most; more waits.")
    var hourly: Int32 = 0
    @Flag(name: .long, help: "Tell nobody any more.") var inactive = false
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() throws -> NotificationsV1.SetNoticeRuleRequest {
      .init(
        rule: .init(
          code: code, eventType: event, channel: try channels(channel),
          audience: to.isEmpty ? .customer : .staff, purpose: try purposes(purpose),
          locale: locale, addresses: to, active: !inactive, role: role, storeCode: store,
          quietHours: quiet?.message, hourlyLimit: hourly))
    }
  }

  struct List: RemoteCommand {
    typealias Response = NotificationsV1.ListNoticeRulesResponse
    static let configuration = CommandConfiguration(abstract: "All rules.")
    static let method = Methods.listNoticeRules
    @OptionGroup var connection: ConnectionOptions
    func request() -> NotificationsV1.ListNoticeRulesRequest { .init() }
  }
}

/// "22:00-07:00".
struct QuietHoursArgument: ExpressibleByArgument {
  let message: NotificationsV1.QuietHours

  init?(argument: String) {
    guard let minutes = MinutesArgument(argument: argument) else { return nil }
    message = .init(fromMinute: minutes.from, untilMinute: minutes.until)
  }
}

/// Which template, by its three names.
struct NoticeTemplateName: ParsableArguments {
  @Argument(help: "Type of the event (order.confirmed).") var event: String
  @Option(name: .long, help: "How it is sent: \(channels.help).") var channel = "email"
  @Option(name: .long, help: "en, zh-CN or another.") var locale = "zh-CN"
  @Flag(name: .long, help: "The one for staff, not that for customers.") var staff = false

  var audience: NotificationsV1.NoticeAudience { staff ? .staff : .customer }
}

/// `joinery notice-template …`
struct NoticeTemplateCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notice-template", abstract: "The texts of notices.",
    discussion: """
      {{order.number}} stands for a value, {{#lines}} … {{/lines}} is repeated for each line, \
      {{#order.requested_on}} … {{/order.requested_on}} is there only where the value is.
      """,
    subcommands: [Set.self, List.self, Show.self, Preview.self])

  struct Set: RemoteCommand {
    typealias Response = NotificationsV1.SetNoticeTemplateResponse
    static let configuration = CommandConfiguration(
      abstract: "Write a template anew; notices from then on use it.")
    static let method = Methods.setNoticeTemplate
    @OptionGroup var name: NoticeTemplateName
    @Option(name: .long, help: "Subject, of an e-mail.") var subject = ""
    @Option(name: .long, help: ArgumentHelp("File with the text.", valueName: "file"))
    var body: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() throws -> NotificationsV1.SetNoticeTemplateRequest {
      .init(
        template: .init(
          eventType: name.event, channel: try channels(name.channel), locale: name.locale,
          subject: subject, body: try NoticeTemplateCommands.text(of: body),
          audience: name.audience))
    }
  }

  struct List: RemoteCommand {
    typealias Response = NotificationsV1.ListNoticeTemplatesResponse
    static let configuration = CommandConfiguration(
      abstract: "All templates, without their texts.")
    static let method = Methods.listNoticeTemplates
    @Argument(help: "Type of the event; all when absent.") var event: String?
    @OptionGroup var connection: ConnectionOptions
    func request() -> NotificationsV1.ListNoticeTemplatesRequest {
      .init(eventType: event ?? "")
    }
  }

  struct Show: RemoteCommand {
    typealias Response = NotificationsV1.GetNoticeTemplateResponse
    static let configuration = CommandConfiguration(
      abstract: "One template with its text and the placeholders that it may use.")
    static let method = Methods.getNoticeTemplate
    @OptionGroup var name: NoticeTemplateName
    @OptionGroup var connection: ConnectionOptions
    func request() throws -> NotificationsV1.GetNoticeTemplateRequest {
      .init(
        eventType: name.event, channel: try channels(name.channel), locale: name.locale,
        audience: name.audience)
    }
  }

  struct Preview: RemoteCommand {
    typealias Response = NotificationsV1.PreviewNoticeResponse
    static let configuration = CommandConfiguration(
      abstract: "What a template makes of an order, a shipment or a quote; nothing is sent.")
    static let method = Methods.previewNotice
    @OptionGroup var name: NoticeTemplateName
    @Option(name: .long, help: "Number of the order, shipment or quote.") var document: String
    @Option(name: .long, help: "Subject to try instead of the one that is stored.")
    var subject = ""
    @Option(
      name: .long,
      help: ArgumentHelp("File with a text to try instead.", valueName: "file"))
    var body: String?
    @OptionGroup var connection: ConnectionOptions
    func request() throws -> NotificationsV1.PreviewNoticeRequest {
      .init(
        template: .init(
          eventType: name.event, channel: try channels(name.channel), locale: name.locale,
          subject: subject, body: try body.map { try NoticeTemplateCommands.text(of: $0) } ?? "",
          audience: name.audience),
        documentNumber: document)
    }
  }

  fileprivate static func text(of path: String) throws -> String {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw Failure("cannot read \(path)")
    }
    return text
  }
}
