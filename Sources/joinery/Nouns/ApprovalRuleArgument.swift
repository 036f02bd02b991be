internal import ArgumentParser
internal import Messages

/// "class=VIP,discount=10%,by=SALES_MANAGER>GENERAL_MANAGER".
struct ApprovalRuleArgument: ExpressibleByArgument {
  let message: OrdersV1.ApprovalRule

  init?(argument: String) {
    var rule = OrdersV1.ApprovalRule()
    var steps = ApprovalStepsArgument()
    for word in argument.split(separator: ",") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      guard Self.read(parts[0], parts[1], &rule) || steps.read(parts[0], parts[1])
      else { return nil }
    }
    rule.approverRole = steps.onlyRole
    rule.steps = steps.messages
    rule.parallel = steps.isParallel
    message = rule
  }

  private static func read(
    _ name: String, _ value: String, _ rule: inout OrdersV1.ApprovalRule
  ) -> Bool {
    switch name {
    case "kind": rule.kind = value
    case "class": rule.customerClass = value
    case "product": rule.productClass = value
    case "unless": rule.exemptRole = value
    case "gross", "below":
      guard let money = MoneyArgument(argument: value)?.message else { return false }
      if name == "gross" { rule.minimumGross = money } else { rule.grossBelow = money }
    case "window":
      guard let hours = Int32(value) else { return false }
      rule.windowHours = hours
    case "discount", "margin":
      guard let rate = RateArgument(argument: value)?.micros else { return false }
      if name == "discount" {
        rule.minimumDiscountMicros = rate
      } else {
        rule.marginBelowMicros = rate
      }
    case "region":
      let parts = value.split(separator: ":", maxSplits: 1).map(String.init)
      guard let country = parts.first else { return false }
      rule.countryCode = country
      rule.regionPrefix = parts.count == 2 ? parts[1] : ""
    default: return false
    }
    return true
  }
}

/// "by=A>B,due=8,remind=4,escalate=BOSS": who must agree, and until when each.
struct ApprovalStepsArgument {
  private var roles: [String] = []
  private var each = OrdersV1.ApprovalStepRule()
  private(set) var isParallel = false

  /// Empty where there is more than one, or a due time.
  var onlyRole: String {
    roles.count == 1 && each == OrdersV1.ApprovalStepRule() ? roles[0] : ""
  }

  /// Empty where there is only a role.
  var messages: [OrdersV1.ApprovalStepRule] {
    guard onlyRole.isEmpty else { return [] }
    return roles.map { role in
      var step = each
      step.role = role
      return step
    }
  }

  mutating func read(_ name: String, _ value: String) -> Bool {
    switch name {
    // "A>B" one after the other, "A+B" at once.
    case "by":
      isParallel = value.contains("+")
      guard !(isParallel && value.contains(">")) else { return false }
      roles = value.split(separator: isParallel ? "+" : ">").map(String.init)
      return !roles.isEmpty
    case "due", "remind":
      guard let hours = Int32(value) else { return false }
      if name == "due" { each.dueHours = hours } else { each.remindHours = hours }
    case "escalate": each.escalationRole = value
    default: return false
    }
    return true
  }
}
