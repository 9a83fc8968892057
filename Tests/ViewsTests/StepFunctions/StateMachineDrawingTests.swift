import GraphLayout
import Testing

@testable import Views

@Suite struct StateMachineDrawingTests {
    private func definition() throws -> StateMachineDefinition { try StateMachineDefinition(OrderMachine.definition) }

    @Test func everyTransitionIsAnEdge() throws {
        let graph = StateMachineDrawing(definition: try definition()).graph
        let edges = Set(graph.edges.map { "\($0.from)→\($0.to)" })
        #expect(edges.contains("Validate order→Is it large?"))
        #expect(edges.contains("Rejected→\(StateMachineDrawing.endID)"))
        #expect(edges.contains("\(StateMachineDrawing.startID)→Validate order"))
        #expect(graph.edges.first { $0.from == "Is it large?" && $0.to == "Approve" }?.label == "$.total > 1000")
        #expect(graph.edges.first { $0.from == "Is it large?" && $0.to == "Each item" }?.label == "default")
        let caught = try #require(graph.edges.first { $0.from == "Fulfil" && $0.to == "Notify customer" })
        #expect(caught.style == .dashed)
        #expect(caught.label == "Payment.Declined")
        #expect(graph.drawing().unresolvedEdges.isEmpty)
    }

    @Test func mapAndParallelAreFramesThatFold() throws {
        var drawing = StateMachineDrawing(definition: try definition())
        let open = try #require(drawing.graph.nodes.first { $0.id == "Fulfil" }?.frame)
        #expect(open.branches.map { $0.nodes.map(\.id) } == [["Charge card"], ["Pack"]])
        drawing.folded = ["Fulfil"]
        #expect(drawing.graph.nodes.first { $0.id == "Fulfil" }?.frame?.isFolded == true)
    }

    @Test func badgesTellRetries() throws {
        var drawing = StateMachineDrawing(definition: try definition())
        func badges(_ graph: Graph) -> [String] {
            graph.nodes.flatMap { $0.badges.map(\.text) + ($0.frame?.branches.flatMap(badges) ?? []) }
        }
        #expect(badges(drawing.graph) == ["↻2"])
        drawing.showsExecution = true
        drawing.marks = ["Charge card": StateMark(status: .failed, retries: 1, maximumRetries: 2)]
        #expect(badges(drawing.graph) == ["↻1/2"])
    }

    @Test func conditionsReadLikeSentences() throws {
        let text = """
            {"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[
              {"And":[{"Variable":"$.a","StringEquals":"x"},{"Not":{"Variable":"$.b","IsPresent":true}}],"Next":"D"},
              {"Variable":"$.n","NumericLessThanEqualsPath":"$.m","Next":"E"},
              {"Condition":"{% $total > 5 %}","Next":"F"},
              {"Variable":"$.s","IsNull":false,"Next":"G"}]}}}
            """
        let state = try #require(try StateMachineDefinition(text).state("C"))
        #expect(
            state.choices.map(\.condition) == [
                #"$.a = "x" and not ($.b is present)"#, "$.n <= $.m", "$total > 5", "$.s is not null",
            ])
    }

    @Test func aHalfTypedDefinitionStillDraws() throws {
        let half = try StateMachineDefinition(#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}, "C":{}}}"#)
        #expect(StateMachineDrawing(definition: half).graph.drawing().nodes.count == 3)
        #expect(
            DefinitionCheck.findings(half).map(\.message) == [
                "It goes to 'B', which is not there", "Type is missing", "Nothing leads to it",
            ])
        #expect(throws: DefinitionFailure.self) { try StateMachineDefinition("[1]") }
        #expect(throws: DefinitionFailure.self) { try StateMachineDefinition(#"{"a":}"#) }
    }

    @Test(arguments: StateMachineForms.starters) func everyStarterIsSound(_ starter: String) throws {
        #expect(DefinitionCheck.findings(try StateMachineDefinition(StateMachineForms.definition(starter))).isEmpty)
    }
}
