import AWSModel
import AWSTypes

/// What AWS checks about a function's configuration beyond the model's constraints.
enum ConfigurationRules {
    static let maximumZippedSize = 52_428_800
    static let maximumUnzippedSize = 262_144_000
    private static let maximumEnvironmentSize = 4096

    /// Names that the runtime owns.
    private static let reservedVariables: Set<String> = [
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    ]

    static func check(name: String) throws(ServiceError) {
        guard (1...64).contains(name.utf8.count) else {
            throw .lambdaConstraint(name, at: "functionName", "have length less than or equal to 64")
        }
    }

    static func check(timeout: Int?, memorySize: Int?, handler: String?, description: String?) throws(ServiceError) {
        if let timeout, !(1...900).contains(timeout) {
            throw .lambdaConstraint(
                String(timeout), at: "timeout",
                timeout > 900 ? "have value less than or equal to 900" : "have value greater than or equal to 1")
        }
        if let memorySize, !(128...10_240).contains(memorySize) {
            throw .lambdaConstraint(
                String(memorySize), at: "memorySize",
                memorySize > 10_240
                    ? "have value less than or equal to 10240" : "have value greater than or equal to 128")
        }
        if let handler, handler.utf8.count > 128 {
            throw .lambdaConstraint(handler, at: "handler", "have length less than or equal to 128")
        }
        if let description, description.utf16.count > 256 {
            throw .lambdaConstraint(description, at: "description", "have length less than or equal to 256")
        }
    }

    static func check(environment: Lambda.Environment?) throws(ServiceError) {
        guard let variables = environment?.variables, !variables.isEmpty else { return }
        let reserved = variables.keys.filter(reservedVariables.contains).sorted()
        guard reserved.isEmpty else {
            throw .lambdaInvalid(
                "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: \(reserved.joined(separator: ", "))"
            )
        }
        let text = JSONWriter.string(
            .object(DocumentObject(variables.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })))
        guard text.utf8.count <= maximumEnvironmentSize else {
            throw .lambdaInvalid(
                "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: \(text)"
            )
        }
    }

    static func check(ephemeralStorage: Lambda.EphemeralStorage?) throws(ServiceError) {
        guard let size = ephemeralStorage?.size, !(512...10_240).contains(size) else { return }
        throw .lambdaConstraint(
            String(size), at: "ephemeralStorage.size",
            size > 10_240 ? "have value less than or equal to 10240" : "have value greater than or equal to 512")
    }

    static func check(architectures: [String]?) throws(ServiceError) {
        guard let architectures else { return }
        guard architectures.count == 1, let architecture = architectures.first,
            architecture == "x86_64" || architecture == "arm64"
        else {
            throw .lambdaConstraint(
                "[\(architectures.joined(separator: ", "))]", at: "architectures",
                architectures.count > 1
                    ? "have length less than or equal to 1" : "satisfy enum value set: [x86_64, arm64]")
        }
    }

    static func check(deadLetters config: Lambda.DeadLetterConfig?) throws(ServiceError) {
        guard let target = config?.targetArn, !target.isEmpty else { return }
        let parts = target.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 6, parts[2] == "sqs" || parts[2] == "sns" else {
            throw .lambdaInvalid(
                "Provided target arn: \(target) is not a valid dead letter target. Use an SQS queue or an SNS topic.")
        }
        guard !target.hasSuffix(".fifo") else {
            throw .lambdaInvalid(
                "The provided dead letter target \(target) is a FIFO queue; only standard queues are supported.")
        }
    }

    /// What Skua does not run yet is refused at once instead of being taken and ignored.
    static func checkOffered(
        packageType: String?, imageUri: String?, fileSystems: [Lambda.FileSystemConfig]?
    ) throws(ServiceError) {
        if packageType == "Image" || imageUri != nil {
            throw .lambdaInvalid(
                "Skua runs functions from zip archives; container images (PackageType Image) are not available yet.")
        }
        if let fileSystems, !fileSystems.isEmpty {
            throw .lambdaInvalid("Skua has no Amazon EFS: a function with FileSystemConfigs cannot be created.")
        }
    }

    /// How logs are written: what is given, else what was, else Lambda's defaults. AWS: levels belong to JSON only.
    static func logging(
        _ given: Lambda.LoggingConfig?, over current: Lambda.LoggingConfig? = nil, functionName: String
    ) -> Lambda.LoggingConfig {
        var config = Lambda.LoggingConfig()
        config.logFormat = given?.logFormat ?? current?.logFormat ?? "Text"
        config.logGroup = given?.logGroup ?? current?.logGroup ?? "/aws/lambda/\(functionName)"
        if config.logFormat == "JSON" {
            config.applicationLogLevel = given?.applicationLogLevel ?? current?.applicationLogLevel ?? "INFO"
            config.systemLogLevel = given?.systemLogLevel ?? current?.systemLogLevel ?? "INFO"
        }
        return config
    }

    static func vpc(_ given: Lambda.VpcConfig?) -> Lambda.VpcConfigResponse? {
        given.map {
            Lambda.VpcConfigResponse(
                subnetIds: $0.subnetIds ?? [], securityGroupIds: $0.securityGroupIds ?? [],
                vpcId: ($0.subnetIds ?? []).isEmpty ? "" : "vpc-00000000000000000",
                ipv6AllowedForDualStack: $0.ipv6AllowedForDualStack ?? false)
        }
    }

    /// Reads a deployment package's contents without unpacking it.
    static func archive(_ bytes: [UInt8]) throws(ServiceError) -> ZipArchive {
        guard !bytes.isEmpty else { throw .lambdaInvalid("Uploaded file must be a non-empty zip") }
        guard bytes.count <= maximumZippedSize else {
            throw .lambda(
                "RequestEntityTooLargeException", "Zipped size must be smaller than \(maximumZippedSize) bytes",
                status: 413)
        }
        let archive: ZipArchive
        do throws(ZipArchive.Failure) {
            archive = try ZipArchive(bytes)
        } catch {
            throw .lambdaInvalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
        }
        guard archive.entries.contains(where: { !$0.isDirectory }) else {
            throw .lambdaInvalid("Uploaded file must be a non-empty zip")
        }
        guard archive.entries.allSatisfy({ CodeFolder.safePath($0.name) != nil }) else {
            throw .lambdaInvalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
        }
        guard archive.unpackedSize <= maximumUnzippedSize else {
            throw .lambdaInvalid("Unzipped size must be smaller than \(maximumUnzippedSize) bytes")
        }
        return archive
    }
}
