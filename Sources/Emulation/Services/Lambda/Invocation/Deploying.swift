import AWSModel
import AWSTypes

/// Getting a version ready to run: its code and layers unpacked, new credentials, a new revision.
extension LambdaService {
    /// Starts the work; the version becomes Active, and its update Successful, when it is done.
    func deploy(_ function: LambdaFunction, _ qualifier: String) {
        guard var version = function[version: qualifier] else { return }
        version.deploymentCount += 1
        let count = version.deploymentCount
        function[version: qualifier] = version
        let unpackings = unpackings(of: version, in: function.scope)
        core.start(.work { Self.perform(unpackings) }) { [weak self] event in
            guard case .finished(let result) = event else { return }
            self?.deployed(function, qualifier, count, result)
        }
    }

    private struct Unpacking: Sendable {
        var archive: String
        var directory: String
    }

    private func unpackings(of version: FunctionVersion, in scope: Scope) -> [Unpacking] {
        let layers = (version.configuration.layers ?? []).compactMap { $0.arn.flatMap { layerPackage($0, in: scope) } }
        return ([version.package] + layers).map {
            Unpacking(archive: core.blobs.path($0.archiveName), directory: core.blobs.path($0.codeName))
        }
    }

    /// Off the engine's thread. A folder appears under its name only when it is whole.
    @Sendable private static func perform(_ unpackings: [Unpacking]) -> WorkResult {
        for unpacking in unpackings where !CodeFolder.exists(unpacking.directory) {
            guard let bytes = CodeFolder.read(unpacking.archive) else {
                return .failure(.internalFailure("The archive \(unpacking.archive) cannot be read."))
            }
            do {
                let partial = try CodeFolder.temporaryFolder(beside: unpacking.directory)
                try CodeFolder.unpack(try ZipArchive(bytes), into: partial)
                CodeFolder.move(partial, to: unpacking.directory)
            } catch let error as CodeFolder.DiskError {
                return .failure(.internalFailure(error.sentence))
            } catch CodeFolder.UnpackFailure.disk(let error) {
                return .failure(.internalFailure(error.sentence))
            } catch {
                return .failure(
                    .lambda(
                        "InvalidZipFileException",
                        "Lambda could not unzip the deployment package: \(error).", status: 502))
            }
        }
        return .success(true)
    }

    private func deployed(_ function: LambdaFunction, _ qualifier: String, _ count: Int, _ result: WorkResult) {
        // The function may be gone, or a later deployment under way.
        guard region(function.scope).functions[function.name] === function,
            var version = function[version: qualifier], version.deploymentCount == count
        else { return }
        switch result {
        case .success:
            version.configuration = Self.settled(version.configuration)
            // AWS: becoming ready is a revision of $LATEST; a published version keeps the one that was answered.
            if qualifier == FunctionReference.latest { version.configuration.revisionId = core.identifiers.uuid() }
            version.deployed = deployment(of: version, function)
            core.start(.retire(functionArn: function.arn, version: qualifier))
        case .failure(let error):
            let reason = error.code == "InvalidZipFileException" ? error.code : "InternalError"
            if version.configuration.state == "Pending" {
                version.configuration.state = "Failed"
                version.configuration.stateReason = error.message
                version.configuration.stateReasonCode = reason
            } else {
                version.configuration.lastUpdateStatus = "Failed"
                version.configuration.lastUpdateStatusReason = error.message
                version.configuration.lastUpdateStatusReasonCode = reason
            }
        }
        function[version: qualifier] = version
        save(version, of: function)
        core.later { [unowned self] in
            capacityChanged(function)
            retryMappings(of: function)
            reprovision(version: qualifier, of: function)
        }
    }

    static func settled(_ configuration: Lambda.FunctionConfiguration) -> Lambda.FunctionConfiguration {
        var configuration = configuration
        configuration.state = "Active"
        configuration.stateReason = nil
        configuration.stateReasonCode = nil
        configuration.lastUpdateStatus = "Successful"
        configuration.lastUpdateStatusReason = nil
        configuration.lastUpdateStatusReasonCode = nil
        return configuration
    }

    func deployment(of version: FunctionVersion, _ function: LambdaFunction) -> Deployment {
        let layers = (version.configuration.layers ?? []).compactMap { layer in
            layer.arn.flatMap { layerPackage($0, in: function.scope) }
        }
        return Deployment(
            configuration: version.configuration, codeDirectory: core.blobs.path(version.package.codeName),
            layerDirectories: layers.map { core.blobs.path($0.codeName) }, revision: core.identifiers.hex(16))
    }

    /// AWS: the execution role's session in an environment lives twelve hours at most.
    private static let sessionDuration = Duration.seconds(12 * 3600)
    /// Environments whose credentials would expire sooner are not used any more.
    private static let sessionReserve = Duration.seconds(900)

    /// The deployment with valid credentials of its execution role. New ones come with a new revision, because running
    /// code read the old ones when it started.
    func withCredentials(_ target: InvocationTarget) -> Deployment {
        var deployment = target.deployment
        if deployment.credentials != nil, deployment.credentialsExpire > core.now + Self.sessionReserve {
            return deployment
        }
        let function = target.function
        if let session = core.service(STSService.self)?.issueSession(
            roleArn: deployment.configuration.role ?? "", sessionName: function.name, duration: Self.sessionDuration,
            region: function.scope.region)
        {
            deployment.credentials = FunctionCredentials(
                accessKeyID: session.accessKeyID, secretAccessKey: session.secretAccessKey,
                sessionToken: session.sessionToken)
        } else {
            deployment.credentials = FunctionCredentials(
                accessKeyID: "ASIA" + core.identifiers.upperAlphanumeric(16), secretAccessKey: core.identifiers.hex(40),
                sessionToken: core.identifiers.hex(64))
        }
        deployment.credentialsExpire = core.now + Self.sessionDuration
        deployment.revision = core.identifiers.hex(16)
        if var version = function[version: target.version], version.deployed?.revision == target.deployment.revision {
            version.deployed = deployment
            function[version: target.version] = version
            if target.deployment.credentials != nil { renewProvisioned(target) }
        }
        return deployment
    }

    /// Environments that were started with credentials that expire make room for new ones.
    private func renewProvisioned(_ target: InvocationTarget) {
        guard let config = provisioned(target) else { return }
        release(config, of: target.function)
        reprovision(config.qualifier, of: target.function)
    }
}
