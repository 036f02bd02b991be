package import Values

/// A product as a caller wants it to be.
package struct ProductDraft: BatchRow {
  package var sku: String
  package var name: String
  package var nameEnglish: String
  package var kind: ProductKind?
  package var unit: String
  package var taxClass: String
  /// Of one base unit, packed; nil when nobody knows.
  package var weightGrams: Int64?
  package var volumeCubicCentimetres: Int64?
  /// Nil: as it was.
  package var description: String?
  package var descriptionEnglish: String?
  package var size = ProductSize()
  /// Nil: as it was.
  package var productClass: String?
  /// Nil: as it was.
  package var hsCode: String?
  package var origin: String?
  /// Nil when nobody knows.
  package var netWeightGrams: Int64?
  /// The version that the caller read; nil or 0 asks for nothing.
  package var expectedVersion: Int64?
  package var malformed: [any Rejection]

  package init(
    sku: String, name: String, nameEnglish: String = "", kind: ProductKind?, unit: String,
    taxClass: String, weightGrams: Int64? = nil, volumeCubicCentimetres: Int64? = nil,
    expectedVersion: Int64? = nil, malformed: [any Rejection] = []
  ) {
    self.sku = sku
    self.name = name
    self.nameEnglish = nameEnglish
    self.kind = kind
    self.unit = unit
    self.taxClass = taxClass
    self.weightGrams = weightGrams
    self.volumeCubicCentimetres = volumeCubicCentimetres
    self.expectedVersion = expectedVersion
    self.malformed = malformed
  }

  /// What of a product that is there an update mask may name, by the name in the request.
  package enum Field: String, Sendable {
    case name, kind, description
    case nameEnglish = "name_english"
    case unit = "unit_code"
    case taxClass = "tax_class"
    case weightGrams = "weight_grams"
    case volumeCubicCentimetres = "volume_cubic_centimetres"
    case descriptionEnglish = "description_english"
    case length = "length_mm"
    case width = "width_mm"
    case height = "height_mm"
    case productClass = "product_class"
    case hsCode = "hs_code"
    case origin = "origin_country_code"
    case netWeight = "net_weight_grams"
  }

  package var code: String { sku }
  package static var codeField: String { "sku" }

  /// The draft with all that `fields` does not name as it is stored.
  func taking(_ fields: Set<Field>, of stored: Product) -> ProductDraft {
    var draft = self
    func keep<Value>(_ field: Field, _ path: WritableKeyPath<ProductDraft, Value>, _ value: Value) {
      if !fields.contains(field) { draft[keyPath: path] = value }
    }
    keep(.name, \.name, stored.name)
    keep(.nameEnglish, \.nameEnglish, stored.nameEnglish)
    keep(.kind, \.kind, stored.kind)
    keep(.unit, \.unit, stored.unit)
    keep(.taxClass, \.taxClass, stored.taxClass)
    keep(.weightGrams, \.weightGrams, stored.weightGrams)
    keep(.volumeCubicCentimetres, \.volumeCubicCentimetres, stored.volumeCubicCentimetres)
    keep(.description, \.description, nil)
    keep(.descriptionEnglish, \.descriptionEnglish, nil)
    keep(.length, \.size.length, stored.size.length)
    keep(.width, \.size.width, stored.size.width)
    keep(.height, \.size.height, stored.size.height)
    keep(.productClass, \.productClass, nil)
    keep(.hsCode, \.hsCode, nil)
    keep(.origin, \.origin, nil)
    keep(.netWeight, \.netWeightGrams, stored.customs.netWeightGrams)
    return draft
  }

  /// The product that this draft makes of `stored` (nil: of nothing).
  func product(
    from stored: Product?, at path: FieldPath, taxClasses: Set<String>
  ) throws -> Product {
    var check = FieldCheck(path, malformed: malformed)
    check.code(sku, "sku")
    check.text(name, "name", required: true)
    check.text(nameEnglish, "name_english")
    let kind = check.required(kind, "kind")
    check.code(unit, "unit_code")
    check.code(taxClass, "tax_class")
    if !taxClasses.contains(taxClass) {
      check.refuse(
        MasterDataRejection.unknownTaxClass(field: path.field("tax_class"), code: taxClass))
    }
    // A thousand tonnes, a thousand cubic metres.
    let sizes = Int64(0)...1_000_000_000
    if let weightGrams { check.range(weightGrams, "weight_grams", sizes) }
    if let volume = volumeCubicCentimetres {
      check.range(volume, "volume_cubic_centimetres", sizes)
    }
    let (weightGrams, volume) = measures(from: stored, &check)
    check.size(size)
    if let productClass, !productClass.isEmpty { check.code(productClass, "product_class") }
    check.customs(hsCode, origin, netWeightGrams)
    check.paragraph(description ?? "", "description")
    check.paragraph(descriptionEnglish ?? "", "description_english")
    check.version(expectedVersion, stored: stored?.version, code: sku)
    if let stored, let kind, stored.kind != kind {
      check.refuse(
        MasterDataRejection.fixedOnceCreated(
          field: path.field("kind"), code: sku, stored: stored.kind.rawValue, given: kind.rawValue))
    }
    if let stored, stored.unit != unit {
      check.refuse(
        MasterDataRejection.fixedOnceCreated(
          field: path.field("unit_code"), code: sku, stored: stored.unit, given: unit))
    }
    try check.pass()
    return Product(
      id: stored?.id ?? ID(0), sku: sku, name: name, kind: kind ?? .stocked, unit: unit,
      taxClass: taxClass, weightGrams: weightGrams, volumeCubicCentimetres: volume,
      details: ProductDetails(
        nameEnglish: nameEnglish, description: description ?? stored?.description ?? "",
        descriptionEnglish: descriptionEnglish ?? stored?.descriptionEnglish ?? "", size: size,
        units: stored?.units ?? [], hasCartons: stored?.hasCartons ?? false,
        productClass: productClass ?? stored?.productClass ?? "",
        customs: ProductCustoms(
          hsCode: hsCode ?? stored?.customs.hsCode ?? "",
          origin: origin ?? stored?.customs.origin ?? "", netWeightGrams: netWeightGrams),
        lifecycle: stored?.lifecycle),
      version: stored?.version ?? 1)
  }

  /// Weight and room: what the cartons of the product say, if it has any.
  private func measures(
    from stored: Product?, _ check: inout FieldCheck
  ) -> (weight: Int64?, volume: Int64?) {
    guard let stored, stored.hasCartons else { return (weightGrams, volumeCubicCentimetres) }
    let measures: [(given: Int64?, cartons: Int64?, name: String)] = [
      (weightGrams, stored.weightGrams, "weight_grams"),
      (volumeCubicCentimetres, stored.volumeCubicCentimetres, "volume_cubic_centimetres"),
    ]
    for case (let given?, let cartons?, let name) in measures where given != cartons {
      check.refuse(
        ProductRejection.cartonsSayOtherwise(
          field: check.path.field(name), sku: sku, cartons: cartons, given: given))
    }
    return (stored.weightGrams, stored.volumeCubicCentimetres)
  }
}

extension FieldCheck {
  /// Up to a kilometre each way.
  fileprivate mutating func size(_ size: ProductSize) {
    let lengths: [(Int64?, String)] = [
      (size.length, "length_mm"), (size.width, "width_mm"), (size.height, "height_mm"),
    ]
    for (length, name) in lengths {
      if let length { range(length, name, 1...1_000_000) }
    }
  }

  fileprivate mutating func customs(
    _ hsCode: String?, _ origin: String?, _ netWeightGrams: Int64?
  ) {
    if let hsCode, !hsCode.isEmpty, !ProductCustoms.isHSCode(hsCode) {
      refuse(
        ProductRejection.invalidHSCode(
          field: path.field("hs_code"), given: String(hsCode.prefix(40))))
    }
    if let origin, !origin.isEmpty, !Countries.codes.contains(origin) {
      refuse(
        ProductRejection.unknownCountry(
          field: path.field("origin_country_code"), given: String(origin.prefix(40))))
    }
    if let netWeightGrams { range(netWeightGrams, "net_weight_grams", 1...1_000_000_000) }
  }

  /// A text of several lines for people.
  fileprivate mutating func paragraph(_ text: String, _ name: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      self.text(String(line), name, limit: 2_000)
    }
    let length = text.unicodeScalars.count
    guard length > 2_000 else { return }
    refuse(MasterDataRejection.textTooLong(field: path.field(name), length: length, limit: 2_000))
  }
}
