internal import Notifications
package import Senders

/// What a server sends notices with, as its configuration says.
package struct NoticeSettings: Sendable {
  /// Nil where no mail server is named.
  package let mail: (any NoticeSender)?
  /// Nil where nothing is sent to programs.
  package let poster: WebhookPoster?
  /// What requests are signed with, by name; the newest first of each.
  package let webhookKeys: [String: [WebhookKey]]
  /// Whether a network that is not public is allowed for webhooks.
  package let allowsPrivateNetworks: Bool

  package init(
    mail: (any NoticeSender)? = nil, poster: WebhookPoster? = nil,
    webhookKeys: [String: [WebhookKey]] = [:], allowsPrivateNetworks: Bool = false
  ) {
    self.mail = mail
    self.poster = poster
    self.webhookKeys = webhookKeys
    self.allowsPrivateNetworks = allowsPrivateNetworks
  }

  /// Text messages and WeChat have an interface, `NoticeSender`, and no sender yet.
  func sender(for channel: NoticeChannel) -> (any NoticeSender)? {
    switch channel {
    case .email: mail
    case .sms, .wechat, .webhook: nil
    }
  }

  /// Channels of people that something can be sent by.
  var channels: Set<NoticeChannel> { Set(NoticeChannel.allCases.filter { sender(for: $0) != nil }) }

  var webhookTerms: WebhookTerms {
    WebhookTerms(
      keys: poster == nil ? [] : Set(webhookKeys.keys), allowsPlain: allowsPrivateNetworks)
  }
}

/// What has become of notices since the server was started, and what waits.
package struct NoticeStatistics: Hashable, Sendable {
  /// The other side has taken them.
  package var sent = 0
  /// Tries that failed and are made again.
  package var failed = 0
  /// Given up: refused for good, or too often.
  package var dead = 0
  /// What waits to be sent, now.
  package var pending = 0
  /// What waits for somebody to retry or discard it, now.
  package var deadLetters = 0

  package init() {}
}
