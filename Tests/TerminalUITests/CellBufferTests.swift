import Testing

@testable import TerminalUI

@Suite struct CellBufferTests {
    private func line(_ text: String, width: Int = 12, encoding: Encoding = .utf8) -> String {
        Snapshot.text(Size(width: width, height: 1), encoding) { $0.write(text) }
    }

    @Test func wideGlyphsTakeTwoColumns() {
        let buffer = CellBuffer(size: Size(width: 6, height: 1))
        Surface(buffer).write("a日b")
        #expect(buffer[1, 0].glyph == Glyph("日"))
        #expect(buffer[2, 0].glyph == .continuation)
        #expect(buffer[3, 0].glyph == Glyph("b"))
        #expect("日本語".columns == 6)
    }

    @Test func overwritingHalfOfAWideGlyphBlanksTheOther() {
        let buffer = CellBuffer(size: Size(width: 4, height: 1))
        Surface(buffer).write("日本")
        Surface(buffer).write("x", x: 1)
        #expect(PlainTextPainter.paint(buffer) == " x本\n")
        Surface(buffer).write("y", x: 2)
        #expect(PlainTextPainter.paint(buffer) == " xy\n")
    }

    @Test func aWideGlyphThatDoesNotFitIsNotHalved() {
        let buffer = CellBuffer(size: Size(width: 3, height: 1))
        Surface(buffer).write("日本")
        #expect(PlainTextPainter.paint(buffer) == "日\n")
        #expect(buffer[2, 0].glyph == .space)
    }

    @Test func combiningMarksJoinTheirBase() {
        let buffer = CellBuffer(size: Size(width: 4, height: 1))
        Surface(buffer).write("e\u{301}x")
        #expect(buffer[0, 0].glyph.text == "e\u{301}")
        #expect(buffer[1, 0].glyph == Glyph("x"))
        #expect(buffer[0, 0].glyph.width == 1)
    }

    @Test func controlCharactersAreShownAndNeverSent() {
        #expect(line("a\u{1b}[31mb") == "a␛[31mb\n")
        #expect(line("x\ty\n\u{7f}") == "x␉y␊␡\n")
        #expect(line("a\u{202e}b\u{9b}c") == "a\u{FFFD}b\u{FFFD}c\n")
        for value in UInt32(0)..<0x20 {
            let scalar = Unicode.Scalar(value)!
            for glyph in GlyphRun(String(Character(scalar))) { #expect(glyph.id >= 0x20) }
        }
    }

    @Test func joinedEmojiKeepTheirColumns() {
        #expect("👩‍💻x".columns == 3)
        #expect("❤\u{FE0F}x".columns == 2)
        #expect("👍🏽".columns == 2)
        #expect("🇫🇮".columns == 2)
    }

    @Test func theASCIITwinHasTheSameColumns() {
        #expect(line("✓ ✗ ▶ ■ ⏱", encoding: .ascii) == "v x > # T\n")
        #expect(line("╭─╮│日é", encoding: .ascii) == "+-+|? ?\n")
        for mark in StatusMark.allCases {
            let text = Snapshot.text(Size(width: 3, height: 1), .ascii) { $0.write(mark.glyph + "|") }
            #expect(text.utf8.allSatisfy { $0 < 0x80 })
            #expect(text.dropFirst().first == "|")
            #expect(!text.hasPrefix("?") || mark == .unknown)
        }
    }

    @Test func clippingKeepsColumns() {
        #expect("hello world".clipped(to: 6) == "hello…")
        #expect("日本語".clipped(to: 4) == "日…")
        #expect("arn:aws:sqs:us-east-1:orders".clippedInMiddle(to: 11) == "arn:a…rders")
        #expect(1_234_567.grouped == "1,234,567")
        #expect((-12).grouped == "-12")
    }

    @Test func surfacesClipAndMove() {
        let text = Snapshot.text(Size(width: 10, height: 3)) { surface in
            let part = surface.part(Rect(x: 2, y: 1, width: 4, height: 1))
            part.write("abcdefgh")
            part.write("up", x: 0, y: -1)
            part.write("zz", x: -1, y: 0)
        }
        #expect(text == "\n  zbcd\n")
    }

    @Test func extentsNeverExceedTheWhole() {
        #expect(Extent.divide(20, among: [.fixed(3), .fill(), .percent(30)]) == [3, 11, 6])
        #expect(Extent.divide(5, among: [.fixed(4), .fixed(4)]) == [4, 1])
        for total in 0..<60 {
            let sizes = Extent.divide(total, among: [.fixed(7), .percent(40, atLeast: 10), .fill(2), .fill()], gap: 1)
            #expect(sizes.reduce(0, +) <= total)
        }
    }
}
