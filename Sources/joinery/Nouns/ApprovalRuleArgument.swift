internal import ArgumentParser
internal import Messages

/// "class=VIP,discount=10%,by=SALES_MANAGER>GENERAL_MANAGER".
struct ApprovalRuleArgument: ExpressibleByArgument {
  let message: OrdersV1.ApprovalRule

  init?(argument: String) {
    var rule = OrdersV1.ApprovalRule()
    var each = OrdersV1.ApprovalStepRule()
    var roles: [String] = []
    for word in argument.split(separator: ",") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      let isRead =
        parts[0] == "by"
        ? Self.read(parts[1], &roles, &rule)
        : Self.read(parts[0], parts[1], &rule) || Self.read(parts[0], parts[1], &each)
      guard isRead else { return nil }
    }
    if roles.count == 1, each == OrdersV1.ApprovalStepRule() {
      rule.approverRole = roles[0]
    } else {
      rule.steps = roles.map { role in
        var step = each
        step.role = role
        return step
      }
    }
    message = rule
  }

  /// "A>B" one after the other, "A+B" at once.
  private static func read(
    _ text: String, _ roles: inout [String], _ rule: inout OrdersV1.ApprovalRule
  ) -> Bool {
    rule.parallel = text.contains("+")
    guard !(rule.parallel && text.contains(">")) else { return false }
    roles = text.split(separator: rule.parallel ? "+" : ">").map(String.init)
    return !roles.isEmpty
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

  private static func read(
    _ name: String, _ value: String, _ step: inout OrdersV1.ApprovalStepRule
  ) -> Bool {
    switch name {
    case "due", "remind":
      guard let hours = Int32(value) else { return false }
      if name == "due" { step.dueHours = hours } else { step.remindHours = hours }
    case "escalate": step.escalationRole = value
    default: return false
    }
    return true
  }
}
