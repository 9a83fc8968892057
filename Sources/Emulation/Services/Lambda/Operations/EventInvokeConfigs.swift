import AWSModel
import AWSTypes

extension LambdaService {
    func putFunctionEventInvokeConfig(
        _ input: Lambda.PutFunctionEventInvokeConfigRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.FunctionEventInvokeConfig {
        let (function, qualifier) = try invokeConfigOwner(input.functionName, input.qualifier, call)
        try checkAnythingGiven(input.maximumRetryAttempts, input.maximumEventAgeInSeconds, input.destinationConfig)
        try check(input.destinationConfig, of: function)
        let config = EventInvokeConfig(
            maximumRetryAttempts: input.maximumRetryAttempts, maximumEventAgeSeconds: input.maximumEventAgeInSeconds,
            onSuccess: input.destinationConfig?.onSuccess?.destination.nonEmpty,
            onFailure: input.destinationConfig?.onFailure?.destination.nonEmpty, lastModified: core.now)
        return keep(config, qualifier, function)
    }

    func updateFunctionEventInvokeConfig(
        _ input: Lambda.UpdateFunctionEventInvokeConfigRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.FunctionEventInvokeConfig {
        let (function, qualifier) = try invokeConfigOwner(input.functionName, input.qualifier, call)
        try checkAnythingGiven(input.maximumRetryAttempts, input.maximumEventAgeInSeconds, input.destinationConfig)
        try check(input.destinationConfig, of: function)
        var config = try invokeConfig(qualifier, function)
        config.maximumRetryAttempts = input.maximumRetryAttempts ?? config.maximumRetryAttempts
        config.maximumEventAgeSeconds = input.maximumEventAgeInSeconds ?? config.maximumEventAgeSeconds
        if let success = input.destinationConfig?.onSuccess { config.onSuccess = success.destination.nonEmpty }
        if let failure = input.destinationConfig?.onFailure { config.onFailure = failure.destination.nonEmpty }
        config.lastModified = core.now
        return keep(config, qualifier, function)
    }

    func getFunctionEventInvokeConfig(
        _ input: Lambda.GetFunctionEventInvokeConfigRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.FunctionEventInvokeConfig {
        let (function, qualifier) = try configured(input.functionName, input.qualifier, call)
        return try invokeConfig(qualifier, function).configuration(functionArn: function.arn, qualifier: qualifier)
    }

    func deleteFunctionEventInvokeConfig(
        _ input: Lambda.DeleteFunctionEventInvokeConfigRequest, _ call: Call
    ) throws(ServiceError) -> Unit {
        let (function, qualifier) = try configured(input.functionName, input.qualifier, call)
        _ = try invokeConfig(qualifier, function)
        function.eventInvokeConfigs[qualifier] = nil
        save(function)
        return Unit()
    }

    func listFunctionEventInvokeConfigs(
        _ input: Lambda.ListFunctionEventInvokeConfigsRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.ListFunctionEventInvokeConfigsResponse {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        core.attribute(call, to: reference.functionArn)
        guard let function = existingFunction(reference) else { throw Self.noFunction }
        let configs = function.eventInvokeConfigs.sorted { $0.key < $1.key }.map { qualifier, config in
            config.configuration(functionArn: function.arn, qualifier: qualifier)
        }
        let (page, next) = try lambdaPage(configs, after: input.marker, limit: input.maxItems) { $0.functionArn ?? "" }
        return Lambda.ListFunctionEventInvokeConfigsResponse(functionEventInvokeConfigs: page, nextMarker: next)
    }

    private static let noFunction = ServiceError.lambdaNotFound("The function doesn't exist.")

    private func invokeConfigOwner(
        _ name: String, _ qualifier: String?, _ call: Call
    ) throws(ServiceError) -> (LambdaFunction, String) {
        let reference = try FunctionReference(name, qualifier: qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        guard let function = existingFunction(reference) else { throw Self.noFunction }
        let qualifier = reference.qualifier ?? FunctionReference.latest
        let exists =
            FunctionReference.isAlias(qualifier)
            ? function.aliases[qualifier] != nil : function[version: qualifier] != nil
        guard exists else { throw Self.noFunction }
        return (function, qualifier)
    }

    /// AWS: who asks for a configuration is told that it is missing, even where the function is.
    private func configured(
        _ name: String, _ qualifier: String?, _ call: Call
    ) throws(ServiceError) -> (LambdaFunction, String) {
        let reference = try FunctionReference(name, qualifier: qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        let qualifier = reference.qualifier ?? FunctionReference.latest
        guard let function = existingFunction(reference) else {
            throw Self.noInvokeConfig("\(reference.functionArn):\(qualifier)")
        }
        return (function, qualifier)
    }

    private static func noInvokeConfig(_ arn: String) -> ServiceError {
        .lambdaNotFound("The function \(arn) doesn't have an EventInvokeConfig")
    }

    private func invokeConfig(_ qualifier: String, _ function: LambdaFunction) throws(ServiceError) -> EventInvokeConfig
    {
        guard let config = function.eventInvokeConfigs[qualifier] else {
            throw Self.noInvokeConfig("\(function.arn):\(qualifier)")
        }
        return config
    }

    private func keep(
        _ config: EventInvokeConfig, _ qualifier: String, _ function: LambdaFunction
    ) -> Lambda.FunctionEventInvokeConfig {
        function.eventInvokeConfigs[qualifier] = config
        save(function)
        return config.configuration(functionArn: function.arn, qualifier: qualifier)
    }

    private func checkAnythingGiven(
        _ retries: Int?, _ age: Int?, _ destinations: Lambda.DestinationConfig?
    ) throws(ServiceError) {
        guard retries != nil || age != nil || destinations != nil else {
            throw .lambdaInvalid("You must specify at least one of error handling or destination setting.")
        }
    }

    private func check(_ config: Lambda.DestinationConfig?, of function: LambdaFunction) throws(ServiceError) {
        for (path, target) in [
            ("onFailure", config?.onFailure?.destination), ("onSuccess", config?.onSuccess?.destination),
        ] {
            guard let target = target.nonEmpty else { continue }
            let parts = target.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count >= 6, parts[0] == "arn" else {
                throw .lambdaConstraint(
                    target, at: "destinationConfig.\(path).destination",
                    #"satisfy regular expression pattern: $|kafka://([^.]([a-zA-Z0-9\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1})?:(\d{12})?:(.*)"#
                )
            }
            switch parts[2] {
            case "lambda":
                let reference = try FunctionReference(target, from: function.scope)
                guard reference.functionArn != function.arn else {
                    throw .lambdaInvalid("You can't specify the function as a destination for itself.")
                }
                guard existingFunction(reference) != nil else {
                    throw .lambdaInvalid("The destination ARN \(target) is invalid.")
                }
            case "sqs":
                let isKnown = core.service(SQSService.self)?.isFIFO(queueArn: target)
                guard isKnown == false else { throw .lambdaInvalid("The destination ARN \(target) is invalid.") }
            case "sns":
                guard !target.hasSuffix(".fifo") else {
                    throw .lambdaInvalid("The destination ARN \(target) is invalid.")
                }
            case "events":
                guard parts[5].hasPrefix("event-bus/") else {
                    throw .lambdaInvalid("The destination ARN \(target) is invalid.")
                }
            // AWS: a bucket takes what failed only.
            case "s3" where path == "onFailure": break
            default: throw .lambdaInvalid("The provided destination config \(Self.shown(config)) is invalid.")
            }
        }
    }

    /// As AWS's own code prints it.
    private static func shown(_ config: Lambda.DestinationConfig?) -> String {
        func part(_ name: String, _ destination: String??) -> String {
            guard let destination else { return "null" }
            return "\(name)(destination=\(destination ?? "null"))"
        }
        let success = part("OnSuccess", config?.onSuccess.map(\.destination))
        let failure = part("OnFailure", config?.onFailure.map(\.destination))
        return "DestinationConfig(onSuccess=\(success), onFailure=\(failure))"
    }
}

extension String? {
    /// Nil also for the empty string, by which requests take a setting away.
    var nonEmpty: String? { self?.isEmpty == false ? self : nil }
}
