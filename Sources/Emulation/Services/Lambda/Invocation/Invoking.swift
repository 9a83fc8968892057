import AWSModel
import AWSTypes

/// What an invocation runs: a version chosen, with the name under which it was called.
struct InvocationTarget {
    var function: LambdaFunction
    /// `$LATEST` or a number.
    var version: String
    /// As the caller named it.
    var qualifier: String?
    var deployment: Deployment

    var invokedArn: String { qualifier.map { "\(function.arn):\($0)" } ?? function.arn }
}

/// One invocation about to start.
struct InvocationInput {
    var payload: [UInt8]
    var requestID: String
    var clientContext: String?
    var cause: Cause
    /// What sets it off, for the timeline: `Invoke`, `Event`, `aws:sqs`.
    var trigger: String
}

extension LambdaService {
    /// Chooses the version: an alias with weights draws one for each request.
    func target(_ reference: FunctionReference) throws(ServiceError) -> InvocationTarget {
        let function = try function(reference)
        let qualifier = reference.qualifier ?? FunctionReference.latest
        var key = qualifier
        if FunctionReference.isAlias(qualifier) {
            guard let alias = function.aliases[qualifier] else { throw .functionNotFound(reference.arn) }
            key = alias.functionVersion
            if let (other, weight) = alias.weights.first, core.identifiers.fraction() < weight { key = other }
        }
        guard let version = function[version: key] else { throw .functionNotFound(reference.arn) }
        guard let deployment = version.deployed else {
            throw .lambdaConflict(
                "The operation cannot be performed at this time. The function is currently in the following state: \(version.configuration.state ?? "Pending")"
            )
        }
        return InvocationTarget(
            function: function, version: key, qualifier: reference.qualifier, deployment: deployment)
    }

    /// Runs a function now. Throws the throttle; what the function itself comes to arrives in `completion`, with the
    /// invocation as the cause of whatever follows from it.
    /// - Parameter onWrite: hears the content type and the bytes of each part that a function streams.
    func run(
        _ target: InvocationTarget, _ input: InvocationInput, onWrite: ((String, [UInt8]) -> Void)? = nil,
        completion: @escaping (InvocationReport, Cause) -> Void
    ) throws(ServiceError) {
        let function = target.function
        let region = region(function.scope)
        let metrics = metrics(of: function, qualifier: target.qualifier)
        let provisioned = provisioned(target)
        let isProvisioned = provisioned?.hasRoom ?? false
        if !isProvisioned, let reason = throttleReason(function, region) {
            metrics.record(core.telemetry, .throttles, 1)
            function.throttling.note(at: core.now)
            _ = core.record(
                .invocation, service: "lambda", action: input.trigger, resource: target.invokedArn, cause: input.cause,
                error: "TooManyRequestsException", detail: reason.rawValue)
            throw .lambdaThrottled(reason)
        }
        if function.recursiveLoop == "Terminate", runsBefore(of: function, input.cause) >= Self.maximumLoop {
            metrics.record(core.telemetry, .recursiveInvocationsDropped, 1)
            _ = core.record(
                .invocation, service: "lambda", action: input.trigger, resource: target.invokedArn, cause: input.cause,
                error: "RecursiveInvocationException", detail: "stopped after \(Self.maximumLoop) rounds")
            throw .lambda(
                "RecursiveInvocationException",
                "Lambda has detected the function being invoked in a recursive loop with other AWS resources and stopped your function's invocation."
            )
        }
        function.running += 1
        region.running += 1
        // AWS: what is provisioned was kept from the others already.
        let countsAsUnreserved = function.reservedConcurrency == nil && !isProvisioned
        if countsAsUnreserved { region.unreservedRunning += 1 }
        if let provisioned { noteStart(provisioned, isProvisioned, metrics, function) }
        metrics.record(core.telemetry, .concurrentExecutions, Double(function.running))
        recordAccountConcurrency(region)
        let entry = core.record(
            .invocation, service: "lambda", action: input.trigger, resource: target.invokedArn, cause: input.cause,
            detail: "running")
        if let id = entry.entry { core.timeline.attach(id, input: .bytes(input.payload)) }
        core.changes.mark(function.arn)
        core.start(.invoke(order(target, input, entry))) { [weak self] event in
            guard let self, case .runtime(let event) = event else { return }
            if case .invocationWrote(_, let type, let bytes) = event {
                onWrite?(type, bytes)
                return
            }
            guard case .invocationEnded(let report) = event else {
                self.environmentReported(event, of: function)
                return
            }
            if isProvisioned, let provisioned {
                provisioned.running -= 1
                self.recordProvisioned(provisioned, function)
            }
            if isProvisioned, function.reservedConcurrency == nil { region.unreservedRunning += 1 }
            self.ended(report, target, entry, metrics)
            completion(report, entry)
            self.core.later { self.capacityChanged(function) }
        }
    }

    private func throttleReason(_ function: LambdaFunction, _ region: LambdaRegion) -> ThrottleReason? {
        if let reserved = function.reservedConcurrency {
            return function.running >= reserved ? .reserved : nil
        }
        return region.unreservedRunning >= region.onDemandConcurrency ? .account : nil
    }

    private func noteStart(
        _ provisioned: ProvisionedConcurrency, _ isProvisioned: Bool, _ metrics: FunctionMetrics,
        _ function: LambdaFunction
    ) {
        guard isProvisioned else {
            // AWS: what finds none free spills over to environments on demand.
            metrics.record(core.telemetry, .provisionedConcurrencySpilloverInvocations, 1)
            return
        }
        provisioned.running += 1
        metrics.record(core.telemetry, .provisionedConcurrencyInvocations, 1)
        recordProvisioned(provisioned, function)
    }

    private func ended(
        _ report: InvocationReport, _ target: InvocationTarget, _ entry: Cause, _ metrics: FunctionMetrics
    ) {
        let function = target.function
        let region = region(function.scope)
        function.running -= 1
        region.running -= 1
        if function.reservedConcurrency == nil { region.unreservedRunning -= 1 }
        metrics.record(core.telemetry, .invocations, 1)
        metrics.record(core.telemetry, .errors, report.functionError == nil ? 0 : 1)
        metrics.record(core.telemetry, .duration, Double(report.durationMicroseconds) / 1000)
        environmentEndedInvocation(report, of: function)
        function.failures.note(report, at: core.now)
        if let id = entry.entry {
            core.timeline.amend(
                id, error: report.functionError.map { _ in Self.errorType(report) },
                detail: "\(Self.milliseconds(report.durationMicroseconds)) ms"
                    + (report.coldStart ? ", cold start" : ""), endedAt: core.now)
            core.timeline.attach(id, output: .bytes(report.payload))
        }
        core.changes.mark(function.arn)
        core.changes.mark("lambda:functions")
    }

    private static func milliseconds(_ microseconds: Int64) -> String {
        let hundredths = (microseconds + 5) / 10
        let fraction = String(hundredths % 100)
        return "\(hundredths / 100).\(fraction.utf8.count < 2 ? "0" + fraction : fraction)"
    }

    /// The `errorType` of a function's error payload.
    static func errorType(_ report: InvocationReport) -> String {
        let payload = try? JSONReader.parse(report.payload)
        return payload?["errorType"]?.string ?? report.functionError ?? "Unhandled"
    }

    /// `CardDeclined: the bank declined it.`
    static func errorSentence(_ report: InvocationReport) -> String {
        let payload = try? JSONReader.parse(report.payload)
        let type = payload?["errorType"]?.string ?? report.functionError ?? "Unhandled"
        guard let message = payload?["errorMessage"]?.string, !message.isEmpty else { return type + "." }
        let first = message.split(separator: "\n").first.map(String.init) ?? message
        return "\(type): \(first)" + (first.hasSuffix(".") ? "" : ".")
    }

    private func order(_ target: InvocationTarget, _ input: InvocationInput, _ entry: Cause) -> InvocationOrder {
        InvocationOrder(
            requestID: input.requestID, environment: functionEnvironment(target),
            newEnvironment: EnvironmentIdentity(bytes: core.identifiers.bytes(16), day: environmentDay),
            invokedFunctionArn: target.invokedArn, payload: input.payload,
            traceID: TraceHeader.text(entry, at: core.now, within: core.foreignTraces[entry.trace]),
            clientContext: input.clientContext,
            clockOffsetMilliseconds: core.clock.offset.wholeMicroseconds / 1000)
    }

    /// The date in log streams' names.
    var environmentDay: String { String(core.now.iso8601().prefix(10).map { $0 == "-" ? "/" : $0 }) }

    /// What an environment of a version is made of.
    func functionEnvironment(_ target: InvocationTarget) -> FunctionEnvironment {
        let function = target.function
        let deployment = withCredentials(target)
        let configuration = deployment.configuration
        return FunctionEnvironment(
            functionName: function.name, functionArn: function.arn, version: target.version,
            runtime: configuration.runtime ?? "", handler: configuration.handler ?? "",
            codeDirectory: deployment.codeDirectory, layerDirectories: deployment.layerDirectories,
            variables: configuration.environment?.variables ?? [:], memorySizeMB: configuration.memorySize ?? 128,
            timeoutSeconds: configuration.timeout ?? 3,
            ephemeralStorageMB: configuration.ephemeralStorage?.size ?? 512, region: function.scope.region,
            accountID: function.scope.accountID, logGroup: logGroup(of: configuration, function),
            credentials: deployment.credentials
                ?? FunctionCredentials(accessKeyID: "", secretAccessKey: "", sessionToken: ""),
            revision: deployment.revision,
            endpointURL: core.configuration.endpoint)
    }

    func logGroup(of configuration: Lambda.FunctionConfiguration, _ function: LambdaFunction) -> String {
        configuration.loggingConfig?.logGroup ?? "/aws/lambda/\(function.name)"
    }

    /// AWS stops a loop after about this many rounds.
    private static let maximumLoop = 16

    /// How often the function already ran in the chain of causes that leads here.
    private func runsBefore(of function: LambdaFunction, _ cause: Cause) -> Int {
        var count = 0
        var next = cause.entry
        var steps = 0
        while let id = next, let entry = core.timeline[id], steps < 500 {
            if entry.kind == .invocation, entry.resource == function.arn || entry.resource.hasPrefix(function.arn + ":")
            {
                count += 1
            }
            next = entry.cause
            steps += 1
        }
        return count
    }

    /// An invocation ended, a limit or a version changed: what waits may go on.
    func capacityChanged(_ function: LambdaFunction) {
        pumpAsynchronousEvents(of: function)
        core.changes.mark(function.arn)
    }
}
