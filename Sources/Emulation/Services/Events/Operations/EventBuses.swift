import AWSModel
import AWSTypes

extension EventsService {
    func createEventBus(_ input: Events.CreateEventBusRequest, _ call: Call) throws(ServiceError)
        -> Events.CreateEventBusResponse
    {
        if input.name == "default" { throw .eventsExists("Event bus default already exists.") }
        if input.eventSourceName == nil, input.name.contains("/") {
            throw .validation("Event bus name must not contain '/'.")
        }
        if let source = input.eventSourceName { throw .eventsNotFound("Event source \(source) does not exist.") }
        guard buses[call.scope]?[input.name] == nil else {
            throw .eventsExists("Event bus \(input.name) already exists.")
        }
        _ = findBus(nil, call.scope)
        guard buses[call.scope, default: [:]].count <= 100 else {
            throw .eventsLimit("The requested resource exceeds the maximum number allowed.")
        }
        let bus = EventBus(scope: call.scope, name: input.name, created: core.now)
        bus.description = input.description
        bus.kmsKeyIdentifier = input.kmsKeyIdentifier
        bus.deadLetterArn = input.deadLetterConfig?.arn
        bus.logConfig = input.logConfig
        bus.tags = Self.map(input.tags)
        buses[call.scope, default: [:]][input.name] = bus
        save(bus)
        core.attribute(call, to: bus.arn)
        return Events.CreateEventBusResponse(
            eventBusArn: bus.arn, description: bus.description, kmsKeyIdentifier: bus.kmsKeyIdentifier,
            deadLetterConfig: input.deadLetterConfig, logConfig: bus.logConfig)
    }

    func updateEventBus(_ input: Events.UpdateEventBusRequest, _ call: Call) throws(ServiceError)
        -> Events.UpdateEventBusResponse
    {
        let bus = try bus(input.name, call.scope)
        if let text = input.description { bus.description = text }
        if let key = input.kmsKeyIdentifier { bus.kmsKeyIdentifier = key.isEmpty ? nil : key }
        if let config = input.deadLetterConfig { bus.deadLetterArn = config.arn }
        if let config = input.logConfig { bus.logConfig = config }
        bus.modified = core.now
        save(bus)
        core.attribute(call, to: bus.arn)
        return Events.UpdateEventBusResponse(
            arn: bus.arn, name: bus.name, kmsKeyIdentifier: bus.kmsKeyIdentifier, description: bus.description,
            deadLetterConfig: bus.deadLetterArn.map { Events.DeadLetterConfig(arn: $0) }, logConfig: bus.logConfig)
    }

    func deleteEventBus(_ input: Events.DeleteEventBusRequest, _ call: Call) throws(ServiceError) -> Unit {
        let name = EventBus.name(input.name)
        guard name != "default" else { throw .validation("Cannot delete event bus default.") }
        // AWS: deleting what is not there succeeds.
        guard let bus = buses[call.scope]?[name] else { return Unit() }
        core.attribute(call, to: bus.arn)
        guard bus.rules.values.allSatisfy({ $0.managedBy != nil }) else {
            throw .validation("Event bus can't be deleted since it has rules.")
        }
        for rule in bus.rules.values { forget(rule, of: bus) }
        buses[call.scope]?[name] = nil
        removeRow(of: bus)
        return Unit()
    }

    func describeEventBus(_ input: Events.DescribeEventBusRequest, _ call: Call) throws(ServiceError)
        -> Events.DescribeEventBusResponse
    {
        let bus = try bus(input.name, call.scope)
        core.attribute(call, to: bus.arn)
        return Events.DescribeEventBusResponse(
            name: bus.name, arn: bus.arn, description: bus.description, kmsKeyIdentifier: bus.kmsKeyIdentifier,
            deadLetterConfig: bus.deadLetterArn.map { Events.DeadLetterConfig(arn: $0) }, policy: bus.policy,
            logConfig: bus.logConfig, creationTime: bus.created, lastModifiedTime: bus.modified)
    }

    func listEventBuses(_ input: Events.ListEventBusesRequest, _ call: Call) throws(ServiceError)
        -> Events.ListEventBusesResponse
    {
        _ = findBus(nil, call.scope)
        let all = buses[call.scope, default: [:]].values
            .filter { $0.name.hasPrefix(input.namePrefix ?? "") }.sorted { $0.name < $1.name }
        let page = try page(all, token: input.nextToken, limit: input.limit)
        return Events.ListEventBusesResponse(
            eventBuses: page.items.map {
                Events.EventBus(
                    name: $0.name, arn: $0.arn, description: $0.description, policy: $0.policy,
                    creationTime: $0.created, lastModifiedTime: $0.modified)
            }, nextToken: page.nextToken)
    }

    // MARK: Policy

    func putPermission(_ input: Events.PutPermissionRequest, _ call: Call) throws(ServiceError) -> Unit {
        let bus = try bus(input.eventBusName, call.scope)
        core.attribute(call, to: bus.arn)
        if let text = input.policy {
            guard input.action == nil, input.principal == nil, input.statementId == nil, input.condition == nil else {
                throw .validation("Either a policy document or a statement may be given, not both.")
            }
            guard let document = (try? JSONReader.parse(text))?.object, let statement = document["Statement"] else {
                throw ServiceError(
                    "InvalidPolicyException", "This policy contains invalid Json")
            }
            bus.statements = statement.list?.compactMap(\.object) ?? [statement.object].compactMap { $0 }
            save(bus)
            return Unit()
        }
        guard let action = input.action, let principal = input.principal, let statementID = input.statementId else {
            throw .validation(
                "Parameter(s) Action, Principal and StatementId must be specified.")
        }
        guard action == "events:PutEvents" else {
            throw .validation("Provided value in parameter 'action' is not supported.")
        }
        guard principal == "*" || principal.utf8.count == 12 && Int(principal) != nil else {
            throw ServiceError("InvalidParameterValue", #"Principal must match ^(\d{1,12}|\*)$"#)
        }
        var statement: DocumentObject = [
            "Sid": .string(statementID), "Effect": "Allow",
            "Principal": principal == "*"
                ? "*" : ["AWS": .string("arn:\(bus.scope.partition):iam::\(principal):root")],
            "Action": .string(action), "Resource": .string(bus.arn),
        ]
        if let condition = input.condition {
            statement["Condition"] = [condition.type: [condition.key: .string(condition.value)]].documentValue
        }
        if let index = bus.statements.firstIndex(where: { $0.string("Sid") == statementID }) {
            bus.statements[index] = statement
        } else {
            bus.statements.append(statement)
        }
        save(bus)
        return Unit()
    }

    func removePermission(_ input: Events.RemovePermissionRequest, _ call: Call) throws(ServiceError) -> Unit {
        let bus = try bus(input.eventBusName, call.scope)
        core.attribute(call, to: bus.arn)
        if input.removeAllPermissions == true {
            bus.statements = []
            save(bus)
            return Unit()
        }
        guard let index = bus.statements.firstIndex(where: { $0.string("Sid") == input.statementId }) else {
            throw .eventsNotFound("Statement with the provided id does not exist.")
        }
        bus.statements.remove(at: index)
        save(bus)
        return Unit()
    }

    static func map(_ tags: [Events.Tag]?) -> [String: String] {
        Dictionary((tags ?? []).map { ($0.key, $0.value) }) { _, later in later }
    }
}

extension [String: [String: DocumentValue]] {
    fileprivate var documentValue: DocumentValue {
        .entries(self) { .entries($0) { $0 } }
    }
}
