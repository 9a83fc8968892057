import AWSModel
import AWSTypes
import Synchronization
import TerminalUI
import Testing

@testable import Views

/// AWS: a history ends at 25,000 events. What such an execution costs is counted, not timed.
@Suite struct LongHistoryTests {
    /// A Map over 4,150 items with six events each, and what is around it: 24,906 events.
    static let events: [SFN.HistoryEvent] = {
        var events: [SFN.HistoryEvent] = []
        func add(_ type: String, _ previous: Int, _ fill: (inout SFN.HistoryEvent) -> Void = { _ in }) -> Int {
            let id = events.count + 1
            var event = SFN.HistoryEvent(
                timestamp: Instant(microseconds: OrderMachine.start.microseconds + Int64(id) * 1000), type: type,
                id: id,
                previousEventId: previous)
            fill(&event)
            events.append(event)
            return id
        }
        _ = add("ExecutionStarted", 0) { $0.executionStartedEventDetails = .init(input: "{}") }
        let entered = add("MapStateEntered", 0) { $0.stateEnteredEventDetails = .init(name: "Each", input: "{}") }
        let started = add("MapStateStarted", entered) { $0.mapStateStartedEventDetails = .init(length: 4150) }
        var last = started
        for item in 0..<4150 {
            let begun = add("MapIterationStarted", started) {
                $0.mapIterationStartedEventDetails = .init(name: "Each", index: item)
            }
            let inner = add("PassStateEntered", begun) {
                $0.stateEnteredEventDetails = .init(name: "Work", input: #"{"n":\#(item)}"#)
            }
            let left = add("PassStateExited", inner) { $0.stateExitedEventDetails = .init(name: "Work", output: "{}") }
            let done = add("SucceedStateEntered", left) {
                $0.stateEnteredEventDetails = .init(name: "Done", input: "{}")
            }
            let gone = add("SucceedStateExited", done) {
                $0.stateExitedEventDetails = .init(name: "Done", output: "{}")
            }
            last = add("MapIterationSucceeded", gone) {
                $0.mapIterationSucceededEventDetails = .init(name: "Each", index: item)
            }
        }
        let over = add("MapStateSucceeded", last)
        let left = add("MapStateExited", over) { $0.stateExitedEventDetails = .init(name: "Each", output: "[]") }
        _ = add("ExecutionSucceeded", left) { $0.executionSucceededEventDetails = .init(output: "[]") }
        return events
    }()

    private static let definition = """
        {"StartAt":"Each","States":{"Each":{"Type":"Map","ItemProcessor":{"StartAt":"Work","States":{
         "Work":{"Type":"Pass","Next":"Done"},"Done":{"Type":"Succeed"}}},"End":true}}}
        """

    private func services() -> CannedServices {
        let services = CannedServices()
        services.answer(SFN.describeExecution) { _ in OrderMachine.description(status: "SUCCEEDED") }
        services.answer(SFN.describeStateMachineForExecution) { _ in
            .init(
                stateMachineArn: OrderMachine.arn, name: "m", definition: Self.definition, roleArn: "r",
                updateDate: OrderMachine.start)
        }
        services.answer(SFN.getExecutionHistory) { input in
            let from = Int(input.nextToken ?? "0") ?? 0
            let to = min(Self.events.count, from + (input.maxResults ?? 100))
            return .init(
                events: Array(Self.events[from..<to]), nextToken: to < Self.events.count ? "\(to)" : nil)
        }
        return services
    }

    @Test func itIsReadInPagesOfAThousand() async throws {
        let services = services()
        var pages: [Int] = []
        let last = try await ExecutionLoading.read(
            OrderMachine.executionARN, after: 0, withDefinition: true, services.context()
        ) { pages.append($0.events.count) }
        #expect(pages == Array(repeating: 1000, count: 24))
        #expect(pages.reduce(0, +) + last.events.count == Self.events.count)
        #expect(services.inputs(of: "GetExecutionHistory").count == 25)
        #expect(services.inputs(of: "DescribeExecution").count == 1)
    }

    /// `skua show` waits for all pages.
    @Test func itIsPrintedWhole() async {
        let screen = ExecutionScreen(address: OrderMachine.executionARN, tab: "events")
        let frame = await ScreenPrinter.frame(of: screen, context: services().context(hasEngine: false))
        let text = PlainTextPainter.paint(frame)
        #expect(text.contains("24,906"))
        #expect(text.contains("8,301 transitions"))
    }

    @Test func readingCostsTheSameForEachEvent() {
        let all = Self.events.map { TraceEvent($0) }
        let half = ExecutionTrace(Array(all.prefix(all.count / 2)))
        let trace = ExecutionTrace(all)
        #expect(trace.visits.count == 8301)
        #expect(trace.visits[0].iterations.count { $0.status == .succeeded } == 4150)
        // A few steps for each event, and one look at every visit at the end.
        #expect(trace.effort < all.count * 3)
        #expect(half.effort < all.count / 2 * 3)
        #expect(trace.visit(after: trace.visits[1].id)?.name == "Done")
    }

    /// Lists are made anew only when the history has doubled: all pages together cost about twice what one reading does.
    @Test func pagesDoNotMakeTheListsAnewEachTime() {
        var screen = ExecutionScreen(address: OrderMachine.executionARN)
        let all = Self.events.map { TraceEvent($0) }
        var made: [Int] = []
        var from = 0
        while from < all.count {
            let to = min(all.count, from + 1000)
            let reading = ExecutionReading(
                description: OrderMachine.description(status: "SUCCEEDED"),
                definition: from == 0 ? Self.definition : nil,
                events: Array(all[from..<to]), hasEngine: false)
            _ = screen.update(.message(to < all.count ? .page(reading) : .loaded(.success(reading))))
            let rows = screen.eventTable.rows?.count ?? 0
            if rows != made.last { made.append(rows) }
            from = to
        }
        #expect(made == [1000, 2000, 4000, 8000, 16000, all.count])
        #expect(screen.trace.visits.count == 8301)
        #expect(!screen.isReading)
    }

    /// Drawing touches the rows that are seen, filtering each row once, moving none of the others.
    @Test func onlyWhatIsSeenIsDrawn() {
        let all = Self.events.map { TraceEvent($0) }
        let rows = EventRow.rows(ExecutionTrace(all), newestFirst: false)
        let touched = Mutex(0)
        var table = Table<EventRow>(
            id: "events",
            columns: [
                TableColumn("Type", min: 20) { row in
                    touched.withLock { $0 += 1 }
                    return TableCell(row.event.type)
                }
            ])
        table.rows = rows
        func draw() -> Int {
            touched.withLock { $0 = 0 }
            _ = Snapshot.text(.standard, .utf8) { table.render(on: $0) }
            return touched.withLock { $0 }
        }
        #expect(draw() <= 24)
        table.select(index: rows.count - 1)
        #expect(draw() <= 24)
        touched.withLock { $0 = 0 }
        table.setFilter("MapIterationSucceeded")
        #expect(touched.withLock { $0 } == rows.count)
        #expect(table.count == 4150)
        // Typing on looks at what is left only.
        touched.withLock { $0 = 0 }
        table.setFilter("MapIterationSucceededNot")
        #expect(touched.withLock { $0 } == 4150)
        #expect(table.count == 0)
        table.setFilter("MapIterationSucceeded")
        #expect(table.count == 4150)
        #expect(draw() <= 24)
    }
}
