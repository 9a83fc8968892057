import AWSModel
import AWSTypes

/// A code signing configuration: whose signatures are trusted, and what happens to code without one.
struct CodeSigningRecord {
    var id: String
    var arn: String
    var description: String
    var publishers: [String]
    /// `Warn` or `Enforce`.
    var untrustedArtifacts: String
    var lastModified: String
    var tags: [String: String] = [:]

    init(
        id: String, arn: String, description: String, publishers: [String], untrustedArtifacts: String,
        lastModified: String
    ) {
        self.id = id
        self.arn = arn
        self.description = description
        self.publishers = publishers
        self.untrustedArtifacts = untrustedArtifacts
        self.lastModified = lastModified
    }

    init(_ document: DocumentObject) {
        let config = Lambda.CodeSigningConfig(document)
        self.init(
            id: config.codeSigningConfigId, arn: config.codeSigningConfigArn, description: config.description ?? "",
            publishers: config.allowedPublishers.signingProfileVersionArns,
            untrustedArtifacts: config.codeSigningPolicies.untrustedArtifactOnDeployment ?? "Warn",
            lastModified: config.lastModified)
        tags = document.stringMap("Tags") ?? [:]
    }

    /// As it is kept: the configuration, and its tags.
    var document: DocumentObject {
        var document = config.document
        document["Tags"] = .entries(tags, DocumentValue.string)
        return document
    }

    var config: Lambda.CodeSigningConfig {
        Lambda.CodeSigningConfig(
            codeSigningConfigId: id, codeSigningConfigArn: arn, description: description,
            allowedPublishers: Lambda.AllowedPublishers(signingProfileVersionArns: publishers),
            codeSigningPolicies: Lambda.CodeSigningPolicies(untrustedArtifactOnDeployment: untrustedArtifacts),
            lastModified: lastModified)
    }
}

extension LambdaService {
    func registerCodeSigning(in table: inout OperationTable) {
        table.on(Lambda.createCodeSigningConfig) { [unowned self] (input, call) in
            let id = "csc-\(core.identifiers.hex(17))"
            var record = CodeSigningRecord(
                id: id, arn: call.scope.arn("lambda", "code-signing-config:\(id)"),
                description: input.description ?? "", publishers: input.allowedPublishers.signingProfileVersionArns,
                untrustedArtifacts: input.codeSigningPolicies?.untrustedArtifactOnDeployment ?? "Warn",
                lastModified: lastModified)
            record.tags = input.tags ?? [:]
            keep(record, in: call.scope)
            return Lambda.CreateCodeSigningConfigResponse(codeSigningConfig: record.config)
        }
        table.on(Lambda.getCodeSigningConfig) { [unowned self] (input, call) throws(ServiceError) in
            Lambda.GetCodeSigningConfigResponse(
                codeSigningConfig: try codeSigning(input.codeSigningConfigArn, call.scope).config)
        }
        table.on(Lambda.updateCodeSigningConfig) { [unowned self] (input, call) throws(ServiceError) in
            var record = try codeSigning(input.codeSigningConfigArn, call.scope)
            record.description = input.description ?? record.description
            record.publishers = input.allowedPublishers?.signingProfileVersionArns ?? record.publishers
            record.untrustedArtifacts =
                input.codeSigningPolicies?.untrustedArtifactOnDeployment ?? record.untrustedArtifacts
            record.lastModified = lastModified
            keep(record, in: call.scope)
            return Lambda.UpdateCodeSigningConfigResponse(codeSigningConfig: record.config)
        }
        table.on(Lambda.deleteCodeSigningConfig) { [unowned self] (input, call) throws(ServiceError) in
            let record = try codeSigning(input.codeSigningConfigArn, call.scope)
            guard functions(signedWith: record.arn, call.scope).isEmpty else {
                throw .lambdaConflict("Cannot delete the code signing configuration: it is used by functions.")
            }
            region(call.scope).codeSigningConfigs[record.arn] = nil
            LambdaStore.remove(.codeSigning, record.arn, in: call.scope, core.journal)
            return Lambda.DeleteCodeSigningConfigResponse([:])
        }
        table.on(Lambda.listCodeSigningConfigs) { [unowned self] (input, call) throws(ServiceError) in
            let all = region(call.scope).codeSigningConfigs.values.sorted { $0.arn < $1.arn }
            let (page, next) = try lambdaPage(all, after: input.marker, limit: input.maxItems) { $0.arn }
            return Lambda.ListCodeSigningConfigsResponse(nextMarker: next, codeSigningConfigs: page.map(\.config))
        }
        table.on(Lambda.listFunctionsByCodeSigningConfig) { [unowned self] (input, call) throws(ServiceError) in
            let record = try codeSigning(input.codeSigningConfigArn, call.scope)
            let arns = functions(signedWith: record.arn, call.scope).map(\.arn)
            let (page, next) = try lambdaPage(arns, after: input.marker, limit: input.maxItems) { $0 }
            return Lambda.ListFunctionsByCodeSigningConfigResponse(nextMarker: next, functionArns: page)
        }
        registerFunctionSigning(in: &table)
    }

    private func registerFunctionSigning(in table: inout OperationTable) {
        table.on(Lambda.putFunctionCodeSigningConfig) { [unowned self] (input, call) throws(ServiceError) in
            guard let record = region(call.scope).codeSigningConfigs[input.codeSigningConfigArn] else {
                throw .lambdaCodeSigningMissing(input.codeSigningConfigArn)
            }
            let (function, _) = try unqualified(input.functionName, call)
            function.codeSigningConfigArn = record.arn
            save(function)
            return Lambda.PutFunctionCodeSigningConfigResponse(
                codeSigningConfigArn: record.arn, functionName: function.name)
        }
        // AWS: a function without code signing answers with nothing.
        let get = Operation<Lambda.GetFunctionCodeSigningConfigRequest, UntypedOutput>(
            service: Lambda.id, name: "GetFunctionCodeSigningConfig")
        table.on(get) { [unowned self] (input, call) throws(ServiceError) in
            let (function, _) = try unqualified(input.functionName, call)
            guard let arn = function.codeSigningConfigArn else { return UntypedOutput([:]) }
            return UntypedOutput(["CodeSigningConfigArn": .string(arn), "FunctionName": .string(function.name)])
        }
        table.on(Lambda.deleteFunctionCodeSigningConfig) { [unowned self] (input, call) throws(ServiceError) in
            let (function, _) = try unqualified(input.functionName, call)
            function.codeSigningConfigArn = nil
            save(function)
            return Unit()
        }
    }

    private func codeSigning(_ arn: String, _ scope: Scope) throws(ServiceError) -> CodeSigningRecord {
        guard let record = region(scope).codeSigningConfigs[arn] else {
            throw .lambdaUntyped(
                "The Lambda code signing configuration \(arn) can not be found.", code: "ResourceNotFoundException",
                status: 404)
        }
        return record
    }

    /// The tags of a configuration; nil where an ARN names none.
    func codeSigningTags(_ arn: String, _ scope: Scope) throws(ServiceError) -> CodeSigningRecord? {
        arn.contains(":code-signing-config:") ? try codeSigning(arn, scope) : nil
    }

    func keep(_ record: CodeSigningRecord, in scope: Scope) {
        region(scope).codeSigningConfigs[record.arn] = record
        LambdaStore.save(.codeSigning, record.arn, record.document, in: scope, core.journal)
    }

    private func functions(signedWith arn: String, _ scope: Scope) -> [LambdaFunction] {
        sortedFunctions(in: scope).filter { $0.codeSigningConfigArn == arn }
    }

    /// AWS: with Enforce, code without a trusted signature is not deployed. Nothing signs code here.
    func checkSigning(_ arn: String?, _ name: String, _ call: Call) throws(ServiceError) {
        guard let arn else { return }
        guard let record = region(call.scope).codeSigningConfigs[arn] else { throw .lambdaCodeSigningMissing(arn) }
        guard record.untrustedArtifacts == "Enforce" else { return }
        throw .lambda(
            "CodeVerificationFailedException",
            """
            Lambda cannot deploy the function. The function or layer might be signed using a signature that the client is \
            not configured to accept. Check the provided signature for \(name).
            """)
    }
}
