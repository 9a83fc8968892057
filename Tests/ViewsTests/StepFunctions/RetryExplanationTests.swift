import AWSModel
import Testing

@testable import Views

@Suite struct RetryExplanationTests {
    /// A task with these rules that was tried once for each error, a second apart, and ended as `status`.
    private func explanation(
        _ rules: String, errors: [String?], _ status: VisitStatus, around: [RetryExplanation.Container] = []
    ) throws -> RetryExplanation {
        let text = #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"r",\#(rules),"End":true}}}"#
        var visit = StateVisit(id: 2, name: "T", type: "Task", entered: OrderMachine.start, status: status)
        for (index, error) in errors.enumerated() {
            let at = OrderMachine.start.microseconds + Int64(index) * 1_000_000
            var attempt = StateAttempt(number: index + 1, scheduled: Instant(microseconds: at))
            attempt.ended = Instant(microseconds: at + 500_000)
            attempt.status = .failed
            attempt.error = error
            visit.attempts.append(attempt)
            visit.error = error
        }
        return RetryExplanation(
            visit: visit, state: try StateMachineDefinition(text).state("T"), around: around)
    }

    private func verdicts(_ explanation: RetryExplanation) -> [String] {
        explanation.verdicts().map { "\($0.title): \($0.reason)" }
    }

    @Test func everyRuleSaysWhatBecameOfIt() throws {
        let told = try explanation(
            #""Retry":[{"ErrorEquals":["A"]},{"ErrorEquals":["B"],"MaxAttempts":1},{"ErrorEquals":["States.ALL"]}],"#
                + #""Catch":[{"ErrorEquals":["b"],"Next":"X"},{"ErrorEquals":["States.TaskFailed"],"Next":"Y"},{"ErrorEquals":["B"],"Next":"Z"}]"#,
            errors: ["B", "B"], .caught)
        #expect(
            verdicts(told) == [
                "Retry 1: does not list B", "Retry 2: matched, but its 1 retry is used up",
                "Retry 3: not looked at: Retry 2 came first",
                "Catch 1: lists 'b', which is another name than B: case counts",
                "Catch 2: matched", "Catch 3: not looked at: Catch 2 came first",
            ])
        #expect(told.steps(now: .epoch).last?.text == "Catcher 2 of 3 caught B and goes to Y")
        #expect(told.steps(now: .epoch).last?.details.last == "Error and Cause replace the input")
    }

    @Test func whileRetriesAreLeftCatchersAreNotLookedAt() throws {
        let told = try explanation(
            #""Retry":[{"ErrorEquals":["B"],"MaxAttempts":3,"IntervalSeconds":2,"MaxDelaySeconds":3}],"Catch":[{"ErrorEquals":["B"],"Next":"X"}]"#,
            errors: ["B", "B"], .running)
        #expect(verdicts(told) == ["Retry 1: matched: retry 2 of 3", "Catch 1: not looked at while retries are left"])
        #expect(told.steps(now: .epoch).last?.details == ["retrier 1: 3 s (MaxDelaySeconds)"])
    }

    @Test func runtimeErrorsAreNeitherRetriedNorCaught() throws {
        let told = try explanation(
            #""Retry":[{"ErrorEquals":["States.ALL"]}],"Catch":[{"ErrorEquals":["States.Runtime"],"Next":"X"}]"#,
            errors: ["States.Runtime"], .failed)
        #expect(
            verdicts(told) == [
                "Retry 1: States.Runtime is never retried or caught",
                "Catch 1: States.Runtime is never retried or caught",
            ])
        #expect(told.steps(now: .epoch).last?.text == "States.Runtime ends the execution")
    }

    @Test func wildcardsSayWhatTheyLeaveOut() throws {
        let large = try explanation(
            #""Catch":[{"ErrorEquals":["States.ALL"],"Next":"X"}]"#, errors: ["States.DataLimitExceeded"], .failed)
        #expect(verdicts(large) == ["Catch 1: States.ALL does not cover States.DataLimitExceeded"])
        #expect(
            large.steps(now: .epoch).last?.details == [
                "the state has no Retry", "its one catcher: States.ALL does not cover States.DataLimitExceeded",
            ])
        let late = try explanation(
            #""Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"X"}]"#, errors: ["States.Timeout"], .timedOut)
        #expect(verdicts(late) == ["Catch 1: States.TaskFailed does not cover States.Timeout"])
        // Recorded: AWS did catch it all the same. What happened counts.
        let caught = try explanation(
            #""Catch":[{"ErrorEquals":["States.ALL"],"Next":"X"}]"#, errors: ["States.DataLimitExceeded"], .caught)
        #expect(verdicts(caught) == ["Catch 1: matched"])
    }

    @Test func aMissedHeartbeatHasTwoNames() throws {
        let told = try explanation(
            #""HeartbeatSeconds":1,"TimeoutSeconds":60,"Catch":[{"ErrorEquals":["States.HeartbeatTimeout"],"Next":"X"}]"#,
            errors: ["States.Timeout"], .caught)
        #expect(verdicts(told) == ["Catch 1: matched"])
        let late = try explanation(
            #""HeartbeatSeconds":1,"TimeoutSeconds":0.4,"Catch":[{"ErrorEquals":["States.HeartbeatTimeout"],"Next":"X"}]"#,
            errors: ["States.Timeout"], .timedOut)
        #expect(verdicts(late) == ["Catch 1: does not list States.Timeout"])
    }

    @Test func anErrorWithoutANameIsCaughtByAll() throws {
        let told = try explanation(
            #""Catch":[{"ErrorEquals":["A"],"Next":"X"},{"ErrorEquals":["States.ALL"],"Next":"Y"}]"#,
            errors: [nil], .caught)
        #expect(verdicts(told) == ["Catch 1: does not cover an error without a name", "Catch 2: matched"])
    }

    @Test func whatNothingCaughtGoesUp() throws {
        let outer = try explanation(
            #""Catch":[{"ErrorEquals":["A"],"Next":"Tell","ResultPath":"$.e"}]"#, errors: ["A"], .caught)
        var both = outer.visit
        both.name = "Both"
        let told = try explanation(
            #""Retry":[{"ErrorEquals":["A"],"MaxAttempts":0}]"#, errors: ["A"], .failed,
            around: [.init(visit: both, state: outer.state)])
        #expect(verdicts(told) == ["Retry 1: matched, but it forbids retrying (MaxAttempts 0)"])
        let last = told.steps(now: .epoch).last
        #expect(last?.text == "Up to Both around it: catcher 1 of 1 caught A and goes to Tell")
        #expect(last?.details.last == "Error and Cause go to $.e of the input")
    }

    @Test func delaysGrowAsAWSGrowsThem() throws {
        let object = try #require(
            JSONReader.parse(#"{"ErrorEquals":["A"],"IntervalSeconds":3,"BackoffRate":1.5,"MaxAttempts":99999999}"#)
                .object)
        let retrier = Retrier(object)
        #expect(retrier.delay(beforeRetry: 1) == 3)
        #expect(retrier.delay(beforeRetry: 3) == 6.75)
        #expect(retrier.delay(beforeRetry: 99_999_999) == 99_999_999)
        #expect(retrier.delayText(beforeRetry: 3) == "6.7 s (3 s × 1.5 × 1.5)")
    }
}
