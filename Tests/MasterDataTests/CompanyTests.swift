import MasterData
import Storage
import Testing
import Values

@Suite("Company, taxes and numbers")
struct CompanyTests {
  @Test("starts in CNY and Shanghai, and keeps what is not given")
  func configure() async throws {
    let books = try Books()
    let (start, changed, events) = try await books.write { tx in
      let start = try Companies.current(in: tx)
      let changed = try ConfigureCompany(name: "Oak & Sons", baseCurrencyCode: "EUR").run(
        in: tx, at: Books.now)
      _ = try ConfigureCompany(name: "", timeZone: "Asia/Shanghai").run(in: tx, at: Books.now)
      return (start, changed, tx.takeEvents())
    }
    #expect(start.baseCurrency == .cny)
    #expect(start.timeZone == "Asia/Shanghai")
    #expect(changed.name == "Oak & Sons")
    #expect(changed.baseCurrency.code == "EUR")
    #expect(changed.timeZone == "Asia/Shanghai")
    #expect(events.map(\.type) == ["company.configured"])
    #expect(try await books.database.read { try Companies.current(in: $0) } == changed)
  }

  @Test("rates are those of Chinese VAT until others are set, from a day on")
  func taxRates() async throws {
    let books = try Books()
    let rates = try await books.write { tx in
      let seeded = try ["STANDARD", "REDUCED", "SERVICE", "ZERO"].map {
        try TaxRates.rate(of: $0, on: Books.day, in: tx).description
      }
      _ = try UpsertTaxRates([
        TaxRateDraft(
          taxClass: "STANDARD", rate: Rate(micros: 140_000), validFrom: Books.day.adding(days: 5))
      ]).run(in: tx, at: Books.now)
      return seeded
        + (try [4, 5].map {
          try TaxRates.rate(of: "STANDARD", on: Books.day.adding(days: $0), in: tx).description
        })
    }
    #expect(rates == ["13%", "9%", "6%", "0%", "13%", "14%"])
  }

  @Test("each kind and year has a series of its own, without gaps")
  func numbers() async throws {
    let books = try Books()
    struct Refused: Error {}
    let later = Books.day.adding(days: 60)
    let numbers = try await books.write { tx in
      var numbers = [
        try DocumentNumbers.next(.salesOrder, on: Books.day, in: tx),
        try DocumentNumbers.next(.invoice, on: Books.day, in: tx),
        try DocumentNumbers.next(.salesOrder, on: later, in: tx),
      ]
      try? tx.attempt {
        _ = try DocumentNumbers.next(.salesOrder, on: Books.day, in: tx)
        throw Refused()
      }
      numbers.append(try DocumentNumbers.next(.salesOrder, on: Books.day, in: tx))
      return numbers
    }
    #expect(numbers == ["SO-2026-000001", "IN-2026-000001", "SO-2027-000001", "SO-2026-000002"])
  }
}
