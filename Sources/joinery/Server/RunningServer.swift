private import ArgumentParser
private import Foundation
private import Identity
private import Logging
private import Operations
internal import RPC
internal import Services
internal import Storage

/// A server from its start to its end: the database, the services over it, the sockets, and what
/// an administrator sees of it.
final class RunningServer {
  private let options: Serve
  private let log: ServerLog
  private let store: ServedStore
  private let application: Application
  private let rpc: RPCServer
  private let loaded: Serve.Loaded
  private let admin: AdminPort?
  private let auditing: Task<Void, Never>
  private let notifying: Task<Void, Never>

  private init(
    _ options: Serve, _ log: ServerLog, _ store: ServedStore, _ loaded: Serve.Loaded,
    _ application: Application, _ rpc: RPCServer, _ admin: AdminPort?,
    _ auditing: Task<Void, Never>, _ notifying: Task<Void, Never>
  ) {
    self.options = options
    self.log = log
    self.store = store
    self.application = application
    self.rpc = rpc
    self.loaded = loaded
    self.admin = admin
    self.auditing = auditing
    self.notifying = notifying
  }

  /// Serves, and says where. Throws `Failure` with the database closed.
  static func start(_ options: Serve) async throws -> RunningServer {
    let log = options.log.open()
    let notice = { @Sendable (line: String) in log.now.notice("\(line)") }
    let sockets = Sockets(options)
    let loaded = try options.load(for: sockets.endpoints, log: notice)
    let store = try ServedStore.open(
      options.database, loaded.pages, loaded.backups, log: notice)
    do {
      return try await start(options, log, store, loaded, sockets)
    } catch {
      await store.close()
      guard let error = error as? StorageError else { throw error }
      throw Failure("cannot serve \(options.database): \(error.message)")
    }
  }

  /// Where it listens: at addresses that it opens, and at sockets that are open.
  private struct Sockets {
    let opened: [Endpoint]
    let taken: [ListeningSocket]

    var endpoints: [Endpoint] { opened + taken.map(\.endpoint) }

    init(_ options: Serve) {
      let inherited = InheritedSockets.take()
      // With sockets of systemd the default address would be one that nobody asked for.
      let wanted = inherited.systemd.isEmpty || !options.listen.isEmpty ? options.endpoints : []
      // What the server left open to itself is not opened again; what is wanted no more is closed.
      let kept = inherited.own.filter { wanted.contains($0.endpoint) }
      for socket in inherited.own where !wanted.contains(socket.endpoint) {
        Foundation.close(socket.descriptor)
      }
      opened = wanted.filter { !kept.map(\.endpoint).contains($0) }
      taken = kept + inherited.systemd
    }
  }

  private static func start(
    _ options: Serve, _ log: ServerLog, _ store: ServedStore, _ loaded: Serve.Loaded,
    _ sockets: Sockets
  ) async throws -> RunningServer {
    let application = try await Application.compose(
      store.database, now: Clock.now, identity: loaded.identity,
      auditKey: try options.audit.loadOrMake(for: options.database), notices: loaded.notices,
      slowFrom: options.log.slowFrom, log: { log.now })
    let rpc: RPCServer
    do {
      rpc = try await RPCServer.start(
        application.router, on: sockets.opened, sockets: sockets.taken, tls: loaded.tls,
        interceptors: application.interceptors, limits: try options.boundLimits())
    } catch let error as ServerError { throw Failure(error.description) }
    let admin = try await openAdmin(options, application, rpc, store)
    if !options.trustCallers, let first = try await application.addFirstAdministrator() {
      Terminal.standardOutput(
        "first administrator: \(first.name), one-time password \(first.password)\n"
          + "  It is shown this once: joinery login \(first.name)")
    }
    if let admin { Terminal.standardOutput("admin \(admin.endpoint)") }
    log.now.notice(
      "started", metadata: ["version": "\(Version.text)", "database": "\(options.database)"])
    if let reason = application.unreadiness {
      log.now.warning(
        "no commands are taken: joinery restoration show", metadata: ["reason": "\(reason)"])
    }
    for endpoint in rpc.endpoints { Terminal.standardOutput("listening \(endpoint)") }
    let auditing = Task { await application.keepAudit() }
    let notifying = Task { await application.keepNotices() }
    return RunningServer(
      options, log, store, loaded, application, rpc, admin, auditing, notifying)
  }

  private static func openAdmin(
    _ options: Serve, _ application: Application, _ rpc: RPCServer, _ store: ServedStore
  ) async throws -> AdminPort? {
    guard let text = options.admin, case .tcp(let host, let port) = Endpoint(text) else {
      return nil
    }
    let pages = AdminPort.Pages(
      metrics: {
        MetricsText(
          rpc.metrics, store.database.statistics, watchers: application.watchStatistics.watchers,
          isReady: application.unreadiness == nil, shipping: store.shipping,
          notices: .init(application.noticeStatistics))
      }, unreadiness: { application.unreadiness })
    do { return try await AdminPort.start(host: host, port: port, pages: pages) } catch {
      await rpc.shutDown(grace: .zero)
      throw Failure("cannot listen on \(text) for --admin: \(error)")
    }
  }

  // MARK: The end

  /// Finishes what runs, and everything is closed.
  func stop() async {
    application.announceShutdown()
    await rpc.shutDown(grace: .seconds(options.grace))
    await close()
  }

  /// Becomes the program that is there now, which goes on with the same sockets. Comes back with
  /// false when that program would not start, and nothing has changed.
  func restart() async -> Bool {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard SuccessorProgram.accepts(arguments) else {
      log.now.error("not restarted: the settings or the program would not start")
      return false
    }
    application.announceShutdown()
    do {
      let sockets = try await rpc.handOver(grace: .seconds(options.grace))
      await close()
      SuccessorProgram.become(arguments, keeping: sockets)
    } catch {
      log.now.error("not restarted, but stopped: \(error)")
      await stop()
    }
    return true
  }

  private func close() async {
    await admin?.stop()
    // What is on its way is broken off, and sent again by whoever serves next.
    notifying.cancel()
    await notifying.value
    // What is left is signed.
    auditing.cancel()
    await auditing.value
    await store.close()
    log.now.notice("stopped")
    log.flush()
  }

  // MARK: New settings

  /// Reads certificates and settings again, and uses what needs no restart. What is wrong is told
  /// to the log and changes nothing.
  func reload() async {
    loaded.tls?.reload()
    do {
      let given = Array(CommandLine.arguments.dropFirst())
      let settings = try ServeSettings(given, environment: ProcessInfo.processInfo.environment)
      guard let fresh = try Joinery.parseAsRoot(settings.arguments) as? Serve else { return }
      let keys = try fresh.secrets.load()
      await rpc.use(try fresh.boundLimits())
      loaded.identity.sealRing.renew(by: keys)
      store.use(loaded.identity.sealKeys.pageKeys)
      application.use(rates: fresh.logins.rates)
      log.setLevel(fresh.log)
      log.now.notice("settings were read again")
    } catch {
      log.now.error(
        "the settings stay as they were", metadata: ["cause": "\(Serve.message(for: error))"])
    }
  }
}

extension MetricsText.Notices {
  fileprivate init(_ statistics: NoticeStatistics) {
    self.init(
      sent: statistics.sent, failed: statistics.failed, dead: statistics.dead,
      pending: statistics.pending, deadLetters: statistics.deadLetters)
  }
}
