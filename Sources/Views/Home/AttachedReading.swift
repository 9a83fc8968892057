import AWSClient
import AWSModel
import AWSTypes

extension HomeReading {
    /// The most resources of one service that are looked at one by one: an account may hold thousands.
    private static let mostQueues = 60
    private static let mostMachines = 30

    /// Any AWS endpoint: the map from what AWS lists, wires from event source mappings and redrive policies. A service
    /// that refuses is left out and named; only if all refuse is that an error.
    static func attached(_ aws: AWSClient) async throws -> HomeReading {
        async let queues = listed(aws, queueResources)
        async let functions = listed(aws, functionResources)
        async let machines = listed(aws, machineResources)
        async let triggers = listed(aws, mappingWires)
        let parts = await [("SQS", queues), ("Lambda", functions), ("Step Functions", machines)]
        let wires = await triggers

        var reading = HomeReading(hasEngine: false)
        var refused: [String] = []
        var failure: AWSError?
        for (service, part) in parts {
            switch part {
            case .success(let map):
                reading.map.resources += map.resources
                reading.map.wires += map.wires
            case .failure(let error):
                refused.append(service)
                failure = error
            }
        }
        if refused.count == parts.count, let failure { throw failure }
        if case .success(let map) = wires { reading.map.wires += map.wires }
        reading.map.wires += await taskWires(aws, in: reading.map)
        let known = Set(reading.map.resources.map(\.arn))
        reading.map.wires.removeAll { !known.contains($0.source) || !known.contains($0.target) }
        if let failure { reading.shortfall = "\(refused.joined(separator: ", ")) did not answer: \(failure.code)" }
        return reading
    }

    private static func listed(
        _ aws: AWSClient, _ list: @Sendable (AWSClient) async throws(AWSError) -> ResourceMap
    ) async -> Result<ResourceMap, AWSError> {
        do throws(AWSError) {
            return .success(try await list(aws))
        } catch {
            return .failure(error)
        }
    }

    private static func queueResources(_ aws: AWSClient) async throws(AWSError) -> ResourceMap {
        var urls: [String] = []
        for try await page in aws.pages(SQS.listQueues, SQS.ListQueuesRequest(maxResults: 1000)) {
            urls += page.queueUrls ?? []
            if urls.count >= 1000 { break }
        }
        var map = ResourceMap()
        for url in urls.prefix(mostQueues) {
            let request = SQS.GetQueueAttributesRequest(queueUrl: url, attributeNames: ["All"])
            let attributes = try await aws.call(SQS.getQueueAttributes, request).attributes ?? [:]
            guard let arn = attributes["QueueArn"] else { continue }
            func count(_ name: String) -> Int { attributes[name].flatMap { Int($0) } ?? 0 }
            let counts = [
                "visible": count("ApproximateNumberOfMessages"),
                "inFlight": count("ApproximateNumberOfMessagesNotVisible"),
                "delayed": count("ApproximateNumberOfMessagesDelayed"),
            ]
            map.resources.append(
                ResourceMap.Resource(
                    arn: arn, service: "sqs", name: ResourceName(arn).name,
                    health: counts["inFlight", default: 0] > 0 ? .busy : .good,
                    counts: counts))
            if let policy = attributes["RedrivePolicy"], let object = (try? JSONReader.parse(policy))?.object,
                let target = object.string("deadLetterTargetArn")
            {
                map.wires.append(ResourceMap.Wire(source: arn, target: target, kind: "dead-letter"))
            }
        }
        // What holds dead letters asks for attention, here as in the engine's own map.
        let deadLetterQueues = Set(map.wires.map(\.target))
        for index in map.resources.indices where deadLetterQueues.contains(map.resources[index].arn) {
            if map.resources[index].counts.values.reduce(0, +) > 0 { map.resources[index].health = .warning }
        }
        return map
    }

    private static func functionResources(_ aws: AWSClient) async throws(AWSError) -> ResourceMap {
        var map = ResourceMap()
        for try await page in aws.pages(Lambda.listFunctions, Lambda.ListFunctionsRequest()) {
            for function in page.functions ?? [] {
                guard let arn = function.functionArn else { continue }
                map.resources.append(
                    ResourceMap.Resource(
                        arn: arn, service: "lambda", name: function.functionName ?? ResourceName(arn).name,
                        summary: function.runtime ?? "container image",
                        health: function.state == "Failed" ? .failing : .good))
                if let target = function.deadLetterConfig?.targetArn, !target.isEmpty {
                    map.wires.append(ResourceMap.Wire(source: arn, target: target, kind: "dead-letter"))
                }
            }
        }
        return map
    }

    private static func machineResources(_ aws: AWSClient) async throws(AWSError) -> ResourceMap {
        var map = ResourceMap()
        for try await page in aws.pages(SFN.listStateMachines, SFN.ListStateMachinesInput()) {
            map.resources += page.stateMachines.map { machine in
                ResourceMap.Resource(
                    arn: machine.stateMachineArn, service: "states", name: machine.name,
                    summary: machine.type.lowercased())
            }
        }
        return map
    }

    private static func mappingWires(_ aws: AWSClient) async throws(AWSError) -> ResourceMap {
        var map = ResourceMap()
        for try await page in aws.pages(Lambda.listEventSourceMappings, Lambda.ListEventSourceMappingsRequest()) {
            for mapping in page.eventSourceMappings ?? [] {
                guard let source = mapping.eventSourceArn, let target = mapping.functionArn else { continue }
                map.wires.append(
                    ResourceMap.Wire(
                        source: source, target: ResourceName.mapped(target), kind: "trigger",
                        isEnabled: mapping.state.map { $0 == "Enabled" || $0 == "Creating" || $0 == "Enabling" } ?? true
                    ))
            }
        }
        return map
    }

    /// What the tasks of state machines name. A definition that may not be read has no wires.
    private static func taskWires(_ aws: AWSClient, in map: ResourceMap) async -> [ResourceMap.Wire] {
        var wires: [ResourceMap.Wire] = []
        for machine in map.resources.filter({ $0.service == "states" }).prefix(mostMachines) {
            let request = SFN.DescribeStateMachineInput(stateMachineArn: machine.arn)
            guard let definition = (try? await aws.call(SFN.describeStateMachine, request))?.definition else {
                continue
            }
            wires += taskTargets(of: definition, among: map).map {
                ResourceMap.Wire(source: machine.arn, target: $0, kind: "task")
            }
        }
        return wires
    }

    /// The resources a definition names: functions by ARN, with or without a qualifier, queues by URL.
    static func taskTargets(of definition: String, among map: ResourceMap) -> [String] {
        guard let document = try? JSONReader.parse(definition) else { return [] }
        var named: Set<String> = []
        var waiting = [document]
        while let value = waiting.popLast() {
            switch value {
            case .object(let object):
                for (key, member) in object {
                    if key == "QueueUrl", case .string(let url) = member, let name = url.split(separator: "/").last {
                        named.insert("queue \(name)")
                    }
                    waiting.append(member)
                }
            case .list(let list): waiting += list
            case .string(let text) where text.hasPrefix("arn:"): named.insert(ResourceName.mapped(text))
            default: break
            }
        }
        return map.resources.filter {
            named.contains($0.arn) || ($0.service == "sqs" && named.contains("queue \($0.name)"))
        }.map(\.arn)
    }
}
