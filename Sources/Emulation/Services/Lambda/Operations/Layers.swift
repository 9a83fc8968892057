import AWSModel
import AWSTypes

extension LambdaService {
    func publishLayerVersion(
        _ input: Lambda.PublishLayerVersionRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.PublishLayerVersionResponse {
        let reference = try LayerReference(input.layerName, from: call.scope)
        core.attribute(call, to: reference.layerArn)
        let bytes = try code(
            zipFile: input.content.zipFile, s3Bucket: input.content.s3Bucket, s3Key: input.content.s3Key,
            call)
        let archive = try ConfigurationRules.archive(bytes)
        let token = core.identifiers.hex(32)
        let package = CodePackage(
            token: token,
            folder: "layers/\(reference.scope.accountID)/\(reference.scope.region)/\(reference.name)/\(token)")
        try write(bytes, to: package.archiveName)

        let region = region(reference.scope)
        let layer = region.layers[reference.name] ?? LambdaLayer(name: reference.name, arn: reference.layerArn)
        region.layers[reference.name] = layer
        layer.lastVersion += 1
        let version = LayerVersion(
            version: layer.lastVersion, description: input.description ?? "", created: lastModified,
            compatibleRuntimes: input.compatibleRuntimes, compatibleArchitectures: input.compatibleArchitectures,
            licenseInfo: input.licenseInfo, codeSha256: ArchiveChecksum.codeSha256(bytes), codeSize: bytes.count,
            unpackedSize: archive.unpackedSize, package: package)
        layer.versions[version.version] = version
        LambdaStore.save(
            .layer, layer.name, ["LastVersion": .integer(Int64(layer.lastVersion))], in: reference.scope, core.journal)
        save(version, of: layer, in: reference.scope)
        return Lambda.PublishLayerVersionResponse(
            content: content(version, call), layerArn: layer.arn, layerVersionArn: "\(layer.arn):\(version.version)",
            description: version.description, createdDate: version.created, version: version.version,
            compatibleRuntimes: version.compatibleRuntimes, licenseInfo: version.licenseInfo,
            compatibleArchitectures: version.compatibleArchitectures)
    }

    func getLayerVersion(
        _ input: Lambda.GetLayerVersionRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.GetLayerVersionResponse {
        let reference = try LayerReference(input.layerName, from: call.scope)
        core.attribute(call, to: reference.layerArn)
        guard input.versionNumber > 0 else { throw .lambdaInvalid("Layer Version Cannot be less than 1") }
        let (layer, version) = try layerVersion(reference, input.versionNumber)
        return described(version, of: layer, call)
    }

    func getLayerVersionByArn(
        _ input: Lambda.GetLayerVersionByArnRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.GetLayerVersionResponse {
        let reference = try LayerReference(input.arn, from: call.scope)
        core.attribute(call, to: input.arn)
        guard let number = reference.version else {
            throw .lambdaConstraint(
                input.arn, at: "arn",
                #"satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+)|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+)"#
            )
        }
        let (layer, version) = try layerVersion(reference, number)
        return described(version, of: layer, call)
    }

    func listLayers(_ input: Lambda.ListLayersRequest, _ call: Call) throws(ServiceError) -> Lambda.ListLayersResponse {
        var items: [Lambda.LayersListItem] = []
        for layer in region(call.scope).layers.values.sorted(by: { $0.name < $1.name }) {
            let matching = layer.visibleVersions.filter {
                $0.runs(input.compatibleRuntime, on: input.compatibleArchitecture)
            }
            guard let newest = matching.max(by: { $0.version < $1.version }) else { continue }
            items.append(
                Lambda.LayersListItem(
                    layerName: layer.name, layerArn: layer.arn, latestMatchingVersion: listed(newest, of: layer)))
        }
        let (page, next) = try lambdaPage(items, after: input.marker, limit: input.maxItems) { $0.layerName ?? "" }
        return Lambda.ListLayersResponse(nextMarker: next, layers: page)
    }

    func listLayerVersions(
        _ input: Lambda.ListLayerVersionsRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.ListLayerVersionsResponse {
        let reference = try LayerReference(input.layerName, from: call.scope)
        core.attribute(call, to: reference.layerArn)
        // AWS: a layer nobody made has no versions, and that is no error.
        guard let layer = regions[reference.scope]?.layers[reference.name] else {
            return Lambda.ListLayerVersionsResponse(layerVersions: [])
        }
        let versions = layer.visibleVersions
            .filter { $0.runs(input.compatibleRuntime, on: input.compatibleArchitecture) }
            .sorted { $0.version > $1.version }
            .map { listed($0, of: layer) }
        let (page, next) = try lambdaPage(versions, after: input.marker, limit: input.maxItems) {
            $0.layerVersionArn ?? ""
        }
        return Lambda.ListLayerVersionsResponse(nextMarker: next, layerVersions: page)
    }

    func deleteLayerVersion(_ input: Lambda.DeleteLayerVersionRequest, _ call: Call) throws(ServiceError) -> Unit {
        let reference = try LayerReference(input.layerName, from: call.scope)
        core.attribute(call, to: reference.layerArn)
        guard input.versionNumber > 0 else { throw .lambdaInvalid("Layer Version Cannot be less than 1") }
        // AWS: deleting what isn't there succeeds.
        guard let layer = regions[reference.scope]?.layers[reference.name],
            var version = layer.versions[input.versionNumber], !version.isDeleted
        else { return Unit() }
        version.isDeleted = true
        layer.versions[version.version] = version
        save(version, of: layer, in: reference.scope)
        return Unit()
    }

    // MARK: Who may use a layer

    func addLayerVersionPermission(
        _ input: Lambda.AddLayerVersionPermissionRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.AddLayerVersionPermissionResponse {
        let reference = try LayerReference(input.layerName, from: call.scope)
        core.attribute(call, to: reference.layerArn)
        var (layer, version) = try policyOwner(reference, input.versionNumber)
        guard input.action == "lambda:GetLayerVersion" else {
            throw .lambdaConstraint(
                input.action, at: "action", "satisfy regular expression pattern: lambda:GetLayerVersion")
        }
        var policy = version.policy ?? ResourcePolicy(statements: [], revisionID: "")
        guard input.revisionId == nil || input.revisionId == policy.revisionID else {
            throw Self.policyRevisionMismatch
        }
        guard !policy.statements.contains(where: { $0.string("Sid") == input.statementId }) else {
            throw .lambdaConflict(
                "The statement id (\(input.statementId)) provided already exists. Please provide a new statement id, or remove the existing statement."
            )
        }
        var statement: DocumentObject = ["Sid": .string(input.statementId), "Effect": "Allow"]
        statement["Principal"] =
            input.principal == "*"
            ? "*" : ["AWS": .string("arn:\(reference.scope.partition):iam::\(input.principal):root")]
        statement["Action"] = .string(input.action)
        statement["Resource"] = .string("\(layer.arn):\(version.version)")
        if let organization = input.organizationId {
            statement["Condition"] = ["StringEquals": ["aws:PrincipalOrgID": .string(organization)]]
        }
        policy.statements.append(statement)
        policy.revisionID = core.identifiers.uuid()
        version.policy = policy
        layer.versions[version.version] = version
        save(version, of: layer, in: reference.scope)
        return Lambda.AddLayerVersionPermissionResponse(
            statement: JSONWriter.string(.object(statement)), revisionId: policy.revisionID)
    }

    func removeLayerVersionPermission(
        _ input: Lambda.RemoveLayerVersionPermissionRequest, _ call: Call
    ) throws(ServiceError) -> Unit {
        let reference = try LayerReference(input.layerName, from: call.scope)
        core.attribute(call, to: reference.layerArn)
        var (layer, version) = try policyOwner(reference, input.versionNumber)
        guard var policy = version.policy else { throw Self.noPolicy }
        guard let index = policy.statements.firstIndex(where: { $0.string("Sid") == input.statementId }) else {
            throw .lambdaNotFound("Statement \(input.statementId) is not found in resource policy.")
        }
        guard input.revisionId == nil || input.revisionId == policy.revisionID else {
            throw Self.policyRevisionMismatch
        }
        policy.statements.remove(at: index)
        policy.revisionID = core.identifiers.uuid()
        version.policy = policy.statements.isEmpty ? nil : policy
        layer.versions[version.version] = version
        save(version, of: layer, in: reference.scope)
        return Unit()
    }

    func getLayerVersionPolicy(
        _ input: Lambda.GetLayerVersionPolicyRequest, _ call: Call
    ) throws(ServiceError) -> Lambda.GetLayerVersionPolicyResponse {
        let reference = try LayerReference(input.layerName, from: call.scope)
        core.attribute(call, to: reference.layerArn)
        let (_, version) = try policyOwner(reference, input.versionNumber)
        guard let policy = version.policy else { throw Self.noPolicy }
        return Lambda.GetLayerVersionPolicyResponse(
            policy: JSONWriter.string(.object(policy.document)), revisionId: policy.revisionID)
    }

    private static let noPolicy = ServiceError.lambdaNotFound("No policy is associated with the given resource.")
    private static let policyRevisionMismatch = ServiceError.lambda(
        "PreconditionFailedException",
        "The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id",
        status: 412)

    /// AWS: the policy operations name a layer version that isn't there.
    private func policyOwner(
        _ reference: LayerReference, _ number: Int
    ) throws(ServiceError) -> (LambdaLayer, LayerVersion) {
        guard let found = try? layerVersion(reference, number) else {
            throw .lambdaNotFound("Layer version \(reference.layerArn):\(number) does not exist.")
        }
        return found
    }

    // MARK: Use by functions

    /// The layers of a function's list as its configuration shows them.
    /// - Parameter kept: those the function has already, which it may keep after their deletion.
    func checkLayers(
        _ arns: [String], codeSize: Int, in scope: Scope, kept: [Lambda.Layer]? = nil
    ) throws(ServiceError) -> [Lambda.Layer] {
        guard arns.count <= 5 else { throw .lambdaInvalid("Cannot reference more than 5 layers.") }
        var layers: [Lambda.Layer] = []
        var seen: [String: String] = [:]
        var size = codeSize
        for arn in arns {
            let reference = try LayerReference(arn, from: scope)
            guard let number = reference.version else {
                throw .lambdaInvalid("Layer version \(arn) does not exist.")
            }
            guard reference.scope.region == scope.region else {
                throw .lambdaInvalid(
                    "Layers are not in the same region as the function. Layers are expected to be in region \(scope.region)."
                )
            }
            if let other = seen[reference.layerArn] {
                throw .lambdaInvalid(
                    "Two different versions of the same layer are not allowed to be referenced in the same function. \(other) and \(arn) are versions of the same layer."
                )
            }
            seen[reference.layerArn] = arn
            guard let version = regions[reference.scope]?.layers[reference.name]?.versions[number],
                !version.isDeleted || (kept ?? []).contains(where: { $0.arn == arn })
            else { throw .lambdaInvalid("Layer version \(arn) does not exist.") }
            size += version.unpackedSize
            layers.append(Lambda.Layer(arn: arn, codeSize: version.codeSize))
        }
        guard layers.isEmpty || size <= ConfigurationRules.maximumUnzippedSize else {
            throw .lambdaInvalid(
                "Function code combined with layers exceeds the maximum allowed size of \(ConfigurationRules.maximumUnzippedSize) bytes. The actual size is \(size) bytes."
            )
        }
        return layers
    }

    /// Where a layer's files are kept, deleted or not; nil where there never was one.
    func layerPackage(_ arn: String, in scope: Scope) -> CodePackage? {
        guard let reference = try? LayerReference(arn, from: scope), let number = reference.version else { return nil }
        return regions[reference.scope]?.layers[reference.name]?.versions[number]?.package
    }

    private func layerVersion(
        _ reference: LayerReference, _ number: Int
    ) throws(ServiceError) -> (LambdaLayer, LayerVersion) {
        guard let layer = regions[reference.scope]?.layers[reference.name], let version = layer.versions[number],
            !version.isDeleted
        else { throw .lambdaResourceMissing }
        return (layer, version)
    }

    private func save(_ version: LayerVersion, of layer: LambdaLayer, in scope: Scope) {
        LambdaStore.save(
            .layerVersion, layer.name, part: String(version.version), LambdaStore.document(of: version), in: scope,
            core.journal)
        core.changes.mark("lambda:layers")
    }

    private func content(_ version: LayerVersion, _ call: Call) -> Lambda.LayerVersionContentOutput {
        Lambda.LayerVersionContentOutput(
            location: codeLocation(version.package, call), codeSha256: version.codeSha256, codeSize: version.codeSize)
    }

    private func described(_ version: LayerVersion, of layer: LambdaLayer, _ call: Call)
        -> Lambda.GetLayerVersionResponse
    {
        Lambda.GetLayerVersionResponse(
            content: content(version, call), layerArn: layer.arn, layerVersionArn: "\(layer.arn):\(version.version)",
            description: version.description, createdDate: version.created, version: version.version,
            compatibleRuntimes: version.compatibleRuntimes, licenseInfo: version.licenseInfo,
            compatibleArchitectures: version.compatibleArchitectures)
    }

    private func listed(_ version: LayerVersion, of layer: LambdaLayer) -> Lambda.LayerVersionsListItem {
        Lambda.LayerVersionsListItem(
            layerVersionArn: "\(layer.arn):\(version.version)", version: version.version,
            description: version.description, createdDate: version.created,
            compatibleRuntimes: version.compatibleRuntimes, licenseInfo: version.licenseInfo,
            compatibleArchitectures: version.compatibleArchitectures)
    }
}

extension LayerVersion {
    fileprivate func runs(_ runtime: String?, on architecture: String?) -> Bool {
        (runtime.map { compatibleRuntimes?.contains($0) ?? false } ?? true)
            && (architecture.map { compatibleArchitectures?.contains($0) ?? false } ?? true)
    }
}

/// A layer as a caller may name it: by name, or by ARN with or without a version.
struct LayerReference: Sendable, Hashable {
    var scope: Scope
    var name: String
    var version: Int?

    init(_ text: String, from caller: Scope) throws(ServiceError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        scope = caller
        if parts.count >= 7, parts[0] == "arn", parts[2] == "lambda", parts[5] == "layer" {
            scope = Scope(accountID: parts[4], region: parts[3])
            name = parts[6]
            version = parts.count > 7 ? Int(parts[7]) : nil
        } else if parts.count == 1, !text.isEmpty {
            name = text
        } else {
            throw .lambdaConstraint(
                text, at: "layerName",
                #"satisfy regular expression pattern: (arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+"#
            )
        }
    }

    var layerArn: String { scope.arn("lambda", "layer:\(name)") }
}
