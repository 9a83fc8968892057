import AWSModel
import AWSTypes

// Access keys and login profiles of users.

extension IAMService {
    private static let keysLimit = 2

    func registerCredentials(_ table: inout OperationTable) {
        table.on(IAM.createAccessKey, createAccessKey)
        table.on(IAM.listAccessKeys, listAccessKeys)
        table.on(IAM.updateAccessKey, updateAccessKey)
        table.on(IAM.deleteAccessKey, deleteAccessKey)
        table.on(IAM.getAccessKeyLastUsed, getAccessKeyLastUsed)
        table.on(IAM.createLoginProfile, createLoginProfile)
        table.on(IAM.getLoginProfile, getLoginProfile)
        table.on(IAM.updateLoginProfile, updateLoginProfile)
        table.on(IAM.deleteLoginProfile, deleteLoginProfile)
    }

    private func createAccessKey(
        _ input: IAM.CreateAccessKeyRequest, _ call: Call
    ) throws(ServiceError) -> IAM.CreateAccessKeyResponse {
        var user = try user(named: input.userName, call)
        guard user.accessKeys.count < Self.keysLimit else {
            throw .iamLimitExceeded("Cannot exceed quota for AccessKeysPerUser: \(Self.keysLimit)")
        }
        let key = IAMUser.AccessKey(
            id: "AKIA" + core.identifiers.upperAlphanumeric(16), secret: Base64.encode(core.identifiers.bytes(30)),
            isActive: true, createDate: call.time)
        user.accessKeys.append(key)
        store(user)
        return IAM.CreateAccessKeyResponse(
            accessKey: IAM.AccessKey(
                userName: user.name, accessKeyId: key.id, status: "Active", secretAccessKey: key.secret,
                createDate: key.createDate))
    }

    private func listAccessKeys(
        _ input: IAM.ListAccessKeysRequest, _ call: Call
    ) throws(ServiceError) -> IAM.ListAccessKeysResponse {
        let user = try user(named: input.userName, call)
        let page = try IAMPage(
            user.accessKeys.sorted { $0.id < $1.id }, marker: input.marker, maxItems: input.maxItems
        ) { $0.id }
        return IAM.ListAccessKeysResponse(
            accessKeyMetadata: page.items.map {
                IAM.AccessKeyMetadata(
                    userName: user.name, accessKeyId: $0.id, status: $0.isActive ? "Active" : "Inactive",
                    createDate: $0.createDate)
            }, isTruncated: page.isTruncated, marker: page.marker)
    }

    private func updateAccessKey(_ input: IAM.UpdateAccessKeyRequest, _ call: Call) throws(ServiceError) -> Unit {
        var user = try user(named: input.userName ?? owner(ofAccessKey: input.accessKeyId)?.user.name, call)
        user.accessKeys[try index(of: input.accessKeyId, in: user)].isActive = input.status == "Active"
        store(user)
        return Unit()
    }

    private func deleteAccessKey(_ input: IAM.DeleteAccessKeyRequest, _ call: Call) throws(ServiceError) -> Unit {
        var user = try user(named: input.userName ?? owner(ofAccessKey: input.accessKeyId)?.user.name, call)
        user.accessKeys.remove(at: try index(of: input.accessKeyId, in: user))
        store(user)
        return Unit()
    }

    private func getAccessKeyLastUsed(
        _ input: IAM.GetAccessKeyLastUsedRequest, _ call: Call
    ) throws(ServiceError) -> IAM.GetAccessKeyLastUsedResponse {
        guard let (user, key) = owner(ofAccessKey: input.accessKeyId), user.accountID == call.scope.accountID else {
            // AWS: nobody is told whether another account has such a key.
            throw ServiceError(
                "AccessDenied",
                """
                User: \(call.caller.principalArn) is not authorized to perform iam:GetAccessKeyLastUsed on resource: \
                access key \(input.accessKeyId)
                """, status: 403)
        }
        let last = uses[key.id]?.max { $0.value.time < $1.value.time }
        return IAM.GetAccessKeyLastUsedResponse(
            userName: user.name,
            accessKeyLastUsed: IAM.AccessKeyLastUsed(
                lastUsedDate: last?.value.time, serviceName: last?.key ?? "N/A", region: last?.value.region ?? "N/A"))
    }

    private func index(of key: String, in user: IAMUser) throws(ServiceError) -> Int {
        guard let index = user.accessKeys.firstIndex(where: { $0.id == key }) else {
            throw .noSuchEntity("The Access Key with id \(key) cannot be found.")
        }
        return index
    }

    // MARK: Login profiles

    private func createLoginProfile(
        _ input: IAM.CreateLoginProfileRequest, _ call: Call
    ) throws(ServiceError) -> IAM.CreateLoginProfileResponse {
        var user = try user(named: input.userName, call)
        guard user.login == nil else {
            throw .entityAlreadyExists("Login Profile for user \(user.name) already exists.")
        }
        try checkPassword(input.password ?? "", call)
        let login = IAMUser.LoginProfile(
            password: input.password ?? "", createDate: call.time, mustReset: input.passwordResetRequired ?? false)
        user.login = login
        store(user)
        return IAM.CreateLoginProfileResponse(loginProfile: Self.described(login, of: user))
    }

    private func getLoginProfile(
        _ input: IAM.GetLoginProfileRequest, _ call: Call
    ) throws(ServiceError) -> IAM.GetLoginProfileResponse {
        let user = try user(named: input.userName, call)
        return IAM.GetLoginProfileResponse(loginProfile: Self.described(try Self.login(of: user), of: user))
    }

    private func updateLoginProfile(_ input: IAM.UpdateLoginProfileRequest, _ call: Call) throws(ServiceError) -> Unit {
        var user = try user(input.userName, call)
        var login = try Self.login(of: user)
        if let password = input.password {
            try checkPassword(password, call)
            login.password = password
        }
        if let reset = input.passwordResetRequired { login.mustReset = reset }
        user.login = login
        store(user)
        return Unit()
    }

    private func deleteLoginProfile(_ input: IAM.DeleteLoginProfileRequest, _ call: Call) throws(ServiceError) -> Unit {
        var user = try user(named: input.userName, call)
        _ = try Self.login(of: user)
        user.login = nil
        store(user)
        return Unit()
    }

    private static func login(of user: IAMUser) throws(ServiceError) -> IAMUser.LoginProfile {
        guard let login = user.login else {
            throw .noSuchEntity("Login Profile for User \(user.name) cannot be found.")
        }
        return login
    }

    private static func described(_ login: IAMUser.LoginProfile, of user: IAMUser) -> IAM.LoginProfile {
        IAM.LoginProfile(
            userName: user.name, createDate: login.createDate, passwordResetRequired: login.mustReset)
    }
}
