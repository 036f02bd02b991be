package import Values

/// Everything that configurable models refuse, in the order in which it is checked.
package enum ModelRejection: Rejection, Hashable {
  /// A name that formulas use: small letters, digits and `_`, no word of the language.
  case invalidName(field: String, given: String)
  /// Another row bears this name.
  case nameTaken(field: String, name: String)
  /// A parameter is a dimension, a choice or a flag; an attribute a number or a text.
  case noKind(field: String)
  case noValues(field: String)
  /// An initial value that is not among the values.
  case initialNotAValue(field: String, given: String)
  /// The values of one dimension are in one unit.
  case unitsDiffer(field: String, given: String, expected: String)
  case notANumber(field: String, given: String)
  /// One attribute is a number here and a text there.
  case mixedAttribute(field: String, name: String)
  /// A formula is none; `place` is where, "line 1, column 14".
  case invalidFormula(field: String, line: Int, column: Int, problem: String)
  /// Only what is made for one order line can be made as the customer chose.
  case notMadeToOrder(field: String, sku: String)
  /// A formula can come to the sku of the model itself.
  case containsItself(field: String, sku: String)
  /// The initial values break a constraint or have no price: nobody could begin with them.
  case initialValuesInvalid(field: String, problem: String)
  /// A formula can come to the sku of something that is not taken from a shelf, or counts
  /// otherwise than the formula does.
  case wrongUnit(field: String, sku: String, unit: String, expected: String)
  case unknownModel(field: String, sku: String)
  case unknownModelVersion(field: String, sku: String, version: Int64)
  case unknownParameter(field: String, sku: String, name: String, known: String)
  /// Of the model's price.
  case unknownPricePart(field: String, sku: String, code: String, known: String)
  case parameterGivenTwice(field: String, name: String)
  /// Only a valid choice can be saved or ordered.
  /// `instead` are single values that lift it, the nearest first; with all of `nearest` everything
  /// would be valid.
  case invalidChoice(
    field: String, rule: String, problem: String, instead: [Configuration.Setting],
    nearest: [Configuration.Setting])
  case unknownTemplate(field: String, code: String, version: Int64)
  case templateOfAnotherModel(field: String, code: String, sku: String)
  case unknownDraft(field: String, number: String)
  /// Nobody has touched it for too long.
  case draftExpired(field: String, number: String)
  case unknownAttachment(field: String, digest: String)
  case attachmentTooLarge(field: String, bytes: Int, limit: Int)
  /// Not a number, or not yes or no: nothing that could be near to a valid value.
  case unreadableValue(field: String, name: String, given: String, expected: String)
}

extension ModelRejection {
  package var kind: RejectionKind {
    switch self {
    case .unknownModel, .unknownModelVersion, .unknownTemplate, .unknownDraft, .unknownAttachment:
      .notFound
    case .notMadeToOrder, .wrongUnit, .draftExpired: .precondition
    default: .invalid
    }
  }

  package var reason: String {
    switch self {
    case .invalidName: "INVALID_NAME"
    case .nameTaken: "NAME_TAKEN"
    case .noKind: "NO_KIND"
    case .noValues: "NO_VALUES"
    case .initialNotAValue: "INITIAL_NOT_A_VALUE"
    case .unitsDiffer: "UNITS_DIFFER"
    case .notANumber: "NOT_A_NUMBER"
    case .mixedAttribute: "MIXED_ATTRIBUTE"
    case .invalidFormula: "INVALID_FORMULA"
    case .notMadeToOrder: "NOT_MADE_TO_ORDER"
    case .containsItself: "CONTAINS_ITSELF"
    case .initialValuesInvalid: "INITIAL_VALUES_INVALID"
    case .wrongUnit: "WRONG_UNIT"
    case .unknownModel: "UNKNOWN_MODEL"
    case .unknownModelVersion: "UNKNOWN_MODEL_VERSION"
    case .unknownParameter: "UNKNOWN_PARAMETER"
    case .unknownPricePart: "UNKNOWN_PRICE_PART"
    case .parameterGivenTwice: "PARAMETER_GIVEN_TWICE"
    case .invalidChoice: "INVALID_CHOICE"
    case .unknownTemplate: "UNKNOWN_TEMPLATE"
    case .templateOfAnotherModel: "TEMPLATE_OF_ANOTHER_MODEL"
    case .unknownDraft: "UNKNOWN_CONFIGURATION"
    case .draftExpired: "CONFIGURATION_EXPIRED"
    case .unknownAttachment: "UNKNOWN_ATTACHMENT"
    case .attachmentTooLarge: "ATTACHMENT_TOO_LARGE"
    case .unreadableValue: "UNREADABLE_VALUE"
    }
  }

  package var message: String {
    switch self {
    case .invalidName(_, let given):
      "'\(given)' is not a name of at most 40 small letters, digits and _, a letter first, that "
        + "means nothing else in formulas"
    case .nameTaken(_, let name): "The name \(name) is taken"
    case .noKind: "One of its kinds must be given"
    case .noValues: "A choice has at least one value"
    case .initialNotAValue(_, let given): "The initial value \(given) is none of the values"
    case .unitsDiffer(_, let given, let expected):
      "The unit is '\(given)' here and '\(expected)' of the lowest value"
    case .notANumber(_, let given): "'\(given)' is not a plain decimal number"
    case .mixedAttribute(_, let name):
      "The attribute \(name) is a number of one value and a text of another"
    case .invalidFormula(_, let line, let column, let problem):
      "At line \(line), column \(column): \(problem)"
    case .notMadeToOrder(_, let sku): "\(sku) is not made to order"
    case .containsItself(_, let sku): "\(sku) cannot be made of itself"
    case .initialValuesInvalid(_, let problem):
      "The initial values are no valid choice: \(problem)"
    case .wrongUnit(_, let sku, let unit, let expected):
      "\(sku) is counted in \(unit), not in \(expected)"
    case .unknownModel(_, let sku): "There is no configurable model of \(sku)"
    case .unknownModelVersion(_, let sku, let version):
      "The model of \(sku) has no version \(version)"
    case .unknownPricePart(_, let sku, let code, let known):
      "The price of \(sku) has no part \(code); it has \(known)"
    case .unknownParameter(_, let sku, let name, let known):
      "\(sku) has no parameter \(name); it has \(known)"
    case .parameterGivenTwice(_, let name): "\(name) is given twice"
    case .invalidChoice(_, let rule, let problem, let instead, let nearest):
      "The choice is not valid: \(problem) [\(rule)]"
        + (instead.isEmpty ? "" : "; instead: \(Self.words(instead))")
        + (nearest.isEmpty ? "" : "; all would be valid with \(Self.words(nearest))")
    case .unknownTemplate(_, let code, let version):
      version == 0 ? "There is no template \(code)" : "Template \(code) has no version \(version)"
    case .templateOfAnotherModel(_, let code, let sku): "Template \(code) is one of \(sku)"
    case .unknownDraft(_, let number): "There is no kept choice \(number)"
    case .draftExpired(_, let number): "The kept choice \(number) has expired"
    case .unknownAttachment(_, let digest): "There is no attachment \(digest)"
    case .attachmentTooLarge(_, let bytes, let limit):
      "\(bytes) bytes are more than the \(limit) that an attachment may have"
    case .unreadableValue(_, let name, let given, let expected):
      "\(name) is \(expected), not '\(given)'"
    }
  }

  /// "width=600, colour=oak".
  private static func words(_ settings: [Configuration.Setting]) -> String {
    settings.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
  }

  package var field: String? {
    switch self {
    case .invalidName(let field, _), .nameTaken(let field, _), .noKind(let field),
      .noValues(let field), .initialNotAValue(let field, _), .unitsDiffer(let field, _, _),
      .notANumber(let field, _),
      .mixedAttribute(let field, _), .invalidFormula(let field, _, _, _),
      .notMadeToOrder(let field, _), .containsItself(let field, _),
      .initialValuesInvalid(let field, _),
      .wrongUnit(let field, _, _, _), .unknownModel(let field, _),
      .unknownModelVersion(let field, _, _), .unknownParameter(let field, _, _, _),
      .unknownPricePart(let field, _, _, _),
      .parameterGivenTwice(let field, _), .invalidChoice(let field, _, _, _, _),
      .unknownTemplate(let field, _, _), .templateOfAnotherModel(let field, _, _),
      .unknownDraft(let field, _), .draftExpired(let field, _), .unknownAttachment(let field, _),
      .attachmentTooLarge(let field, _, _), .unreadableValue(let field, _, _, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .noKind, .noValues: []
    case .invalidName(_, let given), .initialNotAValue(_, let given), .notANumber(_, let given):
      [Fact("given", given)]
    case .unitsDiffer(_, let given, let expected):
      [Fact("given", given), Fact("expected", expected)]
    case .nameTaken(_, let name), .mixedAttribute(_, let name), .parameterGivenTwice(_, let name):
      [Fact("name", name)]
    case .invalidFormula(_, let line, let column, _):
      [Fact("line", line), Fact("column", column)]
    case .notMadeToOrder(_, let sku), .unknownModel(_, let sku), .containsItself(_, let sku):
      [Fact("sku", sku)]
    case .initialValuesInvalid(_, let problem): [Fact("problem", problem)]
    case .wrongUnit(_, let sku, let unit, let expected):
      [Fact("sku", sku), Fact("unit", unit), Fact("expected", expected)]
    case .unknownModelVersion(_, let sku, let version):
      [Fact("sku", sku), Fact("version", version)]
    case .unknownPricePart(_, let sku, let code, let known):
      [Fact("sku", sku), Fact("code", code), Fact("known", known)]
    case .unknownParameter(_, let sku, let name, let known):
      [Fact("sku", sku), Fact("name", name), Fact("known", known)]
    case .invalidChoice(_, let rule, _, let instead, let nearest):
      [
        Fact("rule", rule), Fact("instead", Self.words(instead)),
        Fact("nearest", Self.words(nearest)),
      ].filter { !$0.value.isEmpty }
    case .unknownTemplate(_, let code, let version):
      [Fact("code", code), Fact("version", version)]
    case .templateOfAnotherModel(_, let code, let sku): [Fact("code", code), Fact("sku", sku)]
    case .unknownDraft(_, let number), .draftExpired(_, let number): [Fact("number", number)]
    case .unknownAttachment(_, let digest): [Fact("digest", digest)]
    case .attachmentTooLarge(_, let bytes, let limit):
      [Fact("bytes", bytes), Fact("limit", limit)]
    case .unreadableValue(_, let name, let given, _): [Fact("name", name), Fact("given", given)]
    }
  }
}
