import Testing
import Values

@Suite("Pinyin")
struct PinyinTests {
  @Test(
    "what is typed to find a name",
    arguments: [
      ("张伟", ["zhangwei", "zw"]), ("李 娜", ["lina", "ln"]), ("Mr. 王", ["mrwang", "mw"]),
      ("单雄信", ["danxiongxin", "shanxiongxin", "dxx", "sxx"]),
      ("吕布", ["lubu", "lb"]), ("单伟", ["danwei", "shanwei", "dw", "sw"]),
      ("曾毅", ["cengyi", "zengyi", "cy", "zy"]), ("区宁", ["quning", "ouning", "qn", "on"]),
      ("Li Na", []), ("", []), ("🪑", []), ("ÄÖÜ", []),
    ])
  func terms(_ text: String, _ terms: [String]) {
    #expect(Pinyin.terms(text) == Set(terms))
  }
}
