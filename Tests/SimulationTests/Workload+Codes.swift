import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  private static let kinds = [
    CodeModel.Kind(kind: .product, classCode: ""), .init(kind: .product, classCode: "LINEN"),
    .init(kind: .supplier, classCode: ""), .init(kind: .priceList, classCode: ""),
  ]

  /// Somebody gives codes, and somebody says how they are to be written.
  mutating func name() async throws {
    if random.chance(20) { try await agreeOnCodes() }
    for _ in 0..<3 {
      let kind = Self.kinds.randomElement(using: &random) ?? Self.kinds[0]
      try await give(someCode(kind), kind)
    }
  }

  private mutating func agreeOnCodes() async throws {
    let some = ["T-##", "#", "@@-###", "L?X*", "S##Q", "Q*", "@#?"]
    codes.patterns = [:]
    for kind in Self.kinds where random.chance(60) {
      codes.patterns[kind] = Array(some.shuffled(using: &random).prefix(Int(random.number(1...2))))
    }
    let set = try await shop.codes.setCodePatterns(
      .init(
        patterns: Self.kinds.flatMap { kind in
          (codes.patterns[kind] ?? []).map {
            .init(kind: kind.kind, classCode: kind.classCode, pattern: $0)
          }
        }, reason: "simulated"), options: shop.command())
    #expect(set.patterns?.patterns.count == codes.patterns.values.reduce(0) { $0 + $1.count })
  }

  /// Mostly one that a pattern comes to, now and then with something wrong in it.
  private mutating func someCode(_ kind: CodeModel.Kind) -> String {
    if random.chance(25) {
      let next = codes.next(kind)
      if !next.isEmpty { return next }
    }
    let pattern = codes.patterns(of: kind).randomElement(using: &random) ?? "Z#@#"
    let signs = Array("ABLQSTXZ")
    var code = ""
    for symbol in pattern {
      switch symbol {
      case "#": code += "\(random.number(0...9))"
      case "@", "?": code.append(signs.randomElement(using: &random) ?? "A")
      case "*": if random.chance(50) { code += "TAIL" }
      default: code.append(symbol)
      }
    }
    if random.chance(20) { code.append(signs.randomElement(using: &random) ?? "A") }
    if random.chance(10), code.count > 1 { code.removeFirst() }
    return code
  }

  private mutating func give(_ code: String, _ kind: CodeModel.Kind) async throws {
    let tested = try await shop.codes.testCode(
      .init(kind: kind.kind, classCode: kind.classCode, code: code))
    let isTaken = codes.isTaken(code, kind)
    let isAccepted = codes.accepts(code, kind)
    #expect(tested.taken == isTaken, "\(code) \(kind)")
    #expect(tested.accepted == (isAccepted && !isTaken), "\(code) \(kind)")
    #expect(tested.patterns == codes.patterns(of: kind))
    #expect(tested.nextCode == codes.next(kind), "\(kind)")
    let classCode = codes.codes[kind.kind]?[code] ?? kind.classCode
    let verdicts =
      switch kind.kind {
      case .supplier:
        try await shop.purchasing.upsertSuppliers(
          .init(suppliers: [.init(code: code, name: code)]), options: shop.command()
        ).verdicts
      case .priceList:
        try await shop.catalog.upsertPriceLists(
          .init(priceLists: [.init(code: code, name: code)]), options: shop.command()
        ).verdicts
      default:
        try await shop.catalog.upsertProducts(
          .init(products: [
            .init(
              sku: code, name: code, kind: .service, unitCode: "h", taxClass: "SERVICE",
              productClass: classCode)
          ]), options: shop.command()
        ).verdicts
      }
    let expected: TypeV1.RowOutcome =
      isTaken ? .unchanged : isAccepted ? .created : .refused
    #expect(verdicts.map(\.outcome) == [expected], "\(code) \(kind) \(verdicts)")
    #expect(
      verdicts.flatMap(\.violations).map(\.reason)
        == (expected == .refused ? ["CODE_OUTSIDE_PATTERN"] : []))
    if expected == .created { codes.codes[kind.kind, default: [:]][code] = classCode }
  }
}
