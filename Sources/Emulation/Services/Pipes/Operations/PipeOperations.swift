import AWSModel
import AWSTypes

extension PipesService {
    func createPipe(_ input: Pipes.CreatePipeRequest, _ call: Call) throws(ServiceError) -> Pipes.CreatePipeResponse {
        guard pipes[call.scope]?[input.name] == nil else {
            throw ServiceError("ConflictException", "Pipe \(input.name) already exists.", status: 409)
        }
        let settings = Pipes.DescribePipeResponse(
            description: input.description, source: input.source,
            sourceParameters: Self.filled(input.sourceParameters, source: input.source),
            enrichment: input.enrichment, enrichmentParameters: input.enrichmentParameters, target: input.target,
            targetParameters: input.targetParameters, roleArn: input.roleArn, tags: input.tags ?? [:],
            logConfiguration: input.logConfiguration.map { Pipes.PipeLogConfiguration($0.document) },
            kmsKeyIdentifier: input.kmsKeyIdentifier)
        try check(settings)
        let pipe = EventPipe(scope: call.scope, name: input.name, created: core.now, settings: settings)
        pipe.desiredState = input.desiredState ?? "RUNNING"
        pipes[call.scope, default: [:]][input.name] = pipe
        save(pipe)
        settleLater(pipe)
        core.attribute(call, to: pipe.arn)
        return Pipes.CreatePipeResponse(
            arn: pipe.arn, name: pipe.name, desiredState: pipe.desiredState, currentState: pipe.currentState,
            creationTime: pipe.created, lastModifiedTime: pipe.modified)
    }

    /// AWS shows a queue's batch size where none was given.
    private static func filled(_ parameters: Pipes.PipeSourceParameters?, source: String)
        -> Pipes.PipeSourceParameters?
    {
        guard ARN(source)?.service == "sqs" else { return parameters }
        var parameters = parameters ?? Pipes.PipeSourceParameters()
        var queue = parameters.sqsQueueParameters ?? Pipes.PipeSourceSqsQueueParameters()
        queue.batchSize = queue.batchSize ?? 10
        parameters.sqsQueueParameters = queue
        return parameters
    }

    private func check(_ settings: Pipes.DescribePipeResponse) throws(ServiceError) {
        try PipeEnd.source.check(settings.source ?? "")
        if let arn = settings.enrichment, !arn.isEmpty { try PipeEnd.enrichment.check(arn) }
        try PipeEnd.target.check(settings.target ?? "")
        _ = try filters(settings)
        let queue = settings.sourceParameters?.sqsQueueParameters
        if (queue?.batchSize ?? 10) > 10, (queue?.maximumBatchingWindowInSeconds ?? 0) == 0 {
            throw .validation(
                "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
        }
    }

    func filters(_ settings: Pipes.DescribePipeResponse) throws(ServiceError) -> EventFilters? {
        do throws(ServiceError) {
            return try EventFilters(
                settings.sourceParameters?.filterCriteria.map { Lambda.FilterCriteria($0.document) })
        } catch {
            throw .validation(error.message)
        }
    }

    func updatePipe(_ input: Pipes.UpdatePipeRequest, _ call: Call) throws(ServiceError) -> Pipes.UpdatePipeResponse {
        let pipe = try settled(input.name, call)
        var settings = pipe.settings
        if let text = input.description { settings.description = text }
        if let parameters = input.sourceParameters {
            var merged = settings.sourceParameters?.document ?? [:]
            for (name, value) in parameters.document { merged[name] = value }
            settings.sourceParameters = Self.filled(Pipes.PipeSourceParameters(merged), source: pipe.sourceArn)
        }
        if let arn = input.enrichment { settings.enrichment = arn.isEmpty ? nil : arn }
        if let parameters = input.enrichmentParameters { settings.enrichmentParameters = parameters }
        if let arn = input.target { settings.target = arn }
        if let parameters = input.targetParameters { settings.targetParameters = parameters }
        settings.roleArn = input.roleArn
        if let log = input.logConfiguration {
            settings.logConfiguration = Pipes.PipeLogConfiguration(log.document)
        }
        try check(settings)
        stop(pipe)
        pipe.settings = settings
        if let state = input.desiredState { pipe.desiredState = state }
        begin("UPDATING", pipe)
        return Pipes.UpdatePipeResponse(
            arn: pipe.arn, name: pipe.name, desiredState: pipe.desiredState, currentState: pipe.currentState,
            creationTime: pipe.created, lastModifiedTime: pipe.modified)
    }

    private func begin(_ state: String, _ pipe: EventPipe) {
        pipe.currentState = state
        pipe.modified = core.now
        save(pipe)
        settleLater(pipe)
    }

    /// AWS: a pipe that is changing cannot be changed again.
    private func settled(_ name: String, _ call: Call) throws(ServiceError) -> EventPipe {
        let pipe = try pipe(name, call)
        guard !pipe.currentState.hasSuffix("ING") || pipe.currentState == "RUNNING" else {
            throw ServiceError(
                "ConflictException", "Pipe \(name) is in state \(pipe.currentState) and cannot be changed now.",
                status: 409)
        }
        return pipe
    }

    func startPipe(_ input: Pipes.StartPipeRequest, _ call: Call) throws(ServiceError) -> Pipes.StartPipeResponse {
        let pipe = try settled(input.name, call)
        pipe.desiredState = "RUNNING"
        if pipe.currentState != "RUNNING" { begin("STARTING", pipe) }
        return Pipes.StartPipeResponse(
            arn: pipe.arn, name: pipe.name, desiredState: pipe.desiredState, currentState: pipe.currentState,
            creationTime: pipe.created, lastModifiedTime: pipe.modified)
    }

    func stopPipe(_ input: Pipes.StopPipeRequest, _ call: Call) throws(ServiceError) -> Pipes.StopPipeResponse {
        let pipe = try settled(input.name, call)
        pipe.desiredState = "STOPPED"
        if pipe.currentState != "STOPPED" {
            stop(pipe)
            begin("STOPPING", pipe)
        }
        return Pipes.StopPipeResponse(
            arn: pipe.arn, name: pipe.name, desiredState: pipe.desiredState, currentState: pipe.currentState,
            creationTime: pipe.created, lastModifiedTime: pipe.modified)
    }

    func deletePipe(_ input: Pipes.DeletePipeRequest, _ call: Call) throws(ServiceError) -> Pipes.DeletePipeResponse {
        let pipe = try pipe(input.name, call)
        stop(pipe)
        begin("DELETING", pipe)
        return Pipes.DeletePipeResponse(
            arn: pipe.arn, name: pipe.name, desiredState: "DELETED", currentState: pipe.currentState,
            creationTime: pipe.created, lastModifiedTime: pipe.modified)
    }

    func describePipe(_ input: Pipes.DescribePipeRequest, _ call: Call) throws(ServiceError)
        -> Pipes.DescribePipeResponse
    {
        try pipe(input.name, call).shown
    }

    func listPipes(_ input: Pipes.ListPipesRequest, _ call: Call) throws(ServiceError) -> Pipes.ListPipesResponse {
        let all = pipes[call.scope, default: [:]].values.filter {
            $0.name.hasPrefix(input.namePrefix ?? "") && $0.desiredState == (input.desiredState ?? $0.desiredState)
                && $0.currentState == (input.currentState ?? $0.currentState)
                && $0.sourceArn.hasPrefix(input.sourcePrefix ?? "")
                && $0.targetArn.hasPrefix(input.targetPrefix ?? "")
        }.sorted { $0.name < $1.name }
        var start = 0
        if let token = input.nextToken {
            guard let index = Int(token) else { throw .validation("Invalid next token.") }
            start = min(max(index, 0), all.count)
        }
        let end = min(start + (input.limit ?? 100), all.count)
        return Pipes.ListPipesResponse(
            pipes: all[start..<end].map(\.summary), nextToken: end < all.count ? String(end) : nil)
    }

    // MARK: Tags

    private func tagged(_ text: String, _ call: Call) throws(ServiceError) -> EventPipe {
        guard let arn = ARN(text), arn.service == "pipes" else { throw .validation("Invalid resource ARN \(text).") }
        return try pipe(arn.resourceName, call)
    }

    func tagResource(_ input: Pipes.TagResourceRequest, _ call: Call) throws(ServiceError)
        -> Pipes.TagResourceResponse
    {
        let pipe = try tagged(input.resourceArn, call)
        pipe.settings.tags = (pipe.settings.tags ?? [:]).merging(input.tags) { _, new in new }
        save(pipe)
        return Pipes.TagResourceResponse()
    }

    func untagResource(_ input: Pipes.UntagResourceRequest, _ call: Call) throws(ServiceError)
        -> Pipes.UntagResourceResponse
    {
        let pipe = try tagged(input.resourceArn, call)
        for key in input.tagKeys { pipe.settings.tags?[key] = nil }
        save(pipe)
        return Pipes.UntagResourceResponse()
    }

    func listTagsForResource(_ input: Pipes.ListTagsForResourceRequest, _ call: Call) throws(ServiceError)
        -> Pipes.ListTagsForResourceResponse
    {
        Pipes.ListTagsForResourceResponse(tags: try tagged(input.resourceArn, call).settings.tags ?? [:])
    }
}
