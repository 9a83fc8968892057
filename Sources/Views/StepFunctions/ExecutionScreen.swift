import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One execution: Graph, Table and Events of the same thing with one selection between them, and all about the selected state.
struct ExecutionScreen: Screen {
    enum Message: Sendable {
        /// A page of a history that goes on.
        case page(ExecutionReading)
        case loaded(Result<ExecutionReading, any Error>)
        case stages(visit: Int, Result<[DataStage], any Error>)
        case inspected(visit: Int, Result<[DataStage], any Error>)
        case iterationChosen(ActionID)
        case stopConfirmed
        case redriveConfirmed
        case startRequested(FormValues)
        case started(Result<ExecutionStart.Outcome, any Error>)
        case traceFound(String?)
        case answered(token: String, FormValues)
        case acted(String, Result<Void, any Error>)
    }

    /// Where the keys go: the list or graph, or the pane about the selected state.
    enum Focus: Hashable, Sendable {
        case overview, detail
    }

    enum Tab: Int, CaseIterable, Sendable {
        case graph, table, events, input, output, details
    }

    let address: String
    var tabs = Tabs(["Graph", "Table", "Events", "Input", "Output", "Details"])
    var focus = Focus.overview
    var description: SFN.DescribeExecutionOutput?
    var definition: StateMachineDefinition?
    /// As it was written, the whole machine's.
    var definitionText: String?
    var definitionProblem: String?
    var historyProblem: String?
    var failure: String?
    var hasEngine = true
    /// False once the endpoint has said that it does not tell stages.
    var hasStages = true
    var trace = ExecutionTrace()
    var pane = StateGraphPane()
    var visitTable = VisitRow.table()
    var eventTable = EventRow.table()
    var newestFirst = false
    var eventViewer = JSONViewer("", id: "event.payload")
    var inputViewer = JSONViewer("", id: "execution.input")
    var outputViewer = JSONViewer("", id: "execution.output")
    var detailList = KeyValueList(id: "execution.details")
    var detail = StateDetailPane()
    var folded: Set<String> = []
    /// The visit that each state of the graph stands for.
    var shown: [String: StateVisit] = [:]
    /// The edges gone along, and the event up to which they were found.
    var taken: Set<String> = []
    var takenAt = -1
    /// A long history comes page by page; the lists are made anew whenever it has doubled.
    private(set) var isReading = false
    /// A reading is under way; changes that come meanwhile wait for its end.
    private var isLoading = false
    private var mustReadAgain = false
    private var shownEvents = 0
    /// Width of the graph or list beside the pane about the selected state, in percent.
    var share = 54
    /// The item shown of each Map state, by name, where one was chosen.
    var chosenItems: [String: Int] = [:]
    /// The selection shared by all tabs: a state, and the visit of it where there is one.
    var selectedState: String?
    var selectedVisit: Int?
    /// The selection was made by a person, so a running execution no longer moves it.
    var isSelectionPinned = false

    init(address: String, tab: String? = nil) {
        self.address = address
        if let tab, let index = tabs.titles.firstIndex(where: { $0.lowercased() == tab.lowercased() }) {
            tabs.select(index)
        }
    }

    var tab: Tab { Tab(rawValue: tabs.selected) ?? .graph }
    var names: (machine: String, execution: String) {
        StateMachineNames.parts(ofExecution: description?.executionArn ?? address)
    }
    var isRunning: Bool { description?.status == "RUNNING" || (description == nil && failure == nil) }
    var arn: String? { description?.executionArn ?? (address.hasPrefix("arn:") ? address : nil) }

    var crumbs: [String] { ["Step Functions", names.machine, names.execution, tabs.selectedTitle] }
    var title: String { names.execution }
    var topics: Set<Topic> {
        [arn.map { ChangeNews.topic(of: $0) } ?? Topic("states/\(names.machine)/\(names.execution)")]
    }
    var tickInterval: Duration? { description?.status == "RUNNING" ? .seconds(1) : nil }

    var capturesText: Bool {
        if focus == .detail, hasDetail { return tab == .events ? eventViewer.capturesText : detail.capturesText }
        return switch tab {
        case .graph: pane.capturesText
        case .details: false
        case .table: visitTable.capturesText
        case .events: eventTable.capturesText
        case .input: inputViewer.capturesText
        case .output: outputViewer.capturesText
        }
    }

    var handlesEscape: Bool {
        if focus == .detail, hasDetail { return true }
        return switch tab {
        case .graph: pane.capturesText
        case .details: false
        case .table: visitTable.handlesEscape
        case .events: eventTable.handlesEscape
        case .input: inputViewer.handlesEscape
        case .output: outputViewer.handlesEscape
        }
    }

    /// The tabs about states and events have a pane beside them.
    var hasDetail: Bool { tab == .graph || tab == .table || tab == .events }

    var copyText: String? {
        if focus == .detail, hasDetail { return tab == .events ? eventViewer.selectedValue : detail.copyText }
        return switch tab {
        case .graph, .table: selectedState ?? arn
        case .events: eventTable.selected?.event.text
        case .input: inputViewer.selectedValue
        case .output: outputViewer.selectedValue
        case .details: detailList.selected?.value ?? arn
        }
    }

    // MARK: Events

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared: return load(fresh: true)
        case .reappeared, .changed: return load(fresh: false)
        case .tick:
            refreshDetail()
            return []
        case .input(let input): return take(input)
        case .action(let action): return perform(action)
        case .message(let message): return receive(message)
        }
    }

    mutating func load(fresh: Bool) -> [Effect<Message>] {
        guard !isLoading else {
            mustReadAgain = true
            return []
        }
        isLoading = true
        let (address, last, needsDefinition) = (arn ?? address, fresh ? 0 : trace.lastEventID, definition == nil)
        return [
            .work(
                "load",
                reporting: { context, report in
                    do {
                        return .loaded(
                            .success(
                                try await ExecutionLoading.read(
                                    address, after: last, withDefinition: needsDefinition, context
                                ) {
                                    report(.page($0))
                                }))
                    } catch {
                        return .loaded(.failure(error))
                    }
                })
        ]
    }

    private mutating func afterLoading() -> [Effect<Message>] {
        (isLoading, isReading) = (false, false)
        defer { mustReadAgain = false }
        return mustReadAgain ? load(fresh: false) : []
    }

    mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .page(let reading):
            isReading = true
            return receive(reading)
        case .loaded(.success(let reading)):
            let next = afterLoading()
            return receive(reading) + next
        case .loaded(.failure(let error)):
            failure = error.sentence
            return afterLoading()
        case .stages(let visit, .success(let stages)):
            detail.set(stages: stages, ofVisit: visit)
            return []
        case .stages(_, .failure(let error)):
            // History's own stages stand.
            if (error as? AWSError)?.isNotImplemented == true { hasStages = false }
            return []
        case .inspected(let visit, .success(let stages)):
            detail.set(stages: stages, ofVisit: visit)
            return []
        case .inspected(_, .failure(let error)):
            // Some emulators answer what they do not know with a server's error.
            guard (error as? AWSError)?.isNotImplemented == true else { return [.toast(error.sentence, .failed)] }
            detail.stageProblem = "this endpoint has no TestState"
            return [.toast("This endpoint has no TestState: history alone tells of the data", .unknown)]
        case .iterationChosen(let action):
            chooseItem(action)
            return stagesIfNeeded()
        case .stopConfirmed: return stop()
        case .redriveConfirmed: return redrive()
        case .startRequested(let values): return start(values)
        case .started(let result): return ExecutionStart.effects(after: result, machine: names.machine)
        case .traceFound(let id):
            return [
                id.map { .open("timeline", $0) } ?? .toast("The timeline holds no trace of this execution", .unknown)
            ]
        case .answered(let token, let values): return answer(token, values)
        case .acted(let text, .success): return [.toast(text)] + load(fresh: false)
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed)]
        }
    }

    private mutating func receive(_ reading: ExecutionReading) -> [Effect<Message>] {
        failure = nil
        let isFirst = description == nil
        description = reading.description
        hasEngine = reading.hasEngine
        historyProblem = reading.historyProblem
        if let text = reading.definition, definition == nil {
            do throws(DefinitionFailure) {
                definition = try StateMachineDefinition(text)
                definitionText = text
                // A Map Run's child runs the item processor, not the machine around it.
                if reading.description.mapRunArn != nil,
                    let first = reading.events.first(where: { $0.type.hasSuffix("StateEntered") })?.name,
                    let inner = definition?.workflow(of: first)
                {
                    definition = inner
                }
            } catch {
                definitionProblem = error.description
            }
        }
        trace.append(contentsOf: reading.events)
        // Making the lists for every page would cost the square of their number.
        if isReading, shownEvents > 0, trace.events.count < shownEvents * 2 { return [] }
        shownEvents = trace.events.count
        inputViewer.set(reading.description.input ?? trace.input ?? "")
        outputViewer.set(reading.description.output ?? trace.output ?? "")
        outputViewer.emptyText =
            isRunning
            ? "The execution is running: its output comes when it ends." : "The execution ended without output."
        if !isSelectionPinned { selectInteresting() }
        if isFirst, visitTable.rows == nil { visitTable.rows = [] }
        refresh()
        return stagesIfNeeded()
    }

    /// Until somebody chooses: the state that failed, else one in trouble, else the one that runs, else the last one.
    private mutating func selectInteresting() {
        let open = trace.visits.filter { $0.status.isOpen && !$0.type.isContainerType }
        let visit = trace.fatalVisit ?? open.last { $0.error != nil } ?? open.last ?? trace.visits.last
        selectedVisit = visit?.id
        selectedState = visit?.name ?? definition?.startAt
    }
}
