import AWSModel
import AWSTypes

extension LambdaService {
    func publishVersion(
        _ input: Lambda.PublishVersionRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.FunctionConfiguration {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        core.attribute(call, to: reference.functionArn)
        let function = try function(reference)
        try checkRevision(input.revisionId, of: function)
        try checkIsSettled(function)
        let current = function.latest.configuration.codeSha256 ?? ""
        if let wanted = input.codeSha256, wanted != current {
            throw .lambdaInvalid(
                "CodeSHA256 (\(wanted)) is different from current CodeSHA256 in $LATEST (\(current)). Please try again with the CodeSHA256 in $LATEST."
            )
        }
        return publish(function, description: input.description)
    }

    /// AWS: where nothing changed since the last version, that version is the answer.
    func publish(_ function: LambdaFunction, description: String?) -> Lambda.FunctionConfiguration {
        if let newest = function.published[function.lastVersion], isUnchanged(newest, function.latest) {
            return qualifiedByVersion(newest.configuration, function)
        }
        function.lastVersion += 1
        let number = String(function.lastVersion)
        var configuration = function.latest.configuration
        configuration.version = number
        configuration.description = description ?? configuration.description
        configuration.revisionId = core.identifiers.uuid()
        configuration.state = "Pending"
        configuration.stateReason = "The function is being created."
        configuration.stateReasonCode = "Creating"
        configuration.lastUpdateStatus = nil
        configuration.lastUpdateStatusReason = nil
        configuration.lastUpdateStatusReasonCode = nil
        let hasSnapshot = configuration.snapStart?.applyOn == "PublishedVersions"
        if hasSnapshot { configuration.snapStart?.optimizationStatus = "On" }
        // AWS: what $LATEST runs already is ready at once as a version, unless a snapshot is taken of it.
        let isReady = isSettled(function) && !hasSnapshot
        if isReady { configuration = Self.settled(configuration) }
        var version = FunctionVersion(configuration: configuration, package: function.latest.package)
        version.sourceDescription = function.latest.configuration.description ?? ""
        if isReady { version.deployed = deployment(of: version, function) }
        function.published[function.lastVersion] = version
        // AWS: publishing counts as a change of $LATEST.
        function.latest.configuration.revisionId = core.identifiers.uuid()
        save(function)
        save(version, of: function)
        save(function.latest, of: function)
        if !isReady { deploy(function, number) }
        return qualifiedByVersion(configuration, function)
    }

    private func isSettled(_ function: LambdaFunction) -> Bool {
        function.latest.configuration.state == "Active"
            && function.latest.configuration.lastUpdateStatus == "Successful"
    }

    private func qualifiedByVersion(
        _ configuration: Lambda.FunctionConfiguration, _ function: LambdaFunction
    ) -> Lambda.FunctionConfiguration {
        var configuration = configuration
        configuration.functionArn = "\(function.arn):\(configuration.version ?? FunctionReference.latest)"
        return configuration
    }

    /// What makes two versions different.
    /// AWS: the same archive uploaded again changes nothing. A version may be described otherwise than $LATEST was.
    private func isUnchanged(_ version: FunctionVersion, _ latest: FunctionVersion) -> Bool {
        let description = version.sourceDescription ?? latest.configuration.description ?? ""
        return description == latest.configuration.description ?? ""
            && comparable(version.configuration) == comparable(latest.configuration)
    }

    private func comparable(_ configuration: Lambda.FunctionConfiguration) -> Lambda.FunctionConfiguration {
        var configuration = configuration
        configuration.functionArn = nil
        configuration.version = nil
        configuration.revisionId = nil
        configuration.description = nil
        configuration.lastModified = nil
        configuration.state = nil
        configuration.stateReason = nil
        configuration.stateReasonCode = nil
        configuration.lastUpdateStatus = nil
        configuration.lastUpdateStatusReason = nil
        configuration.lastUpdateStatusReasonCode = nil
        configuration.snapStart?.optimizationStatus = nil
        return configuration
    }
}
