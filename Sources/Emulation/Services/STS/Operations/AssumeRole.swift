import AWSModel
import AWSTypes

extension STSService {
    /// AWS: a session of a role that assumes another one lasts an hour at most.
    private static let chainedDuration = 3600

    func assumeRole(_ input: STS.AssumeRoleRequest, _ call: Call) throws(ServiceError) -> STS.AssumeRoleResponse {
        core.attribute(call, to: input.roleArn)
        try Self.checkArn(input.roleArn)
        if let policy = input.policy { _ = try PolicyDocument(policy, kind: .identity) }
        let iam = core.service(IAMService.self)
        let duration = input.durationSeconds ?? 3600
        if let role = iam?.role(arn: input.roleArn) {
            let caller = AssumingPrincipal.caller(arn: call.caller.principalArn, accountID: call.scope.accountID)
            let principal = call.caller.servicePrincipal.map(AssumingPrincipal.service) ?? caller
            guard role.trust.allowsAssumption(by: principal, externalID: input.externalId) else {
                throw Self.denied(input.roleArn, call)
            }
            guard duration <= role.maxSessionDuration else {
                throw ServiceError(
                    "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
                )
            }
        } else if iam?.acceptsUnknownRoles == false {
            throw Self.denied(input.roleArn, call)
        }
        if call.caller.principalArn.contains(":assumed-role/"), duration > Self.chainedDuration {
            throw ServiceError(
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
        }
        let session = issueSession(
            roleArn: input.roleArn, sessionName: input.roleSessionName, duration: .seconds(duration),
            region: call.scope.region)
        return STS.AssumeRoleResponse(
            credentials: Self.credentials(session),
            assumedRoleUser: STS.AssumedRoleUser(assumedRoleId: session.userID, arn: session.principalArn),
            // AWS: in percent of what a session may carry along.
            packedPolicySize: input.policy.map { max(1, min(100, $0.utf8.count * 100 / 2048)) },
            sourceIdentity: input.sourceIdentity)
    }

    func getSessionToken(
        _ input: STS.GetSessionTokenRequest, _ call: Call
    ) throws(ServiceError) -> STS.GetSessionTokenResponse {
        guard !call.caller.principalArn.contains(":assumed-role/") else {
            throw ServiceError("AccessDenied", "Cannot call GetSessionToken with session credentials", status: 403)
        }
        // AWS: an account's own credentials get an hour at most, 12 hours by default for everybody else.
        let isRoot = call.caller.principalArn.hasSuffix(":root")
        let seconds = min(input.durationSeconds ?? 43_200, isRoot ? 3600 : 129_600)
        let session = makeSession(
            principalArn: call.caller.principalArn, userID: call.caller.userID, accountID: call.scope.accountID,
            roleArn: nil, duration: .seconds(seconds))
        return STS.GetSessionTokenResponse(credentials: Self.credentials(session))
    }

    private static func credentials(_ session: RoleSession) -> STS.Credentials {
        STS.Credentials(
            accessKeyId: session.accessKeyID, secretAccessKey: session.secretAccessKey,
            sessionToken: session.sessionToken, expiration: session.expiration)
    }

    private static func checkArn(_ arn: String) throws(ServiceError) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("role/"), parts[5] != "role/"
        else {
            throw ServiceError("ValidationError", "\(arn) is invalid")
        }
    }

    private static func denied(_ roleArn: String, _ call: Call) -> ServiceError {
        ServiceError(
            "AccessDenied",
            "User: \(call.caller.principalArn) is not authorized to perform: sts:AssumeRole on resource: \(roleArn)",
            status: 403)
    }
}
