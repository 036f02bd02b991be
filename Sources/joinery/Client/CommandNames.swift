internal import ArgumentParser
private import Messages

/// The names by which commands are called. The parser by itself blames an option of a command that
/// it does not know ("Unknown option '--name'"), which sends people looking in the wrong place.
enum CommandNames {
  /// Throws where `arguments` begin with words that are no command, and says which is meant.
  static func check(
    _ arguments: [String], of root: any ParsableCommand.Type
  ) throws(ValidationError) {
    var command: any ParsableCommand.Type = root
    var path: [String] = []
    for word in arguments {
      let commands = command.configuration.subcommands
      guard !commands.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
      guard let next = commands.first(where: { names(of: $0).contains(word) }) else {
        throw unknown(word, after: path, commands.flatMap(names(of:)), root)
      }
      command = next
      path.append(word)
    }
  }

  private static func unknown(
    _ word: String, after path: [String], _ known: [String], _ root: any ParsableCommand.Type
  ) -> ValidationError {
    let called = (path + [word]).joined(separator: " ")
    var text = "There is no command '\(called)'"
    if let near = NearestName.among(known, to: word) {
      text += "; did you mean '\((path + [near]).joined(separator: " "))'?"
    } else {
      let others = all(of: root).filter { $0.split { " -".contains($0) }.contains(word[...]) }
      text += others.isEmpty ? "" : "; there are: \(others.prefix(5).joined(separator: ", "))"
    }
    return ValidationError(text)
  }

  private static func names(of command: any ParsableCommand.Type) -> [String] {
    [command._commandName] + command.configuration.aliases
  }

  /// Each as it is typed, without the program's name.
  private static func all(of command: any ParsableCommand.Type) -> [String] {
    command.configuration.subcommands.flatMap { next -> [String] in
      let below = all(of: next).map { "\(next._commandName) \($0)" }
      return below.isEmpty ? [next._commandName] : below
    }
  }
}
