package import MasterData
internal import Storage

/// How somebody is told.
package enum NoticeChannel: String, Hashable, Sendable, CaseIterable {
  case email = "EMAIL"
  case webhook = "WEBHOOK"
  case sms = "SMS"
  case wechat = "WECHAT"

  /// As customers speak of it when they consent; nil for what only programs are told by.
  package var consent: Consent.Channel? {
    switch self {
    case .email: .email
    case .sms: .sms
    case .wechat: .wechat
    case .webhook: nil
    }
  }

  /// Whether a text of it begins with a subject.
  package var hasSubject: Bool { self == .email }
}

extension NoticeChannel: Bindable {}
