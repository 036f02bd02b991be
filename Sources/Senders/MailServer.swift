internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Where mails are handed over, and how.
package struct MailServerSettings: Sendable {
  package enum Security: String, Hashable, Sendable, CaseIterable {
    /// In the clear at first, then TLS, without which nothing is sent.
    case starttls
    /// TLS from the first byte.
    case implicit
    /// In the clear, for a relay on the same machine or network.
    case none
  }

  package let host: String
  package let port: Int
  package let security: Security
  /// File with the authorities of the server's certificate (PEM); nil for the system's.
  package let authorities: String?
  /// Who logs in; nil where nobody has to.
  package let login: (name: String, password: String)?
  package let from: MailAddress

  package init(
    host: String, port: Int, security: Security, authorities: String? = nil,
    login: (name: String, password: String)?, from: MailAddress
  ) {
    self.host = host
    self.port = port
    self.security = security
    self.authorities = authorities
    self.login = login
    self.from = from
  }
}

/// Hands mails to a mail server by SMTP (RFC 5321): STARTTLS or TLS from the start, AUTH PLAIN or
/// LOGIN over TLS alone, SMTPUTF8 where an address needs it. Each mail has a connection of its own.
///
/// What the server says to the recipient or to the mail itself with 5xx is for good; whatever else
/// goes wrong, also a login that is refused, may be mended, and is tried again.
package struct MailServer: NoticeSender {
  private let settings: MailServerSettings
  private let tls: NIOSSLContext

  /// RFC 5321 would wait for minutes; a try that takes longer is better made anew.
  private static let limit: Duration = .seconds(60)

  /// Throws where the authorities cannot be read.
  package init(_ settings: MailServerSettings) throws {
    self.settings = settings
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if let file = settings.authorities { configuration.trustRoots = .file(file) }
    tls = try NIOSSLContext(configuration: configuration)
  }

  package func send(_ notice: OutgoingNotice) async -> DeliveryOutcome {
    guard let to = MailAddress(notice.address) else { return .refused("no e-mail address") }
    let message = MailMessage(
      from: settings.from, to: to, subject: notice.subject, body: notice.body, id: notice.id,
      seconds: notice.createdAt)
    do {
      try await Patience.limited(Self.limit) { try await send(message, to: to) }
      return .delivered
    } catch let failure as SenderFailure {
      return failure.isFinal
        ? .refused(failure.description) : .failed(failure.description)
    } catch {
      return .failed(SenderFailure.quoted("\(settings.host):\(settings.port): \(error)"))
    }
  }

  private func send(_ message: MailMessage, to: MailAddress) async throws {
    let isImplicit = settings.security == .implicit
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.seconds(15))
      .connect(host: settings.host, port: settings.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          if isImplicit { try channel.pipeline.syncOperations.addHandler(handler()) }
          return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    try await channel.executeThenClose { inbound, outbound in
      var talk = MailTalk(replies: inbound.makeAsyncIterator(), outbound: outbound)
      try await self.talk(&talk, message, to: to) {
        let pipeline = channel.channel.pipeline
        try await channel.channel.eventLoop.submit {
          try pipeline.syncOperations.addHandler(handler(), position: .first)
        }.get()
      }
    }
  }

  private func handler() throws -> NIOSSLClientHandler {
    // An address is no server name; its certificate is then checked against the address.
    let isName = (try? SocketAddress(ipAddress: settings.host, port: settings.port)) == nil
    return try NIOSSLClientHandler(
      context: tls, serverHostname: isName ? settings.host : nil)
  }

  private func talk(
    _ talk: inout MailTalk, _ message: MailMessage, to: MailAddress,
    startTLS: () async throws -> Void
  ) async throws {
    try await talk.reply().expect(220, for: "greeting")
    var offers = try await greet(&talk)
    if settings.security == .starttls {
      guard offers.has("STARTTLS") else { throw SenderFailure("the server offers no STARTTLS") }
      try await talk.say("STARTTLS").expect(220, for: "STARTTLS")
      // What came before the encryption was not said by the server that it proves to be.
      guard talk.isDrained else { throw SenderFailure("the server said more than STARTTLS allows") }
      try await startTLS()
      offers = try await greet(&talk)
    }
    if settings.login != nil { try await logIn(&talk, offers) }
    var parameters = ""
    if to.isInternational {
      guard offers.has("SMTPUTF8") else {
        throw SenderFailure("the server takes no address beyond ASCII (SMTPUTF8)", isFinal: true)
      }
      parameters = " SMTPUTF8"
    }
    try await talk.say("MAIL FROM:<\(settings.from.mailbox)>\(parameters)").expect(
      250, for: "MAIL")
    try await talk.say("RCPT TO:<\(to.mailbox)>").expect(250, 251, for: "RCPT", isFinal: true)
    try await talk.say("DATA").expect(354, for: "DATA", isFinal: true)
    try await talk.send(message.wire)
    try await talk.reply().expect(250, for: "the mail", isFinal: true)
    // It is taken; how the conversation ends changes nothing.
    try? await talk.send(Array("QUIT\r\n".utf8))
  }

  private func greet(_ talk: inout MailTalk) async throws -> MailReply {
    let reply = try await talk.say("EHLO \(settings.from.domain)")
    try reply.expect(250, for: "EHLO")
    return reply
  }

  private func logIn(_ talk: inout MailTalk, _ offers: MailReply) async throws {
    guard let login = settings.login, settings.security != .none else {
      throw SenderFailure("a password is not sent in the clear")
    }
    let methods = offers.words(of: "AUTH")
    if methods.contains("PLAIN") {
      let secret = "\u{0}\(login.name)\u{0}\(login.password)".base64
      try await talk.say("AUTH PLAIN \(secret)").expect(235, for: "AUTH PLAIN")
    } else if methods.contains("LOGIN") {
      try await talk.say("AUTH LOGIN").expect(334, for: "AUTH LOGIN")
      try await talk.say(login.name.base64).expect(334, for: "AUTH LOGIN")
      try await talk.say(login.password.base64).expect(235, for: "AUTH LOGIN")
    } else {
      throw SenderFailure("the server offers neither AUTH PLAIN nor AUTH LOGIN")
    }
  }
}
