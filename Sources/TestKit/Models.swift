package import Messages

extension ConfiguratorV1.Model {
  /// The oak table of the sample company, by its length, oiled or not.
  package static let table = ConfiguratorV1.Model(
    sku: "TABLE",
    parameters: [
      .init(
        name: "length", label: "长",
        kind: .dimension(
          .init(
            lowest: amount("1000", "mm"), highest: amount("2400", "mm"),
            step: amount("100", "mm"), initial: amount("1600", "mm")))),
      .init(name: "oiled", label: "上油", kind: .flag(.init())),
    ],
    definitions: [.init(name: "area", formula: "length * 800 / 1000000")],
    constraints: [
      .init(
        code: "LONG", rule: "oiled or length <= 2000", reason: "A long table must be oiled")
    ],
    prices: [
      .init(code: "TOP", label: "Top", amount: "area * 1200"),
      .init(code: "OIL", amount: "120", when: "oiled"),
    ],
    panels: [.init(name: "top", length: "length", width: "800", board: "'BOARD'", waste: "0.1")],
    materials: [.init(name: "screws", sku: "'SCREW'", quantity: "16")],
    operations: [
      .init(
        sequence: 1, name: "Saw", workCentre: "'SAW'", setupMinutes: "10",
        unitMinutes: "length * 0.03")
    ],
    weight: "area * 25", leadDays: "if oiled then 12 else 10")
}
