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
    let history = TableHistory()
    history.finishBatch(shared)
    history.wrote(names[7])
    var both = names[7]
    both.formUnion(names[8])
    #expect(history.changed(both, since: 1))
    #expect(!history.changed(names[8], since: 1))
    history.finishBatch(shared)
    #expect(shared.finishedBatch.load(ordering: .relaxed) == 2)
    #expect(!history.changed(both, since: 2))
  }

  @Test("of more tables than can be told apart, none is taken for unchanged")
  func overflow() {
    let shared = SharedState()
    let names = (0..<300).map { shared.tables("table\($0)") }
    let history = TableHistory()
    history.wrote(names[299])
    #expect(history.changed(names[200], since: 0))
    #expect(!history.changed(names[100], since: 0))
  }
}
