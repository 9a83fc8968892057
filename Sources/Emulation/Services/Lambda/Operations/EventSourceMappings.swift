import AWSModel
import AWSTypes

extension LambdaService {
    func createEventSourceMapping(
        _ input: Lambda.CreateEventSourceMappingRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.EventSourceMappingConfiguration {
        guard let sourceArn = input.eventSourceArn else { throw .lambdaInvalid("Unrecognized event source.") }
        core.attribute(call, to: sourceArn)
        try checkSource(sourceArn)
        let reference = try FunctionReference(input.functionName, from: call.scope)
        let function = try mappedFunction(reference)
        try checkOffered(input)
        let isFIFO = sourceArn.hasSuffix(".fifo")
        let batchSize = input.batchSize ?? 10
        let window = input.maximumBatchingWindowInSeconds ?? 0
        try checkBatch(size: batchSize, window: window, isFIFO: isFIFO)
        try check(input.scalingConfig)
        _ = try EventFilters(input.filterCriteria)
        try checkTags(input.tags ?? [:])
        let region = region(call.scope)
        if let other = region.mappings.values.first(where: {
            $0.sourceArn == sourceArn && $0.functionArn == reference.arn
        }) {
            throw .lambdaConflict(
                "An event source mapping with SQS arn (\" \(sourceArn) \") and function (\" \(reference.name) \") already exists. Please update or delete the existing mapping with UUID \(other.uuid)"
            )
        }
        guard let visibility = core.service(SQSService.self)?.visibilityTimeout(ofQueue: sourceArn) else {
            throw .lambdaInvalid(
                "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist."
            )
        }
        try checkVisibility(visibility, function)
        try checkPolling(of: sourceArn, for: function)

        let uuid = core.identifiers.uuid()
        let mapping = EventSourceMapping(
            scope: call.scope, uuid: uuid,
            configuration: Lambda.EventSourceMappingConfiguration(
                uuid: uuid, batchSize: batchSize, maximumBatchingWindowInSeconds: window, eventSourceArn: sourceArn,
                filterCriteria: input.filterCriteria?.filters?.isEmpty == false ? input.filterCriteria : nil,
                functionArn: reference.arn, lastModified: core.now, state: "Creating",
                stateTransitionReason: "USER_INITIATED", functionResponseTypes: input.functionResponseTypes ?? [],
                scalingConfig: input.scalingConfig?.maximumConcurrency == nil ? nil : input.scalingConfig))
        mapping.configuration.eventSourceMappingArn = mapping.arn
        mapping.configuration.metricsConfig = Self.asked(input.metricsConfig)
        mapping.tags = input.tags ?? [:]
        region.mappings[uuid] = mapping
        let answer = mapping.configuration
        settle(mapping, enabled: input.enabled ?? true)
        return answer
    }

    func getEventSourceMapping(
        _ input: Lambda.GetEventSourceMappingRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.EventSourceMappingConfiguration {
        try mapping(input.uuid, call).configuration
    }

    func listEventSourceMappings(
        _ input: Lambda.ListEventSourceMappingsRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.ListEventSourceMappingsResponse {
        let wanted: FunctionReference? =
            if let name = input.functionName { try FunctionReference(name, from: call.scope) } else { nil }
        let mappings = region(call.scope).mappings.values
            .filter { input.eventSourceArn == nil || $0.sourceArn == input.eventSourceArn }
            .filter { mapping in
                guard let wanted else { return true }
                // AWS: a bare name finds the mappings of the function itself, a qualified one those of its alias.
                return mapping.functionArn == wanted.arn
            }
            .sorted { $0.uuid < $1.uuid }
        let (page, next) = try lambdaPage(mappings, after: input.marker, limit: input.maxItems, default: 100) {
            $0.uuid
        }
        return Lambda.ListEventSourceMappingsResponse(
            nextMarker: next, eventSourceMappings: page.map(\.configuration))
    }

    func updateEventSourceMapping(
        _ input: Lambda.UpdateEventSourceMappingRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.EventSourceMappingConfiguration {
        let mapping = try mapping(input.uuid, call)
        guard mapping.configuration.state == "Enabled" || mapping.configuration.state == "Disabled" else {
            throw .lambda("ResourceInUseException", "Cannot update the event source mapping because it is in use.")
        }
        guard input.destinationConfig?.onFailure?.destination.nonEmpty == nil else { throw Self.unsupportedDestination }
        try Self.checkStreamMembers(
            input.parallelizationFactor, input.tumblingWindowInSeconds, input.bisectBatchOnFunctionError)
        var configuration = mapping.configuration
        if let name = input.functionName {
            let reference = try FunctionReference(name, from: call.scope)
            _ = try mappedFunction(reference)
            configuration.functionArn = reference.arn
        }
        configuration.batchSize = input.batchSize ?? configuration.batchSize
        configuration.maximumBatchingWindowInSeconds =
            input.maximumBatchingWindowInSeconds ?? configuration.maximumBatchingWindowInSeconds
        try checkBatch(
            size: configuration.batchSize ?? 10, window: configuration.maximumBatchingWindowInSeconds ?? 0,
            isFIFO: mapping.sourceArn.hasSuffix(".fifo"))
        if let criteria = input.filterCriteria {
            _ = try EventFilters(criteria)
            configuration.filterCriteria = criteria.filters?.isEmpty == false ? criteria : nil
        }
        configuration.functionResponseTypes = input.functionResponseTypes ?? configuration.functionResponseTypes
        if let scaling = input.scalingConfig {
            try check(scaling)
            configuration.scalingConfig = scaling.maximumConcurrency == nil ? nil : scaling
        }
        if let metrics = input.metricsConfig { configuration.metricsConfig = Self.asked(metrics) }
        let wasEnabled = mapping.isEnabled
        let enabled = input.enabled ?? wasEnabled
        configuration.lastModified = core.now
        configuration.stateTransitionReason = "USER_INITIATED"
        configuration.state = enabled == wasEnabled ? "Updating" : enabled ? "Enabling" : "Disabling"
        mapping.configuration = configuration
        let answer = configuration
        settle(mapping, enabled: enabled)
        return answer
    }

    func deleteEventSourceMapping(
        _ input: Lambda.DeleteEventSourceMappingRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.EventSourceMappingConfiguration {
        let mapping = try mapping(input.uuid, call)
        mapping.source?.stop()
        mapping.source = nil
        mapping.configuration.state = "Deleting"
        region(mapping.scope).mappings[mapping.uuid] = nil
        LambdaStore.remove(.mapping, mapping.uuid, in: mapping.scope, core.journal)
        markChanged(mapping)
        return mapping.configuration
    }

    // MARK: States

    /// AWS answers the transitional state and settles soon after; here before the next call is served.
    private func settle(_ mapping: EventSourceMapping, enabled: Bool) {
        save(mapping)
        core.later { [unowned self] in
            guard region(mapping.scope).mappings[mapping.uuid] === mapping else { return }
            mapping.source?.stop()
            mapping.source = nil
            mapping.configuration.state = enabled ? "Enabled" : "Disabled"
            save(mapping)
            if enabled { poll(mapping) }
        }
    }

    func poll(_ mapping: EventSourceMapping) {
        guard let source = SQSEventSource(mapping, self) else {
            processed(
                mapping, "PROBLEM: The specified queue does not exist. Delete this mapping or create the queue again.")
            return
        }
        mapping.source = source
        source.start()
    }

    /// Why a mapping's function cannot be invoked at all just now; nil where it can.
    func deliveryProblem(_ mapping: EventSourceMapping) -> ServiceError? {
        do throws(ServiceError) {
            let reference = try FunctionReference(mapping.functionArn, from: mapping.scope)
            let version = try version(reference).1
            guard version.deployed == nil else { return pollingProblem(mapping) }
            return .lambdaConflict(
                "The function is currently in the following state: \(version.configuration.state ?? "Pending")")
        } catch {
            return error
        }
    }

    /// The function can run again, or more: its pollers look at once.
    func retryMappings(of function: LambdaFunction) {
        for mapping in region(function.scope).mappings.values.sorted(by: { $0.uuid < $1.uuid })
        where mapping.functionArn == function.arn || mapping.functionArn.hasPrefix(function.arn + ":") {
            mapping.source?.retry()
        }
    }

    /// Keeps how the last batch went; `text` rarely changes, so this is cheap.
    func processed(_ mapping: EventSourceMapping, _ text: String) {
        core.changes.mark(mapping.arn)
        // Its last batches may end after a mapping was deleted.
        guard mapping.configuration.lastProcessingResult != text,
            region(mapping.scope).mappings[mapping.uuid] === mapping
        else { return }
        mapping.configuration.lastProcessingResult = text
        save(mapping)
    }

    func save(_ mapping: EventSourceMapping) {
        // The state that a restart should go on with, not the one on the way there.
        LambdaStore.save(.mapping, mapping.uuid, mapping.document, in: mapping.scope, core.journal)
        markChanged(mapping)
    }

    private func markChanged(_ mapping: EventSourceMapping) {
        core.changes.mark("lambda:mappings")
        core.changes.mark(mapping.arn)
        core.changes.mark(mapping.sourceArn)
        if let reference = try? FunctionReference(mapping.functionArn, from: mapping.scope) {
            core.changes.mark(reference.functionArn)
        }
    }

    private func mapping(_ uuid: String, _ call: Call) throws(ServiceError) -> EventSourceMapping {
        guard let mapping = region(call.scope).mappings[uuid] else { throw .lambdaResourceMissing }
        core.attribute(call, to: mapping.arn)
        return mapping
    }

    /// AWS: an empty list asks for nothing.
    private static func asked(
        _ config: Lambda.EventSourceMappingMetricsConfig?
    ) -> Lambda.EventSourceMappingMetricsConfig? {
        config?.metrics?.isEmpty == false ? config : nil
    }

    // MARK: Checks

    private static let unsupportedDestination = ServiceError.lambdaInvalid(
        "Unsupported DestinationConfig parameter for given event source mapping type.")

    private func checkSource(_ arn: String) throws(ServiceError) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 6, parts[0] == "arn" else { throw .lambdaInvalid("Unrecognized event source.") }
        let sources: Set<Substring> = ["sqs", "kinesis", "dynamodb", "kafka", "mq", "rds"]
        guard sources.contains(parts[2]) else { throw .lambdaInvalid("Unrecognized event source.") }
        guard parts[2] == "sqs" else {
            throw .lambdaInvalid("Skua polls Amazon SQS queues so far, not \(arn).")
        }
    }

    private func mappedFunction(_ reference: FunctionReference) throws(ServiceError) -> LambdaFunction {
        guard let function = existingFunction(reference) else { throw .lambdaInvalid("Function does not exist") }
        if let qualifier = reference.qualifier {
            let exists =
                FunctionReference.isAlias(qualifier)
                ? function.aliases[qualifier] != nil : function[version: qualifier] != nil
            guard exists else { throw .lambdaInvalid("Function does not exist") }
        }
        return function
    }

    private func checkOffered(_ input: Lambda.CreateEventSourceMappingRequest) throws(ServiceError) {
        guard input.destinationConfig?.onFailure?.destination.nonEmpty == nil else { throw Self.unsupportedDestination }
        guard input.startingPosition == nil else {
            throw .lambdaInvalid("StartingPosition is not valid for SQS event sources.")
        }
        try Self.checkStreamMembers(
            input.parallelizationFactor, input.tumblingWindowInSeconds, input.bisectBatchOnFunctionError)
        guard input.provisionedPollerConfig == nil else {
            throw .lambdaInvalid("Skua has no provisioned pollers for SQS event sources yet.")
        }
    }

    private static func checkStreamMembers(_ factor: Int?, _ tumbling: Int?, _ bisect: Bool?) throws(ServiceError) {
        guard factor == nil else {
            throw .lambdaInvalid("Unsupported ParallelizationFactor parameter for given event source mapping type.")
        }
        guard tumbling == nil else {
            throw .lambdaInvalid("Unsupported TumblingWindowInSeconds parameter for given event source mapping type.")
        }
        guard bisect != true else {
            throw .lambdaInvalid(
                "Unsupported BisectBatchOnFunctionError parameter for given event source mapping type.")
        }
    }

    private func checkBatch(size: Int, window: Int, isFIFO: Bool) throws(ServiceError) {
        guard (1...10_000).contains(size) else {
            throw .lambdaConstraint(
                String(size), at: "batchSize",
                size > 10_000 ? "have value less than or equal to 10000" : "have value greater than or equal to 1")
        }
        if isFIFO {
            guard window == 0 else {
                throw .lambdaInvalid("Batching window is not supported for FIFO queues")
            }
            guard size <= 10 else {
                throw .lambdaInvalid("FIFO queues support a maximum batch size of 10.")
            }
            return
        }
        guard size <= 10 || window > 0 else {
            throw .lambdaInvalid(
                "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
        }
        guard (0...300).contains(window) else {
            throw .lambdaConstraint(
                String(window), at: "maximumBatchingWindowInSeconds", "have value less than or equal to 300")
        }
    }

    private func check(_ scaling: Lambda.ScalingConfig?) throws(ServiceError) {
        guard let value = scaling?.maximumConcurrency, !(2...1000).contains(value) else { return }
        throw .lambdaConstraint(
            String(value), at: "scalingConfig.maximumConcurrency",
            value > 1000 ? "have value less than or equal to 1000" : "have value greater than or equal to 2")
    }

    private func checkVisibility(_ visibility: Duration, _ function: LambdaFunction) throws(ServiceError) {
        let timeout = function.latest.configuration.timeout ?? 3
        guard visibility >= .seconds(timeout) else {
            throw .lambdaInvalid(
                "Queue visibility timeout: \(visibility.components.seconds) seconds is less than Function timeout: \(timeout) seconds"
            )
        }
    }
}
