import AWSModel
import AWSTypes

extension LambdaService {
    func updateFunctionCode(
        _ input: Lambda.UpdateFunctionCodeRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.FunctionConfiguration {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        core.attribute(call, to: reference.functionArn)
        let function = try function(reference)
        try checkRevision(input.revisionId, of: function)
        try ConfigurationRules.check(architectures: input.architectures)
        guard input.imageUri == nil else {
            throw .lambdaInvalid("Please don't provide ImageUri when updating a function with packageType Zip.")
        }
        try checkSigning(function.codeSigningConfigArn, function.name, call)
        let bytes = try code(zipFile: input.zipFile, s3Bucket: input.s3Bucket, s3Key: input.s3Key, call)
        let archive = try ConfigurationRules.archive(bytes)
        if let runtime = function.latest.configuration.runtime {
            try RuntimeCatalog.checkUpdate(
                runtime, at: core.now, allowsRecent: core.configuration.hasTestHooks)
        }
        let arns = (function.latest.configuration.layers ?? []).compactMap(\.arn)
        _ = try checkLayers(
            arns, codeSize: archive.unpackedSize, in: function.scope, kept: function.latest.configuration.layers)
        try checkIsSettled(function)

        var configuration = function.latest.configuration
        configuration.codeSize = bytes.count
        configuration.codeSha256 = ArchiveChecksum.codeSha256(bytes)
        configuration.lastModified = lastModified
        configuration.architectures = input.architectures ?? configuration.architectures
        configuration.revisionId = core.identifiers.uuid()
        // AWS: a dry run answers what would be and changes nothing.
        if input.dryRun == true { return configuration }

        let replaced = function.latest.package
        function.latest.package = try store(bytes, reference)
        function.latest.configuration = beginUpdate(configuration)
        save(function.latest, of: function)
        var answer = function.latest.configuration
        if input.publish == true { answer = publish(function, description: configuration.description ?? "") }
        deploy(function, FunctionReference.latest)
        discard(replaced, of: function)
        return answer
    }

    func updateFunctionConfiguration(
        _ input: Lambda.UpdateFunctionConfigurationRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.FunctionConfiguration {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        core.attribute(call, to: reference.functionArn)
        let function = try function(reference)
        try checkRevision(input.revisionId, of: function)
        try ConfigurationRules.check(
            timeout: input.timeout, memorySize: input.memorySize, handler: input.handler, description: input.description
        )
        try ConfigurationRules.check(environment: input.environment)
        try ConfigurationRules.check(ephemeralStorage: input.ephemeralStorage)
        try ConfigurationRules.check(deadLetters: input.deadLetterConfig)
        try ConfigurationRules.checkOffered(packageType: nil, imageUri: nil, fileSystems: input.fileSystemConfigs)
        var configuration = function.latest.configuration
        if let runtime = input.runtime ?? configuration.runtime {
            try RuntimeCatalog.checkUpdate(
                runtime, at: core.now, allowsRecent: core.configuration.hasTestHooks)
        }
        if let runtime = input.runtime {
            try checkRunsHere(runtime)
            configuration.runtime = runtime
            configuration.runtimeVersionConfig = Lambda.RuntimeVersionConfig(
                runtimeVersionArn: RuntimeCatalog.versionArn(runtime, scope: function.scope))
        }
        if let layers = input.layers {
            let size = unpackedSize(function.latest.package)
            let checked = try checkLayers(
                layers, codeSize: size, in: function.scope, kept: configuration.layers)
            configuration.layers = checked.isEmpty ? nil : checked
        }
        try checkIsSettled(function)

        if let role = input.role {
            try checkAssumable(role)
            configuration.role = role
        }
        configuration.handler = input.handler ?? configuration.handler
        configuration.description = input.description ?? configuration.description
        configuration.timeout = input.timeout ?? configuration.timeout
        configuration.memorySize = input.memorySize ?? configuration.memorySize
        configuration.vpcConfig = ConfigurationRules.vpc(input.vpcConfig) ?? configuration.vpcConfig
        if let environment = input.environment {
            configuration.environment = Lambda.EnvironmentResponse(variables: environment.variables ?? [:])
        }
        if let deadLetters = input.deadLetterConfig {
            configuration.deadLetterConfig = deadLetters.targetArn?.isEmpty == false ? deadLetters : nil
        }
        if let key = input.kmsKeyArn { configuration.kmsKeyArn = key.isEmpty ? nil : key }
        if let mode = input.tracingConfig?.mode {
            configuration.tracingConfig = Lambda.TracingConfigResponse(mode: mode)
        }
        configuration.ephemeralStorage = input.ephemeralStorage ?? configuration.ephemeralStorage
        if let applyOn = input.snapStart?.applyOn {
            configuration.snapStart = Lambda.SnapStartResponse(applyOn: applyOn, optimizationStatus: "Off")
        }
        if let logging = input.loggingConfig {
            configuration.loggingConfig = ConfigurationRules.logging(
                logging, over: configuration.loggingConfig, functionName: function.name)
        }
        configuration.lastModified = lastModified
        configuration.revisionId = core.identifiers.uuid()
        function.latest.configuration = beginUpdate(configuration)
        save(function.latest, of: function)
        deploy(function, FunctionReference.latest)
        return function.latest.configuration
    }

    private func beginUpdate(_ configuration: Lambda.FunctionConfiguration) -> Lambda.FunctionConfiguration {
        var configuration = configuration
        configuration.lastUpdateStatus = "InProgress"
        configuration.lastUpdateStatusReason = "The function is being created."
        configuration.lastUpdateStatusReasonCode = "Creating"
        return configuration
    }

    func checkRevision(_ revision: String?, of function: LambdaFunction) throws(ServiceError) {
        guard revision == nil || revision == function.latest.configuration.revisionId else {
            throw .lambdaRevisionMismatch
        }
    }

    /// AWS: one change at a time.
    func checkIsSettled(_ function: LambdaFunction) throws(ServiceError) {
        if function.latest.configuration.lastUpdateStatus == "InProgress" {
            throw .lambdaUpdateInProgress(function.arn)
        }
        if function.latest.configuration.state == "Pending" {
            throw .lambdaConflict(
                "The operation cannot be performed at this time. The function is currently in the following state: Pending"
            )
        }
    }

    func unpackedSize(_ package: CodePackage) -> Int {
        guard let bytes = core.blobs.read(package.archiveName), let archive = try? ZipArchive(bytes) else { return 0 }
        return archive.unpackedSize
    }

    func deleteFunction(
        _ input: Lambda.DeleteFunctionRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.DeleteFunctionResponse {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        if let qualifier = reference.qualifier {
            try deleteVersion(qualifier, reference)
        } else {
            delete(try function(reference))
        }
        return Lambda.DeleteFunctionResponse(statusCode: 204)
    }

    private func deleteVersion(_ qualifier: String, _ reference: FunctionReference) throws(ServiceError) {
        guard qualifier != FunctionReference.latest else {
            throw .lambdaInvalid("$LATEST version cannot be deleted without deleting the function.")
        }
        guard let number = FunctionReference.versionNumber(qualifier) else {
            throw .lambdaInvalid("Deletion of aliases is not currently supported.")
        }
        guard let function = existingFunction(reference) else { throw .functionNotFound(reference.functionArn) }
        let aliases = function.aliases.values.filter {
            $0.functionVersion == qualifier || $0.weights[qualifier] != nil
        }
        guard aliases.isEmpty else {
            let names = aliases.map { "\(function.arn):\($0.name)" }.sorted().joined(separator: ", ")
            throw .lambdaConflict(
                "The version \(reference.arn) is referenced by the aliases [\(names)] and cannot be deleted.")
        }
        // AWS: deleting a version that isn't there succeeds.
        guard let removed = function.published.removeValue(forKey: number) else { return }
        if let config = function.provisioned.removeValue(forKey: qualifier) {
            release(config, of: function)
            provisionedChanged(function)
        }
        LambdaStore.remove(.version, function.name, part: qualifier, in: function.scope, core.journal)
        core.start(.retire(functionArn: function.arn, version: qualifier))
        discard(removed.package, of: function)
        core.changes.mark(function.arn)
    }

    private func delete(_ function: LambdaFunction) {
        let region = region(function.scope)
        region.functions[function.name] = nil
        region.recount()
        for config in function.provisioned.values { release(config, of: function) }
        LambdaStore.remove(.function, function.name, in: function.scope, core.journal)
        for version in function.versions {
            LambdaStore.remove(.version, function.name, part: version.version, in: function.scope, core.journal)
        }
        dropAsynchronousEvents(of: function)
        core.start(.retire(functionArn: function.arn, version: nil))
        core.start(.removeFiles(Set(function.versions.map(\.package.folder)).sorted().map(core.blobs.path)))
        core.changes.mark(function.arn)
        core.changes.mark("lambda:functions")
    }

    /// Removes an archive that no version needs any more, once environments that still run from it had time to end.
    private func discard(_ package: CodePackage, of function: LambdaFunction) {
        guard !function.versions.contains(where: { $0.package == package }) else { return }
        let label = TimerLabel(kind: "DiscardCode", resourceArn: function.arn, isInternal: true)
        core.schedule(at: core.now + .seconds(900), label) { [unowned self] in
            core.start(.removeFiles([core.blobs.path(package.folder)]))
        }
    }
}
