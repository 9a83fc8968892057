import Testing

@testable import TerminalUI

@Suite struct EditorFeatureTests {
    private func press(_ editor: inout TextEditor, _ keys: Key...) {
        for key in keys { _ = editor.handle(.key(key)) }
    }

    @Test func findsAsOneTypes() {
        var editor = TextEditor("alpha\nbeta Alpha\ngamma")
        press(&editor, .control("f"), "a", "l")
        #expect(editor.handlesEscape)
        #expect(editor.selection?.start == TextPosition(line: 0, column: 0))
        press(&editor, .enter)
        #expect(editor.selection?.start == TextPosition(line: 1, column: 5))
        press(&editor, .enter)
        #expect(editor.selection?.start == TextPosition(line: 0, column: 0))
        press(&editor, .up, .escape)
        #expect(!editor.handlesEscape)
        #expect(editor.selectedText == "Al")
        #expect(editor.text == "alpha\nbeta Alpha\ngamma")
        press(&editor, .alt("n"))
        #expect(editor.cursor == TextPosition(line: 0, column: 2))
        // A capital asks for that very case.
        press(&editor, .control("f"))
        _ = editor.handle(.key(.backspace))
        _ = editor.handle(.key(.backspace))
        press(&editor, "A", "l", "p")
        #expect(editor.selection?.start == TextPosition(line: 1, column: 5))
        press(&editor, "x")
        #expect(editor.selection == nil)
    }

    @Test func bracketsFindTheirPartners() {
        var editor = TextEditor(#"{"a": [1, {"b": "]}"}], "c": 2}"#, language: .json)
        #expect(editor.bracketPair?.1 == TextPosition(line: 0, column: 30))
        press(&editor, .alt("m"))
        #expect(editor.cursor == TextPosition(line: 0, column: 30))
        editor.move(to: TextPosition(line: 0, column: 6))
        #expect(editor.bracketPair?.1 == TextPosition(line: 0, column: 21))
        // Within a string a bracket is a character.
        editor.move(to: TextPosition(line: 0, column: 17))
        #expect(editor.bracketPair == nil)
    }

    @Test func enterOpensAPairAndAClosingBracketGoesBack() {
        var editor = TextEditor("{}", language: .json)
        editor.move(to: TextPosition(line: 0, column: 1))
        press(&editor, .enter)
        #expect(editor.text == "{\n  \n}")
        #expect(editor.cursor == TextPosition(line: 1, column: 2))
        press(&editor, "}")
        #expect(editor.text == "{\n}\n}")
        while editor.canUndo { editor.undo() }
        #expect(editor.text == "{}")
    }

    @Test func cutsCopiesAndPastes() {
        var editor = TextEditor("one\ntwo\nthree")
        press(&editor, .control("x"))
        #expect(editor.text == "two\nthree")
        let copied = [editor.takeCopied(), editor.takeCopied()]
        #expect(copied == ["one\n", nil])
        press(&editor, .down, .control("v"))
        #expect(editor.text == "two\none\nthree")
        press(&editor, .alt("a"), .alt("c"))
        let all = editor.takeCopied()
        #expect(all == "two\none\nthree")
        press(&editor, .control("v"))
        #expect(editor.text == "two\none\nthree")
    }

    @Test func completionsNarrowAndReplaceWhatWasTyped() {
        var editor = TextEditor(#"{"Next": "sh"}"#, language: .json)
        editor.move(to: TextPosition(line: 0, column: 12))
        press(&editor, .control(" "))
        let asked = [editor.takeCompletionRequest(), editor.takeCompletionRequest()]
        #expect(asked == [true, false])
        editor.offer(
            [TextCompletion("Ask"), TextCompletion("Ship"), TextCompletion("Refresh")],
            from: TextPosition(line: 0, column: 10))
        // What begins with it comes first, what has it inside after that.
        #expect(editor.completion?.shown.map(\.title) == ["Ship", "Refresh"])
        press(&editor, .down, .up, .enter)
        #expect(editor.text == #"{"Next": "Ship"}"#)
        #expect(editor.completion == nil)
        editor.undo()
        #expect(editor.text == #"{"Next": "sh"}"#)
    }

    @Test func yamlIsColouredAndIndented() {
        func roles(_ line: String) -> [String] {
            YAMLSyntax.highlight(line).map { "\($0.text)|\($0.style.foreground)" }
        }
        #expect(
            roles("- Next: \"a: #b\" # c") == [
                "- |jsonPunctuation", "Next|jsonKey", ": |jsonPunctuation", "\"a: #b\" |jsonString", "# c|faint",
            ])
        #expect(roles("  n: 12").last == "12|jsonNumber")
        #expect(roles("# all").last == "# all|faint")
        #expect(roles("arn:aws:x").last == "arn:aws:x|jsonString")
        var editor = TextEditor("States:\n  - a: 1", language: .yaml)
        press(&editor, .end, .enter)
        #expect(editor.text == "States:\n  \n  - a: 1")
        editor.undo()
        press(&editor, Key(.end, .control), .enter)
        #expect(editor.text == "States:\n  - a: 1\n    ")
        editor.report(TextSyntaxError(line: 1, column: 1, message: "no"))
        press(&editor, "b")
        #expect(editor.error == nil)
        editor.language = .json
        #expect(editor.error?.line == 1)
    }

    @Test func completionsGoWhenTheyNoLongerFit() {
        var editor = TextEditor("a")
        editor.move(to: TextPosition(line: 0, column: 1))
        editor.offer([TextCompletion("abc")], from: TextPosition(line: 0, column: 0))
        #expect(editor.handlesEscape)
        press(&editor, "x")
        #expect(editor.completion == nil)
        editor.offer([TextCompletion("axy")], from: TextPosition(line: 0, column: 0))
        press(&editor, .escape)
        #expect(editor.completion == nil)
        #expect(editor.text == "ax")
    }

    @Test func aNewTextCanBeUndone() {
        var editor = TextEditor("old")
        editor.replaceAll(with: "new text")
        #expect(editor.text == "new text")
        editor.undo()
        #expect(editor.text == "old")
    }
}
