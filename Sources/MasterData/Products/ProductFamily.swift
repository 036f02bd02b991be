package import Storage
package import Values

/// Products that differ in colour, fabric, size and the like, and in nothing else.
package struct ProductFamily: Hashable, Sendable {
  package struct Value: Hashable, Sendable {
    package let code: String
    package let name: String
    package let nameEnglish: String

    package init(code: String, name: String, nameEnglish: String = "") {
      self.code = code
      self.name = name
      self.nameEnglish = nameEnglish
    }
  }

  package struct Attribute: Hashable, Sendable {
    package let code: String
    package let name: String
    package let nameEnglish: String
    package var values: [Value]

    package init(code: String, name: String, nameEnglish: String = "", values: [Value]) {
      self.code = code
      self.name = name
      self.nameEnglish = nameEnglish
      self.values = values
    }
  }

  package internal(set) var id: ID<ProductFamily>
  package let code: String
  package let name: String
  package let nameEnglish: String
  /// In the order in which they are asked.
  package internal(set) var attributes: [Attribute]
  /// Counts the changes of the row, from 1.
  package internal(set) var version: Int64

  /// The value of each attribute that is named, by attribute; refuses what the family has not, and
  /// an attribute that is named twice.
  func read(
    _ choices: [AttributeChoice], field name: String, _ check: inout FieldCheck
  ) -> [String: String] {
    var chosen: [String: String] = [:]
    for (row, choice) in choices.enumerated() {
      let path = check.path.field("\(name)[\(row)]")
      guard let attribute = attributes.first(where: { $0.code == choice.attribute }) else {
        check.refuse(
          ProductRejection.unknownAttribute(
            field: path + ".attribute_code", family: code,
            given: String(choice.attribute.prefix(40)),
            nearest: NearestCode.to(choice.attribute, among: attributes.map(\.code)) ?? ""))
        continue
      }
      guard attribute.values.contains(where: { $0.code == choice.value }) else {
        check.refuse(
          ProductRejection.unknownValue(
            field: path + ".value_code", attribute: attribute.code,
            given: String(choice.value.prefix(40)),
            nearest: NearestCode.to(choice.value, among: attribute.values.map(\.code)) ?? ""))
        continue
      }
      if chosen.updateValue(choice.value, forKey: attribute.code) != nil {
        check.refuse(
          ProductRejection.attributeTwice(
            field: path + ".attribute_code", attribute: attribute.code))
      }
    }
    return chosen
  }
}

/// What is chosen of an attribute, by their codes.
package struct AttributeChoice: Hashable, Sendable {
  package let attribute: String
  package let value: String

  package init(attribute: String, value: String) {
    self.attribute = attribute
    self.value = value
  }
}

/// A family as a caller wants it to be.
package struct ProductFamilyDraft: BatchRow {
  package var code: String
  package var name: String
  package var nameEnglish: String
  package var attributes: [ProductFamily.Attribute]
  /// The version that the caller read; nil or 0 asks for nothing.
  package var expectedVersion: Int64?

  package init(
    code: String, name: String, nameEnglish: String = "", attributes: [ProductFamily.Attribute],
    expectedVersion: Int64? = nil
  ) {
    self.code = code
    self.name = name
    self.nameEnglish = nameEnglish
    self.attributes = attributes
    self.expectedVersion = expectedVersion
  }

  package var malformed: [any Rejection] { [] }
  package static var codeField: String { "code" }

  func family(
    from stored: ProductFamily?, with variants: [ProductVariant], at path: FieldPath
  ) throws -> ProductFamily {
    var check = FieldCheck(path)
    check.code(code, "code")
    check.text(name, "name", required: true)
    check.text(nameEnglish, "name_english")
    check.range(attributes.count, "attributes", 1...10)
    var known: Set<String> = []
    for (row, attribute) in attributes.prefix(10).enumerated() {
      self.check(attribute, "attributes[\(row)]", &known, &check)
    }
    check.version(expectedVersion, stored: stored?.version, code: code)
    for variant in variants { self.check(variant, &check) }
    try check.pass()
    return ProductFamily(
      id: stored?.id ?? ID(0), code: code, name: name, nameEnglish: nameEnglish,
      attributes: attributes, version: stored?.version ?? 1)
  }

  private func check(
    _ attribute: ProductFamily.Attribute, _ name: String, _ known: inout Set<String>,
    _ check: inout FieldCheck
  ) {
    check.code(attribute.code, name + ".code")
    check.text(attribute.name, name + ".name", required: true)
    check.text(attribute.nameEnglish, name + ".name_english")
    if !known.insert(attribute.code).inserted {
      check.refuse(
        ProductRejection.attributeTwice(
          field: check.path.field(name + ".code"), attribute: attribute.code))
    }
    check.range(attribute.values.count, name + ".values", 1...200)
    var values: Set<String> = []
    for (row, value) in attribute.values.prefix(200).enumerated() {
      let place = "\(name).values[\(row)]"
      check.code(value.code, place + ".code")
      check.text(value.name, place + ".name", required: true)
      check.text(value.nameEnglish, place + ".name_english")
      if !values.insert(value.code).inserted {
        check.refuse(
          ProductRejection.attributeTwice(
            field: check.path.field(place + ".code"), attribute: value.code))
      }
    }
  }

  /// A variant goes on saying what it is.
  private func check(_ variant: ProductVariant, _ check: inout FieldCheck) {
    let chosen = Dictionary(uniqueKeysWithValues: variant.choices.map { ($0.attribute, $0.value) })
    let fits =
      chosen.count == attributes.count
      && attributes.allSatisfy { attribute in
        attribute.values.contains { $0.code == chosen[attribute.code] }
      }
    guard !fits else { return }
    check.refuse(
      ProductRejection.variantInTheWay(
        field: check.path.field("attributes"), family: code, sku: variant.sku,
        choices: variant.text))
  }
}

/// Adds or changes families by code.
package struct UpsertProductFamilies: Sendable {
  package let rows: [ProductFamilyDraft]

  package init(_ rows: [ProductFamilyDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "families", in: tx) { draft, path in
      let stored = try ProductFamilyTable.find(draft.code, in: tx)
      let variants = try stored.map { try VariantTable.list(of: $0, in: tx) } ?? []
      let family = try draft.family(from: stored, with: variants, at: path)
      guard family != stored else { return .unchanged }
      try ProductFamilyTable.upsert(family, isNew: stored == nil, in: tx)
      return stored == nil ? .created : .updated
    }
  }
}

/// All SQL of `product_family`, its attributes and their values.
enum ProductFamilyTable {
  static func find(_ code: String, in snapshot: Snapshot) throws -> ProductFamily? {
    var family = try snapshot.first(
      "SELECT id, code, name, name_english, version FROM product_family WHERE code = ?", code,
      map: family)
    if let found = family { family?.attributes = try attributes(of: found.id, in: snapshot) }
    return family
  }

  static func list(
    after code: String, limit: Int, in snapshot: Snapshot
  ) throws -> [ProductFamily] {
    try snapshot.all(
      """
      SELECT id, code, name, name_english, version FROM product_family
      WHERE code > ? ORDER BY code LIMIT ?
      """, code, limit, map: family
    ).map { found in
      var family = found
      family.attributes = try attributes(of: found.id, in: snapshot)
      return family
    }
  }

  private static func attributes(
    of family: ID<ProductFamily>, in snapshot: Snapshot
  ) throws -> [ProductFamily.Attribute] {
    var attributes: [ProductFamily.Attribute] = []
    // The attribute's own row has the value position 0.
    try snapshot.forEach(
      """
      SELECT value_position, code, name, name_english FROM product_attribute
      WHERE family_id = ? ORDER BY position, value_position
      """, family
    ) { row in
      if row.int(0) == 0 {
        attributes.append(
          .init(code: row.text(1), name: row.text(2), nameEnglish: row.text(3), values: []))
      } else if !attributes.isEmpty {
        attributes[attributes.count - 1].values.append(
          .init(code: row.text(1), name: row.text(2), nameEnglish: row.text(3)))
      }
    }
    return attributes
  }

  static func upsert(_ family: ProductFamily, isNew: Bool, in tx: Transaction) throws {
    var id = family.id
    if isNew {
      id = try tx.insert(
        "INSERT INTO product_family (code, name, name_english, version) VALUES (?, ?, ?, 1)",
        family.code, family.name, family.nameEnglish)
    } else {
      try tx.execute(
        "UPDATE product_family SET name = ?, name_english = ?, version = version + 1 WHERE id = ?",
        family.name, family.nameEnglish, id)
      try tx.execute("DELETE FROM product_attribute WHERE family_id = ?", id)
    }
    for (index, attribute) in family.attributes.enumerated() {
      let own = ProductFamily.Value(
        code: attribute.code, name: attribute.name, nameEnglish: attribute.nameEnglish)
      for (place, value) in ([own] + attribute.values).enumerated() {
        try tx.execute(
          """
          INSERT INTO product_attribute (family_id, position, value_position, code, name,
            name_english)
          VALUES (?, ?, ?, ?, ?, ?)
          """, id, index + 1, place, value.code, value.name, value.nameEnglish)
      }
    }
  }

  private static func family(_ row: Row) -> ProductFamily {
    ProductFamily(
      id: row.id(0), code: row.text(1), name: row.text(2), nameEnglish: row.text(3),
      attributes: [], version: row.int64(4))
  }
}
