import Testing

@testable import TerminalUI

@Suite struct BlankBridgingTests {
    private func styles(_ draw: (Surface) -> Void) -> [Style] {
        let buffer = CellBuffer(size: Size(width: 24, height: 1), encoding: .utf8)
        draw(Surface(buffer))
        return buffer.bridgedCells.map(\.style)
    }

    @Test func aShortGapTakesTheStyleOfItsSides() {
        let styles = styles { surface in
            surface.write("ab", x: 0, y: 0, Style(.dim))
            surface.write("cd", x: 6, y: 0, Style(.dim))
        }
        #expect(styles[0..<8].allSatisfy { $0 == Style(.dim) })
        #expect(styles[8] == .plain)
    }

    @Test func aGapThatShowsStaysAsItIs() {
        let styles = styles { surface in
            surface.write("ab", x: 0, y: 0, Style(.dim))
            surface.write("  ", x: 2, y: 0, Style(.text, .underline))
            surface.write("cd", x: 4, y: 0, Style(.dim))
            surface.write("ef", x: 8, y: 0, Style(.accent))
        }
        #expect(styles[2] == Style(.text, .underline))
        #expect(styles[6] == .plain)
    }
}
