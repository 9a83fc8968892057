import AWSModel
import AWSTypes

/// Whether an execution role may take messages from a mapping's queue. AWS polls as the function's role.
extension LambdaService {
    private static let actions = [
        ("ReceiveMessage", "sqs:ReceiveMessage"), ("DeleteMessage", "sqs:DeleteMessage"),
        ("GetQueueAttributes", "sqs:GetQueueAttributes"),
    ]

    /// The first call that the role's policies do not allow; nil where all are, or the role is not known here.
    private func deniedPoll(of sourceArn: String, role: String) -> String? {
        guard let access = core.service(IAMService.self)?.access, !role.isEmpty else { return nil }
        for (word, action) in Self.actions {
            let delivery = ServiceDelivery(
                servicePrincipal: "lambda.amazonaws.com", roleArn: role, action: action, resourceArn: sourceArn)
            if let (_, decision) = access.decide(delivery, policy: nil), !decision.isAllowed { return word }
        }
        return nil
    }

    /// AWS: a mapping is only made where its role may poll.
    func checkPolling(of sourceArn: String, for function: LambdaFunction) throws(ServiceError) {
        guard core.authorizer.enforcement == .on,
            let denied = deniedPoll(of: sourceArn, role: function.latest.configuration.role ?? "")
        else { return }
        throw .lambdaInvalid("The provided execution role does not have permissions to call \(denied) on SQS")
    }

    /// What a mapping says while its role may not poll; asked again only when policies changed.
    func pollingProblem(_ mapping: EventSourceMapping) -> ServiceError? {
        let enforcement = core.authorizer.enforcement
        guard enforcement != .off, let iam = core.service(IAMService.self) else { return nil }
        let generation = EventSourceMapping.Permission.Question(generation: iam.generation, enforcement: enforcement)
        if let known = mapping.permission, known.question == generation { return known.problem }
        var problem: ServiceError?
        if let reference = try? FunctionReference(mapping.functionArn, from: mapping.scope),
            let role = existingFunction(reference)?.latest.configuration.role,
            let denied = deniedPoll(of: mapping.sourceArn, role: role)
        {
            let text = "The execution role does not have permission to call \(denied) on \(mapping.sourceArn)."
            if enforcement == .on {
                problem = ServiceError("AccessDeniedException", text, status: 403)
            } else {
                _ = core.record(
                    .call, service: "iam", action: "AccessWarning", resource: mapping.sourceArn, cause: nil,
                    detail: "would be denied: \(role): \(text)")
            }
        }
        mapping.permission = EventSourceMapping.Permission(question: generation, problem: problem)
        return problem
    }
}
