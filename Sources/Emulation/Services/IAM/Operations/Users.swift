import AWSModel
import AWSTypes

// GetUser, ListUsers. Skua has no users: callers are the account itself or sessions of roles.

extension IAMService {
    func getUser(_ input: IAM.GetUserRequest, _ call: Call) throws(ServiceError) -> IAM.GetUserResponse {
        if let name = input.userName { throw .noSuchEntity("The user with name \(name) cannot be found.") }
        guard call.caller.principalArn.hasSuffix(":root") else {
            throw ServiceError("ValidationError", "Must specify userName when calling with non-User credentials")
        }
        return IAM.GetUserResponse(
            user: IAM.User(
                path: "/", userName: "root", userId: call.scope.accountID, arn: call.caller.principalArn,
                createDate: CalendarDate(year: 2020, month: 1, day: 1).instant))
    }

    func listUsers(_ input: IAM.ListUsersRequest, _ call: Call) throws(ServiceError) -> IAM.ListUsersResponse {
        IAM.ListUsersResponse(users: [], isTruncated: false)
    }
}
