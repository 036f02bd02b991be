internal import ArgumentParser

/// Reads an enum of the API by its name without the common prefix, in lower case with dashes:
/// `wechat-pay` is PAYMENT_METHOD_WECHAT_PAY. Wrong names are answered with the right ones.
struct Choice<Value: Sendable>: Sendable {
  private let values: [(name: String, value: Value)]

  /// `names` are the full names of `all`, in the same order; the first is the unspecified value and
  /// cannot be chosen.
  init(_ all: [Value], _ name: (Value) -> String) {
    let names = all.map(name)
    let prefix = names.first.map { $0.dropLast("UNSPECIFIED".count).count } ?? 0
    values = zip(names, all).dropFirst().map { full, value in
      (full.dropFirst(prefix).lowercased().replacing("_", with: "-"), value)
    }
  }

  /// "store, web, marketplace".
  var help: String { values.map(\.name).joined(separator: ", ") }

  func callAsFunction(_ text: String) throws -> Value {
    guard let found = values.first(where: { $0.name == text.lowercased() }) else {
      throw ValidationError("\"\(text)\" is none of: \(help)")
    }
    return found.value
  }
}
