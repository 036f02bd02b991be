package import Storage
package import Values

/// What somebody scanned: which product, in which unit, how much of it, and what else the barcode
/// says. A question; it finds nothing that nobody has said.
package struct Scan: Sendable {
  package let product: Product
  package let gtin: GTIN
  /// That the barcode stands for.
  package let unit: String
  /// In the base unit of the product.
  package let quantity: Quantity
  /// Nil for a plain number.
  package let elements: ElementString?

  package static func resolve(
    _ text: String, field: String, on today: Day, in snapshot: Snapshot
  ) throws -> Scan {
    if text.isEmpty { throw MasterDataRejection.missingValue(field: field) }
    // EAN and UPC, EAN-8, ITF-14.
    let plain = ["]E0", "]E4", "]I0", "]I1"].contains { text.hasPrefix($0) }
    let number = plain ? String(text.dropFirst(3)) : text
    if !plain, ElementString.looksLikeOne(number) {
      return try elements(text, field, on: today, in: snapshot)
    }
    do {
      return try Scan(try GTIN(number), elements: nil, field, in: snapshot)
    } catch let fault as GTIN.Fault {
      throw ProductRejection.invalidBarcode(
        field: field, given: String(number.prefix(20)), why: "\(fault)")
    }
  }

  private static func elements(
    _ text: String, _ field: String, on today: Day, in snapshot: Snapshot
  ) throws -> Scan {
    let elements: ElementString
    do { elements = try ElementString(text, today: today) } catch let fault {
      throw ProductRejection.unreadableScan(field: field, position: fault.position, why: fault.why)
    }
    // What is in a transport unit says which product and how many; 02 has no meaning without 37.
    guard case .gtin(let gtin)? = elements.first("01", "02")?.value else {
      throw ProductRejection.unreadableScan(
        field: field, position: 0,
        why: SSCC(scanned: text) == nil
          ? "it names no product: neither 01 nor 02" : "it is the number of a carton")
    }
    if elements.first("01") == nil, elements.first("37") == nil {
      throw ProductRejection.unreadableScan(
        field: field, position: 0, why: "02 says what is in it, but no 37 says how many")
    }
    return try Scan(gtin, elements: elements, field, in: snapshot)
  }

  private init(
    _ gtin: GTIN, elements: ElementString?, _ field: String, in snapshot: Snapshot
  ) throws {
    guard let barcode = try BarcodeTable.find(gtin, in: snapshot), !barcode.isRetired else {
      throw ProductRejection.unknownBarcode(field: field, gtin: gtin.printed)
    }
    product = try Products.fetch(barcode.product, in: snapshot)
    self.gtin = gtin
    unit = barcode.unit
    self.elements = elements
    if let measure = elements.flatMap({ $0.measure(of: barcode.unit) }) {
      quantity = measure
    } else {
      var count: Int64 = 1
      if case .count(let said)? = elements?.first("37", "30")?.value { count = said }
      guard let units = Quantity(units: count), let base = product.base(of: units, in: unit)
      else {
        throw ProductRejection.inexactConversion(
          field: field, sku: product.sku, given: "\(count) \(unit)", unit: product.unit)
      }
      quantity = base
    }
  }
}

extension ElementString {
  /// What a variable measure says of a product that is sold by this unit.
  fileprivate func measure(of unit: String) -> Quantity? {
    switch unit {
    case "kg": measure("310")
    case "m": measure("311")
    case "m2": measure("314")
    case "l": measure("315")
    case "m3": measure("316")
    default: nil
    }
  }
}

extension Scan {
  package var lot: String { elements?.first("10")?.text ?? "" }
  package var serial: String { elements?.first("21")?.text ?? "" }

  /// The day that an identifier says.
  package func day(_ identifier: String) -> Day? {
    guard case .day(let day)? = elements?.first(identifier)?.value else { return nil }
    return day
  }
}

extension ElementString.Value: CustomStringConvertible {
  package var description: String {
    switch self {
    case .text(let text): text
    case .gtin(let gtin): gtin.printed
    case .day(let day): day.description
    case .count(let count): count.description
    case .measure(let quantity): quantity.description
    }
  }
}
