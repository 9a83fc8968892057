import Testing

@testable import TerminalUI

@Suite struct InputParserTests {
    private func events(_ text: String) -> [InputEvent] {
        var parser = InputParser()
        return parser.feed(text.utf8) + parser.flush()
    }

    private func keys(_ text: String) -> [Key] {
        events(text).compactMap { if case .key(let key) = $0 { key } else { nil } }
    }

    @Test func plainAndControlKeys() {
        #expect(keys("aé日\r\t\u{7f}\u{03}") == ["a", "é", "日", .enter, .tab, .backspace, .control("c")])
    }

    @Test func cursorKeysInEveryDialect() {
        #expect(
            keys("\u{1b}[A\u{1b}OB\u{1b}[1;5C\u{1b}[1;2D") == [.up, .down, Key(.right, .control), Key(.left, .shift)])
        #expect(keys("\u{1b}[5~\u{1b}[6~\u{1b}[1~\u{1b}[8~\u{1b}[3~") == [.pageUp, .pageDown, .home, .end, .delete])
        #expect(
            keys("\u{1b}OP\u{1b}[15~\u{1b}[24~\u{1b}[[B") == [.function(1), .function(5), .function(12), .function(2)])
        #expect(keys("\u{1b}[Z") == [.backTab])
    }

    @Test func modifiedKeysOfNewerTerminals() {
        #expect(keys("\u{1b}[97;5u") == [.control("a")])
        #expect(keys("\u{1b}[27;2;13~") == [Key(.enter, .shift)])
        #expect(keys("\u{1b}x") == [.alt("x")])
        #expect(keys("\u{1b}\u{7f}") == [Key(.backspace, .alt)])
    }

    @Test func aLoneEscapeWaitsForTheMomentToPass() {
        var parser = InputParser()
        #expect(parser.feed([0x1b]).isEmpty)
        #expect(parser.isPending)
        #expect(parser.flush() == [.key(.escape)])
        #expect(!parser.isPending)
    }

    @Test func aSequenceMayArriveInPieces() {
        var parser = InputParser()
        var seen: [InputEvent] = []
        for byte in "\u{1b}[1;5A日".utf8 { seen += parser.feed([byte]) }
        #expect(seen == [.key(Key(.up, .control)), .key("日")])
    }

    @Test func pasteIsWholeAndNeverKeys() {
        var parser = InputParser()
        var seen: [InputEvent] = []
        for byte in "\u{1b}[200~a\r\nb\u{1b}[A\u{3}\rc\u{1b}[201~q".utf8 { seen += parser.feed([byte]) }
        #expect(seen == [.paste("a\nb\u{1b}[A\u{3}\nc"), .key("q")])
    }

    @Test func mouseReports() {
        #expect(events("\u{1b}[<0;10;5M") == [.mouse(MouseEvent(.press, .left, at: Point(x: 9, y: 4)))])
        #expect(events("\u{1b}[<0;10;5m") == [.mouse(MouseEvent(.release, .left, at: Point(x: 9, y: 4)))])
        #expect(events("\u{1b}[<65;1;1M") == [.mouse(MouseEvent(.wheelDown, .none, at: .zero))])
        #expect(events("\u{1b}[<32;300;2M") == [.mouse(MouseEvent(.drag, .left, at: Point(x: 299, y: 1)))])
    }

    @Test func answersOfTheTerminalAreDropped() {
        #expect(events("\u{1b}]11;rgb:0000/0000/0000\u{1b}\\a") == [.key("a")])
        #expect(events("\u{1b}P>|xterm\u{1b}\\b") == [.key("b")])
    }

    /// Whatever arrives, parsing ends and leaves nothing behind.
    @Test func noiseDoesNotHangIt() {
        var seed: UInt64 = 42
        for _ in 0..<2_000 {
            var parser = InputParser()
            var bytes: [UInt8] = []
            for _ in 0..<12 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let pick = UInt8(truncatingIfNeeded: seed >> 33)
                bytes.append(pick < 90 ? 0x1b : pick < 130 ? UInt8(ascii: "[") : pick)
            }
            _ = parser.feed(bytes)
            for _ in 0..<20 where parser.isPending { _ = parser.flush() }
            #expect(!parser.isPending)
        }
    }

    @Test func namesOfKeysReadBack() {
        for name in ["q", "G", "ctrl+r", "alt+x", "shift+tab", "f5", "pgdn", "space", "enter", "ctrl+left"] {
            #expect(Key(name: name) != nil, "\(name)")
        }
        #expect(Key(name: "hyper+x") == nil)
        #expect(("ctrl+r" as Key).description == "^R")
        #expect(("space" as Key).description == "Space")
    }
}
