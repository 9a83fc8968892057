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
                "The operation cannot be performed at this time. The function is currently in the following state: \(version.configuration.state ?? "Pending")")
        }
        return InvocationTarget(
            function: function, version: key, qualifier: reference.qualifier, deployment: deployment)
    }

    /// Runs a function now. Throws the throttle; what the function itself comes to arrives in `completion`.
    func run(
        _ target: InvocationTarget, _ input: InvocationInput, completion: @escaping (InvocationReport) -> Void
    ) throws(ServiceError) {
        let function = target.function
        let region = region(function.scope)
        let metrics = metrics(of: function, qualifier: target.qualifier)
        if let reason = throttleReason(function, region) {
            metrics.record(core.telemetry, .throttles, 1)
            _ = core.record(
                .invocation, service: "lambda", action: input.trigger, resource: target.invokedArn, cause: input.cause,
                error: "TooManyRequestsException", detail: reason.rawValue)
            throw .lambdaThrottled(reason)
        }
        function.running += 1
        region.running += 1
        if function.reservedConcurrency == nil { region.unreservedRunning += 1 }
        metrics.record(core.telemetry, .concurrentExecutions, Double(function.running))
        recordAccountConcurrency(region)
        let entry = core.record(
            .invocation, service: "lambda", action: input.trigger, resource: target.invokedArn, cause: input.cause,
            detail: "running")
        core.changes.mark(function.arn)
        core.start(.invoke(order(target, input, entry))) { [weak self] event in
            guard let self, case .runtime(let event) = event else { return }
            guard case .invocationEnded(let report) = event else {
                self.environmentReported(event, of: function)
                return
            }
            self.ended(report, target, entry, metrics)
            completion(report)
            self.core.later { self.capacityChanged(function) }
        }
    }

    private func throttleReason(_ function: LambdaFunction, _ region: LambdaRegion) -> ThrottleReason? {
        if let reserved = function.reservedConcurrency {
            return function.running >= reserved ? .reserved : nil
        }
        return region.unreservedRunning >= region.unreservedConcurrency ? .account : nil
    }

    private func ended(_ report: InvocationReport, _ target: InvocationTarget, _ entry: Cause, _ metrics: FunctionMetrics) {
        let function = target.function
        let region = region(function.scope)
        function.running -= 1
        region.running -= 1
        if function.reservedConcurrency == nil { region.unreservedRunning -= 1 }
        metrics.record(core.telemetry, .invocations, 1)
        metrics.record(core.telemetry, .errors, report.functionError == nil ? 0 : 1)
        metrics.record(core.telemetry, .duration, Double(report.durationMicroseconds) / 1000)
        environmentEndedInvocation(report, of: function)
        if let id = entry.entry {
            core.timeline.amend(
                id, error: report.functionError.map { _ in Self.errorType(report) },
                detail: "\(Self.milliseconds(report.durationMicroseconds)) ms" + (report.coldStart ? ", cold start" : ""))
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

    private func order(_ target: InvocationTarget, _ input: InvocationInput, _ entry: Cause) -> InvocationOrder {
        let function = target.function
        let deployment = withCredentials(target)
        let configuration = deployment.configuration
        let environment = FunctionEnvironment(
            functionName: function.name, functionArn: function.arn, version: target.version,
            runtime: configuration.runtime ?? "", handler: configuration.handler ?? "",
            codeDirectory: deployment.codeDirectory, layerDirectories: deployment.layerDirectories,
            variables: configuration.environment?.variables ?? [:], memorySizeMB: configuration.memorySize ?? 128,
            timeoutSeconds: configuration.timeout ?? 3,
            ephemeralStorageMB: configuration.ephemeralStorage?.size ?? 512, region: function.scope.region,
            accountID: function.scope.accountID, logGroup: logGroup(of: configuration, function),
            credentials: deployment.credentials ?? FunctionCredentials(accessKeyID: "", secretAccessKey: "", sessionToken: ""),
            revision: deployment.revision,
            endpointURL: core.configuration.endpoint)
        let date = String(core.now.iso8601().prefix(10).map { $0 == "-" ? "/" : $0 })
        return InvocationOrder(
            requestID: input.requestID, environment: environment,
            newEnvironment: EnvironmentIdentity(bytes: core.identifiers.bytes(16), day: date),
            invokedFunctionArn: target.invokedArn, payload: input.payload,
            traceID: traceHeader(entry), clientContext: input.clientContext,
            clockOffsetMilliseconds: core.clock.offset.wholeMicroseconds / 1000)
    }

    func logGroup(of configuration: Lambda.FunctionConfiguration, _ function: LambdaFunction) -> String {
        configuration.loggingConfig?.logGroup ?? "/aws/lambda/\(function.name)"
    }

    /// AWS: `Root=1-<time>-<24 hex>;Parent=<16 hex>;Sampled=0`.
    private func traceHeader(_ entry: Cause) -> String {
        func hex(_ value: UInt64, _ width: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        let seconds = UInt64(max(0, core.now.epochMilliseconds / 1000))
        return "Root=1-\(hex(seconds, 8))-\(hex(0, 8))\(hex(entry.trace.rawValue, 16));Parent=\(hex(entry.entry?.rawValue ?? 0, 16));Sampled=0"
    }

    /// An invocation ended, a limit or a version changed: what waits may go on.
    func capacityChanged(_ function: LambdaFunction) {
        pumpAsynchronousEvents(of: function)
        core.changes.mark(function.arn)
    }
}
