/// An ISO 4217 currency. The exponent says how many decimal digits one minor unit stands for.
package struct Currency: Hashable, Sendable, CustomStringConvertible {
  /// Three capital letters, as in ISO 4217 ("CNY").
  package let code: String

  /// Nil unless `code` is a currency in use according to ISO 4217 (list of 2024).
  package init?(_ code: String) {
    guard code == Self.cny.code || Self.codes.contains(code) else { return nil }
    self.code = code
  }

  private init(known code: String) { self.code = code }

  package static let cny = Currency(known: "CNY")
  package static let usd = Currency(known: "USD")

  /// Decimal digits of the minor unit: 2 for CNY, 0 for JPY, 3 for KWD.
  package var exponent: Int {
    switch code {
    // First what nearly every amount is in.
    case "CNY", "USD", "EUR": 2
    case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
      "VND", "VUV", "XAF", "XOF", "XPF":
      0
    case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
    default: 2
    }
  }

  package var description: String { code }

  private static let codes = Set(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP \
    BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP \
    GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR \
    KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK \
    MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR \
    SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS \
    UAH UGX USD UYI UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
    """.split(separator: " ").map(String.init))
}
