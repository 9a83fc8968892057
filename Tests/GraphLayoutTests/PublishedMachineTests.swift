import Foundation
import GraphLayout
import Testing

/// State machines that are published as samples, drawn in every way. They live beside the repository.
@Suite struct PublishedMachineTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/conformance/machines")

    @Test func everyMachineIsDrawnLawfully() throws {
        let files =
            (try? FileManager.default.contentsOfDirectory(at: Self.folder, includingPropertiesForKeys: nil)) ?? []
        let machines = files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
        guard !machines.isEmpty else {
            print("skipped: no published machines beside the repository")
            return
        }
        var readable = 0
        for file in machines {
            let data = try Data(contentsOf: file)
            guard let machine = StateMachineGraph(json: data) else {
                print("not JSON before its placeholders are filled in: \(file.lastPathComponent)")
                continue
            }
            readable += 1
            for direction in GraphLayoutOptions.Direction.allCases {
                for density in GraphLayoutOptions.Density.allCases {
                    for glyphs in GraphLayoutOptions.GlyphSet.allCases {
                        let drawing = machine.graph.drawing(
                            GraphLayoutOptions(
                                direction: direction, glyphs: glyphs, density: density, maxWidth: 120, maxHeight: 40))
                        if let breach = DrawingLaw(drawing: drawing, glyphs: glyphs).breach() {
                            Issue.record(
                                "\(file.lastPathComponent) \(direction) \(density): \(breach)\n\(drawing.textLines.joined(separator: "\n"))"
                            )
                        }
                        #expect(drawing.unresolvedEdges.isEmpty, "\(file.lastPathComponent)")
                    }
                }
            }
            if let folder = ProcessInfo.processInfo.environment["SKUA_DRAWINGS"] {
                let text = machine.graph.drawing(GraphLayoutOptions(density: .tight)).textLines.joined(separator: "\n")
                try text.write(toFile: "\(folder)/\(file.lastPathComponent).txt", atomically: true, encoding: .utf8)
            }
        }
        print("drew \(readable) of \(machines.count) published machines")
        #expect(readable * 10 >= machines.count * 9)
    }
}
