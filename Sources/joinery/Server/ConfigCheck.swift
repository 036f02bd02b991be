internal import ArgumentParser
private import Foundation

/// `joinery config`
struct ConfigCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "What a server would be told.", subcommands: [ConfigCheck.self]
  )
}

/// `joinery config check`
struct ConfigCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check the settings of a server without starting it.",
    discussion: """
      Takes the options of `joinery serve`, reads the same file and environment, loads \
      certificates and keys, and prints what is set by whom. What is not listed has its default. \
      Exits with 1 when a server would not start with it.
      """)

  @OptionGroup var serve: Serve

  func run() async throws {
    _ = try serve.load(for: serve.endpoints) { _ in }
    let given = Array(CommandLine.arguments.dropFirst())
    let settings = try ServeSettings(given, environment: ProcessInfo.processInfo.environment)
    for setting in settings.settings {
      let values = setting.values.joined(separator: ", ")
      Terminal.standardOutput("\(setting.name): \(values)  (\(setting.origin))")
    }
    Terminal.standardOutput("settings are fine")
  }
}
