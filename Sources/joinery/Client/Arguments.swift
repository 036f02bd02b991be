internal import ArgumentParser
internal import Messages
internal import Values

// Values as they are typed on a command line: plain decimals, dates as 2026-11-21.

/// "1299.00" or "1299.00 CNY"; without a currency the one of JOINERY_CURRENCY, or CNY.
struct MoneyArgument: ExpressibleByArgument {
  let message: TypeV1.Money

  init?(argument: String) {
    guard let (number, currency) = AmountArgument.split(argument),
      let minor = FixedPoint.parse(number, digits: currency.exponent)
    else { return nil }
    message = TypeV1.Money(currencyCode: currency.code, minorUnits: minor)
  }
}

/// "12.5" or "12.5 CNY", up to six decimals.
struct UnitPriceArgument: ExpressibleByArgument {
  let message: TypeV1.UnitPrice

  init?(argument: String) {
    guard let (number, currency) = AmountArgument.split(argument),
      let micros = FixedPoint.parse(number, digits: 6)
    else { return nil }
    message = TypeV1.UnitPrice(currencyCode: currency.code, micros: micros)
  }
}

enum AmountArgument {
  /// Of amounts that name none.
  static var currency: String {
    ConnectionOptions.environment("JOINERY_CURRENCY") ?? Currency.cny.code
  }

  fileprivate static func split(_ text: String) -> (number: Substring, currency: Currency)? {
    let parts = text.split(separator: " ")
    guard (1...2).contains(parts.count) else { return nil }
    let code = parts.count == 2 ? String(parts[1]) : currency
    return Currency(code).map { (parts[0], $0) }
  }
}

/// "4" or "2.5", up to six decimals, in the product's base unit.
struct QuantityArgument: ExpressibleByArgument {
  let message: TypeV1.Quantity

  init?(argument: String) {
    let parts = argument.split(separator: " ", maxSplits: 1).map(String.init)
    guard let number = parts.first, let micros = FixedPoint.parse(number, digits: 6) else {
      return nil
    }
    message = TypeV1.Quantity(micros: micros, unitCode: parts.count == 2 ? parts[1] : "")
  }
}

/// "2026-11-21".
struct DayArgument: ExpressibleByArgument {
  let message: GoogleType.Date

  init?(argument: String) {
    guard let day = Day(argument) else { return nil }
    message = GoogleType.Date(
      year: Int32(day.year), month: Int32(day.month), day: Int32(day.day))
  }
}

/// "5%" or "12.5%" as millionths.
struct RateArgument: ExpressibleByArgument {
  let micros: Int64

  init?(argument: String) {
    let number = argument.hasSuffix("%") ? argument.dropLast() : Substring(argument)
    guard let micros = FixedPoint.parse(number, digits: 4), (0...1_000_000).contains(micros) else {
      return nil
    }
    self.micros = micros
  }
}

/// "5%" of an order, or "100.00" off it.
struct OrderDiscountArgument: ExpressibleByArgument {
  let micros: Int64
  /// Nil for a share.
  let amount: TypeV1.Money?

  init?(argument: String) {
    if argument.hasSuffix("%") {
      guard let rate = RateArgument(argument: argument) else { return nil }
      micros = rate.micros
      amount = nil
    } else {
      guard let money = MoneyArgument(argument: argument) else { return nil }
      micros = 0
      amount = money.message
    }
  }
}

/// An order line: "SKU:QUANTITY", with a discount "SKU:QUANTITY:5%", of a configurable product with
/// what was chosen "SKU:QUANTITY:width=800,front=oak" or the number of a kept choice
/// "SKU:QUANTITY:CF-2026-000001", or with both.
struct OrderLineArgument: ExpressibleByArgument {
  let message: OrdersV1.LineInput

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...4).contains(parts.count), !parts[0].isEmpty,
      let quantity = QuantityArgument(argument: parts[1])
    else { return nil }
    var line = OrdersV1.LineInput(sku: parts[0], quantity: quantity.message)
    for part in parts.dropFirst(2) {
      if part.contains("="), line.configuration == nil {
        let settings = part.split(separator: ",").map { SettingArgument(argument: String($0)) }
        guard settings.allSatisfy({ $0 != nil }) else { return nil }
        line.configuration = .init(settings: settings.compactMap { $0?.message })
      } else if part.hasPrefix("CF-"), line.configuration == nil {
        line.configuration = .init(number: part)
      } else if line.discountMicros == 0, let discount = RateArgument(argument: part) {
        line.discountMicros = discount.micros
      } else {
        return nil
      }
    }
    message = line
  }
}

/// A quantity of a numbered line: "LINE:QUANTITY".
struct NumberedQuantityArgument: ExpressibleByArgument {
  let line: Int32
  let quantity: TypeV1.Quantity

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let line = Int32(parts[0]),
      let quantity = QuantityArgument(argument: parts[1])
    else { return nil }
    self.line = line
    self.quantity = quantity.message
  }
}

/// A quantity of a component: "SKU:QUANTITY".
struct NamedQuantityArgument: ExpressibleByArgument {
  let sku: String
  let quantity: TypeV1.Quantity

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty,
      let quantity = QuantityArgument(argument: parts[1])
    else { return nil }
    sku = parts[0]
    self.quantity = quantity.message
  }
}

/// A chosen value of a configurable product: "NAME=VALUE".
struct SettingArgument: ExpressibleByArgument {
  let message: ConfiguratorV1.Setting

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
      return nil
    }
    message = ConfiguratorV1.Setting(
      name: String(argument[..<equals]), value: String(argument[argument.index(after: equals)...]))
  }
}
