import Formulas
import Values

/// Looks for valid values near a choice that is not: for each thing that is wrong the single
/// changes that lift it, and the fewest changes after which nothing is wrong: of what nobody chose,
/// if that is enough. Goes through values in one fixed order and stops after a fixed number of
/// looks, so the same choice gets the same advice, and no choice takes long.
struct NearestValues {
  /// How often the constraints are looked at for one choice.
  static let looks = 20_000
  /// How many values of one parameter are tried.
  static let valuesOfParameter = 2_000
  /// Changes that are tried together.
  static let depth = 3
  /// Suggestions for one violation.
  static let suggestions = 8

  private var evaluator: ModelEvaluator
  private let start: [Int]
  private let outside: [SettingsReader.Outside]
  private let chosen: Set<Int>
  private var looksLeft = looks

  private var model: ConfigurableModel { evaluator.model }

  init(_ evaluator: ModelEvaluator, _ reading: SettingsReader) {
    self.evaluator = evaluator
    start = reading.point
    outside = reading.outside
    chosen = reading.chosen
  }

  /// A change of one parameter, and what is still broken after it.
  private struct Change {
    let parameter: Int
    let position: Int
    let distance: Int
    let broken: [Int]
  }

  func verdict(
    _ given: [Configuration.Setting], _ broken: [Int]
  ) -> ConfigurationVerdict {
    var search = self
    let violations =
      outside.map { search.violation($0, broken) } + broken.map { search.violation($0, broken) }
    return ConfigurationVerdict(
      settings: given, violations: violations, nearest: search.nearest(broken),
      configuration: nil)
  }

  private mutating func violation(
    _ outside: SettingsReader.Outside, _ broken: [Int]
  ) -> ConfigurationVerdict.Violation {
    let parameter = model.parameters[outside.parameter]
    let isOnlyOne = self.outside.count == 1
    let suggestions = outside.nearest.prefix(Self.suggestions).map { position in
      var point = start
      point[outside.parameter] = position
      return ConfigurationVerdict.Suggestion(
        setting: parameter.setting(position), isEnough: isOnlyOne && look(at: point).isEmpty)
    }
    return ConfigurationVerdict.Violation(
      rule: outside.rule, reason: outside.reason, parameters: [parameter.name],
      suggestions: suggestions)
  }

  private mutating func violation(
    _ index: Int, _ broken: [Int]
  ) -> ConfigurationVerdict.Violation {
    let constraint = model.constraints[index]
    let changes = changes(lifting: index, at: start, breaking: broken)
    return ConfigurationVerdict.Violation(
      rule: constraint.code, reason: constraint.reason,
      parameters: constraint.output.inputs.sorted().map { model.parameters[$0].name },
      suggestions: changes.prefix(Self.suggestions).map { change in
        ConfigurationVerdict.Suggestion(
          setting: model.parameters[change.parameter].setting(change.position),
          isEnough: outside.isEmpty && change.broken.isEmpty)
      })
  }

  /// What is broken at a point; everything once there are no looks left.
  private mutating func look(at point: [Int]) -> [Int] {
    guard looksLeft > 0 else { return Array(model.constraints.indices) }
    looksLeft -= 1
    return evaluator.violated(at: point)
  }

  /// Changes of one parameter after which a constraint holds: of a dimension the nearest value to
  /// either side, of anything else all. The best first.
  /// With `breaking`, only those that break nothing that was whole before.
  private mutating func changes(
    lifting index: Int, at point: [Int], breaking allowed: [Int]?, sparing spared: Set<Int> = []
  ) -> [Change] {
    var found: [Change] = []
    let inputs = model.constraints[index].output.inputs.subtracting(spared)
    for parameter in inputs.sorted() {
      found += changes(of: parameter, lifting: index, at: point, breaking: allowed)
    }
    return found.sorted { rank($0).lexicographicallyPrecedes(rank($1)) }
  }

  /// The smaller, the better: it breaks less, was chosen by nobody, is near, comes first.
  private func rank(_ change: Change) -> [Int] {
    [
      change.broken.count, chosen.contains(change.parameter) ? 1 : 0, change.distance,
      change.parameter, change.position,
    ]
  }

  private mutating func changes(
    of parameter: Int, lifting index: Int, at point: [Int], breaking allowed: [Int]?
  ) -> [Change] {
    let from = point[parameter]
    let count = model.parameters[parameter].count
    let takesAll = if case .dimension = model.parameters[parameter].kind { false } else { true }
    var found: [Change] = []
    var isDone = (below: false, above: false)
    for distance in 1...max(1, min(count, Self.valuesOfParameter / 2)) {
      for (position, isBelow) in [(from - distance, true), (from + distance, false)] {
        guard (0..<count).contains(position), looksLeft > 0,
          takesAll || !(isBelow ? isDone.below : isDone.above)
        else { continue }
        var changed = point
        changed[parameter] = position
        let broken = look(at: changed)
        guard !broken.contains(index), allowed.map({ $0.isSuperset(of: broken) }) ?? true else {
          continue
        }
        found.append(
          Change(parameter: parameter, position: position, distance: distance, broken: broken))
        if isBelow { isDone.below = true } else { isDone.above = true }
      }
      if !takesAll, isDone.below, isDone.above { break }
    }
    return found
  }

  // MARK: All at once

  /// The fewest changes after which nothing is wrong, those of values out of range included.
  private mutating func nearest(_ broken: [Int]) -> [Configuration.Setting] {
    let given = Set(outside.map(\.parameter))
    for spared in chosen.isEmpty ? [[]] : [chosen, []] {
      for depth in 0...Self.depth {
        guard let point = repaired(start, broken, depth, sparing: spared) else { continue }
        return model.parameters.indices.filter {
          point[$0] != start[$0] || given.contains($0)
        }.map { model.parameters[$0].setting(point[$0]) }
      }
    }
    return []
  }

  /// The point after at most `depth` changes, if nothing is broken there.
  private mutating func repaired(
    _ point: [Int], _ broken: [Int], _ depth: Int, sparing spared: Set<Int>
  ) -> [Int]? {
    guard let first = broken.first else { return point }
    guard depth > 0, looksLeft > 0 else { return nil }
    for change in changes(lifting: first, at: point, breaking: nil, sparing: spared) {
      if depth == 1, !change.broken.isEmpty { continue }
      var changed = point
      changed[change.parameter] = change.position
      if let end = repaired(changed, change.broken, depth - 1, sparing: spared) { return end }
    }
    return nil
  }
}

extension [Int] {
  fileprivate func isSuperset(of others: [Int]) -> Bool { others.allSatisfy(contains) }
}
