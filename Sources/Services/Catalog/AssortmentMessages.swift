internal import MasterData
internal import Messages
internal import Values

// Variants, cartons, the days of products' lives and accessories: messages to drafts and nouns to
// messages.

extension ProductFamilyDraft {
  init(_ message: CatalogV1.ProductFamily) {
    self.init(
      code: message.code, name: message.name, nameEnglish: message.nameEnglish,
      attributes: message.attributes.map { attribute in
        ProductFamily.Attribute(
          code: attribute.code, name: attribute.name, nameEnglish: attribute.nameEnglish,
          values: attribute.values.map {
            ProductFamily.Value(code: $0.code, name: $0.name, nameEnglish: $0.nameEnglish)
          })
      }, expectedVersion: message.version)
  }
}

extension CatalogV1.ProductFamily {
  init(_ family: ProductFamily) {
    self.init(
      code: family.code, name: family.name, nameEnglish: family.nameEnglish,
      attributes: family.attributes.map { CatalogV1.ProductAttribute($0) },
      version: family.version)
  }
}

extension CatalogV1.ProductAttribute {
  init(_ attribute: ProductFamily.Attribute) {
    self.init(
      code: attribute.code, name: attribute.name, nameEnglish: attribute.nameEnglish,
      values: attribute.values.map {
        .init(code: $0.code, name: $0.name, nameEnglish: $0.nameEnglish)
      })
  }
}

extension AttributeChoice {
  init(_ message: CatalogV1.AttributeChoice) {
    self.init(attribute: message.attributeCode, value: message.valueCode)
  }
}

extension VariantDraft {
  init(_ message: CatalogV1.ProductVariant) {
    self.init(
      sku: message.sku, familyCode: message.familyCode,
      choices: message.choices.map { AttributeChoice($0) })
  }
}

extension CatalogV1.ProductVariant {
  init(_ variant: ProductVariant) {
    self.init(
      sku: variant.sku, familyCode: variant.familyCode,
      choices: variant.choices.map {
        .init(attributeCode: $0.attribute, valueCode: $0.value)
      })
  }
}

extension CartonsDraft {
  init(_ message: CatalogV1.ProductCartons) {
    self.init(
      sku: message.sku,
      cartons: message.cartons.enumerated().map { index, carton in
        Carton(
          number: index + 1, weightGrams: carton.weightGrams, length: carton.lengthMm,
          width: carton.widthMm, height: carton.heightMm, contents: carton.contents,
          isFragile: carton.fragile)
      })
  }
}

extension CatalogV1.Carton {
  init(_ carton: Carton) {
    self.init(
      number: Int32(carton.number), weightGrams: carton.weightGrams, lengthMm: carton.length,
      widthMm: carton.width, heightMm: carton.height, contents: carton.contents,
      fragile: carton.isFragile)
  }
}

extension LifecycleDraft {
  init(_ message: CatalogV1.ProductLifecycle, row: Int) {
    var reader = RequestReader(row: "lifecycles[\(row)]")
    self.init(
      sku: message.sku,
      lifecycle: ProductLifecycle(
        announcedOn: reader.day(message.announcedOn, "announced_on"),
        orderableFrom: reader.day(message.orderableFrom, "orderable_from"),
        orderableUntil: reader.day(message.orderableUntil, "orderable_until"),
        discontinuedOn: reader.day(message.discontinuedOn, "discontinued_on"),
        servedUntil: reader.day(message.servedUntil, "served_until"),
        successorSKU: message.successorSku))
    malformed = reader.found
  }
}

extension CatalogV1.ProductLifecycle {
  init(_ lifecycle: ProductLifecycle, of sku: String) {
    self.init(
      sku: sku, announcedOn: lifecycle.announcedOn.map { .init($0) },
      orderableFrom: lifecycle.orderableFrom.map { .init($0) },
      orderableUntil: lifecycle.orderableUntil.map { .init($0) },
      discontinuedOn: lifecycle.discontinuedOn.map { .init($0) },
      servedUntil: lifecycle.servedUntil.map { .init($0) }, successorSku: lifecycle.successorSKU)
  }
}

extension AccessoryDraft {
  init(_ message: CatalogV1.Accessory) {
    self.init(
      sku: message.sku, accessorySKU: message.accessorySku, rank: Int(message.rank),
      note: message.note, isRetired: message.retired)
  }
}

extension CatalogV1.Accessory {
  init(_ accessory: Accessory) {
    self.init(
      sku: accessory.sku, accessorySku: accessory.accessorySKU, rank: Int32(accessory.rank),
      note: accessory.note, retired: accessory.isRetired)
  }
}
