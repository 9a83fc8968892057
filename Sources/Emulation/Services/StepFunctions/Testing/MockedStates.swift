import AWSModel
import AWSTypes
import StatesLanguage

/// Which mocks these are: of a state, for the executions of one test case or for all.
struct MockedStateKey: Hashable {
    var stateName: String
    /// Nil: of every execution.
    var testCase: String?
}

struct MockedState {
    /// As they were given.
    var text: String
    var responses: MockedResponses
    var updated: Instant
}

/// Answers in place of integrations: from the file that the program was started with, or put in through our own API.
extension StepFunctionsService {
    static let mockMigration = Migration(
        "stepfunctions-mocks-1",
        """
        CREATE TABLE sfn_mocked_states (
            machine TEXT NOT NULL, state TEXT NOT NULL, test_case TEXT NOT NULL, responses TEXT NOT NULL,
            updated INTEGER NOT NULL, PRIMARY KEY (machine, state, test_case)) WITHOUT ROWID;
        ALTER TABLE sfn_executions ADD COLUMN mocked_calls TEXT;
        """)

    func hasMocks(testCase: String, of machine: StateMachineRecord) -> Bool {
        core.configuration.mocks?.has(testCase: testCase, of: machine.name) == true
            || machine.mocks.keys.contains { $0.testCase == testCase }
    }

    /// False where the task is to be done for real.
    func answerFromMocks(_ order: TaskOrder, _ record: ExecutionRecord) -> Bool {
        guard let (responses, isLimited) = mocks(for: order.stateName, record) else { return false }
        let call = record.mockedCalls[order.stateName, default: 0]
        record.mockedCalls[order.stateName] = call + 1
        if record.isStored {
            core.journal.record(
                "UPDATE sfn_executions SET mocked_calls = ? WHERE id = ?",
                [.document(record.mockedCallsDocument), .integer(record.id)])
        }
        let answer = responses.answer(call: call) ?? (isLimited ? nil : responses.last)
        _ = core.record(
            .transition, service: "states", action: "TaskMocked", resource: record.arn, cause: record.origin,
            detail: order.stateName)
        core.later { [unowned self] in
            switch answer {
            case .returned(let value)?:
                // AWS: what waits for more than the answer is submitted first.
                if order.resource.isSubmitted { apply(.taskSubmitted(order.id, Payload(value)), to: record) }
                apply(.taskSucceeded(order.id, Payload(value)), to: record)
            case .thrown(let error, let cause)?:
                apply(.taskFailed(order.id, error: error, cause: cause), to: record)
            case nil:
                let which = record.testCase.map { "The mocks of test case '\($0)'" } ?? "The mocks"
                fail(
                    order, record,
                    ("States.Runtime", "\(which) have no answer for call \(call) of state '\(order.stateName)'."))
            }
        }
        return true
    }

    /// A test case's mocks come before those of every execution. Only the former are limited to the calls they list, as
    /// with Step Functions Local; the latter go on with their last answer.
    private func mocks(for state: String, _ record: ExecutionRecord) -> (MockedResponses, isLimited: Bool)? {
        let machine = record.machine
        if let testCase = record.testCase {
            if let found = core.configuration.mocks?.responses(of: state, testCase: testCase, machine: machine.name) {
                return (found, true)
            }
            if let found = machine.mocks[MockedStateKey(stateName: state, testCase: testCase)] {
                return (found.responses, true)
            }
        }
        return machine.mocks[MockedStateKey(stateName: state, testCase: nil)].map { ($0.responses, false) }
    }

    // MARK: Our own API

    func mockedStates(_ input: Skua.ListMockedStatesRequest) throws(ServiceError) -> Skua.ListMockedStatesResponse {
        let machine = try mockedMachine(input.stateMachineArn)
        let states = machine.mocks.map { key, mock in
            Skua.MockedState(
                stateName: key.stateName, testCase: key.testCase, responses: mock.text, updatedAt: mock.updated)
        }
        return Skua.ListMockedStatesResponse(
            states: states.sorted { ($0.testCase ?? "", $0.stateName) < ($1.testCase ?? "", $1.stateName) })
    }

    func putMockedState(_ input: Skua.PutMockedStateRequest) throws(ServiceError) {
        let machine = try mockedMachine(input.stateMachineArn)
        guard machine.revision.definition?.state(named: input.stateName)?.type == .task else {
            throw .validation("\(machine.name) has no Task state '\(input.stateName)'.")
        }
        guard let value = try? JSONReader.parse(input.responses) else {
            throw .validation("The responses are no JSON.")
        }
        let responses: MockedResponses
        do throws(MockedResponses.Fault) {
            responses = try MockedResponses(value, name: "Responses")
        } catch {
            throw .validation(error.message)
        }
        guard !responses.isEmpty else { throw .validation("The responses list no call.") }
        guard input.testCase?.isEmpty != true, input.testCase?.contains("#") != true else {
            throw .validation("The name of a test case is not empty and has no #.")
        }
        machine.mocks[MockedStateKey(stateName: input.stateName, testCase: input.testCase)] = MockedState(
            text: input.responses, responses: responses, updated: core.now)
        core.journal.record(
            "INSERT OR REPLACE INTO sfn_mocked_states VALUES (?, ?, ?, ?, ?)",
            [
                .text(machine.arn), .text(input.stateName), .text(input.testCase ?? ""), .text(input.responses),
                .instant(core.now),
            ])
        core.changes.mark(machine.arn)
    }

    func deleteMockedState(_ input: Skua.DeleteMockedStateRequest) throws(ServiceError) {
        let machine = try mockedMachine(input.stateMachineArn)
        let key = MockedStateKey(stateName: input.stateName, testCase: input.testCase)
        guard machine.mocks.removeValue(forKey: key) != nil else {
            throw ServiceError("ResourceNotFoundException", "'\(input.stateName)' is not mocked.", status: 404)
        }
        core.journal.record(
            "DELETE FROM sfn_mocked_states WHERE machine = ? AND state = ? AND test_case = ?",
            [.text(machine.arn), .text(input.stateName), .text(input.testCase ?? "")])
        core.changes.mark(machine.arn)
    }

    private func mockedMachine(_ arn: String) throws(ServiceError) -> StateMachineRecord {
        guard let machine = machines[arn], !machine.isDeleting else {
            throw ServiceError("ResourceNotFoundException", "There is no state machine \(arn).", status: 404)
        }
        return machine
    }

    func forgetMocks(of machine: StateMachineRecord) {
        guard !machine.mocks.isEmpty else { return }
        machine.mocks.removeAll()
        core.journal.record("DELETE FROM sfn_mocked_states WHERE machine = ?", [.text(machine.arn)])
    }

    func restoreMocks(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT machine, state, test_case, responses, updated FROM sfn_mocked_states") { row in
            guard let machine = machines[row.text(0)], let value = try? JSONReader.parse(row.text(3)),
                let responses = try? MockedResponses(value, name: "Responses")
            else { return }
            let testCase = row.text(2)
            let key = MockedStateKey(stateName: row.text(1), testCase: testCase.isEmpty ? nil : testCase)
            machine.mocks[key] = MockedState(text: row.text(3), responses: responses, updated: row.instant(4))
        }
    }
}

extension ExecutionRecord {
    /// How often each mocked state has called, for its row.
    var mockedCallsDocument: DocumentObject {
        get {
            DocumentObject(mockedCalls.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) })
        }
        set {
            for (state, count) in newValue { mockedCalls[state] = count.integer.map(Int.init) ?? 0 }
        }
    }
}
