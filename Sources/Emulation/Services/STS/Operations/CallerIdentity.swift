import AWSModel
import AWSTypes

// GetCallerIdentity, GetAccessKeyInfo.

extension STSService {
    func getCallerIdentity(
        _ input: STS.GetCallerIdentityRequest, _ call: Call
    ) throws(ServiceError) -> STS.GetCallerIdentityResponse {
        STS.GetCallerIdentityResponse(
            userId: call.caller.userID, account: call.scope.accountID, arn: call.caller.principalArn)
    }

    /// An access key that is an account's number belongs to that account; others to the world's own.
    func getAccessKeyInfo(
        _ input: STS.GetAccessKeyInfoRequest, _ call: Call
    ) throws(ServiceError) -> STS.GetAccessKeyInfoResponse {
        let key = input.accessKeyId
        let isAccount =
            key.utf8.count == 12 && key.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let account = session(forAccessKey: key)?.accountID ?? (isAccount ? key : core.configuration.accountID)
        return STS.GetAccessKeyInfoResponse(account: account)
    }
}
