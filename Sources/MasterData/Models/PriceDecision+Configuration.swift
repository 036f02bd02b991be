import Values

extension PriceDecision {
  /// A configured piece costs what its model says, whoever buys it and without tax: the price that
  /// discounts are taken from.
  package init(_ configuration: Configuration, unit: String) {
    unitPrice = configuration.price
    parts = []
    listCode = ""
    isTaxIncluded = false
    isNegotiated = false
    let text =
      "Model \(configuration.sku) version \(configuration.version): "
      + "\(configuration.price) per \(unit)"
    explanation = Explanation([
      .init(
        "CONFIGURED_PRICE", text,
        [Fact("model_version", configuration.version)]
          + configuration.priceParts.map { Fact($0.code.lowercased(), $0.amount) })
    ])
  }
}
