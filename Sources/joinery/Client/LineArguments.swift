internal import ArgumentParser
internal import Messages

/// A part of a numbered line on a day: "1:2026-04-01:10", or "1:2026-04-01:10@7" for an address.
struct ScheduleArgument: ExpressibleByArgument {
  let line: Int32
  let message: OrdersV1.ScheduleInput

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let line = Int32(parts[0]), let day = DayArgument(argument: parts[1])
    else { return nil }
    let words = parts[2].split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    guard words.count <= 2, let quantity = QuantityArgument(argument: words[0]) else { return nil }
    let address = words.count == 2 ? Int64(words[1]) : 0
    guard let address else { return nil }
    self.line = line
    message = .init(
      requestedOn: day.message, quantity: quantity.message, addressId: address)
  }
}

extension [ScheduleArgument] {
  /// The lines of a new order with their parts.
  func scheduling(_ inputs: [OrdersV1.LineInput]) -> [OrdersV1.LineInput] {
    inputs.enumerated().map { index, input in
      var input = input
      input.schedules = filter { Int($0.line) == index + 1 }.map(\.message)
      return input
    }
  }
}

/// A schedule of a numbered line, and how much of it: "1:2" or "1:2:5".
struct ScheduleNumberArgument: ExpressibleByArgument {
  let message: OrdersV1.ScheduleQuantity

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), let line = Int32(parts[0]), let number = Int32(parts[1])
    else { return nil }
    var message = OrdersV1.ScheduleQuantity(lineNumber: line, scheduleNumber: number)
    if parts.count == 3 {
      guard let quantity = QuantityArgument(argument: parts[2]) else { return nil }
      message.quantity = quantity.message
    }
    self.message = message
  }
}

/// What is chosen of the product of a numbered line: "1:length=1800,oiled=yes", or a kept choice,
/// "1:CF-2026-000012".
struct LineChoiceArgument: ExpressibleByArgument {
  let line: Int32
  let message: OrdersV1.ConfigurationInput

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, let line = Int32(parts[0]) else { return nil }
    self.line = line
    guard parts[1].contains("=") else {
      message = .init(number: parts[1])
      return
    }
    let settings = parts[1].split(separator: ",").map { SettingArgument(argument: String($0)) }
    guard settings.allSatisfy({ $0 != nil }) else { return nil }
    message = .init(settings: settings.compactMap { $0?.message })
  }
}
