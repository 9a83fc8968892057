import AWSModel

/// One call that policies did not allow.
struct AccessDenial {
    var time: Instant
    var request: AuthorizationRequest
    var decision: AuthorizationDecision
    var wasEnforced: Bool
    var message: String
    /// Names the denial to DecodeAuthorizationMessage.
    var encoded: String

    var roleArn: String? {
        switch request.principal {
        case .session(_, let role, _): role
        case .user(let arn, _): arn
        default: nil
        }
    }

    func concerns(_ arn: String) -> Bool {
        if request.resource == arn || roleArn == arn || request.principal.name == arn { return true }
        if request.resource.hasPrefix(arn + ":") { return true }
        // A function's own calls come from a session that bears its name.
        guard case .session(let session, _, _) = request.principal, let name = session.split(separator: "/").last else {
            return false
        }
        return arn.hasSuffix(":function:\(name)")
    }

    /// As AWS writes a decoded authorization message: whether it was an explicit deny, the statements, the request.
    var decoded: DocumentObject {
        let isExplicit = if case .explicitDeny = decision.reason { true } else { false }
        let matched = decision.deciding.map { deciding -> DocumentValue in
            var statement: DocumentObject = [
                "effect": .string(deciding.statement.isAllow ? "ALLOW" : "DENY"),
                "sourcePolicyId": .string(deciding.policy.sourceID),
            ]
            statement.putString("statementId", deciding.statement.sid)
            return .object(statement)
        }
        let conditions = request.context.keys.map { key -> DocumentValue in
            let values = (request.context[key] ?? []).map { value -> DocumentValue in ["value": .string(value)] }
            return ["key": .string(key), "values": ["items": .list(values)]]
        }
        return [
            "allowed": false, "explicitDeny": .bool(isExplicit), "matchedStatements": ["items": .list(matched)],
            "failures": ["items": []],
            "context": [
                "principal": [
                    "id": .string(request.context["aws:userid"]?.first ?? ""), "arn": .string(request.principal.name),
                ],
                "action": .string(request.action), "resource": .string(request.resource),
                "conditions": ["items": .list(conditions)],
            ],
        ]
    }
}

extension ServiceActions.Denial {
    func error(_ message: String) -> ServiceError {
        switch self {
        case .exception(let status): ServiceError("AccessDeniedException", message, status: status)
        case .accessDenied: ServiceError("AccessDenied", message, status: 403)
        case .authorizationError:
            ServiceError("AuthorizationErrorException", message, status: 403, queryCode: "AuthorizationError")
        }
    }
}
