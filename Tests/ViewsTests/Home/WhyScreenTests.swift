import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct WhyScreenTests {
    private let reasons = [
        Skua.Reason(
            rule: "VisibilityTimeout",
            text: "A receiver holds the message. It becomes visible again unless it is deleted first.",
            movesAt: WorldFixture.start + .seconds(12), relatedArn: WorldFixture.queue("orders")),
        Skua.Reason(rule: "MessageGroupLock", text: "Messages of group north wait for the first one."),
    ]

    private func screen() -> WhyScreen {
        var screen = WhyScreen(arn: WorldFixture.queue("orders"), item: "0f3e")
        _ = screen.update(.message(.loaded(.success(reasons.map { Reason($0) }))))
        return screen
    }

    @Test func drawsEachReason() {
        let frame = FrameContext(status: ConsoleStatus(now: WorldFixture.start.epochMilliseconds))
        let screen = screen()
        #expect(Snapshot.difference(Snapshot.text { screen.render(on: $0, in: frame) }, "why-80x24") == nil)
        #expect(Snapshot.difference(Snapshot.text(.large) { screen.render(on: $0, in: frame) }, "why-120x40") == nil)
        #expect(
            Snapshot.difference(
                Snapshot.text(.standard, .ascii) { screen.render(on: $0, in: frame) }, "why-80x24-ascii") == nil)
    }

    @Test func opensWhatAReasonSpeaksOf() {
        var screen = screen()
        #expect(screen.bindings.binding(for: .enter)?.availability == .enabled)
        _ = screen.update(.action("reasons.down"))
        #expect(screen.bindings.binding(for: .enter)?.availability.reason == "This reason has no screen of its own")
        _ = screen.update(.action("reasons.down"))
        _ = screen.update(.action("reasons.up"))
        #expect(screen.bindings.binding(for: .enter)?.availability == .enabled)
    }

    @Test func countsDownOnlyWhileSomethingWillMove() {
        #expect(screen().tickInterval == .seconds(1))
        var still = WhyScreen(arn: WorldFixture.queue("orders"))
        _ = still.update(.message(.loaded(.success([]))))
        #expect(still.tickInterval == nil)
        let text = Snapshot.text { still.render(on: $0, in: FrameContext()) }
        #expect(text.contains("Nothing holds it"))
    }

    @Test func asksItsSourceAgainWhenATopicChanges() {
        var screen = WhyScreen(crumbs: ["Why?"], subject: "order-7", topics: ["states/fulfilment"]) { _ in [] }
        #expect(screen.update(.appeared).count == 1)
        #expect(screen.update(.changed(["states/fulfilment/order-7"])).count == 1)
        _ = screen.update(.message(.loaded(.failure(AWSError("AccessDenied", "Not yours.")))))
        let refused = Snapshot.text { screen.render(on: $0, in: FrameContext()) }
        #expect(refused.contains("AccessDenied: Not yours."))
        _ = screen.update(.message(.loaded(.success([Reason("Wait", "It waits.")]))))
        let answered = Snapshot.text { screen.render(on: $0, in: FrameContext()) }
        #expect(answered.contains("It waits.") && !answered.contains("AccessDenied"))
    }
}
