/// The fields of a message type that something must be done about, in it and in the messages in it,
/// found once for all messages of the type.
struct MarkedFields<Mark: Sendable>: Sendable {
  /// What becomes of a field of a message that concerns it; all others are passed on as they are.
  enum Action: Sendable {
    case marked(Mark)
    /// Into the message of that plan.
    case enter(plan: Int)
  }

  /// What becomes of the fields of one message type.
  struct Plan: Sendable {
    let type: String
    /// By the number of the field. So few that going through them is the fastest.
    var actions: [(number: Int, action: Action)] = []

    subscript(number: Int) -> Action? { actions.first { $0.number == number }?.action }
  }

  /// The first is that of the message itself.
  let plans: [Plan]
  var root: Plan { plans[0] }

  /// Nil where nothing in messages of `type` is marked. Messages of `alsoTypes` matter without a
  /// marked field.
  init?(
    of type: String, pool: DescriptorPool, alsoTypes: Set<String> = [],
    mark: (FieldDescription) -> Mark?
  ) {
    var types = [type]
    var numbers = [type: 0]
    func number(of type: String) -> Int {
      if let known = numbers[type] { return known }
      numbers[type] = types.count
      types.append(type)
      return types.count - 1
    }
    var plans: [Plan] = []
    while plans.count < types.count {
      var plan = Plan(type: types[plans.count])
      for field in pool.message(plan.type)?.fields ?? [] {
        if let mark = mark(field) {
          plan.actions.append((field.number, .marked(mark)))
        } else if field.kind == .message {
          plan.actions.append((field.number, .enter(plan: number(of: field.typeName))))
        }
      }
      plans.append(plan)
    }
    let matters = Self.matters(plans, alsoTypes)
    guard matters[0] else { return nil }
    self.plans = plans.map { plan in
      var plan = plan
      plan.actions.removeAll {
        if case .enter(let next) = $0.action { !matters[next] } else { false }
      }
      return plan
    }
  }

  /// Which plans lead to something. Types may refer to each other in circles.
  private static func matters(_ plans: [Plan], _ alsoTypes: Set<String>) -> [Bool] {
    var matters = plans.map { plan in
      alsoTypes.contains(plan.type)
        || plan.actions.contains { if case .marked = $0.action { true } else { false } }
    }
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for (index, plan) in plans.enumerated() where !matters[index] {
        matters[index] = plan.actions.contains {
          if case .enter(let next) = $0.action { matters[next] } else { false }
        }
        hasChanged = hasChanged || matters[index]
      }
    }
    return matters
  }
}
