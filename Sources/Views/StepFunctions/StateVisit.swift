import AWSModel

/// One try of a state's work: a task's call, or the run of a Map's or Parallel's insides.
struct StateAttempt: Hashable, Sendable {
    /// From 1.
    var number: Int
    var scheduled: Instant
    var started: Instant?
    var ended: Instant?
    var status: VisitStatus = .running
    var resource: String?
    /// What the task was given and gave back, as text.
    var parameters: String?
    var result: String?
    var error: String?
    var cause: String?
}

extension StateAttempt {
    /// As the event that schedules a call tells it.
    init(number: Int, _ event: TraceEvent) {
        self.number = number
        scheduled = event.time
        // `lambda:invoke` of an optimized integration, or the ARN of a function or activity.
        resource = event.resource.map { name in event.details.string("resourceType").map { "\($0):\(name)" } ?? name }
        parameters = event.details.string("parameters") ?? event.details.string("input")
    }

    /// The same thing called with the same data.
    func isCall(like other: StateAttempt) -> Bool {
        resource == other.resource && parameters == other.parameters
    }
}

/// One run through one item of a Map state.
struct MapIteration: Hashable, Sendable {
    var index: Int
    var started: Instant
    var ended: Instant?
    var status: VisitStatus = .running
}

/// One passage of an execution through one state.
struct StateVisit: Hashable, Sendable, Identifiable {
    /// The id of the event that entered it.
    var id: Int
    var name: String
    /// `Task`, `Map`, …, from the event's name.
    var type: String
    var entered: Instant
    var exited: Instant?
    var status: VisitStatus = .running
    var input: String?
    var output: String?
    var error: String?
    var cause: String?
    var attempts: [StateAttempt] = []
    /// How many attempts there had been at each redrive of it.
    var redrives: [Int] = []
    /// Where it lies: the visit of the Map or Parallel state around it, and which item or branch of that.
    var container: Int?
    var iteration: Int?
    var branch: Int?
    /// The visit the execution came from; nil for the first of its level.
    var cameFrom: Int?
    /// Of a Map state.
    var iterations: [MapIteration] = []
    var itemCount: Int?
    /// Of a distributed Map state.
    var mapRunARN: String?
    var assigned: [String: String] = [:]
    /// The field whose expression failed, where that was the reason: `Output/total`.
    var failedField: String?
    var events: [Int] = []

    /// AWS: a redrive counts retries from the beginning.
    var retries: Int { max(0, attempts.count - (redrives.last ?? 0) - 1) }
    /// The ARN or integration its last attempt called.
    var resource: String? { attempts.last?.resource }

    /// When it ended, or `now` while it runs.
    func end(now: Instant) -> Instant { exited ?? max(now, entered) }
    func milliseconds(now: Instant) -> Int64 { (end(now: now).microseconds - entered.microseconds) / 1000 }

    /// Waiting between two attempts: the last one failed and the state has neither left nor begun another.
    var isWaitingToRetry: Bool {
        status == .running && attempts.last.map { $0.status == .failed || $0.status == .timedOut } == true
    }
}
