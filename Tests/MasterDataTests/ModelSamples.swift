import MasterData
import Values

/// A box to configure: a width, a wood, a lid.
extension ModelDraft {
  static func box(sku: String = "TABLE-1") -> ModelDraft {
    ModelDraft(
      sku: sku,
      parameters: [
        .init(
          name: "width", label: "Width",
          kind: .dimension(
            .init(
              unit: "mm", lowest: units(300), highest: units(900), step: units(10),
              standard: units(600)))),
        .init(
          name: "wood", label: "Wood",
          kind: .choice(
            [
              .init(
                name: "oak", label: "Oak",
                attributes: [
                  .init(name: "board", value: .text("OAK-27")),
                  .init(name: "price", value: .number("100")),
                  .init(name: "longest", value: .number("700")),
                ]),
              .init(
                name: "ash", label: "Ash",
                attributes: [
                  .init(name: "board", value: .text("OAK-27")),
                  .init(name: "price", value: .number("80.5")),
                  .init(name: "longest", value: .number("900")),
                ]),
            ], standard: "oak")),
        .init(name: "lid", label: "Lid", kind: .flag(standard: true)),
      ],
      definitions: [.init(name: "side", formula: "width - 20")],
      constraints: [
        .init(code: "LONGEST", rule: "width <= wood.longest", reason: "Oak is 700 mm long"),
        .init(code: "LID", rule: "lid or width > 500", reason: "A small box has a lid"),
      ],
      prices: [
        .init(code: "WOOD", label: "Wood", amount: "width / 1000 * wood.price"),
        .init(code: "LID", label: "Lid", amount: "19.99", when: "lid"),
      ],
      panels: [
        .init(
          name: "side", count: "4", length: "side", width: "250", board: "wood.board",
          waste: "0.1"),
        .init(
          name: "lid", length: "width", width: "width", board: "wood.board", waste: "0.1",
          when: "lid"),
      ],
      materials: [.init(name: "hinges", sku: "'CHAIR-1'", quantity: "if lid then 2 else 0")],
      operations: [
        .init(
          sequence: 10, name: "Cut", workCentre: "'CUT'", setupMinutes: "5",
          unitMinutes: "width / 100")
      ],
      cartons: [
        .init(name: "box", length: "width + 20", width: "width + 20", height: "300", weight: "4.2")
      ],
      weight: "width * 0.01", volume: "width * width * 250 / 1000000000", leadDays: "7")
  }
}

extension Configuration.Setting {
  /// "width=600".
  init(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    self.init(name: parts[0], value: parts[1])
  }

  var shown: String { "\(name)=\(value)" }
}
