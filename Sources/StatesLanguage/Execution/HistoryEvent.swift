import AWSModel

/// One entry of an execution's history, as GetExecutionHistory lists it.
public struct HistoryEvent: Sendable, Hashable {
    /// From 1.
    public var id: Int
    /// AWS: not simply the one before: the event on the same branch that led here.
    public var previousEventID: Int
    public var timestamp: Instant
    /// `PassStateEntered`, `LambdaFunctionFailed` …
    public var type: HistoryEventType
    public var details: HistoryEventDetails

    public init(id: Int, previousEventID: Int, timestamp: Instant, type: HistoryEventType, details: HistoryEventDetails)
    {
        self.id = id
        self.previousEventID = previousEventID
        self.timestamp = timestamp
        self.type = type
        self.details = details
    }
}

/// What an event tells, whatever its type; only the members that its type has are set.
public struct HistoryEventDetails: Sendable, Hashable {
    /// Of the state, of the Map that an iteration belongs to, or of an activity's worker.
    public var name: String?
    /// Input, output or parameters: JSON text.
    public var data: String?
    public var error: String?
    public var cause: String?
    /// A Map iteration's index, the length of a Map, or how often was redriven.
    public var index: Int?
    /// What does the work: a function, a Map Run. Of a failed evaluation, the field.
    public var resource: String?
    public var resourceType: String?
    public var region: String?
    public var roleArn: String?
    public var timeoutInSeconds: Int?
    public var heartbeatInSeconds: Int?
    /// Variables that the state assigned: name and JSON text.
    public var assignedVariables: [String: String]?

    public init(
        name: String? = nil, data: String? = nil, error: String? = nil, cause: String? = nil, index: Int? = nil,
        resource: String? = nil, resourceType: String? = nil, region: String? = nil, roleArn: String? = nil,
        timeoutInSeconds: Int? = nil, heartbeatInSeconds: Int? = nil, assignedVariables: [String: String]? = nil
    ) {
        self.name = name
        self.data = data
        self.error = error
        self.cause = cause
        self.index = index
        self.resource = resource
        self.resourceType = resourceType
        self.region = region
        self.roleArn = roleArn
        self.timeoutInSeconds = timeoutInSeconds
        self.heartbeatInSeconds = heartbeatInSeconds
        self.assignedVariables = assignedVariables
    }
}

public enum HistoryEventType: Sendable, Hashable {
    case executionStarted, executionSucceeded, executionFailed, executionAborted, executionTimedOut
    case stateEntered(StateType), stateExited(StateType)
    /// `TaskStateAborted`, `WaitStateAborted` and their like.
    case stateAborted(StateType)
    case lambdaFunctionScheduled, lambdaFunctionStarted, lambdaFunctionSucceeded, lambdaFunctionFailed,
        lambdaFunctionTimedOut
    case activityScheduled, activityStarted, activitySucceeded, activityFailed, activityTimedOut
    case taskScheduled, taskStarted, taskSubmitted, taskSucceeded, taskFailed, taskTimedOut
    case parallelStateStarted, parallelStateSucceeded, parallelStateFailed
    case mapStateStarted, mapStateSucceeded, mapStateFailed
    case mapIterationStarted, mapIterationSucceeded, mapIterationFailed, mapIterationAborted
    case mapRunStarted, mapRunSucceeded, mapRunFailed, mapRunAborted, mapRunRedriven
    case executionRedriven, evaluationFailed

    private static let plain: [(HistoryEventType, String)] = [
        (.executionStarted, "ExecutionStarted"), (.executionSucceeded, "ExecutionSucceeded"),
        (.executionFailed, "ExecutionFailed"), (.executionAborted, "ExecutionAborted"),
        (.executionTimedOut, "ExecutionTimedOut"),
        (.lambdaFunctionScheduled, "LambdaFunctionScheduled"), (.lambdaFunctionStarted, "LambdaFunctionStarted"),
        (.lambdaFunctionSucceeded, "LambdaFunctionSucceeded"), (.lambdaFunctionFailed, "LambdaFunctionFailed"),
        (.lambdaFunctionTimedOut, "LambdaFunctionTimedOut"),
        (.activityScheduled, "ActivityScheduled"), (.activityStarted, "ActivityStarted"),
        (.activitySucceeded, "ActivitySucceeded"), (.activityFailed, "ActivityFailed"),
        (.activityTimedOut, "ActivityTimedOut"),
        (.taskScheduled, "TaskScheduled"), (.taskStarted, "TaskStarted"), (.taskSubmitted, "TaskSubmitted"),
        (.taskSucceeded, "TaskSucceeded"), (.taskFailed, "TaskFailed"), (.taskTimedOut, "TaskTimedOut"),
        (.parallelStateStarted, "ParallelStateStarted"), (.parallelStateSucceeded, "ParallelStateSucceeded"),
        (.parallelStateFailed, "ParallelStateFailed"),
        (.mapStateStarted, "MapStateStarted"), (.mapStateSucceeded, "MapStateSucceeded"),
        (.mapStateFailed, "MapStateFailed"),
        (.mapIterationStarted, "MapIterationStarted"), (.mapIterationSucceeded, "MapIterationSucceeded"),
        (.mapIterationFailed, "MapIterationFailed"), (.mapIterationAborted, "MapIterationAborted"),
        (.mapRunStarted, "MapRunStarted"), (.mapRunSucceeded, "MapRunSucceeded"), (.mapRunFailed, "MapRunFailed"),
        (.mapRunAborted, "MapRunAborted"), (.mapRunRedriven, "MapRunRedriven"),
        (.executionRedriven, "ExecutionRedriven"), (.evaluationFailed, "EvaluationFailed"),
    ]
    private static let nameOfType: [HistoryEventType: String] = {
        var names = Dictionary(plain, uniquingKeysWith: { first, _ in first })
        for type in StateType.allCases {
            names[.stateEntered(type)] = "\(type.rawValue)StateEntered"
            names[.stateExited(type)] = "\(type.rawValue)StateExited"
            names[.stateAborted(type)] = "\(type.rawValue)StateAborted"
        }
        return names
    }()
    private static let typeOfName = Dictionary(nameOfType.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })

    /// As AWS spells it.
    public var name: String { Self.nameOfType[self] ?? "" }

    public init?(name: String) {
        guard let type = Self.typeOfName[name] else { return nil }
        self = type
    }
}

extension HistoryEvent {
    /// The event as a member of GetExecutionHistory's `events`.
    /// - Parameter includesData: AWS: `includeExecutionData`; without it inputs and outputs are left out.
    public func document(includesData: Bool = true) -> DocumentObject {
        var event = DocumentObject(minimumCapacity: 5)
        event.append("timestamp", .timestamp(timestamp))
        event.append("type", .string(type.name))
        event.append("id", .integer(Int64(id)))
        event.append("previousEventId", .integer(Int64(previousEventID)))
        if let (member, fields) = detailsDocument(includesData: includesData) { event.append(member, .object(fields)) }
        return event
    }

    /// The member that carries the details, and what it holds; nil for types without.
    public func detailsDocument(includesData: Bool = true) -> (String, DocumentObject)? {
        var fields = DocumentObject()
        func put(_ name: String, _ value: String?) { if let value { fields.append(name, .string(value)) } }
        func put(_ name: String, _ value: Int?) { if let value { fields.append(name, .integer(Int64(value))) } }
        func data(_ name: String) {
            guard let text = details.data, includesData else { return }
            fields.append(name, .string(text))
            fields.append("\(name)Details", ["truncated": false])
        }
        switch type {
        case .executionStarted:
            data("input")
            put("roleArn", details.roleArn)
            return ("executionStartedEventDetails", fields)
        case .executionSucceeded:
            data("output")
            return ("executionSucceededEventDetails", fields)
        case .executionFailed, .executionAborted, .executionTimedOut, .lambdaFunctionFailed, .lambdaFunctionTimedOut,
            .activityFailed, .activityTimedOut, .taskFailed, .taskTimedOut, .mapRunFailed:
            put("error", details.error)
            put("cause", details.cause)
            put("resource", details.resource)
            put("resourceType", details.resourceType)
            return (lowered + "EventDetails", fields)
        case .stateEntered:
            put("name", details.name)
            data("input")
            return ("stateEnteredEventDetails", fields)
        case .stateExited:
            put("name", details.name)
            data("output")
            if let assigned = details.assignedVariables, includesData {
                let members = assigned.sorted { $0.key < $1.key }.map { ($0.key, DocumentValue.string($0.value)) }
                fields.append("assignedVariables", .object(DocumentObject(members)))
                fields.append("assignedVariablesDetails", ["truncated": false])
            }
            return ("stateExitedEventDetails", fields)
        case .lambdaFunctionScheduled, .activityScheduled:
            put("resource", details.resource)
            data("input")
            put("timeoutInSeconds", details.timeoutInSeconds)
            put("heartbeatInSeconds", details.heartbeatInSeconds)
            credentials(&fields)
            return (lowered + "EventDetails", fields)
        case .taskScheduled:
            put("resourceType", details.resourceType)
            put("resource", details.resource)
            put("region", details.region)
            if includesData { put("parameters", details.data) }
            put("timeoutInSeconds", details.timeoutInSeconds)
            put("heartbeatInSeconds", details.heartbeatInSeconds)
            credentials(&fields)
            return ("taskScheduledEventDetails", fields)
        case .taskStarted, .taskSubmitted, .taskSucceeded, .lambdaFunctionSucceeded, .activitySucceeded:
            put("resourceType", details.resourceType)
            put("resource", details.resource)
            data("output")
            return (lowered + "EventDetails", fields)
        case .activityStarted:
            put("workerName", details.name)
            return ("activityStartedEventDetails", fields)
        case .mapStateStarted:
            put("length", details.index)
            return ("mapStateStartedEventDetails", fields)
        case .mapIterationStarted, .mapIterationSucceeded, .mapIterationFailed, .mapIterationAborted:
            put("name", details.name)
            put("index", details.index)
            return (lowered + "EventDetails", fields)
        case .mapRunStarted, .mapRunRedriven:
            put("mapRunArn", details.resource)
            put("redriveCount", details.index)
            return (lowered + "EventDetails", fields)
        case .executionRedriven:
            put("redriveCount", details.index)
            return ("executionRedrivenEventDetails", fields)
        case .evaluationFailed:
            put("state", details.name)
            put("location", details.resource)
            put("error", details.error)
            put("cause", details.cause)
            return ("evaluationFailedEventDetails", fields)
        case .mapRunSucceeded, .mapRunAborted, .lambdaFunctionStarted, .parallelStateStarted, .parallelStateSucceeded,
            .parallelStateFailed,
            .mapStateSucceeded, .mapStateFailed, .stateAborted:
            return nil
        }
    }

    private func credentials(_ fields: inout DocumentObject) {
        if let roleArn = details.roleArn { fields.append("taskCredentials", ["roleArn": .string(roleArn)]) }
    }

    private var lowered: String {
        let name = type.name
        return name.prefix(1).lowercased() + name.dropFirst()
    }
}
