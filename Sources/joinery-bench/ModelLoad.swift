private import MasterData
private import Messages
private import RPC
private import Services
private import Values

/// How many choices of the sample kitchen cabinet, which has thirty things to choose, become a
/// price, a cut list and a bill of materials in a second, on one core and without a server.
struct ModelLoad {
  static let file = "clients/python/examples/models/kitchen-base-cabinet.yaml"
  static let choices = 20_000

  let plan: Measurement.Plan

  func measure(_ table: inout ResultTable) throws {
    let json = try Tool.run(plan.joinery, ["model", "json", Self.file]).output
    let message = try ConfiguratorV1.Model(
      wire: JSONMapping().bytes(fromJSON: json, as: ConfiguratorV1.Model.fullName))
    let model = try ConfigurableModel(ModelDraft(message), version: 1, currency: .cny)
    var evaluator = ModelEvaluator(model)
    var rates: [Double] = []
    for _ in 1...plan.rounds {
      let start = ContinuousClock.now
      for number in 0..<Self.choices {
        let verdict = try evaluator.verdict(on: Self.choice(number), field: "settings")
        guard verdict.configuration != nil else {
          throw BenchFailure("a choice is not valid: \(verdict.violations)")
        }
      }
      rates.append(Double(Self.choices) / (ContinuousClock.now - start).inSeconds)
    }
    table.add(
      "Cabinets configured/s, \(message.parameters.count) parameters, one core", median(rates),
      .atLeast(20_000), digits: 0)
    table.note("steps of the cabinet's formulas", "\(model.steps)")
  }

  /// Another one each time, with drawers or with doors.
  private static func choice(_ number: Int) -> [Configuration.Setting] {
    let common: [(String, String)] = [
      ("width", "\(500 + number % 400)"), ("height", "\(650 + number % 150)"),
      ("depth", "\(500 + number % 100)"), ("front", ["white", "oak"][number % 2]),
      ("handle", ["none", "bar", "knob"][number % 3]), ("carcase", ["grey", "birch"][number % 2]),
      ("visible_left", "yes"), ("light", "yes"), ("worktop", "oak"),
    ]
    let inside: [(String, String)] =
      number % 2 == 0
      ? [("doors", "0"), ("drawers", "\(1 + number % 3)"), ("shelves", "0")]
      : [("doors", "2"), ("shelves", "\(number % 4)"), ("shelf_kind", "fixed")]
    return (common + inside).map { Configuration.Setting(name: $0, value: $1) }
  }
}
