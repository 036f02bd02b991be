import Synchronization
import Testing

@testable import Storage

@Suite("Sets of tables")
struct TableSetTests {
  @Test("hold what was put in, and tell when it was written last")
  func history() {
    let shared = SharedState()
    let names = (0..<300).map { shared.tables("table\($0)") }
    let again = shared.tables("table7")
    #expect(!again.isDisjoint(with: names[7]) && again.isDisjoint(with: names[8]))
    shared.finishBatch()
    shared.wrote(names[7])
    var both = names[7]
    both.formUnion(names[8])
    #expect(shared.changed(both, since: 1))
    #expect(!shared.changed(names[8], since: 1))
    shared.finishBatch()
    #expect(shared.finishedBatch == 2)
    #expect(!shared.changed(both, since: 2))
  }

  @Test("of more tables than can be told apart, none is taken for unchanged")
  func overflow() {
    let shared = SharedState()
    let names = (0..<300).map { shared.tables("table\($0)") }
    shared.wrote(names[299])
    #expect(shared.changed(names[260], since: 0))
    #expect(!shared.changed(names[200], since: 0))
    #expect(!shared.changed(names[100], since: 0))
  }
}
