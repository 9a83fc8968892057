import AWSModel
import AWSTypes
import Foundation
import Testing

@testable import Emulation

/// Pages of lists, and their tokens.
@Suite struct ListTests {
    @Test func pagesOfExecutionsDoNotShiftAndTokensBelongToTheirList() throws {
        let engine = try TestEngine.withStepFunctions()
        let machine = try engine.createMachine(StateMachineTests.pass)
        let other = try engine.createMachine(StateMachineTests.pass, name: "other")
        for index in 0..<5 { _ = try engine.startExecution(machine, name: "e\(index)") }
        let first = try engine.call(SFN.listExecutions, .init(stateMachineArn: machine, maxResults: 2))
        #expect(first.executions.map(\.name) == ["e4", "e3"])
        _ = try engine.startExecution(machine, name: "e5")
        let second = try engine.call(
            SFN.listExecutions, .init(stateMachineArn: machine, maxResults: 2, nextToken: first.nextToken))
        #expect(second.executions.map(\.name) == ["e2", "e1"])
        let third = try engine.call(
            SFN.listExecutions, .init(stateMachineArn: machine, maxResults: 2, nextToken: second.nextToken))
        #expect(third.executions.map(\.name) == ["e0"] && third.nextToken == nil)
        for wrong in [
            SFN.ListExecutionsInput(stateMachineArn: other, nextToken: first.nextToken),
            .init(stateMachineArn: machine, statusFilter: "FAILED", nextToken: first.nextToken),
            .init(stateMachineArn: machine, nextToken: "nonsense"),
        ] { #expect(engine.error(SFN.listExecutions, wrong)?.code == "InvalidToken") }
        #expect(engine.error(SFN.listStateMachines, .init(nextToken: first.nextToken))?.code == "InvalidToken")
        engine.advance(by: .seconds(25 * 3600))
        #expect(
            engine.error(SFN.listExecutions, .init(stateMachineArn: machine, nextToken: first.nextToken))?.code
                == "InvalidToken")
    }

    @Test func otherListsArePagesToo() throws {
        let engine = try TestEngine.withStepFunctions()
        for name in ["b", "a", "c"] {
            _ = try engine.createMachine(StateMachineTests.pass, name: name)
            try engine.call(SFN.createActivity, .init(name: name))
        }
        let machines = try engine.call(SFN.listStateMachines, .init(maxResults: 2))
        #expect(machines.stateMachines.map(\.name) == ["a", "b"])
        #expect(
            try engine.call(SFN.listStateMachines, .init(nextToken: machines.nextToken)).stateMachines.map(\.name)
                == ["c"])
        let activities = try engine.call(SFN.listActivities, .init(maxResults: 1))
        #expect(activities.activities.map(\.name) == ["a"])
        #expect(
            try engine.call(SFN.listActivities, .init(nextToken: activities.nextToken)).activities.map(\.name)
                == ["b", "c"])
        let machine = TestEngine.role.replacingOccurrences(
            of: "iam::123456789012:role/machine", with: "states:us-east-1:123456789012:stateMachine:a")
        for text in ["one", "two", "three"] {
            try engine.call(
                SFN.updateStateMachine,
                .init(
                    stateMachineArn: machine,
                    definition: #"{"Comment":"\#(text)","StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#,
                    publish: true, versionDescription: text))
        }
        let versions = try engine.call(SFN.listStateMachineVersions, .init(stateMachineArn: machine, maxResults: 2))
        #expect(versions.stateMachineVersions.map { $0.stateMachineVersionArn.suffix(2) } == [":3", ":2"])
        let rest = try engine.call(
            SFN.listStateMachineVersions, .init(stateMachineArn: machine, nextToken: versions.nextToken))
        #expect(rest.stateMachineVersions.count == 1 && rest.nextToken == nil)
        let execution = try engine.startExecution(machine)
        let events = try engine.call(SFN.getExecutionHistory, .init(executionArn: execution, maxResults: 3))
        #expect(events.events.map(\.id) == [1, 2, 3])
        #expect(
            try engine.call(
                SFN.getExecutionHistory, .init(executionArn: execution, nextToken: events.nextToken)
            ).events.map(\.id) == [4])
        #expect(
            engine.error(
                SFN.getExecutionHistory,
                .init(executionArn: execution, reverseOrder: true, nextToken: events.nextToken))?.code == "InvalidToken"
        )
    }

    @Test func nothingIsScheduledForADeletedActivity() throws {
        let engine = try TestEngine.withStepFunctions()
        let activity = try engine.call(SFN.createActivity, .init(name: "gone")).activityArn
        let machine = try engine.createMachine(
            #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"\#(activity)","End":true}}}"#)
        try engine.call(SFN.deleteActivity, .init(activityArn: activity))
        let execution = try engine.startExecution(machine)
        let ended = try engine.describe(execution)
        #expect(ended.error == "States.Runtime")
        #expect(
            ended.cause
                == "An error occurred while executing the state 'A' (entered at the event id #2). The activity \(activity) does not exist."
        )
        #expect(try engine.eventTypes(execution) == ["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"])
    }
}
