import Testing

@testable import GraphLayout

@Suite struct DrawingLawTests {
    /// The law of drawings, on graphs nobody thought of. A failure prints the seed that makes it again.
    /// Ten thousand: a quarter as large as machines are, the others small, where every shape there is comes up.
    @Test(arguments: 0..<8)
    func holdsOnRandomGraphs(part: Int) {
        var failures = 0
        for index in 0..<1250 {
            let seed = UInt64(part * 1_000_000 + index)
            var source = RandomGraph(seed: seed, largest: index.isMultiple(of: 4) ? 14 : 5)
            let graph = source.make()
            let options = source.options()
            let drawing = graph.drawing(options)
            guard let breach = DrawingLaw(drawing: drawing, glyphs: options.glyphs).breach() else { continue }
            failures += 1
            if failures <= 3 {
                Issue.record("seed \(seed): \(breach)\n\(options)\n\(drawing.textLines.joined(separator: "\n"))")
            }
        }
        #expect(failures == 0)
    }

    @Test func sameGraphGivesTheSameDrawing() {
        for seed in UInt64(0)..<40 {
            var source = RandomGraph(seed: seed)
            let graph = source.make()
            let options = source.options()
            #expect(graph.drawing(options) == graph.drawing(options))
        }
    }
}
