import Testing

@testable import TerminalUI

@Suite struct EditorTests {
    private func press(_ editor: inout TextEditor, _ keys: Key...) {
        for key in keys { _ = editor.handle(.key(key)) }
    }

    @Test func typesUndoesAndRedoes() {
        var editor = TextEditor()
        press(&editor, "a", "b", .enter, "c")
        #expect(editor.text == "ab\nc")
        editor.undo()
        editor.undo()
        #expect(editor.text == "ab")
        editor.undo()
        #expect(editor.text.isEmpty)
        #expect(!editor.canUndo)
        editor.redo()
        editor.redo()
        editor.redo()
        #expect(editor.text == "ab\nc")
        #expect(editor.cursor == TextPosition(line: 1, column: 1))
    }

    /// Any sequence of edits can be undone to the start and redone to the end.
    @Test func undoIsExact() {
        var seed: UInt64 = 7
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let keys: [Key] = [
            "x", "é", "{", .enter, .backspace, .delete, .up, .down, .left, .right, .home, .end, Key(.left, .shift),
            Key(.up, .shift), .control("w"), .control("k"), .tab, .backTab,
        ]
        for _ in 0..<50 {
            var editor = TextEditor("first line\n  second\n\nlast")
            for _ in 0..<80 { press(&editor, keys[random(keys.count)]) }
            let end = editor.text
            while editor.canUndo { editor.undo() }
            #expect(editor.text == "first line\n  second\n\nlast")
            while editor.canRedo { editor.redo() }
            #expect(editor.text == end)
        }
    }

    @Test func selectionIsReplaced() {
        var editor = TextEditor("hello world")
        press(&editor, Key(.right, .shift), Key(.right, .shift), "J")
        #expect(editor.text == "Jllo world")
        _ = editor.handle(.paste("a\nb"))
        #expect(editor.text == "Ja\nbllo world")
    }

    @Test func keepsIndentAndOpensBraces() {
        var editor = TextEditor("  {", language: .json)
        press(&editor, .end, .enter)
        #expect(editor.text == "  {\n    ")
        press(&editor, .backspace)
        #expect(editor.text == "  {\n  ")
    }

    @Test func tellsTheErrorLive() {
        var editor = TextEditor("{\"a\": 1}", language: .json)
        #expect(editor.error == nil)
        press(&editor, .end, .backspace)
        #expect(editor.error?.message == "'}' is missing")
        let text = Snapshot.text { editor.render(on: $0.panel("Body", focused: true), focused: true) }
        #expect(Snapshot.difference(text, "editor-error") == nil)
    }

    @Test func fieldEdits() {
        var field = TextField("orders-queue")
        for key: Key in [.control("w")] { _ = field.handle(.key(key)) }
        #expect(field.text.isEmpty)
        _ = field.handle(.paste("one\ntwo"))
        #expect(field.text == "onetwo")
        _ = field.handle(.key(.home))
        _ = field.handle(.key("X"))
        #expect(field.text == "Xonetwo")
        let text = Snapshot.text(Size(width: 5, height: 1)) { TextField("0123456789").render(on: $0, focused: true) }
        #expect(text == "‹789\n")
    }
}

@Suite struct FormTests {
    private var form: Form {
        Form(
            "Create queue", submit: "Create",
            [
                FormField(
                    "name", "Name", placeholder: "orders", required: true,
                    validate: { text, _ in text.contains(" ") ? "No spaces" : nil }),
                FormField(
                    "visibility", "Visibility timeout", .number(0...43_200), value: "30", hint: "0–43,200 s, default 30"
                ),
                FormField("type", "Type", .choice(["Standard", "FIFO"])),
                FormField("dedup", "Content-based deduplication", .toggle, visible: { $0["type"] == "FIFO" }),
            ])
    }

    @Test func validatesAndSubmits() {
        var form = form
        guard case .open = form.handle(.key(.control("s"))) else {
            Issue.record("an empty name was taken")
            return
        }
        for character in "orders" { _ = form.handle(.key(.character(character))) }
        _ = form.handle(.key(.tab))
        for key: Key in [.control("u"), "9", "9", "9", "9", "9"] { _ = form.handle(.key(key)) }
        guard case .open = form.handle(.key(.control("s"))) else {
            Issue.record("99999 was taken")
            return
        }
        let wrong = Snapshot.text { form.renderPopup(on: $0) }
        #expect(wrong.contains("Must be between 0 and 43,200"))
        for key: Key in [.control("u"), "6", "0"] { _ = form.handle(.key(key)) }
        guard case .submitted(let values) = form.handle(.key(.control("s"))) else {
            Issue.record("not submitted")
            return
        }
        #expect(values["name"] == "orders")
        #expect(values.integer("visibility") == 60)
    }

    @Test func fieldsAppearWhenTheyMatter() {
        var form = form
        #expect(!Snapshot.text { form.renderPopup(on: $0) }.contains("deduplication"))
        for key: Key in [.tab, .tab, .right] { _ = form.handle(.key(key)) }
        let text = Snapshot.text { form.renderPopup(on: $0) }
        #expect(text.contains("deduplication"))
        #expect(Snapshot.difference(text, "form") == nil)
    }

    @Test func dialogNamesWhatItDestroysAndStartsOnCancel() {
        var dialog = Dialog.delete("queue orders", consequences: ["1,204 messages", "2 event source mappings"])
        #expect(Snapshot.difference(Snapshot.text { dialog.render(on: $0) }, "dialog-delete") == nil)
        #expect(dialog.handle(.key(.enter)) == .cancelled)
        #expect(dialog.handle(.key("y")) == .confirmed)
        var typed = Dialog.delete("stack shop", typeToConfirm: "shop")
        #expect(typed.handle(.key("y")) == .open)
        #expect(typed.handle(.key(.enter)) == .open)
        _ = typed.handle(.key(.backspace))
        for character in "shop" { _ = typed.handle(.key(.character(character))) }
        #expect(typed.handle(.key(.enter)) == .confirmed)
    }
}
