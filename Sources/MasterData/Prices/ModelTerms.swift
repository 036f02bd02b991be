package import Values

/// What a list says a configured piece costs: each part of its model's price at a share of what the
/// model says, or at an amount instead. Like the model's own prices in the base currency and
/// without tax, whatever the list is.
package struct ModelTerms: Hashable, Sendable {
  package enum Rule: Hashable, Sendable {
    case share(Rate)
    case amount(UnitPrice)
  }

  package struct Part: Hashable, Sendable {
    /// Of the part of the model's price. A part that the model does not count for a choice is not
    /// counted.
    package let code: String
    package let rule: Rule

    package init(code: String, rule: Rule) {
      self.code = code
      self.rule = rule
    }
  }

  /// Of every part that is not named.
  package let share: Rate
  package let parts: [Part]

  package init(share: Rate, parts: [Part]) {
    self.share = share
    self.parts = parts
  }

  /// Ten times what the model says.
  static let mostShare = Rate(micros: 10_000_000)
  static let partLimit = 100

  /// What can be said without looking anything up.
  func checkShape(_ check: inout FieldCheck, base: Currency) {
    let field = "model"
    func share(_ rate: Rate, _ name: String, _ check: inout FieldCheck) {
      check.range(rate, "\(field).\(name)share_micros", .zero...Self.mostShare)
    }
    share(self.share, "", &check)
    check.range(parts.count, "\(field).parts", 0...Self.partLimit)
    var known: Set<String> = []
    for (index, part) in parts.prefix(Self.partLimit).enumerated() {
      let place = "parts[\(index)]."
      switch part.rule {
      case .share(let rate): share(rate, place, &check)
      case .amount(let amount):
        check.unitPrice(amount, "\(field).\(place)amount", base: base)
      }
      if !known.insert(part.code).inserted {
        check.refuse(
          ModelRejection.nameTaken(
            field: check.path.field("\(field).\(place)part_code"), name: part.code))
      }
    }
  }

  /// Refuses parts that the newest version of the model does not have.
  func check(
    for product: Product, _ model: ModelDraft, at path: FieldPath
  ) throws {
    var check = FieldCheck(path)
    let known = model.prices.map(\.code)
    for (index, part) in parts.enumerated() where !known.contains(part.code) {
      check.refuse(
        ModelRejection.unknownPricePart(
          field: path.field("model.parts[\(index)].part_code"), sku: product.sku, code: part.code,
          known: known.joined(separator: ", ")))
    }
    try check.pass()
  }

  /// What one piece costs so, never less than nothing; each part is rounded to a millionth.
  func price(of configuration: Configuration) throws(ArithmeticError) -> UnitPrice {
    var micros = Int128(0)
    for part in configuration.priceParts {
      let own = parts.first { $0.code == part.code }?.rule ?? .share(share)
      switch own {
      case .share(let rate):
        micros += Int128(
          try Rounding.quotient(
            Int128(part.amount.micros) * Int128(rate.micros), Int128(Rate.one.micros)))
      case .amount(let amount): micros += Int128(amount.micros)
      }
    }
    guard let price = Int64(exactly: max(0, micros)) else { throw .overflow }
    return UnitPrice(micros: price, currency: configuration.price.currency)
  }

  /// "90% of the model's price, OIL 80 CNY".
  var words: String {
    ([share == .one ? "the model's price" : "\(share) of the model's price"]
      + parts.map { part in
        switch part.rule {
        case .share(let rate): "\(part.code) at \(rate)"
        case .amount(let amount): "\(part.code) \(amount)"
        }
      }).joined(separator: ", ")
  }
}

extension ModelTerms {
  /// As one text for a row.
  var storedText: String {
    StoredRow.text(
      [StoredRow("share", "\(share.micros)")]
        + parts.map { part in
          switch part.rule {
          case .share(let rate): StoredRow("part-share", part.code, "\(rate.micros)")
          case .amount(let amount): StoredRow("part-amount", part.code, "\(amount.micros)")
          }
        })
  }

  /// `currency`: of its amounts.
  init(storedText: String, _ currency: Currency) throws {
    let rows = StoredRow.rows(storedText)
    guard let head = rows.first, head.tag == "share" else {
      throw DamagedRow(row: rows.first ?? StoredRow(""))
    }
    self.init(
      share: try head.rate(0),
      parts: try rows.dropFirst().map { row in
        Part(
          code: try row.text(0),
          rule: row.tag == "part-share"
            ? .share(try row.rate(1))
            : .amount(UnitPrice(micros: try row.int64(1), currency: currency)))
      })
  }
}
