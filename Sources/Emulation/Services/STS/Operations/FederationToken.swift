import AWSModel
import AWSTypes

// GetSessionToken, GetFederationToken.

extension STSService {
    func getSessionToken(
        _ input: STS.GetSessionTokenRequest, _ call: Call
    ) throws(ServiceError) -> STS.GetSessionTokenResponse {
        try refuseSessions("GetSessionToken", call)
        var details = SessionDetails()
        details.hasMultiFactor = input.tokenCode != nil && input.serialNumber != nil
        let session = makeSession(
            principalArn: call.caller.principalArn, userID: call.caller.userID, accountID: call.scope.accountID,
            roleArn: nil, duration: Self.duration(input.durationSeconds, call), details: details)
        return STS.GetSessionTokenResponse(credentials: Self.credentials(session))
    }

    func getFederationToken(
        _ input: STS.GetFederationTokenRequest, _ call: Call
    ) throws(ServiceError) -> STS.GetFederationTokenResponse {
        try refuseSessions("GetFederationToken", call)
        var details = try details(policy: input.policy, arns: input.policyArns)
        details.tags = try Self.tags(input.tags)
        details.needsPolicy = true
        let account = call.scope.accountID
        let arn = "arn:\(call.scope.partition):sts::\(account):federated-user/\(input.name)"
        let session = makeSession(
            principalArn: arn, userID: "\(account):\(input.name)", accountID: account,
            roleArn: call.caller.principalArn, duration: Self.duration(input.durationSeconds, call), details: details)
        return STS.GetFederationTokenResponse(
            credentials: Self.credentials(session),
            federatedUser: STS.FederatedUser(federatedUserId: session.userID, arn: arn),
            packedPolicySize: Self.packedSize(details) ?? 0)
    }

    private func refuseSessions(_ operation: String, _ call: Call) throws(ServiceError) {
        let isSession =
            call.caller.principalArn.contains(":assumed-role/") || call.caller.principalArn.contains(":federated-user/")
            || session(forAccessKey: call.caller.accessKeyID) != nil
        guard !isSession else {
            throw ServiceError("AccessDenied", "Cannot call \(operation) with session credentials", status: 403)
        }
    }

    /// AWS: an account's own credentials get an hour at most, 12 hours by default for everybody else.
    private static func duration(_ seconds: Int?, _ call: Call) -> Duration {
        let isRoot = call.caller.principalArn.hasSuffix(":root")
        return .seconds(min(seconds ?? 43_200, isRoot ? 3600 : 129_600))
    }
}
