internal import Finance
internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.finance.v1: messages to the verbs and questions of gift cards. A code goes from the call
/// to its hash and no further: the log has neither the one that was asked with nor the one that was
/// shown.
struct GiftCardService: FinanceV1.GiftCardService {
  let commands: CommandLog
  let questions: Questions
  let chance: @Sendable (Int) -> [UInt8]

  func sellGiftCard(
    _ request: FinanceV1.SellGiftCardRequest, context: CallContext
  ) async throws -> FinanceV1.SellGiftCardResponse {
    var reader = RequestReader()
    let amount = reader.requiredMoney(request.amount, "amount")
    let method = reader.choice(
      PaymentMethod(request.method), request.method.rawValue, "method")
    let reference = reader.text(request.externalReference, "external_reference", 0...100)
    try FailureStatus.refusing { try reader.check() }
    let code = GiftCardCode(bytes: chance(GiftCardCode.byteCount))
    return try await shown(request, context) { reply in
      .init(giftCard: reply.giftCard)
    } _: { tx, command in
      let card = try SellGiftCard(
        amount: amount, method: method, externalReference: reference,
        customerCode: request.customerCode, digest: code.digest, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(giftCard: .init(card, try GiftCards.moves(of: card, in: tx)), code: code.text)
    }
  }

  func checkGiftCard(
    _ request: FinanceV1.CheckGiftCardRequest, context: CallContext
  ) async throws -> FinanceV1.CheckGiftCardResponse {
    let code = GiftCardCode(typed: request.code)
    let told = FinanceV1.CheckGiftCardRequest(code: code.trace)
    return try await opened(told, context, code) { tx, command, card in
      .init(
        number: card.number, available: .init(card.available(on: command.moment.day)),
        expiresOn: card.expiresOn.map { .init($0) })
    }
  }

  func redeemGiftCard(
    _ request: FinanceV1.RedeemGiftCardRequest, context: CallContext
  ) async throws -> FinanceV1.RedeemGiftCardResponse {
    var reader = RequestReader()
    let amount = reader.money(request.amount, "amount")
    try FailureStatus.refusing { try reader.check() }
    let code = GiftCardCode(typed: request.code)
    var told = request
    told.code = code.trace
    return try await opened(told, context, code) { tx, command, card in
      let payment = try PayWithGiftCard(
        card, orderNumber: request.orderNumber, amount: amount
      ).run(in: tx, at: command.moment)
      return .init(
        payment: .init(payment), number: card.number,
        balance: .init(
          Money(
            minor: card.balance.minor - payment.amount.minor, currency: card.balance.currency)))
    }
  }

  func blockGiftCard(
    _ request: FinanceV1.BlockGiftCardRequest, context: CallContext
  ) async throws -> FinanceV1.BlockGiftCardResponse {
    let verb = BlockGiftCard(number: request.number, reason: request.reason)
    return try await commands.run(request, context) { tx, command in
      let card = try verb.run(in: tx, at: command.moment)
      return .init(giftCard: .init(card, try GiftCards.moves(of: card, in: tx)))
    }
  }

  func replaceGiftCard(
    _ request: FinanceV1.ReplaceGiftCardRequest, context: CallContext
  ) async throws -> FinanceV1.ReplaceGiftCardResponse {
    let code = GiftCardCode(bytes: chance(GiftCardCode.byteCount))
    return try await shown(request, context) { reply in
      .init(giftCard: reply.giftCard)
    } _: { tx, command in
      let card = try ReplaceGiftCard(
        number: request.number, reason: request.reason, digest: code.digest,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(giftCard: .init(card, try GiftCards.moves(of: card, in: tx)), code: code.text)
    }
  }

  func expireGiftCards(
    _ request: FinanceV1.ExpireGiftCardsRequest, context: CallContext
  ) async throws -> FinanceV1.ExpireGiftCardsResponse {
    try await commands.run(request, context) { tx, command in
      let (cards, amount, more) = try ExpireGiftCards(
        reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(cards: Int32(cards), amount: .init(amount), more: more)
    }
  }

  func setGiftCardPolicy(
    _ request: FinanceV1.SetGiftCardPolicyRequest, context: CallContext
  ) async throws -> FinanceV1.SetGiftCardPolicyResponse {
    var reader = RequestReader()
    let highest = reader.money(request.highestValue, "highest_value")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let policy = try SetGiftCardPolicy(
        validMonths: Int(request.validMonths), highestValue: highest, reason: request.reason,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(policy: .init(policy))
    }
  }

  func getGiftCardPolicy(
    _ request: FinanceV1.GetGiftCardPolicyRequest, context: CallContext
  ) async throws -> FinanceV1.GetGiftCardPolicyResponse {
    try await questions.ask(context) { snapshot in
      .init(policy: .init(try GiftCardPolicies.current(in: snapshot)))
    }
  }

  func getGiftCard(
    _ request: FinanceV1.GetGiftCardRequest, context: CallContext
  ) async throws -> FinanceV1.GetGiftCardResponse {
    try await questions.ask(context) { snapshot in
      let card = try GiftCards.require(number: request.number, field: "number", in: snapshot)
      return .init(giftCard: .init(card, try GiftCards.moves(of: card, in: snapshot)))
    }
  }

  func listGiftCards(
    _ request: FinanceV1.ListGiftCardsRequest, context: CallContext
  ) async throws -> FinanceV1.ListGiftCardsResponse {
    var reader = RequestReader()
    let state = reader.choice(
      GiftCard.State(request.state), request.state.rawValue, "state", required: false)
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["gift cards", request.customerCode, "\(request.state.rawValue)"])
    return try await questions.ask(context) { snapshot in
      var filter = GiftCards.Filter(state: state)
      if !request.customerCode.isEmpty {
        filter.customer = try Customers.require(
          code: request.customerCode, field: "customer_code", in: snapshot
        ).id
      }
      let found = try GiftCards.list(
        filter, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [String($0.id.value)] }
      return .init(giftCards: rows.map { .init($0) }, nextPageToken: next)
    }
  }
}

// MARK: What the methods share

extension GiftCardService {
  /// A command whose reply shows a code, of which the log keeps what `kept` makes of it.
  private func shown<Request: WireMessage, Reply: WireMessage>(
    _ request: Request, _ context: CallContext, keeping kept: @escaping @Sendable (Reply) -> Reply,
    _ verb: @escaping @Sendable (Transaction, Command) throws -> Reply
  ) async throws -> Reply {
    // A secret beside text of the caller's choice does not go out compressed (BREACH).
    context.compressesResponses = false
    return try await commands.run(request, context, keeping: kept) { tx, command in
      .done(try verb(tx, command))
    }
  }

  /// A command about the card of a code, which `request` does not hold. A wrong code counts, so
  /// that nobody tries for nothing: not in a dry run, either.
  private func opened<Request: WireMessage, Reply: WireMessage>(
    _ request: Request, _ context: CallContext, _ code: GiftCardCode,
    _ verb: @escaping @Sendable (Transaction, Command, GiftCard) throws -> Reply
  ) async throws -> Reply {
    guard context.metadata[CommandLog.dryRunField] != "true" else {
      throw RejectionStatus.status(of: [IdentityRejection.notRehearsed])
    }
    return try await commands.run(request, context) {
      $0
    } _: { tx, command in
      let found = try OpenGiftCard(digest: code.digest, by: command.caller.name)
        .run(in: tx, at: command.moment)
      switch found {
      case .success(let card): return .done(try verb(tx, command, card))
      case .failure(let refusal): return .refused(refusal)
      }
    }
  }
}

/// What whoever has a card pays with: 100 random bits, which nobody guesses, so that a plain hash
/// will do.
struct GiftCardCode: Sendable {
  /// Random bytes that one takes.
  static let byteCount = 13

  /// As it is shown.
  let text: String
  let digest: [UInt8]

  init(bytes: [UInt8]) { self.init(text: SecretText.password(bytes)) }

  /// Blanks, dashes and capitals do not matter; nobody types more than fits on a card.
  init(typed: String) { self.init(text: String(typed.prefix(100))) }

  private init(text: String) {
    self.text = text
    digest = Secret.digest("gift card \(SecretText.read(text))")
  }

  /// What the log keeps in place of a code: enough to see whether a command was repeated.
  var trace: String { Hex.text(Array(digest.prefix(8))) }
}
