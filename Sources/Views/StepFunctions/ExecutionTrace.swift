import AWSModel

/// What an execution did, rebuilt from its history: every visit of every state with its attempts, and where each lies among
/// branches and items. Events are appended in the order of their ids, so a running execution grows it page by page.
struct ExecutionTrace: Sendable {
    private(set) var events: [TraceEvent] = []
    private(set) var visits: [StateVisit] = []
    private(set) var status = VisitStatus.running
    private(set) var started: Instant?
    private(set) var ended: Instant?
    private(set) var input: String?
    private(set) var role: String?
    private(set) var output: String?
    private(set) var error: String?
    private(set) var cause: String?
    /// ARNs of the Map Runs that were started, oldest first.
    private(set) var mapRuns: [String] = []

    /// The index of the visit an event belongs to, by event id.
    private var visitOfEvent: [Int: Int] = [:]
    /// Where a state entered right after an event lies.
    private var placeAfter: [Int: Place] = [:]
    private var branchesBegun: [Int: Int] = [:]
    private var indexOfVisit: [Int: Int] = [:]
    /// Visits inside a Map or Parallel visit by its id, those by state, and where an item stands among a Map's iterations:
    /// so that reading an event costs the same however long the history is.
    private var inside: [Int: [Int]] = [:]
    private var visitsOfState: [String: [Int]] = [:]
    private var iterationOfItem: [Int: [Int: Int]] = [:]
    /// Visits in one item of a Map visit.
    private var ofItem: [Int: [Int: [Int]]] = [:]
    /// Which visit came after another on the same level.
    private var follower: [Int: Int] = [:]
    /// Visits looked at while events were read: tests hold it against the number of events.
    private(set) var effort = 0

    private struct Place {
        var container: Int?
        var iteration: Int?
        var branch: Int?
        var cameFrom: Int?
    }

    init() {}

    init(_ events: [TraceEvent]) { append(contentsOf: events) }

    var lastEventID: Int { events.last?.id ?? 0 }

    mutating func append(contentsOf new: [TraceEvent]) {
        for event in new where event.id > lastEventID { append(event) }
    }

    func visit(_ id: Int) -> StateVisit? { indexOfVisit[id].map { visits[$0] } }

    /// What a Parallel or inline Map state collected, as far as the ends of its branches or items tell it.
    func results(inside visit: StateVisit) -> String? {
        guard visit.status == .succeeded, visit.type.isContainerType, visit.mapRunARN == nil else { return nil }
        var ends: [Int: String] = [:]
        for index in inside[visit.id] ?? [] {
            let inner = visits[index]
            guard let place = inner.iteration ?? inner.branch, let output = inner.output else { continue }
            ends[place] = output
        }
        return "[\(ends.sorted { $0.key < $1.key }.map(\.value).joined(separator: ","))]"
    }

    /// All visits of a state, in the order they were entered.
    func visits(of name: String) -> [StateVisit] { (visitsOfState[name] ?? []).map { visits[$0] } }
    func visitCount(of name: String) -> Int { visitsOfState[name]?.count ?? 0 }

    /// The visit that came right after one, on its own level.
    func visit(after id: Int) -> StateVisit? { follower[id].flatMap { visit($0) } }

    /// The visit an event belongs to.
    func visit(ofEvent id: Int) -> StateVisit? { visitOfEvent[id].map { visits[$0] } }

    func event(_ id: Int) -> TraceEvent? {
        // Ids are 1, 2, 3, …; only a history with a hole needs the search.
        if events.indices.contains(id - 1), events[id - 1].id == id { return events[id - 1] }
        return events.first { $0.id == id }
    }

    /// The visit whose failure ended the execution.
    var fatalVisit: StateVisit? {
        guard status == .failed || status == .timedOut else { return nil }
        return visits.last { ($0.status == .failed || $0.status == .timedOut) && !hasFailedInside($0) }
    }

    private func hasFailedInside(_ outer: StateVisit) -> Bool {
        (inside[outer.id] ?? []).contains { visits[$0].status == .failed || visits[$0].status == .timedOut }
    }

    // MARK: Reading one event

    private mutating func append(_ event: TraceEvent) {
        events.append(event)
        if event.type.hasPrefix("Execution") {
            readExecution(event)
        } else if event.type.hasSuffix("StateEntered") {
            enter(event)
        } else if let index = owner(of: event) {
            visits[index].events.append(event.id)
            visitOfEvent[event.id] = index
            placeAfter[event.id] = placeAfter[event.previous]
            read(event, of: index)
        }
    }

    private mutating func readExecution(_ event: TraceEvent) {
        switch event.type {
        case "ExecutionStarted":
            started = event.time
            input = event.details.string("input")
            role = event.details.string("roleArn")
            placeAfter[event.id] = Place()
        case "ExecutionRedriven":
            status = .running
            (ended, error, cause) = (nil, nil, nil)
            if let index = visits.lastIndex(where: { $0.id == fatalOrLast }) { visitOfEvent[event.id] = index }
        default:
            guard let outcome = event.status else { return }
            (status, ended) = (outcome, event.time)
            output = event.details.string("output")
            (error, cause) = (event.error, event.cause)
            settle(event, outcome)
        }
    }

    private var fatalOrLast: Int? {
        visits.last { $0.status == .failed || $0.status == .timedOut || $0.status == .aborted }?.id ?? visits.last?.id
    }

    private mutating func enter(_ event: TraceEvent) {
        var place = placeAfter[event.previous] ?? Place()
        if event.previous != 0, let around = visitOfEvent[event.previous],
            self.event(event.previous)?.type == "ParallelStateStarted"
        {
            let branch = branchesBegun[visits[around].id, default: 0]
            branchesBegun[visits[around].id] = branch + 1
            place = Place(container: visits[around].id, branch: branch)
        }
        let type = String(event.type.dropLast("StateEntered".count))
        var visit = StateVisit(
            id: event.id, name: event.name ?? "?", type: type, entered: event.time,
            input: event.details.string("input"),
            container: place.container, iteration: place.iteration, branch: place.branch, cameFrom: place.cameFrom)
        visit.events = [event.id]
        if type == "Fail" {
            visit.status = .failed
            visit.exited = event.time
        }
        if let from = place.cameFrom { follower[from] = event.id }
        if let container = place.container {
            inside[container, default: []].append(visits.count)
            if let item = place.iteration { ofItem[container, default: [:]][item, default: []].append(visits.count) }
        }
        visitsOfState[visit.name, default: []].append(visits.count)
        place.cameFrom = event.id
        indexOfVisit[event.id] = visits.count
        visitOfEvent[event.id] = visits.count
        placeAfter[event.id] = place
        visits.append(visit)
    }

    /// The visit an event other than an entry belongs to. Its previous event may lie deep inside the state it speaks of.
    private mutating func owner(of event: TraceEvent) -> Int? {
        if event.previous != 0, self.event(event.previous)?.type == "ExecutionRedriven", let index = resumed(by: event)
        {
            return index
        }
        let previous = visitOfEvent[event.previous] ?? visits.indices.last
        guard let previous else { return nil }
        if event.type.hasSuffix("StateAborted") { return cut(by: event, after: previous) }
        if event.type == "EvaluationFailed" || event.type.hasPrefix("MapIteration")
            || event.type.hasSuffix("StateExited"), let name = event.name
        {
            return ancestor(of: previous) { $0.name == name } ?? lastVisit(of: name)
        }
        for type in ["Map", "Parallel"] where event.type.hasPrefix(type + "State") {
            let isStart = event.type.hasSuffix("Started")
            return ancestor(of: previous) { $0.type == type && (isStart || $0.attempts.last?.status.isOpen != false) }
                ?? visits.lastIndex { $0.type == type && $0.status.isOpen }
        }
        if event.type.hasPrefix("MapRun") { return ancestor(of: previous) { $0.type == "Map" } }
        return previous
    }

    /// AWS: what is cut short because a sibling failed follows that sibling's last event, as the failed task's own abort
    /// does; what is cut short from outside follows its own.
    private mutating func cut(by event: TraceEvent, after previous: Int) -> Int {
        let type = String(event.type.dropLast("StateAborted".count))
        func isFree(_ index: Int) -> Bool {
            visits[index].type == type && (visits[index].status.isOpen || visits[index].status == .aborted)
                && !visits[index].events.contains { self.event($0)?.type == event.type }
        }
        var around: Set<Int> = [visits[previous].id]
        func find(in id: Int) -> Int? {
            for index in inside[id] ?? [] where !around.contains(visits[index].id) {
                if isFree(index) { return index }
                if let inner = find(in: visits[index].id) { return inner }
            }
            return nil
        }
        if isFree(previous) { return previous }
        var container = visits[previous].container
        while let id = container {
            effort += inside[id]?.count ?? 0
            if let index = find(in: id) { return index }
            around.insert(id)
            container = visit(id)?.container
        }
        return previous
    }

    /// AWS: a redrive enters no state anew; what goes on follows the ExecutionRedriven event itself. It is a visit of that
    /// kind that had ended badly, and what lies around it is open again.
    private mutating func resumed(by event: TraceEvent) -> Int? {
        let kind = ["Wait", "Map", "Parallel", "Choice", "Pass", "Succeed"].first { event.type.hasPrefix($0 + "State") }
        effort += visits.count
        let ended = visits.indices.filter { index in
            [.failed, .timedOut, .aborted].contains(visits[index].status) && visits[index].type == (kind ?? "Task")
        }
        let called = StateAttempt(number: 0, event)
        let alike = ended.filter { called.resource == nil || visits[$0].attempts.last?.isCall(like: called) == true }
        guard let last = alike.last ?? ended.last else { return nil }
        // Of several that made the same call the first goes on first; what an earlier attempt began stays as it is.
        let begun = visits[last].container.flatMap { visit($0)?.attempts.last?.scheduled } ?? visits[last].entered
        let index =
            alike.first { visits[$0].container == visits[last].container && visits[$0].entered >= begun } ?? last
        visits[index].redrives.append(visits[index].attempts.count)
        var container = visits[index].container
        while let id = container, let outer = indexOfVisit[id] {
            reopen(outer)
            container = visits[outer].container
        }
        return index
    }

    /// Takes back that a Map or Parallel state failed: else its success would read as a failure that was caught.
    private mutating func reopen(_ index: Int) {
        visits[index].status = .running
        visits[index].exited = nil
        (visits[index].error, visits[index].cause) = (nil, nil)
        guard let last = visits[index].attempts.indices.last else { return }
        visits[index].attempts[last].status = .running
        visits[index].attempts[last].ended = nil
        visits[index].attempts[last].error = nil
        visits[index].attempts[last].cause = nil
    }

    /// The last open visit of a state, else the last one.
    private mutating func lastVisit(of name: String) -> Int? {
        let list = visitsOfState[name] ?? []
        effort += list.count
        return list.last { visits[$0].status.isOpen } ?? list.last
    }

    private mutating func ancestor(of index: Int, where condition: (StateVisit) -> Bool) -> Int? {
        var next: Int? = index
        while let index = next {
            effort += 1
            if condition(visits[index]) { return index }
            next = visits[index].container.flatMap { indexOfVisit[$0] }
        }
        return nil
    }

    private mutating func read(_ event: TraceEvent, of index: Int) {
        switch event.type {
        case "MapStateStarted", "ParallelStateStarted":
            closeAttempt(of: index, .failed, event)
            visits[index].itemCount = event.details.integer("length") ?? visits[index].itemCount
            if visits[index].attempts.count > 0 {
                visits[index].iterations = []
                iterationOfItem[visits[index].id] = nil
            }
            branchesBegun[visits[index].id] = 0
            beginAttempt(of: index, event)
            visits[index].attempts[visits[index].attempts.count - 1].started = event.time
        case "MapIterationStarted": beginIteration(event, of: index)
        case "MapIterationSucceeded", "MapIterationFailed", "MapIterationAborted": endIteration(event, of: index)
        case "MapRunStarted":
            visits[index].mapRunARN = event.details.string("mapRunArn")
            if let arn = visits[index].mapRunARN { mapRuns.append(arn) }
        case "MapRunFailed", "MapRunSucceeded", "MapRunAborted", "MapRunRedriven": break
        case "MapStateFailed", "ParallelStateFailed":
            closeAttempt(of: index, .failed, event)
            visits[index].error = event.error ?? visits[index].error ?? childError(of: index)?.error
            visits[index].cause = event.cause ?? visits[index].cause ?? childError(of: index)?.cause
        case "MapStateSucceeded", "ParallelStateSucceeded":
            closeAttempt(of: index, .succeeded, event)
            (visits[index].error, visits[index].cause) = (nil, nil)
        case "EvaluationFailed":
            visits[index].error = event.error
            visits[index].cause = event.cause
            visits[index].failedField = event.details.string("location")
        default:
            if event.type.hasSuffix("StateExited") {
                exit(event, of: index)
            } else if event.type.hasSuffix("StateAborted") {
                // A task that failed is aborted besides: it has failed all the same.
                let last = visits[index].attempts.last?.status
                guard last != .failed, last != .timedOut else { return }
                visits[index].status = .aborted
                visits[index].exited = event.time
            } else {
                readAttempt(event, of: index)
            }
        }
    }

    /// Events of tasks, Lambda functions and activities, which differ in name only.
    private mutating func readAttempt(_ event: TraceEvent, of index: Int) {
        let isFailure = event.status == .failed || event.status == .timedOut
        if event.type.hasSuffix("Scheduled") {
            visits[index].status = .running
            visits[index].exited = nil
            beginAttempt(of: index, event)
        } else if isFailure {
            if visits[index].attempts.last?.status.isOpen != true { beginAttempt(of: index, event) }
            closeAttempt(of: index, event.status ?? .failed, event)
            visits[index].error = event.error
            visits[index].cause = event.cause
        } else if event.type.hasSuffix("Succeeded") {
            closeAttempt(of: index, .succeeded, event)
            (visits[index].error, visits[index].cause) = (nil, nil)
        } else if event.type.hasSuffix("Started"), let last = visits[index].attempts.indices.last {
            visits[index].attempts[last].started = event.time
        }
    }

    private mutating func beginAttempt(of index: Int, _ event: TraceEvent) {
        visits[index].attempts.append(StateAttempt(number: visits[index].attempts.count + 1, event))
    }

    private mutating func closeAttempt(of index: Int, _ status: VisitStatus, _ event: TraceEvent) {
        guard let last = visits[index].attempts.indices.last, visits[index].attempts[last].status.isOpen else { return }
        let child = status == .failed ? childError(of: index) : nil
        visits[index].attempts[last].status = status
        visits[index].attempts[last].ended = event.time
        visits[index].attempts[last].result = event.details.string("output")
        visits[index].attempts[last].error =
            status == .succeeded ? nil : event.error ?? child?.error ?? visits[index].error
        visits[index].attempts[last].cause =
            status == .succeeded ? nil : event.cause ?? child?.cause ?? visits[index].cause
        if status != .succeeded { closeInside(visits[index].id, event, failing: visitOfEvent[event.previous]) }
    }

    /// What went wrong first inside a Map or Parallel state.
    private func childError(of index: Int) -> (error: String, cause: String?)? {
        for inner in (inside[visits[index].id] ?? []).reversed() {
            if let error = visits[inner].error { return (error, visits[inner].cause) }
        }
        return nil
    }

    /// Open visits inside a container that failed: the one that failed and what is around it failed, the others were aborted.
    private mutating func closeInside(_ id: Int, _ event: TraceEvent, failing: Int?) {
        for index in (inside[id] ?? []).reversed() {
            effort += 1
            guard visits[index].status.isOpen else { continue }
            closeInside(visits[index].id, event, failing: failing)
            let didFail = index == failing || visits[index].error != nil
            visits[index].status = didFail ? failure(visits[index].error) : .aborted
            visits[index].exited = event.time
        }
    }

    private func failure(_ error: String?) -> VisitStatus { error == "States.Timeout" ? .timedOut : .failed }

    private mutating func beginIteration(_ event: TraceEvent, of index: Int) {
        let item = event.details.integer("index") ?? visits[index].iterations.count
        iterationOfItem[visits[index].id, default: [:]][item] = visits[index].iterations.count
        visits[index].iterations.append(MapIteration(index: item, started: event.time))
        ofItem[visits[index].id, default: [:]][item] = []
        placeAfter[event.id] = Place(container: visits[index].id, iteration: item)
    }

    private mutating func endIteration(_ event: TraceEvent, of index: Int) {
        guard let item = event.details.integer("index"), let status = event.status,
            let at = iterationOfItem[visits[index].id]?[item]
        else { return }
        visits[index].iterations[at].ended = event.time
        visits[index].iterations[at].status = status
        guard status != .succeeded else { return }
        let failing = visitOfEvent[event.previous]
        for inner in ofItem[visits[index].id]?[item] ?? [] where visits[inner].status.isOpen {
            effort += 1
            closeInside(visits[inner].id, event, failing: failing)
            let didFail = inner == failing || visits[inner].error != nil
            visits[inner].status = status == .aborted && !didFail ? .aborted : failure(visits[inner].error)
            visits[inner].exited = event.time
        }
    }

    private mutating func exit(_ event: TraceEvent, of index: Int) {
        // A failure that is followed by leaving the state was caught.
        let didFail = visits[index].attempts.last.map { $0.status == .failed || $0.status == .timedOut } ?? false
        visits[index].status = visits[index].error != nil || didFail ? .caught : .succeeded
        visits[index].exited = event.time
        visits[index].output = event.details.string("output")
        visits[index].assigned = event.details.stringMap("assignedVariables") ?? [:]
        let visit = visits[index]
        placeAfter[event.id] = Place(
            container: visit.container, iteration: visit.iteration, branch: visit.branch, cameFrom: visit.id)
    }

    /// The execution has ended: nothing in it is open any more.
    private mutating func settle(_ event: TraceEvent, _ outcome: VisitStatus) {
        let failing = visitOfEvent[event.previous]
        effort += visits.count
        if let failing, outcome == .failed, ![.succeeded, .caught].contains(visits[failing].status) {
            // AWS: a Fail state inside a Map or Parallel state tells its error by the execution's end alone.
            let inner = visits.lastIndex { $0.type == "Fail" && $0.status == .failed }.map { [$0] } ?? []
            for index in [failing] + inner.filter({ isInside($0, visits[failing].id) }) {
                visits[index].error = visits[index].error ?? event.error
                visits[index].cause = visits[index].cause ?? event.cause
            }
        }
        for index in visits.indices where visits[index].status.isOpen {
            let isOnPath = failing.map { $0 == index || isInside($0, visits[index].id) } ?? false
            switch outcome {
            case .failed:
                visits[index].status = isOnPath || visits[index].error != nil ? failure(visits[index].error) : .aborted
            case .timedOut: visits[index].status = .timedOut
            default: visits[index].status = outcome
            }
            visits[index].exited = event.time
            if let last = visits[index].attempts.indices.last, visits[index].attempts[last].status.isOpen {
                visits[index].attempts[last].status = visits[index].status
                visits[index].attempts[last].ended = event.time
            }
        }
    }

    private mutating func isInside(_ index: Int, _ container: Int) -> Bool {
        ancestor(of: index) { $0.container == container } != nil
    }
}
