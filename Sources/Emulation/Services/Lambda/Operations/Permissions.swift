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
        try check(input.revisionId, policy, function, reference)
        guard !policy.statements.contains(where: { $0.string("Sid") == input.statementId }) else {
            throw .lambdaConflict(
                "The statement id (\(input.statementId)) provided already exists. Please provide a new statement id, or remove the existing statement."
            )
        }
        let statement = try statement(input, resource: reference.arn)
        policy.statements.append(statement)
        policy.revisionID = core.identifiers.uuid()
        function.policies[key] = policy
        save(function)
        return Lambda.AddPermissionResponse(statement: JSONWriter.string(.object(statement)))
    }

    func removePermission(_ input: Lambda.RemovePermissionRequest, _ call: Call) throws(ServiceError) -> Unit {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        let function = try function(FunctionReference(scope: reference.scope, name: reference.name))
        let key = reference.qualifier ?? ""
        guard var policy = function.policies[key] else {
            throw .lambdaNotFound("No policy is associated with the given resource.")
        }
        guard let index = policy.statements.firstIndex(where: { $0.string("Sid") == input.statementId }) else {
            throw .lambdaNotFound("Statement \(input.statementId) is not found in resource policy.")
        }
        try check(input.revisionId, policy, function, reference)
        policy.statements.remove(at: index)
        policy.revisionID = core.identifiers.uuid()
        function.policies[key] = policy.statements.isEmpty ? nil : policy
        save(function)
        return Unit()
    }

    func getPolicy(_ input: Lambda.GetPolicyRequest, _ call: Call) throws(ServiceError) -> Lambda.GetPolicyResponse {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        let function = try function(FunctionReference(scope: reference.scope, name: reference.name))
        guard let policy = function.policies[reference.qualifier ?? ""] else { throw .lambdaResourceMissing }
        return Lambda.GetPolicyResponse(
            policy: JSONWriter.string(.object(policy.document)), revisionId: policy.revisionID)
    }

    /// The function that a policy would hang on, its alias or version included.
    private func policyOwner(_ reference: FunctionReference) throws(ServiceError) -> LambdaFunction {
        let function = try function(FunctionReference(scope: reference.scope, name: reference.name))
        guard let qualifier = reference.qualifier, qualifier != FunctionReference.latest else { return function }
        if FunctionReference.isAlias(qualifier) {
            guard function.aliases[qualifier] != nil else {
                throw .lambdaNotFound("Cannot find alias arn: \(reference.arn)")
            }
        } else if function[version: qualifier] == nil {
            throw .functionNotFound(reference.arn)
        }
        return function
    }

    /// AWS: the revision is the policy's, or the function's while it has no policy.
    private func check(
        _ revision: String?, _ policy: ResourcePolicy, _ function: LambdaFunction, _ reference: FunctionReference
    ) throws(ServiceError) {
        guard let revision else { return }
        let current =
            policy.statements.isEmpty
            ? (reference.qualifier.flatMap { function.aliases[$0]?.revisionID }
                ?? function.latest.configuration.revisionId)
            : policy.revisionID
        guard revision == current else { throw .lambdaRevisionMismatch }
    }

    private func statement(_ input: Lambda.AddPermissionRequest, resource: String) throws(ServiceError)
        -> DocumentObject
    {
        var statement: DocumentObject = ["Sid": .string(input.statementId), "Effect": "Allow"]
        statement["Principal"] = try principal(input.principal)
        statement["Action"] = .string(input.action)
        statement["Resource"] = .string(resource)
        var equals = DocumentObject()
        if let account = input.sourceAccount { equals["AWS:SourceAccount"] = .string(account) }
        if let token = input.eventSourceToken { equals["lambda:EventSourceToken"] = .string(token) }
        if let type = input.functionUrlAuthType { equals["lambda:FunctionUrlAuthType"] = .string(type) }
        if let organization = input.principalOrgID { equals["aws:PrincipalOrgID"] = .string(organization) }
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
