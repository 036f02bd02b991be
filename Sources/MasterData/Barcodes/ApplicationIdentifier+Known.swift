extension ApplicationIdentifier {
  /// Those without decimals, by code.
  static let fixed: [String: ApplicationIdentifier] = {
    var rows = identification + trade + logistics + processing + assets
    for code in 91...99 { rows.append(text("\(code)", "INTERNAL", 1...90)) }
    return Dictionary(rows.map { ($0.code, $0) }) { first, _ in first }
  }()

  /// Digits only.
  private static func digits(
    _ code: String, _ title: String, _ lengths: ClosedRange<Int>, step: Int = 1,
    _ meaning: Meaning = .text
  ) -> ApplicationIdentifier {
    ApplicationIdentifier(
      code: code, title: title, digits: lengths.upperBound, lengths: lengths, step: step,
      meaning: meaning)
  }

  /// So many digits, then any character of the alphabet.
  private static func text(
    _ code: String, _ title: String, _ lengths: ClosedRange<Int>, digits: Int = 0,
    _ alphabet: Alphabet = .set82
  ) -> ApplicationIdentifier {
    ApplicationIdentifier(
      code: code, title: title, digits: digits, lengths: lengths, alphabet: alphabet,
      meaning: .text)
  }

  /// What a thing is.
  private static let identification: [ApplicationIdentifier] = [
    digits("00", "SSCC", 18...18), digits("01", "GTIN", 14...14, .gtin),
    digits("02", "CONTENT", 14...14, .gtin), digits("03", "MTO GTIN", 14...14, .gtin),
    text("10", "BATCH/LOT", 1...20), digits("11", "PROD DATE", 6...6, .day),
    digits("12", "DUE DATE", 6...6, .day), digits("13", "PACK DATE", 6...6, .day),
    digits("15", "BEST BEFORE or BEST BY", 6...6, .day), digits("16", "SELL BY", 6...6, .day),
    digits("17", "USE BY or EXPIRY", 6...6, .day), digits("20", "VARIANT", 2...2),
    text("21", "SERIAL", 1...20), text("22", "CPV", 1...20), text("235", "TPX", 1...28),
    text("240", "ADDITIONAL ID", 1...30), text("241", "CUST. PART No.", 1...30),
    digits("242", "MTO VARIANT", 1...6), text("243", "PCN", 1...20),
    text("250", "SECONDARY SERIAL", 1...30), text("251", "REF. TO SOURCE", 1...30),
    text("253", "GDTI", 13...30, digits: 13), text("254", "GLN EXTENSION COMPONENT", 1...20),
    digits("255", "GCN", 13...25), digits("30", "VAR. COUNT", 1...8, .count),
    digits("37", "COUNT", 1...8, .count),
  ]

  /// Orders, places and countries.
  private static let trade: [ApplicationIdentifier] = [
    text("400", "ORDER NUMBER", 1...30), text("401", "GINC", 1...30),
    digits("402", "GSIN", 17...17), text("403", "ROUTE", 1...30),
    digits("410", "SHIP TO LOC", 13...13), digits("411", "BILL TO", 13...13),
    digits("412", "PURCHASE FROM", 13...13), digits("413", "SHIP FOR LOC", 13...13),
    digits("414", "LOC No.", 13...13), digits("415", "PAY TO", 13...13),
    digits("416", "PROD/SERV LOC", 13...13), digits("417", "PARTY", 13...13),
    text("420", "SHIP TO POST", 1...20), text("421", "SHIP TO POST", 4...12, digits: 3),
    digits("422", "ORIGIN", 3...3), digits("423", "COUNTRY - INITIAL PROCESS", 3...15, step: 3),
    digits("424", "COUNTRY - PROCESS", 3...3),
    digits("425", "COUNTRY - DISASSEMBLY", 3...15, step: 3),
    digits("426", "COUNTRY - FULL PROCESS", 3...3), text("427", "ORIGIN SUBDIVISION", 1...3),
  ]

  /// Where something goes, and how.
  private static let logistics: [ApplicationIdentifier] = [
    text("4300", "SHIP TO COMP", 1...35), text("4301", "SHIP TO NAME", 1...35),
    text("4302", "SHIP TO ADD1", 1...70), text("4303", "SHIP TO ADD2", 1...70),
    text("4304", "SHIP TO SUB", 1...70), text("4305", "SHIP TO LOC", 1...70),
    text("4306", "SHIP TO REG", 1...70), text("4307", "SHIP TO COUNTRY", 2...2),
    text("4310", "RTN TO COMP", 1...35), text("4311", "RTN TO NAME", 1...35),
    text("4312", "RTN TO ADD1", 1...70), text("4313", "RTN TO ADD2", 1...70),
    text("4314", "RTN TO SUB", 1...70), text("4315", "RTN TO LOC", 1...70),
    text("4316", "RTN TO REG", 1...70), text("4317", "RTN TO COUNTRY", 2...2),
    text("4308", "SHIP TO PHONE", 1...30), digits("4309", "SHIP TO GEO", 20...20),
    text("4318", "RTN TO POST", 1...20), text("4319", "RTN TO PHONE", 1...30),
    text("4320", "SRV DESCRIPTION", 1...35), digits("4321", "DANGEROUS GOODS", 1...1),
    digits("4322", "AUTH TO LEAVE", 1...1), digits("4323", "SIG REQUIRED", 1...1),
    digits("4324", "NOT BEF DEL DT", 10...10), digits("4325", "NOT AFT DEL DT", 10...10),
    digits("4326", "REL DATE", 6...6, .day), text("4330", "MAX TEMP F.", 6...7, digits: 6),
    text("4331", "MAX TEMP C.", 6...7, digits: 6), text("4332", "MIN TEMP F.", 6...7, digits: 6),
    text("4333", "MIN TEMP C.", 6...7, digits: 6),
  ]

  /// Production, health care and people.
  private static let processing: [ApplicationIdentifier] = [
    digits("7001", "NSN", 13...13), text("7002", "MEAT CUT", 1...30),
    digits("7003", "EXPIRY TIME", 10...10), digits("7004", "ACTIVE POTENCY", 1...4),
    text("7005", "CATCH AREA", 1...12), digits("7006", "FIRST FREEZE DATE", 6...6, .day),
    digits("7007", "HARVEST DATE", 6...12, step: 6), text("7008", "AQUATIC SPECIES", 1...3),
    text("7009", "FISHING GEAR TYPE", 1...10), text("7010", "PROD METHOD", 1...2),
    digits("7011", "TEST BY DATE", 6...10, step: 4), text("7020", "REFURB LOT", 1...20),
    text("7021", "FUNC STAT", 1...20), text("7022", "REV STAT", 1...20),
    text("7023", "GIAI - ASSEMBLY", 1...30), text("7030", "PROCESSOR # 0", 4...30, digits: 3),
    text("7031", "PROCESSOR # 1", 4...30, digits: 3),
    text("7032", "PROCESSOR # 2", 4...30, digits: 3),
    text("7033", "PROCESSOR # 3", 4...30, digits: 3),
    text("7034", "PROCESSOR # 4", 4...30, digits: 3),
    text("7035", "PROCESSOR # 5", 4...30, digits: 3),
    text("7036", "PROCESSOR # 6", 4...30, digits: 3),
    text("7037", "PROCESSOR # 7", 4...30, digits: 3),
    text("7038", "PROCESSOR # 8", 4...30, digits: 3),
    text("7039", "PROCESSOR # 9", 4...30, digits: 3), text("7040", "UIC+EXT", 4...4, digits: 1),
    text("7041", "UFRGT UNIT TYPE", 1...4), text("710", "NHRN PZN", 1...20),
    text("711", "NHRN CIP", 1...20), text("712", "NHRN CN", 1...20),
    text("713", "NHRN DRN", 1...20), text("714", "NHRN AIM", 1...20),
    text("715", "NHRN NDC", 1...20), text("716", "NHRN AIC", 1...20),
    text("717", "NHRN SRN", 1...20), text("7230", "CERT # 1", 3...30),
    text("7231", "CERT # 2", 3...30), text("7232", "CERT # 3", 3...30),
    text("7233", "CERT # 4", 3...30), text("7234", "CERT # 5", 3...30),
    text("7235", "CERT # 6", 3...30), text("7236", "CERT # 7", 3...30),
    text("7237", "CERT # 8", 3...30), text("7238", "CERT # 9", 3...30),
    text("7239", "CERT # 10", 3...30), text("7240", "PROTOCOL", 1...20),
    digits("7241", "AIDC MEDIA TYPE", 2...2), text("7242", "VCN", 1...25),
    digits("7250", "DOB", 8...8), digits("7251", "DOB TIME", 12...12),
    digits("7252", "BIO SEX", 1...1), text("7253", "FAMILY NAME", 1...40),
    text("7254", "GIVEN NAME", 1...40), text("7255", "SUFFIX", 1...10),
    text("7256", "FULL NAME", 1...90), text("7257", "PERSON ADDR", 1...70),
    text("7258", "BIRTH SEQUENCE", 3...3), text("7259", "BABY", 1...40),
  ]

  /// Assets, services, coupons and what is agreed between two.
  private static let assets: [ApplicationIdentifier] = [
    digits("8001", "DIMENSIONS", 14...14), text("8002", "CMT No.", 1...20),
    text("8003", "GRAI", 14...30, digits: 14), text("8004", "GIAI", 1...30),
    digits("8005", "PRICE PER UNIT", 6...6), digits("8006", "ITIP", 18...18),
    text("8007", "IBAN", 1...34), digits("8008", "PROD TIME", 8...12, step: 2),
    text("8009", "OPTSEN", 1...50), text("8010", "CPID", 1...30, .set39),
    digits("8011", "CPID SERIAL", 1...12), text("8012", "VERSION", 1...20),
    text("8013", "GMN", 1...25), text("8014", "MUDI", 1...25),
    digits("8017", "GSRN - PROVIDER", 18...18), digits("8018", "GSRN - RECIPIENT", 18...18),
    digits("8019", "SRIN", 1...10), text("8020", "REF No.", 1...25),
    digits("8026", "ITIP CONTENT", 18...18), text("8030", "DIGSIG", 1...90, .set64),
    digits("8040", "IMEI", 15...15), digits("8041", "IMEI2", 15...15),
    digits("8042", "ESIM", 32...32), digits("8043", "PSIM", 18...20),
    text("8110", "COUPON CODE", 1...70), digits("8111", "POINTS", 4...4),
    text("8112", "COUPON CODE", 1...70), text("8200", "PRODUCT URL", 1...70),
    text("90", "INTERNAL", 1...30),
  ]
}
