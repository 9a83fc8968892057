import AWSModel
import AWSTypes

extension LambdaService {
    func createFunction(
        _ input: Lambda.CreateFunctionRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.FunctionConfiguration {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        core.attribute(call, to: reference.functionArn)
        // AWS: nobody makes functions for another account.
        guard reference.scope.accountID == call.scope.accountID else {
            throw ServiceError("AccessDeniedException", "", status: 403)
        }
        try ConfigurationRules.check(name: reference.name)
        try ConfigurationRules.check(
            timeout: input.timeout, memorySize: input.memorySize, handler: input.handler, description: input.description
        )
        try ConfigurationRules.check(environment: input.environment)
        try ConfigurationRules.check(ephemeralStorage: input.ephemeralStorage)
        try ConfigurationRules.check(architectures: input.architectures)
        try ConfigurationRules.check(deadLetters: input.deadLetterConfig)
        try ConfigurationRules.checkOffered(
            packageType: input.packageType, imageUri: input.code.imageUri, fileSystems: input.fileSystemConfigs)
        guard let runtime = input.runtime, !runtime.isEmpty, let handler = input.handler, !handler.isEmpty else {
            throw .lambdaInvalid(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages.")
        }
        try RuntimeCatalog.checkCreate(
            runtime, at: core.now, allowsRecent: core.configuration.hasTestHooks)
        try checkRunsHere(runtime)
        try checkAssumable(input.role)
        try checkTags(input.tags ?? [:])
        try checkSigning(input.codeSigningConfigArn, reference.name, call)
        let region = region(reference.scope)
        guard region.functions[reference.name] == nil else {
            throw .lambdaConflict("Function already exist: \(reference.name)")
        }
        let bytes = try code(
            zipFile: input.code.zipFile, s3Bucket: input.code.s3Bucket, s3Key: input.code.s3Key, call)
        let archive = try ConfigurationRules.archive(bytes)
        let layers = try checkLayers(input.layers ?? [], codeSize: archive.unpackedSize, in: reference.scope)
        let package = try store(bytes, reference)

        var configuration = Lambda.FunctionConfiguration(
            functionName: reference.name, functionArn: reference.functionArn, runtime: runtime, role: input.role,
            handler: handler, codeSize: bytes.count, description: input.description ?? "", timeout: input.timeout ?? 3,
            memorySize: input.memorySize ?? 128, lastModified: lastModified,
            codeSha256: ArchiveChecksum.codeSha256(bytes), version: FunctionReference.latest)
        configuration.vpcConfig = ConfigurationRules.vpc(input.vpcConfig)
        configuration.deadLetterConfig =
            input.deadLetterConfig?.targetArn?.isEmpty == false ? input.deadLetterConfig : nil
        configuration.environment = input.environment.map { Lambda.EnvironmentResponse(variables: $0.variables ?? [:]) }
        configuration.kmsKeyArn = input.kmsKeyArn
        configuration.tracingConfig = Lambda.TracingConfigResponse(mode: input.tracingConfig?.mode ?? "PassThrough")
        configuration.revisionId = core.identifiers.uuid()
        configuration.layers = layers.isEmpty ? nil : layers
        configuration.packageType = "Zip"
        configuration.architectures = input.architectures ?? ["x86_64"]
        configuration.ephemeralStorage = Lambda.EphemeralStorage(size: input.ephemeralStorage?.size ?? 512)
        configuration.snapStart = Lambda.SnapStartResponse(
            applyOn: input.snapStart?.applyOn ?? "None", optimizationStatus: "Off")
        configuration.runtimeVersionConfig = Lambda.RuntimeVersionConfig(
            runtimeVersionArn: RuntimeCatalog.versionArn(runtime, scope: reference.scope))
        configuration.loggingConfig = ConfigurationRules.logging(input.loggingConfig, functionName: reference.name)
        configuration.state = "Pending"
        configuration.stateReason = "The function is being created."
        configuration.stateReasonCode = "Creating"

        let function = LambdaFunction(
            scope: reference.scope, name: reference.name,
            latest: FunctionVersion(configuration: configuration, package: package))
        function.tags = input.tags ?? [:]
        function.codeSigningConfigArn = input.codeSigningConfigArn
        region.functions[reference.name] = function
        save(function)
        save(function.latest, of: function)
        var answer = configuration
        if input.publish == true {
            answer = publish(function, description: input.description ?? "")
            // AWS: only here is a version answered under the function's own ARN.
            answer.functionArn = function.arn
        }
        deploy(function, FunctionReference.latest)
        return answer
    }

    /// The bytes of a deployment package, from where the request says.
    func code(
        zipFile: [UInt8]?, s3Bucket: String?, s3Key: String?, _ call: Call
    ) throws(ServiceError) -> [UInt8] {
        if let zipFile {
            guard s3Bucket == nil, s3Key == nil else {
                throw .lambdaInvalid("Please do not provide other FunctionCode parameters when providing a ZipFile.")
            }
            return zipFile
        }
        guard let s3Bucket, let s3Key else {
            throw .lambdaInvalid("Please provide a source for function code.")
        }
        do throws(ServiceError) {
            guard let bytes = try core.service(S3Service.self)?.bytes(of: s3Key, in: s3Bucket, for: call.scope) else {
                throw .noSuchBucket(s3Bucket)
            }
            return bytes
        } catch {
            throw .lambdaInvalid(
                "Error occurred while GetObject. S3 Error Code: \(error.code). S3 Error Message: \(error.message)")
        }
    }

    /// The role's trust policy must let Lambda in.
    func checkAssumable(_ role: String) throws(ServiceError) {
        guard core.service(IAMService.self)?.canBeAssumed(roleArn: role, by: "lambda.amazonaws.com") ?? true else {
            throw .lambdaInvalid("The role defined for the function cannot be assumed by Lambda.")
        }
    }

    /// Test suites create functions that they never invoke: where they have hooks, it is the invocation that fails.
    func checkRunsHere(_ runtime: String) throws(ServiceError) {
        guard !core.configuration.hasTestHooks else { return }
        if case .missing(let reason) = runtimeAvailability(runtime) {
            throw .lambdaInvalid("The runtime \(runtime) cannot run on this computer: \(reason)")
        }
    }

    /// Keeps the archive before the row that names it.
    func store(_ bytes: [UInt8], _ reference: FunctionReference) throws(ServiceError) -> CodePackage {
        let token = core.identifiers.hex(32)
        let folder = "functions/\(reference.scope.accountID)/\(reference.scope.region)/\(reference.name)/\(token)"
        let package = CodePackage(token: token, folder: folder)
        try write(bytes, to: package.archiveName)
        return package
    }

    func write(_ bytes: [UInt8], to name: String) throws(ServiceError) {
        do throws(StorageError) {
            try core.blobs.write(bytes, to: name)
        } catch {
            throw .unavailable(error.description)
        }
    }
}
