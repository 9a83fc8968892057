import AWSModel
import AWSTypes

extension LambdaService {
    func addPermission(_ input: Lambda.AddPermissionRequest, _ call: Call) throws(ServiceError)
        -> Lambda.AddPermissionResponse
    {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        let function = try policyOwner(reference)
        guard reference.qualifier != FunctionReference.latest else {
            throw .lambdaInvalid("We currently do not support adding policies for $LATEST.")
        }
        let key = reference.qualifier ?? ""
        var policy = function.policies[key] ?? ResourcePolicy(statements: [], revisionID: "")
        try check(input.revisionId, function, reference)
        guard !policy.statements.contains(where: { $0.string("Sid") == input.statementId }) else {
            throw .lambdaConflict(
                "The statement id (\(input.statementId)) provided already exists. Please provide a new statement id, or remove the existing statement."
            )
        }
        let statement = try statement(input, resource: reference.arn)
        policy.statements.append(statement)
        function.policies[key] = policy
        revise(function, reference)
        return Lambda.AddPermissionResponse(statement: JSONWriter.string(.object(statement)))
    }

    func removePermission(_ input: Lambda.RemovePermissionRequest, _ call: Call) throws(ServiceError) -> Unit {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        guard let function = existingFunction(reference) else {
            throw .lambdaNotFound("No policy found for: \(reference.functionArn)")
        }
        if let qualifier = reference.qualifier { try checkExists(qualifier, of: function) }
        let key = reference.qualifier ?? ""
        guard var policy = function.policies[key] else {
            throw .lambdaNotFound("No policy is associated with the given resource.")
        }
        guard let index = policy.statements.firstIndex(where: { $0.string("Sid") == input.statementId }) else {
            throw .lambdaNotFound("Statement \(input.statementId) is not found in resource policy.")
        }
        try check(input.revisionId, function, reference)
        policy.statements.remove(at: index)
        function.policies[key] = policy.statements.isEmpty ? nil : policy
        revise(function, reference)
        return Unit()
    }

    func getPolicy(_ input: Lambda.GetPolicyRequest, _ call: Call) throws(ServiceError) -> Lambda.GetPolicyResponse {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        let function = try function(FunctionReference(scope: reference.scope, name: reference.name))
        guard let policy = function.policies[reference.qualifier ?? ""] else { throw .lambdaResourceMissing }
        return Lambda.GetPolicyResponse(
            policy: JSONWriter.string(.object(policy.document)), revisionId: revision(of: function, reference))
    }

    /// The function that a policy would hang on, its alias or version included.
    private func policyOwner(_ reference: FunctionReference) throws(ServiceError) -> LambdaFunction {
        let function = try function(FunctionReference(scope: reference.scope, name: reference.name))
        if let qualifier = reference.qualifier, qualifier != FunctionReference.latest {
            try checkExists(qualifier, of: function)
        }
        return function
    }

    private func checkExists(_ qualifier: String, of function: LambdaFunction) throws(ServiceError) {
        let arn = "\(function.arn):\(qualifier)"
        // AWS: what cannot be an alias's name is looked for among the versions.
        if FunctionReference.isAlias(qualifier), !qualifier.contains("$") {
            guard function.aliases[qualifier] != nil else {
                throw .lambdaNotFound("Cannot find alias arn: \(arn)")
            }
        } else if function[version: qualifier] == nil {
            throw .functionNotFound(arn)
        }
    }

    /// AWS: a policy has no revision of its own but that of the function, version or alias it hangs on.
    private func revision(of function: LambdaFunction, _ reference: FunctionReference) -> String? {
        guard let qualifier = reference.qualifier else { return function.latest.configuration.revisionId }
        return function.aliases[qualifier]?.revisionID ?? function[version: qualifier]?.configuration.revisionId
    }

    private func check(
        _ revision: String?, _ function: LambdaFunction, _ reference: FunctionReference
    ) throws(ServiceError) {
        guard revision == nil || revision == self.revision(of: function, reference) else {
            throw .lambdaRevisionMismatch
        }
    }

    private func revise(_ function: LambdaFunction, _ reference: FunctionReference) {
        let qualifier = reference.qualifier ?? FunctionReference.latest
        if function.aliases[qualifier] != nil {
            function.aliases[qualifier]?.revisionID = core.identifiers.uuid()
        } else {
            revise(function, version: qualifier)
        }
        save(function)
    }

    /// A change of what hangs on a version counts as one of the version.
    func revise(_ function: LambdaFunction, version qualifier: String = FunctionReference.latest) {
        guard var version = function[version: qualifier] else { return }
        version.configuration.revisionId = core.identifiers.uuid()
        function[version: qualifier] = version
        save(version, of: function)
    }

    private func statement(_ input: Lambda.AddPermissionRequest, resource: String) throws(ServiceError)
        -> DocumentObject
    {
        var statement: DocumentObject = ["Sid": .string(input.statementId), "Effect": "Allow"]
        statement["Principal"] = try principal(input.principal)
        statement["Action"] = .string(input.action)
        statement["Resource"] = .string(resource)
        var equals = DocumentObject()
        if let type = input.functionUrlAuthType { equals["lambda:FunctionUrlAuthType"] = .string(type) }
        if let organization = input.principalOrgID { equals["aws:PrincipalOrgID"] = .string(organization) }
        if let account = input.sourceAccount { equals["AWS:SourceAccount"] = .string(account) }
        if let token = input.eventSourceToken { equals["lambda:EventSourceToken"] = .string(token) }
        var condition = DocumentObject()
        if !equals.isEmpty { condition["StringEquals"] = .object(equals) }
        if let source = input.sourceArn { condition["ArnLike"] = ["AWS:SourceArn": .string(source)] }
        if let viaURL = input.invokedViaFunctionUrl {
            condition["Bool"] = ["lambda:InvokedViaFunctionUrl": .string(viaURL ? "true" : "false")]
        }
        if !condition.isEmpty { statement["Condition"] = .object(condition) }
        return statement
    }

    private func principal(_ text: String) throws(ServiceError) -> DocumentValue {
        if text == "*" { return "*" }
        if text.utf8.count == 12, text.utf8.allSatisfy({ (48...57).contains($0) }) {
            return ["AWS": .string("arn:aws:iam::\(text):root")]
        }
        if text.hasPrefix("arn:") {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count >= 6, parts[2] == "iam" || parts[2] == "sts" else { throw Self.invalidPrincipal }
            return ["AWS": .string(text)]
        }
        guard
            text.hasSuffix(".amazonaws.com") || text.hasSuffix(".amazonaws.com.cn") || text.contains(".alexa")
                || text.hasSuffix(".amazon.com")
        else { throw Self.invalidPrincipal }
        return ["Service": .string(text)]
    }

    private static let invalidPrincipal = ServiceError.lambdaInvalid(
        "The provided principal was invalid. Please check the principal and try again.")
}
