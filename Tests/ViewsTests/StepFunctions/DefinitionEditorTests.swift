import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct DefinitionEditorTests {
    /// Completions where `|` stands.
    private func titles(_ marked: String) throws -> [String] {
        let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let text = parts.joined()
        return DefinitionCompletion.offer(DefinitionScan(text, at: parts[0].count)).items.map(\.title)
    }

    private let machine = #"""
        {"StartAt": "A", "States": {
          "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {|1}, "Next": "|2"},
          "Each": {"Type": "Map", "ItemProcessor": {"StartAt": "|3", "States": {"Inner": {"Type": "Pass", "Next": "|4"}, "Last": {"Type": "Succeed"}}}, "End": true},
          "B": {"Type": "|5", |6 "Catch": [{"ErrorEquals": ["|7"], "Next": "A"}]}
        }}
        """#

    private func titles(at mark: Int) throws -> [String] {
        var text = machine
        for other in 1...7 where other != mark { text = text.replacing("|\(other)", with: "") }
        return try titles(text.replacing("|\(mark)", with: "|"))
    }

    @Test func statesAreThoseOfTheSameWorkflow() throws {
        #expect(try titles(at: 2) == ["Each", "B"])
        #expect(try titles(at: 3) == ["Inner", "Last"])
        #expect(try titles(at: 4) == ["Last"])
    }

    @Test func fieldsAreThoseOfTheType() throws {
        let task = try titles(#"{"States": {"A": {"Type": "Task", "|"}}}"#)
        #expect(task.contains("HeartbeatSeconds"))
        #expect(!task.contains("Type"))
        #expect(!task.contains("Choices"))
        let jsonata = try titles(#"{"QueryLanguage": "JSONata", "States": {"A": {"Type": "Task", "|"}}}"#)
        #expect(jsonata.contains("Arguments"))
        #expect(!jsonata.contains("InputPath"))
        #expect(try titles(#"{"|"}"#) == DefinitionFields.machine)
        #expect(try titles(at: 1).prefix(2) == ["FunctionName", "Payload"])
    }

    @Test func valuesAreThoseOfTheField() throws {
        #expect(try titles(at: 5) == DefinitionFields.types.map(\.name))
        #expect(try titles(at: 7).first == "States.ALL")
        #expect(
            try titles(#"{"States": {"A": {"Type": "Pass", "Parameters": {"x.$": "|"}}}}"#).contains("$$.Task.Token"))
        #expect(try titles(#"{"States": {"A": {"Type": "Pass", "Comment": "|"}}}"#).isEmpty)
    }

    /// The scan reads what no parser would.
    @Test func brokenTextsAreReadAsFarAsTheyGo() throws {
        let text = #"{"States": {"A": {"Type": "Task", "Next": "|\#n "End": }, "B": {"Type": "Fail"}"#
        #expect(try titles(text) == ["B"])
        for length in 0...machine.count { _ = DefinitionScan(String(machine.prefix(length)), at: length / 2) }
    }

    @Test func completingWritesWhatIsMissing() {
        var editor = TextEditor(#"{"States": {"A": {"Next": "B"#, language: .json)
        editor.move(to: TextPosition(line: 0, column: 100))
        editor.text += #"", "Comment": ""}, "Bee": {}}}"#
        editor.move(to: TextPosition(line: 0, column: 28))
        DefinitionCompletion.offer(in: &editor, .json, nil)
        _ = editor.handle(.key(.enter))
        #expect(editor.text.hasPrefix(#"{"States": {"A": {"Next": "Bee", "#))
    }

    @Test func findingsHaveTheirPlaces() throws {
        let text = """
            {
              "StartAt": "A",
              "States": {
                "A": {
                  "Type": "Task",
                  "Resource": "r",
                  "Retry": [
                    {"ErrorEquals": []}
                  ],
                  "Next": "Nowhere"
                }
              }
            }
            """
        let locate = DefinitionLocation(text)
        func place(_ location: String) -> TextPosition? { locate.place(of: DefinitionFinding("x", at: location)) }
        #expect(place("/States/A/Next") == TextPosition(line: 9, column: 6))
        #expect(place("/States/A/Retry[0]/ErrorEquals") == TextPosition(line: 7, column: 9))
        // What is not there is told where it should be.
        #expect(place("/States/A/Missing") == TextPosition(line: 3, column: 4))
        #expect(place("A") == TextPosition(line: 3, column: 4))
        #expect(DefinitionLocation.state(at: TextPosition(line: 7, column: 10), in: text) == "A")
        #expect(DefinitionLocation.state(at: TextPosition(line: 1, column: 4), in: text) == nil)
    }

    private func check(_ screen: some Screen, _ name: String) {
        for (size, encoding, suffix) in [
            (Size.standard, Encoding.utf8, "80"), (.large, .utf8, "120"), (.standard, .ascii, "ascii"),
        ] {
            let text = Snapshot.text(Size(width: size.width, height: size.height - 2), encoding) {
                screen.render(on: $0, in: FrameContext(status: ConsoleStatus(now: OrderMachine.now)))
            }
            let problem = Snapshot.difference(text, "\(name)-\(suffix)")
            #expect(problem == nil, "\(problem ?? "")")
        }
    }

    private func screen() -> DefinitionEditorScreen {
        DefinitionEditorScreen(.update(arn: OrderMachine.arn, type: "STANDARD"), text: OrderMachine.definition)
    }

    @Test func savingShowsTheChangesFirst() {
        var screen = screen()
        screen.editor.text = OrderMachine.definition.replacing(
            "\"TimeoutSeconds\": 86400", with: "\"TimeoutSeconds\": 60")
        let asked = screen.update(.action("save"))
        #expect(asked.isEmpty)
        check(screen, "editor-review")
        #expect(screen.bindings.binding(for: "enter")?.action == "confirm")
        _ = screen.update(.input(.key(.escape)))
        #expect(screen.review == nil)
        _ = screen.update(.action("save"))
        let saving = screen.update(.action("confirm"))
        #expect(saving.count == 1)
    }

    @Test func completionsOpenBelowTheCursor() {
        var screen = screen()
        screen.editor.move(to: TextPosition(line: 7, column: 74))
        screen.editor.move(
            to: DefinitionLocation(screen.editor.text).place(ofState: "Approve") ?? .init(line: 0, column: 0))
        _ = screen.update(.input(.key(.end)))
        for _ in 0..<3 { _ = screen.update(.input(.key(.left))) }
        _ = screen.update(.action("complete"))
        check(screen, "editor-completion")
        #expect(screen.editor.handlesEscape)
        _ = screen.update(.input(.key(.escape)))
        #expect(!screen.editor.handlesEscape)
    }

    @Test func theCursorAndTheGraphFollowEachOther() {
        var screen = screen()
        screen.editor.move(
            to: DefinitionLocation(screen.editor.text).place(ofState: "Pack") ?? .init(line: 0, column: 0))
        _ = screen.update(.input(.key(.right)))
        #expect(screen.pane.selectedID == "Pack")
        screen.pane.selectedID = "Approve"
        _ = screen.update(.action("pane"))
        _ = screen.update(.action("jump"))
        #expect(!screen.isGraphFocused)
        #expect(DefinitionLocation.state(at: screen.editor.cursor, in: screen.editor.text) != nil)
    }

    @Test func severalFindingsAreListedAndVisited() {
        var screen = screen()
        let findings = [
            DefinitionFinding("MISSING_TRANSITION_TARGET: Missing 'Next' target: X", at: "/States/Approve/Next"),
            DefinitionFinding(isError: false, "MISSING_TIMEOUT: no limit", at: "/States/Notify customer"),
        ]
        _ = screen.update(.message(.validated(findings, isAvailable: true)))
        check(screen, "editor-several")
        _ = screen.update(.action("finding"))
        #expect(DefinitionLocation.state(at: screen.editor.cursor, in: screen.editor.text) == "Approve")
        _ = screen.update(.action("finding"))
        #expect(screen.findingIndex == 1)
    }

    @Test func theEditorOfTheUsersChoiceChangesTheText() {
        var screen = screen()
        let asked = screen.update(.action("external"))
        #expect(asked.count == 1)
        _ = screen.update(.message(.edited(.success("{}"))))
        #expect(screen.editor.text == "{}")
        screen.editor.undo()
        #expect(screen.editor.text == OrderMachine.definition)
        let told = screen.update(.message(.edited(.failure(.notChosen))))
        #expect(told.count == 1)
    }
}
