import AWSModel
import DefinitionText
import TerminalUI
import Testing

@testable import Views

/// The editor takes a definition in YAML: read, checked and completed as JSON is, and saved as JSON.
@Suite struct DefinitionYAMLTests {
    private let machine = """
        # What becomes of an order
        StartAt: Check
        States:
          Check:
            Type: Choice
            Choices:
              - Variable: $.total  # in euros
                NumericGreaterThan: 100
                Next: Approve
            Default: Each
          Approve:
            Type: Task
            Resource: arn:aws:states:::sqs:sendMessage
            Retry:
            - ErrorEquals: [States.ALL]
              MaxAttempts: 2
            - ErrorEquals:
                - Busy
              MaxAttempts: 5
            Comment: |
              Type: none of this
              is read
            Next: Each
          Each:
            Type: Map
            ItemProcessor:
              StartAt: One
              States:
                One: {Type: Pass, End: true}
            End: true
        """

    private func offer(_ marked: String) -> [String] {
        let parts = marked.split(separator: "|@", maxSplits: 1, omittingEmptySubsequences: false)
        return DefinitionCompletion.offer(DefinitionScan(parts.joined(), .yaml, at: parts[0].count)).items.map(\.title)
    }

    private func offer(_ written: String, _ marked: String) -> [String] {
        offer(machine.replacing(written, with: marked))
    }

    @Test func thePlacesOfItsPartsAreFound() {
        let locate = DefinitionLocation(machine, .yaml)
        func place(_ location: String) -> TextPosition? { locate.place(of: DefinitionFinding("x", at: location)) }
        #expect(place("/States/Check/Choices[0]/Next") == TextPosition(line: 8, column: 8))
        #expect(place("/States/Check/Choices[0]") == TextPosition(line: 6, column: 8))
        #expect(place("/States/Approve/Retry[1]/MaxAttempts") == TextPosition(line: 18, column: 6))
        #expect(place("/States/Approve/Next") == TextPosition(line: 22, column: 4))
        #expect(locate.place(ofState: "Each") == TextPosition(line: 23, column: 2))
        // What stands in brackets on one line is told by the line.
        #expect(place("/States/Each/ItemProcessor/States/One/Type") == TextPosition(line: 28, column: 8))
        for (line, state) in [
            (8, "Check"), (18, "Approve"), (20, "Approve"), (22, "Approve"), (23, "Each"), (29, "Each"),
        ] {
            #expect(DefinitionLocation.state(at: TextPosition(line: line, column: 6), in: machine, .yaml) == state)
        }
        #expect(DefinitionLocation.state(at: TextPosition(line: 1, column: 3), in: machine, .yaml) == nil)
    }

    @Test func whatFitsIsOffered() {
        #expect(offer("Default: Each", "Default: |@") == ["Approve", "Each"])
        #expect(offer("Default: Each", "Default: A|@").contains("Approve"))
        #expect(offer("StartAt: One", "StartAt: |@") == ["One"])
        #expect(offer("MaxAttempts: 5", "|@").contains("BackoffRate"))
        #expect(!offer("MaxAttempts: 5", "|@").contains("ErrorEquals"))
        #expect(offer("        - Busy", "        - |@").first == "States.ALL")
        #expect(offer("    Next: Each\n", "    |@\n").contains("HeartbeatSeconds"))
        #expect(offer("    Next: Each\n", "    Heart|@\n").contains("HeartbeatSeconds"))
        #expect(offer("Type: Map", "Type: |@").count == 8)
        #expect(offer("$.total", "$|@").contains("$$.Execution.Id"))
        #expect(offer("# What becomes of an order", "|@").contains("TimeoutSeconds"))
        #expect(offer("Type: none of this", "|@").isEmpty)
        for length in 0...machine.count { _ = DefinitionScan(String(machine.prefix(length)), .yaml, at: length / 2) }
    }

    @Test func whatIsTakenIsQuotedWhereItMustBe() {
        func taking(_ line: String) -> String? {
            var editor = TextEditor(
                "QueryLanguage: JSONata\nStates:\n  A:\n    Type: Pass\n    \(line)", language: .yaml)
            editor.move(to: TextPosition(line: 4, column: 100))
            DefinitionCompletion.offer(in: &editor, .yaml, nil)
            _ = editor.handle(.key(.enter))
            return editor.text.split(separator: "\n").last.map { String($0.drop { $0 == " " }) }
        }
        #expect(taking("Output: ") == "Output: \"{% $states.input %}\"")
        #expect(taking("Output: \"{% $states.in") == "Output: \"{% $states.input")
        #expect(taking("Nex") == "Next: ")
    }

    private func screen(_ text: String) -> DefinitionEditorScreen {
        DefinitionEditorScreen(.update(arn: OrderMachine.arn, type: "STANDARD"), text: text)
    }

    @Test func pastedYAMLIsReadAndCheckedAsItIsTyped() {
        var screen = screen(OrderMachine.definition)
        #expect(screen.format == .json)
        _ = screen.update(.input(.key(.alt("a"))))
        _ = screen.update(.input(.paste(machine)))
        #expect(screen.format == .yaml)
        #expect(screen.editor.error == nil)
        #expect(screen.definition?.states.map(\.name) == ["Check", "Approve", "Each"])
        #expect(screen.json?.hasPrefix(#"{"StartAt":"Check""#) == true)
        check(screen, "editor-yaml")
        _ = screen.update(.action("save"))
        check(screen, "editor-yaml-review")
        _ = screen.update(.input(.key(.escape)))
        screen.editor.move(to: TextPosition(line: 8, column: 12))
        _ = screen.update(.input(.paste(": no")))
        #expect(screen.editor.error?.line == 9)
        #expect(screen.json == nil)
        #expect(screen.bindings.binding(for: "ctrl+s")?.availability.isEnabled == false)
        check(screen, "editor-yaml-error")
    }

    @Test func oneGoesFromOneToTheOther() throws {
        var screen = screen(OrderMachine.definition)
        _ = screen.update(.action("convert"))
        #expect(screen.format == .yaml)
        #expect(screen.editor.text.hasPrefix("Comment: An order from cart to door\nStartAt: Validate order\nStates:\n"))
        #expect(try JSONReader.parse(screen.json ?? "") == JSONReader.parse(OrderMachine.definition))
        _ = screen.update(.action("convert"))
        #expect(screen.format == .json)
        #expect(try JSONReader.parse(screen.editor.text) == JSONReader.parse(OrderMachine.definition))
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
}
