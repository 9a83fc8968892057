import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Time as a control, with and without real work under way.
@Suite struct TimeTests {
    private final class Fired { var names: [(String, Instant)] = [] }

    private func arm(_ engine: TestEngine, _ fired: Fired, _ name: String, after delay: Duration) {
        let label = TimerLabel(kind: name, resourceArn: "")
        engine.core.schedule(at: engine.core.now + delay, label) { [core = engine.core] in
            fired.names.append((name, core.now))
        }
    }

    @Test func timersFireInOrderOfTimeThenInsertion() throws {
        let engine = try TestEngine(services: [])
        let fired = Fired()
        arm(engine, fired, "second", after: .seconds(2))
        arm(engine, fired, "first", after: .seconds(1))
        arm(engine, fired, "alsoSecond", after: .seconds(2))
        engine.advance(by: .seconds(3))
        #expect(fired.names.map(\.0) == ["first", "second", "alsoSecond"])
        #expect(fired.names.map(\.1) == [1, 2, 2].map { TestEngine.start + .seconds($0) })
        #expect(engine.core.now == TestEngine.start + .seconds(3))
    }

    @Test func aCancelledTimerDoesNotFire() throws {
        let engine = try TestEngine(services: [])
        let fired = Fired()
        let timer = engine.core.schedule(at: engine.core.now + .seconds(1), TimerLabel(kind: "x", resourceArn: "")) {
            fired.names.append(("x", .epoch))
        }
        engine.core.cancel(timer)
        engine.advance(by: .seconds(2))
        #expect(fired.names.isEmpty)
        #expect(engine.core.wallDelayUntilNextTimer() == nil)
    }

    @Test func aPausedClockStandsStill() throws {
        let engine = try TestEngine(services: [])
        let fired = Fired()
        arm(engine, fired, "later", after: .seconds(1))
        engine.core.setClockMode(.paused)
        engine.advance(by: .seconds(100))
        #expect(fired.names.isEmpty)
        #expect(engine.core.now == TestEngine.start)
        engine.core.setClockMode(.running(rate: 1))
        engine.advance(by: .seconds(1))
        #expect(fired.names.count == 1)
    }

    @Test func aScaledClockRunsAhead() throws {
        let engine = try TestEngine(services: [])
        engine.core.setClockMode(.running(rate: 60))
        engine.advance(by: .seconds(2))
        #expect(engine.core.now == TestEngine.start + .seconds(120))
    }

    @Test func stepGoesToTheNextVisibleEvent() throws {
        let engine = try TestEngine(services: [])
        let fired = Fired()
        engine.core.setClockMode(.paused)
        engine.core.schedule(
            at: engine.core.now + .seconds(1), TimerLabel(kind: "housekeeping", resourceArn: "", isInternal: true)
        ) { fired.names.append(("housekeeping", .epoch)) }
        arm(engine, fired, "visible", after: .seconds(86_400))
        engine.core.step()
        #expect(fired.names.map(\.0) == ["housekeeping", "visible"])
        #expect(engine.core.now == TestEngine.start + .seconds(86_400))
    }

    /// The law: time that runs ahead stops at real work that is still out, charges what it took, then goes on.
    @Test func aJumpWaitsForWorkThatIsOut() throws {
        let engine = try TestEngine(services: [])
        let fired = Fired()
        arm(engine, fired, "tomorrow", after: .seconds(86_400))
        let effect = engine.core.start(.invoke(.stub)) { _ in fired.names.append(("function", engine.core.now)) }
        engine.commit()
        engine.core.jump(to: engine.core.now + .seconds(90_000))
        engine.commit()
        #expect(fired.names.isEmpty)
        #expect(engine.core.now == TestEngine.start)

        engine.advance(by: .seconds(3))  // The function works for three seconds of wall time.
        #expect(engine.core.now == TestEngine.start + .seconds(3))
        engine.report(effect, .runtime(.invocationEnded(.stub)))

        #expect(fired.names.map(\.0) == ["function", "tomorrow"])
        #expect(fired.names.map(\.1) == [TestEngine.start + .seconds(3), TestEngine.start + .seconds(86_400)])
        #expect(engine.core.now == TestEngine.start + .seconds(90_000))
        #expect(engine.core.clock.jumpTarget == nil)
    }

    @Test func whileWorkIsOutAFastClockRunsLive() throws {
        let engine = try TestEngine(services: [])
        engine.core.setClockMode(.running(rate: 1000))
        let effect = engine.core.start(.invoke(.stub))
        engine.commit()
        engine.advance(by: .seconds(2))
        #expect(engine.core.now == TestEngine.start + .seconds(2))
        engine.report(effect, .runtime(.invocationEnded(.stub)))
        engine.advance(by: .seconds(1))
        #expect(engine.core.now == TestEngine.start + .seconds(1002))
    }

    @Test func aPausedClockIsChargedWhatAFunctionTook() throws {
        let engine = try TestEngine(services: [])
        engine.core.setClockMode(.paused)
        let effect = engine.core.start(.invoke(.stub))
        engine.commit()
        engine.report(effect, .runtime(.invocationEnded(.stub)))
        #expect(engine.core.now == TestEngine.start + .milliseconds(80))
    }

    @Test func aPausedWorldIsFoundPausedAndALiveOneWentOn() throws {
        for (mode, expected) in [(VirtualClock.Mode.paused, Duration.seconds(0)), (.running(rate: 1), .seconds(3600))] {
            let journal = try Journal(path: nil)
            let first = try TestEngine(services: [], journal: journal)
            first.core.setClockMode(mode)
            first.commit()
            let second = try TestEngine(services: [], journal: journal, wall: TestEngine.start + .seconds(3600))
            #expect(second.core.clock.mode == mode)
            #expect(second.core.now == TestEngine.start + expected)
        }
    }

    @Test func identifiersGoOnInANewSession() throws {
        let journal = try Journal(path: nil)
        let first = try TestEngine(services: [], seed: 7, journal: journal)
        let second = try TestEngine(services: [], seed: 8, journal: journal)
        let again = try TestEngine(services: [], seed: 7)
        let firstID = first.core.identifiers.uuid()
        #expect(firstID == again.core.identifiers.uuid())
        #expect(firstID != second.core.identifiers.uuid())
    }
}

extension InvocationOrder {
    static var stub: InvocationOrder {
        InvocationOrder(
            requestID: "r",
            environment: FunctionEnvironment(
                functionName: "f", functionArn: "arn:aws:lambda:us-east-1:123456789012:function:f",
                runtime: "python3.13",
                handler: "index.handler", codeDirectory: "", region: "us-east-1", accountID: "123456789012",
                logGroup: "/aws/lambda/f",
                credentials: FunctionCredentials(accessKeyID: "", secretAccessKey: "", sessionToken: ""), revision: "1"),
            newEnvironment: EnvironmentIdentity(id: "e", day: "2026/01/01"), invokedFunctionArn: "", payload: [],
            traceID: "")
    }
}

extension InvocationReport {
    static var stub: InvocationReport {
        InvocationReport(
            requestID: "r", environmentID: "e", payload: [], functionError: nil, status: .success,
            durationMicroseconds: 80_000, initDurationMicroseconds: nil, billedMicroseconds: 80_000,
            maxMemoryUsedMB: 32, logTail: [], coldStart: false)
    }
}
