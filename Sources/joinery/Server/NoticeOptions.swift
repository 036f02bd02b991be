internal import ArgumentParser
internal import Identity
internal import RPC
internal import Senders
internal import Services

/// What notices are sent with: a mail server, and keys for webhooks. Secrets stand in files, in
/// variables or in a safe, never on the command line.
struct NoticeOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Mail server that takes notices. (default: none)", valueName: "host:port"))
  var smtp: String?

  @Option(
    name: .customLong("smtp-security"),
    help: ArgumentHelp(
      "starttls, implicit (TLS from the first byte), or none: in the clear, for a relay that needs "
        + "no password.", valueName: "how"))
  var security = "starttls"

  @Option(
    name: .customLong("smtp-ca"),
    help: ArgumentHelp(
      "Authorities of the mail server's certificate (PEM). (default: the system's)",
      valueName: "file"))
  var mailAuthorities: String?

  @Option(name: .customLong("smtp-user"), help: ArgumentHelp("Who logs in.", valueName: "name"))
  var user: String?

  @Option(
    name: .customLong("smtp-password"),
    help: ArgumentHelp(
      "Its password: a file for its owner alone, env:NAME or command:PROGRAM.", valueName: "file"))
  var password: String?

  @Option(
    name: .customLong("mail-from"),
    help: ArgumentHelp(
      "Who mails are from: orders@example.com, or 'Oak & Co <orders@example.com>'.",
      valueName: "address"))
  var from: String?

  @Option(
    name: .customLong("webhook-key"),
    help: ArgumentHelp(
      "A key that requests to programs are signed with, by its name: lines of whsec_ and base64 of "
        + "24 to 64 bytes, the newest first, in a file for its owner alone, env:NAME or "
        + "command:PROGRAM. May be repeated.", valueName: "name=file"))
  var webhookKeys: [String] = []

  @Option(
    name: .customLong("webhook-allow"),
    help: ArgumentHelp(
      "A network that is not public and that webhooks may reach, also in the clear: 10.1.0.0/16. "
        + "May be repeated.", valueName: "network"))
  var allowed: [String] = []

  @Option(
    name: .customLong("webhook-ca"),
    help: ArgumentHelp(
      "Authorities of programs' certificates (PEM). (default: the system's)", valueName: "file"))
  var webhookAuthorities: String?

  func validate() throws {
    if let smtp {
      guard case .tcp = Endpoint(smtp) else {
        throw ValidationError("--smtp \(smtp): expected HOST:PORT, such as mail.example.com:587")
      }
      guard let from else { throw ValidationError("--smtp needs --mail-from") }
      guard let address = MailAddress(from), address.mailbox.utf8.allSatisfy({ $0 < 0x80 }) else {
        throw ValidationError("--mail-from \(from): expected an address such as a@example.com")
      }
    } else if let orphan = [
      ("--smtp-ca", mailAuthorities), ("--smtp-user", user), ("--smtp-password", password),
      ("--mail-from", from),
    ].first(where: { $0.1 != nil }) {
      throw ValidationError("\(orphan.0) needs --smtp")
    }
    guard let security = MailServerSettings.Security(rawValue: security) else {
      throw ValidationError("--smtp-security \(security): expected starttls, implicit or none")
    }
    guard (user == nil) == (password == nil) else {
      throw ValidationError("--smtp-user and --smtp-password go together")
    }
    if security == .none, user != nil {
      throw ValidationError("--smtp-security none would send the password in the clear")
    }
    for text in webhookKeys {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw ValidationError("--webhook-key \(text): expected NAME=FILE")
      }
    }
    for text in allowed where Network(text) == nil {
      throw ValidationError(
        "--webhook-allow \(text): expected a network such as 10.1.0.0/16, or an address")
    }
  }

  /// Reads passwords, keys and certificates. Throws `Failure`.
  func load() throws -> NoticeSettings {
    let networks = allowed.compactMap { Network($0) }
    let keys = try loadKeys()
    let poster: WebhookPoster?
    do {
      poster =
        keys.isEmpty
        ? nil
        : try WebhookPoster(authorities: webhookAuthorities) { peer in
          networks.contains { $0.contains(peer: peer) }
        }
    } catch { throw Failure("--webhook-ca: cannot read certificates: \(error)") }
    return NoticeSettings(
      mail: try loadMail(), poster: poster, webhookKeys: keys,
      allowsPrivateNetworks: !networks.isEmpty)
  }

  private func loadMail() throws -> MailServer? {
    guard let smtp, case .tcp(let host, let port) = Endpoint(smtp),
      let from = from.flatMap({ MailAddress($0) })
    else { return nil }
    var login: (name: String, password: String)?
    if let user, let password {
      let text = try SecretSource.text(of: password, for: "--smtp-password")
      guard let line = text.split(whereSeparator: \.isNewline).first, !line.isEmpty else {
        throw Failure("\(password), which --smtp-password names, holds no password")
      }
      login = (user, String(line))
    }
    do {
      return try MailServer(
        MailServerSettings(
          host: host, port: port, security: .init(rawValue: security) ?? .starttls,
          authorities: mailAuthorities, login: login, from: from))
    } catch { throw Failure("--smtp-ca: cannot read certificates: \(error)") }
  }

  private func loadKeys() throws -> [String: [WebhookKey]] {
    var found: [String: [WebhookKey]] = [:]
    for text in webhookKeys {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      let source = parts.count == 2 ? parts[1] : ""
      let lines = try SecretSource.text(of: source, for: "--webhook-key")
        .split(whereSeparator: \.isWhitespace)
      let keys = lines.compactMap { WebhookKey($0) }
      guard !keys.isEmpty, keys.count == lines.count else {
        throw Failure(
          "--webhook-key \(parts[0]): expected lines of whsec_ and base64, as of "
            + "`echo whsec_$(openssl rand -base64 32)`")
      }
      found[parts[0]] = keys
    }
    return found
  }
}
