import AWSTypes
import TerminalUI

/// One thing wrong with a definition, or worth a thought.
struct DefinitionFinding: Hashable, Sendable {
    var isError: Bool
    var message: String
    /// A state, or where AWS says it is.
    var location: String?
    /// Where that is in the text; nil where it cannot be found.
    var place: TextPosition?

    init(isError: Bool = true, _ message: String, at location: String? = nil) {
        self.isError = isError
        self.message = message
        self.location = location
    }

    init(_ diagnostic: SFN.ValidateStateMachineDefinitionDiagnostic) {
        isError = diagnostic.severity == "ERROR"
        message = "\(diagnostic.code): \(diagnostic.message)"
        location = diagnostic.location
    }
}

/// What can be told of a definition's shape while it is typed, before the service has looked at it.
enum DefinitionCheck {
    private static let types: Set<String> = ["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"]

    static func findings(_ definition: StateMachineDefinition) -> [DefinitionFinding] {
        var findings: [DefinitionFinding] = []
        let names = definition.allStates.map(\.name)
        for (name, count) in Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +) where count > 1 {
            findings.append(DefinitionFinding("The name is used \(count) times", at: name))
        }
        check(definition, "the machine", &findings)
        return findings
    }

    private static func check(
        _ definition: StateMachineDefinition, _ place: String, _ findings: inout [DefinitionFinding]
    ) {
        let names = Set(definition.states.map(\.name))
        if definition.states.isEmpty { findings.append(DefinitionFinding("There are no States", at: place)) }
        if definition.startAt.isEmpty {
            findings.append(DefinitionFinding("StartAt is missing", at: place))
        } else if !names.contains(definition.startAt) {
            findings.append(
                DefinitionFinding("StartAt names '\(definition.startAt)', which is not among its States", at: place))
        }
        var reached: Set<String> = [definition.startAt]
        for state in definition.states {
            if state.type == "?" {
                findings.append(DefinitionFinding("Type is missing", at: state.name))
            } else if !types.contains(state.type) {
                findings.append(DefinitionFinding("'\(state.type)' is no type of state", at: state.name))
            }
            let targets =
                [state.next, state.defaultNext].compactMap { $0 } + state.choices.map(\.next)
                + state.catchers.map(\.next)
            reached.formUnion(targets)
            for target in Set(targets).sorted() where !names.contains(target) {
                findings.append(DefinitionFinding("It goes to '\(target)', which is not there", at: state.name))
            }
            if state.type != "Choice", types.contains(state.type), !state.isTerminal, state.next == nil {
                findings.append(DefinitionFinding("It needs Next or End", at: state.name))
            }
            if state.type == "Choice", state.choices.isEmpty {
                findings.append(DefinitionFinding("A Choice needs Choices", at: state.name))
            }
            if state.type.isContainerType, state.branches.isEmpty {
                findings.append(
                    DefinitionFinding(
                        state.type == "Map" ? "A Map needs an ItemProcessor" : "A Parallel needs Branches",
                        at: state.name))
            }
            for branch in state.branches { check(branch, state.name, &findings) }
        }
        for name in names.subtracting(reached).sorted() {
            findings.append(DefinitionFinding(isError: false, "Nothing leads to it", at: name))
        }
    }
}
